/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "promo-draft.h"
#include "registry.h"

/* Saleor: promotions on the price list, of which the best counts; a promotion on items; a voucher
 * on the whole order or on one unit of the cheapest item. Tax is inside and changes no price. */

#define EXPONENT 2

static json_t *
make_effect(TillPromoDraft *draft, const json_t *json, const char *on)
{
	const char *type = till_vector_text_or(json, "type", "");

	if (strcmp(type, "percent") == 0)
		return json_pack("{s:s, s:s, s:I}", "kind", "percent", "on", on, "rate_ppm",
				 (json_int_t)till_promo_draft_ppm(draft->vector, json, "value"));
	if (strcmp(type, "fixed") != 0)
		till_vector_out(draft->vector, "promotion type \"%s\"", type);
	return json_pack("{s:s, s:s, s:I}", "kind", "amount", "on", on, "amount_minor",
			 (json_int_t)till_vector_scaled(draft->vector, json, "value", EXPONENT));
}

static void
add_promo(TillPromoDraft *draft, const json_t *json, const char *on, const char *stage,
	  const char *group)
{
	json_t *effect;

	if (json == NULL)
		return;
	effect = make_effect(draft, json, on);
	if (!till_vector_open(draft->vector)) {
		json_decref(effect);
		return;
	}
	(void)till_promo_draft_promo(
	    draft, "Promotion",
	    json_pack("{s:s, s:s, s:[o]}", "stage", stage, "group", group, "effects", effect));
}

static void
read_promotions(TillPromoDraft *draft)
{
	TillVector *vector = draft->vector;
	const json_t *list = json_object_get(vector->inputs, "promotions");
	const json_t *shelf = json_object_get(vector->inputs, "price_list_promotion");
	const json_t *one = json_object_get(vector->inputs, "promotion");
	const char *rule = till_vector_text_or(vector->inputs, "rule", "");
	const char *level = till_vector_text_or(one, "level", "item");

	if (*rule != '\0' && strcmp(rule, "best_only") != 0)
		till_vector_out(vector, "rule \"%s\"", rule);
	for (gsize i = 0; i < json_array_size(list); i++) {
		till_vector_known(vector, json_array_get(list, i), "type value");
		add_promo(draft, json_array_get(list, i), "units", "shelf",
			  *rule != '\0' ? "best" : "");
	}
	if (shelf != NULL)
		till_vector_known(vector, shelf, "type value");
	if (one != NULL)
		till_vector_known(vector, one, "type value level");
	if (strcmp(level, "item") != 0 && strcmp(level, "order") != 0)
		till_vector_out(vector, "promotion level \"%s\"", level);
	add_promo(draft, shelf, "units", "shelf", "");
	add_promo(draft, one, strcmp(level, "order") == 0 ? "basket" : "lines", "item", "");
}

static void
read_vouchers(TillPromoDraft *draft)
{
	TillVector *vector = draft->vector;
	const json_t *order = json_object_get(vector->inputs, "order_voucher");
	const json_t *voucher = json_object_get(vector->inputs, "voucher");
	const char *target = till_vector_text_or(voucher, "applies_to", "entire_order");
	gboolean cheapest = strcmp(target, "cheapest_item_once") == 0;

	if (order != NULL)
		till_vector_known(vector, order, "type value");
	if (voucher != NULL)
		till_vector_known(vector, voucher, "type value applies_to");
	if (!cheapest && strcmp(target, "entire_order") != 0)
		till_vector_out(vector, "voucher on \"%s\"", target);
	add_promo(draft, order, "basket", "member", "");
	add_promo(draft, voucher, cheapest ? "cheapest" : "basket", "member", "");
}

static gint64
sum_stage(const TillPromoEngineResult *result, TillPromoStage stage)
{
	gint64 sum = 0;

	for (guint i = 0; i < result->discounts->len; i++) {
		const TillPromoEngineDiscount *discount =
		    &g_array_index(result->discounts, TillPromoEngineDiscount, i);
		sum += discount->promo->stage == stage ? discount->amount_minor : 0;
	}
	return sum;
}

/* The first line speaks for figures of one unit. */
static void
check_units(const TillPromoDraft *draft, const TillPromoEngineResult *result)
{
	TillVector *vector = draft->vector;
	const TillPromoLine *line = &g_array_index(draft->lines, TillPromoLine, 0);
	gint64 pieces = till_promo_pieces(line);
	gint64 net = g_array_index(result->lines, TillPromoEngineLine, 0).net_minor;
	TillRatio hundred = till_ratio_whole(100);
	TillRatio shelf = till_ratio_of(sum_stage(result, TILL_PROMO_SHELF), pieces);

	till_vector_expect_exact(vector, vector->expected, "unit_discount",
				 till_ratio_divide(shelf, hundred), EXPONENT, "a unit's discount");
	till_vector_expect_exact(vector, vector->expected, "unit_promotion_discount",
				 till_ratio_divide(shelf, hundred), EXPONENT, "a unit's discount");
	till_vector_expect_exact(vector, vector->expected, "unit_price_after_all",
				 till_ratio_divide(till_ratio_of(net, pieces), hundred), EXPONENT,
				 "a unit's price");
	till_vector_expect(vector, vector->expected, "line_total", net, EXPONENT, "a line");
}

static void
check_result(const TillPromoDraft *draft, const TillPromoEngineResult *result)
{
	TillVector *vector = draft->vector;
	const json_t *discounts = json_object_get(vector->expected, "line_discounts");
	const json_t *prices = json_object_get(vector->expected, "line_prices");

	check_units(draft, result);
	till_vector_expect(vector, vector->expected, "subtotal", result->net_minor, EXPONENT,
			   "the subtotal");
	till_vector_expect(vector, vector->expected, "voucher_discount",
			   sum_stage(result, TILL_PROMO_MEMBER), EXPONENT, "the voucher");
	for (guint i = 0; i < result->lines->len; i++) {
		if (i < json_array_size(discounts))
			till_vector_expect(vector, json_array_get(discounts, i), NULL,
					   till_promo_draft_discount(result, i), EXPONENT,
					   "a line's discount");
		if (i < json_array_size(prices))
			till_vector_expect(
			    vector, json_array_get(prices, i), NULL,
			    g_array_index(result->lines, TillPromoEngineLine, i).net_minor,
			    EXPONENT, "a line");
	}
}

void
till_promo_saleor_run(TillVector *vector)
{
	const json_t *lines = json_object_get(vector->inputs, "lines");

	till_vector_known(vector, vector->inputs,
			  "lines promotion promotions rule price_list_promotion order_voucher "
			  "voucher tax_percent_included");
	till_vector_known(vector, vector->expected,
			  "line_total unit_promotion_discount voucher_discount "
			  "unit_price_after_all line_discounts unit_discount line_prices subtotal");
	g_autoptr(TillPromoDraft) draft = till_promo_draft_new(vector, EXPONENT);
	for (gsize i = 0; i < json_array_size(lines); i++) {
		const json_t *line = json_array_get(lines, i);
		gint64 pieces = till_vector_scaled_or(vector, line, "quantity", 0, 1);
		till_vector_known(vector, line, "price quantity");
		(void)till_promo_draft_line(
		    draft, "line", pieces * till_vector_scaled(vector, line, "price", EXPONENT),
		    pieces);
	}
	read_promotions(draft);
	read_vouchers(draft);
	g_autoptr(TillPromoEngineResult) result = till_promo_draft_run(draft);
	if (result != NULL && result->lines->len > 0)
		check_result(draft, result);
}
