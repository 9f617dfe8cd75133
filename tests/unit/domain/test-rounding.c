/* SPDX-License-Identifier: Apache-2.0 */
#include "rounding.h"

#include <string.h>

#include "json.h"
#include "till-test.h"

/* A decimal text as an exact integer: units · 10^-places. */
typedef struct {
	gint64 units;
	int places;
} Decimal;

static gint64
raise_ten(int power)
{
	gint64 result = 1;

	g_assert_cmpint(power, >=, 0);
	g_assert_cmpint(power, <=, 18);
	for (int i = 0; i < power; i++)
		result *= 10;
	return result;
}

/* The vectors were written for binary fractions; a printed one carries noise past its 15th digit
 * ("1.1549999999999998" is 1.155). That much is taken off exactly, by the module under test. */
static Decimal
read_decimal(const char *text)
{
	const char *digits = *text == '-' ? text + 1 : text;
	const char *point = strchr(digits, '.');
	g_autoptr(GString) plain = g_string_new(*text == '-' ? "-" : "");
	Decimal decimal = {0, point != NULL ? (int)strlen(point + 1) : 0};
	int surplus;

	for (const char *p = digits; *p != '\0'; p++) {
		if (*p != '.')
			g_string_append_c(plain, *p);
	}
	decimal.units = g_ascii_strtoll(plain->str, NULL, 10);
	surplus = (int)strlen(plain->str + strspn(plain->str, "-0")) - 15;
	if (surplus > 0) {
		g_assert_true(till_rounding_scale(decimal.units, 1, raise_ten(surplus),
						  TILL_ROUND_HALF_EVEN, &decimal.units));
		decimal.places -= surplus;
	}
	return decimal;
}

static gint64
show_in_places(Decimal decimal, int places)
{
	g_assert_cmpint(places, >=, decimal.places);
	return decimal.units * raise_ten(places - decimal.places);
}

/* Rounded to a multiple of step, in units of the finer of the two. */
static Decimal
round_to_step(Decimal value, Decimal step, TillRounding rounding)
{
	int places = MAX(value.places, step.places);
	Decimal rounded = {0, places};

	g_assert_true(till_rounding_to_step(
	    show_in_places(value, places), show_in_places(step, places), rounding, &rounded.units));
	return rounded;
}

static TillRounding
read_mode(const json_t *inputs)
{
	g_autofree char *name =
	    g_ascii_strdown(json_string_value(json_object_get(inputs, "mode")), -1);
	TillRounding rounding;

	g_assert_true(till_rounding_parse(name, &rounding));
	return rounding;
}

static Decimal
read_step(const json_t *inputs)
{
	const json_t *digits = json_object_get(inputs, "digits");
	const json_t *step = json_object_get(inputs, "step");

	if (step != NULL)
		return read_decimal(json_string_value(step));
	g_assert_nonnull(digits);
	return (Decimal){1, (int)json_integer_value(digits)};
}

static void
check_round(const json_t *inputs, const json_t *expected)
{
	Decimal value = read_decimal(json_string_value(json_object_get(inputs, "value")));
	Decimal right = read_decimal(json_string_value(json_object_get(expected, "value")));
	Decimal rounded = round_to_step(value, read_step(inputs), read_mode(inputs));
	int places = MAX(rounded.places, right.places);

	g_assert_cmpint(show_in_places(rounded, places), ==, show_in_places(right, places));
}

/* The same by one division: value · 10^digits, to a whole number. */
static void
check_scale(const json_t *inputs, const json_t *expected)
{
	Decimal value = read_decimal(json_string_value(json_object_get(inputs, "value")));
	Decimal right = read_decimal(json_string_value(json_object_get(expected, "value")));
	int digits = (int)json_integer_value(json_object_get(inputs, "digits"));
	gint64 rounded;

	g_assert_true(till_rounding_scale(value.units, raise_ten(digits), raise_ten(value.places),
					  read_mode(inputs), &rounded));
	g_assert_cmpint(rounded, ==, show_in_places(right, digits));
}

static void
check_sign(const json_t *inputs, const json_t *expected)
{
	const json_t *pair = json_object_get(inputs, "compare");
	Decimal step = read_step(inputs);
	Decimal a = round_to_step(read_decimal(json_string_value(json_array_get(pair, 0))), step,
				  TILL_ROUND_HALF_UP);
	Decimal b = round_to_step(read_decimal(json_string_value(json_array_get(pair, 1))), step,
				  TILL_ROUND_HALF_UP);
	int places = MAX(a.places, b.places);
	gint64 left = show_in_places(a, places);
	gint64 right = show_in_places(b, places);

	g_assert_cmpint((left > right) - (left < right), ==,
			json_integer_value(json_object_get(expected, "sign")));
}

static void
check_zero(const json_t *inputs, const json_t *expected)
{
	Decimal value = read_decimal(json_string_value(json_object_get(inputs, "value")));
	Decimal rounded = round_to_step(value, read_step(inputs), TILL_ROUND_HALF_UP);

	g_assert_cmpint(rounded.units == 0, ==, json_is_true(json_object_get(expected, "is_zero")));
}

static void
test_vectors(void)
{
	const char *path = till_test_shared_data("vectors/rounding/odoo-number-rounding.json");
	gsize index;
	json_t *test;

	if (path == NULL) {
		g_test_skip("shared data is not here");
		return;
	}
	g_autoptr(json_t) tests = till_test_load_json(path);
	g_assert_cmpuint(json_array_size(tests), >, 0);
	json_array_foreach(tests, index, test)
	{
		const json_t *inputs = json_object_get(test, "inputs");
		const json_t *expected = json_object_get(test, "expected");
		g_test_message("%s", json_string_value(json_object_get(test, "id")));
		if (json_object_get(inputs, "compare") != NULL)
			check_sign(inputs, expected);
		else if (json_object_get(expected, "is_zero") != NULL)
			check_zero(inputs, expected);
		else
			check_round(inputs, expected);
		if (json_object_get(inputs, "digits") != NULL)
			check_scale(inputs, expected);
	}
}

static void
test_modes_at_the_half(void)
{
	static const struct {
		TillRounding rounding;
		gint64 of_25, of_35, of_minus_25, of_24, of_minus_24;
	} rows[] = {
	    {TILL_ROUND_HALF_UP, 3, 4, -3, 2, -2},   {TILL_ROUND_HALF_DOWN, 2, 3, -2, 2, -2},
	    {TILL_ROUND_HALF_EVEN, 2, 4, -2, 2, -2}, {TILL_ROUND_UP, 3, 4, -3, 3, -3},
	    {TILL_ROUND_DOWN, 2, 3, -2, 2, -2},      {TILL_ROUND_CEILING, 3, 4, -2, 3, -2},
	    {TILL_ROUND_FLOOR, 2, 3, -3, 2, -3},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const gint64 values[] = {25, 35, -25, 24, -24};
		const gint64 right[] = {rows[i].of_25, rows[i].of_35, rows[i].of_minus_25,
					rows[i].of_24, rows[i].of_minus_24};
		for (gsize k = 0; k < G_N_ELEMENTS(values); k++) {
			gint64 out;
			g_assert_true(
			    till_rounding_scale(values[k], 1, 10, rows[i].rounding, &out));
			g_assert_cmpint(out, ==, right[k]);
		}
	}
}

static void
test_exact_needs_no_rounding(void)
{
	for (int mode = TILL_ROUND_HALF_UP; mode <= TILL_ROUND_FLOOR; mode++) {
		gint64 out;
		g_assert_true(till_rounding_scale(-700, 3, 100, (TillRounding)mode, &out));
		g_assert_cmpint(out, ==, -21);
	}
}

static void
test_wide_products(void)
{
	gint64 out;

	g_assert_true(
	    till_rounding_scale(G_MAXINT64, G_MAXINT64, G_MAXINT64, TILL_ROUND_HALF_UP, &out));
	g_assert_cmpint(out, ==, G_MAXINT64);
	g_assert_true(
	    till_rounding_scale(G_MININT64, G_MAXINT64, G_MAXINT64, TILL_ROUND_FLOOR, &out));
	g_assert_cmpint(out, ==, G_MININT64);
}

static void
test_refusals_leave_output(void)
{
	gint64 out = 77;

	g_assert_false(till_rounding_scale(1, 1, 0, TILL_ROUND_UP, &out));
	g_assert_false(till_rounding_scale(1, 1, -1, TILL_ROUND_UP, &out));
	g_assert_false(till_rounding_scale(G_MAXINT64, 2, 1, TILL_ROUND_UP, &out));
	g_assert_false(till_rounding_scale(G_MININT64, -1, 1, TILL_ROUND_UP, &out));
	g_assert_false(till_rounding_to_step(5, 0, TILL_ROUND_UP, &out));
	g_assert_false(till_rounding_to_step(G_MAXINT64, 10, TILL_ROUND_UP, &out));
	g_assert_cmpint(out, ==, 77);
}

static void
test_names(void)
{
	TillRounding rounding = TILL_ROUND_FLOOR;

	for (int mode = TILL_ROUND_HALF_UP; mode <= TILL_ROUND_FLOOR; mode++) {
		g_assert_true(
		    till_rounding_parse(till_rounding_name((TillRounding)mode), &rounding));
		g_assert_cmpint(rounding, ==, mode);
	}
	g_assert_false(till_rounding_parse("half-sideways", &rounding));
	g_assert_false(till_rounding_parse(NULL, &rounding));
	g_assert_cmpint(rounding, ==, TILL_ROUND_FLOOR);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/rounding/agrees-with-public-vectors", test_vectors);
	g_test_add_func("/domain/rounding/each-mode-at-and-near-the-half", test_modes_at_the_half);
	g_test_add_func("/domain/rounding/exact-results-are-kept", test_exact_needs_no_rounding);
	g_test_add_func("/domain/rounding/products-of-128-bits", test_wide_products);
	g_test_add_func("/domain/rounding/refuses-overflow-and-zero-divisor",
			test_refusals_leave_output);
	g_test_add_func("/domain/rounding/names-round-trip", test_names);
	return g_test_run();
}
