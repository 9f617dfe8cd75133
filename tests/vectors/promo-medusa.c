/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "promo-draft.h"
#include "registry.h"

/* Medusa: nothing is rounded (amounts are taken to six places and compared to four); promotions
 * work in the order of the codes, automatic ones first; a line's first max_quantity units are taken
 * to carry all earlier discounts of the line. */

#define EXPONENT 6
#define PLACES 4
#define AUTOMATIC_FIRST 1000
#define BUYGET_FIRST 2000

/* Where an attribute of a rule stands on a line. */
static const char *
find_list(const char *attribute)
{
	static const char *const names[][2] = {
	    {"product.id", "styles"},
	    {"product_category.id", "categories"},
	    {"id", "skus"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		if (strcmp(names[i][0], attribute) == 0)
			return names[i][1];
	}
	return NULL;
}

static json_t *
read_items(TillVector *vector, const json_t *rules)
{
	json_t *items = json_object();

	for (gsize i = 0; i < json_array_size(rules); i++) {
		const json_t *rule = json_array_get(rules, i);
		const char *attribute = till_vector_text_or(rule, "attribute", "");
		const char *operator= till_vector_text_or(rule, "operator", "");
		const char *list = find_list(attribute);
		till_vector_known(vector, rule, "attribute operator values");
		if (list == NULL)
			till_vector_out(vector, "a rule on \"%s\"", attribute);
		else if (json_object_get(items, list) != NULL)
			till_vector_out(vector, "two rules on one attribute");
		else if (strcmp(operator, "eq") != 0 && strcmp(operator, "in") != 0)
			till_vector_out(vector, "rule operator \"%s\"", operator);
		else
			json_object_set_new(items, list,
					    json_deep_copy(json_object_get(rule, "values")));
	}
	return items;
}

static json_t *
make_effect(TillPromoDraft *draft, const json_t *json, const char *on)
{
	const char *type = till_vector_text_or(json, "value_type", "");

	if (strcmp(type, "percentage") == 0)
		return json_pack("{s:s, s:s, s:I}", "kind", "percent", "on", on, "rate_ppm",
				 (json_int_t)till_promo_draft_ppm(draft->vector, json, "value"));
	if (strcmp(type, "fixed") != 0)
		till_vector_out(draft->vector, "value type \"%s\"", type);
	return json_pack("{s:s, s:s, s:I}", "kind", "amount", "on", on, "amount_minor",
			 (json_int_t)till_vector_scaled(draft->vector, json, "value", EXPONENT));
}

static gint64
pieces_or(TillPromoDraft *draft, const json_t *json, const char *key, gint64 fallback)
{
	return till_vector_scaled_or(draft->vector, json, key, 0, fallback);
}

static json_t *
read_standard(TillPromoDraft *draft, const json_t *json)
{
	const char *target = till_vector_text_or(json, "target", "");
	const char *allocation = till_vector_text_or(json, "allocation", "across");
	gboolean order = strcmp(target, "order") == 0, each = strcmp(allocation, "each") == 0;
	gboolean percent = strcmp(till_vector_text_or(json, "value_type", ""), "percentage") == 0;
	json_t *effect;

	if (!order && strcmp(target, "items") != 0)
		till_vector_out(draft->vector, "promotion on \"%s\"", target);
	if (!each && strcmp(allocation, "across") != 0)
		till_vector_out(draft->vector, "allocation \"%s\"", allocation);
	effect = make_effect(draft, json, !order && (each || percent) ? "lines" : "basket");
	if (!order && each)
		json_object_set_new(effect, "units",
				    json_integer(pieces_or(draft, json, "max_quantity", 0)));
	json_object_set_new(effect, "items",
			    read_items(draft->vector, json_object_get(json, "target_rules")));
	return json_pack("{s:[o]}", "effects", effect);
}

static json_t *
read_buyget(TillPromoDraft *draft, const json_t *json)
{
	TillVector *vector = draft->vector;
	gint64 get = pieces_or(draft, json, "apply_to_quantity", 1);
	gint64 most = pieces_or(draft, json, "max_quantity", 0);
	json_t *effect = make_effect(draft, json, "set");

	json_object_set_new(effect, "each", json_true());
	json_object_set_new(
	    effect, "parts",
	    json_pack("[{s:o, s:I}, {s:o, s:I, s:b}]", "items",
		      read_items(vector, json_object_get(json, "buy_rules")), "quantity",
		      (json_int_t)pieces_or(draft, json, "buy_rules_min_quantity", 1), "items",
		      read_items(vector, json_object_get(json, "target_rules")), "quantity",
		      (json_int_t)get, "reward", 1));
	return json_pack("{s:[o], s:{s:I}}", "effects", effect, "limits", "per_basket",
			 (json_int_t)(most > 0 ? MAX(most / get, 1) : 0));
}

static void
read_budget(TillPromoDraft *draft, const json_t *budget, json_t *promo, gint64 *out_used)
{
	const char *type = till_vector_text_or(budget, "type", "");
	gboolean spend = strcmp(type, "spend") == 0;
	guint places = spend ? EXPONENT : 0;
	json_t *limits = json_object_get(promo, "limits");

	till_vector_known(draft->vector, budget, "type limit used");
	if (!spend && strcmp(type, "usage") != 0)
		till_vector_out(draft->vector, "budget type \"%s\"", type);
	if (limits == NULL) {
		limits = json_object();
		json_object_set_new(promo, "limits", limits);
	}
	json_object_set_new(
	    limits, spend ? "budget_minor" : "uses",
	    json_integer(till_vector_scaled(draft->vector, budget, "limit", places)));
	*out_used = till_vector_scaled_or(draft->vector, budget, "used", places, 0);
}

static void
read_customer_rules(TillPromoDraft *draft, const json_t *rules, json_t *promo)
{
	const json_t *rule = json_array_get(rules, 0);

	if (json_array_size(rules) == 0)
		return;
	till_vector_known(draft->vector, rule, "attribute operator values");
	if (json_array_size(rules) > 1 ||
	    strcmp(till_vector_text_or(rule, "attribute", ""), "customer.customer_group.id") != 0)
		till_vector_out(draft->vector, "a customer rule that is not on the group");
	json_object_set_new(
	    promo, "who",
	    json_pack("{s:o}", "groups", json_deep_copy(json_object_get(rule, "values"))));
}

static gint64
find_priority(const TillVector *vector, const json_t *json)
{
	const json_t *codes = json_object_get(vector->inputs, "codes_entered");
	const char *code = till_vector_text_or(json, "code", "");
	gsize i = 0;

	gint64 base =
	    strcmp(till_vector_text_or(json, "kind", ""), "buyget") == 0 ? BUYGET_FIRST : 0;

	if (till_vector_flag_or(json, "automatic", FALSE))
		return base + AUTOMATIC_FIRST;
	while (i < json_array_size(codes) &&
	       g_strcmp0(json_string_value(json_array_get(codes, i)), code) != 0)
		i++;
	return base - (gint64)i;
}

static void
read_promotion(TillPromoDraft *draft, const json_t *json)
{
	TillVector *vector = draft->vector;
	const char *kind = till_vector_text_or(json, "kind", "");
	const char *code = till_vector_text_or(json, "code", "?");
	const json_t *budget = json_object_get(json, "budget");
	gboolean buyget = strcmp(kind, "buyget") == 0;
	json_t *promo = buyget ? read_buyget(draft, json) : read_standard(draft, json);
	gint64 used = 0;

	till_vector_known(vector, json,
			  "code automatic kind value_type value target allocation max_quantity "
			  "apply_to_quantity buy_rules_min_quantity target_rules buy_rules "
			  "customer_rules budget");
	if (!buyget && strcmp(kind, "standard") != 0)
		till_vector_out(vector, "promotion kind \"%s\"", kind);
	if (budget != NULL)
		read_budget(draft, budget, promo, &used);
	read_customer_rules(draft, json_object_get(json, "customer_rules"), promo);
	json_object_set_new(promo, "stage", json_string("item"));
	json_object_set_new(promo, "priority", json_integer(find_priority(vector, json)));
	if (!till_vector_flag_or(json, "automatic", FALSE))
		json_object_set_new(promo, "coupon", till_promo_draft_items("codes", code));
	if (!till_vector_open(vector)) {
		json_decref(promo);
		return;
	}
	const char *id = till_promo_draft_promo(draft, code, promo);
	gboolean spend = strcmp(till_vector_text_or(budget, "type", ""), "spend") == 0;
	till_promo_draft_usage(draft, id, spend ? 0 : used, spend ? used : 0);
}

static void
read_line(TillPromoDraft *draft, const json_t *json)
{
	TillVector *vector = draft->vector;
	const json_t *category = json_object_get(json, "product_category");
	const json_t *product = json_object_get(json, "product");
	TillPromoLine *line =
	    till_promo_draft_line(draft, till_vector_text_or(json, "id", "?"),
				  till_vector_scaled(vector, json, "subtotal", EXPONENT),
				  till_vector_scaled(vector, json, "quantity", 0));

	till_vector_known(vector, json, "id quantity subtotal product_category product");
	line->style = till_vector_text_or(product, "id", NULL);
	if (category != NULL)
		line->categories =
		    till_promo_draft_keep_list(draft, till_vector_text_or(category, "id", ""));
}

static void
read_customer(TillPromoDraft *draft)
{
	const json_t *customer = json_object_get(draft->vector->inputs, "customer");
	const json_t *group = json_object_get(customer, "customer_group");

	if (!json_is_object(customer))
		return;
	till_vector_known(draft->vector, customer, "customer_group");
	draft->context.customer = "customer";
	if (group != NULL)
		draft->context.groups =
		    till_promo_draft_keep_list(draft, till_vector_text_or(group, "id", ""));
}

static void
check_share(TillVector *vector, const TillPromoDraft *draft, const TillPromoEngineResult *result,
	    const json_t *json)
{
	const char *code = till_vector_text_or(json, "code", "");
	const char *name = till_vector_text_or(json, "line", "");
	gint64 share = 0;

	till_vector_known(vector, json, "line code amount");
	for (guint d = 0; d < result->discounts->len; d++) {
		const TillPromoEngineDiscount *discount =
		    &g_array_index(result->discounts, TillPromoEngineDiscount, d);
		for (guint i = 0; i < draft->lines->len; i++) {
			if (strcmp(discount->promo->name, code) == 0 &&
			    strcmp(g_array_index(draft->lines, TillPromoLine, i).sku, name) == 0)
				share += till_promo_draft_share(result, d, i);
		}
	}
	till_vector_expect_near(
	    vector, json, "amount",
	    till_ratio_divide(till_ratio_whole(share), till_ratio_whole(1000000)), PLACES,
	    "a share");
}

static void
check_result(const TillPromoDraft *draft, const TillPromoEngineResult *result)
{
	TillVector *vector = draft->vector;
	const json_t *list = json_object_get(vector->expected, "discounts");
	const json_t *names = json_object_get(vector->expected, "budget_exceeded");
	gsize exceeded = 0;

	for (gsize i = 0; i < json_array_size(list); i++)
		check_share(vector, draft, result, json_array_get(list, i));
	if (json_array_size(list) != result->shares->len)
		till_vector_fail(vector, "%u shares, expected %u", result->shares->len,
				 (guint)json_array_size(list));
	for (guint i = 0; i < result->refusals->len; i++) {
		const TillPromoEngineRefusal *refusal =
		    &g_array_index(result->refusals, TillPromoEngineRefusal, i);
		if (refusal->reason != TILL_PROMO_ENGINE_BUDGET &&
		    refusal->reason != TILL_PROMO_ENGINE_USED_UP)
			continue;
		const char *name = json_string_value(json_array_get(names, exceeded++));
		if (g_strcmp0(name, refusal->promo->name) != 0)
			till_vector_fail(vector, "the budget of %s was exceeded",
					 refusal->promo->name);
	}
	if (json_array_size(names) != exceeded)
		till_vector_fail(vector, "%u budgets were exceeded", (guint)exceeded);
}

void
till_promo_medusa_run(TillVector *vector)
{
	const json_t *lines = json_object_get(vector->inputs, "lines");
	const json_t *promos = json_object_get(vector->inputs, "promotions");
	const json_t *codes = json_object_get(vector->inputs, "codes_entered");

	till_vector_known(vector, vector->inputs, "codes_entered customer lines promotions");
	till_vector_known(vector, vector->expected, "discounts budget_exceeded");
	g_autoptr(TillPromoDraft) draft = till_promo_draft_new(vector, EXPONENT);
	draft->context.policy.limited = TILL_PROMO_ENGINE_ON_LIMITED;
	read_customer(draft);
	for (gsize i = 0; i < json_array_size(lines); i++)
		read_line(draft, json_array_get(lines, i));
	for (gsize i = 0; i < json_array_size(promos); i++)
		read_promotion(draft, json_array_get(promos, i));
	for (gsize i = 0; i < json_array_size(codes); i++)
		till_promo_draft_coupon(draft, json_string_value(json_array_get(codes, i)), 0, 0);
	g_autoptr(TillPromoEngineResult) result = till_promo_draft_run(draft);
	if (result != NULL)
		check_result(draft, result);
}
