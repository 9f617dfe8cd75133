/* SPDX-License-Identifier: Apache-2.0 */
#include "receipt.h"

#include <string.h>

#include "promo-json.h"
#include "till-sample.h"
#include "till-test.h"

static TillReceiptStyle
make_style(void)
{
	return (TillReceiptStyle){
	    .shop_name = "Juniper & Rye",
	    .shop_address = "12 Mill Lane\nKingston, NY",
	    .tax_number = "Tax no. 99-1234567",
	    .footer = "Thank you. Returns within 30 days.",
	    .local_time = "23 Nov 2026 14:33",
	    .columns = TILL_RECEIPT_COLUMNS,
	};
}

static void
rename_first(TillSale *sale, const char *name, const char *variant)
{
	TillPricedLine *line = g_ptr_array_index(sale->priced->lines, 0);

	g_free(line->item->name);
	line->item->name = g_strdup(name);
	g_free(line->item->variant);
	line->item->variant = g_strdup(variant);
}

static void
test_whole(void)
{
	static const char expected[] = "              Juniper & Rye\n"
				       "               12 Mill Lane\n"
				       "               Kingston, NY\n"
				       "            Tax no. 99-1234567\n"
				       "------------------------------------------\n"
				       "Receipt 014-02-K7Q-000123\n"
				       "Store 014  Till 02\n"
				       "23 Nov 2026 14:33\n"
				       "Served by Ines Moreau\n"
				       "------------------------------------------\n"
				       "Organic tee — Navy / M               28.00\n"
				       "  2 × 14.00\n"
				       "Thing COFFEE                          8.00\n"
				       "  0.640 kg × 12.50 / kg\n"
				       "Thing MUG                             9.95\n"
				       "  Gift wrap\n"
				       "------------------------------------------\n"
				       "Subtotal                             45.95\n"
				       "Sales tax 8.875%                      3.37\n"
				       "TOTAL USD                            49.32\n"
				       "Cash                                100.00\n"
				       "Change                               50.68\n"
				       "------------------------------------------\n"
				       "Includes VAT 7% on 7.48               0.52\n"
				       "------------------------------------------\n"
				       "    Thank you. Returns within 30 days.\n";
	g_autoptr(TillSale) sale = till_sample_small_sale();
	TillReceiptStyle style = make_style();
	g_autofree char *text = till_receipt_text(sale, &style);

	g_assert_cmpstr(text, ==, expected);
}

static void
test_rounding_has_its_own_row(void)
{
	g_autoptr(TillSale) sale = till_sample_small_sale();
	TillReceiptStyle style = make_style();

	sale->rounding_minor = -2;
	g_autofree char *text = till_receipt_text(sale, &style);
	g_assert_nonnull(strstr(text, "TOTAL USD                            49.32\n"
				      "Rounding                             -0.02\n"
				      "Cash "));
}

static void
test_narrow_copy(void)
{
	static const char expected[] = "     Juniper & Rye\n"
				       "------------------------\n"
				       "     *** COPY 2 ***\n"
				       "Receipt\n"
				       "014-02-K7Q-000123\n"
				       "Store 014  Till 02\n"
				       "Served by Ines Moreau\n"
				       "------------------------\n"
				       "Wollmütze aus\n"
				       "handgesponnener\n"
				       "Schurwolle — Navy  28.00\n"
				       "  2 × 14.00\n"
				       "  Discount         -2.80\n"
				       "Thing COFFEE        8.00\n"
				       "  0.640 kg × 12.50 / kg\n"
				       "Thing MUG           9.95\n"
				       "  Gift wrap\n"
				       "------------------------\n"
				       "Subtotal           45.95\n"
				       "Sales tax 8.875%    3.37\n"
				       "TOTAL USD          49.32\n"
				       "Cash              100.00\n"
				       "Change             50.68\n"
				       "------------------------\n"
				       "Includes VAT 7% on\n"
				       "7.48                0.52\n";
	g_autoptr(TillSale) sale = till_sample_small_sale();
	TillReceiptStyle style = {.shop_name = "Juniper & Rye", .columns = 24, .copy = 2};
	TillPricedLine *line = g_ptr_array_index(sale->priced->lines, 0);

	rename_first(sale, "Wollmütze aus handgesponnener Schurwolle", "Navy");
	line->discount_minor = 280;
	g_autofree char *text = till_receipt_text(sale, &style);
	g_assert_cmpstr(text, ==, expected);
}

/* Two tees by a promotion, a coupon and by hand; a mug at another price; for a customer who is
 * exempt. */
static TillSale *
create_reduced_sale(void)
{
	static const char json[] =
	    "{\"promotions\":[{\"id\":\"tees\",\"name\":\"Tees 25 %\",\"effects\":[{\"kind\":"
	    "\"percent\",\"rate_ppm\":250000,\"items\":{\"skus\":[\"TEE\"]}}]},{\"id\":\"five\","
	    "\"name\":\"Welcome 5.00\",\"coupon\":{\"codes\":[\"WELCOME\"]},\"effects\":[{\"kind\":"
	    "\"amount\",\"on\":\"basket\",\"amount_minor\":500}]}]}";
	static char reason[] = "stain", staff[] = "s-1", nobody[] = "", number[] = "NY-ST-119";
	const TillPriceMoment moment = {.now_ms = 1000, .channel = "store", .store = "014"};
	const TillManual dear = {TILL_MANUAL_PRICE, 1500, 0, reason, staff, nobody};
	const TillManual off = {TILL_MANUAL_AMOUNT, 100, 0, reason, staff, nobody};
	const TillExemption exemption = {.certificate = number};
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) tee = till_sample_item("TEE", 2000);
	g_autoptr(TillItem) mug = till_sample_item("MUG", 1800);
	g_autoptr(TillCustomer) customer = till_customer_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) object = json_loads(json, 0, NULL);
	g_autoptr(GPtrArray) promos = till_promo_json_read_list(object, "rules", &error);
	TillPriceRules rules = till_sample_rules();
	guint line;

	rules.promos = till_promo_index_new((TillPromo *const *)promos->pdata, promos->len);
	customer->id = g_strdup("c-20110142");
	till_shopper_set_customer(till_basket_shopper(basket), customer);
	till_shopper_add_coupon(till_basket_shopper(basket), "welcome");
	g_assert_true(till_shopper_set_exemption(till_basket_shopper(basket), &exemption));
	g_assert_cmpint(till_basket_add(basket, tee, "", 2000, &line), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_set_manual(basket, line, &off), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, mug, "", 0, &line), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_set_manual(basket, line, &dear), ==, TILL_BASKET_OK);
	TillPriced *priced = till_price_for(basket, &rules, &moment, &error);
	g_assert_no_error(error);
	till_price_rules_clear(&rules);
	return till_sample_sale(priced, 10000);
}

static void
test_reductions(void)
{
	static const char expected[] = "Thing TEE                            40.00\n"
				       "  2 × 20.00\n"
				       "  By hand: stain                     -1.00\n"
				       "  Tees 25 %                          -9.75\n"
				       "  Welcome 5.00 (coupon WELCOME)      -3.31\n"
				       "Thing MUG                            15.00\n"
				       "  Price by hand, was 18.00: stain\n"
				       "  Welcome 5.00 (coupon WELCOME)      -1.69\n"
				       "------------------------------------------\n";
	static const char saved[] = "------------------------------------------\n"
				    "You saved                            15.75\n"
				    "  Tees 25 %                           9.75\n"
				    "  Welcome 5.00 (coupon WELCOME)       5.00\n"
				    "  By hand                             1.00\n"
				    "------------------------------------------\n"
				    "Tax exempt, certificate NY-ST-119\n"
				    "Customer ••• 0142\n";
	g_autoptr(TillSale) sale = create_reduced_sale();
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	g_autoptr(TillSale) stored = till_sale_from_bytes(body, NULL);
	TillReceiptStyle style = make_style();
	g_autofree char *text = till_receipt_text(sale, &style);

	g_assert_nonnull(strstr(text, expected));
	g_assert_nonnull(strstr(text, saved));
	g_assert_null(strstr(text, "2011"));
	g_assert_nonnull(stored);
	g_autofree char *again = till_receipt_text(stored, &style);
	g_assert_cmpstr(again, ==, text);
}

/* Whatever the width, no row is wider. */
static void
test_reductions_fit_the_paper(void)
{
	g_autoptr(TillSale) sale = create_reduced_sale();
	TillReceiptStyle style = make_style();

	for (style.columns = 24; style.columns <= 80; style.columns++) {
		g_autofree char *text = till_receipt_text(sale, &style);
		g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
		for (gsize k = 0; lines[k] != NULL; k++)
			g_assert_cmpint(g_utf8_strlen(lines[k], -1), <=, style.columns);
	}
}

/* The line of the text that begins with start. */
static char *
find_line(const char *text, const char *start)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (gsize i = 0; lines[i] != NULL; i++) {
		if (g_str_has_prefix(lines[i], start))
			return g_strdup(lines[i]);
	}
	return NULL;
}

static void
test_wide_and_combining(void)
{
	g_autoptr(TillSale) sale = till_sample_small_sale();
	TillReceiptStyle style = make_style();

	/* Five characters of two columns each; an e with a mark of its own. */
	rename_first(sale, "東京の茶碗", "");
	g_autofree char *wide = till_receipt_text(sale, &style);
	g_autofree char *wide_line = find_line(wide, "東京");
	g_assert_cmpstr(wide_line, ==, "東京の茶碗                           28.00");
	rename_first(sale,
		     "e\xcc\x81"
		     "charpe",
		     "");
	g_autofree char *marked = till_receipt_text(sale, &style);
	g_autofree char *marked_line = find_line(marked, "e\xcc\x81");
	g_assert_cmpstr(marked_line, ==,
			"e\xcc\x81"
			"charpe                              28.00");
}

static void
test_escapes_never_reach_paper(void)
{
	g_autoptr(TillSale) sale = till_sample_small_sale();
	TillReceiptStyle style = make_style();

	rename_first(sale, "Tee\x1b@\x1dV\x01 \xe2\x80\xaexyz", "\n\n\n");
	style.shop_address = "One\x1bTwo\r\nThree";
	g_autofree char *text = till_receipt_text(sale, &style);
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p != '\0'; p++)
		g_assert_true((guchar)*p >= ' ' || *p == '\n');
	g_assert_null(strstr(text, "\xe2\x80\xae"));
}

static void
test_other_currency(void)
{
	g_autoptr(TillSale) sale = till_sample_small_sale();
	TillReceiptStyle style = make_style();

	sale->priced->currency = till_currency_find("JPY");
	g_autofree char *text = till_receipt_text(sale, &style);
	g_autofree char *line = find_line(text, "TOTAL");
	g_assert_cmpstr(line, ==, "TOTAL JPY                             4932");
}

static void
test_no_change_no_row(void)
{
	g_autoptr(TillSale) sale = till_sample_small_sale();
	TillReceiptStyle style = make_style();

	sale->tenders[0].tendered_minor = sale->priced->total_minor;
	sale->change_minor = 0;
	g_autofree char *text = till_receipt_text(sale, &style);
	g_assert_nonnull(strstr(text, "\nCash "));
	g_assert_null(strstr(text, "\nChange "));
}

static int
measure(const char *line)
{
	int width = 0;

	for (const char *p = line; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
	}
	return width;
}

/* Whatever a thing is called, no line is wider than the paper and all text is sound. */
static void
test_random_names(void)
{
	static const gunichar letters[] = {'a',    'Z',  ' ',    ' ', 0x301,
					   0x6771, 0xe4, 0xff21, '-', 0x1f9e3};
	g_autoptr(TillSale) sale = till_sample_small_sale();
	TillReceiptStyle style = make_style();
	TillTestRandom random;

	till_test_random_init(&random, 42);
	for (int i = 0; i < 3000; i++) {
		g_autoptr(GString) name = g_string_new(NULL);
		gint64 length = till_test_random_range(&random, 0, 90);
		for (gint64 k = 0; k < length; k++)
			g_string_append_unichar(
			    name,
			    letters[till_test_random_range(&random, 0, G_N_ELEMENTS(letters) - 1)]);
		rename_first(sale, name->str, i % 2 ? name->str : "");
		style.columns = (int)till_test_random_range(&random, 24, 80);
		g_autofree char *text = till_receipt_text(sale, &style);
		g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
		for (gsize k = 0; lines[k] != NULL; k++)
			g_assert_cmpint(measure(lines[k]), <=, style.columns);
		g_assert_true(g_utf8_validate(text, -1, NULL));
	}
}

static void
test_reprint_is_identical(void)
{
	g_autoptr(TillSale) sale = till_sample_small_sale();
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	g_autoptr(TillSale) stored = till_sale_from_bytes(body, NULL);
	TillReceiptStyle style = make_style();
	g_autofree char *first = till_receipt_text(sale, &style);
	g_autofree char *again = till_receipt_text(stored, &style);

	g_assert_cmpstr(first, ==, again);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/receipt/whole-receipt", test_whole);
	g_test_add_func("/domain/receipt/narrow-copy-wraps-names", test_narrow_copy);
	g_test_add_func("/domain/receipt/reductions-say-why", test_reductions);
	g_test_add_func("/domain/receipt/reductions-fit-the-paper", test_reductions_fit_the_paper);
	g_test_add_func("/domain/receipt/wide-and-combining-characters", test_wide_and_combining);
	g_test_add_func("/domain/receipt/escapes-never-reach-paper",
			test_escapes_never_reach_paper);
	g_test_add_func("/domain/receipt/amounts-by-the-currency", test_other_currency);
	g_test_add_func("/domain/receipt/no-change-no-row", test_no_change_no_row);
	g_test_add_func("/domain/receipt/random-names-fit-the-paper", test_random_names);
	g_test_add_func("/domain/receipt/reprint-from-bytes-is-identical",
			test_reprint_is_identical);
	g_test_add_func("/domain/receipt/rounding-has-its-own-row", test_rounding_has_its_own_row);
	return g_test_run();
}
