/* SPDX-License-Identifier: Apache-2.0 */
#include "scan.h"

#include <string.h>

#include "till-test.h"

static void
check_scan(const char *text, TillScanKind kind, const char *clean, const char *gtin14)
{
	TillScan scan = till_scan_read(text);
	g_autofree char *shown = g_strescape(text, NULL);

	g_test_message("%s", shown);
	g_assert_cmpint(scan.kind, ==, kind);
	g_assert_cmpstr(scan.text, ==, clean);
	g_assert_cmpstr(scan.gtin14, ==, gtin14);
}

static void
test_gtins(void)
{
	check_scan("4006381333931", TILL_SCAN_GTIN, "4006381333931", "04006381333931");
	check_scan("416000336108", TILL_SCAN_GTIN, "416000336108", "00416000336108");
	check_scan("0416000336108", TILL_SCAN_GTIN, "0416000336108", "00416000336108");
	check_scan("02345680", TILL_SCAN_GTIN, "02345680", "00000002345680");
	check_scan("15012345678907", TILL_SCAN_GTIN, "15012345678907", "15012345678907");
}

static void
test_upce_needs_its_check_digit(void)
{
	check_scan("01234505", TILL_SCAN_GTIN, "01234505", "00012000003455");
	check_scan("123455", TILL_SCAN_OTHER, "123455", "");
	check_scan("0123455", TILL_SCAN_OTHER, "0123455", "");
}

static void
test_both_readings_of_eight_digits(void)
{
	check_scan("01234558", TILL_SCAN_GTIN, "01234558", "00000001234558");
	g_assert_cmpstr(till_scan_read("01234558").upce14, ==, "00012345000058");
	g_assert_cmpstr(till_scan_read("01234505").upce14, ==, "");
}

static void
test_wrong_check_digit_is_other(void)
{
	check_scan("4006381333930", TILL_SCAN_OTHER, "4006381333930", "");
	check_scan("12345678", TILL_SCAN_OTHER, "12345678", "");
}

static void
test_plus_and_skus(void)
{
	check_scan("4011", TILL_SCAN_PLU, "4011", "");
	check_scan("94011", TILL_SCAN_PLU, "94011", "");
	check_scan("401", TILL_SCAN_OTHER, "401", "");
	check_scan("TEE-NAVY-M", TILL_SCAN_OTHER, "TEE-NAVY-M", "");
	check_scan("Größe M", TILL_SCAN_OTHER, "Größe M", "");
}

static void
test_aim_and_blanks_come_off(void)
{
	check_scan("]E04006381333931", TILL_SCAN_GTIN, "4006381333931", "04006381333931");
	check_scan("]C1TEE-NAVY-M", TILL_SCAN_OTHER, "TEE-NAVY-M", "");
	check_scan("  4011\r\n", TILL_SCAN_PLU, "4011", "");
	check_scan("] A", TILL_SCAN_OTHER, "] A", "");
	check_scan("]C", TILL_SCAN_OTHER, "]C", "");
}

static void
test_refusals(void)
{
	g_autofree char *longest = g_strnfill(TILL_SCAN_MAX, 'A');
	g_autofree char *longer = g_strnfill(TILL_SCAN_MAX + 1, 'A');

	check_scan("", TILL_SCAN_REFUSED, "", "");
	check_scan("   ", TILL_SCAN_REFUSED, "", "");
	check_scan("]C1", TILL_SCAN_REFUSED, "", "");
	check_scan("40\t11", TILL_SCAN_REFUSED, "", "");
	check_scan("A\x1d"
		   "B",
		   TILL_SCAN_REFUSED, "", "");
	check_scan("A\xc2\x85"
		   "B",
		   TILL_SCAN_REFUSED, "", "");
	check_scan("\xff\xfe", TILL_SCAN_REFUSED, "", "");
	check_scan(longer, TILL_SCAN_REFUSED, "", "");
	check_scan(longest, TILL_SCAN_OTHER, longest, "");
	g_assert_cmpint(till_scan_read(NULL).kind, ==, TILL_SCAN_REFUSED);
}

/* Whatever bytes come, the answer keeps its promises. */
static void
test_random_bytes(void)
{
	TillTestRandom random;

	till_test_random_init(&random, 128);
	for (int i = 0; i < 50000; i++) {
		char text[160] = "";
		gsize length = (gsize)till_test_random_range(&random, 0, sizeof text - 1);
		for (gsize k = 0; k < length; k++)
			text[k] = (char)till_test_random_range(&random, i % 2 ? 1 : '0',
							       i % 2 ? 255 : ':');
		TillScan scan = till_scan_read(text);
		g_assert_cmpint(scan.kind == TILL_SCAN_REFUSED, ==, scan.text[0] == '\0');
		g_assert_cmpint(scan.kind == TILL_SCAN_GTIN, ==, scan.gtin14[0] != '\0');
		g_assert_true(g_utf8_validate(scan.text, -1, NULL));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/scan/gtins-become-14-digits", test_gtins);
	g_test_add_func("/domain/scan/upc-e-needs-its-check-digit",
			test_upce_needs_its_check_digit);
	g_test_add_func("/domain/scan/eight-digits-may-have-two-readings",
			test_both_readings_of_eight_digits);
	g_test_add_func("/domain/scan/wrong-check-digit-is-no-gtin",
			test_wrong_check_digit_is_other);
	g_test_add_func("/domain/scan/plu-and-sku", test_plus_and_skus);
	g_test_add_func("/domain/scan/aim-identifier-and-blanks-come-off",
			test_aim_and_blanks_come_off);
	g_test_add_func("/domain/scan/refuses-control-characters-and-length", test_refusals);
	g_test_add_func("/domain/scan/random-bytes-keep-the-promises", test_random_bytes);
	return g_test_run();
}
