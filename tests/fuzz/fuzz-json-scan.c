/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "json-scan.h"
#include "json.h"

/* Whatever the quick reader takes, the library takes too and reads as the same value. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	g_autoptr(json_t) quick = till_json_scan_text(text, size);
	g_autoptr(json_t) slow = NULL;
	g_autofree char *quick_text = NULL;
	g_autofree char *slow_text = NULL;

	if (quick == NULL)
		return 0;
	slow = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	g_assert_nonnull(slow);
	g_assert_true(json_equal(quick, slow));
	quick_text = till_json_write(quick, NULL);
	slow_text = till_json_write(slow, NULL);
	g_assert_cmpstr(quick_text, ==, slow_text);
	return 0;
}
