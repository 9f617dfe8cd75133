/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "error.h"
#include "price.h"
#include "receipt.h"
#include "tax-words.h"
#include "till-sample.h"
#include "till-test.h"

/* A tax as a test writes it; the texts are constants. */
typedef struct {
	const char *tax_class, *id, *name, *kind;
	gint64 rate_ppm;
	gboolean inclusive;
	gint64 amount_milli;
	gboolean include_base, base_affected;
	const char *threshold;
	gint64 threshold_minor;
	gboolean per_line;
	const char *group;
} Row;

#define CLOTHING "Sales tax 8.875% · clothing under $110 exempt"

static const Row rows[] = {
    {"standard", "sales", "Sales tax 8.875%", "percent", 88750, FALSE, 0, FALSE, FALSE, "", 0,
     FALSE, "ny"},
    {"clothing", "clothing", CLOTHING, "percent", 88750, FALSE, 0, FALSE, FALSE, "exempt-below",
     11000, FALSE, "ny"},
    {"outfit", "outfit", "Outfit tax", "percent", 88750, FALSE, 0, FALSE, FALSE, "exempt-below",
     11000, TRUE, ""},
    {"luxury", "luxury", "Luxury tax", "percent", 100000, FALSE, 0, FALSE, FALSE, "only-above",
     10000, FALSE, ""},
    {"canada", "gst", "GST 5%", "percent", 50000, FALSE, 0, TRUE, FALSE, "", 0, FALSE, ""},
    {"canada", "qst", "QST 9.975%", "percent", 99750, FALSE, 0, FALSE, TRUE, "", 0, FALSE, ""},
    {"soda", "sugar", "Sugar levy", "fixed", 0, FALSE, 12500, FALSE, FALSE, "", 0, FALSE, ""},
    {"brazil", "icms", "ICMS 18%", "division", 180000, TRUE, 0, FALSE, FALSE, "", 0, FALSE, ""},
    {"service", "withheld", "Withheld 2%", "percent", -20000, FALSE, 0, FALSE, FALSE, "", 0, FALSE,
     ""},
    {"full", "vat", "VAT 20%", "percent", 200000, TRUE, 0, FALSE, FALSE, "", 0, FALSE, ""},
};

static char *
text(const char *constant)
{
	return (char *)(guintptr)constant;
}

static TillPriceRules
create_rules(void)
{
	TillTaxTable *table = till_tax_table_new(TILL_ROUND_HALF_UP);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Row *from = &rows[i];
		TillTaxRow row = {
		    .tax_class = from->tax_class,
		    .kind = from->kind,
		    .threshold = from->threshold,
		    .tax = {.id = text(from->id),
			    .name = text(from->name),
			    .rate_ppm = from->rate_ppm,
			    .inclusive = from->inclusive,
			    .amount_milli = from->amount_milli,
			    .include_base = from->include_base,
			    .base_affected = from->base_affected,
			    .threshold_minor = from->threshold_minor,
			    .threshold_per_line = from->per_line,
			    .group = text(from->group)},
		};
		g_autoptr(GError) error = NULL;
		gboolean added = till_tax_table_add_row(table, &row, &error);
		g_assert_no_error(error);
		g_assert_true(added);
	}
	g_assert_false(till_tax_table_is_plain(table));
	return (TillPriceRules){.currency = till_currency_find("USD"), .taxes = table};
}

static void
add_item(TillBasket *basket, const char *tax_class, gint64 price_minor, gint64 quantity_milli)
{
	g_autofree char *sku = g_strdup_printf("%s-%u", tax_class, till_basket_count(basket));
	g_autoptr(TillItem) item = till_sample_item(sku, price_minor);

	g_free(item->tax_class);
	item->tax_class = g_strdup(tax_class);
	g_assert_cmpint(till_basket_add(basket, item, "", quantity_milli, NULL), ==,
			TILL_BASKET_OK);
}

static TillPriced *
price_basket(const TillBasket *basket, TillPriceRules *rules)
{
	g_autoptr(GError) error = NULL;
	TillPriced *priced = till_price_basket(basket, rules, &error);

	g_assert_no_error(error);
	return priced;
}

/* One line under the rules above. */
static TillPriced *
price_one(const char *tax_class, gint64 price_minor, gint64 quantity_milli)
{
	TillPriceRules rules = create_rules();
	g_autoptr(TillBasket) basket = till_basket_new();

	add_item(basket, tax_class, price_minor, quantity_milli);
	TillPriced *priced = price_basket(basket, &rules);
	till_price_rules_clear(&rules);
	return priced;
}

static void
assert_one(const char *tax_class, gint64 price_minor, gint64 quantity_milli, gint64 tax_minor,
	   gint64 total_minor)
{
	g_autoptr(TillPriced) priced = price_one(tax_class, price_minor, quantity_milli);

	g_assert_cmpint(priced->tax_minor, ==, tax_minor);
	g_assert_cmpint(priced->total_minor, ==, total_minor);
}

static void
test_kinds(void)
{
	assert_one("standard", 10000, 1000, 888, 10888);
	assert_one("canada", 10000, 1000, 500 + 1047, 11547); /* 9.975 % of 105.00 */
	assert_one("soda", 200, 3000, 38, 638);               /* 3 × 12.5 cents */
	assert_one("brazil", 10000, 1000, 1800, 10000);       /* 18 % of the price itself */
	assert_one("service", 10000, 1000, -200, 9800);
	assert_one("luxury", 15000, 2000, 1000, 31000); /* 10 % of 2 × 50.00 */
}

static void
test_thresholds(void)
{
	assert_one("clothing", 10999, 1000, 0, 10999);
	assert_one("clothing", 11000, 1000, 976, 11976);
	assert_one("clothing", 10999, 2000, 0, 21998); /* each piece is below */
	assert_one("outfit", 10999, 2000, 1952, 23950);
	assert_one("luxury", 10000, 1000, 0, 10000);
}

static void
test_what_was_not_charged_is_told(void)
{
	g_autoptr(TillPriced) priced = price_one("clothing", 2400, 2000);
	const TillPricedLine *line = g_ptr_array_index(priced->lines, 0);
	const TillPricedTax *tax = &g_array_index(line->taxes, TillPricedTax, 0);

	g_assert_cmpuint(line->taxes->len, ==, 1);
	g_assert_cmpint(tax->exempt, ==, TILL_PRICED_TAX_BELOW_THRESHOLD);
	g_assert_cmpint(tax->base_minor, ==, 4800);
	g_assert_cmpint(tax->amount_minor, ==, 0);
	g_assert_cmpstr(tax->name, ==, CLOTHING);
}

/* --- words --- */

static TillPriced *
price_wardrobe(const TillTaxEngineExemption *exemption)
{
	TillPriceRules rules = create_rules();
	g_autoptr(TillBasket) basket = till_basket_new();

	rules.exemption = exemption;
	add_item(basket, "standard", 2490, 1000);
	add_item(basket, "clothing", 2400, 2000);
	add_item(basket, "clothing", 18000, 1000);
	TillPriced *priced = price_basket(basket, &rules);
	till_price_rules_clear(&rules);
	return priced;
}

static void
test_group_is_one_row(void)
{
	g_autoptr(TillPriced) priced = price_wardrobe(NULL);
	g_autoptr(GPtrArray) words = till_tax_words(priced);
	const TillTaxWords *row = g_ptr_array_index(words, 0);
	g_autofree char *line = till_tax_words_line(row);

	g_assert_cmpuint(words->len, ==, 1);
	g_assert_cmpstr(line, ==, CLOTHING);
	g_assert_cmpint(row->base_minor, ==, 2490 + 18000);
	g_assert_cmpint(row->amount_minor, ==, 221 + 1598);
	g_assert_cmpint(row->amount_minor, ==, priced->tax_minor);
}

static void
test_coat_alone_needs_no_remark(void)
{
	g_autoptr(TillPriced) priced = price_one("clothing", 18000, 1000);
	g_autoptr(GPtrArray) words = till_tax_words(priced);
	const TillTaxWords *row = g_ptr_array_index(words, 0);

	g_assert_cmpstr(row->title, ==, "Sales tax 8.875%");
	g_assert_cmpstr(row->remark, ==, "");
}

static void
test_certificate_is_named(void)
{
	static const char *const ids[] = {"sales"};
	static const TillTaxEngineExemption exemption = {.tax_ids = ids, .tax_id_count = 1};
	g_autoptr(TillPriced) priced = price_wardrobe(&exemption);
	g_autoptr(GPtrArray) words = till_tax_words(priced);
	const TillTaxWords *row = g_ptr_array_index(words, 0);

	g_assert_cmpint(row->amount_minor, ==, 1598);
	g_assert_cmpstr(row->remark, ==, "exempt by certificate, clothing under $110 exempt");
}

static void
test_shopper_brings_the_certificate(void)
{
	static char number[] = "ST-120-77";
	static const TillPriceMoment moment = {.now_ms = 1, .store = "014"};
	TillPriceRules rules = create_rules();
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(GError) error = NULL;

	add_item(basket, "standard", 10000, 1000);
	g_assert_true(till_shopper_set_exemption(till_basket_shopper(basket),
						 &(TillExemption){.certificate = number}));
	g_autoptr(TillPriced) priced = till_price_for(basket, &rules, &moment, &error);
	g_assert_no_error(error);
	g_autoptr(GPtrArray) words = till_tax_words(priced);
	g_autofree char *line = till_tax_words_line(g_ptr_array_index(words, 0));
	g_assert_cmpstr(line, ==, "Sales tax 8.875% · exempt by certificate ST-120-77");
	g_assert_cmpint(priced->total_minor, ==, 10000);
	till_price_rules_clear(&rules);
}

static void
test_receipt_says_the_same(void)
{
	TillPriced *priced = price_wardrobe(NULL);
	g_autoptr(TillSale) sale = till_sample_sale(priced, 30000);
	TillReceiptStyle style = {.shop_name = "Shop", .columns = TILL_RECEIPT_COLUMNS};
	g_autofree char *receipt = till_receipt_text(sale, &style);

	g_assert_nonnull(strstr(receipt, "Sales tax 8.875% · clothing under\n"
					 "$110 exempt                          18.19\n"));
}

/* --- exempt from what is inside the price --- */

static TillPriced *
price_exempt(gboolean keeps_price)
{
	static const TillTaxEngineExemption all = {.all = TRUE};
	TillPriceRules rules = create_rules();
	g_autoptr(TillBasket) basket = till_basket_new();

	rules.exemption = &all;
	rules.tax_policy.exempt_keeps_price = keeps_price;
	add_item(basket, "full", 1200, 1000);
	add_item(basket, "standard", 1000, 1000);
	TillPriced *priced = price_basket(basket, &rules);
	till_price_rules_clear(&rules);
	return priced;
}

static void
test_exempt_price_comes_down_or_stays(void)
{
	g_autoptr(TillPriced) less = price_exempt(FALSE);
	g_autoptr(TillPriced) kept = price_exempt(TRUE);
	const TillPricedLine *line = g_ptr_array_index(kept->lines, 0);

	g_assert_cmpint(less->exempted_minor, ==, 200);
	g_assert_cmpint(less->total_minor, ==, 1000 + 1000);
	g_assert_cmpint(less->tax_minor, ==, 0);
	g_assert_cmpint(kept->exempted_minor, ==, 0);
	g_assert_cmpint(kept->total_minor, ==, 1200 + 1000);
	g_assert_cmpint(g_array_index(line->taxes, TillPricedTax, 0).base_minor, ==, 1200);
}

static void
test_receipt_shows_the_tax_that_came_off(void)
{
	g_autoptr(TillSale) sale = till_sample_sale(price_exempt(FALSE), 2000);
	TillReceiptStyle style = {.shop_name = "Shop", .columns = TILL_RECEIPT_COLUMNS};
	g_autofree char *receipt = till_receipt_text(sale, &style);

	g_assert_nonnull(strstr(receipt, "Tax not charged                      -2.00\n"));
	g_assert_nonnull(strstr(receipt, "TOTAL USD                            20.00\n"));
}

/* --- the body --- */

static GBytes *
make_body(TillPriced *priced)
{
	g_autoptr(TillSale) sale = till_sample_sale(priced, 10000000);

	return till_sale_to_bytes(sale);
}

static void
assert_reads_back(GBytes *body)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillSale) back = till_sale_from_bytes(body, &error);

	g_assert_no_error(error);
	g_autoptr(GBytes) again = till_sale_to_bytes(back);
	g_assert_true(g_bytes_equal(body, again));
}

static void
assert_change_refused(GBytes *body, const char *from, const char *to, const char *words)
{
	g_autoptr(GString) changed =
	    g_string_new_len(g_bytes_get_data(body, NULL), (gssize)g_bytes_get_size(body));
	GError *error = NULL;

	g_assert_cmpuint(g_string_replace(changed, from, to, 0), >, 0);
	g_autoptr(GBytes) bytes = g_bytes_new(changed->str, changed->len);
	g_assert_null(till_sale_from_bytes(bytes, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, words);
}

static void
test_body_keeps_every_kind(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GBytes) body = make_body(price_one(rows[i].tax_class, 15000, 2000));
		assert_reads_back(body);
	}
	g_autoptr(GBytes) exempt = make_body(price_exempt(FALSE));
	assert_reads_back(exempt);
}

static void
test_body_is_checked(void)
{
	g_autoptr(GBytes) soda = make_body(price_one("soda", 200, 3000));
	g_autoptr(GBytes) tee = make_body(price_one("clothing", 2400, 1000));
	g_autoptr(GBytes) exempt = make_body(price_exempt(FALSE));

	assert_change_refused(soda, "\"kind\":\"fixed\"", "\"kind\":\"levy\"", "kind");
	assert_change_refused(soda, "\"kind\":\"fixed\"", "\"kind\":\"division\"", "amount_milli");
	assert_change_refused(soda, "\"rate_ppm\":0", "\"rate_ppm\":1", "rate_ppm");
	assert_change_refused(soda, "\"amount_milli\":12500", "\"amount_milli\":-1",
			      "amount_milli");
	assert_change_refused(tee, "\"exempt\":\"threshold\"", "\"exempt\":\"luck\"", "exempt");
	assert_change_refused(tee, "\"amount_minor\":0", "\"amount_minor\":5", "amount_minor");
	assert_change_refused(exempt, "\"exempted_minor\":200", "\"exempted_minor\":199", "minor");
	assert_change_refused(exempt, "\"exempt\":\"certificate\"", "\"exempt\":\"threshold\"",
			      "exempted_minor");
}

/* --- properties --- */

#define RANDOM_BASKETS 5000

static void
assert_adds_up(const TillPriced *priced)
{
	gint64 total = 0, tax = 0;

	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		gint64 on_top = 0;
		for (guint t = 0; t < line->taxes->len; t++) {
			const TillPricedTax *row = &g_array_index(line->taxes, TillPricedTax, t);
			on_top += row->inclusive ? 0 : row->amount_minor;
			tax += row->amount_minor;
		}
		g_assert_cmpint(line->list_minor - line->exempted_minor + on_top, ==,
				line->total_minor);
		total += line->total_minor;
	}
	g_assert_cmpint(tax, ==, priced->tax_minor);
	g_assert_cmpint(total, ==, priced->total_minor);
}

static void
assert_words_add_up(const TillPriced *priced)
{
	g_autoptr(GPtrArray) words = till_tax_words(priced);
	gint64 tax = 0;

	for (guint i = 0; i < words->len; i++)
		tax += ((TillTaxWords *)g_ptr_array_index(words, i))->amount_minor;
	g_assert_cmpint(tax, ==, priced->tax_minor);
}

static void
draw_basket(TillTestRandom *random, TillBasket *basket)
{
	gint64 count = till_test_random_range(random, 1, 8);

	for (gint64 i = 0; i < count; i++)
		add_item(basket,
			 rows[till_test_random_range(random, 0, G_N_ELEMENTS(rows) - 1)].tax_class,
			 till_test_random_range(random, 0, 30000),
			 1000 * till_test_random_range(random, 1, 5));
}

static void
test_random_baskets_add_up_and_read_back(void)
{
	static const char *const classes[] = {"full", "clothing"};
	static const TillTaxEngineExemption some = {.tax_classes = classes, .tax_class_count = 2};
	TillPriceRules rules = create_rules();
	TillTestRandom random;

	till_test_random_init(&random, 11);
	for (guint i = 0; i < RANDOM_BASKETS; i++) {
		g_autoptr(TillBasket) basket = till_basket_new();
		draw_basket(&random, basket);
		rules.tax_policy.method =
		    (TillTaxEngineMethod)till_test_random_range(&random, 0, 2);
		rules.tax_policy.exempt_keeps_price = till_test_random_range(&random, 0, 1) != 0;
		rules.exemption = till_test_random_range(&random, 0, 2) == 0 ? &some : NULL;
		TillPriced *priced = price_basket(basket, &rules);
		assert_adds_up(priced);
		assert_words_add_up(priced);
		g_autoptr(GBytes) body = make_body(priced);
		assert_reads_back(body);
	}
	till_price_rules_clear(&rules);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/price-tax/every-kind", test_kinds);
	g_test_add_func("/domain/price-tax/thresholds", test_thresholds);
	g_test_add_func("/domain/price-tax/what-was-not-charged-is-told",
			test_what_was_not_charged_is_told);
	g_test_add_func("/domain/price-tax/group-is-one-row", test_group_is_one_row);
	g_test_add_func("/domain/price-tax/coat-alone-needs-no-remark",
			test_coat_alone_needs_no_remark);
	g_test_add_func("/domain/price-tax/certificate-is-named", test_certificate_is_named);
	g_test_add_func("/domain/price-tax/shopper-brings-the-certificate",
			test_shopper_brings_the_certificate);
	g_test_add_func("/domain/price-tax/receipt-says-the-same", test_receipt_says_the_same);
	g_test_add_func("/domain/price-tax/exempt-price-comes-down-or-stays",
			test_exempt_price_comes_down_or_stays);
	g_test_add_func("/domain/price-tax/receipt-shows-the-tax-that-came-off",
			test_receipt_shows_the_tax_that_came_off);
	g_test_add_func("/domain/price-tax/body-keeps-every-kind", test_body_keeps_every_kind);
	g_test_add_func("/domain/price-tax/body-is-checked", test_body_is_checked);
	g_test_add_func("/domain/price-tax/random-baskets-add-up-and-read-back",
			test_random_baskets_add_up_and_read_back);
	return g_test_run();
}
