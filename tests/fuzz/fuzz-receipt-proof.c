/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "receipt-proof.h"

/* What is read adds up, can be put into the books, and is never signed by the key of zeros. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup(size > 0 ? (const char *)data : "", size);
	char found[TILL_RECEIPT_PROOF_TEXT_MAX + 1];
	static const TillPublicKey nobody;

	till_crypto_init();
	if (till_receipt_proof_find(text, found))
		g_assert_nonnull(strstr(text, found));
	g_autoptr(TillReceiptProof) proof = till_receipt_proof_read(text, NULL);
	if (proof == NULL)
		return 0;
	g_assert_false(till_receipt_proof_check(proof, &nobody));
	if (proof->sold == NULL)
		return 0;
	g_assert_cmpint(proof->sold->priced->total_minor, ==, proof->total_minor);
	g_autoptr(GError) error = NULL;
	json_t *json = till_sold_json(proof->sold);
	g_autoptr(TillSold) again = till_sold_read(json, &error);
	g_assert_no_error(error);
	json_decref(json);
	return 0;
}
