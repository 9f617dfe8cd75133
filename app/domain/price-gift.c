/* SPDX-License-Identifier: Apache-2.0 */
#include "price-gift.h"

#include <string.h>

#include "quantity.h"

static gboolean
can_be_gift(const TillPricedLine *line, const char *sku)
{
	return strcmp(line->item->sku, sku) == 0 && !line->item->weighed &&
	       line->manual.kind == TILL_MANUAL_NONE;
}

static void
take_off(TillPricedLine *line, const TillPromo *promo, gint64 amount_minor)
{
	char none[] = "";

	if (amount_minor == 0)
		return;
	line->discount_minor += amount_minor;
	for (guint i = 0; i < line->discounts->len; i++) {
		TillPricedDiscount *discount =
		    &g_array_index(line->discounts, TillPricedDiscount, i);
		if (strcmp(discount->promotion, promo->id) == 0) {
			discount->amount_minor += amount_minor;
			return;
		}
	}
	TillPricedDiscount discount = {.promotion = promo->id,
				       .version = promo->version,
				       .name = promo->name,
				       .code = none,
				       .amount_minor = amount_minor};
	till_price_append_discount(line->discounts, &discount);
}

/* Pieces of a line that are still to be paid become free: their part of what the line costs, so
 * that the last one leaves nothing. */
static void
give_on_line(TillPricedLine *line, const TillPromo *promo, gint64 *paid, gint64 *left)
{
	gint64 pieces = MIN(*paid, *left);
	gint64 rest = line->list_minor - line->discount_minor;
	gint64 amount = rest;

	if (pieces == 0)
		return;
	if (pieces < *paid &&
	    !till_rounding_scale(rest, pieces, *paid, TILL_ROUND_HALF_UP, &amount))
		return;
	take_off(line, promo, MAX(amount, (gint64)0));
	*paid -= pieces;
	*left -= pieces;
}

void
till_price_gift_give(TillPriced *priced)
{
	const GArray *gifts = priced->promoted->gifts;

	if (gifts->len == 0)
		return;
	g_autofree gint64 *paid = g_new0(gint64, priced->lines->len + 1);
	for (guint i = 0; i < priced->lines->len; i++)
		paid[i] = ((TillPricedLine *)g_ptr_array_index(priced->lines, i))->quantity_milli /
			  TILL_QUANTITY_ONE;
	for (guint g = 0; g < gifts->len; g++) {
		const TillPromoEngineGift *gift = &g_array_index(gifts, TillPromoEngineGift, g);
		gint64 left = gift->quantity;
		for (guint i = 0; i < priced->lines->len && left > 0; i++) {
			TillPricedLine *line = g_ptr_array_index(priced->lines, i);
			if (can_be_gift(line, gift->sku))
				give_on_line(line, gift->promo, &paid[i], &left);
		}
	}
}

gint64
till_price_gift_missing(const TillPriced *priced, const char *sku)
{
	const GArray *gifts = priced->promoted != NULL ? priced->promoted->gifts : NULL;
	gint64 missing = 0;

	for (guint i = 0; gifts != NULL && i < gifts->len; i++) {
		const TillPromoEngineGift *gift = &g_array_index(gifts, TillPromoEngineGift, i);
		missing += strcmp(gift->sku, sku) == 0 ? gift->quantity : 0;
	}
	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		if (can_be_gift(line, sku))
			missing -= line->quantity_milli / TILL_QUANTITY_ONE;
	}
	return MAX(missing, (gint64)0);
}
