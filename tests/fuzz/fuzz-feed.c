/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "messages.h"

/* A page that is taken is numbered one by one up to next, and is written back as the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;

	till_crypto_init();
	g_autoptr(json_t) json =
	    till_json_parse((const char *)data, size, TILL_WIRE_BODY_MAX, "feed", &error);
	if (json == NULL)
		return 0;
	g_autoptr(TillWireFeedPage) page = till_messages_read_feed_page(json, &error);
	g_assert_true((page == NULL) == (error != NULL));
	if (page == NULL)
		return 0;
	for (guint i = 0; i < page->rows->len; i++) {
		const TillWireFeedRow *row = g_ptr_array_index(page->rows, i);
		g_assert_cmpint(row->seq, ==, page->next - (gint64)page->rows->len + 1 + i);
	}
	g_autoptr(json_t) once = till_messages_write_feed_page(page);
	g_autoptr(TillWireFeedPage) second = till_messages_read_feed_page(once, &error);
	g_assert_no_error(error);
	g_autoptr(json_t) twice = till_messages_write_feed_page(second);
	g_assert_true(json_equal(once, twice));
	return 0;
}
