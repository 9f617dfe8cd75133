/* SPDX-License-Identifier: Apache-2.0 */
#include "variable-code.h"

#include <string.h>

#include "basket.h"
#include "error.h"
#include "gtin.h"
#include "price.h"
#include "sale.h"
#include "till-sample.h"
#include "till-test.h"

#define PATTERNS "weight:21.....{NNDDD}., price:02.....{NNNDD}., price:20....v{NNNDD}."

static TillVariableCodes *
parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	TillVariableCodes *codes = till_variable_code_parse(text, &error);

	g_assert_no_error(error);
	return codes;
}

/* The digits with their check digit. Caller frees. */
static char *
close_code(const char *digits)
{
	return g_strdup_printf("%s%c", digits, till_gtin_check_digit(digits, strlen(digits)));
}

static TillVariableCode
read_code(const char *patterns, const char *digits)
{
	g_autoptr(TillVariableCodes) codes = parse(patterns);
	g_autofree char *code = close_code(digits);
	TillVariableCode read;

	till_variable_code_read(codes, code, &read);
	return read;
}

static void
test_weight_is_exact(void)
{
	TillVariableCode read = read_code(PATTERNS, "210413100640");
	g_autofree char *base = close_code("210413100000");
	gint64 milli;

	g_assert_cmpint(read.kind, ==, TILL_VARIABLE_WEIGHT);
	g_assert_cmpstr(read.item, ==, "04131");
	g_assert_cmpstr(read.base, ==, base);
	g_assert_true(till_variable_code_weight(&read, &milli));
	g_assert_cmpint(milli, ==, 640);
	read = read_code("weight:21.......{NND}.", "210004131125");
	g_assert_true(till_variable_code_weight(&read, &milli));
	g_assert_cmpint(milli, ==, 12500);
}

static void
test_price_is_in_the_currency(void)
{
	TillVariableCode read = read_code(PATTERNS, "020413100300");
	gint64 minor;

	g_assert_cmpint(read.kind, ==, TILL_VARIABLE_PRICE);
	g_assert_true(till_variable_code_price(&read, 2, &minor));
	g_assert_cmpint(minor, ==, 300);
	g_assert_true(till_variable_code_price(&read, 3, &minor));
	g_assert_cmpint(minor, ==, 3000);
	g_assert_true(till_variable_code_price(&read, 0, &minor));
	g_assert_cmpint(minor, ==, 3);
	read.value = 301;
	g_assert_false(till_variable_code_price(&read, 0, &minor));
	read.value = 0;
	g_assert_false(till_variable_code_price(&read, 2, &minor));
}

static void
test_upc_and_ean_are_one_code(void)
{
	g_autoptr(TillVariableCodes) upc = parse("price:2.....v{NNDD}.");
	g_autoptr(TillVariableCodes) ean = parse("price:02.....v{NNDD}.");
	g_autofree char *digits =
	    g_strdup_printf("204131%c2875", till_variable_code_verifier("2875", 4));
	g_autofree char *short_code = close_code(digits);
	g_autofree char *long_code = g_strconcat("0", short_code, NULL);
	TillVariableCode read;

	g_assert_true(till_variable_code_read(upc, short_code, &read));
	g_assert_true(till_variable_code_read(upc, long_code, &read));
	g_assert_true(till_variable_code_read(ean, short_code, &read));
	g_assert_true(till_variable_code_read(ean, long_code, &read));
	g_assert_cmpint(read.value, ==, 2875);
	g_assert_cmpstr(read.item, ==, "04131");
}

/* The examples of the General Specifications: 9 for 2875, 6 for 14685. */
static void
test_verifier_digits(void)
{
	g_assert_cmpint(till_variable_code_verifier("2875", 4), ==, '9');
	g_assert_cmpint(till_variable_code_verifier("14685", 5), ==, '6');
	g_assert_cmpint(till_variable_code_verifier("00000", 5), ==, '0');
	for (char wrong = '0'; wrong <= '9'; wrong++) {
		g_autofree char *digits = g_strdup_printf("200413%c14685", wrong);
		TillVariableCode read = read_code(PATTERNS, digits);
		g_assert_cmpint(read.kind == TILL_VARIABLE_PRICE, ==, wrong == '6');
	}
}

static void
test_other_codes_are_left_alone(void)
{
	static const char *const codes[] = {"",         "4006381333931", "0204131003001",
					    "x2041310", "02041310030",   "02041310030055"};
	g_autoptr(TillVariableCodes) patterns = parse(PATTERNS);
	TillVariableCode read;

	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
		g_assert_false(till_variable_code_read(patterns, codes[i], &read));
		g_assert_cmpint(read.kind, ==, TILL_VARIABLE_NONE);
	}
	g_assert_false(till_variable_code_read(NULL, "4006381333931", &read));
	g_autoptr(TillVariableCodes) none = parse(" , ");
	g_assert_false(till_variable_code_read(none, "4006381333931", &read));
}

static void
test_patterns_are_refused_with_a_reason(void)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
	    {"volume:21.....{NNDDD}.", "weight: or price:"},
	    {"21.....{NNDDD}.", "weight: or price:"},
	    {"weight:21..........", "value like"},
	    {"weight:21.....{}.....", "value like"},
	    {"weight:21.....{DDNNN}.", "value like"},
	    {"weight:21.....{NNDDD.", "value like"},
	    {"weight:21....x{NNDDD}.", "value like"},
	    {"weight:21.....{NN}.{DD}.", "value like"},
	    {"weight:2.....{NNDDD}", "12 or 13 digits"},
	    {"weight:21.....{NNNNNNNNDDD}.", "value like"},
	    {"weight:21......{NNDDD}", "end with a point"},
	    {"weight:21....{NNDDDD}.", "three decimals"},
	    {"price:2....vv{NNDD}.", "verifier"},
	    {"price:2.......v{ND}.", "verifier"},
	};
	g_autoptr(GString) many = g_string_new(NULL);
	GError *error = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_assert_null(till_variable_code_parse(rows[i].text, &error));
		g_test_message("%s", error->message);
		till_test_assert_error(error, TILL_ERROR_INVALID, rows[i].words);
	}
	for (guint i = 0; i <= TILL_VARIABLE_CODES_MAX; i++)
		g_string_append(many, "weight:21.....{NNDDD}.,");
	g_assert_null(till_variable_code_parse(many->str, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "one more than");
}

/* --- in a basket --- */

static TillBasketResult
add(TillBasket *basket, const TillItem *item, const char *digits, gint64 quantity_milli, guint *id)
{
	TillVariableCode read = read_code(PATTERNS, digits);
	g_autofree char *code = close_code(digits);

	return till_basket_add_scanned(basket, item, code, &read, 2, quantity_milli, id);
}

static void
test_price_of_a_label_is_final(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) apples = till_sample_weighed("4131", 469);
	guint id;

	g_assert_cmpint(add(basket, apples, "020413100300", 0, &id), ==, TILL_BASKET_OK);
	const TillBasketLine *line = till_basket_find(basket, id);
	g_assert_cmpint(line->embedded_minor, ==, 300);
	g_assert_cmpint(line->quantity_milli, ==, 640); /* 3.00 / 4.69 is 0.6397 */
	g_assert_cmpint(till_basket_set_quantity(basket, id, 1000), ==, TILL_BASKET_EMBEDDED);
	g_assert_cmpint(add(basket, apples, "020413100300", 1000, &id), ==, TILL_BASKET_EMBEDDED);
	g_assert_cmpint(add(basket, apples, "020413100300", 0, &id), ==, TILL_BASKET_OK);
	g_assert_cmpuint(till_basket_count(basket), ==, 2);
	g_assert_cmpint(add(basket, apples, "210413100500", 0, &id), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_find(basket, id)->quantity_milli, ==, 500);
	g_assert_cmpint(till_basket_set_quantity(basket, id, 600), ==, TILL_BASKET_OK);
}

static void
test_labels_on_pieces(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) cake = till_sample_item("CAKE", 1200);
	g_autoptr(TillItem) free_sample = till_sample_weighed("FREE", 0);
	guint first, second;

	g_assert_cmpint(add(basket, cake, "020413100300", 0, &first), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, cake, "", 0, &second), ==, TILL_BASKET_OK);
	g_assert_cmpuint(first, !=, second);
	g_assert_cmpint(till_basket_find(basket, first)->quantity_milli, ==, 1000);
	g_assert_cmpint(add(basket, cake, "210413100500", 0, NULL), ==, TILL_BASKET_NOT_PIECES);
	g_assert_cmpint(add(basket, free_sample, "020413100300", 0, NULL), ==,
			TILL_BASKET_NO_PRICE);
	g_assert_cmpint(till_basket_set_embedded(basket, 99, 1), ==, TILL_BASKET_NO_LINE);
	g_assert_cmpint(till_basket_set_embedded(basket, first, -1), ==, TILL_BASKET_BAD_EMBEDDED);
}

static TillPriced *
price_label(const TillManual *manual)
{
	TillPriceRules rules = till_sample_rules();
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) apples = till_sample_weighed("4131", 455);
	g_autoptr(GError) error = NULL;
	guint id;

	g_assert_cmpint(add(basket, apples, "020413100301", 0, &id), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_set_manual(basket, id, manual), ==, TILL_BASKET_OK);
	TillPriced *priced = till_price_basket(basket, &rules, &error);
	g_assert_no_error(error);
	till_price_rules_clear(&rules);
	return priced;
}

static void
test_line_costs_what_its_label_says(void)
{
	char reason[] = "bruised";
	TillManual price = {.kind = TILL_MANUAL_PRICE, .value = 400, .reason = reason};
	g_autoptr(TillPriced) plain = price_label(NULL);
	g_autoptr(TillPriced) changed = price_label(&price);
	const TillPricedLine *line = g_ptr_array_index(plain->lines, 0);
	const TillPricedLine *other = g_ptr_array_index(changed->lines, 0);

	g_assert_cmpint(line->quantity_milli, ==, 662); /* × 4.55 would be 3.0121 */
	g_assert_cmpint(line->list_minor, ==, 301);
	g_assert_cmpint(line->unit_minor, ==, 455);
	g_assert_cmpint(line->embedded_minor, ==, 301);
	g_assert_cmpint(other->embedded_minor, ==, 0);
	g_assert_cmpint(other->list_minor, ==, 265); /* 0.662 × 4.00 */
}

static void
test_body_keeps_and_checks_it(void)
{
	g_autoptr(TillSale) sale = till_sample_sale(price_label(NULL), 1000);
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	g_autoptr(GString) changed =
	    g_string_new_len(g_bytes_get_data(body, NULL), (gssize)g_bytes_get_size(body));
	GError *error = NULL;
	g_autoptr(TillSale) back = till_sale_from_bytes(body, &error);

	g_assert_no_error(error);
	const TillPricedLine *line = g_ptr_array_index(back->priced->lines, 0);
	g_assert_cmpint(line->embedded_minor, ==, 301);
	g_assert_cmpuint(
	    g_string_replace(changed, "\"embedded_minor\":301", "\"embedded_minor\":300", 0), ==,
	    1);
	g_autoptr(GBytes) wrong = g_bytes_new(changed->str, changed->len);
	g_assert_null(till_sale_from_bytes(wrong, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "price of the label");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/variable-code/weight-is-exact", test_weight_is_exact);
	g_test_add_func("/domain/variable-code/price-is-in-the-currency",
			test_price_is_in_the_currency);
	g_test_add_func("/domain/variable-code/upc-and-ean-are-one-code",
			test_upc_and_ean_are_one_code);
	g_test_add_func("/domain/variable-code/verifier-digits", test_verifier_digits);
	g_test_add_func("/domain/variable-code/other-codes-are-left-alone",
			test_other_codes_are_left_alone);
	g_test_add_func("/domain/variable-code/patterns-are-refused-with-a-reason",
			test_patterns_are_refused_with_a_reason);
	g_test_add_func("/domain/variable-code/price-of-a-label-is-final",
			test_price_of_a_label_is_final);
	g_test_add_func("/domain/variable-code/labels-on-pieces", test_labels_on_pieces);
	g_test_add_func("/domain/variable-code/line-costs-what-its-label-says",
			test_line_costs_what_its_label_says);
	g_test_add_func("/domain/variable-code/body-keeps-and-checks-it",
			test_body_keeps_and_checks_it);
	return g_test_run();
}
