/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "json.h"

#define SIZE_LIMIT ((gsize)65536)

static void
read_fields(const json_t *value)
{
	TillJsonReader reader = till_json_reader(value, "input");
	g_autoptr(GError) error = NULL;

	(void)till_json_string_or(&reader, "a", 8, "");
	(void)till_json_int_or(&reader, "b", -5, 5, 0);
	(void)till_json_bool_or(&reader, "c", FALSE);
	const json_t *list = till_json_array(&reader, "list", 4);
	for (size_t i = 0; i < json_array_size(list); i++) {
		TillJsonReader item = till_json_reader_item(&reader, "list", i);
		(void)till_json_string(&item, "a", 8);
		till_json_inherit(&reader, &item);
	}
	if (!till_json_reader_finish(&reader, &error))
		g_assert_nonnull(error);
}

/* What was read once is written in one form only, and that form is read again. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) value =
	    till_json_parse((const char *)data, size, SIZE_LIMIT, "input", &error);
	gsize once_size, twice_size;

	if (value == NULL) {
		g_assert_nonnull(error);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	read_fields(value);
	g_autofree char *once = till_json_write(value, &once_size);
	/* Canonical text may be longer than its source (escapes), so the bound is not the same. */
	g_autoptr(json_t) again =
	    till_json_parse(once, once_size, 8 * SIZE_LIMIT, "canonical form", &error);
	g_assert_no_error(error);
	g_autofree char *twice = till_json_write(again, &twice_size);
	g_assert_cmpuint(once_size, ==, twice_size);
	g_assert_cmpint(memcmp(once, twice, once_size), ==, 0);
	return 0;
}
