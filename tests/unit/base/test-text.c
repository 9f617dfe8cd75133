/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <string.h>

#include "till-test.h"

static void
test_fold_table(void)
{
	static const struct {
		const char *text;
		const char *folded;
	} rows[] = {
	    {"", ""},
	    {"  ", ""},
	    {"Green TEA", "green tea"},
	    {" \tTwo \n  words\v", "two words"},
	    {"Crème Brûlée", "creme brulee"},
	    {"Cre\xCC\x80me", "creme"},
	    {"STRASSE Straße", "strasse strasse"},
	    {"Smørrebrød", "smorrebrod"},
	    {"ŁÓDŹ", "lodz"},
	    {"Đakovo", "dakovo"},
	    {"Æbleskiver Œuf", "aebleskiver oeuf"},
	    {"ﬁne Ｆｕｌｌ ①", "fine full 1"},
	    {"İstanbul", "istanbul"},
	    {"ΣΊΣΥΦΟΣ", "σισυφοσ"},
	    {"ΰ", "υ"},
	    {"a\xC2\xA0 \xE2\x80\xA8"
	     "b",
	     "a b"},
	    {"zero\xE2\x80\x8Bwidth so\xC2\xAD"
	     "ft",
	     "zerowidth soft"},
	    {"bell\x07s\x7F", "bells"},
	    {"bad\xFF\xC3", "bad\xEF\xBF\xBD\xEF\xBF\xBD"},
	    {"中文 茶", "中文 茶"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *folded = till_text_fold(rows[i].text);
		g_assert_cmpstr(folded, ==, rows[i].folded);
	}
}

/* Random text, half of it sound, half of it bytes. Caller frees. */
static char *
make_noise(TillTestRandom *random)
{
	GString *text = g_string_new(NULL);
	gint64 length = till_test_random_range(random, 0, 40);
	for (gint64 i = 0; i < length; i++) {
		gunichar c = (gunichar)till_test_random_range(random, 1, 0x10FFFF);
		if (till_test_random_range(random, 0, 2) == 0)
			c = (gunichar)till_test_random_range(random, 1, 0x2FF);
		if (till_test_random_range(random, 0, 3) > 0 && g_unichar_validate(c))
			g_string_append_unichar(text, c);
		else
			g_string_append_c(text, (char)till_test_random_range(random, 1, 255));
	}
	return g_string_free(text, FALSE);
}

static void
test_fold_is_stable_on_noise(void)
{
	TillTestRandom random;
	till_test_random_init(&random, 20261123);
	for (int i = 0; i < 20000; i++) {
		g_autofree char *noise = make_noise(&random);
		g_autofree char *once = till_text_fold(noise);
		g_autofree char *twice = till_text_fold(once);
		g_assert_true(g_utf8_validate(once, -1, NULL));
		g_assert_cmpstr(once, ==, twice);
		g_assert_null(strstr(once, "  "));
	}
}

/* What one character alone folds to, with a far one beside it that forces the long way. */
static void
test_fold_short_and_long_way_agree(void)
{
	for (gunichar c = 1; c < 0x180; c++) {
		char letter[8] = "";
		g_unichar_to_utf8(c, letter);
		g_autofree char *near = g_strconcat("a", letter, "Z \xC3\x89", letter, NULL);
		g_autofree char *far = g_strconcat(near, " 茶", NULL);
		g_autofree char *by_table = till_text_fold(near);
		g_autofree char *by_unicode = till_text_fold(far);
		g_autofree char *expected =
		    g_strconcat(by_table, g_str_has_suffix(by_table, " ") ? "" : " ", "茶", NULL);
		g_assert_cmpstr(by_unicode, ==, expected);
	}
}

static void
test_fold_long_text(void)
{
	GString *text = g_string_new(NULL);
	for (int i = 0; i < 1000; i++)
		g_string_append(text, "¼");
	g_autofree char *folded = till_text_fold(text->str);
	g_assert_cmpuint(strlen(folded), ==, 5000);
	g_assert_true(g_str_has_prefix(folded, "1⁄41⁄4"));
	g_string_truncate(text, 254);
	g_autofree char *shorter = till_text_fold(text->str);
	g_assert_cmpuint(strlen(shorter), ==, 127 * 5);
	g_string_free(text, TRUE);
}

static void
test_clean_table(void)
{
	static const struct {
		const char *text;
		gsize max;
		const char *clean;
	} rows[] = {
	    {"Café", 10, "Café"},
	    {"Café", 4, "Café"},
	    {"Café", 3, "Caf"},
	    {"two\nlines\tand", 50, "two lines and"},
	    {"a\x1B[31mred\r", 50, "a[31mred"},
	    {"abc\xE2\x80\xAEtxt", 50, "abctxt"},
	    {"\xE2\x81\xA6iso\xE2\x81\xA9", 50, "iso"},
	    {"\xEF\xBB\xBFmark", 50, "mark"},
	    {"c1\xC2\x85nel", 50, "c1nel"},
	    {"bad\xFF", 50, "bad\xEF\xBF\xBD"},
	    {"anything", 0, ""},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *clean = till_text_clean(rows[i].text, rows[i].max);
		g_assert_cmpstr(clean, ==, rows[i].clean);
	}
}

static void
test_clean_is_bounded_on_noise(void)
{
	TillTestRandom random;
	till_test_random_init(&random, 7);
	for (int i = 0; i < 20000; i++) {
		g_autofree char *noise = make_noise(&random);
		g_autofree char *clean = till_text_clean(noise, 12);
		g_assert_true(g_utf8_validate(clean, -1, NULL));
		g_assert_cmpint(g_utf8_strlen(clean, -1), <=, 12);
		for (const char *c = clean; *c != '\0'; c = g_utf8_next_char(c))
			g_assert_false(g_unichar_iscntrl(g_utf8_get_char(c)));
	}
}

static void
test_parse_decimal(void)
{
	static const struct {
		const char *text;
		int exponent;
		gint64 value;
	} rows[] = {
	    {"0", 2, 0},
	    {"12.5", 2, 1250},
	    {"-12.50", 2, -1250},
	    {"+7", 0, 7},
	    {"7.000", 0, 7},
	    {"1.2300", 2, 123},
	    {"0.001", 3, 1},
	    {"000012.5", 2, 1250},
	    {"-0", 2, 0},
	    {"92233720368547758.07", 2, G_MAXINT64},
	    {"-92233720368547758.08", 2, G_MININT64},
	    {"9223372036854775807", 0, G_MAXINT64},
	    {"9.223372036854775807", 18, G_MAXINT64},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gint64 value = 42;
		g_assert_true(till_text_parse_decimal(rows[i].text, rows[i].exponent, &value));
		g_assert_cmpint(value, ==, rows[i].value);
	}
}

static void
test_parse_decimal_refuses(void)
{
	static const char *const bad[] = {
	    NULL,
	    "",
	    "-",
	    "+",
	    ".",
	    ".5",
	    "5.",
	    "-.5",
	    "1.2.3",
	    "1,5",
	    "1 000",
	    " 1",
	    "1 ",
	    "1e3",
	    "1E3",
	    "0x10",
	    "--1",
	    "+-1",
	    "NaN",
	    "inf",
	    "1.234",
	    "1.23x",
	    "１",
	    "92233720368547758.08",
	    "1_000",
	    "1'000",
	    "٣",
	    "1.23-",
	    "1\n",
	    "$1",
	    "-92233720368547758.09",
	};
	gint64 value = 42;
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(till_text_parse_decimal(bad[i], 2, &value));
	g_assert_false(till_text_parse_decimal("10", 18, &value));
	g_assert_cmpint(value, ==, 42);
}

static void
test_format_decimal(void)
{
	static const struct {
		gint64 value;
		int exponent;
		const char *text;
	} rows[] = {
	    {1250, 2, "12.50"},
	    {-5, 2, "-0.05"},
	    {0, 2, "0.00"},
	    {1250, 0, "1250"},
	    {1, 3, "0.001"},
	    {G_MININT64, 2, "-92233720368547758.08"},
	    {G_MAXINT64, 18, "9.223372036854775807"},
	    {G_MININT64, 0, "-9223372036854775808"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = till_text_format_decimal(rows[i].value, rows[i].exponent);
		g_assert_cmpstr(text, ==, rows[i].text);
	}
}

static void
test_decimal_round_trip(void)
{
	TillTestRandom random;
	till_test_random_init(&random, 99);
	for (int i = 0; i < 20000; i++) {
		gint64 value = (gint64)till_test_random_next(&random);
		int exponent = (int)till_test_random_range(&random, 0, 18);
		g_autofree char *text = till_text_format_decimal(value, exponent);
		gint64 again = 0;
		g_assert_true(till_text_parse_decimal(text, exponent, &again));
		g_assert_cmpint(again, ==, value);
	}
}

static void
test_parse_decimal_on_noise(void)
{
	static const char letters[] = "0123456789.-+ eE,x";
	TillTestRandom random;
	till_test_random_init(&random, 3);
	for (int i = 0; i < 50000; i++) {
		char text[24];
		gint64 length = till_test_random_range(&random, 0, 22);
		for (gint64 j = 0; j < length; j++)
			text[j] = letters[till_test_random_range(&random, 0, 17)];
		text[length] = '\0';
		gint64 value = 42;
		if (!till_text_parse_decimal(text, 2, &value)) {
			g_assert_cmpint(value, ==, 42);
			continue;
		}
		/* What was taken means the same number when written again. */
		g_autofree char *again = till_text_format_decimal(value, 2);
		gint64 second = 0;
		g_assert_true(till_text_parse_decimal(again, 2, &second));
		g_assert_cmpint(second, ==, value);
		g_assert_cmpuint(strspn(text, "0123456789.+-"), ==, strlen(text));
	}
}

static void
test_parse_int(void)
{
	gint64 value = 42;
	g_assert_true(till_text_parse_int("-3", -3, 3, &value));
	g_assert_cmpint(value, ==, -3);
	g_assert_true(till_text_parse_int("+3", -3, 3, &value));
	g_assert_cmpint(value, ==, 3);
	g_assert_false(till_text_parse_int("4", -3, 3, &value));
	g_assert_false(till_text_parse_int("-4", -3, 3, &value));
	g_assert_false(till_text_parse_int("1.0", -3, 3, &value));
	g_assert_false(till_text_parse_int("", -3, 3, &value));
	g_assert_false(till_text_parse_int(NULL, -3, 3, &value));
	g_assert_false(till_text_parse_int("9223372036854775808", G_MININT64, G_MAXINT64, &value));
	g_assert_cmpint(value, ==, 3);
}

static void
test_is_digits(void)
{
	g_assert_true(till_text_is_digits("0123456789"));
	g_assert_false(till_text_is_digits(""));
	g_assert_false(till_text_is_digits(NULL));
	g_assert_false(till_text_is_digits("12 3"));
	g_assert_false(till_text_is_digits("-1"));
	g_assert_false(till_text_is_digits("１"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/text/folds-for-search", test_fold_table);
	g_test_add_func("/base/text/folding-twice-changes-nothing", test_fold_is_stable_on_noise);
	g_test_add_func("/base/text/folding-by-table-is-folding-by-unicode",
			test_fold_short_and_long_way_agree);
	g_test_add_func("/base/text/folding-takes-long-texts", test_fold_long_text);
	g_test_add_func("/base/text/cleans-for-one-line", test_clean_table);
	g_test_add_func("/base/text/clean-text-is-bounded", test_clean_is_bounded_on_noise);
	g_test_add_func("/base/text/parses-decimals-exactly", test_parse_decimal);
	g_test_add_func("/base/text/refuses-malformed-decimals", test_parse_decimal_refuses);
	g_test_add_func("/base/text/formats-decimals", test_format_decimal);
	g_test_add_func("/base/text/decimals-round-trip", test_decimal_round_trip);
	g_test_add_func("/base/text/decimal-noise-is-refused-or-exact",
			test_parse_decimal_on_noise);
	g_test_add_func("/base/text/parses-integers-in-range", test_parse_int);
	g_test_add_func("/base/text/tells-digits", test_is_digits);
	return g_test_run();
}
