/* SPDX-License-Identifier: Apache-2.0 */
#include "price.h"

#include <string.h>

#include "allocation.h"
#include "error.h"
#include "money.h"
#include "price-promote.h"
#include "price-tax.h"
#include "quantity.h"

/* Runs at every scan over the whole basket: a pass over the lines with a few small allocations
 * each, no look-up but the tax class. A basket that is priced anew cannot drift from its lines.
 *
 * Several taxes on one line stand side by side: those inside the price are taken out together,
 * rounded once, and shared by rate; those on top are each rounded on what is then left without tax.
 */

/* More taxes than any jurisdiction puts on one thing; a line keeps its working on the stack. */
#define LINE_TAXES_MAX TILL_TAX_ENGINE_TAXES_MAX

static void
clear_tax(gpointer data)
{
	TillPricedTax *tax = data;

	g_free(tax->tax_id);
	g_free(tax->name);
	g_free(tax->group);
}

static GArray *
create_taxes(void)
{
	GArray *taxes = g_array_new(FALSE, FALSE, sizeof(TillPricedTax));

	g_array_set_clear_func(taxes, clear_tax);
	return taxes;
}

static void
clear_discount(gpointer data)
{
	TillPricedDiscount *discount = data;

	g_free(discount->promotion);
	g_free(discount->name);
	g_free(discount->code);
}

static GArray *
create_discounts(void)
{
	GArray *discounts = g_array_new(FALSE, FALSE, sizeof(TillPricedDiscount));

	g_array_set_clear_func(discounts, clear_discount);
	return discounts;
}

static void
free_line(gpointer data)
{
	TillPricedLine *line = data;

	till_item_unref(line->item);
	g_free(line->code);
	g_free(line->note);
	g_array_free(line->taxes, TRUE);
	g_array_free(line->discounts, TRUE);
	till_manual_clear(&line->manual);
	g_free(line);
}

static gboolean
is_within_limit(gint64 amount_minor)
{
	return amount_minor <= TILL_MONEY_MAX_MINOR && amount_minor >= -TILL_MONEY_MAX_MINOR;
}

static gboolean
refuse_amount(const TillPricedLine *line, GError **error)
{
	if (line == NULL)
		g_set_error_literal(
		    error, TILL_ERROR, TILL_ERROR_LIMIT,
		    "The total is larger than any amount this till can book; split the sale.");
	else
		g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "Line %u (%s) is larger than any amount this till can book; check its "
			    "quantity and price.",
			    line->line_id, line->item->sku != NULL ? line->item->sku : "");
	return FALSE;
}

static void
append_line_tax(TillPricedLine *line, const TillTax *tax, gint64 base_minor, gint64 amount_minor)
{
	TillPricedTax priced = {
	    .tax_id = tax->id,
	    .name = tax->name,
	    .rate_ppm = tax->rate_ppm,
	    .inclusive = tax->inclusive,
	    .group = tax->group,
	    .base_minor = base_minor,
	    .amount_minor = amount_minor,
	};

	till_price_append_tax(line->taxes, &priced);
	line->tax_minor += amount_minor;
	if (!tax->inclusive)
		line->total_minor += amount_minor;
}

/* Takes the taxes inside the price out of it and leaves what each of them is. */
static gboolean
split_inclusive(gint64 paid_minor, const TillTax *taxes, guint count, TillRounding rounding,
		gint64 *shares, gint64 *out_net_minor)
{
	gint64 rates[LINE_TAXES_MAX] = {0};
	gint64 rate_sum = 0;
	TillTaxSplit split;

	for (guint i = 0; i < count; i++) {
		rates[i] = taxes[i].inclusive ? taxes[i].rate_ppm : 0;
		rate_sum += rates[i];
	}
	if (rate_sum == 0) {
		*out_net_minor = paid_minor;
		return TRUE;
	}
	if (!till_tax_split(paid_minor, rate_sum, TRUE, rounding, &split))
		return FALSE;
	*out_net_minor = split.net_minor;
	return till_allocation_share(split.tax_minor, rates, count, shares);
}

static gboolean
tax_line(TillPricedLine *line, const TillTaxTable *table)
{
	guint count;
	const TillTax *taxes = till_tax_table_find(table, line->item->tax_class, &count);
	TillRounding rounding = till_tax_table_rounding(table);
	gint64 shares[LINE_TAXES_MAX] = {0};
	gint64 paid_minor = line->total_minor;
	gint64 net_minor;

	if (count == 0)
		return TRUE;
	if (count > LINE_TAXES_MAX ||
	    !split_inclusive(paid_minor, taxes, count, rounding, shares, &net_minor))
		return FALSE;
	for (guint i = 0; i < count; i++) {
		TillTaxSplit split;
		if (!till_tax_split(net_minor, taxes[i].rate_ppm, FALSE, rounding, &split))
			return FALSE;
		append_line_tax(line, &taxes[i], net_minor,
				taxes[i].inclusive ? shares[i] : split.tax_minor);
	}
	return TRUE;
}

/* The item at the price that counts for this buyer, time and quantity. */
static TillItem *
find_price(const TillBasketLine *from, const TillPriceRules *rules)
{
	const TillPromoEngineContext *context = rules->context;
	const TillPriceList *lists = rules->lists != NULL ? rules->lists : from->item->prices;
	const TillPriceRow *row;

	if (lists == NULL)
		return till_item_ref(from->item);
	g_auto(GStrv) order = till_price_list_order(context != NULL ? context->groups : NULL,
						    context != NULL ? context->store : NULL);
	row =
	    till_price_list_find(lists, from->item->sku, from->quantity_milli,
				 context != NULL ? context->now_ms : 0, (const char *const *)order);
	return row != NULL ? till_item_with_price(from->item, row->price_minor, row->list)
			   : till_item_ref(from->item);
}

static void
take_manual(TillPricedLine *line, const TillPriceRules *rules)
{
	gint64 amount = till_manual_discount(&line->manual, line->list_minor, rules->rounding);
	g_autofree char *id = g_strdup_printf(TILL_PRICE_MANUAL_PREFIX "%u", line->line_id);
	char none[] = "";
	TillPricedDiscount discount = {.promotion = id,
				       .version = 1,
				       .name = line->manual.reason,
				       .code = none,
				       .amount_minor = amount};

	if (amount == 0)
		return;
	till_price_append_discount(line->discounts, &discount);
	line->discount_minor += amount;
}

static gboolean
list_line(TillPriced *priced, const TillBasketLine *from, const TillPriceRules *rules,
	  GError **error)
{
	TillPricedLine *line = till_price_append_line(priced);

	line->line_id = from->id;
	line->item = find_price(from, rules);
	line->code = g_strdup(from->code);
	line->note = g_strdup(from->note);
	line->quantity_milli = from->quantity_milli;
	line->delivery = from->delivery;
	line->unit_minor = line->item->price_minor;
	till_manual_set(&line->manual, &from->manual);
	if (line->manual.kind == TILL_MANUAL_PRICE) {
		line->manual.original_minor = line->unit_minor;
		line->unit_minor = line->manual.value;
	} else if (from->embedded_minor != 0) {
		line->embedded_minor = line->list_minor = from->embedded_minor;
		take_manual(line, rules);
		return TRUE;
	}
	if (!till_money_times_quantity(line->unit_minor, line->quantity_milli, rules->rounding,
				       &line->list_minor) ||
	    !is_within_limit(line->list_minor))
		return refuse_amount(line, error);
	take_manual(line, rules);
	return TRUE;
}

static gboolean
tax_lines(TillPriced *priced, const TillPriceRules *rules, GError **error)
{
	if (!till_tax_table_is_plain(rules->taxes) || rules->exemption != NULL ||
	    rules->tax_policy.method != TILL_TAX_ENGINE_PER_LINE)
		return till_price_tax(priced, rules, error);
	for (guint i = 0; i < priced->lines->len; i++) {
		TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		line->total_minor = line->list_minor - line->discount_minor;
		if (!tax_line(line, rules->taxes) || !is_within_limit(line->total_minor))
			return refuse_amount(line, error);
	}
	return TRUE;
}

gboolean
till_price_is_same_tax(const TillPricedTax *a, const TillPricedTax *b)
{
	return a->rate_ppm == b->rate_ppm && a->inclusive == b->inclusive && a->kind == b->kind &&
	       a->amount_milli == b->amount_milli && a->exempt == b->exempt &&
	       strcmp(a->tax_id, b->tax_id) == 0;
}

/* Lines are bounded (500 of at most 2^53 each), so that 64 bits hold every sum; the end result is
 * checked. */
static void
sum_tax(GArray *sums, const TillPricedTax *tax)
{
	for (guint i = 0; i < sums->len; i++) {
		TillPricedTax *sum = &g_array_index(sums, TillPricedTax, i);
		if (till_price_is_same_tax(sum, tax)) {
			sum->base_minor += tax->base_minor;
			sum->amount_minor += tax->amount_minor;
			return;
		}
	}
	till_price_append_tax(sums, tax);
}

static void
sum_discount(GArray *sums, const TillPricedDiscount *discount)
{
	for (guint i = 0; i < sums->len; i++) {
		TillPricedDiscount *sum = &g_array_index(sums, TillPricedDiscount, i);
		if (strcmp(sum->promotion, discount->promotion) == 0) {
			sum->amount_minor += discount->amount_minor;
			return;
		}
	}
	till_price_append_discount(sums, discount);
}

static void
sum_line(TillPriced *priced, const TillPricedLine *line)
{
	priced->list_minor += line->list_minor;
	priced->discount_minor += line->discount_minor;
	priced->exempted_minor += line->exempted_minor;
	priced->tax_minor += line->tax_minor;
	priced->total_minor += line->total_minor;
	priced->items_milli += line->item->weighed ? TILL_QUANTITY_ONE : line->quantity_milli;
	for (guint i = 0; i < line->taxes->len; i++)
		sum_tax(priced->taxes, &g_array_index(line->taxes, TillPricedTax, i));
	for (guint i = 0; i < line->discounts->len; i++)
		sum_discount(priced->discounts,
			     &g_array_index(line->discounts, TillPricedDiscount, i));
}

TillPriced *
till_price_new(const TillCurrency *currency)
{
	TillPriced *priced = g_new0(TillPriced, 1);

	priced->currency = currency;
	priced->lines = g_ptr_array_new_with_free_func(free_line);
	priced->taxes = create_taxes();
	priced->discounts = create_discounts();
	return priced;
}

TillPricedLine *
till_price_append_line(TillPriced *priced)
{
	TillPricedLine *line = g_new0(TillPricedLine, 1);

	line->taxes = create_taxes();
	line->discounts = create_discounts();
	g_ptr_array_add(priced->lines, line);
	return line;
}

void
till_price_append_tax(GArray *taxes, const TillPricedTax *tax)
{
	TillPricedTax copy = *tax;

	copy.tax_id = g_strdup(tax->tax_id);
	copy.name = g_strdup(tax->name);
	copy.group = g_strdup(tax->group != NULL ? tax->group : "");
	g_array_append_val(taxes, copy);
}

void
till_price_append_discount(GArray *discounts, const TillPricedDiscount *discount)
{
	TillPricedDiscount copy = *discount;

	copy.promotion = g_strdup(discount->promotion);
	copy.name = g_strdup(discount->name);
	copy.code = g_strdup(discount->code);
	g_array_append_val(discounts, copy);
}

gboolean
till_price_sum(TillPriced *priced, GError **error)
{
	g_assert(priced->lines->len <= TILL_BASKET_LINES_MAX);
	g_array_set_size(priced->taxes, 0);
	g_array_set_size(priced->discounts, 0);
	priced->list_minor = priced->discount_minor = priced->tax_minor = priced->total_minor = 0;
	priced->items_milli = priced->exempted_minor = 0;
	for (guint i = 0; i < priced->lines->len; i++)
		sum_line(priced, g_ptr_array_index(priced->lines, i));
	if (!is_within_limit(priced->list_minor) || !is_within_limit(priced->discount_minor) ||
	    !is_within_limit(priced->tax_minor) || !is_within_limit(priced->total_minor))
		return refuse_amount(NULL, error);
	return TRUE;
}

TillPriced *
till_price_basket(const TillBasket *basket, const TillPriceRules *rules, GError **error)
{
	g_autoptr(TillPriced) priced = till_price_new(rules->currency);

	for (guint i = 0; i < till_basket_count(basket); i++) {
		if (!list_line(priced, till_basket_line(basket, i), rules, error))
			return NULL;
	}
	if (rules->promos != NULL && !till_price_promote(priced, rules, error))
		return NULL;
	if (!tax_lines(priced, rules, error) || !till_price_sum(priced, error))
		return NULL;
	return g_steal_pointer(&priced);
}

TillPriced *
till_price_again(const TillBasket *basket, const TillPriceRules *rules, TillPriceContext *context,
		 GError **error)
{
	TillPriceRules here = *rules; /* borrows what the rules own */
	TillPromoEngineContext engine = *till_price_context_engine(context);
	TillPriced *priced;

	engine.policy = rules->promo_policy;
	engine.policy.never_tags = (const char *const *)rules->never_tags;
	here.context = &engine;
	here.exemption = till_price_context_exemption(context);
	priced = till_price_basket(basket, &here, error);
	if (priced != NULL)
		priced->context = till_price_context_ref(context);
	return priced;
}

TillPriced *
till_price_for(const TillBasket *basket, const TillPriceRules *rules, const TillPriceMoment *moment,
	       GError **error)
{
	TillPriceMoment versioned = *moment;

	versioned.chain_cursor = rules->chain_cursor;
	versioned.shop_cursor = rules->shop_cursor;
	g_autoptr(TillPriceContext) context =
	    till_price_context_new(&versioned, till_basket_get_shopper(basket), rules->uses);
	return till_price_again(basket, rules, context, error);
}

void
till_price_free(TillPriced *priced)
{
	if (priced == NULL)
		return;
	g_ptr_array_free(priced->lines, TRUE);
	g_array_free(priced->taxes, TRUE);
	g_array_free(priced->discounts, TRUE);
	till_promo_engine_unref(priced->promoted);
	till_price_context_unref(priced->context);
	g_free(priced);
}

static void
copy_taxes(GArray *to, const GArray *from)
{
	for (guint i = 0; i < from->len; i++)
		till_price_append_tax(to, &g_array_index(from, TillPricedTax, i));
}

static void
copy_discounts(GArray *to, const GArray *from)
{
	for (guint i = 0; i < from->len; i++)
		till_price_append_discount(to, &g_array_index(from, TillPricedDiscount, i));
}

static void
copy_line(TillPriced *priced, const TillPricedLine *from)
{
	TillPricedLine *line = till_price_append_line(priced);
	GArray *taxes = line->taxes, *discounts = line->discounts;

	*line = *from;
	line->item = till_item_ref(from->item);
	line->code = g_strdup(from->code);
	line->note = g_strdup(from->note);
	line->taxes = taxes;
	line->discounts = discounts;
	line->manual = (TillManual){0};
	till_manual_set(&line->manual, &from->manual);
	copy_taxes(taxes, from->taxes);
	copy_discounts(discounts, from->discounts);
}

TillPriced *
till_price_copy(const TillPriced *priced)
{
	TillPriced *copy = till_price_new(priced->currency);
	TillPriced fresh = *copy;

	*copy = *priced;
	copy->lines = fresh.lines;
	copy->taxes = fresh.taxes;
	copy->discounts = fresh.discounts;
	if (copy->promoted != NULL)
		till_promo_engine_ref(copy->promoted);
	if (copy->context != NULL)
		till_price_context_ref(copy->context);
	copy_taxes(copy->taxes, priced->taxes);
	copy_discounts(copy->discounts, priced->discounts);
	for (guint i = 0; i < priced->lines->len; i++)
		copy_line(copy, g_ptr_array_index(priced->lines, i));
	return copy;
}

char **
till_price_hints(const TillPriced *priced, guint count)
{
	GPtrArray *hints = g_ptr_array_new();
	const GArray *refusals = priced->promoted != NULL ? priced->promoted->refusals : NULL;

	for (guint i = 0; refusals != NULL && i < refusals->len && hints->len < count; i++) {
		char *words = till_promo_engine_near_words(
		    &g_array_index(refusals, TillPromoEngineRefusal, i),
		    priced->currency->exponent);
		if (words != NULL)
			g_ptr_array_add(hints, words);
	}
	g_ptr_array_add(hints, NULL);
	return (char **)g_ptr_array_free(hints, FALSE);
}

void
till_price_rules_clear(TillPriceRules *rules)
{
	g_clear_pointer(&rules->taxes, till_tax_table_unref);
	g_clear_pointer(&rules->lists, till_price_list_unref);
	g_clear_pointer(&rules->promos, till_promo_index_unref);
	g_clear_pointer(&rules->variable_codes, till_variable_code_unref);
	g_clear_pointer(&rules->uses, till_price_uses_unref);
	g_clear_pointer(&rules->never_tags, g_strfreev);
	rules->context = NULL;
	rules->currency = NULL;
}

void
till_price_rules_copy(TillPriceRules *to, const TillPriceRules *from)
{
	*to = *from;
	if (from->taxes != NULL)
		till_tax_table_ref(from->taxes);
	if (from->lists != NULL)
		till_price_list_ref(from->lists);
	if (from->promos != NULL)
		till_promo_index_ref(from->promos);
	if (from->variable_codes != NULL)
		till_variable_code_ref(from->variable_codes);
	if (from->uses != NULL)
		till_price_uses_ref(from->uses);
	to->never_tags = g_strdupv(from->never_tags);
}
