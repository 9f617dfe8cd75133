/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "allocation.h"
#include "registry.h"
#include "sylius-cart.h"

/* Sylius' promotions on a cart, and its price-list promotions on what a shelf shows. */

#define EXPONENT TILL_SYLIUS_CART_EXPONENT
#define UNITS_MAX 100

static const TillSyliusLine *
find_line(const TillSyliusCart *cart, const char *name)
{
	for (guint i = 0; i < cart->lines->len; i++) {
		const TillSyliusLine *line = &g_array_index(cart->lines, TillSyliusLine, i);
		if (strcmp(line->name, name) == 0)
			return line;
	}
	return NULL;
}

/* A line's discount over its units: evenly, left-over cents to the first ones. */
static void
check_units(TillVector *vector, const json_t *list, const TillSyliusLine *line)
{
	static const gint64 even[UNITS_MAX] = {0};
	gint64 shares[UNITS_MAX];

	if (list == NULL)
		return;
	if (line->quantity > UNITS_MAX || json_array_size(list) != (gsize)line->quantity ||
	    !till_allocation_share(line->discount_minor, even, (gsize)line->quantity, shares)) {
		till_vector_fail(vector, "not that many units");
		return;
	}
	for (gsize i = 0; i < json_array_size(list); i++)
		till_vector_expect(vector, json_array_get(list, i), NULL, shares[i], EXPONENT,
				   "a unit's discount");
}

/* Sylius shows a line's discount without its share of one on the order when it has both. */
static gboolean
has_both_targets(const TillVector *vector)
{
	const json_t *promos = json_object_get(vector->inputs, "promotions");
	gboolean order = FALSE, item = FALSE;

	for (gsize i = 0; i < json_array_size(promos); i++) {
		const json_t *actions = json_object_get(json_array_get(promos, i), "actions");
		for (gsize a = 0; a < json_array_size(actions); a++) {
			const char *target =
			    till_vector_text_or(json_array_get(actions, a), "target", "");
			order |= strcmp(target, "order") == 0;
			item |= strcmp(target, "item") == 0;
		}
	}
	return order && item;
}

static void
check_line(TillVector *vector, const TillSyliusCart *cart, const json_t *json)
{
	const TillSyliusLine *line = find_line(cart, till_vector_text_or(json, "product", ""));

	till_vector_known(vector, json,
			  "product line_discount line_total unit_discounts unit_price_after");
	if (line == NULL) {
		till_vector_fail(vector, "no line of %s", till_vector_text_or(json, "product", ""));
		return;
	}
	if (has_both_targets(vector) && json_object_get(json, "line_discount") != NULL)
		till_vector_out(vector, "line_discount with discounts on items and on the order");
	gint64 net = line->price_minor * line->quantity - line->discount_minor;
	till_vector_expect(vector, json, "line_discount", line->discount_minor, EXPONENT,
			   "a line's discount");
	till_vector_expect(vector, json, "line_total", net, EXPONENT, "a line's total");
	till_vector_expect_exact(
	    vector, json, "unit_price_after",
	    till_ratio_divide(till_ratio_of(net, MAX(line->quantity, 1)), till_ratio_whole(100)),
	    EXPONENT, "a unit's price");
	check_units(vector, json_object_get(json, "unit_discounts"), line);
}

static void
check_coupon(TillVector *vector, const TillPromoEngineResult *result)
{
	const json_t *accepted = json_object_get(vector->expected, "coupon_accepted");
	gboolean applied = FALSE;

	for (guint i = 0; i < result->coupons->len; i++)
		applied |= g_array_index(result->coupons, TillPromoEngineCouponAnswer, i).reason ==
			   TILL_PROMO_ENGINE_APPLIED;
	if (accepted != NULL && json_is_true(accepted) != applied)
		till_vector_fail(vector, "the coupon was %s", applied ? "accepted" : "refused");
}

void
till_promo_sylius_run(TillVector *vector)
{
	const json_t *lines = json_object_get(vector->expected, "lines");

	till_vector_known(vector, vector->inputs,
			  "products promotions catalog_promotions customer customer_history "
			  "cart_steps");
	till_vector_known(vector, vector->expected,
			  "total discount lines line_count coupon_accepted");
	g_autoptr(TillSyliusCart) cart = till_sylius_cart_new(vector);
	g_autoptr(TillPromoEngineResult) result = till_sylius_promote_run(cart);
	if (result == NULL)
		return;
	till_vector_expect(vector, vector->expected, "total", result->net_minor, EXPONENT,
			   "the total");
	till_vector_expect(vector, vector->expected, "discount",
			   till_sylius_promote_discount(result), EXPONENT, "the discount");
	till_vector_expect(vector, vector->expected, "line_count", cart->lines->len, 0,
			   "the number of lines");
	for (gsize i = 0; i < json_array_size(lines); i++)
		check_line(vector, cart, json_array_get(lines, i));
	check_coupon(vector, result);
}

/* --- the price list --- */

static TillSyliusCart *
create_asked(TillVector *vector, const char *name)
{
	TillSyliusCart *cart = till_sylius_cart_new(vector);

	if (!till_sylius_cart_add(cart, name, 1))
		till_vector_out(vector, "a product that is not in the case");
	return cart;
}

static void
check_names(TillVector *vector, const json_t *names, const TillPromoEngineResult *result)
{
	if (names == NULL)
		return;
	if (json_array_size(names) != result->discounts->len) {
		till_vector_fail(vector, "%u promotions apply, expected %u", result->discounts->len,
				 (guint)json_array_size(names));
		return;
	}
	for (guint i = 0; i < result->discounts->len; i++) {
		const char *name = json_string_value(json_array_get(names, i));
		if (g_strcmp0(
			g_array_index(result->discounts, TillPromoEngineDiscount, i).promo->name,
			name) != 0)
			till_vector_fail(vector, "\"%s\" does not apply here", name);
	}
}

static void
check_price(TillVector *vector, const json_t *json)
{
	g_autoptr(TillSyliusCart) cart =
	    create_asked(vector, till_vector_text_or(json, "variant", ""));
	g_autoptr(TillPromoEngineResult) result = till_sylius_promote_run(cart);

	till_vector_known(vector, json, "variant from to promotions");
	if (result == NULL)
		return;
	till_vector_expect(vector, json, "from", result->list_minor, EXPONENT, "the price before");
	till_vector_expect(vector, json, "to", result->net_minor, EXPONENT, "the price");
	check_names(vector, json_object_get(json, "promotions"), result);
}

void
till_promo_sylius_prices_run(TillVector *vector)
{
	const json_t *asked = json_object_get(vector->inputs, "prices_asked_for");
	const json_t *checks = json_object_get(vector->expected, "price_checks");
	const char *last = json_string_value(json_array_get(asked, json_array_size(asked) - 1));

	till_vector_known(vector, vector->inputs, "products catalog_promotions prices_asked_for");
	till_vector_known(vector, vector->expected, "shelf_price original_price price_checks");
	for (gsize i = 0; i < json_array_size(checks); i++)
		check_price(vector, json_array_get(checks, i));
	if (last == NULL)
		return;
	g_autoptr(TillSyliusCart) cart = create_asked(vector, last);
	g_autoptr(TillPromoEngineResult) result = till_sylius_promote_run(cart);
	if (result == NULL)
		return;
	till_vector_expect(vector, vector->expected, "shelf_price", result->net_minor, EXPONENT,
			   "the price on the shelf");
	till_vector_expect(vector, vector->expected, "original_price", result->list_minor, EXPONENT,
			   "the price before");
}

gboolean
till_promo_sylius_prices_wants(const TillVector *vector)
{
	return json_object_get(vector->inputs, "prices_asked_for") != NULL;
}
