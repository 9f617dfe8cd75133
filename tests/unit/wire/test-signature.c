/* SPDX-License-Identifier: Apache-2.0 */
#include "signature.h"

#include <string.h>

#include "till-test.h"

#define TERMINAL "0b5f7a52-9d3c-4c51-8f0e-2f6f0c1d9a13"
#define TARGET "/v1/t/x/push?a=b"
#define BODY "{\"a\":1}"

static char *
make_value(const TillSigningKey *key)
{
	return till_signature_make(key, TERMINAL, "POST", TARGET, BODY, strlen(BODY),
				   1795420000123);
}

static void
test_made_is_accepted(void)
{
	g_autoptr(TillSigningKey) key = till_crypto_key_new();
	g_autofree char *value = make_value(key);
	TillRequestSignature signature;

	g_assert_true(till_signature_parse(value, &signature));
	g_assert_cmpstr(signature.terminal, ==, TERMINAL);
	g_assert_cmpint(signature.time_ms, ==, 1795420000123);
	g_assert_true(till_signature_check(&signature, till_crypto_key_public(key), "POST", TARGET,
					   BODY, strlen(BODY)));
}

static void
test_any_change_is_refused(void)
{
	g_autoptr(TillSigningKey) key = till_crypto_key_new();
	g_autoptr(TillSigningKey) other = till_crypto_key_new();
	const TillPublicKey *public_key = till_crypto_key_public(key);
	g_autofree char *value = make_value(key);
	TillRequestSignature signature, changed;

	g_assert_true(till_signature_parse(value, &signature));
	g_assert_false(till_signature_check(&signature, till_crypto_key_public(other), "POST",
					    TARGET, BODY, strlen(BODY)));
	g_assert_false(
	    till_signature_check(&signature, public_key, "PUT", TARGET, BODY, strlen(BODY)));
	g_assert_false(
	    till_signature_check(&signature, public_key, "POST", TARGET "c", BODY, strlen(BODY)));
	g_assert_false(till_signature_check(&signature, public_key, "POST", TARGET, "{\"a\":2}",
					    strlen(BODY)));
	g_assert_false(till_signature_check(&signature, public_key, "POST", TARGET, NULL, 0));
	changed = signature;
	changed.time_ms++;
	g_assert_false(
	    till_signature_check(&changed, public_key, "POST", TARGET, BODY, strlen(BODY)));
	changed = signature;
	changed.nonce[0] = changed.nonce[0] == 'A' ? 'B' : 'A';
	g_assert_false(
	    till_signature_check(&changed, public_key, "POST", TARGET, BODY, strlen(BODY)));
	changed = signature;
	changed.terminal[0] = 'f';
	g_assert_false(
	    till_signature_check(&changed, public_key, "POST", TARGET, BODY, strlen(BODY)));
}

static void
test_nonces_differ(void)
{
	g_autoptr(TillSigningKey) key = till_crypto_key_new();
	g_autofree char *one = make_value(key);
	g_autofree char *two = make_value(key);

	g_assert_cmpstr(one, !=, two);
}

static void
test_every_cut_is_refused(void)
{
	g_autoptr(TillSigningKey) key = till_crypto_key_new();
	g_autofree char *value = make_value(key);
	TillRequestSignature signature;

	for (gsize length = 0; length < strlen(value); length++) {
		g_autofree char *cut = g_strndup(value, length);
		g_assert_false(till_signature_parse(cut, &signature));
		g_autofree char *longer = g_strconcat(value, cut, NULL);
		g_assert_true(length == 0 || !till_signature_parse(longer, &signature));
	}
}

static void
test_malformed_is_refused(void)
{
	g_autofree char *endless = g_strnfill(100000, ';');
	g_autofree char *sig = g_strnfill(86, 'A');
	const char *const formats[] = {
	    "v2;terminal=" TERMINAL ";time=1;nonce=AAAAAAAAAAAAAAAAAAAAAA;sig=%s",
	    "v1;terminal=nobody;time=1;nonce=AAAAAAAAAAAAAAAAAAAAAA;sig=%s",
	    "v1;terminal=" TERMINAL ";time=-1;nonce=AAAAAAAAAAAAAAAAAAAAAA;sig=%s",
	    "v1;terminal=" TERMINAL
	    ";time=99999999999999999999;nonce=AAAAAAAAAAAAAAAAAAAAAA;sig=%s",
	    "v1;terminal=" TERMINAL ";time=1;nonce=short;sig=%s",
	    "v1;terminal=" TERMINAL ";time=1;nonce=AAAAAAAAAAAAAAAAAAAA**;sig=%s",
	    "v1;time=1;terminal=" TERMINAL ";nonce=AAAAAAAAAAAAAAAAAAAAAA;sig=%s",
	    "v1;terminal=" TERMINAL ";time=1;nonce=AAAAAAAAAAAAAAAAAAAAAA;sig=%s;more=1",
	    "v1;terminal=" TERMINAL ";time=1;nonce=AAAAAAAAAAAAAAAAAAAAAA;sig=B%s",
	};
	TillRequestSignature signature;

	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_auto(GStrv) parts = g_strsplit(formats[i], "%s", 2);
		g_autofree char *value = g_strconcat(parts[0], sig, parts[1], NULL);
		g_assert_false(till_signature_parse(value, &signature));
	}
	g_assert_false(till_signature_parse(endless, &signature));
}

static void
test_receipt(void)
{
	g_autoptr(TillSigningKey) key = till_crypto_key_new();
	const TillPublicKey *server = till_crypto_key_public(key);
	TillHash chain, other;

	till_crypto_hash("a", 1, &chain);
	till_crypto_hash("b", 1, &other);
	g_autofree char *receipt = till_signature_receipt_make(key, TERMINAL, 77, 120, &chain);
	g_assert_true(till_signature_receipt_check(receipt, server, TERMINAL, 77, 120, &chain));
	g_assert_false(till_signature_receipt_check(receipt, server, TERMINAL, 77, 121, &chain));
	g_assert_false(till_signature_receipt_check(receipt, server, TERMINAL, 78, 120, &chain));
	g_assert_false(till_signature_receipt_check(receipt, server, TERMINAL, 77, 120, &other));
	g_assert_false(till_signature_receipt_check(receipt, server, "somebody", 77, 120, &chain));
	g_assert_false(till_signature_receipt_check("", server, TERMINAL, 77, 120, &chain));
	g_assert_false(till_signature_receipt_check("?", server, TERMINAL, 77, 120, &chain));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/wire/signature/what-was-made-is-accepted", test_made_is_accepted);
	g_test_add_func("/wire/signature/any-change-is-refused", test_any_change_is_refused);
	g_test_add_func("/wire/signature/two-of-the-same-request-differ", test_nonces_differ);
	g_test_add_func("/wire/signature/every-cut-is-refused", test_every_cut_is_refused);
	g_test_add_func("/wire/signature/malformed-values-are-refused", test_malformed_is_refused);
	g_test_add_func("/wire/signature/a-receipt-covers-all-it-names", test_receipt);
	return g_test_run();
}
