/* SPDX-License-Identifier: Apache-2.0 */
#include "tender.h"

#include <string.h>

#include "error.h"
#include "money.h"
#include "text.h"

static const struct {
	TillTenderKind kind;
	const char *name;
} kinds[] = {
    {TILL_TENDER_CASH, "cash"},
};

static gboolean
is_amount(gint64 minor)
{
	return minor > 0 && minor <= TILL_MONEY_MAX_MINOR;
}

/* Change comes off cash, the last handed over first. FALSE when there is more of it than cash. */
static gboolean
take_change(TillTender *tenders, gsize count, gint64 change_minor)
{
	gint64 cash = 0;

	for (gsize i = 0; i < count; i++)
		cash += tenders[i].kind == TILL_TENDER_CASH ? tenders[i].tendered_minor : 0;
	if (change_minor > cash)
		return FALSE;
	for (gsize i = count; i > 0; i--) {
		TillTender *tender = &tenders[i - 1];
		gint64 back = tender->kind == TILL_TENDER_CASH
				  ? MIN(change_minor, tender->tendered_minor)
				  : 0;
		tender->amount_minor = tender->tendered_minor - back;
		change_minor -= back;
	}
	return TRUE;
}

gint64
till_tender_in_cash(gint64 total_minor, const TillCashRounding *policy)
{
	TillCashRoundingTender cash = {.cash = TRUE, .fills = TRUE};
	TillCashRoundingSettlement settlement;

	return policy != NULL &&
		       till_cash_rounding_settle(total_minor, policy, &cash, 1, &settlement)
		   ? cash.amount_minor
		   : total_minor;
}

TillTenderResult
till_tender_settle_rounded(gint64 total_minor, const TillCashRounding *policy, TillTender *tenders,
			   gsize count, TillTenderSettlement *out)
{
	static const TillCashRounding none = {0};
	TillCashRoundingTender laid[TILL_TENDERS_MAX];
	TillCashRoundingSettlement settlement;

	if (total_minor < 0 || total_minor > TILL_MONEY_MAX_MINOR || count > TILL_TENDERS_MAX)
		return TILL_TENDER_INVALID;
	for (gsize i = 0; i < count; i++) {
		if (!is_amount(tenders[i].tendered_minor))
			return TILL_TENDER_INVALID;
		laid[i] = (TillCashRoundingTender){.cash = tenders[i].kind == TILL_TENDER_CASH,
						   .amount_minor = tenders[i].tendered_minor};
	}
	if (count == 0 && till_tender_in_cash(total_minor, policy) == 0) {
		*out = (TillTenderSettlement){.rounding_minor = -total_minor};
		return TILL_TENDER_OK;
	}
	if (!till_cash_rounding_settle(total_minor, policy != NULL ? policy : &none, laid, count,
				       &settlement))
		return TILL_TENDER_INVALID;
	if (!settlement.settled)
		return TILL_TENDER_SHORT;
	if (!take_change(tenders, count, settlement.change_minor))
		return TILL_TENDER_INVALID;
	out->change_minor = settlement.change_minor;
	out->rounding_minor = settlement.payment_rounding_minor + settlement.change_rounding_minor;
	return TILL_TENDER_OK;
}

TillTenderResult
till_tender_settle(gint64 total_minor, TillTender *tenders, gsize count, gint64 *out_change_minor)
{
	TillTenderSettlement settlement = {0};
	TillTenderResult result =
	    till_tender_settle_rounded(total_minor, NULL, tenders, count, &settlement);

	if (result == TILL_TENDER_OK)
		*out_change_minor = settlement.change_minor;
	return result;
}

static gboolean
find_kind(const char *name, gsize length, TillTenderKind *out)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (strlen(kinds[i].name) == length && memcmp(kinds[i].name, name, length) == 0) {
			*out = kinds[i].kind;
			return TRUE;
		}
	}
	return FALSE;
}

gboolean
till_tender_parse(const char *text, TillTender *out, GError **error)
{
	const char *colon = strchr(text, ':');
	TillTenderKind kind;
	gint64 minor;

	if (colon == NULL || !find_kind(text, (gsize)(colon - text), &kind)) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "\"%.40s\" is not a tender this till knows; write cash:AMOUNT, like "
			    "cash:20000.",
			    text);
		return FALSE;
	}
	if (!till_text_parse_int(colon + 1, 1, TILL_MONEY_MAX_MINOR, &minor)) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "\"%.40s\" has no amount above zero in whole minor units; write it "
			    "like cash:20000.",
			    text);
		return FALSE;
	}
	*out = (TillTender){.kind = kind, .tendered_minor = minor};
	return TRUE;
}

const char *
till_tender_name(TillTenderKind kind)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (kinds[i].kind == kind)
			return kinds[i].name;
	}
	g_assert_not_reached();
}

gboolean
till_tender_find(const char *name, TillTenderKind *out)
{
	return find_kind(name, strlen(name), out);
}

/* The smallest amount worth rounding to: one main unit (a coin or note everywhere), or a thousand
 * where the currency has no minor unit and notes begin there. */
static gint64
find_smallest_note(const TillCurrency *currency)
{
	gint64 unit = 1;

	for (int i = 0; i < currency->exponent; i++)
		unit *= 10;
	return currency->exponent == 0 ? 1000 : unit;
}

/* Notes are 1, 5 and 10 times a power of ten everywhere, and mostly 2 as well. A shopper hands over
 * one such note, or a pile of 1s or 5s: 180 for 173.11, but not 60 in three twenties. A step below
 * a fiftieth of the total would mean counting out more pieces than anybody does. */
gsize
till_tender_quick_cash(gint64 total_minor, const TillCurrency *currency, gint64 *out_minor,
		       gsize count)
{
	static const gint64 multiples[] = {1, 2, 5};
	gint64 note = find_smallest_note(currency);
	gsize written = 0;

	g_assert(count >= 1);
	out_minor[written++] = total_minor;
	if (total_minor <= 0)
		return written;
	for (gint64 power = note; power <= TILL_MONEY_MAX_MINOR / 10; power *= 10) {
		for (gsize i = 0; i < G_N_ELEMENTS(multiples) && written < count; i++) {
			gint64 step = power * multiples[i];
			gint64 rounded;
			gboolean single = multiples[i] == 2;
			if (step < total_minor / 50)
				continue;
			if (single && (step < total_minor || power == note))
				continue;
			if (!till_rounding_to_step(total_minor, step, TILL_ROUND_CEILING,
						   &rounded) ||
			    rounded > TILL_MONEY_MAX_MINOR || rounded <= out_minor[written - 1])
				continue;
			out_minor[written++] = rounded;
		}
	}
	return written;
}

const char *
till_tender_words(TillTenderResult result)
{
	switch (result) {
	case TILL_TENDER_OK:
		return "The sale is paid.";
	case TILL_TENDER_SHORT:
		return "This is less than the total; take the rest before finishing the sale.";
	case TILL_TENDER_INVALID:
		return "This amount is not possible; type what the shopper handed over.";
	default:
		g_assert_not_reached();
	}
}
