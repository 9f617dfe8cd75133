/* SPDX-License-Identifier: Apache-2.0 */
#include "ratio.h"

#include "till-test.h"

#define RANDOM_PAIRS 100000

static TillRatio
parse(const char *text, guint digits)
{
	TillRatio ratio;

	g_assert_true(till_ratio_parse(text, digits, &ratio));
	return ratio;
}

static void
assert_same(TillRatio a, TillRatio b)
{
	g_assert_cmpint(till_ratio_compare(a, b), ==, 0);
}

static void
test_parse(void)
{
	assert_same(parse("12.50", 0), till_ratio_of(25, 2));
	assert_same(parse("-.05", 0), till_ratio_of(-1, 20));
	assert_same(parse("3/2", 0), till_ratio_of(3, 2));
	assert_same(parse("0.5/1.5", 0), till_ratio_of(1, 3));
	assert_same(parse("1e-3", 0), till_ratio_of(1, 1000));
	assert_same(parse("2.5E2", 0), till_ratio_whole(250));
	assert_same(parse("1.1549999999999998", 15), till_ratio_of(1155, 1000));
	assert_same(parse("0.30000000000000004", 15), till_ratio_of(3, 10));
	assert_same(parse("1.1549999999999998", 0),
		    till_ratio_subtract(till_ratio_of(1155, 1000), parse("2e-16", 0)));
}

static void
test_parse_refuses(void)
{
	static const char *const texts[] = {
	    "",      "-",     ".",
	    "1.2.3", "1,5",   "1/0",
	    "1/",    "/2",    "1e",
	    "1e99",  "0x10",  " 1",
	    "1 ",    "--1",   "nan",
	    "1/-2",  "1e-99", "12345678901234567890123456789012345678901234567890",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		TillRatio ratio = {42, 1};
		g_assert_false(till_ratio_parse(texts[i], 0, &ratio));
		g_assert_true(ratio.numerator == 42);
	}
}

static void
test_round_to_steps(void)
{
	gint64 rounded;

	g_assert_true(till_ratio_round(till_ratio_of(1075, 10), 5, TILL_ROUND_HALF_DOWN, &rounded));
	g_assert_cmpint(rounded, ==, 105);
	g_assert_true(till_ratio_round(till_ratio_of(1075, 10), 5, TILL_ROUND_HALF_UP, &rounded));
	g_assert_cmpint(rounded, ==, 110);
	g_assert_true(till_ratio_round(till_ratio_of(-5, 2), 1, TILL_ROUND_HALF_EVEN, &rounded));
	g_assert_cmpint(rounded, ==, -2);
	g_assert_true(till_ratio_round(till_ratio_of(-7, 2), 1, TILL_ROUND_HALF_EVEN, &rounded));
	g_assert_cmpint(rounded, ==, -4);
	g_assert_true(till_ratio_round(till_ratio_of(-1, 3), 1, TILL_ROUND_FLOOR, &rounded));
	g_assert_cmpint(rounded, ==, -1);
	g_assert_true(till_ratio_round(till_ratio_of(-1, 3), 1, TILL_ROUND_CEILING, &rounded));
	g_assert_cmpint(rounded, ==, 0);
}

static void
test_lost_stays_lost(void)
{
	TillRatio huge = till_ratio_of(G_MAXINT64, 3);
	gint64 rounded = 42;

	for (guint i = 0; i < 4; i++)
		huge = till_ratio_multiply(huge, huge);
	g_assert_true(till_ratio_is_lost(huge));
	g_assert_true(till_ratio_is_lost(till_ratio_add(huge, till_ratio_whole(1))));
	g_assert_true(till_ratio_is_lost(till_ratio_negate(huge)));
	g_assert_true(till_ratio_is_lost(till_ratio_divide(till_ratio_whole(1), huge)));
	g_assert_false(till_ratio_round(huge, 1, TILL_ROUND_HALF_UP, &rounded));
	g_assert_cmpint(rounded, ==, 42);
	g_assert_true(
	    till_ratio_is_lost(till_ratio_divide(till_ratio_whole(1), till_ratio_whole(0))));
}

/* 1/p and 1/2 − 1/p over the odd numbers to 399: no common denominator in 128 bits. */
static void
test_sum_outgrows_denominators(void)
{
	TillRatioSum up = {.started = FALSE}, down = {.started = FALSE};
	TillRatio plain = till_ratio_whole(0);
	gint64 rounded;

	for (gint64 p = 3; p < 400; p += 2) {
		gint64 q = 402 - p;
		plain = till_ratio_add(plain, till_ratio_of(1, p));
		till_ratio_sum_add(&up, till_ratio_of(1, p));
		till_ratio_sum_add(&up, till_ratio_of(p - 2, 2 * p));
		till_ratio_sum_add(&down, till_ratio_of(q - 2, 2 * q));
		till_ratio_sum_add(&down, till_ratio_of(1, q));
	}
	g_assert_true(till_ratio_is_lost(plain));
	assert_same(till_ratio_sum_get(&up), till_ratio_of(199, 2));
	assert_same(till_ratio_sum_get(&up), till_ratio_sum_get(&down));
	till_ratio_sum_add(&up, till_ratio_of(-1, 1000000));
	g_assert_true(till_ratio_round(till_ratio_sum_get(&up), 1, TILL_ROUND_HALF_UP, &rounded));
	g_assert_cmpint(rounded, ==, 99);
}

static void
test_sum_of_nothing_and_too_much(void)
{
	TillRatioSum sum = {.started = FALSE};

	assert_same(till_ratio_sum_get(&sum), till_ratio_whole(0));
	till_ratio_sum_add(&sum, till_ratio_of(1, 3));
	till_ratio_sum_add(&sum, till_ratio_of(1, 6));
	assert_same(till_ratio_sum_get(&sum), till_ratio_of(1, 2));
	till_ratio_sum_add(&sum, till_ratio_divide(till_ratio_whole(1), till_ratio_whole(0)));
	g_assert_true(till_ratio_is_lost(till_ratio_sum_get(&sum)));
	till_ratio_sum_add(&sum, till_ratio_whole(1));
	g_assert_true(till_ratio_is_lost(till_ratio_sum_get(&sum)));
}

static void
test_format(void)
{
	g_autofree char *text = till_ratio_format(till_ratio_of(-1, 8), 2);
	g_autofree char *whole = till_ratio_format(till_ratio_of(7, 2), 0);

	g_assert_cmpstr(text, ==, "-0.13");
	g_assert_cmpstr(whole, ==, "4");
}

/* Against arithmetic that fits: sums, products and order of small fractions. */
static void
test_random_pairs(void)
{
	TillTestRandom random;

	till_test_random_init(&random, 128);
	for (guint i = 0; i < RANDOM_PAIRS; i++) {
		gint64 a = till_test_random_range(&random, -100000, 100000);
		gint64 b = till_test_random_range(&random, 1, 5000);
		gint64 c = till_test_random_range(&random, -100000, 100000);
		gint64 d = till_test_random_range(&random, 1, 5000);
		TillRatio left = till_ratio_of(a, b), right = till_ratio_of(c, d);

		assert_same(till_ratio_add(left, right), till_ratio_of(a * d + c * b, b * d));
		assert_same(till_ratio_multiply(left, right), till_ratio_of(a * c, b * d));
		assert_same(till_ratio_subtract(till_ratio_add(left, right), right), left);
		g_assert_cmpint(till_ratio_compare(left, right), ==,
				(a * d > c * b) - (a * d < c * b));
		if (c != 0)
			assert_same(till_ratio_multiply(till_ratio_divide(left, right), right),
				    left);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/ratio/parse", test_parse);
	g_test_add_func("/domain/ratio/parse-refuses", test_parse_refuses);
	g_test_add_func("/domain/ratio/round-to-steps", test_round_to_steps);
	g_test_add_func("/domain/ratio/lost-stays-lost", test_lost_stays_lost);
	g_test_add_func("/domain/ratio/sum-outgrows-denominators", test_sum_outgrows_denominators);
	g_test_add_func("/domain/ratio/sum-of-nothing-and-too-much",
			test_sum_of_nothing_and_too_much);
	g_test_add_func("/domain/ratio/format", test_format);
	g_test_add_func("/domain/ratio/random-pairs", test_random_pairs);
	return g_test_run();
}
