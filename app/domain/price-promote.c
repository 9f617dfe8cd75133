/* SPDX-License-Identifier: Apache-2.0 */
#include "price-promote.h"

#include "error.h"
#include "price-gift.h"
#include "price-tax.h"

/* The texts that the promotion engine's lines point to, for as long as it runs. */
typedef struct {
	GArray *lines;    /* of TillPromoLine */
	GPtrArray *tags;  /* of char**, owned */
	GPtrArray *lists; /* of lists of one category, owned */
} Input;

static char **
split_tags(const char *tags)
{
	char **list = g_strsplit(tags, ",", -1);

	for (guint i = 0; list[i] != NULL; i++)
		g_strstrip(list[i]);
	return list;
}

static const char *
text_or_null(const char *text)
{
	return text != NULL && *text != '\0' ? text : NULL;
}

static gint64
take_tax_out(const TillPricedLine *line, gint64 left_minor, const TillPriceRules *rules)
{
	const TillTaxTable *table = rules->taxes;
	guint count;
	const TillTax *taxes = till_tax_table_find(table, line->item->tax_class, &count);
	TillTaxSplit split = {.net_minor = left_minor};
	gint64 rate = 0;

	if (!till_tax_table_is_plain(table))
		return till_price_tax_net(line, left_minor, table);
	for (guint i = 0; i < count; i++)
		rate += taxes[i].inclusive ? taxes[i].rate_ppm : 0;
	return rate > 0 && till_tax_split(left_minor, rate, TRUE, till_tax_table_rounding(table),
					  &split)
		   ? split.net_minor
		   : left_minor;
}

/* A line that costs nothing or less has nothing to take off. */
static void
add_line(Input *input, const TillPricedLine *line, const TillPriceRules *rules)
{
	const TillItem *item = line->item;
	char **tags = split_tags(item->tags != NULL ? item->tags : "");
	const char **category = g_new0(const char *, 2);
	gint64 left = line->list_minor - line->discount_minor;
	gboolean priced = left > 0;

	category[0] = text_or_null(item->category);
	g_ptr_array_add(input->tags, tags);
	g_ptr_array_add(input->lists, category);
	TillPromoLine from = {
	    .sku = item->sku,
	    .style = text_or_null(item->style),
	    .brand = text_or_null(item->brand),
	    .tags = (const char *const *)tags,
	    .categories = category,
	    .unit_minor = MAX(line->unit_minor, (gint64)0),
	    .reduced = line->manual.kind != TILL_MANUAL_NONE,
	    .quantity_milli = line->quantity_milli,
	    .weighed = item->weighed,
	    .amount_minor = priced ? left : 0,
	    .untaxed_minor = priced ? take_tax_out(line, left, rules) : 0,
	    .locked = !priced,
	};
	g_array_append_val(input->lines, from);
}

static void
take_discount(TillPriced *priced, const TillPromoEngineDiscount *from,
	      const TillPromoEngineShare *share)
{
	TillPricedLine *line = g_ptr_array_index(priced->lines, share->line);
	char none[] = "";
	TillPricedDiscount discount = {.promotion = from->promo->id,
				       .version = from->promo->version,
				       .name = from->promo->name,
				       .code = from->code != NULL ? from->code : none,
				       .amount_minor = share->amount_minor};

	till_price_append_discount(line->discounts, &discount);
	line->discount_minor += share->amount_minor;
}

static void
take_discounts(TillPriced *priced)
{
	const TillPromoEngineResult *promoted = priced->promoted;

	for (guint d = 0; d < promoted->discounts->len; d++) {
		const TillPromoEngineDiscount *discount =
		    &g_array_index(promoted->discounts, TillPromoEngineDiscount, d);
		for (guint i = 0; i < discount->share_count; i++)
			take_discount(priced, discount,
				      &g_array_index(promoted->shares, TillPromoEngineShare,
						     discount->first_share + i));
	}
}

static gboolean
check_count(const TillPriced *priced, GError **error)
{
	guint rows = 0;

	for (guint i = 0; i < priced->lines->len; i++)
		rows += ((TillPricedLine *)g_ptr_array_index(priced->lines, i))->discounts->len;
	if (rows <= TILL_PRICE_DISCOUNTS_MAX)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
		    "Promotions make %u discounts on this basket, and %d can be booked; split the "
		    "sale.",
		    rows, TILL_PRICE_DISCOUNTS_MAX);
	return FALSE;
}

gboolean
till_price_promote(TillPriced *priced, const TillPriceRules *rules, GError **error)
{
	g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(TillPromoLine));
	g_autoptr(GPtrArray) tags = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(g_free);
	Input input = {.lines = lines, .tags = tags, .lists = lists};
	TillPromoEngineContext context = {0};

	if (rules->context != NULL)
		context = *rules->context;
	context.currency = rules->currency->code;
	for (guint i = 0; i < priced->lines->len; i++)
		add_line(&input, g_ptr_array_index(priced->lines, i), rules);
	priced->promoted =
	    till_promo_engine_run(rules->promos, (const TillPromoLine *)(gconstpointer)lines->data,
				  lines->len, &context, error);
	if (priced->promoted == NULL)
		return FALSE;
	take_discounts(priced);
	till_price_gift_give(priced);
	return check_count(priced, error);
}
