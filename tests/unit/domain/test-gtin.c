/* SPDX-License-Identifier: Apache-2.0 */
#include "gtin.h"

#include <string.h>

#include "json.h"
#include "text.h"
#include "till-test.h"

/* Why a text has no right check digit, in the vectors' words; NULL when it has. */
static const char *
explain(const char *digits)
{
	if (strlen(digits) < 2)
		return "too_short_for_check_digit";
	if (!till_text_is_digits(digits))
		return "non_digit_character";
	return till_gtin_check(digits) ? NULL : "incorrect_check_digit";
}

static void
check_vector(const json_t *test)
{
	const char *digits =
	    json_string_value(json_object_get(json_object_get(test, "inputs"), "digits"));
	const json_t *expected = json_object_get(test, "expected");
	const char *reason = json_string_value(json_object_get(expected, "reason"));
	const char *right = json_string_value(json_object_get(expected, "right_check_digit"));
	gboolean valid = json_is_true(json_object_get(expected, "valid"));

	g_test_message("%s", json_string_value(json_object_get(test, "id")));
	g_assert_cmpint(till_gtin_check(digits), ==, valid);
	if (reason != NULL)
		g_assert_cmpstr(explain(digits), ==, reason);
	if (right != NULL)
		g_assert_cmpint(till_gtin_check_digit(digits, strlen(digits) - 1), ==, right[0]);
}

static void
test_vectors(void)
{
	const char *path = till_test_shared_data("vectors/gs1/check-digits.json");
	gsize index;
	json_t *test;

	if (path == NULL) {
		g_test_skip("shared data is not here");
		return;
	}
	g_autoptr(json_t) tests = till_test_load_json(path);
	g_assert_cmpuint(json_array_size(tests), >, 0);
	json_array_foreach(tests, index, test) check_vector(test);
}

static void
test_check_digit_edges(void)
{
	g_assert_cmpint(till_gtin_check_digit("", 0), ==, 0);
	g_assert_cmpint(till_gtin_check_digit(NULL, 3), ==, 0);
	g_assert_cmpint(till_gtin_check_digit("12a4", 4), ==, 0);
	g_assert_cmpint(till_gtin_check_digit("0", 1), ==, '0');
	g_assert_cmpint(till_gtin_check_digit("1", 1), ==, '7');
	g_assert_false(till_gtin_check(NULL));
	g_assert_false(till_gtin_check("5"));
}

static void
test_normalise(void)
{
	char out[TILL_GTIN_TEXT] = "untouched";

	g_assert_cmpint(till_gtin_normalise("", out), ==, TILL_GTIN_EMPTY);
	g_assert_cmpint(till_gtin_normalise(NULL, out), ==, TILL_GTIN_EMPTY);
	g_assert_cmpint(till_gtin_normalise("40063813339 1", out), ==, TILL_GTIN_NOT_DIGITS);
	g_assert_cmpint(till_gtin_normalise("12345678", out), ==, TILL_GTIN_CHECK_DIGIT);
	g_assert_cmpint(till_gtin_normalise("123456789", out), ==, TILL_GTIN_LENGTH);
	g_assert_cmpint(till_gtin_normalise("123456789012345675", out), ==, TILL_GTIN_LENGTH);
	g_assert_cmpint(till_gtin_normalise("4006381333930", out), ==, TILL_GTIN_CHECK_DIGIT);
	g_assert_cmpstr(out, ==, "untouched");
	g_assert_cmpint(till_gtin_normalise("4006381333931", out), ==, TILL_GTIN_OK);
	g_assert_cmpstr(out, ==, "04006381333931");
	g_assert_cmpint(till_gtin_normalise("02345680", out), ==, TILL_GTIN_OK);
	g_assert_cmpstr(out, ==, "00000002345680");
}

static void
test_upca_is_ean13(void)
{
	char upca[TILL_GTIN_TEXT], ean13[TILL_GTIN_TEXT], gtin14[TILL_GTIN_TEXT];

	g_assert_cmpint(till_gtin_normalise("416000336108", upca), ==, TILL_GTIN_OK);
	g_assert_cmpint(till_gtin_normalise("0416000336108", ean13), ==, TILL_GTIN_OK);
	g_assert_cmpint(till_gtin_normalise("00416000336108", gtin14), ==, TILL_GTIN_OK);
	g_assert_cmpstr(upca, ==, ean13);
	g_assert_cmpstr(upca, ==, gtin14);
}

/* The rows are the rules of the standard, one for each last digit of the body. */
static void
test_upce(void)
{
	static const struct {
		const char *upce, *upca;
	} rows[] = {
	    {"123450", "012000003455"},  {"123451", "012100003454"},   {"123452", "012200003453"},
	    {"123453", "012300000451"},  {"123454", "012340000053"},   {"123455", "012345000058"},
	    {"123459", "012345000096"},  {"0123455", "012345000058"},  {"01234558", "012345000058"},
	    {"1123455", "112345000055"}, {"11234555", "112345000055"},
	};
	char out[13] = "untouched";

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s", rows[i].upce);
		g_assert_true(till_gtin_expand_upce(rows[i].upce, out));
		g_assert_cmpstr(out, ==, rows[i].upca);
		g_assert_true(till_gtin_check(out));
	}
}

static void
test_not_upce(void)
{
	static const char *const bad[] = {"",         "12345",     "2123455",
					  "01234559", "123456789", "12345a"};
	char out[13] = "untouched";

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(till_gtin_expand_upce(bad[i], out));
	g_assert_false(till_gtin_expand_upce(NULL, out));
	g_assert_cmpstr(out, ==, "untouched");
}

static void
test_display(void)
{
	char text[TILL_GTIN_TEXT];

	g_assert_cmpstr(till_gtin_display("00000002345680", text), ==, "02345680");
	g_assert_cmpstr(till_gtin_display("00416000336108", text), ==, "416000336108");
	g_assert_cmpstr(till_gtin_display("04006381333931", text), ==, "4006381333931");
	g_assert_cmpstr(till_gtin_display("15012345678907", text), ==, "15012345678907");
	g_strlcpy(text, "04006381333931", sizeof text);
	g_assert_cmpstr(till_gtin_display(text, text), ==, "4006381333931");
}

/* Every single wrong digit is found, which is what a check digit is for. */
static void
test_single_errors_are_found(void)
{
	TillTestRandom random;

	till_test_random_init(&random, 14);
	for (int i = 0; i < 20000; i++) {
		char digits[TILL_GTIN_TEXT] = "";
		gsize length = (gsize)till_test_random_range(&random, 2, 14);
		for (gsize k = 0; k + 1 < length; k++)
			digits[k] = (char)till_test_random_range(&random, '0', '9');
		digits[length - 1] = till_gtin_check_digit(digits, length - 1);
		g_assert_true(till_gtin_check(digits));
		gsize at = (gsize)till_test_random_range(&random, 0, (gint64)length - 1);
		int step = (int)till_test_random_range(&random, 1, 9);
		digits[at] = (char)('0' + (digits[at] - '0' + step) % 10);
		g_assert_false(till_gtin_check(digits));
	}
}

static void
test_words(void)
{
	for (int result = TILL_GTIN_OK; result <= TILL_GTIN_CHECK_DIGIT; result++)
		g_assert_true(g_str_has_suffix(till_gtin_words((TillGtinResult)result), "."));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/gtin/agrees-with-public-vectors", test_vectors);
	g_test_add_func("/domain/gtin/check-digit-of-nothing-is-none", test_check_digit_edges);
	g_test_add_func("/domain/gtin/normalise-says-what-is-wrong", test_normalise);
	g_test_add_func("/domain/gtin/upc-a-and-ean-13-meet", test_upca_is_ean13);
	g_test_add_func("/domain/gtin/upc-e-expands-by-its-last-digit", test_upce);
	g_test_add_func("/domain/gtin/upc-e-refuses-others", test_not_upce);
	g_test_add_func("/domain/gtin/display-drops-padding", test_display);
	g_test_add_func("/domain/gtin/every-single-wrong-digit-is-found",
			test_single_errors_are_found);
	g_test_add_func("/domain/gtin/words-are-sentences", test_words);
	return g_test_run();
}
