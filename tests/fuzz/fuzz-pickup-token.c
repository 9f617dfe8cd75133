/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "pickup-token.h"

/* The public key of tests/data/pickup/token.json, whose token is in the corpus. */
static const char public_text[] = "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg";
static const char golden[] =
    "AEAAOAMZ2PBAAADQACAAAAAAAAAAAAIBTHJ4EAAAOAAIAAAAAAAAAAH7NKYTXAAAANBVEV5ZC4ZS7WGLLKQK"
    "73UWRN6E2S5EWQR57G2GHJZ5CFODERD5O4A7RC3C6CUIUTJOJ72BOTE6VSLU6WYACAKXHJCJ2IPRVQTBLVAG";

static TillPickupKeys
make_ring(void)
{
	TillPickupKeys ring = {0};
	TillPickupKey key = {.id = 7, .to_ms = G_MAXINT64};

	g_assert_true(till_crypto_decode(public_text, key.key.bytes, sizeof key.key.bytes));
	g_assert_true(till_pickup_token_keys_add(&ring, &key));
	return ring;
}

/* Nobody here can sign, so nothing but the one token that was signed is ever taken, and only as the
 * text it was given out as. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup(size > 0 ? (const char *)data : "", size);
	char found[TILL_PICKUP_TOKEN_TEXT];
	TillPickupToken token;

	till_crypto_init();
	TillPickupKeys ring = make_ring();
	TillPickupCheck result = till_pickup_token_check(text, &ring, 0, &token);
	if (result == TILL_PICKUP_VALID)
		g_assert_cmpstr(text, ==, golden);
	else
		g_assert_cmpint(result, !=, TILL_PICKUP_EXPIRED);
	g_assert_nonnull(till_pickup_token_words(result));
	if (till_pickup_token_find(text, found)) {
		g_assert_nonnull(strstr(text, found));
		g_assert_cmpuint(strlen(found), ==, TILL_PICKUP_TOKEN_TEXT - 1);
	}
	return 0;
}
