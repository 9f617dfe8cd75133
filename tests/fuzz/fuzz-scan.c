/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "gtin.h"
#include "quantity.h"
#include "scan.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	TillScan scan = till_scan_read(text);
	char shown[TILL_GTIN_TEXT], upca[13];

	g_assert_cmpint(scan.kind == TILL_SCAN_REFUSED, ==, scan.text[0] == '\0');
	if (scan.kind != TILL_SCAN_GS1 && scan.kind != TILL_SCAN_LINK) {
		g_assert_cmpint(scan.kind == TILL_SCAN_GTIN, ==, scan.gtin14[0] != '\0');
		g_assert_cmpint(scan.quantity_milli, ==, 0);
	}
	g_assert_cmpint(scan.quantity_milli, >=, 0);
	g_assert_cmpint(scan.quantity_milli, <=, TILL_QUANTITY_MAX_MILLI);
	g_assert_true(g_utf8_validate(scan.text, -1, NULL));
	if (scan.gtin14[0] != '\0') {
		g_assert_cmpuint(strlen(scan.gtin14), ==, TILL_GTIN_TEXT - 1);
		g_assert_true(till_gtin_check(scan.gtin14));
		g_assert_true(till_gtin_check(till_gtin_display(scan.gtin14, shown)));
	}
	if (scan.upce14[0] != '\0')
		g_assert_true(till_gtin_check(scan.upce14));
	if (till_gtin_expand_upce(text, upca))
		g_assert_true(till_gtin_check(upca));
	return 0;
}
