/* SPDX-License-Identifier: Apache-2.0 */
#include "money.h"

#include "quantity.h"
#include "till-test.h"

static void
test_add_and_subtract(void)
{
	gint64 out = 5;

	g_assert_true(till_money_add(17311, -311, &out));
	g_assert_cmpint(out, ==, 17000);
	g_assert_true(till_money_subtract(20000, 17311, &out));
	g_assert_cmpint(out, ==, 2689);
	g_assert_false(till_money_add(G_MAXINT64, 1, &out));
	g_assert_false(till_money_subtract(G_MININT64, 1, &out));
	g_assert_cmpint(out, ==, 2689);
}

static void
test_times_quantity(void)
{
	gint64 out = 0;

	g_assert_true(till_money_times_quantity(1250, 640, TILL_ROUND_HALF_UP, &out));
	g_assert_cmpint(out, ==, 800);
	g_assert_true(till_money_times_quantity(333, 1500, TILL_ROUND_HALF_UP, &out));
	g_assert_cmpint(out, ==, 500);
	g_assert_true(till_money_times_quantity(333, 1500, TILL_ROUND_HALF_EVEN, &out));
	g_assert_cmpint(out, ==, 500);
	g_assert_true(till_money_times_quantity(-333, 1500, TILL_ROUND_DOWN, &out));
	g_assert_cmpint(out, ==, -499);
	g_assert_false(
	    till_money_times_quantity(G_MAXINT64, TILL_QUANTITY_MAX_MILLI, TILL_ROUND_DOWN, &out));
}

static void
test_parse(void)
{
	static const struct {
		const char *text, *currency;
		gint64 minor;
	} rows[] = {
	    {"12.50", "USD", 1250},
	    {"12.5", "USD", 1250},
	    {"-0.01", "USD", -1},
	    {"12", "USD", 1200},
	    {"12.500", "USD", 1250},
	    {"1200", "JPY", 1200},
	    {"1200.0", "JPY", 1200},
	    {"1.234", "KWD", 1234},
	    {"90071992547409.91", "USD", TILL_MONEY_MAX_MINOR},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gint64 out;
		g_assert_true(
		    till_money_parse(rows[i].text, till_currency_find(rows[i].currency), &out));
		g_assert_cmpint(out, ==, rows[i].minor);
	}
}

static void
test_parse_refusals(void)
{
	static const char *const bad[] = {"",
					  "12.505",
					  "12,50",
					  "1e3",
					  " 12",
					  "12 ",
					  "$12",
					  "0x10",
					  "--1",
					  ".",
					  "1.2.3",
					  "90071992547409.92",
					  "-90071992547409.92",
					  "99999999999999999999999"};
	gint64 out = 42;

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_test_message("%s", bad[i]);
		g_assert_false(till_money_parse(bad[i], till_currency_find("USD"), &out));
	}
	g_assert_false(till_money_parse("0.5", till_currency_find("JPY"), &out));
	g_assert_false(till_money_parse(NULL, till_currency_find("USD"), &out));
	g_assert_cmpint(out, ==, 42);
}

static void
check_text_round_trip(gint64 minor, const TillCurrency *currency)
{
	g_autofree char *text = till_money_format(minor, currency);
	gint64 out;

	g_assert_true(till_money_parse(text, currency, &out));
	g_assert_cmpint(out, ==, minor);
}

static void
test_text_round_trip(void)
{
	TillTestRandom random;
	gsize count;
	const TillCurrency *table = till_currency_table(&count);

	till_test_random_init(&random, 4217);
	for (int i = 0; i < 100000; i++) {
		gint64 minor =
		    till_test_random_range(&random, -TILL_MONEY_MAX_MINOR, TILL_MONEY_MAX_MINOR);
		int shift = (int)till_test_random_range(&random, 0, 50);
		check_text_round_trip(
		    minor / (G_GINT64_CONSTANT(1) << shift),
		    &table[till_test_random_range(&random, 0, (gint64)count - 1)]);
	}
}

static void
test_quantity_text(void)
{
	static const struct {
		const char *text;
		gint64 milli;
		const char *shown;
	} rows[] = {
	    {"2", 2000, "2"},      {"0.64", 640, "0.640"},
	    {".5", 500, "0.500"},  {"0", 0, "0"},
	    {"1.0000", 1000, "1"}, {"007", 7000, "7"},
	    {"0.001", 1, "0.001"}, {"9999999.999", 9999999999, "9999999.999"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gint64 out;
		g_test_message("%s", rows[i].text);
		g_assert_true(till_quantity_parse(rows[i].text, &out));
		g_assert_cmpint(out, ==, rows[i].milli);
		g_autofree char *shown = till_quantity_format(out);
		g_assert_cmpstr(shown, ==, rows[i].shown);
	}
	g_autofree char *negative = till_quantity_format(-640);
	g_assert_cmpstr(negative, ==, "-0.640");
}

static void
test_quantity_refusals(void)
{
	static const char *const bad[] = {
	    "",       ".",        "-1",           "+1",
	    "0.0001", "10000000", "1.",           "1,5",
	    "1 kg",   " 1",       "1e3",          "..5",
	    "1.2.3",  "abc",      "9999999.9991", "00000000000000000000000000000000000001"};
	gint64 out = 42;

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_test_message("%s", bad[i]);
		g_assert_false(till_quantity_parse(bad[i], &out));
	}
	g_assert_false(till_quantity_parse(NULL, &out));
	g_assert_cmpint(out, ==, 42);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/money/adds-and-subtracts-with-overflow-seen",
			test_add_and_subtract);
	g_test_add_func("/domain/money/times-quantity-rounds-once", test_times_quantity);
	g_test_add_func("/domain/money/parses-by-the-currency", test_parse);
	g_test_add_func("/domain/money/refuses-what-is-not-an-amount", test_parse_refusals);
	g_test_add_func("/domain/money/text-round-trips-at-random", test_text_round_trip);
	g_test_add_func("/domain/quantity/parses-and-shows", test_quantity_text);
	g_test_add_func("/domain/quantity/refuses-what-is-not-a-quantity", test_quantity_refusals);
	return g_test_run();
}
