/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "crypto.h"
#include "id.h"

/* The token of a pickup code: proof by the central that its bearer may collect an order, which a
 * till checks without asking anybody.
 *
 * 105 bytes: version (1), key id (2), order (16), fulfilment (16), last second of validity since
 * 1970 (4), serial (2), all big-endian, and an Ed25519 signature (64) over the words "tillhouse
 * pickup token" with their NUL and the 41 bytes before it, so that no other signature of the
 * central can be taken for one.
 *
 * Written in the base 32 of RFC 4648 in capitals: 105 bytes are exactly 168 letters, so there are
 * no spare bits and no padding, and each token has one text only. Capitals and digits are the
 * alphanumeric mode of a QR code (5.5 bits a letter), and so is the whole URL: 197 letters with a
 * usual domain fit version 8 at level M, where base64url needs version 9 in byte mode; base 45
 * would be a little shorter, but has letters that a URL must write as three.
 *
 * A code that is issued anew has a higher serial; the cache knows the newest (pickup-answer.h).
 *
 * Threads: any (pure), after till_crypto_init. */

G_BEGIN_DECLS

#define TILL_PICKUP_TOKEN_VERSION 1
#define TILL_PICKUP_TOKEN_BYTES 105
#define TILL_PICKUP_TOKEN_TEXT 169 /* 168 letters and NUL */
#define TILL_PICKUP_KEYS_MAX 16

typedef struct {
	guint16 key_id;
	TillUuid order;
	TillUuid fulfilment;
	gint64 not_after_s; /* seconds since 1970; 0 to 2^32 − 1. Valid to the end of that second */
	guint16 serial;     /* 1, 2… for codes of one fulfilment that replace each other */
} TillPickupToken;

/* A key that tokens may be signed with. Ids are given by the central and never used again. */
typedef struct {
	guint16 id;
	TillPublicKey key;
	gint64 from_ms; /* tokens are taken from here… */
	gint64 to_ms;   /* …to before here; G_MAXINT64: until told otherwise */
} TillPickupKey;

typedef struct {
	TillPickupKey keys[TILL_PICKUP_KEYS_MAX];
	guint count;
} TillPickupKeys;

typedef enum {
	TILL_PICKUP_VALID,
	TILL_PICKUP_EXPIRED,     /* signed by the central, but not for today */
	TILL_PICKUP_VERSION,     /* made by another release */
	TILL_PICKUP_UNKNOWN_KEY, /* no such key, or not at this time */
	TILL_PICKUP_FORGED,      /* the signature is not the central's */
	TILL_PICKUP_MALFORMED,   /* no token: cut off, mistyped */
} TillPickupCheck;

/* Writes the token with the signature of the central. key_id names key in the tills' rings. text:
 * TILL_PICKUP_TOKEN_TEXT bytes. The same token and key give the same text. */
void till_pickup_token_make(const TillPickupToken *token, const TillSigningKey *key, char *text);

/* The URL for the QR code: "https://shop.example" → "HTTPS://SHOP.EXAMPLE/P/…". base: scheme and
 * domain, which do not mind capitals. Caller frees. */
char *till_pickup_token_url(const char *base, const char *text);

/* The token in what was scanned: the last part of a link's path, or the text itself. FALSE: nothing
 * there looks like one, so it is some other code. out_text: TILL_PICKUP_TOKEN_TEXT bytes. */
gboolean till_pickup_token_find(const char *scanned, char *out_text) G_GNUC_WARN_UNUSED_RESULT;

/* out_token is filled for VALID and EXPIRED, which alone are the central's word, else zeroed. */
TillPickupCheck till_pickup_token_check(const char *text, const TillPickupKeys *keys, gint64 now_ms,
					TillPickupToken *out_token) G_GNUC_WARN_UNUSED_RESULT;

/* Adds or replaces a key by its id. FALSE: the ring is full. */
gboolean till_pickup_token_keys_add(TillPickupKeys *keys,
				    const TillPickupKey *key) G_GNUC_WARN_UNUSED_RESULT;

/* A sentence for the person at the car. Static. */
const char *till_pickup_token_words(TillPickupCheck check);

G_END_DECLS
