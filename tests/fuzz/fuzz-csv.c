/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "csv.h"
#include "layout.h"

/* Cells stay within their bounds and lines rise; the first record is then matched as a product
 * file's header. */
static void
match_header(const TillCsv *csv)
{
	const char *cells[TILL_CSV_COLUMNS_MAX];
	guint count = till_csv_count(csv);
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	TillLayoutMap map;

	for (guint i = 0; i < count; i++)
		cells[i] = till_csv_cell(csv, i);
	if (till_layout_match(cells, count, till_currency_find("USD"), &map, faults)) {
		g_assert_cmpuint(faults->len, ==, 0);
		g_assert_cmpuint(map.count, ==, count);
		till_layout_clear(&map);
	} else {
		g_assert_cmpuint(faults->len, >, 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillCsv) csv = till_csv_new((const char *)data, size, &error);
	guint line = 0;

	if (csv == NULL) {
		g_assert_nonnull(error);
		return 0;
	}
	while (till_csv_next(csv, &error)) {
		g_assert_cmpuint(till_csv_line(csv), >, line);
		g_assert_cmpuint(till_csv_count(csv), <=, TILL_CSV_COLUMNS_MAX);
		for (guint i = 0; i < till_csv_count(csv); i++) {
			g_assert_cmpuint(strlen(till_csv_cell(csv, i)), <=, TILL_CSV_CELL_MAX);
			g_assert_true(g_utf8_validate(till_csv_cell(csv, i), -1, NULL));
		}
		if (line == 0)
			match_header(csv);
		line = till_csv_line(csv);
	}
	return 0;
}
