/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "crypto.h"
#include "id.h"
#include "sold.h"

/* The code on a receipt: proof by the till that made it of what was sold and paid, so that another
 * store's till can take goods back without asking anybody, at the prices that were paid.
 *
 * Bytes (numbers are LEB128 without surplus bytes, texts have their length in front; the rest is
 * big-endian): version 1; flags; store, till; three letters and number of the receipt; terminal id
 * (16); transaction (16); second of the sale (4); currency (3). Then
 *   with PRICES  total; payments {kind, reference, paid, value}; taxes {id, rate, inclusive};
 *                lines {number, SKU, quantity, total, discount, amount of each tax}
 *   with LINES   lines {number, SKU, quantity}: a gift receipt, whose bearer learns no price
 *   with neither the total and the digest, when lines would make the symbol too dense; of a gift
 *                nothing
 * and an Ed25519 signature (64) over the words "tillhouse receipt" with their NUL and all bytes
 * before it. The digest is 16 bytes of BLAKE2b over what would stand there with PRICES, so that the
 * books can be held against it. A gift has none: prices could be found by trying.
 *
 * Discounts and taxes keep their amounts and lose their words. Who bought is not in it. Written in
 * base 32 of RFC 4648 in capitals without padding; spare bits are zero, so that each proof has one
 * text only. At most TILL_RECEIPT_PROOF_TEXT_MAX letters: with a usual domain a QR code of version
 * 20 at level M.
 *
 * Threads: any (pure), after till_crypto_init. */

G_BEGIN_DECLS

#define TILL_RECEIPT_PROOF_BYTES_MAX 560
#define TILL_RECEIPT_PROOF_TEXT_MAX 896
#define TILL_RECEIPT_PROOF_LINES_MAX 100
#define TILL_RECEIPT_PROOF_DIGEST 16

/* A line of a gift receipt. */
typedef struct {
	guint line;
	char *sku;
	gint64 quantity_milli;
} TillReceiptProofLine;

typedef struct {
	char *receipt, *store, *till;
	TillUuid terminal; /* whose key signed it */
	TillUuid txn;
	gint64 sold_ms; /* to the second */
	const TillCurrency *currency;
	gboolean gift;
	gint64 total_minor; /* of a gift 0 */
	/* Owned: what may come back, names as their SKUs; NULL when prices are not in the code. */
	TillSold *sold;
	GArray *lines; /* of TillReceiptProofLine; empty unless a gift's are in the code */
	guint8 digest[TILL_RECEIPT_PROOF_DIGEST]; /* of a gift zeros */
	GBytes *signed_bytes;                     /* with the words in front */
	TillSignature signature;
} TillReceiptProof;

/* The code of a sale or exchange, in text. terminal names key. Caller frees. */
char *till_receipt_proof_make(const TillSold *sold, const TillUuid *terminal, gboolean gift,
			      const TillSigningKey *key);
/* What a QR code holds: "https://shop.example" → "HTTPS://SHOP.EXAMPLE/R/…". Caller frees. */
char *till_receipt_proof_url(const char *base, const char *text);

/* The code in what was scanned: the last part of a link after /R/, or the text itself. FALSE:
 * nothing there looks like one. out_text: TILL_RECEIPT_PROOF_TEXT_MAX + 1 bytes. */
gboolean till_receipt_proof_find(const char *scanned, char *out_text) G_GNUC_WARN_UNUSED_RESULT;

/* What a code says, which is nobody's word until it is checked. NULL with TILL_ERROR_INVALID and a
 * sentence for the counter. */
TillReceiptProof *till_receipt_proof_read(const char *text,
					  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_receipt_proof_free(TillReceiptProof *proof);

/* Whether the holder of key signed it. key must be that of proof->terminal at proof->sold_ms. */
gboolean till_receipt_proof_check(const TillReceiptProof *proof,
				  const TillPublicKey *key) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the books say the same of this receipt: its number, and all that was paid unless it is a
 * gift's. */
gboolean till_receipt_proof_matches(const TillReceiptProof *proof, const TillSold *sold);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillReceiptProof, till_receipt_proof_free)

G_END_DECLS
