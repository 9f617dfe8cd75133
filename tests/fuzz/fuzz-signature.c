/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "id.h"
#include "signature.h"

/* A header value that is taken names a terminal; nobody's key signed it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	TillRequestSignature signature;
	TillPublicKey key = {{9}};
	TillUuid terminal;
	g_autofree char *value = g_strndup(size > 0 ? (const char *)data : "", size);

	till_crypto_init();
	if (!till_signature_parse(value, &signature))
		return 0;
	g_assert_true(till_uuid_parse(signature.terminal, &terminal));
	g_assert_cmpint(signature.time_ms, >=, 0);
	g_assert_cmpuint(strlen(signature.nonce), ==, 22);
	g_assert_false(till_signature_check(&signature, &key, "GET", "/", NULL, 0));
	return 0;
}
