/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "error.h"
#include "price.h"
#include "promo-json.h"
#include "sale.h"
#include "till-sample.h"
#include "till-test.h"

/* Rules with the promotions of a JSON list written with ' for ". */
static TillPriceRules
create_rules(const char *json)
{
	g_autofree char *text = g_strdelimit(g_strdup(json), "'", '"');
	g_autoptr(GError) error = NULL;
	json_t *object = json_loads(text, 0, NULL);
	g_autoptr(GPtrArray) promos = till_promo_json_read_list(object, "rules", &error);
	TillPriceRules rules = till_sample_rules();

	g_assert_no_error(error);
	json_decref(object);
	rules.promos = till_promo_index_new((TillPromo *const *)promos->pdata, promos->len);
	return rules;
}

#define TEE_AND_BASKET                                                                             \
	"{'promotions':[{'id':'tee','version':3,'name':'Tees less 20 %','effects':[{'kind':"       \
	"'percent','rate_ppm':200000,'items':{'skus':['tee']}}]},{'id':'five','name':'5.00 off',"  \
	"'coupon':{'codes':['FIVE']},'effects':[{'kind':'amount','on':'basket',"                   \
	"'amount_minor':500}]},{'id':'three','name':'3 for 2','effects':[{'kind':'percent',"       \
	"'on':'set','rate_ppm':1000000,'cheapest':1,'parts':[{'items':{'skus':['mug']},"           \
	"'quantity':3}]}]}]}"

static TillBasket *
create_basket(void)
{
	TillBasket *basket = till_basket_new();
	g_autoptr(TillItem) tee = till_sample_item("tee", 2000);
	g_autoptr(TillItem) mug = till_sample_item("mug", 1000);

	g_free(mug->tax_class);
	mug->tax_class = g_strdup("full");
	g_assert_cmpint(till_basket_add(basket, tee, "", 2000, NULL), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, mug, "", 2000, NULL), ==, TILL_BASKET_OK);
	return basket;
}

static const TillPromoEngineCoupon five = {.code = "five"};
static const TillPromoEngineContext with_coupon = {.coupons = &five, .coupon_count = 1};

static TillPriced *
price_sample(TillPriceRules *rules)
{
	g_autoptr(TillBasket) basket = create_basket();
	g_autoptr(GError) error = NULL;
	TillPriced *priced;

	*rules = create_rules(TEE_AND_BASKET);
	rules->context = &with_coupon;
	priced = till_price_basket(basket, rules, &error);
	g_assert_no_error(error);
	return priced;
}

static void
test_discounts_stand_on_lines_and_basket(void)
{
	TillPriceRules rules;
	g_autoptr(TillPriced) priced = price_sample(&rules);
	const TillPricedLine *tee = g_ptr_array_index(priced->lines, 0);
	const TillPricedLine *mug = g_ptr_array_index(priced->lines, 1);

	/* 40.00 less 8.00, then 5.00 over 32.00 and 20.00: 3.08 and 1.92. */
	g_assert_cmpint(tee->discount_minor, ==, 800 + 308);
	g_assert_cmpint(mug->discount_minor, ==, 192);
	g_assert_cmpint(priced->discount_minor, ==, 1300);
	g_assert_cmpuint(priced->discounts->len, ==, 2);
	const TillPricedDiscount *first = &g_array_index(priced->discounts, TillPricedDiscount, 0);
	g_assert_cmpstr(first->promotion, ==, "tee");
	g_assert_cmpint(first->version, ==, 3);
	const TillPricedDiscount *coupon = &g_array_index(tee->discounts, TillPricedDiscount, 1);
	g_assert_cmpstr(coupon->code, ==, "FIVE");
	g_assert_cmpint(coupon->amount_minor, ==, 308);
	till_price_rules_clear(&rules);
}

static void
test_tax_is_on_what_is_paid(void)
{
	TillPriceRules rules;
	g_autoptr(TillPriced) priced = price_sample(&rules);
	const TillPricedLine *tee = g_ptr_array_index(priced->lines, 0);
	const TillPricedLine *mug = g_ptr_array_index(priced->lines, 1);

	g_assert_cmpint(tee->tax_minor, ==, 257); /* 8.875 % of 28.92 = 2.5667 */
	g_assert_cmpint(tee->total_minor, ==, 2892 + 257);
	g_assert_cmpint(mug->total_minor, ==, 1808);
	g_assert_cmpint(mug->tax_minor, ==, 301); /* of 20 % inside 18.08 */
	till_price_rules_clear(&rules);
}

static void
test_hints_name_the_near_miss(void)
{
	TillPriceRules rules;
	g_autoptr(TillPriced) priced = price_sample(&rules);
	g_auto(GStrv) hints = till_price_hints(priced, 3);

	g_assert_cmpuint(g_strv_length(hints), ==, 1);
	g_assert_cmpstr(hints[0], ==, "1 more for 3 for 2");
	till_price_rules_clear(&rules);
}

static void
test_copy_keeps_discounts_and_reasons(void)
{
	TillPriceRules rules;
	TillPriced *priced = price_sample(&rules);
	g_autoptr(TillPriced) copy = till_price_copy(priced);

	till_price_free(priced);
	const TillPricedLine *tee = g_ptr_array_index(copy->lines, 0);
	g_assert_cmpuint(tee->discounts->len, ==, 2);
	g_assert_cmpuint(copy->discounts->len, ==, 2);
	g_assert_cmpuint(copy->promoted->coupons->len, ==, 1);
	till_price_rules_clear(&rules);
}

static void
test_lines_without_a_price_are_left_alone(void)
{
	TillPriceRules rules = create_rules("{'promotions':[{'id':'a','name':'A','effects':[{'kind'"
					    ":'percent','rate_ppm':500000}]}]}");
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) deposit = till_sample_item("deposit", -25);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(till_basket_add(basket, deposit, "", 1000, NULL), ==, TILL_BASKET_OK);
	g_autoptr(TillPriced) priced = till_price_basket(basket, &rules, &error);
	g_assert_no_error(error);
	g_assert_cmpint(priced->discount_minor, ==, 0);
	till_price_rules_clear(&rules);
}

/* --- in a sale --- */

static GBytes *
write_sale(void)
{
	TillPriceRules rules;
	TillPriced *priced = price_sample(&rules);
	g_autoptr(TillSale) sale = till_sample_sale(priced, priced->total_minor);

	till_price_rules_clear(&rules);
	return till_sale_to_bytes(sale);
}

static void
test_sale_reads_back_as_written(void)
{
	g_autoptr(GBytes) bytes = write_sale();
	g_autoptr(GError) error = NULL;
	g_autoptr(TillSale) sale = till_sale_from_bytes(bytes, &error);

	g_assert_no_error(error);
	const TillPricedLine *tee = g_ptr_array_index(sale->priced->lines, 0);
	const TillPricedDiscount *coupon = &g_array_index(tee->discounts, TillPricedDiscount, 1);
	g_assert_cmpstr(coupon->name, ==, "5.00 off");
	g_assert_cmpstr(coupon->code, ==, "FIVE");
	g_autoptr(GBytes) again = till_sale_to_bytes(sale);
	g_assert_true(g_bytes_equal(bytes, again));
}

static void
assert_refused(const char *from, const char *to, const char *words)
{
	g_autoptr(GBytes) bytes = write_sale();
	g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	g_auto(GStrv) parts = g_strsplit(text, from, 2);
	g_autoptr(GError) error = NULL;

	g_assert_cmpuint(g_strv_length(parts), ==, 2);
	g_autofree char *changed = g_strjoinv(to, parts);
	g_autoptr(GBytes) body = g_bytes_new(changed, strlen(changed));
	g_assert_null(till_sale_from_bytes(body, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, words);
}

static void
test_sale_whose_discounts_do_not_add_up_is_refused(void)
{
	assert_refused("{\"amount_minor\":308,\"id\":\"five\"}",
		       "{\"amount_minor\":309,\"id\":\"five\"}",
		       "discount_minor is not the sum of the line's discounts");
	assert_refused("{\"amount_minor\":500,\"code\"", "{\"amount_minor\":501,\"code\"",
		       "discounts are not the sums of the lines' discounts");
	assert_refused("\"code\":\"FIVE\",\"id\":\"five\"", "\"code\":\"FIVE\",\"id\":\"six\"",
		       "discounts do not name one of a line");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/price-promote/discounts-stand-on-lines-and-basket",
			test_discounts_stand_on_lines_and_basket);
	g_test_add_func("/domain/price-promote/tax-is-on-what-is-paid",
			test_tax_is_on_what_is_paid);
	g_test_add_func("/domain/price-promote/hints-name-the-near-miss",
			test_hints_name_the_near_miss);
	g_test_add_func("/domain/price-promote/copy-keeps-discounts-and-reasons",
			test_copy_keeps_discounts_and_reasons);
	g_test_add_func("/domain/price-promote/lines-without-a-price-are-left-alone",
			test_lines_without_a_price_are_left_alone);
	g_test_add_func("/domain/price-promote/sale-reads-back-as-written",
			test_sale_reads_back_as_written);
	g_test_add_func("/domain/price-promote/sale-whose-discounts-do-not-add-up-is-refused",
			test_sale_whose_discounts_do_not_add_up_is_refused);
	return g_test_run();
}
