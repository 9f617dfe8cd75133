/* SPDX-License-Identifier: Apache-2.0 */
#include "format.h"

#define MOMENT_MS G_GINT64_CONSTANT(1795444320000) /* 2026-11-23 14:32 UTC */

static void
assert_money(const char *locale, const char *currency, gint64 minor, const char *expected,
	     const char *expected_short)
{
	g_autoptr(TillFormat) format = till_format_new(locale, till_currency_find(currency), "UTC");
	g_autofree char *money = till_format_money(format, minor);
	g_autofree char *brief = till_format_money_short(format, minor);

	g_assert_cmpstr(money, ==, expected);
	g_assert_cmpstr(brief, ==, expected_short);
}

static void
test_money(void)
{
	assert_money("en_US", "USD", 17311, "$173.11", "$173.11");
	assert_money("en_US", "USD", 17500, "$175.00", "$175");
	assert_money("en_US", "USD", -1560, "-$15.60", "-$15.60");
	assert_money("en_US", "USD", 123456789, "$1,234,567.89", "$1,234,567.89");
	assert_money("de_DE.UTF-8", "EUR", 129905, "1.299,05\u00a0€", "1.299,05\u00a0€");
	assert_money("ja_JP", "JPY", 1500, "￥1,500", "￥1,500");
	assert_money("en_GB", "GBP", 5, "£0.05", "£0.05");
}

static void
test_no_digit_is_lost(void)
{
	/* ISO 4217 gives the forint two places although shops show none. */
	assert_money("hu_HU", "HUF", 12345, "123,45\u00a0Ft", "123,45\u00a0Ft");
	assert_money("en_US", "KWD", 1234, "KWD\u00a01.234", "KWD\u00a01.234");
	assert_money("en_US", "USD", 9007199254740991, "$90,071,992,547,409.91",
		     "$90,071,992,547,409.91");
}

static void
test_locale_of_a_bare_machine(void)
{
	assert_money("C", "USD", 100, "$1.00", "$1");
	assert_money("C.UTF-8", "USD", 100, "$1.00", "$1");
	assert_money("POSIX", "USD", 100, "$1.00", "$1");
	assert_money(NULL, "USD", 100, "$1.00", "$1");
}

static void
test_quantity(void)
{
	g_autoptr(TillFormat) american = till_format_new("en_US", till_currency_find("USD"), "UTC");
	g_autoptr(TillFormat) german = till_format_new("de_DE", till_currency_find("EUR"), "UTC");
	g_autofree char *pieces = till_format_quantity(american, 2000);
	g_autofree char *weight = till_format_quantity(american, 640);
	g_autofree char *gewicht = till_format_quantity(german, 1640);

	g_assert_cmpstr(pieces, ==, "2");
	g_assert_cmpstr(weight, ==, "0.640");
	g_assert_cmpstr(gewicht, ==, "1,640");
	g_assert_cmpstr(till_format_decimal_sign(american), ==, ".");
	g_assert_cmpstr(till_format_decimal_sign(german), ==, ",");
}

static void
test_time_in_zone(void)
{
	g_autoptr(TillFormat) here = till_format_new("en_US", till_currency_find("USD"), "UTC");
	g_autoptr(TillFormat) there =
	    till_format_new("en_US", till_currency_find("USD"), "America/New_York");
	g_autofree char *time = till_format_time(here, MOMENT_MS);
	g_autofree char *earlier = till_format_time(there, MOMENT_MS);
	g_autofree char *date = till_format_date_time(here, MOMENT_MS);

	g_assert_cmpstr(time, ==, "14:32");
	g_assert_cmpstr(earlier, ==, "09:32");
	g_assert_cmpstr(date, ==, "Nov 23, 2026, 14:32");
}

static void
test_age(void)
{
	static const struct {
		gint64 seconds;
		const char *words;
	} rows[] = {{0, "just now"},   {8, "8 s"},    {119, "119 s"},     {340, "5 min"},
		    {7199, "119 min"}, {7200, "2 h"}, {172800, "2 days"}, {-5, "just now"}};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *words = till_format_age(rows[i].seconds);

		g_assert_cmpstr(words, ==, rows[i].words);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ui/format/money-by-locale", test_money);
	g_test_add_func("/ui/format/no-digit-of-the-minor-unit-is-lost", test_no_digit_is_lost);
	g_test_add_func("/ui/format/bare-machine-counts-as-american",
			test_locale_of_a_bare_machine);
	g_test_add_func("/ui/format/quantities-by-locale", test_quantity);
	g_test_add_func("/ui/format/time-in-the-shops-zone", test_time_in_zone);
	g_test_add_func("/ui/format/age-in-words", test_age);
	return g_test_run();
}
