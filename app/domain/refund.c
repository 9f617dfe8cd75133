/* SPDX-License-Identifier: Apache-2.0 */
#include "refund.h"

#include "quantity.h"

/* All amounts of a line stand in one list, so that one rule shares them all: what was paid, then
 * amount and base of each tax, then each discount. */

struct TillRefundLine {
	const TillPricedLine *sold; /* borrowed */
	gint64 base_milli;          /* the quantity that the amounts are for */
	gint64 taken_milli;         /* of it, brought back */
	gint64 *base;               /* owned: the amounts */
	guint count;
};

enum {
	PAID,
	FIRST_TAX,
};

static guint
tax_place(guint tax)
{
	return FIRST_TAX + 2 * tax;
}

static guint
discount_place(const TillPricedLine *sold, guint discount)
{
	return FIRST_TAX + 2 * sold->taxes->len + discount;
}

TillRefundLine *
till_refund_line_new(const TillPricedLine *sold)
{
	TillRefundLine *line = g_new0(TillRefundLine, 1);

	line->sold = sold;
	line->base_milli = sold->quantity_milli;
	line->count = discount_place(sold, sold->discounts->len);
	line->base = g_new0(gint64, line->count);
	line->base[PAID] = sold->total_minor;
	for (guint i = 0; i < sold->taxes->len; i++) {
		const TillPricedTax *tax = &g_array_index(sold->taxes, TillPricedTax, i);
		line->base[tax_place(i)] = tax->amount_minor;
		line->base[tax_place(i) + 1] = tax->base_minor;
	}
	for (guint i = 0; i < sold->discounts->len; i++)
		line->base[discount_place(sold, i)] =
		    g_array_index(sold->discounts, TillPricedDiscount, i).amount_minor;
	return line;
}

void
till_refund_line_free(TillRefundLine *line)
{
	if (line == NULL)
		return;
	g_free(line->base);
	g_free(line);
}

/* amount · part / whole; whole > 0 and part ≤ whole, so that it always fits. */
static gint64
share(gint64 amount, gint64 part, gint64 whole)
{
	gint64 result;
	gboolean fits = till_rounding_scale(amount, part, whole, TILL_ROUND_HALF_UP, &result);

	g_assert(fits);
	return result;
}

const TillPricedLine *
till_refund_line_sold(const TillRefundLine *line)
{
	return line->sold;
}

gint64
till_refund_line_left_milli(const TillRefundLine *line)
{
	return line->base_milli - line->taken_milli;
}

gint64
till_refund_line_left_minor(const TillRefundLine *line)
{
	if (line->base_milli == 0)
		return 0;
	return line->base[PAID] - share(line->base[PAID], line->taken_milli, line->base_milli);
}

/* --- a part as a priced line --- */

static void
give_taxes(const TillPricedLine *sold, const gint64 *parts, TillPricedLine *out, gint64 *on_top)
{
	for (guint i = 0; i < sold->taxes->len; i++) {
		TillPricedTax tax = g_array_index(sold->taxes, TillPricedTax, i);
		tax.amount_minor = parts[tax_place(i)];
		tax.base_minor = parts[tax_place(i) + 1];
		out->tax_minor += tax.amount_minor;
		*on_top += tax.inclusive ? 0 : tax.amount_minor;
		till_price_append_tax(out->taxes, &tax);
	}
}

static void
give_discounts(const TillPricedLine *sold, const gint64 *parts, TillPricedLine *out)
{
	for (guint i = 0; i < sold->discounts->len; i++) {
		TillPricedDiscount discount = g_array_index(sold->discounts, TillPricedDiscount, i);
		discount.amount_minor = parts[discount_place(sold, i)];
		out->discount_minor += discount.amount_minor;
		if (discount.amount_minor != 0)
			till_price_append_discount(out->discounts, &discount);
	}
}

static void
give_part(const TillRefundLine *line, gint64 quantity_milli, const gint64 *parts, TillPriced *given)
{
	const TillPricedLine *sold = line->sold;
	TillPricedLine *out;
	gint64 on_top = 0;

	if (given == NULL)
		return;
	out = till_price_append_line(given);
	out->line_id = sold->line_id;
	out->item = till_item_ref(sold->item);
	out->code = g_strdup(sold->code);
	out->note = g_strdup("");
	out->quantity_milli = quantity_milli;
	out->unit_minor = sold->unit_minor;
	out->total_minor = parts[PAID];
	give_taxes(sold, parts, out, &on_top);
	give_discounts(sold, parts, out);
	out->list_minor = out->total_minor - on_top + out->discount_minor;
}

/* --- goods --- */

static TillRefundResult
check_quantity(const TillRefundLine *line, gint64 quantity_milli)
{
	if (quantity_milli <= 0)
		return TILL_REFUND_NOTHING;
	if (quantity_milli > till_refund_line_left_milli(line))
		return TILL_REFUND_GONE;
	if (!line->sold->item->weighed && quantity_milli % TILL_QUANTITY_ONE != 0)
		return TILL_REFUND_PIECES;
	return TILL_REFUND_OK;
}

TillRefundResult
till_refund_line_take(TillRefundLine *line, gint64 quantity_milli, TillPriced *given)
{
	TillRefundResult result = check_quantity(line, quantity_milli);
	gint64 before = line->taken_milli;
	gint64 after = before + quantity_milli;

	if (result != TILL_REFUND_OK)
		return result;
	g_autofree gint64 *parts = g_new0(gint64, line->count);
	for (guint i = 0; i < line->count; i++)
		parts[i] = share(line->base[i], after, line->base_milli) -
			   share(line->base[i], before, line->base_milli);
	line->taken_milli = after;
	give_part(line, quantity_milli, parts, given);
	return TILL_REFUND_OK;
}

/* --- money alone --- */

/* What is left becomes the new base: shares are then those of the rest. */
static void
settle_rest(TillRefundLine *line)
{
	for (guint i = 0; i < line->count; i++)
		line->base[i] -= share(line->base[i], line->taken_milli, line->base_milli);
	line->base_milli -= line->taken_milli;
	line->taken_milli = 0;
}

TillRefundResult
till_refund_line_ease(TillRefundLine *line, gint64 amount_minor, TillPriced *given)
{
	gint64 worth = till_refund_line_left_minor(line);

	if (amount_minor <= 0)
		return TILL_REFUND_NOTHING;
	if (amount_minor > worth)
		return TILL_REFUND_WORTH;
	settle_rest(line);
	g_autofree gint64 *parts = g_new0(gint64, line->count);
	for (guint i = 0; i < line->count; i++) {
		parts[i] = share(line->base[i], amount_minor, worth);
		line->base[i] -= parts[i];
	}
	give_part(line, 0, parts, given);
	return TILL_REFUND_OK;
}

const char *
till_refund_words(TillRefundResult result)
{
	switch (result) {
	case TILL_REFUND_OK:
		return "This can be given back.";
	case TILL_REFUND_NOTHING:
		return "Choose how much comes back.";
	case TILL_REFUND_PIECES:
		return "This item is sold by the piece; take back whole pieces.";
	case TILL_REFUND_GONE:
		return "That is more than is left of this line; the rest came back before.";
	case TILL_REFUND_WORTH:
		return "That is more than what is left of this line was paid for.";
	default:
		g_assert_not_reached();
	}
}
