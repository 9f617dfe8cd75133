/* SPDX-License-Identifier: Apache-2.0 */
#include "id.h"

#include <string.h>

#include "crypto.h"
#include "till-test.h"

static guint64
read_ms(const TillUuid *id)
{
	guint64 ms = 0;
	for (int i = 0; i < 6; i++)
		ms = ms << 8 | id->bytes[i];
	return ms;
}

static void
test_layout(void)
{
	/* The example of RFC 9562, appendix A.6, has this time. */
	TillUuidSource source = {0};
	TillUuid id = till_uuid_next(&source, G_GINT64_CONSTANT(0x017F22E279B0));
	g_assert_cmphex(read_ms(&id), ==, 0x017F22E279B0);
	g_assert_cmphex(id.bytes[6] >> 4, ==, 7);
	g_assert_cmphex(id.bytes[8] >> 6, ==, 2);
	TillUuid random = till_uuid_random();
	g_assert_cmphex(random.bytes[6] >> 4, ==, 4);
	g_assert_cmphex(random.bytes[8] >> 6, ==, 2);
}

static void
test_increasing_while_the_clock_goes_back(void)
{
	TillUuidSource source = {0};
	TillUuid before = till_uuid_next(&source, 2000);
	for (int i = 0; i < 20000; i++) {
		TillUuid id = till_uuid_next(&source, 1000);
		g_assert_cmpint(memcmp(before.bytes, id.bytes, 8), <, 0);
		before = id;
	}
	g_assert_cmpuint(read_ms(&before), >=, 2000 + 4); /* 4096 a millisecond at most */
	g_assert_cmpuint(read_ms(&before), <=, 2000 + 5);
}

static void
test_format_and_parse(void)
{
	static const char text[] = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
	char again[TILL_UUID_TEXT];
	TillUuid id;
	TillUuid upper;
	g_assert_true(till_uuid_parse(text, &id));
	g_assert_cmpstr(till_uuid_format(&id, again), ==, text);
	g_assert_true(till_uuid_parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F", &upper));
	g_assert_true(till_uuid_equal(&id, &upper));
	upper.bytes[15] ^= 1;
	g_assert_false(till_uuid_equal(&id, &upper));
}

static void
test_malformed_uuid(void)
{
	static const char *const bad[] = {
	    NULL,
	    "",
	    "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
	    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
	    "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
	    "017f22e2279b0-7cc3-98c4-dc0c0c07398f",
	    "017f22e-279b0-7cc3-98c4-dc0c0c07398f",
	    "{17f22e2-79b0-7cc3-98c4-dc0c0c07398}",
	    "017f22e279b07cc398c4dc0c0c07398f",
	    " 17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
	};
	TillUuid id;
	memset(&id, 0xAA, sizeof id);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(till_uuid_parse(bad[i], &id));
	g_assert_cmphex(id.bytes[0], ==, 0xAA);
}

static void
test_incarnation_text(void)
{
	static const struct {
		guint64 value;
		const char *text;
	} rows[] = {
	    {1, "0000000000001"},
	    {31, "000000000000Z"},
	    {32, "0000000000010"},
	    {G_MAXUINT64, "FZZZZZZZZZZZZ"},
	    {G_GUINT64_CONSTANT(0x8000000000000000), "8000000000000"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		char text[14];
		guint64 value = 0;
		g_assert_cmpstr(till_id_incarnation_format(rows[i].value, text), ==, rows[i].text);
		g_assert_true(till_id_incarnation_parse(rows[i].text, &value));
		g_assert_cmpuint(value, ==, rows[i].value);
	}
}

static void
test_malformed_incarnation(void)
{
	static const char *const bad[] = {
	    NULL,
	    "",
	    "0000000000000",
	    "000000000001",
	    "00000000000001",
	    "G000000000000",
	    "000000000000I",
	    "000000000000U",
	    "000000000000a",
	    "-000000000001",
	};
	guint64 value = 77;
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(till_id_incarnation_parse(bad[i], &value));
	g_assert_cmpuint(value, ==, 77);
}

static void
test_incarnations_differ(void)
{
	g_assert_cmpuint(till_id_incarnation(), !=, till_id_incarnation());
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/base/id/layout-is-that-of-the-rfc", test_layout);
	g_test_add_func("/base/id/increases-while-the-clock-goes-back",
			test_increasing_while_the_clock_goes_back);
	g_test_add_func("/base/id/formats-and-parses", test_format_and_parse);
	g_test_add_func("/base/id/refuses-malformed-uuids", test_malformed_uuid);
	g_test_add_func("/base/id/incarnation-is-crockford-text", test_incarnation_text);
	g_test_add_func("/base/id/refuses-malformed-incarnations", test_malformed_incarnation);
	g_test_add_func("/base/id/incarnations-differ", test_incarnations_differ);
	return g_test_run();
}
