/* SPDX-License-Identifier: Apache-2.0 */
#include "scan.h"

#include <string.h>

#include "receipt-proof.h"
#include "store-credit.h"
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

static void
test_gs1_codes(void)
{
	const char *item = "09520123456788";

	check_scan("]C10109520123456788310300064010LOT", TILL_SCAN_GS1,
		   "(01)09520123456788(3103)000640(10)LOT", item);
	check_scan("\x1d"
		   "010952012345678810LOT\x1d"
		   "17251231",
		   TILL_SCAN_GS1, "(01)09520123456788(10)LOT(17)251231", item);
	check_scan("  (01)09520123456788(21)7 ", TILL_SCAN_GS1, "(01)09520123456788(21)7", item);
	check_scan("]d200952012345678912345\x1d", TILL_SCAN_GS1, "(00)952012345678912345", "");
}

static void
test_bare_element_strings(void)
{
	const char *item = "09520123456788";

	check_scan("0109520123456788", TILL_SCAN_GS1, "0109520123456788", item);
	check_scan("010952012345678810LOT", TILL_SCAN_GS1, "010952012345678810LOT", item);
	check_scan("010952012345678810LOT\x1d"
		   "21A",
		   TILL_SCAN_GS1, "(01)09520123456788(10)LOT(21)A", item);
	check_scan("0109520123456789", TILL_SCAN_OTHER, "0109520123456789", "");
	check_scan("0109520123456788ABC", TILL_SCAN_OTHER, "0109520123456788ABC", "");
	check_scan("251231", TILL_SCAN_OTHER, "251231", "");
}

static void
test_links(void)
{
	const char *item = "09520123456788";
	g_autofree char *long_link =
	    g_strdup_printf("https://example.com/01/%s?linkType=%0300d", item, 1);

	check_scan("https://id.gs1.org/01/09520123456788/10/LOT?3103=000640", TILL_SCAN_LINK,
		   "(01)09520123456788(10)LOT(3103)000640", item);
	check_scan("]Q1HTTPS://EXAMPLE.COM/STEM/01/9520123456788", TILL_SCAN_LINK,
		   "(01)09520123456788", item);
	check_scan("https://a/gtin/09520123456788?9999=later", TILL_SCAN_LINK,
		   "(01)09520123456788(9999)later", item);
	check_scan(long_link, TILL_SCAN_LINK, "(01)09520123456788", item);
	check_scan("https://a/00/952012345678912345", TILL_SCAN_LINK, "(00)952012345678912345", "");
	check_scan("https://example.com/tee", TILL_SCAN_OTHER, "https://example.com/tee", "");
	check_scan("https://a/01/09520123456789", TILL_SCAN_OTHER, "https://a/01/09520123456789",
		   "");
}

static void
test_broken_gs1_codes(void)
{
	check_scan("]C1010952012345678910LOT\x1d", TILL_SCAN_REFUSED, "", "");
	check_scan("(01)09520123456789", TILL_SCAN_OTHER, "(01)09520123456789", "");
	check_scan("]E04006381333931|]e099\x1d\x1d", TILL_SCAN_REFUSED, "", "");
}

static void
check_quantity(const char *code, gboolean weighed, const char *unit, gint64 wanted_milli)
{
	g_autoptr(TillItem) item = till_item_new();

	g_free(item->unit);
	item->unit = g_strdup(unit);
	item->weighed = weighed;
	g_test_message("%s for %s", code, unit);
	g_assert_cmpint(till_scan_quantity(code, item), ==, wanted_milli);
}

static void
test_how_much_a_code_says(void)
{
	check_quantity("(01)09520123456788(3103)000640", TRUE, "kg", 640);
	check_quantity("https://a/01/09520123456788?3102=000064", TRUE, "kg", 640);
	check_quantity("(01)09520123456788(3103)000640", TRUE, "l", 0);
	check_quantity("(01)09520123456788(3103)000640", FALSE, "ea", 0);
	check_quantity("(01)09520123456788(3152)000075", TRUE, "l", 750);
	check_quantity("(01)09520123456788(30)12", FALSE, "ea", 12000);
	check_quantity("(01)09520123456788(30)12", TRUE, "kg", 0);
	check_quantity("(01)09520123456788(30)99999999", FALSE, "ea", 0);
	check_quantity("4006381333931", FALSE, "ea", 0);
	check_quantity("", TRUE, "kg", 0);
}

/* ---- What goes to Returns ---- */

static void
test_receipts_orders_and_credits(void)
{
	check_scan("014-02-K7Q-000123", TILL_SCAN_RECEIPT, "014-02-K7Q-000123", "");
	check_scan(" 014-02-k7q-1000123\n", TILL_SCAN_RECEIPT, "014-02-K7Q-1000123", "");
	check_scan("014-02-K7Q-00012", TILL_SCAN_OTHER, "014-02-K7Q-00012", "");
	check_scan("TEE-NAV-ML-000123", TILL_SCAN_OTHER, "TEE-NAV-ML-000123", "");
	check_scan("TEE-NAV-OIL-000123", TILL_SCAN_OTHER, "TEE-NAV-OIL-000123", "");
	check_scan("w-1001", TILL_SCAN_ORDER, "W-1001", "");
	check_scan("W-101", TILL_SCAN_OTHER, "W-101", "");
	check_scan("W-1001B", TILL_SCAN_OTHER, "W-1001B", "");
	char credit[TILL_STORE_CREDIT_TEXT];
	till_store_credit_make(credit);
	g_autofree char *small = g_ascii_strdown(credit, -1);
	check_scan(small, TILL_SCAN_CREDIT, credit, "");
	check_scan("CR-0000-0000-0001", TILL_SCAN_OTHER, "CR-0000-0000-0001", "");
}

static void
test_the_code_on_a_receipt(void)
{
	g_autofree char *path = till_test_source_path("tests/fuzz/corpus/receipt-proof/sound");
	g_autofree char *code = NULL;
	g_assert_true(g_file_get_contents(path, &code, NULL, NULL));
	g_autofree char *url = till_receipt_proof_url("https://shop.example", code);
	g_autofree char *scanned = g_strdup_printf("]Q1%s\r", url);
	check_scan(code, TILL_SCAN_RECEIPT_CODE, "014-02-K7Q-000123", "");
	check_scan(scanned, TILL_SCAN_RECEIPT_CODE, "014-02-K7Q-000123", "");
	code[20] = code[20] == 'A' ? 'B' : 'A';
	code[100] = '\0';
	check_scan(code, TILL_SCAN_OTHER, code, "");
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
		if (scan.kind != TILL_SCAN_GS1 && scan.kind != TILL_SCAN_LINK)
			g_assert_cmpint(scan.kind == TILL_SCAN_GTIN, ==, scan.gtin14[0] != '\0');
		g_assert_true(g_utf8_validate(scan.text, -1, NULL));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
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
	g_test_add_func("/domain/scan/gs1-element-strings", test_gs1_codes);
	g_test_add_func("/domain/scan/bare-element-strings", test_bare_element_strings);
	g_test_add_func("/domain/scan/digital-links", test_links);
	g_test_add_func("/domain/scan/broken-gs1-codes", test_broken_gs1_codes);
	g_test_add_func("/domain/scan/how-much-a-code-says-it-is", test_how_much_a_code_says);
	g_test_add_func("/domain/scan/receipts-orders-and-credits",
			test_receipts_orders_and_credits);
	g_test_add_func("/domain/scan/the-code-on-a-receipt", test_the_code_on_a_receipt);
	g_test_add_func("/domain/scan/random-bytes-keep-the-promises", test_random_bytes);
	return g_test_run();
}
