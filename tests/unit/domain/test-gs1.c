/* SPDX-License-Identifier: Apache-2.0 */
#include "gs1.h"

#include <string.h>

#include "gs1-check.h"
#include "gs1-table.h"
#include "gtin.h"
#include "till-test.h"

static TillGs1
read_sound(const char *text)
{
	TillGs1 gs1;

	g_test_message("%s", text);
	g_assert_cmpint(till_gs1_read(text, TILL_GS1_STRICT, &gs1), ==, TILL_GS1_OK);
	return gs1;
}

static void
check_fault(const char *text, TillGs1Result wanted)
{
	TillGs1 gs1;

	g_test_message("%s", text);
	g_assert_cmpint(till_gs1_read(text, TILL_GS1_STRICT, &gs1), ==, wanted);
}

static void
test_one_item_in_every_form(void)
{
	static const char *const forms[] = {
	    "]C10109520123456788310300064010AB-1\x1d"
	    "21X",
	    "]e00109520123456788310300064010AB-1\x1d"
	    "21X",
	    "]d20109520123456788310300064010AB-1\x1d"
	    "21X\x1d",
	    "]Q30109520123456788310300064010AB-1\x1d"
	    "21X",
	    "\x1d"
	    "0109520123456788310300064010AB-1\x1d"
	    "21X",
	    "(01)09520123456788(3103)000640(10)AB-1(21)X",
	    "]Q1(01)09520123456788(3103)000640(10)AB-1(21)X",
	    "https://id.example.org/shop/01/09520123456788/10/AB-1/21/X?3103=000640&linkType=all",
	    "]Q1HTTPS://ID.EXAMPLE.ORG/01/09520123456788/10/AB-1/21/X?3103=000640#now",
	    "]E09520123456788|]e0310300064010AB-1\x1d"
	    "21X",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		TillGs1 gs1 = read_sound(forms[i]);
		char gtin[TILL_GTIN_TEXT];
		gint64 milli;
		const char *unit;
		g_assert_cmpuint(gs1.count, ==, 4);
		g_assert_true(till_gs1_gtin(&gs1, gtin));
		g_assert_cmpstr(gtin, ==, "09520123456788");
		g_assert_true(till_gs1_quantity(&gs1, &milli, &unit));
		g_assert_cmpint(milli, ==, 640);
		g_assert_cmpstr(unit, ==, "kg");
		g_assert_cmpstr(till_gs1_find(&gs1, "10"), ==, "AB-1");
		g_assert_cmpstr(till_gs1_find(&gs1, "21"), ==, "X");
		g_assert_null(till_gs1_find(&gs1, "17"));
	}
}

static void
test_faults_say_which(void)
{
	check_fault("4006381333931", TILL_GS1_NONE);
	check_fault("", TILL_GS1_NONE);
	check_fault("]C1", TILL_GS1_EMPTY);
	check_fault("(01)09520123456789", TILL_GS1_CHECK_DIGIT);
	check_fault("(01)0952012345678", TILL_GS1_LENGTH);
	check_fault("(17)251301", TILL_GS1_DATE);
	check_fault("(17)250229", TILL_GS1_DATE);
	check_fault("(7006)250200", TILL_GS1_DATE);
	check_fault("(7003)2502012460", TILL_GS1_DATE);
	check_fault("(10)A B", TILL_GS1_CHARACTER);
	check_fault("(422)000", TILL_GS1_VALUE);
	check_fault("(3912)000100", TILL_GS1_VALUE);
	check_fault("(8006)095201234567880302", TILL_GS1_VALUE);
	check_fault("(8007)GB29NWBK60161331926818", TILL_GS1_VALUE);
	check_fault("(8013)1987654Ad4X4bL5ttr2310c3K", TILL_GS1_VALUE);
	check_fault("(10)A(10)B", TILL_GS1_CONTRADICTS);
	check_fault("(89)1", TILL_GS1_UNKNOWN);
	check_fault("(10", TILL_GS1_BRACKETS);
	check_fault("(10)A)", TILL_GS1_OK);
	check_fault("https://example.com", TILL_GS1_NO_KEY);
	check_fault("https://example.com/products/tee", TILL_GS1_NO_KEY);
	check_fault("https://example.com/01/09520123456788/21/A/10/B", TILL_GS1_PATH);
	check_fault("https://example.com/01/09520123456788/235/A/10/B", TILL_GS1_PATH);
	check_fault("https://example.com/01/09520123456788?235=A", TILL_GS1_NO_ATTRIBUTE);
	check_fault("https://example.com/AQnYUc1gmiERBhQ", TILL_GS1_COMPRESSED);
	check_fault("https://example.com/01/0952012345678%2", TILL_GS1_LINK);
	check_fault("https://exa mple.com/01/09520123456788", TILL_GS1_LINK);
}

static void
test_checks_of_keys_pass(void)
{
	read_sound("(8007)GB29NWBK60161331926819");
	read_sound("(8013)1987654Ad4X4bL5ttr2310c2K");
	read_sound("(8006)095201234567880303");
	read_sound("(3932)8400000123");
	read_sound("(4309)00000000000000000000");
	read_sound("(17)240229");
	read_sound("(17)250200");
	read_sound("(7003)2502012359");
	read_sound("(4330)001290-");
	read_sound("(8008)250201235959");
}

static void
check_measure(const char *text, gint64 wanted_milli)
{
	TillGs1 gs1 = read_sound(text);
	gint64 milli = -1;

	g_assert_true(till_gs1_measure(&gs1, "310", &milli));
	g_assert_cmpint(milli, ==, wanted_milli);
}

static void
test_measures_come_in_thousandths(void)
{
	TillGs1 pieces = read_sound("(01)09520123456788(30)12");
	const char *unit;
	gint64 milli;

	check_measure("(3100)000012", 12000);
	check_measure("(3101)000012", 1200);
	check_measure("(3103)001250", 1250);
	check_measure("(3104)000014", 1);
	check_measure("(3104)000015", 2);
	check_measure("(3105)000049", 0);
	check_measure("(3100)999999", 999999000);
	g_assert_true(till_gs1_quantity(&pieces, &milli, &unit));
	g_assert_cmpint(milli, ==, 12000);
	g_assert_cmpstr(unit, ==, "ea");
	g_assert_false(till_gs1_measure(&pieces, "310", &milli));
}

static void
check_price(const char *text, const char *code, gint64 wanted_minor)
{
	TillGs1 gs1 = read_sound(text);
	const TillCurrency *currency = NULL;
	gint64 minor = -1;

	g_assert_true(till_gs1_price(&gs1, till_currency_find("USD"), &minor, &currency));
	g_assert_cmpint(minor, ==, wanted_minor);
	g_assert_cmpstr(currency->code, ==, code);
}

static void
test_prices_come_in_minor_units(void)
{
	TillGs1 large = read_sound("(3920)999999999999999");
	TillGs1 none = read_sound("(01)09520123456788");
	const TillCurrency *currency;
	gint64 minor;

	check_price("(3922)0299", "USD", 299);
	check_price("(3920)3", "USD", 300);
	check_price("(3923)02995", "USD", 300);
	check_price("(3932)9780299", "EUR", 299);
	check_price("(3930)392500", "JPY", 500);
	check_price("(3932)39250050", "JPY", 501);
	check_price("(3933)4140001250", "KWD", 1250);
	g_assert_false(till_gs1_price(&none, till_currency_find("USD"), &minor, &currency));
	g_assert_true(till_gs1_price(&large, till_currency_find("USD"), &minor, &currency));
	g_assert_false(till_gs1_price(&large, till_currency_find("CLF"), &minor, &currency));
}

static void
check_date(const char *six, guint this_year, const char *wanted)
{
	g_autofree char *text = g_strdup_printf("(17)%s", six);
	TillGs1 gs1 = read_sound(text);
	char shown[11] = "";
	GDate date;

	g_assert_true(till_gs1_date(&gs1, "17", this_year, &date));
	g_snprintf(shown, sizeof shown, "%04u-%02u-%02u", g_date_get_year(&date),
		   (guint)g_date_get_month(&date), g_date_get_day(&date));
	g_assert_cmpstr(shown, ==, wanted);
}

static void
test_dates_take_the_nearest_century(void)
{
	TillGs1 none = read_sound("(10)A");
	GDate date;

	check_date("251231", 2025, "2025-12-31");
	check_date("751231", 2025, "2075-12-31");
	check_date("761231", 2025, "1976-12-31");
	check_date("000101", 2051, "2100-01-01");
	check_date("010101", 2051, "2101-01-01");
	check_date("020101", 2051, "2002-01-01");
	check_date("240200", 2025, "2024-02-29");
	check_date("250200", 2025, "2025-02-28");
	g_assert_false(till_gs1_date(&none, "17", 2025, &date));
}

static void
test_flags_allow_what_they_name(void)
{
	static const struct {
		const char *text;
		TillGs1Flags flags;
	} rows[] = {
	    {"https://a/gtin/09520123456788/lot/X", TILL_GS1_ALPHAS},
	    {"https://a/01/9520123456788", TILL_GS1_SHORT_GTIN},
	    {"https://a/01/09520123456788?89=new", TILL_GS1_FUTURE},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		char gtin[TILL_GTIN_TEXT];
		TillGs1 gs1;
		g_assert_cmpint(till_gs1_read(rows[i].text, TILL_GS1_STRICT, &gs1), !=,
				TILL_GS1_OK);
		g_assert_cmpint(till_gs1_read(rows[i].text, rows[i].flags, &gs1), ==, TILL_GS1_OK);
		g_assert_true(till_gs1_gtin(&gs1, gtin));
		g_assert_cmpstr(gtin, ==, "09520123456788");
	}
}

static void
test_brackets_keep_whole_elements(void)
{
	TillGs1 gs1 = read_sound("(01)09520123456788(10)A\\(B(21)XYZ");
	g_autofree char *all = till_gs1_brackets(&gs1, 128);
	g_autofree char *some = till_gs1_brackets(&gs1, 28);
	g_autofree char *none = till_gs1_brackets(&gs1, 5);

	g_assert_cmpstr(all, ==, "(01)09520123456788(10)A\\(B(21)XYZ");
	g_assert_cmpstr(some, ==, "(01)09520123456788(10)A\\(B");
	g_assert_cmpstr(none, ==, "");
}

static void
test_limits_hold(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	TillGs1 gs1;

	for (int i = 3100; i < 3100 + 70; i += 10) {
		for (int k = 0; k < 6; k++)
			g_string_append_printf(text, "(%d)000001", i + k);
	}
	g_assert_cmpint(till_gs1_read(text->str, TILL_GS1_STRICT, &gs1), ==, TILL_GS1_TOO_LONG);
	g_assert_cmpuint(gs1.count, ==, TILL_GS1_ELEMENTS_MAX);
	g_string_assign(text, "https://a/01/09520123456788?x=");
	while (text->len <= TILL_GS1_TEXT_MAX)
		g_string_append_c(text, 'x');
	g_assert_cmpint(till_gs1_read(text->str, TILL_GS1_STRICT, &gs1), ==, TILL_GS1_TOO_LONG);
}

static void
test_table_is_sound(void)
{
	gsize count;
	const TillGs1Row *rows = till_gs1_table_rows(&count);

	g_assert_cmpuint(count, >, 150);
	for (gsize i = 0; i < count; i++) {
		const TillGs1Row *row = &rows[i];
		g_assert_cmpuint(strlen(row->from), ==, strlen(row->to));
		g_assert_cmpstr(row->from, <=, row->to);
		/* No row hides another, also not by being its beginning. */
		g_assert_true(till_gs1_table_exact(row->from) == row);
		g_assert_true(till_gs1_table_exact(row->to) == row);
		/* Every part can be read to its end, whatever checks it names. */
		g_assert_cmpint(till_gs1_check(row->parts, "~", 1), !=, TILL_GS1_OK);
		if (till_gs1_table_fixed(row->from, row) > 0)
			g_assert_null(strpbrk(row->parts, " ?-"));
	}
}

/* Digits or letters that fit most parts; what is taken must come back the same in every form. */
static void
test_random_elements_come_back(void)
{
	TillTestRandom random;
	gsize count, taken = 0;
	const TillGs1Row *rows = till_gs1_table_rows(&count);

	till_test_random_init(&random, 14);
	for (int i = 0; i < 60000; i++) {
		const TillGs1Row *row =
		    &rows[till_test_random_range(&random, 0, (gint64)count - 1)];
		char value[32] = "";
		gsize length = (gsize)till_test_random_range(&random, 1, 20);
		TillGs1 gs1 = {0}, again;
		for (gsize k = 0; k < length; k++)
			value[k] = (char)till_test_random_range(&random, i % 3 ? '0' : '(',
								i % 3 ? '9' : 'Z');
		if (i % 2)
			value[length - 1] = till_gtin_check_digit(value, length - 1);
		if (till_gs1_add(&gs1, row->from, value, strlen(value), TILL_GS1_STRICT) !=
			TILL_GS1_OK ||
		    till_gs1_add(&gs1, "10", "END", 3, TILL_GS1_STRICT) != TILL_GS1_OK)
			continue;
		taken++;
		g_autofree char *brackets = till_gs1_brackets(&gs1, 512);
		g_autofree char *elements = till_gs1_elements(&gs1);
		again = read_sound(brackets);
		g_assert_cmpstr(till_gs1_find(&again, row->from), ==, value);
		again = read_sound(elements);
		g_assert_cmpstr(till_gs1_find(&again, row->from), ==, value);
		g_assert_cmpstr(till_gs1_find(&again, "10"), ==, "END");
	}
	g_assert_cmpuint(taken, >, 2000);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/gs1/one-item-in-every-form", test_one_item_in_every_form);
	g_test_add_func("/domain/gs1/faults-say-which", test_faults_say_which);
	g_test_add_func("/domain/gs1/check-pairs-and-dates-pass", test_checks_of_keys_pass);
	g_test_add_func("/domain/gs1/measures-in-thousandths", test_measures_come_in_thousandths);
	g_test_add_func("/domain/gs1/prices-in-minor-units", test_prices_come_in_minor_units);
	g_test_add_func("/domain/gs1/dates-take-the-nearest-century",
			test_dates_take_the_nearest_century);
	g_test_add_func("/domain/gs1/flags-allow-what-they-name", test_flags_allow_what_they_name);
	g_test_add_func("/domain/gs1/brackets-keep-whole-elements",
			test_brackets_keep_whole_elements);
	g_test_add_func("/domain/gs1/limits-hold", test_limits_hold);
	g_test_add_func("/domain/gs1/table-is-sound", test_table_is_sound);
	g_test_add_func("/domain/gs1/random-elements-come-back", test_random_elements_come_back);
	return g_test_run();
}
