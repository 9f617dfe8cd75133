/* SPDX-License-Identifier: Apache-2.0 */
#include "sale-again.h"

#include <string.h>

#include "money.h"

/* So many bytes of a name fit the words. */
#define SHOWN_MAX 30

/* Counting two scans of one thing up on one line is the till's; here each line stays what it was,
 * so each is marked until all are there. */
static gboolean
add_line(TillBasket *basket, const TillPricedLine *line, const TillItem *item)
{
	const TillManual *manual = line->manual.kind != TILL_MANUAL_NONE ? &line->manual : NULL;
	guint id;

	return till_basket_add(basket, item, line->code, line->quantity_milli, &id) ==
		   TILL_BASKET_OK &&
	       till_basket_set_note(basket, id, "*") == TILL_BASKET_OK &&
	       till_basket_set_embedded(basket, id, line->embedded_minor) == TILL_BASKET_OK &&
	       till_basket_set_delivery(basket, id, &line->delivery) == TILL_BASKET_OK &&
	       till_basket_set_manual(basket, id, manual) == TILL_BASKET_OK;
}

TillBasket *
till_sale_again_basket(const TillSale *sale, GPtrArray *items)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	const TillPriceContext *context = sale->priced->context;

	g_assert(items->len == sale->priced->lines->len);
	for (guint i = 0; i < items->len; i++) {
		if (!add_line(basket, g_ptr_array_index(sale->priced->lines, i),
			      g_ptr_array_index(items, i)))
			return NULL;
	}
	for (guint i = 0; i < items->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(sale->priced->lines, i);
		guint id = till_basket_line(basket, i)->id;
		if (till_basket_set_note(basket, id, line->note) != TILL_BASKET_OK)
			return NULL;
	}
	if (context != NULL)
		till_shopper_set(till_basket_shopper(basket), till_price_context_shopper(context));
	return g_steal_pointer(&basket);
}

/* --- comparing --- */

typedef struct {
	const TillCurrency *currency;
	const TillPricedLine *line; /* NULL: the sale as a whole */
	guint number;               /* of the line, from 1 */
	char *words;                /* owned; NULL while nothing differs */
} Compare;

static void
tell_texts(Compare *compare, const char *what, const char *was, const char *should)
{
	if (compare->line == NULL)
		compare->words = g_strdup_printf("%s %s, should be %s", what, was, should);
	else
		compare->words =
		    g_strdup_printf("line %u (%.*s): %s %s, should be %s", compare->number,
				    SHOWN_MAX, compare->line->item->sku, what, was, should);
}

/* TRUE when the two are equal. */
static gboolean
compare_amount(Compare *compare, const char *what, gint64 was_minor, gint64 should_minor)
{
	g_autofree char *was = NULL;
	g_autofree char *should = NULL;

	if (was_minor == should_minor)
		return TRUE;
	was = till_money_format(was_minor, compare->currency);
	should = till_money_format(should_minor, compare->currency);
	tell_texts(compare, what, was, should);
	return FALSE;
}

static gboolean
is_manual(const TillPricedDiscount *discount)
{
	return g_str_has_prefix(discount->promotion, TILL_PRICE_MANUAL_PREFIX);
}

/* Of one line there is at most one by hand, whose id holds a line number that may differ. */
static const TillPricedDiscount *
find_discount(const GArray *discounts, const TillPricedDiscount *like)
{
	for (guint i = 0; i < discounts->len; i++) {
		const TillPricedDiscount *discount =
		    &g_array_index(discounts, TillPricedDiscount, i);
		if (is_manual(like) ? is_manual(discount)
				    : strcmp(discount->promotion, like->promotion) == 0 &&
					  discount->version == like->version)
			return discount;
	}
	return NULL;
}

static gint64
amount_of(const GArray *discounts, const TillPricedDiscount *like)
{
	const TillPricedDiscount *found = find_discount(discounts, like);

	return found != NULL ? found->amount_minor : 0;
}

/* The second walk finds what the sale does not have at all. */
static gboolean
compare_discounts(Compare *compare, const GArray *was, const GArray *should)
{
	const GArray *const both[] = {was, should};

	for (gsize side = 0; side < G_N_ELEMENTS(both); side++) {
		for (guint i = 0; i < both[side]->len; i++) {
			const TillPricedDiscount *discount =
			    &g_array_index(both[side], TillPricedDiscount, i);
			g_autofree char *what =
			    g_strdup_printf("\"%.*s\" takes off", SHOWN_MAX, discount->promotion);
			if (!compare_amount(compare, what, amount_of(was, discount),
					    amount_of(should, discount)))
				return FALSE;
		}
	}
	return TRUE;
}

static gboolean
compare_taxes(Compare *compare, const GArray *was, const GArray *should)
{
	if (was->len != should->len) {
		g_autofree char *left = g_strdup_printf("%u", was->len);
		g_autofree char *right = g_strdup_printf("%u", should->len);
		tell_texts(compare, "taxes", left, right);
		return FALSE;
	}
	for (guint i = 0; i < was->len; i++) {
		const TillPricedTax *left = &g_array_index(was, TillPricedTax, i);
		const TillPricedTax *right = &g_array_index(should, TillPricedTax, i);
		g_autofree char *what = g_strdup_printf("tax \"%.*s\"", SHOWN_MAX, left->tax_id);
		if (strcmp(left->tax_id, right->tax_id) != 0) {
			tell_texts(compare, "tax", left->tax_id, right->tax_id);
			return FALSE;
		}
		if (!compare_amount(compare, what, left->amount_minor, right->amount_minor))
			return FALSE;
	}
	return TRUE;
}

static gboolean
compare_line(Compare *compare, const TillPricedLine *was, const TillPricedLine *should)
{
	return compare_amount(compare, "price", was->unit_minor, should->unit_minor) &&
	       compare_amount(compare, "amount", was->list_minor, should->list_minor) &&
	       compare_discounts(compare, was->discounts, should->discounts) &&
	       compare_amount(compare, "discount", was->discount_minor, should->discount_minor) &&
	       compare_taxes(compare, was->taxes, should->taxes) &&
	       compare_amount(compare, "tax", was->tax_minor, should->tax_minor) &&
	       compare_amount(compare, "total", was->total_minor, should->total_minor);
}

static gboolean
compare_totals(Compare *compare, const TillPriced *was, const TillPriced *should)
{
	compare->line = NULL;
	return compare_amount(compare, "amount", was->list_minor, should->list_minor) &&
	       compare_amount(compare, "discount", was->discount_minor, should->discount_minor) &&
	       compare_amount(compare, "tax", was->tax_minor, should->tax_minor) &&
	       compare_amount(compare, "total", was->total_minor, should->total_minor);
}

gboolean
till_sale_again_differs(const TillSale *sale, const TillPriced *again, TillSaleDifference *out)
{
	const TillPriced *was = sale->priced;
	Compare compare = {.currency = was->currency};
	gboolean same = TRUE;

	g_assert(was->lines->len == again->lines->len);
	for (guint i = 0; same && i < was->lines->len; i++) {
		compare.line = g_ptr_array_index(was->lines, i);
		compare.number = i + 1;
		same = compare_line(&compare, compare.line, g_ptr_array_index(again->lines, i));
	}
	if (same && compare_totals(&compare, was, again))
		return FALSE;
	out->amount_minor = was->total_minor - again->total_minor;
	out->words = compare.words;
	return TRUE;
}

void
till_sale_difference_clear(TillSaleDifference *difference)
{
	g_clear_pointer(&difference->words, g_free);
}
