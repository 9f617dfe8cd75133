/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cash-rounding.h"
#include "promo-json.h"
#include "till-sample.h"
#include "till-test.h"

/* Whole sales at random: list prices by group and quantity, changes by hand, promotions, coupons,
 * taxes by line or document, certificates and cash rounding together. Parts alone are tried more
 * often elsewhere (100,000 baskets each of prices and of promotions). */

#define BASKETS 20000

static const char *const classes[] = {"standard", "reduced", "full", "double", "stacked", "zero"};
static const char *const skus[] = {"tee", "sock", "mug", "hat", "bag"};
static const char *const codes[] = {"FIVE", "ONCE", "NONE"};

static gint64
draw(TillTestRandom *random, gint64 min, gint64 max)
{
	return till_test_random_range(random, min, max);
}

static char *
draw_promotion(TillTestRandom *random, guint index)
{
	const char *sku = skus[draw(random, 0, G_N_ELEMENTS(skus) - 1)];
	const char *head = index % 3 == 0 ? "\"coupon\":{\"codes\":[\"FIVE\"]},"
			   : index % 3 == 1
			       ? "\"group\":\"g\","
			       : "\"coupon\":{\"codes\":[\"ONCE\"],\"uses\":1},\"priority\":2,";
	int rate = (int)draw(random, 1, 600000), minor = (int)draw(random, 1, 900);

	if (draw(random, 0, 2) == 0)
		head = "";
	switch (draw(random, 0, 4)) {
	case 0:
		return g_strdup_printf(
		    "{\"id\":\"p%u\",\"name\":\"Offer\",%s\"effects\":[{\"kind\":"
		    "\"percent\",\"rate_ppm\":%d,\"items\":{\"skus\":[\"%s\"]}}]}",
		    index, head, rate, sku);
	case 1:
		return g_strdup_printf(
		    "{\"id\":\"p%u\",\"name\":\"Offer\",%s\"effects\":[{\"kind\":"
		    "\"amount\",\"on\":\"basket\",\"amount_minor\":%d}]}",
		    index, head, minor);
	case 2:
		return g_strdup_printf(
		    "{\"id\":\"p%u\",\"name\":\"Offer\",%s\"effects\":[{\"kind\":"
		    "\"percent\",\"on\":\"set\",\"rate_ppm\":1000000,\"cheapest\":1,"
		    "\"parts\":[{\"items\":{\"skus\":[\"%s\",\"mug\"]},"
		    "\"quantity\":3}]}]}",
		    index, head, sku);
	case 3:
		return g_strdup_printf(
		    "{\"id\":\"p%u\",\"name\":\"Offer\",%s\"effects\":[{\"kind\":"
		    "\"fixed_price\",\"price_minor\":%d,\"items\":{\"skus\":["
		    "\"%s\"]}}]}",
		    index, head, minor, sku);
	default:
		return g_strdup_printf(
		    "{\"id\":\"p%u\",\"name\":\"Offer\",%s\"effects\":[{\"kind\":"
		    "\"percent\",\"on\":\"basket\",\"rate_ppm\":%d}]}",
		    index, head, rate);
	}
}

static GPtrArray *
draw_promotions(TillTestRandom *random)
{
	GPtrArray *promos = g_ptr_array_new_with_free_func((GDestroyNotify)till_promo_unref);
	guint count = (guint)draw(random, 0, 6);

	for (guint i = 0; i < count; i++) {
		g_autofree char *json = draw_promotion(random, i);
		g_autoptr(GError) error = NULL;
		TillPromo *promo = till_promo_json_parse(json, strlen(json), &error);
		g_assert_no_error(error);
		g_ptr_array_add(promos, promo);
	}
	return promos;
}

static TillItem *
draw_item(TillTestRandom *random)
{
	const char *sku = skus[draw(random, 0, G_N_ELEMENTS(skus) - 1)];
	gint64 price_minor = draw(random, 0, 4000);
	TillItem *item = draw(random, 0, 5) == 0 ? till_sample_weighed(sku, price_minor)
						 : till_sample_item(sku, price_minor);
	const TillPriceRow rows[] = {{"base", 0, 0, 0, price_minor},
				     {"base", 3000, 0, 0, price_minor * 9 / 10},
				     {"group:gold", 0, 0, 0, price_minor * 8 / 10}};

	g_free(item->tax_class);
	item->tax_class = g_strdup(classes[draw(random, 0, G_N_ELEMENTS(classes) - 1)]);
	if (draw(random, 0, 1) == 0)
		return item;
	item->prices = till_price_list_new();
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_true(till_price_list_add(item->prices, sku, &rows[i], NULL));
	return item;
}

static void
draw_line(TillTestRandom *random, TillBasket *basket)
{
	static char reason[] = "stain", staff[] = "s-1", nobody[] = "";
	g_autoptr(TillItem) item = draw_item(random);
	gint64 quantity_milli =
	    item->weighed ? draw(random, 1, 3000) : draw(random, 1, 5) * TILL_QUANTITY_ONE;
	TillManualKind kind = (TillManualKind)draw(random, 0, 9);
	TillManual manual = {kind, draw(random, 1, 3000), 0, reason, staff, nobody};
	guint line;

	if (till_basket_add(basket, item, "", quantity_milli, &line) != TILL_BASKET_OK)
		return;
	if (kind == TILL_MANUAL_PERCENT)
		manual.value = draw(random, 1, 1000000);
	if (kind != TILL_MANUAL_NONE && kind <= TILL_MANUAL_PERCENT)
		g_assert_cmpint(till_basket_set_manual(basket, line, &manual), ==, TILL_BASKET_OK);
}

static TillBasket *
draw_basket(TillTestRandom *random)
{
	static char number[] = "NY-7", full[] = "full";
	char *some[] = {full, NULL};
	TillExemption exemption = {.certificate = number,
				   .tax_classes = draw(random, 0, 1) == 0 ? some : NULL};
	TillBasket *basket = till_basket_new();
	TillShopper *shopper = till_basket_shopper(basket);
	gint64 count = draw(random, 1, 7);

	for (gint64 i = 0; i < count; i++)
		draw_line(random, basket);
	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
		if (draw(random, 0, 2) == 0)
			till_shopper_add_coupon(shopper, codes[i]);
	}
	if (draw(random, 0, 2) == 0) {
		g_autoptr(TillCustomer) customer = till_customer_new();
		customer->id = g_strdup("c-1");
		g_strfreev(customer->groups);
		customer->groups = till_customer_split("gold");
		till_shopper_set_customer(shopper, customer);
	}
	if (draw(random, 0, 7) == 0)
		g_assert_true(till_shopper_set_exemption(shopper, &exemption));
	return basket;
}

static gint64
sum_discounts(const GArray *discounts)
{
	gint64 sum = 0;

	for (guint i = 0; i < discounts->len; i++)
		sum += g_array_index(discounts, TillPricedDiscount, i).amount_minor;
	return sum;
}

/* Σ lines + tax on top = total, shares sum to their discount, nothing below zero. */
static void
check_sums(const TillPriced *priced)
{
	gint64 list = 0, discount = 0, tax = 0, total = 0;

	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		gint64 on_top = 0;
		g_assert_cmpint(line->discount_minor, ==, sum_discounts(line->discounts));
		g_assert_cmpint(line->discount_minor, >=, 0);
		g_assert_cmpint(line->discount_minor, <=, line->list_minor);
		for (guint t = 0; t < line->taxes->len; t++) {
			const TillPricedTax *row = &g_array_index(line->taxes, TillPricedTax, t);
			on_top += row->inclusive ? 0 : row->amount_minor;
		}
		g_assert_cmpint(line->total_minor, ==,
				line->list_minor - line->discount_minor - line->exempted_minor +
				    on_top);
		g_assert_cmpint(line->total_minor, >=, 0);
		list += line->list_minor;
		discount += line->discount_minor;
		tax += line->tax_minor;
		total += line->total_minor;
	}
	g_assert_cmpint(priced->list_minor, ==, list);
	g_assert_cmpint(priced->discount_minor, ==, discount);
	g_assert_cmpint(sum_discounts(priced->discounts), ==, discount);
	g_assert_cmpint(priced->tax_minor, ==, tax);
	g_assert_cmpint(priced->total_minor, ==, total);
}

static void
check_cash(TillTestRandom *random, gint64 total_minor)
{
	const TillCashRounding policy = {.step_minor = draw(random, 0, 1) == 0 ? 5 : 100,
					 .rounding =
					     (TillRounding)draw(random, 0, TILL_ROUND_FLOOR)};
	TillCashRoundingTender tender = {.cash = TRUE, .fills = TRUE};
	TillCashRoundingSettlement settled;

	g_assert_true(till_cash_rounding_settle(total_minor, &policy, &tender, 1, &settled));
	g_assert_cmpint(total_minor + settled.payment_rounding_minor +
			    settled.change_rounding_minor,
			==, tender.amount_minor - settled.change_minor);
	g_assert_cmpint(tender.amount_minor % policy.step_minor, ==, 0);
}

/* A body holds all of a price: lines, discounts, taxes, changes by hand, context. */
static GBytes *
write_body(const TillPriced *priced)
{
	g_autoptr(TillSale) sale = till_sale_new();

	sale->receipt = g_strdup("014-02-K7Q-000123");
	sale->store = g_strdup("014");
	sale->till = g_strdup("02");
	sale->staff_id = g_strdup("s-1");
	sale->staff_name = g_strdup("Ines");
	sale->opened_ms = sale->closed_ms = 1000;
	sale->priced = till_price_copy(priced);
	sale->tenders[0].tendered_minor = sale->tenders[0].amount_minor = priced->total_minor;
	sale->tender_count = priced->total_minor > 0 ? 1 : 0;
	return till_sale_to_bytes(sale);
}

static void
assert_same(GBytes *body, const TillPriced *priced)
{
	g_autoptr(GBytes) other = write_body(priced);

	g_assert_true(g_bytes_equal(body, other));
}

static TillPriceRules
make_rules(TillTestRandom *random, GPtrArray *promos)
{
	TillPriceRules rules = till_sample_rules();
	const TillPriceUse used = {draw(random, 0, 1), 0};

	rules.promos = till_promo_index_new((TillPromo *const *)promos->pdata, promos->len);
	rules.uses = till_price_uses_new();
	till_price_uses_add(rules.uses, TILL_PRICE_USES_COUPON, "ONCE", "", &used);
	rules.rounding = (TillRounding)draw(random, 0, TILL_ROUND_FLOOR);
	rules.promo_policy.rounding = (TillRounding)draw(random, 0, TILL_ROUND_FLOOR);
	return rules;
}

/* What the central does: the sale's own context, rules handed over in another order. */
static void
check_again(TillTestRandom *random, const TillBasket *basket, const TillPriceRules *rules,
	    GPtrArray *promos, GBytes *body)
{
	TillPriceRules there = *rules; /* borrows but the index */
	g_autoptr(GError) error = NULL;
	g_autoptr(TillSale) sale = till_sale_from_bytes(body, &error);

	g_assert_no_error(error);
	check_sums(sale->priced);
	for (guint i = promos->len; i > 1; i--) {
		guint other = (guint)draw(random, 0, i - 1);
		gpointer kept = promos->pdata[i - 1];
		promos->pdata[i - 1] = promos->pdata[other];
		promos->pdata[other] = kept;
	}
	there.promos = till_promo_index_new((TillPromo *const *)promos->pdata, promos->len);
	there.uses = NULL;
	g_autoptr(TillPriced) again =
	    till_price_again(basket, &there, sale->priced->context, &error);
	g_assert_no_error(error);
	assert_same(body, again);
	till_promo_index_unref(there.promos);
}

static void
run_baskets(guint64 seed)
{
	const TillPriceMoment moment = {
	    .now_ms = 1000, .channel = TILL_CHANNEL_STORE, .store = "014"};
	g_autoptr(TillBasket) last = NULL;
	TillTestRandom random;
	gint64 last_total = 0;

	till_test_random_init(&random, seed);
	for (guint round = 0; round < BASKETS / 4; round++) {
		g_autoptr(GPtrArray) promos = draw_promotions(&random);
		TillPriceRules rules = make_rules(&random, promos);
		g_autoptr(TillBasket) basket = draw_basket(&random);
		g_autoptr(GError) error = NULL;
		g_autoptr(TillPriced) priced = till_price_for(basket, &rules, &moment, &error);
		g_assert_no_error(error);
		check_sums(priced);
		check_cash(&random, priced->total_minor);
		g_autoptr(GBytes) body = write_body(priced);
		check_again(&random, basket, &rules, promos, body);
		/* What was priced in between leaves no trace. */
		if (last != NULL) {
			g_autoptr(TillPriced) other = till_price_for(last, &rules, &moment, NULL);
			g_autoptr(TillPriced) same = till_price_for(basket, &rules, &moment, NULL);
			g_assert_nonnull(other);
			assert_same(body, same);
		}
		last_total += priced->total_minor;
		till_basket_free(g_steal_pointer(&last));
		last = g_steal_pointer(&basket);
		till_price_rules_clear(&rules);
	}
	g_assert_cmpint(last_total, >, 0);
}

static void
test_baskets(gconstpointer seed)
{
	run_baskets(GPOINTER_TO_UINT(seed));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint seed = 1; seed <= 4; seed++) {
		g_autofree char *name =
		    g_strdup_printf("/domain/price-random/whole-sales-add-up-%u", seed);
		g_test_add_data_func(name, GUINT_TO_POINTER(seed), test_baskets);
	}
	return g_test_run();
}
