/* SPDX-License-Identifier: Apache-2.0 */
#include "enrol-code.h"

#include <string.h>

#include "till-test.h"

static void
assert_parses(const char *text, const char *secret, const char *ca)
{
	char out_secret[9], out_ca[17];

	g_assert_true(till_enrol_code_parse(text, out_secret, out_ca));
	g_assert_cmpstr(out_secret, ==, secret);
	g_assert_cmpstr(out_ca, ==, ca);
}

static void
test_formatted_is_read_back(void)
{
	TillHash hash;

	till_crypto_hash("pem", 3, &hash);
	for (guint i = 0; i < 100; i++) {
		char secret[9], out_secret[9], out_ca[17];
		till_enrol_code_random(secret);
		g_assert_cmpuint(strlen(secret), ==, 8);
		g_autofree char *plain = till_enrol_code_format(secret, NULL);
		assert_parses(plain, secret, "");
		g_autofree char *pinned = till_enrol_code_format(secret, &hash);
		g_assert_true(till_enrol_code_parse(pinned, out_secret, out_ca));
		g_assert_cmpstr(out_secret, ==, secret);
		g_assert_true(till_enrol_code_matches(out_ca, &hash));
	}
}

/* 80 bits by hand: letters of five bits, most significant first. */
static void
test_ca_letters(void)
{
	TillHash hash = {{0}};

	g_assert_true(till_enrol_code_matches("0000000000000000", &hash));
	memset(hash.bytes, 0xff, 10);
	g_assert_true(till_enrol_code_matches("ZZZZZZZZZZZZZZZZ", &hash));
	memset(hash.bytes, 0, 10);
	hash.bytes[0] = 0x08;
	hash.bytes[9] = 0x1f;
	g_assert_true(till_enrol_code_matches("100000000000000Z", &hash));
	hash.bytes[10] = 0xff;
	g_assert_true(till_enrol_code_matches("100000000000000Z", &hash));
	g_assert_false(till_enrol_code_matches("", &hash));
	g_assert_false(till_enrol_code_matches("100000000000000Y", &hash));
}

static void
test_typing_habits_are_forgiven(void)
{
	assert_parses("k7qf-93xm", "K7QF93XM", "");
	assert_parses(" K7QF 93XM ", "K7QF93XM", "");
	assert_parses("K7QF93XM", "K7QF93XM", "");
	assert_parses("olI0-0000", "01100000", "");
	assert_parses("K7QF-93XM-0123-4567-89AB-CDEF", "K7QF93XM", "0123456789ABCDEF");
}

static void
test_malformed_is_refused(void)
{
	static const char *const texts[] = {
	    "",          "K7QF-93X",         "K7QF-93XMM",
	    "K7QF-93XU", "K7QF_93XM",        "K7QF-93XM-0123456789ABCDE",
	    "ÄÖÜ",       "K7QF-93X\xc3\xa9", "K7QF-93XM-0123456789ABCDEF0",
	};
	g_autofree char *endless = g_strnfill(100000, '-');
	char secret[9] = "UNTOUCHD", ca[17] = "UNTOUCHED";

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_assert_false(till_enrol_code_parse(texts[i], secret, ca));
	g_assert_false(till_enrol_code_parse(endless, secret, ca));
	g_assert_cmpstr(secret, ==, "UNTOUCHD");
	g_assert_cmpstr(ca, ==, "UNTOUCHED");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/wire/enrol-code/what-was-formatted-is-read-back",
			test_formatted_is_read_back);
	g_test_add_func("/wire/enrol-code/ca-part-is-the-first-80-bits", test_ca_letters);
	g_test_add_func("/wire/enrol-code/typing-habits-are-forgiven",
			test_typing_habits_are_forgiven);
	g_test_add_func("/wire/enrol-code/malformed-codes-are-refused", test_malformed_is_refused);
	return g_test_run();
}
