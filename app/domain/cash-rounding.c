/* SPDX-License-Identifier: Apache-2.0 */
#include "cash-rounding.h"

#include <string.h>

#include "money.h"

#define CANADA "Government of Canada, Budget 2012: eliminating the penny"
#define NEW_ZEALAND "Reserve Bank of New Zealand, Change for the Better"
#define OVERVIEW "Wikipedia, Cash rounding"
#define REGISTER "Casio V-R register manual, table of national rounding modes"
#define REGISTER_SE "Casio SE-S3000 register manual, rounding systems for each country"
#define HALF_UP TILL_ROUND_HALF_UP, TILL_ROUND_HALF_UP
#define HALF_DOWN TILL_ROUND_HALF_DOWN, TILL_ROUND_HALF_DOWN
#define CHANGE_HALF_DOWN TILL_ROUND_HALF_UP, TILL_ROUND_HALF_DOWN
#define DOWN TILL_ROUND_DOWN, TILL_ROUND_DOWN

static const TillCashRoundingRule rules[] = {
    {"AU", "AUD", "", 5, HALF_UP, REGISTER},
    {"BE", "EUR", "", 5, HALF_UP, OVERVIEW},
    {"CA", "CAD", "", 5, HALF_UP, CANADA},
    {"CH", "CHF", "", 5, HALF_UP, OVERVIEW},
    {"CZ", "CZK", "", 100, HALF_UP, REGISTER_SE},
    {"DK", "DKK", "", 50, CHANGE_HALF_DOWN, REGISTER},
    {"EE", "EUR", "", 5, HALF_UP, OVERVIEW},
    {"FI", "EUR", "", 5, HALF_UP, REGISTER},
    /* A forint has two places in ISO 4217 although none is in use. */
    {"HU", "HUF", "", 500, HALF_UP, OVERVIEW},
    {"IE", "EUR", "", 5, HALF_UP, OVERVIEW},
    {"IL", "ILS", "", 10, HALF_UP, OVERVIEW},
    {"IT", "EUR", "", 5, HALF_UP, OVERVIEW},
    {"JP", "JPY", "5-yen", 5, DOWN, REGISTER},
    {"JP", "JPY", "10-yen", 10, DOWN, REGISTER},
    {"LI", "CHF", "", 5, HALF_UP, OVERVIEW},
    {"MY", "MYR", "", 5, HALF_UP, REGISTER},
    {"NL", "EUR", "", 5, HALF_UP, OVERVIEW},
    {"NO", "NOK", "", 100, HALF_UP, REGISTER},
    {"NO", "NOK", "1993", 50, HALF_UP, OVERVIEW},
    {"NZ", "NZD", "", 10, HALF_DOWN, NEW_ZEALAND},
    {"NZ", "NZD", "half-up", 10, HALF_UP, REGISTER},
    {"NZ", "NZD", "1990", 5, HALF_UP, OVERVIEW},
    {"SE", "SEK", "", 100, CHANGE_HALF_DOWN, REGISTER},
    {"SE", "SEK", "1992", 50, HALF_UP, OVERVIEW},
    {"SG", "SGD", "", 5, HALF_UP, REGISTER_SE},
    {"SK", "EUR", "", 5, HALF_UP, OVERVIEW},
    {"ZA", "ZAR", "", 5, DOWN, REGISTER},
};

const TillCashRoundingRule *
till_cash_rounding_table(gsize *out_count)
{
	*out_count = G_N_ELEMENTS(rules);
	return rules;
}

const TillCashRoundingRule *
till_cash_rounding_find(const char *country, const char *currency, const char *variant)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (strcmp(rules[i].country, country) == 0 &&
		    (currency == NULL || strcmp(rules[i].currency, currency) == 0) &&
		    strcmp(rules[i].variant, variant) == 0)
			return &rules[i];
	}
	return NULL;
}

gboolean
till_cash_rounding_step_valid(gint64 step_minor)
{
	if (step_minor <= 0)
		return FALSE;
	while (step_minor % 2 == 0)
		step_minor /= 2;
	while (step_minor % 5 == 0)
		step_minor /= 5;
	return step_minor == 1;
}

TillCashRoundingResult
till_cash_rounding_round(TillRatio amount, gint64 step_minor, const TillRounding *rounding,
			 gint64 *out_minor)
{
	gint64 rounded;

	if (!till_cash_rounding_step_valid(step_minor))
		return TILL_CASH_ROUNDING_BAD_STEP;
	if (!till_ratio_round(amount, step_minor, rounding != NULL ? *rounding : TILL_ROUND_DOWN,
			      &rounded))
		return TILL_CASH_ROUNDING_LIMIT;
	if (rounding == NULL && till_ratio_compare(amount, till_ratio_whole(rounded)) != 0)
		return TILL_CASH_ROUNDING_INEXACT;
	*out_minor = rounded;
	return TILL_CASH_ROUNDING_OK;
}

/* A settlement under way: worked out as a sale, mirrored at both ends for a return. */
typedef struct {
	const TillCashRounding *policy;
	gint64 total;
	gint64 cash;  /* laid down so far */
	gint64 other; /* by card, voucher, … */
	gboolean has_cash;
} Settling;

static gboolean
round_due(const TillCashRounding *policy, gint64 amount, gint64 *out)
{
	gint64 sign = amount < 0 ? -1 : 1;
	gint64 size;

	if (policy->step_minor <= 1) {
		*out = amount;
		return TRUE;
	}
	if (!till_rounding_to_step(sign * amount, policy->step_minor, policy->rounding, &size))
		return FALSE;
	*out = sign * size;
	return TRUE;
}

/* What has to be laid down in all: with rounding of cash only, what the other tenders leave is paid
 * (or handed back) in cash and rounded. */
static gboolean
find_due(const Settling *settling, gboolean in_cash, gint64 *out)
{
	gint64 due;

	if (settling->policy->all_tenders)
		return round_due(settling->policy, settling->total, out);
	gint64 left = settling->total - settling->other;
	if (!in_cash && left >= 0) {
		*out = settling->total;
		return TRUE;
	}
	if (!round_due(settling->policy, left, &due))
		return FALSE;
	*out = settling->other + due;
	return TRUE;
}

static gboolean
lay_down(Settling *settling, TillCashRoundingTender *tender, gint64 sign)
{
	gint64 due;

	if (tender->fills) {
		if (!find_due(settling, tender->cash, &due))
			return FALSE;
		tender->amount_minor = sign * (due - settling->cash - settling->other);
	}
	gint64 amount = sign * tender->amount_minor;
	if (amount > TILL_MONEY_MAX_MINOR || amount < -TILL_MONEY_MAX_MINOR)
		return FALSE;
	settling->has_cash |= tender->cash;
	if (tender->cash)
		settling->cash += amount;
	else
		settling->other += amount;
	return TRUE;
}

static gboolean
conclude(const Settling *settling, gint64 sign, TillCashRoundingSettlement *out)
{
	TillCashRoundingSettlement settlement = {0};
	gint64 paid = settling->cash + settling->other;
	gint64 due, asked;

	if (!find_due(settling, settling->has_cash, &due) ||
	    !round_due(settling->policy, settling->total, &asked))
		return FALSE;
	asked = settling->policy->all_tenders ? asked : settling->total;
	settlement.due_minor = sign * asked;
	settlement.settled = paid >= due;
	if (!settlement.settled) {
		/* Nothing is rounded yet: the rest may still be paid in another way. */
		settlement.remaining_minor = sign * (asked - paid);
	} else {
		gint64 rounding = sign * (due - settling->total);
		settlement.change_minor = sign * (paid - due);
		*(paid > due ? &settlement.change_rounding_minor
			     : &settlement.payment_rounding_minor) = rounding;
	}
	*out = settlement;
	return TRUE;
}

gboolean
till_cash_rounding_settle(gint64 total_minor, const TillCashRounding *policy,
			  TillCashRoundingTender *tenders, gsize count,
			  TillCashRoundingSettlement *out)
{
	gint64 sign = total_minor < 0 ? -1 : 1;
	Settling settling = {.policy = policy};

	if (count > TILL_CASH_ROUNDING_TENDERS_MAX || total_minor > TILL_MONEY_MAX_MINOR ||
	    total_minor < -TILL_MONEY_MAX_MINOR ||
	    (policy->step_minor > 1 && !till_cash_rounding_step_valid(policy->step_minor)))
		return FALSE;
	settling.total = sign * total_minor;
	for (gsize i = 0; i < count; i++) {
		if (!lay_down(&settling, &tenders[i], sign))
			return FALSE;
	}
	return conclude(&settling, sign, out);
}

const char *
till_cash_rounding_words(TillCashRoundingResult result)
{
	switch (result) {
	case TILL_CASH_ROUNDING_OK:
		return "Rounded to what coins can pay.";
	case TILL_CASH_ROUNDING_BAD_STEP:
		return "No coins make steps like this; correct the rounding policy.";
	case TILL_CASH_ROUNDING_INEXACT:
		return "The amount cannot be paid exactly in coins.";
	case TILL_CASH_ROUNDING_LIMIT:
		return "The amount is too large.";
	default:
		g_assert_not_reached();
	}
}
