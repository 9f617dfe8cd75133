/* SPDX-License-Identifier: Apache-2.0 */
#include "price-trace.h"

#include <string.h>

#include "json.h"
#include "money.h"
#include "quantity.h"
#include "sale-tax.h"
#include "tax-words.h"

const char *
till_price_trace_step_name(TillPriceStepKind kind)
{
	static const char *const names[] = {
	    [TILL_PRICE_STEP_LIST] = "list",         [TILL_PRICE_STEP_OVERRIDE] = "override",
	    [TILL_PRICE_STEP_DISCOUNT] = "discount", [TILL_PRICE_STEP_TAX] = "tax",
	    [TILL_PRICE_STEP_TOTAL] = "total",
	};

	return names[kind];
}

const char *
till_price_trace_reason(TillPromoEngineReason reason)
{
	static const char *const names[] = {
	    [TILL_PROMO_ENGINE_APPLIED] = "applied",
	    [TILL_PROMO_ENGINE_UNKNOWN] = "unknown",
	    [TILL_PROMO_ENGINE_NOT_YET] = "not_yet",
	    [TILL_PROMO_ENGINE_EXPIRED] = "expired",
	    [TILL_PROMO_ENGINE_NOT_NOW] = "not_now",
	    [TILL_PROMO_ENGINE_NOT_HERE] = "not_here",
	    [TILL_PROMO_ENGINE_NOT_FOR_CUSTOMER] = "not_for_customer",
	    [TILL_PROMO_ENGINE_NO_CUSTOMER] = "no_customer",
	    [TILL_PROMO_ENGINE_NO_COUPON] = "no_coupon",
	    [TILL_PROMO_ENGINE_USED_UP] = "used_up",
	    [TILL_PROMO_ENGINE_USED_BY_CUSTOMER] = "used_by_customer",
	    [TILL_PROMO_ENGINE_BUDGET] = "budget",
	    [TILL_PROMO_ENGINE_NEEDS] = "needs",
	    [TILL_PROMO_ENGINE_NO_LINES] = "no_lines",
	    [TILL_PROMO_ENGINE_BEATEN] = "beaten",
	};

	return names[reason];
}

/* --- the steps of a line --- */

static void
clear_step(gpointer data)
{
	g_free(((TillPriceStep *)data)->words);
}

/* Takes words. */
static void
add_step(GArray *steps, TillPriceStepKind kind, char *words, gint64 amount_minor, gint64 left_minor)
{
	TillPriceStep step = {
	    .kind = kind, .words = words, .amount_minor = amount_minor, .left_minor = left_minor};

	g_array_append_val(steps, step);
}

static char *
describe_price(const TillPriced *priced, const TillPricedLine *line, gint64 unit_minor)
{
	g_autofree char *quantity = till_quantity_format(line->quantity_milli);
	g_autofree char *unit = till_money_format(unit_minor, priced->currency);
	const char *list = line->item->price_list;

	if (line->embedded_minor != 0)
		return g_strdup_printf("%s × %s, at the price of its label", quantity, unit);
	if (list == NULL || *list == '\0')
		return g_strdup_printf("%s × %s", quantity, unit);
	return g_strdup_printf("%s × %s, price list %s", quantity, unit, list);
}

static void
add_list_steps(const TillPriced *priced, const TillPricedLine *line, GArray *steps)
{
	const TillManual *manual = &line->manual;

	if (manual->kind != TILL_MANUAL_PRICE) {
		add_step(steps, TILL_PRICE_STEP_LIST,
			 describe_price(priced, line, line->unit_minor), line->list_minor,
			 line->list_minor);
		return;
	}
	/* The list price as it would have been; what was asked for stands in the next step. */
	gint64 listed;
	if (!till_money_times_quantity(manual->original_minor, line->quantity_milli,
				       TILL_ROUND_HALF_UP, &listed))
		listed = line->list_minor;
	g_autofree char *unit = till_money_format(line->unit_minor, priced->currency);
	add_step(steps, TILL_PRICE_STEP_LIST, describe_price(priced, line, manual->original_minor),
		 listed, listed);
	add_step(steps, TILL_PRICE_STEP_OVERRIDE,
		 g_strdup_printf("Price by hand %s: %s", unit, manual->reason),
		 line->list_minor - listed, line->list_minor);
}

static void
add_discount_steps(const TillPricedLine *line, GArray *steps)
{
	gint64 left = line->list_minor;

	for (guint i = 0; i < line->discounts->len; i++) {
		const TillPricedDiscount *discount =
		    &g_array_index(line->discounts, TillPricedDiscount, i);
		gboolean manual = g_str_has_prefix(discount->promotion, TILL_PRICE_MANUAL_PREFIX);
		char *words;
		left -= discount->amount_minor;
		if (manual)
			words = g_strdup_printf("Discount by hand: %s", discount->name);
		else if (*discount->code != '\0')
			words = g_strdup_printf("%s, coupon %s", discount->name, discount->code);
		else
			words = g_strdup(discount->name);
		add_step(steps, TILL_PRICE_STEP_DISCOUNT, words, -discount->amount_minor, left);
	}
}

static void
add_tax_steps(const TillPriced *priced, const TillPricedLine *line, GArray *steps)
{
	gint64 left = line->list_minor - line->discount_minor - line->exempted_minor;

	if (line->exempted_minor != 0)
		add_step(steps, TILL_PRICE_STEP_TAX, g_strdup("Tax inside the price not charged"),
			 -line->exempted_minor, left);

	for (guint i = 0; i < line->taxes->len; i++) {
		const TillPricedTax *tax = &g_array_index(line->taxes, TillPricedTax, i);
		g_autofree char *words = till_tax_words_one(priced, tax);
		left += tax->inclusive ? 0 : tax->amount_minor;
		add_step(steps, TILL_PRICE_STEP_TAX,
			 g_strdup_printf("%s%s", words, tax->inclusive ? ", included" : ""),
			 tax->amount_minor, left);
	}
}

GArray *
till_price_trace_line(const TillPriced *priced, guint index)
{
	const TillPricedLine *line = g_ptr_array_index(priced->lines, index);
	GArray *steps = g_array_new(FALSE, FALSE, sizeof(TillPriceStep));

	g_array_set_clear_func(steps, clear_step);
	add_list_steps(priced, line, steps);
	add_discount_steps(line, steps);
	add_tax_steps(priced, line, steps);
	add_step(steps, TILL_PRICE_STEP_TOTAL, g_strdup("To pay"), line->total_minor,
		 line->total_minor);
	return steps;
}

/* --- JSON --- */

static json_t *
write_discounts(const GArray *discounts)
{
	json_t *list = json_array();

	for (guint i = 0; i < discounts->len; i++) {
		const TillPricedDiscount *discount =
		    &g_array_index(discounts, TillPricedDiscount, i);
		json_t *row = json_object();
		till_json_put_text(row, "id", discount->promotion);
		till_json_put_int(row, "version", discount->version);
		till_json_put_text(row, "name", discount->name);
		if (*discount->code != '\0')
			till_json_put_text(row, "code", discount->code);
		till_json_put_int(row, "amount_minor", discount->amount_minor);
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *
write_trace(const TillPriced *priced, guint index)
{
	g_autoptr(GArray) steps = till_price_trace_line(priced, index);
	json_t *list = json_array();

	for (guint i = 0; i < steps->len; i++) {
		const TillPriceStep *step = &g_array_index(steps, TillPriceStep, i);
		json_t *row = json_object();
		till_json_put_text(row, "step", till_price_trace_step_name(step->kind));
		till_json_put_text(row, "words", step->words);
		till_json_put_int(row, "amount_minor", step->amount_minor);
		till_json_put_int(row, "left_minor", step->left_minor);
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *
write_line(const TillPriced *priced, guint index, gboolean trace)
{
	const TillPricedLine *line = g_ptr_array_index(priced->lines, index);
	g_autofree char *title = till_item_title(line->item);
	json_t *row = json_object();

	till_json_put_int(row, "line", line->line_id);
	till_json_put_text(row, "code", line->code);
	till_json_put_text(row, "sku", line->item->sku);
	till_json_put_text(row, "title", title);
	till_json_put_int(row, "quantity_milli", line->quantity_milli);
	till_json_put_text(row, "price_list", line->item->price_list);
	till_json_put_int(row, "unit_minor", line->unit_minor);
	if (line->embedded_minor != 0)
		till_json_put_int(row, "embedded_minor", line->embedded_minor);
	till_json_put_int(row, "list_minor", line->list_minor);
	till_json_put_int(row, "discount_minor", line->discount_minor);
	if (line->exempted_minor != 0)
		till_json_put_int(row, "exempted_minor", line->exempted_minor);
	till_json_put_int(row, "tax_minor", line->tax_minor);
	till_json_put_int(row, "total_minor", line->total_minor);
	json_object_set_new(row, "discounts", write_discounts(line->discounts));
	json_object_set_new(row, "taxes", till_sale_tax_write(line->taxes));
	if (line->manual.kind != TILL_MANUAL_NONE)
		json_object_set_new(row, "manual", till_manual_write(&line->manual));
	if (trace)
		json_object_set_new(row, "trace", write_trace(priced, index));
	return row;
}

static json_t *
write_coupons(const GArray *coupons)
{
	json_t *list = json_array();

	for (guint i = 0; i < coupons->len; i++) {
		const TillPromoEngineCouponAnswer *answer =
		    &g_array_index(coupons, TillPromoEngineCouponAnswer, i);
		json_t *row = json_object();
		till_json_put_text(row, "code", answer->code);
		json_object_set_new(row, "applied",
				    json_boolean(answer->reason == TILL_PROMO_ENGINE_APPLIED));
		till_json_put_text(row, "reason", till_price_trace_reason(answer->reason));
		till_json_put_text(row, "words", till_promo_engine_words(answer->reason));
		if (answer->promo != NULL)
			till_json_put_text(row, "promotion", answer->promo->id);
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *
write_gifts(const GArray *gifts)
{
	json_t *list = json_array();

	for (guint i = 0; i < gifts->len; i++) {
		const TillPromoEngineGift *gift = &g_array_index(gifts, TillPromoEngineGift, i);
		json_t *row = json_object();
		till_json_put_text(row, "promotion", gift->promo->id);
		till_json_put_text(row, "sku", gift->sku);
		till_json_put_int(row, "quantity", gift->quantity);
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *
write_points(const GArray *points)
{
	json_t *list = json_array();

	for (guint i = 0; i < points->len; i++) {
		const TillPromoEnginePoints *point =
		    &g_array_index(points, TillPromoEnginePoints, i);
		json_t *row = json_object();
		till_json_put_text(row, "promotion", point->promo->id);
		till_json_put_int(row, "rate_ppm", point->rate_ppm);
		till_json_put_int(row, "amount_minor", point->amount_minor);
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *
write_considered(const GArray *refusals)
{
	json_t *list = json_array();

	for (guint i = 0; i < refusals->len; i++) {
		const TillPromoEngineRefusal *refusal =
		    &g_array_index(refusals, TillPromoEngineRefusal, i);
		json_t *row = json_object();
		till_json_put_text(row, "promotion", refusal->promo->id);
		till_json_put_text(row, "name", refusal->promo->name);
		till_json_put_text(row, "reason", till_price_trace_reason(refusal->reason));
		till_json_put_text(row, "words", till_promo_engine_words(refusal->reason));
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *
write_hints(const TillPriced *priced)
{
	g_auto(GStrv) hints = till_price_hints(priced, G_MAXUINT);
	json_t *list = json_array();

	for (guint i = 0; hints[i] != NULL; i++)
		json_array_append_new(list, json_string(hints[i]));
	return list;
}

static void
write_promoted(json_t *answer, const TillPriced *priced, gboolean trace)
{
	const TillPromoEngineResult *promoted = priced->promoted;

	json_object_set_new(answer, "hints", write_hints(priced));
	json_object_set_new(answer, "coupons",
			    promoted != NULL ? write_coupons(promoted->coupons) : json_array());
	json_object_set_new(answer, "gifts",
			    promoted != NULL ? write_gifts(promoted->gifts) : json_array());
	json_object_set_new(answer, "points",
			    promoted != NULL ? write_points(promoted->points) : json_array());
	json_object_set_new(answer, "exact", json_boolean(promoted == NULL || promoted->exact));
	if (trace)
		json_object_set_new(answer, "considered",
				    promoted != NULL ? write_considered(promoted->refusals)
						     : json_array());
}

json_t *
till_price_trace_json(const TillPriced *priced, gboolean trace)
{
	json_t *answer = json_object();
	json_t *lines = json_array();

	for (guint i = 0; i < priced->lines->len; i++)
		json_array_append_new(lines, write_line(priced, i, trace));
	till_json_put_text(answer, "currency", priced->currency->code);
	json_object_set_new(answer, "lines", lines);
	json_object_set_new(answer, "discounts", write_discounts(priced->discounts));
	json_object_set_new(answer, "taxes", till_sale_tax_write(priced->taxes));
	till_json_put_int(answer, "list_minor", priced->list_minor);
	till_json_put_int(answer, "discount_minor", priced->discount_minor);
	if (priced->exempted_minor != 0)
		till_json_put_int(answer, "exempted_minor", priced->exempted_minor);
	till_json_put_int(answer, "tax_minor", priced->tax_minor);
	till_json_put_int(answer, "total_minor", priced->total_minor);
	till_json_put_int(answer, "items_milli", priced->items_milli);
	write_promoted(answer, priced, trace);
	return answer;
}
