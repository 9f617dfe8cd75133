/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "basket-file.h"
#include "quantity.h"
#include "scan.h"

static void
check_line(const TillBasketFileLine *line)
{
	g_assert_cmpuint(strlen(line->code), >, 0);
	g_assert_cmpuint(strlen(line->code), <=, TILL_SCAN_INPUT_MAX);
	g_assert_cmpint(line->quantity_milli, >=, 0);
	g_assert_cmpint(line->quantity_milli, <=, TILL_QUANTITY_MAX_MILLI);
	g_assert_true(g_utf8_validate(line->note, -1, NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillBasketFile) file = till_basket_file_parse((const char *)data, size, &error);

	if (file == NULL) {
		g_assert_nonnull(error);
		return 0;
	}
	g_assert_cmpuint(file->lines->len, <=, 999);
	for (guint i = 0; i < file->lines->len; i++)
		check_line(g_ptr_array_index(file->lines, i));
	g_assert_nonnull(file->customer);
	return 0;
}
