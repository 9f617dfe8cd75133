/* SPDX-License-Identifier: Apache-2.0 */
#include "code.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "till-test.h"

static void
assert_text(TillCodeKind kind, const char *bytes, const char *wanted)
{
	g_autofree char *text = till_code_text(kind, (const guint8 *)bytes, strlen(bytes));

	g_assert_cmpstr(text, ==, wanted);
}

static void
test_utf8_comes_first(void)
{
	assert_text(TILL_CODE_QR, "https://j.example/p/1", "https://j.example/p/1");
	assert_text(TILL_CODE_QR, "Total 10€", "Total 10€");
	assert_text(TILL_CODE_QR, "\xEF\xBB\xBFtee", "tee");
	assert_text(TILL_CODE_QR, "日本語", "日本語");
}

static void
test_shift_jis_comes_second(void)
{
	assert_text(TILL_CODE_QR, "\x93\xfa\x96\x7b\x8c\xea", "日本語");
	assert_text(TILL_CODE_QR, "\x83\x65\x83\x58\x83\x67 1", "テスト 1");
	assert_text(TILL_CODE_QR, "\xC3\xBD\xC4\x31", "ﾃｽﾄ1");
	/* Two-byte characters in a row whose first bytes Latin-1 has too. */
	assert_text(TILL_CODE_QR, "\xE0\x5E\xE0\x60", "濘濮");
}

static void
test_latin_comes_third(void)
{
	assert_text(TILL_CODE_QR, "Caf\xE9 au lait", "Café au lait");
	assert_text(TILL_CODE_QR,
		    "Gr\xF6\xDF"
		    "e M",
		    "Größe M");
	assert_text(TILL_CODE_QR, "D\xE9j\xE0", "Déjà");
	/* Only QR codes carry Shift_JIS. */
	assert_text(TILL_CODE_CODE128, "\xC3\xBD\xC4\x31", "Ã½Ä1");
}

static void
test_the_rest_is_no_text(void)
{
	static const guint8 zero[] = {'a', 0, 'b'};

	g_assert_null(till_code_text(TILL_CODE_QR, zero, sizeof zero));
	assert_text(TILL_CODE_QR, "\x80\xFF\x81", NULL);
	assert_text(TILL_CODE_QR, "\x81", NULL);
}

static void
assert_gtin14(TillCodeKind kind, const char *text, const char *wanted)
{
	g_autoptr(TillCode) code = till_code_new(kind, (const guint8 *)text, strlen(text), FALSE);
	char gtin14[15] = "";

	g_assert_cmpint(till_code_gtin14(code, gtin14), ==, wanted != NULL);
	g_assert_cmpstr(gtin14, ==, wanted != NULL ? wanted : "");
}

static void
test_retail_codes_meet_in_14_digits(void)
{
	assert_gtin14(TILL_CODE_EAN13, "4006381333931", "04006381333931");
	assert_gtin14(TILL_CODE_UPCA, "036000291452", "00036000291452");
	assert_gtin14(TILL_CODE_EAN8, "40063813", NULL);
	assert_gtin14(TILL_CODE_EAN8, "96385074", "00000096385074");
	assert_gtin14(TILL_CODE_UPCE, "01234565", "00012345000065");
	assert_gtin14(TILL_CODE_UPCA, "036000291453", NULL);
	assert_gtin14(TILL_CODE_CODE128, "036000291452", NULL);
	assert_gtin14(TILL_CODE_QR, "036000291452", NULL);
}

static void
assert_round_trip(TillCodeKind kind, const guint8 *bytes, gsize size, gboolean gs1)
{
	g_autoptr(TillCode) code = till_code_new(kind, bytes, size, gs1);
	g_autoptr(json_t) value = till_code_to_json(code);
	g_autoptr(GError) error = NULL;
	g_autoptr(TillCode) again = till_code_from_json(value, &error);

	g_assert_no_error(error);
	g_assert_true(till_code_equal(code, again));
	g_assert_cmpint(again->gs1, ==, gs1);
	g_assert_cmpstr(again->text, ==, code->text);
}

static void
test_json_carries_every_byte(void)
{
	guint8 all[255];

	for (guint i = 0; i < sizeof all; i++)
		all[i] = (guint8)(i + 1);
	for (gsize i = 0; i < sizeof all; i++)
		assert_round_trip(TILL_CODE_QR, all + i, sizeof all - i, FALSE);
	all[3] = 0;
	assert_round_trip(TILL_CODE_QR, all, sizeof all, FALSE);
	assert_round_trip(TILL_CODE_CODE128,
			  (const guint8 *)"010400638133393110A\x1D"
					  "21B",
			  22, TRUE);
	assert_round_trip(TILL_CODE_UPCA, (const guint8 *)"036000291452", 12, FALSE);
}

static void
test_rubbish_json_is_refused(void)
{
	static const char *const rubbish[] = {
	    "{}",
	    "{\"symbology\":\"QR-Code\"}",
	    "{\"symbology\":\"QR-Code\",\"text\":\"\"}",
	    "{\"symbology\":\"Aztec\",\"text\":\"a\"}",
	    "{\"symbology\":\"QR-Code\",\"bytes_hex\":\"0\"}",
	    "{\"symbology\":\"QR-Code\",\"bytes_hex\":\"0g\"}",
	    "{\"symbology\":7,\"text\":\"a\"}",
	};

	for (guint i = 0; i < G_N_ELEMENTS(rubbish); i++) {
		g_autoptr(json_t) value = json_loads(rubbish[i], 0, NULL);
		g_autoptr(GError) error = NULL;
		g_assert_null(till_code_from_json(value, &error));
		g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
	}
}

static void
assert_scan(TillCodeKind kind, const char *bytes, gboolean gs1, const char *wanted)
{
	g_autoptr(TillCode) code = till_code_new(kind, (const guint8 *)bytes, strlen(bytes), gs1);
	g_autofree char *scan = till_code_to_scan(code);

	g_assert_cmpstr(scan, ==, wanted);
}

static void
test_a_scan_says_what_digits_cannot(void)
{
	assert_scan(TILL_CODE_EAN13, "4006381333931", FALSE, "4006381333931");
	assert_scan(TILL_CODE_EAN8, "96385074", FALSE, "96385074");
	assert_scan(TILL_CODE_UPCE, "01234505", FALSE, "]E00012000003455");
	assert_scan(TILL_CODE_QR, "HTTPS://J.EXAMPLE/P/A", FALSE, "HTTPS://J.EXAMPLE/P/A");
	assert_scan(TILL_CODE_QR, "0109520123456788", TRUE, "]Q30109520123456788");
	assert_scan(TILL_CODE_CODE128, "0109520123456788", TRUE, "]C10109520123456788");
	assert_scan(TILL_CODE_DATABAR, "0109520123456788", TRUE, "]e00109520123456788");
	assert_scan(TILL_CODE_QR, "\x81\x01", FALSE, NULL);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/device/code/utf8-comes-first", test_utf8_comes_first);
	g_test_add_func("/device/code/shift-jis-comes-second", test_shift_jis_comes_second);
	g_test_add_func("/device/code/latin-comes-third", test_latin_comes_third);
	g_test_add_func("/device/code/the-rest-is-no-text", test_the_rest_is_no_text);
	g_test_add_func("/device/code/retail-codes-meet-in-14-digits",
			test_retail_codes_meet_in_14_digits);
	g_test_add_func("/device/code/json-carries-every-byte", test_json_carries_every_byte);
	g_test_add_func("/device/code/rubbish-json-is-refused", test_rubbish_json_is_refused);
	g_test_add_func("/device/code/a-scan-says-what-digits-cannot",
			test_a_scan_says_what_digits_cannot);
	return g_test_run();
}
