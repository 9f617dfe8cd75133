/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "promo-draft.h"
#include "registry.h"
#include "tax-draft.h"

/* Vendure: promotions on items (a unit's discount is rounded, then multiplied) before those on the
 * order; conditions look at what the earlier ones left; prices with tax inside or on top. */

#define EXPONENT 0 /* the figures are minor units */

static json_t *
read_need(TillVector *vector, const json_t *condition)
{
	const char *type = till_vector_text_or(condition, "type", "");
	gint64 value = till_vector_scaled(vector, condition, "value", EXPONENT);

	till_vector_known(vector, condition, "type value");
	if (strcmp(type, "order_total_min_minor") == 0)
		return json_pack("{s:I}", "amount_minor", (json_int_t)value);
	if (strcmp(type, "any_line_quantity_min") == 0)
		return json_pack("{s:I, s:b}", "quantity", (json_int_t)value, "one_line", 1);
	till_vector_out(vector, "condition \"%s\"", type);
	return json_object();
}

static json_t *
read_effect(TillVector *vector, const json_t *action)
{
	const char *target = till_vector_text_or(action, "target", "");
	const char *type = till_vector_text_or(action, "type", "");
	const char *on = strcmp(target, "order") == 0 ? "basket" : "units";
	const json_t *filter = json_object_get(action, "filter");
	json_t *effect;

	till_vector_known(vector, action, "target type value filter");
	if (strcmp(target, "order") != 0 && strcmp(target, "item") != 0)
		till_vector_out(vector, "action on \"%s\"", target);
	if (strcmp(type, "percent") == 0)
		effect = json_pack("{s:s, s:s, s:I}", "kind", "percent", "on", on, "rate_ppm",
				   (json_int_t)till_promo_draft_ppm(vector, action, "value"));
	else if (strcmp(type, "fixed_minor") == 0)
		effect =
		    json_pack("{s:s, s:s, s:I}", "kind", "amount", "on", on, "amount_minor",
			      (json_int_t)till_vector_scaled(vector, action, "value", EXPONENT));
	else
		effect =
		    json_pack("{s:s, s:s, s:I}", "kind", "fixed_price", "on", on, "price_minor",
			      (json_int_t)till_vector_scaled(vector, action, "value", EXPONENT));
	if (strcmp(type, "percent") != 0 && strcmp(type, "fixed_minor") != 0 &&
	    strcmp(type, "set_total_minor") != 0)
		till_vector_out(vector, "action \"%s\"", type);
	if (filter != NULL) {
		json_int_t unit = till_vector_scaled(vector, filter, "unit_price_minor", EXPONENT);
		till_vector_known(vector, filter, "unit_price_minor");
		json_object_set_new(
		    effect, "items",
		    json_pack("{s:I, s:I}", "price_min_minor", unit, "price_max_minor", unit));
	}
	return effect;
}

static void
read_promotion(TillPromoDraft *draft, const json_t *json)
{
	TillVector *vector = draft->vector;
	const json_t *condition = json_object_get(json, "condition");
	const char *coupon = till_vector_text_or(json, "coupon", NULL);
	json_t *promo =
	    json_pack("{s:[o]}", "effects", read_effect(vector, json_object_get(json, "action")));

	till_vector_known(vector, json, "name action condition coupon");
	if (condition != NULL)
		json_object_set_new(promo, "needs", json_pack("[o]", read_need(vector, condition)));
	if (coupon != NULL)
		json_object_set_new(promo, "coupon", till_promo_draft_items("codes", coupon));
	if (!till_vector_open(vector)) {
		json_decref(promo);
		return;
	}
	(void)till_promo_draft_promo(draft, till_vector_text_or(json, "name", "Promotion"), promo);
}

static void
read_basket(TillPromoDraft *draft)
{
	TillVector *vector = draft->vector;
	const json_t *lines = json_object_get(vector->inputs, "lines");
	const json_t *promos = json_object_get(vector->inputs, "promotions");
	const json_t *codes = json_object_get(vector->inputs, "coupons_entered");

	for (gsize i = 0; i < json_array_size(lines); i++) {
		const json_t *line = json_array_get(lines, i);
		gint64 pieces = till_vector_scaled(vector, line, "quantity", 0);
		till_vector_known(vector, line, "unit_price_minor tax_percent quantity");
		(void)till_promo_draft_line(
		    draft, "line",
		    pieces * till_vector_scaled(vector, line, "unit_price_minor", EXPONENT),
		    pieces);
	}
	for (gsize i = 0; i < json_array_size(promos); i++)
		read_promotion(draft, json_array_get(promos, i));
	for (gsize i = 0; i < json_array_size(codes); i++)
		till_promo_draft_coupon(draft, json_string_value(json_array_get(codes, i)), 0, 0);
}

static void
add_tax_line(TillTaxDraft *tax, const json_t *line, gint64 net, gint64 pieces)
{
	TillVector *vector = tax->vector;
	gboolean inside = till_vector_flag_or(vector->inputs, "prices_include_tax", FALSE);
	TillRatio percent = till_vector_number_or(vector, line, "tax_percent", "0");
	g_autofree char *id = till_ratio_format(percent, 4);
	TillTaxEngineTax *rate = till_tax_draft_percent(tax, id, percent, inside);

	till_tax_draft_line(tax, till_ratio_of(net, MAX(pieces, 1)), till_ratio_whole(pieces),
			    till_ratio_whole(0), till_ratio_whole(0), &rate, 1);
}

static void
check_taxed(const TillPromoDraft *draft, const TillPromoEngineResult *result)
{
	TillVector *vector = draft->vector;
	const json_t *lines = json_object_get(vector->inputs, "lines");
	g_autoptr(TillTaxDraft) tax = till_tax_draft_new(vector, EXPONENT);

	for (guint i = 0; i < result->lines->len; i++)
		add_tax_line(tax, json_array_get(lines, i),
			     g_array_index(result->lines, TillPromoEngineLine, i).net_minor,
			     till_promo_pieces(&g_array_index(draft->lines, TillPromoLine, i)));
	g_autoptr(TillTaxEngineResult) taxed = till_tax_draft_compute(tax);
	if (taxed == NULL)
		return;
	till_vector_expect(vector, vector->expected, "subtotal_minor", taxed->net_minor, EXPONENT,
			   "the net");
	till_vector_expect(vector, vector->expected, "total_with_tax_minor", taxed->total_minor,
			   EXPONENT, "the total");
}

/* Whether the case turns on how the tax of several units is rounded once an order discount was
 * shared over lines of different rates: the case does not show Vendure's shares. */
static gboolean
shares_over_rates(const TillVector *vector)
{
	const json_t *lines = json_object_get(vector->inputs, "lines");
	const json_t *promos = json_object_get(vector->inputs, "promotions");
	const json_t *rate = json_object_get(json_array_get(lines, 0), "tax_percent");
	gboolean rates = FALSE, many = FALSE, order = FALSE;
	gboolean taxed = !till_vector_flag_or(vector->inputs, "prices_include_tax", FALSE) ||
			 json_object_get(vector->expected, "subtotal_minor") != NULL;

	for (gsize i = 0; i < json_array_size(lines); i++) {
		const json_t *line = json_array_get(lines, i);
		rates |= !json_equal(json_object_get(line, "tax_percent"), rate);
		many |= json_integer_value(json_object_get(line, "quantity")) > 1;
	}
	for (gsize i = 0; i < json_array_size(promos); i++) {
		const json_t *action = json_object_get(json_array_get(promos, i), "action");
		order |= strcmp(till_vector_text_or(action, "target", ""), "order") == 0;
	}
	return rates && many && order && taxed;
}

static void
check_applied(TillVector *vector, const TillPromoEngineResult *result)
{
	const json_t *names = json_object_get(vector->expected, "applied");

	till_vector_expect(vector, vector->expected, "discount_count",
			   (gint64)result->discounts->len, 0, "the number of discounts");
	for (gsize i = 0; i < json_array_size(names); i++) {
		const char *name = json_string_value(json_array_get(names, i));
		if (i >= result->discounts->len ||
		    g_strcmp0(
			g_array_index(result->discounts, TillPromoEngineDiscount, i).promo->name,
			name) != 0)
			till_vector_fail(vector, "\"%s\" did not apply", name);
	}
}

void
till_promo_vendure_run(TillVector *vector)
{
	till_vector_known(vector, vector->inputs,
			  "prices_include_tax lines promotions coupons_entered");
	till_vector_known(vector, vector->expected,
			  "subtotal_minor total_with_tax_minor discount_count applied");
	g_autoptr(TillPromoDraft) draft = till_promo_draft_new(vector, EXPONENT);
	draft->context.policy.round_per_unit = TRUE;
	if (shares_over_rates(vector))
		till_vector_out(vector, "an order discount over units of different tax rates");
	read_basket(draft);
	g_autoptr(TillPromoEngineResult) result = till_promo_draft_run(draft);
	if (result == NULL)
		return;
	check_applied(vector, result);
	check_taxed(draft, result);
}
