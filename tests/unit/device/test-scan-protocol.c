/* SPDX-License-Identifier: Apache-2.0 */
#include "scan-protocol.h"

#include <string.h>

#include "error.h"
#include "till-test.h"

static void
test_a_head_comes_back(void)
{
	TillScanProtocolHead head = {TILL_SCAN_PROTOCOL_FRAME, FALSE, 640 * 480, 640, 480, -5};
	TillScanProtocolHead again;
	guint8 bytes[TILL_SCAN_PROTOCOL_HEAD];
	g_autoptr(GError) error = NULL;

	till_scan_protocol_write_head(&head, bytes);
	g_assert_true(till_scan_protocol_read_head(bytes, &again, &error));
	g_assert_cmpint(again.kind, ==, TILL_SCAN_PROTOCOL_FRAME);
	g_assert_cmpuint(again.body_size, ==, 640 * 480);
	g_assert_cmpuint(again.width, ==, 640);
	g_assert_cmpuint(again.height, ==, 480);
	g_assert_cmpint(again.at_ms, ==, -5);
}

static void
assert_head_refused(TillScanProtocolHead head, TillErrorCode code)
{
	guint8 bytes[TILL_SCAN_PROTOCOL_HEAD];
	g_autoptr(GError) error = NULL;

	till_scan_protocol_write_head(&head, bytes);
	g_assert_false(till_scan_protocol_read_head(bytes, &head, &error));
	g_assert_error(error, TILL_ERROR, (int)code);
}

static void
test_wrong_heads_are_refused(void)
{
	TillScanProtocolHead frame = {TILL_SCAN_PROTOCOL_FRAME, FALSE, 12, 4, 3, 0};
	TillScanProtocolHead picture = {TILL_SCAN_PROTOCOL_PICTURE, TRUE, 10, 0, 0, 0};
	TillScanProtocolHead wrong;

	wrong = frame;
	wrong.body_size = 13;
	assert_head_refused(wrong, TILL_ERROR_LIMIT);
	wrong = frame;
	wrong.width = 0;
	wrong.body_size = 0;
	assert_head_refused(wrong, TILL_ERROR_LIMIT);
	wrong = frame;
	wrong.width = wrong.height = 65536; /* whose product is 0 in 32 bits */
	wrong.body_size = 0;
	assert_head_refused(wrong, TILL_ERROR_LIMIT);
	wrong = picture;
	wrong.body_size = 0;
	assert_head_refused(wrong, TILL_ERROR_LIMIT);
	wrong.body_size = TILL_SCAN_PROTOCOL_PATH_MAX + 1;
	assert_head_refused(wrong, TILL_ERROR_LIMIT);

	wrong = picture;
	wrong.kind = 3;
	assert_head_refused(wrong, TILL_ERROR_INVALID);
	static const guint8 rubbish[TILL_SCAN_PROTOCOL_HEAD] = "GET / HTTP/1.1\r\nHost: a";
	g_assert_false(till_scan_protocol_read_head(rubbish, &wrong, NULL));
}

static GPtrArray *
make_codes(guint count, gsize size)
{
	GPtrArray *codes = g_ptr_array_new_with_free_func((GDestroyNotify)till_code_free);
	g_autofree guint8 *bytes = g_malloc(size);

	memset(bytes, 0xFF, size);
	for (guint i = 0; i < count; i++)
		g_ptr_array_add(codes, till_code_new(TILL_CODE_QR, bytes, size, FALSE));
	return codes;
}

static void
test_answers_come_back(void)
{
	static const guint counts[] = {0, 1, 3, 64, 200};
	gint64 ms;

	for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) codes = make_codes(counts[i], 20);
		g_autofree char *line = till_scan_protocol_write_codes(codes, 17);
		g_autoptr(GPtrArray) again =
		    till_scan_protocol_read_answer(line, strlen(line), &ms, &error);
		g_assert_no_error(error);
		g_assert_cmpuint(again->len, ==, MIN(counts[i], TILL_SCAN_PROTOCOL_CODES_MAX));
		g_assert_cmpint(ms, ==, 17);
	}
	/* The largest codes, more of them than an answer holds. */
	g_autoptr(GPtrArray) large = make_codes(64, TILL_CODE_BYTES_MAX);
	g_autofree char *line = till_scan_protocol_write_codes(large, 1);
	g_assert_cmpuint(strlen(line), <=, TILL_SCAN_PROTOCOL_ANSWER_MAX);
	g_autoptr(GPtrArray) some = till_scan_protocol_read_answer(line, strlen(line), NULL, NULL);
	g_assert_nonnull(some);
	g_assert_cmpuint(some->len, >, 3);
}

static void
assert_answer_refused(const char *line, TillErrorCode code)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(till_scan_protocol_read_answer(line, strlen(line), NULL, &error));
	g_assert_error(error, TILL_ERROR, (int)code);
}

static void
test_wrong_answers_are_refused(void)
{
	g_autofree char *sentence = till_scan_protocol_write_error("a.png is no picture.");
	g_autofree char *broken = till_scan_protocol_write_error("bad \xFF byte");

	assert_answer_refused(sentence, TILL_ERROR_INVALID);
	assert_answer_refused(broken, TILL_ERROR_INVALID);
	assert_answer_refused("", TILL_ERROR_CORRUPT);
	assert_answer_refused("nonsense\n", TILL_ERROR_CORRUPT);
	assert_answer_refused("[]\n", TILL_ERROR_CORRUPT);
	assert_answer_refused("{}\n", TILL_ERROR_CORRUPT);
	assert_answer_refused("{\"codes\":[]}\n", TILL_ERROR_CORRUPT);
	assert_answer_refused("{\"codes\":{},\"ms\":1}\n", TILL_ERROR_CORRUPT);
	assert_answer_refused("{\"codes\":[],\"ms\":-1}\n", TILL_ERROR_CORRUPT);
	assert_answer_refused("{\"codes\":[7],\"ms\":1}\n", TILL_ERROR_CORRUPT);
	assert_answer_refused("{\"codes\":[{\"symbology\":\"QR-Code\"}],\"ms\":1}\n",
			      TILL_ERROR_CORRUPT);
	assert_answer_refused("{\"error\":\"\"}\n", TILL_ERROR_CORRUPT);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/device/scan-protocol/a-head-comes-back", test_a_head_comes_back);
	g_test_add_func("/device/scan-protocol/wrong-heads-are-refused",
			test_wrong_heads_are_refused);
	g_test_add_func("/device/scan-protocol/answers-come-back", test_answers_come_back);
	g_test_add_func("/device/scan-protocol/wrong-answers-are-refused",
			test_wrong_answers_are_refused);
	return g_test_run();
}
