/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "error.h"
#include "price-gift.h"
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

static TillPriced *
price_cents(TillTaxEngineMethod method, const TillTaxEngineExemption *exemption)
{
	TillPriceRules rules = till_sample_rules();
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(GError) error = NULL;

	rules.tax_policy.method = method;
	rules.exemption = exemption;
	for (guint i = 0; i < 3; i++) {
		g_autofree char *sku = g_strdup_printf("s%u", i);
		g_autoptr(TillItem) item = till_sample_item(sku, 105);
		g_assert_cmpint(till_basket_add(basket, item, "", 1000, NULL), ==, TILL_BASKET_OK);
	}
	TillPriced *priced = till_price_basket(basket, &rules, &error);
	g_assert_no_error(error);
	till_price_rules_clear(&rules);
	return priced;
}

static void
test_tax_may_be_of_the_document(void)
{
	/* 8.875 % of 1.05 is 0.0932; of 3.15 it is 0.2796. */
	g_autoptr(TillPriced) lines = price_cents(TILL_TAX_ENGINE_PER_LINE, NULL);
	g_autoptr(TillPriced) document = price_cents(TILL_TAX_ENGINE_PER_DOCUMENT, NULL);

	g_assert_cmpint(lines->tax_minor, ==, 27);
	g_assert_cmpint(document->tax_minor, ==, 28);
	g_assert_cmpint(document->total_minor, ==, 315 + 28);
}

static void
test_certificate_takes_the_tax_off(void)
{
	static const TillTaxEngineExemption all = {.all = TRUE};
	g_autoptr(TillPriced) priced = price_cents(TILL_TAX_ENGINE_PER_LINE, &all);

	g_assert_cmpint(priced->tax_minor, ==, 0);
	g_assert_cmpint(priced->total_minor, ==, 315);
}

/* --- properties --- */

#define RANDOM_BASKETS 4000

static TillBasket *
draw_basket(TillTestRandom *random)
{
	static const char *const skus[] = {"tee", "mug", "hat", "bag"};
	static const char *const classes[] = {"standard", "reduced", "full",
					      "double",   "stacked", "zero"};
	TillBasket *basket = till_basket_new();
	gint64 count = till_test_random_range(random, 1, 9);

	for (gint64 i = 0; i < count; i++) {
		g_autoptr(TillItem) item = till_sample_item(
		    skus[till_test_random_range(random, 0, G_N_ELEMENTS(skus) - 1)],
		    till_test_random_range(random, 0, 4000));
		g_free(item->tax_class);
		item->tax_class =
		    g_strdup(classes[till_test_random_range(random, 0, G_N_ELEMENTS(classes) - 1)]);
		g_assert_cmpint(till_basket_add(basket, item, "",
						1000 * till_test_random_range(random, 1, 5), NULL),
				==, TILL_BASKET_OK);
	}
	return basket;
}

static void
assert_adds_up(const TillPriced *priced)
{
	gint64 total = 0, discount = 0;

	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		gint64 on_top = 0, off = 0;
		for (guint t = 0; t < line->taxes->len; t++) {
			const TillPricedTax *tax = &g_array_index(line->taxes, TillPricedTax, t);
			on_top += tax->inclusive ? 0 : tax->amount_minor;
		}
		for (guint d = 0; d < line->discounts->len; d++)
			off += g_array_index(line->discounts, TillPricedDiscount, d).amount_minor;
		g_assert_cmpint(off, ==, line->discount_minor);
		g_assert_cmpint(line->discount_minor, <=, line->list_minor);
		g_assert_cmpint(line->list_minor - off - line->exempted_minor + on_top, ==,
				line->total_minor);
		total += line->total_minor;
	}
	for (guint d = 0; d < priced->discounts->len; d++)
		discount += g_array_index(priced->discounts, TillPricedDiscount, d).amount_minor;
	g_assert_cmpint(discount, ==, priced->discount_minor);
	g_assert_cmpint(total, ==, priced->total_minor);
}

static void
test_random_baskets_add_up_and_read_back(void)
{
	TillTestRandom random;
	TillPriceRules rules = create_rules(TEE_AND_BASKET);

	till_test_random_init(&random, 7);
	rules.context = &with_coupon;
	for (guint i = 0; i < RANDOM_BASKETS; i++) {
		g_autoptr(TillBasket) basket = draw_basket(&random);
		g_autoptr(GError) error = NULL;

		rules.tax_policy.method =
		    (TillTaxEngineMethod)till_test_random_range(&random, 0, 2);
		TillPriced *priced = till_price_basket(basket, &rules, &error);
		g_assert_no_error(error);
		assert_adds_up(priced);
		if (i % 8 != 0 || priced->total_minor == 0) {
			till_price_free(priced);
			continue;
		}
		g_autoptr(TillSale) sale = till_sample_sale(priced, priced->total_minor);
		g_autoptr(GBytes) bytes = till_sale_to_bytes(sale);
		g_autoptr(TillSale) again = till_sale_from_bytes(bytes, &error);
		g_assert_no_error(error);
		g_assert_cmpint(again->priced->total_minor, ==, sale->priced->total_minor);
	}
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

#define BIN_WITH_TEE                                                                               \
	"{'promotions':[{'id':'bin','name':'A bin with every tee','effects':[{'kind':'gift','on':" \
	"'set','sku':'bin','quantity':1,'parts':[{'items':{'skus':['tee']},'quantity':1}]}]}]}"

static TillPriced *
price_with_bins(const TillPriceRules *rules, gint64 bins)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) tee = till_sample_item("tee", 2000);
	g_autoptr(TillItem) bin = till_sample_item("bin", 333);
	g_autoptr(GError) error = NULL;
	TillPriced *priced;

	g_assert_cmpint(till_basket_add(basket, tee, "", 2000, NULL), ==, TILL_BASKET_OK);
	if (bins > 0)
		g_assert_cmpint(till_basket_add(basket, bin, "", bins * 1000, NULL), ==,
				TILL_BASKET_OK);
	priced = till_price_basket(basket, rules, &error);
	g_assert_no_error(error);
	return priced;
}

static void
test_gifts_are_free_once_scanned(void)
{
	TillPriceRules rules = create_rules(BIN_WITH_TEE);
	g_autoptr(TillPriced) none = price_with_bins(&rules, 0);
	g_autoptr(TillPriced) two = price_with_bins(&rules, 2);
	g_autoptr(TillPriced) three = price_with_bins(&rules, 3);

	g_assert_cmpint(till_price_gift_missing(none, "bin"), ==, 2);
	g_assert_cmpint(none->discount_minor, ==, 0);
	g_assert_cmpint(till_price_gift_missing(two, "bin"), ==, 0);
	g_assert_cmpint(two->discount_minor, ==, 666);
	/* The third is no gift. */
	g_assert_cmpint(three->list_minor - three->discount_minor, ==, 4000 + 333);
	const TillPricedLine *bin = g_ptr_array_index(three->lines, 1);
	g_assert_cmpstr(g_array_index(bin->discounts, TillPricedDiscount, 0).promotion, ==, "bin");
	till_price_rules_clear(&rules);
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
	g_test_add_func("/domain/price-promote/tax-may-be-of-the-document",
			test_tax_may_be_of_the_document);
	g_test_add_func("/domain/price-promote/certificate-takes-the-tax-off",
			test_certificate_takes_the_tax_off);
	g_test_add_func("/domain/price-promote/random-baskets-add-up-and-read-back",
			test_random_baskets_add_up_and_read_back);
	g_test_add_func("/domain/price-promote/sale-reads-back-as-written",
			test_sale_reads_back_as_written);
	g_test_add_func("/domain/price-promote/sale-whose-discounts-do-not-add-up-is-refused",
			test_sale_whose_discounts_do_not_add_up_is_refused);
	g_test_add_func("/domain/price-promote/gifts-are-free-once-scanned",
			test_gifts_are_free_once_scanned);
	return g_test_run();
}
