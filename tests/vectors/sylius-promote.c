/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "quantity.h"
#include "sylius-cart.h"

/* Sylius: promotions run by priority, an exclusive one that gives anything runs alone; those of the
 * price list before all others. Percentages on items are of the price and rounded per unit. All are
 * of one stage, so that priority, then the listed order, decides. */

#define EXPONENT TILL_SYLIUS_CART_EXPONENT
#define GUEST "guest" /* limits per customer let those in that nobody knows */
#define NO_PURCHASE (-1)

typedef struct {
	const char *word;
	gint64 from_ms, to_ms;
} Validity;

static const Validity validities[] = {
    {"expired", 0, TILL_PROMO_DRAFT_NOW_MS},
    {"ended_yesterday", 0, TILL_PROMO_DRAFT_NOW_MS - 1},
    {"yesterday", 0, TILL_PROMO_DRAFT_NOW_MS - 1},
    {"started_yesterday", TILL_PROMO_DRAFT_NOW_MS - 1, 0},
    {"starts_tomorrow", TILL_PROMO_DRAFT_NOW_MS + 1, 0},
    {"not_started", TILL_PROMO_DRAFT_NOW_MS + 1, 0},
    {"ends_tomorrow", 0, TILL_PROMO_DRAFT_NOW_MS + 1},
    {"tomorrow", 0, TILL_PROMO_DRAFT_NOW_MS + 1},
};

static json_t *
read_validity(TillVector *vector, const char *word)
{
	for (gsize i = 0; i < G_N_ELEMENTS(validities); i++) {
		if (strcmp(validities[i].word, word) == 0)
			return json_pack("{s:I, s:I}", "from_ms", (json_int_t)validities[i].from_ms,
					 "to_ms", (json_int_t)validities[i].to_ms);
	}
	till_vector_out(vector, "validity \"%s\"", word);
	return json_object();
}

static gint64
money(TillPromoDraft *draft, const json_t *object, const char *key)
{
	return till_vector_scaled(draft->vector, object, key, EXPONENT);
}

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
			 (json_int_t)money(draft, json, "value"));
}

static json_t *
read_filter(TillPromoDraft *draft, const json_t *filter)
{
	const json_t *products = json_object_get(filter, "products");
	const json_t *categories = json_object_get(filter, "categories");
	json_t *items = json_object();

	till_vector_known(draft->vector, filter, "products categories price_min price_max");
	if (products != NULL)
		json_object_set_new(items, "skus", json_deep_copy(products));
	if (categories != NULL)
		json_object_set_new(items, "categories", json_deep_copy(categories));
	json_object_set_new(
	    items, "price_min_minor",
	    json_integer(till_vector_scaled_or(draft->vector, filter, "price_min", EXPONENT, 0)));
	json_object_set_new(
	    items, "price_max_minor",
	    json_integer(till_vector_scaled_or(draft->vector, filter, "price_max", EXPONENT, 0)));
	return items;
}

static json_t *
read_action(TillPromoDraft *draft, const json_t *action)
{
	const char *target = till_vector_text_or(action, "target", "");
	const json_t *filter = json_object_get(action, "filter");
	gboolean order = strcmp(target, "order") == 0;
	json_t *effect = make_effect(draft, action, order ? "basket" : "units");

	till_vector_known(draft->vector, action, "target type value filter");
	if (!order && strcmp(target, "item") != 0)
		till_vector_out(draft->vector, "action on \"%s\"", target);
	if (filter != NULL)
		json_object_set_new(effect, "items", read_filter(draft, filter));
	return effect;
}

/* What the basket must hold; NULL: the condition is on the customer and stands in promo. */
static json_t *
read_condition(TillPromoDraft *draft, const json_t *json, json_t *promo)
{
	TillVector *vector = draft->vector;
	const char *type = till_vector_text_or(json, "type", "");

	till_vector_known(vector, json, "type value product categories category group n");
	if (strcmp(type, "cart_quantity_min") == 0)
		return json_pack("{s:I}", "quantity",
				 (json_int_t)till_vector_scaled(vector, json, "value", 0));
	if (strcmp(type, "items_total_min") == 0)
		return json_pack("{s:I}", "amount_minor", (json_int_t)money(draft, json, "value"));
	if (strcmp(type, "contains_product") == 0)
		return json_pack(
		    "{s:i, s:o}", "quantity", 1, "items",
		    till_promo_draft_items("skus", till_vector_text_or(json, "product", "")));
	if (strcmp(type, "contains_category") == 0)
		return json_pack(
		    "{s:i, s:o}", "quantity", 1, "items",
		    till_promo_draft_items_list("categories", json_object_get(json, "categories")));
	if (strcmp(type, "category_items_total_min") == 0)
		return json_pack("{s:I, s:o}", "amount_minor",
				 (json_int_t)money(draft, json, "value"), "items",
				 till_promo_draft_items("categories",
							till_vector_text_or(json, "category", "")));
	if (strcmp(type, "customer_group") == 0)
		json_object_set_new(
		    promo, "who",
		    till_promo_draft_items("groups", till_vector_text_or(json, "group", "")));
	else if (strcmp(type, "nth_order_of_customer") == 0)
		json_object_set_new(
		    promo, "who",
		    json_pack("{s:I}", "purchase",
			      (json_int_t)till_vector_scaled(vector, json, "n", 0)));
	else
		till_vector_out(vector, "condition \"%s\"", type);
	return NULL;
}

static void
read_conditions(TillPromoDraft *draft, const json_t *list, json_t *promo)
{
	json_t *needs = json_array();

	for (gsize i = 0; i < json_array_size(list); i++) {
		gboolean had = json_object_get(promo, "who") != NULL;
		json_t *need = read_condition(draft, json_array_get(list, i), promo);
		if (need != NULL)
			json_array_append_new(needs, need);
		else if (had)
			till_vector_out(draft->vector, "two conditions on the customer");
	}
	json_object_set_new(promo, "needs", needs);
}

/* Earlier uses of a coupon; a cancelled order gives it back unless the coupon says otherwise. */
static gint64
count_uses(const TillVector *vector, const json_t *coupon)
{
	const json_t *history = json_object_get(vector->inputs, "customer_history");
	gboolean given_back = till_vector_flag_or(coupon, "reusable_after_cancel", TRUE);
	gint64 uses = 0;

	for (gsize i = 0; i < json_array_size(history); i++) {
		const json_t *order = json_array_get(history, i);
		if (g_strcmp0(till_vector_text_or(order, "coupon", NULL),
			      till_vector_text_or(coupon, "code", "")) == 0 &&
		    !(given_back && till_vector_flag_or(order, "cancelled", FALSE)))
			uses++;
	}
	return uses;
}

static void
read_coupon(TillPromoDraft *draft, const json_t *coupon, json_t *promo, const char *entered)
{
	TillVector *vector = draft->vector;
	const char *code = till_vector_text_or(coupon, "code", "");
	const char *until = till_vector_text_or(coupon, "valid_until", NULL);
	gint64 limit = till_vector_scaled_or(vector, coupon, "usage_limit", 0, 0);
	gint64 each = till_vector_scaled_or(vector, coupon, "per_customer_limit", 0, 0);
	gint64 uses = count_uses(vector, coupon);

	till_vector_known(vector, coupon,
			  "code valid_until expired usage_limit per_customer_limit "
			  "reusable_after_cancel usage_limit_reached");
	if (till_vector_flag_or(coupon, "usage_limit_reached", FALSE))
		limit = uses = MAX(limit, 1);
	if (till_vector_flag_or(coupon, "expired", FALSE))
		until = "expired";
	if (until != NULL)
		json_object_set_new(promo, "valid", read_validity(vector, until));
	json_object_set_new(promo, "coupon",
			    json_pack("{s:[s], s:I, s:I}", "codes", code, "uses", (json_int_t)limit,
				      "uses_per_customer", (json_int_t)each));
	if (entered != NULL && strcmp(entered, code) == 0)
		till_promo_draft_coupon(draft, code, uses, uses);
}

static void
read_promotion(TillPromoDraft *draft, const json_t *json, const char *entered)
{
	TillVector *vector = draft->vector;
	const json_t *actions = json_object_get(json, "actions");
	const json_t *coupon = json_object_get(json, "coupon");
	const char *validity = till_vector_text_or(json, "validity", NULL);
	gint64 limit = till_vector_scaled_or(vector, json, "usage_limit", 0, 0);
	gboolean reached = till_vector_flag_or(json, "usage_limit_reached", FALSE);
	json_t *effects = json_array();
	json_t *promo = json_pack(
	    "{s:s, s:I, s:s, s:b, s:o}", "stage", "basket", "priority",
	    (json_int_t)till_vector_scaled_or(vector, json, "priority", 0, 0), "stacking",
	    till_vector_flag_or(json, "exclusive", FALSE) ? "exclusive" : "stacks", "skip_reduced",
	    !till_vector_flag_or(json, "applies_to_discounted", TRUE), "effects", effects);

	till_vector_known(vector, json,
			  "name priority exclusive conditions actions coupon validity usage_limit "
			  "usage_limit_reached applies_to_discounted");
	for (gsize i = 0; i < json_array_size(actions); i++)
		json_array_append_new(effects, read_action(draft, json_array_get(actions, i)));
	read_conditions(draft, json_object_get(json, "conditions"), promo);
	if (coupon != NULL)
		read_coupon(draft, coupon, promo, entered);
	if (validity != NULL)
		json_object_set_new(promo, "valid", read_validity(vector, validity));
	limit = reached ? MAX(limit, 1) : limit;
	json_object_set_new(promo, "limits", json_pack("{s:I}", "uses", (json_int_t)limit));
	/* One without actions gives nothing, whatever else it says. */
	if (!till_vector_open(vector) || json_array_size(actions) == 0) {
		json_decref(promo);
		return;
	}
	const char *id =
	    till_promo_draft_promo(draft, till_vector_text_or(json, "name", "?"), promo);
	till_promo_draft_usage(draft, id, reached ? limit : 0, 0);
}

static void
read_catalog_promotion(TillPromoDraft *draft, const json_t *json)
{
	static const char *const lists[][2] = {
	    {"product", "skus"}, {"variant", "styles"}, {"taxon", "categories"}};
	TillVector *vector = draft->vector;
	const json_t *scope = json_object_get(json, "applies_to");
	json_t *effect = make_effect(draft, json, "units");
	json_t *items = json_pack("{s:b}", "any", 1);

	till_vector_known(vector, json, "name type value applies_to priority exclusive");
	till_vector_known(vector, scope, "product variant taxon");
	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
		const json_t *names = json_object_get(scope, lists[i][0]);
		if (names != NULL)
			json_object_set_new(items, lists[i][1], json_deep_copy(names));
	}
	json_object_set_new(effect, "items", items);
	json_t *promo =
	    json_pack("{s:s, s:I, s:s, s:[o]}", "stage", "shelf", "priority",
		      (json_int_t)till_vector_scaled_or(vector, json, "priority", 0, 0), "stacking",
		      till_vector_flag_or(json, "exclusive", FALSE) ? "exclusive" : "stacks",
		      "effects", effect);
	if (!till_vector_open(vector)) {
		json_decref(promo);
		return;
	}
	(void)till_promo_draft_promo(draft, till_vector_text_or(json, "name", "?"), promo);
}

static void
read_customer(TillPromoDraft *draft)
{
	const json_t *customer = json_object_get(draft->vector->inputs, "customer");
	const json_t *history = json_object_get(draft->vector->inputs, "customer_history");
	const char *group = till_vector_text_or(customer, "group", NULL);

	draft->context.customer = GUEST;
	draft->context.purchases = NO_PURCHASE;
	if (customer == NULL)
		return;
	till_vector_known(draft->vector, customer, "logged_in group");
	if (group != NULL)
		draft->context.groups = till_promo_draft_keep_list(draft, group);
	if (!till_vector_flag_or(customer, "logged_in", FALSE))
		return;
	draft->context.purchases = 0;
	for (gsize i = 0; i < json_array_size(history); i++) {
		const json_t *order = json_array_get(history, i);
		till_vector_known(draft->vector, order, "order products coupon cancelled");
		if (!till_vector_flag_or(order, "cancelled", FALSE))
			draft->context.purchases++;
	}
}

static void
read_line(TillPromoDraft *draft, const TillSyliusLine *from)
{
	TillVector *vector = draft->vector;
	TillPromoLine *line =
	    till_promo_draft_line(draft, till_vector_text_or(from->product, "name", ""),
				  from->price_minor * from->quantity, from->quantity);

	till_vector_known(vector, from->product,
			  "name price variants categories tax_category minimum_price");
	if (from->variant != from->product)
		till_vector_known(vector, from->variant, "name price minimum_price");
	line->style = till_vector_text_or(from->variant, "name", "");
	line->minimum_unit_minor =
	    till_vector_scaled_or(vector, from->variant, "minimum_price", EXPONENT, 0);
	till_promo_draft_categories(draft, line, json_object_get(from->product, "categories"));
}

TillPromoEngineResult *
till_sylius_promote_run(TillSyliusCart *cart)
{
	TillVector *vector = cart->vector;
	const json_t *promos = json_object_get(vector->inputs, "promotions");
	const json_t *catalog = json_object_get(vector->inputs, "catalog_promotions");
	g_autoptr(TillPromoDraft) draft = till_promo_draft_new(vector, EXPONENT);

	draft->context.policy.choice = TILL_PROMO_ENGINE_FIRST;
	draft->context.policy.round_per_unit = TRUE;
	draft->context.policy.percent = TILL_PROMO_ENGINE_OF_PRICE;
	read_customer(draft);
	for (guint i = 0; i < cart->lines->len; i++)
		read_line(draft, &g_array_index(cart->lines, TillSyliusLine, i));
	for (gsize i = 0; i < json_array_size(catalog); i++)
		read_catalog_promotion(draft, json_array_get(catalog, i));
	for (gsize i = 0; i < json_array_size(promos); i++)
		read_promotion(draft, json_array_get(promos, i), cart->code);
	if (cart->code != NULL && draft->coupons->len == 0)
		till_promo_draft_coupon(draft, cart->code, 0, 0);
	TillPromoEngineResult *result = till_promo_draft_run(draft);
	for (guint i = 0; result != NULL && i < cart->lines->len; i++)
		g_array_index(cart->lines, TillSyliusLine, i).discount_minor =
		    till_promo_draft_discount(result, i);
	return result;
}

gint64
till_sylius_promote_discount(const TillPromoEngineResult *result)
{
	gint64 sum = 0;

	for (guint i = 0; i < result->discounts->len; i++) {
		const TillPromoEngineDiscount *discount =
		    &g_array_index(result->discounts, TillPromoEngineDiscount, i);
		sum += discount->promo->stage != TILL_PROMO_SHELF ? discount->amount_minor : 0;
	}
	return sum;
}
