/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "currency.h"
#include "json.h"
#include "promo-draft.h"
#include "registry.h"

/* Solidus: one benefit at a time on lines. Left-over cents of a spread amount go to the first
 * lines; percentages are rounded per line. Cases of "first_then_additional" name no price: the
 * product's is set so high that no discount is cut. */

#define PRICE_HIGH 100000
#define NO_CURRENCY "XTS" /* ISO 4217: for tests, no shop has it */

static const char *
line_name(const json_t *json, gsize index, char *room, gsize size)
{
	(void)g_snprintf(room, (gulong)size, "line %" G_GSIZE_FORMAT, index);
	return till_vector_text_or(json, "product", room);
}

static void
read_lines(TillPromoDraft *draft)
{
	TillVector *vector = draft->vector;
	const json_t *lines = json_object_get(vector->inputs, "lines");
	char room[32];

	if (json_object_get(vector->inputs, "quantity") != NULL) {
		gint64 pieces = till_vector_scaled(vector, vector->inputs, "quantity", 0);
		(void)till_promo_draft_line(draft, "line", PRICE_HIGH * pieces, pieces);
	}
	for (gsize i = 0; i < json_array_size(lines); i++) {
		const json_t *line = json_array_get(lines, i);
		gint64 pieces = till_vector_scaled(vector, line, "quantity", 0);
		till_vector_known(vector, line, "product price quantity");
		(void)till_promo_draft_line(
		    draft, line_name(line, i, room, sizeof room),
		    pieces * till_vector_scaled_or(vector, line, "price", draft->exponent, 0),
		    pieces);
	}
}

static gint64
money(const TillPromoDraft *draft, const json_t *object, const char *key)
{
	return till_vector_scaled(draft->vector, object, key, draft->exponent);
}

static int
compare_steps(gconstpointer a, gconstpointer b)
{
	const gint64 *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

/* {"100": "15", "200": "20"} as a scale. */
static json_t *
read_tiers(TillPromoDraft *draft, const json_t *object, const char *by, const char *value_name)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, 2 * sizeof(gint64));
	gboolean percent = strcmp(value_name, "rate_ppm") == 0;
	gboolean pieces = strcmp(by, "items_quantity") == 0;
	json_t *list = json_array();
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(gsize)object, key, value)
	{
		g_autoptr(json_t) from = json_string(key);
		gint64 step[2] = {
		    till_vector_scaled(draft->vector, from, NULL, pieces ? 0 : draft->exponent),
		    percent ? till_promo_draft_ppm(draft->vector, value, NULL)
			    : till_vector_scaled(draft->vector, value, NULL, draft->exponent)};
		g_array_append_vals(steps, step, 1);
	}
	g_array_sort(steps, compare_steps);
	for (guint i = 0; i < steps->len; i++) {
		const gint64 *step = (const gint64 *)(gconstpointer)steps->data + 2 * (gsize)i;
		json_array_append_new(list, json_pack("{s:I, s:I}", "from", (json_int_t)step[0],
						      value_name, (json_int_t)step[1]));
	}
	return json_pack("{s:s, s:o}", "by", by, "steps", list);
}

static json_t *
make_effect(const char *kind, const char *on, const char *value_name, gint64 value)
{
	return json_pack("{s:s, s:s, s:I}", "kind", kind, "on", on, value_name, (json_int_t)value);
}

static json_t *
make_only_lines(const json_t *indexes)
{
	json_t *names = json_array();

	for (gsize i = 0; i < json_array_size(indexes); i++) {
		g_autofree char *name = g_strdup_printf(
		    "line %" JSON_INTEGER_FORMAT, json_integer_value(json_array_get(indexes, i)));
		json_array_append_new(names, json_string(name));
	}
	return json_pack("{s:o}", "skus", names);
}

static json_t *
read_spread(TillPromoDraft *draft, const json_t *benefit)
{
	const json_t *only = json_object_get(benefit, "only_lines");
	json_t *effect;

	till_vector_known(draft->vector, benefit, "type amount currency only_lines");
	effect = make_effect("amount", "basket", "amount_minor", money(draft, benefit, "amount"));
	if (only != NULL)
		json_object_set_new(effect, "items", make_only_lines(only));
	return json_pack("[o]", effect);
}

static json_t *
read_first_then(TillPromoDraft *draft, const json_t *benefit)
{
	gint64 most = till_vector_scaled_or(draft->vector, benefit, "max_items", 0, 0);
	json_t *first, *further;

	till_vector_known(draft->vector, benefit, "type first_item additional_item max_items");
	first = make_effect("amount", "units", "amount_minor", money(draft, benefit, "first_item"));
	further = make_effect("amount", "units", "amount_minor",
			      money(draft, benefit, "additional_item"));
	json_object_set_new(first, "units", json_integer(1));
	json_object_set_new(further, "from_unit", json_integer(2));
	if (most > 1)
		json_object_set_new(further, "units", json_integer(most - 1));
	if (most == 1) {
		json_decref(further);
		return json_pack("[o]", first);
	}
	return json_pack("[o, o]", first, further);
}

static json_t *
read_capped(TillPromoDraft *draft, const json_t *benefit)
{
	json_t *effect;

	till_vector_known(draft->vector, benefit, "type percent max_amount");
	effect = make_effect("percent", "basket", "rate_ppm",
			     till_promo_draft_ppm(draft->vector, benefit, "percent"));
	json_object_set_new(effect, "cap_minor", json_integer(money(draft, benefit, "max_amount")));
	return json_pack("[o]", effect);
}

static json_t *
read_tiered_percent(TillPromoDraft *draft, const json_t *benefit, const char *by)
{
	json_t *effect = make_effect("percent", "lines", "rate_ppm",
				     till_promo_draft_ppm(draft->vector, benefit, "base_percent"));
	const json_t *eligible = json_object_get(benefit, "eligible");

	till_vector_known(draft->vector, benefit, "type base_percent tiers currency eligible");
	json_object_set_new(effect, "tiers",
			    read_tiers(draft, json_object_get(benefit, "tiers"), by, "rate_ppm"));
	if (eligible != NULL)
		json_object_set_new(effect, "items", till_promo_draft_items_list("skus", eligible));
	return json_pack("[o]", effect);
}

static json_t *
read_tiered_fixed(TillPromoDraft *draft, const json_t *benefit)
{
	json_t *effect =
	    make_effect("amount", "lines", "amount_minor", money(draft, benefit, "base"));

	till_vector_known(draft->vector, benefit, "type base tiers currency");
	json_object_set_new(
	    effect, "tiers",
	    read_tiers(draft, json_object_get(benefit, "tiers"), "line_amount", "amount_minor"));
	return json_pack("[o]", effect);
}

static json_t *
read_groups(TillPromoDraft *draft, const json_t *benefit)
{
	const json_t *tiers = json_object_get(benefit, "tiers_by_order_total");
	const char *percent =
	    json_object_get(benefit, "percent") != NULL ? "percent" : "base_percent";
	json_t *effect;

	till_vector_known(
	    draft->vector, benefit,
	    "type group_size amount_per_item percent base_percent tiers_by_order_total");
	if (json_object_get(benefit, "amount_per_item") != NULL)
		effect = make_effect("amount", "set", "amount_minor",
				     money(draft, benefit, "amount_per_item"));
	else
		effect = make_effect("percent", "set", "rate_ppm",
				     till_promo_draft_ppm(draft->vector, benefit, percent));
	json_object_set_new(effect, "each", json_true());
	json_object_set_new(
	    effect, "parts",
	    json_pack("[{s:I, s:s}]", "quantity",
		      (json_int_t)till_vector_scaled(draft->vector, benefit, "group_size", 0),
		      "pick", "first"));
	if (tiers != NULL)
		json_object_set_new(effect, "tiers",
				    read_tiers(draft, tiers, "basket_amount", "rate_ppm"));
	return json_pack("[o]", effect);
}

static json_t *
read_percent(TillPromoDraft *draft, const json_t *benefit)
{
	till_vector_known(draft->vector, benefit, "type percent");
	return json_pack("[o]",
			 make_effect("percent", "lines", "rate_ppm",
				     till_promo_draft_ppm(draft->vector, benefit, "percent")));
}

static json_t *
read_benefit(TillPromoDraft *draft, const json_t *benefit)
{
	const char *type = till_vector_text_or(benefit, "type", "percent");

	if (strcmp(type, "spread_amount") == 0)
		return read_spread(draft, benefit);
	if (strcmp(type, "first_then_additional") == 0)
		return read_first_then(draft, benefit);
	if (strcmp(type, "percent_with_cap") == 0)
		return read_capped(draft, benefit);
	if (strcmp(type, "tiered_percent_by_order_total") == 0)
		return read_tiered_percent(draft, benefit, "basket_amount");
	if (strcmp(type, "tiered_percent_by_eligible_quantity") == 0)
		return read_tiered_percent(draft, benefit, "items_quantity");
	if (strcmp(type, "tiered_fixed") == 0)
		return read_tiered_fixed(draft, benefit);
	if (strcmp(type, "per_complete_group_of_items") == 0)
		return read_groups(draft, benefit);
	if (strcmp(type, "percent") == 0)
		return read_percent(draft, benefit);
	if (strcmp(type, "fixed_per_line") == 0 || strcmp(type, "fixed_per_item") == 0) {
		till_vector_known(draft->vector, benefit, "type amount currency");
		return json_pack(
		    "[o]",
		    make_effect("amount", strcmp(type, "fixed_per_item") == 0 ? "units" : "lines",
				"amount_minor", money(draft, benefit, "amount")));
	}
	till_vector_out(draft->vector, "benefit \"%s\"", type);
	return json_array();
}

static void
read_promotion(TillPromoDraft *draft)
{
	TillVector *vector = draft->vector;
	const json_t *promotion = json_object_get(vector->inputs, "promotion");
	const json_t *benefit = json_object_get(vector->inputs, "benefit");
	const json_t *condition = json_object_get(promotion, "condition");
	json_t *effects;

	if (promotion != NULL) {
		till_vector_known(vector, promotion, "condition benefit");
		benefit = json_object_get(promotion, "benefit");
	}
	effects = read_benefit(draft, benefit);
	if (condition != NULL) {
		till_vector_known(vector, condition, "line_product");
		json_object_set_new(
		    json_array_get(effects, 0), "items",
		    till_promo_draft_items("skus",
					   till_vector_text_or(condition, "line_product", "")));
	}
	json_t *json = json_pack("{s:o}", "effects", effects);
	const char *currency = till_vector_text_or(benefit, "currency", NULL);
	if (currency != NULL)
		json_object_set_new(json, "currency",
				    json_string(*currency != '\0' ? currency : NO_CURRENCY));
	if (!till_vector_open(vector)) {
		json_decref(json);
		return;
	}
	(void)till_promo_draft_promo(draft, "Benefit", json);
}

static guint
find_line(const TillPromoDraft *draft, const char *name)
{
	for (guint i = 0; i < draft->lines->len; i++) {
		if (strcmp(g_array_index(draft->lines, TillPromoLine, i).sku, name) == 0)
			return i;
	}
	return 0;
}

static void
check_result(TillPromoDraft *draft, const TillPromoEngineResult *result)
{
	TillVector *vector = draft->vector;
	const json_t *list = json_object_get(vector->expected, "line_discounts");
	guint places = draft->exponent;

	till_vector_expect(vector, vector->expected, "item_total", result->list_minor, places,
			   "the items");
	till_vector_expect(vector, vector->expected, "total", result->net_minor, places,
			   "the total");
	till_vector_expect(vector, vector->expected, "total_discount", result->discount_minor,
			   places, "the discount");
	till_vector_expect(vector, vector->expected, "line_discount",
			   till_promo_draft_discount(result, 0), places, "the line's discount");
	till_vector_expect(vector, vector->expected, "first_line_discount",
			   till_promo_draft_discount(result, 0), places,
			   "the first line's discount");
	till_vector_expect(vector, vector->expected, "shirt_line_discount",
			   till_promo_draft_discount(result, find_line(draft, "shirt")), places,
			   "the shirt's discount");
	for (gsize i = 0; i < json_array_size(list) && i < result->lines->len; i++)
		till_vector_expect(vector, json_array_get(list, i), NULL,
				   till_promo_draft_discount(result, (guint)i), places,
				   "a line's discount");
	if (json_array_size(list) > result->lines->len)
		till_vector_fail(vector, "more lines expected than there are");
}

void
till_promo_solidus_run(TillVector *vector)
{
	const TillCurrency *currency =
	    till_currency_find(till_vector_text_or(vector->inputs, "currency", "USD"));

	till_vector_known(vector, vector->inputs, "lines currency quantity benefit promotion");
	till_vector_known(vector, vector->expected,
			  "item_total total total_discount line_discount line_discounts "
			  "first_line_discount shirt_line_discount");
	if (currency == NULL) {
		till_vector_out(vector, "currency the product does not know");
		return;
	}
	g_autoptr(TillPromoDraft) draft = till_promo_draft_new(vector, (guint)currency->exponent);
	draft->context.currency = currency->code;
	draft->context.policy.spread = TILL_PROMO_ENGINE_FIRST_LINES;
	read_lines(draft);
	read_promotion(draft);
	g_autoptr(TillPromoEngineResult) result = till_promo_draft_run(draft);
	if (result != NULL)
		check_result(draft, result);
}
