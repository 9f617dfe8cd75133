/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "csv.h"
#include "error.h"
#include "till-test.h"

static TillCsv *
open_text(const char *text)
{
	g_autoptr(GError) error = NULL;
	TillCsv *csv = till_csv_new(text, strlen(text), &error);

	g_assert_no_error(error);
	return csv;
}

/* All records of a file, cells joined by '|', records by '/'. */
static char *
read_all(const char *text)
{
	g_autoptr(TillCsv) csv = open_text(text);
	g_autoptr(GError) error = NULL;
	GString *all = g_string_new(NULL);

	while (till_csv_next(csv, &error)) {
		for (guint i = 0; i < till_csv_count(csv); i++)
			g_string_append_printf(all, "%s%s", i > 0 ? "|" : "",
					       till_csv_cell(csv, i));
		g_string_append_c(all, '/');
	}
	g_assert_no_error(error);
	return g_string_free(all, FALSE);
}

static void
check(const char *text, const char *wanted)
{
	g_autofree char *got = read_all(text);

	g_assert_cmpstr(got, ==, wanted);
}

static void
test_cells(void)
{
	check("a,b\n1,2\n", "a|b/1|2/");
	check("a,b\r\n1,2", "a|b/1|2/");
	check("a,b,\n,,\n", "a|b|/||/");
	check("", "");
	check("\xef\xbb\xbf"
	      "a,b\n",
	      "a|b/");
}

static void
test_quotes(void)
{
	check("\"a \"\"b\"\"\",\"c,d\"\n", "a \"b\"|c,d/");
	check("\"two\nlines\",x\n", "two\nlines|x/");
	check("\"a\" ,  \"b\"\t, c \n", "a|b|c/");
	check("\" kept \",b\n", " kept |b/");
}

static void
test_delimiter(void)
{
	check("a;b;c\n1,5;2;3\n", "a|b|c/1,5|2|3/");
	check("\"a;b\",c\nx;y,z\n", "a;b|c/x;y|z/");
}

static void
test_blank_lines(void)
{
	check("a,b\n\n  \n1,2\n\n", "a|b/1|2/");
}

static void
test_lines(void)
{
	g_autoptr(TillCsv) csv = open_text("h\n\"a\nb\"\n\nlast\n");

	g_assert_true(till_csv_next(csv, NULL));
	g_assert_cmpuint(till_csv_line(csv), ==, 1);
	g_assert_true(till_csv_next(csv, NULL));
	g_assert_cmpuint(till_csv_line(csv), ==, 2);
	g_assert_true(till_csv_next(csv, NULL));
	g_assert_cmpuint(till_csv_line(csv), ==, 5);
	g_assert_false(till_csv_next(csv, NULL));
}

static void
check_refused(const char *text, const char *words)
{
	g_autoptr(TillCsv) csv = open_text(text);
	GError *error = NULL;

	while (till_csv_next(csv, &error))
		;
	till_test_assert_error(error, TILL_ERROR_INVALID, words);
}

static void
test_faults(void)
{
	g_autofree char *wide = g_strnfill(TILL_CSV_COLUMNS_MAX + 1, ',');
	g_autofree char *long_cell = g_strnfill(TILL_CSV_CELL_MAX + 1, 'x');

	check_refused("h\nok\n\"open", "line 3: a quote is opened and never closed");
	check_refused("\"a\"b,c\n", "line 1: there is text behind a closing quote");
	check_refused(wide, "more than 200 columns");
	check_refused(long_cell, "longer than 64 KiB");
}

static void
test_utf8(void)
{
	GError *error = NULL;
	TillCsv *csv = till_csv_new("a\nb\xff\n", 5, &error);

	g_assert_null(csv);
	till_test_assert_error(error, TILL_ERROR_INVALID, "line 2");
}

static void
test_nul(void)
{
	GError *error = NULL;
	TillCsv *csv = till_csv_new("a\nb\0c\n", 6, &error);

	if (csv != NULL) {
		while (till_csv_next(csv, &error))
			;
		till_csv_free(csv);
	}
	g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
	g_clear_error(&error);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/csv/cells-are-separated-by-commas", test_cells);
	g_test_add_func("/central/csv/quotes-keep-commas-breaks-and-spaces", test_quotes);
	g_test_add_func("/central/csv/semicolons-are-found-by-the-first-line", test_delimiter);
	g_test_add_func("/central/csv/blank-lines-are-no-records", test_blank_lines);
	g_test_add_func("/central/csv/a-record-knows-its-line", test_lines);
	g_test_add_func("/central/csv/faults-name-their-line", test_faults);
	g_test_add_func("/central/csv/other-encodings-are-refused-with-the-line", test_utf8);
	g_test_add_func("/central/csv/a-nul-hides-nothing", test_nul);
	return g_test_run();
}
