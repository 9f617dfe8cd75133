/* SPDX-License-Identifier: Apache-2.0 */
#include "currency.h"

#include <string.h>

#include "till-test.h"

enum { CODE, NUMERIC, NAME, MINOR_UNITS, STATUS, FIELDS_MIN };

static void
check_row(const char *row)
{
	g_auto(GStrv) fields = g_strsplit(row, ",", -1);

	g_assert_cmpuint(g_strv_length(fields), >=, FIELDS_MIN);
	const TillCurrency *currency = till_currency_find(fields[CODE]);
	g_test_message("%s", fields[CODE]);
	g_assert_nonnull(currency);
	g_assert_cmpstr(currency->code, ==, fields[CODE]);
	g_assert_cmpint(currency->numeric, ==, g_ascii_strtoll(fields[NUMERIC], NULL, 10));
	g_assert_cmpint(currency->exponent, ==, g_ascii_strtoll(fields[MINOR_UNITS], NULL, 10));
	g_assert_cmpint(currency->historical, ==, strcmp(fields[STATUS], "historical") == 0);
}

static void
test_every_row(void)
{
	const char *path = till_test_shared_data("currency/iso4217.csv");
	g_autofree char *text = NULL;
	gsize count;
	gsize checked = 0;

	if (path == NULL) {
		g_test_skip("shared data is not here");
		return;
	}
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_auto(GStrv) rows = g_strsplit(text, "\n", -1);
	for (gsize i = 1; rows[i] != NULL; i++) {
		if (*g_strchomp(rows[i]) == '\0')
			continue;
		check_row(rows[i]);
		checked++;
	}
	till_currency_table(&count);
	g_assert_cmpuint(checked, ==, count);
}

static void
test_table_is_sorted(void)
{
	gsize count;
	const TillCurrency *table = till_currency_table(&count);

	g_assert_cmpuint(count, >, 100);
	for (gsize i = 0; i < count; i++) {
		g_assert_cmpint(table[i].exponent, <=, 4);
		g_assert_cmpuint(strlen(table[i].code), ==, 3);
		if (i > 0)
			g_assert_cmpstr(table[i - 1].code, <, table[i].code);
	}
}

static void
test_exponents(void)
{
	g_assert_cmpint(till_currency_find("USD")->exponent, ==, 2);
	g_assert_cmpint(till_currency_find("JPY")->exponent, ==, 0);
	g_assert_cmpint(till_currency_find("KWD")->exponent, ==, 3);
	g_assert_cmpint(till_currency_find("CLF")->exponent, ==, 4);
	g_assert_true(till_currency_find("DEM")->historical);
	g_assert_false(till_currency_find("EUR")->historical);
}

static void
test_unknown(void)
{
	g_assert_null(till_currency_find("XYZ"));
	g_assert_null(till_currency_find("usd"));
	g_assert_null(till_currency_find("USDX"));
	g_assert_null(till_currency_find(""));
	g_assert_null(till_currency_find(NULL));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/currency/every-row-agrees-with-the-list", test_every_row);
	g_test_add_func("/domain/currency/table-is-sorted-and-sane", test_table_is_sorted);
	g_test_add_func("/domain/currency/exponents-of-known-codes", test_exponents);
	g_test_add_func("/domain/currency/unknown-codes-are-not-found", test_unknown);
	return g_test_run();
}
