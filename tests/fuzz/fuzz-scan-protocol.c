/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "scan-protocol.h"

/* The input is read as both ends read: its first bytes as a question's head, all of it as an
 * answer. What is accepted must be within bounds and come back the same. */

static void
check_head(const uint8_t *data)
{
	TillScanProtocolHead head, again;
	guint8 bytes[TILL_SCAN_PROTOCOL_HEAD];

	if (!till_scan_protocol_read_head(data, &head, NULL))
		return;
	g_assert_cmpuint(head.body_size, <=, TILL_IMAGE_PIXELS_MAX);
	g_assert_cmpuint(head.body_size, >, 0);
	till_scan_protocol_write_head(&head, bytes);
	g_assert_cmpmem(bytes, sizeof bytes, data, sizeof bytes);
	g_assert_true(till_scan_protocol_read_head(bytes, &again, NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	gint64 ms = 0;

	if (size >= TILL_SCAN_PROTOCOL_HEAD)
		check_head(data);
	g_autoptr(GPtrArray) codes =
	    till_scan_protocol_read_answer((const char *)data, size, &ms, &error);
	if (codes == NULL) {
		g_assert_nonnull(error);
		return 0;
	}
	g_assert_cmpuint(codes->len, <=, TILL_SCAN_PROTOCOL_CODES_MAX);
	g_autofree char *line = till_scan_protocol_write_codes(codes, ms);
	g_autoptr(GPtrArray) again =
	    till_scan_protocol_read_answer(line, strlen(line), NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(again->len, ==, codes->len);
	for (guint i = 0; i < codes->len; i++)
		g_assert_true(
		    till_code_equal(g_ptr_array_index(codes, i), g_ptr_array_index(again, i)));
	return 0;
}
