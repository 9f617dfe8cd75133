/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The few cryptographic operations of the house, over libsodium.
 *
 * BLAKE2b-256 for hashes, Ed25519 (RFC 8032) for signatures, Argon2id (RFC 9106) for PINs. Every
 * comparison of secrets is constant-time. Secret keys live in memory that is wiped on free.
 *
 * Threads: any, after till_crypto_init. */

G_BEGIN_DECLS

#define TILL_HASH_BYTES 32
#define TILL_HASH_TEXT 65 /* lower-case hex with the final NUL */
#define TILL_SIGNATURE_BYTES 64
#define TILL_PUBLIC_KEY_BYTES 32

typedef struct {
	guint8 bytes[TILL_HASH_BYTES];
} TillHash;

typedef struct {
	guint8 bytes[TILL_SIGNATURE_BYTES];
} TillSignature;

typedef struct {
	guint8 bytes[TILL_PUBLIC_KEY_BYTES];
} TillPublicKey;

typedef struct TillSigningKey TillSigningKey; /* secret; wiped on free */

/* Once per process, before anything else here. Aborts if the library cannot start. */
void till_crypto_init(void);

void till_crypto_hash(const void *data, gsize size, TillHash *out_hash);
char *till_crypto_hash_format(const TillHash *hash, char *text); /* text: TILL_HASH_TEXT bytes */
gboolean till_crypto_hash_parse(const char *hex, TillHash *out) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_crypto_hash_equal(const TillHash *a, const TillHash *b);

/* Hash of a file's bytes, streamed. */
gboolean till_crypto_hash_file(const char *path, TillHash *out,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

TillSigningKey *till_crypto_key_new(void);
/* Reads the key file (the 32-byte seed in base64url and a newline), or makes it (mode 0600, written
 * whole, synced) when absent and create is set. NULL with TILL_ERROR_DENIED when others can read
 * it, TILL_ERROR_CORRUPT when it is not a key, TILL_ERROR_NOT_FOUND when absent. */
TillSigningKey *till_crypto_key_load(const char *path, gboolean create, GError **error);
void till_crypto_key_free(TillSigningKey *key);
const TillPublicKey *till_crypto_key_public(const TillSigningKey *key);

void till_crypto_sign(const TillSigningKey *key, const void *data, gsize size,
		      TillSignature *out_signature);
gboolean till_crypto_verify(const TillPublicKey *key, const void *data, gsize size,
			    const TillSignature *signature) G_GNUC_WARN_UNUSED_RESULT;

#define TILL_MAC_BYTES 32

/* HMAC-SHA256 (RFC 2104, RFC 4231), for those who check with what is usual on the web. */
void till_crypto_mac(const void *key, gsize key_size, const void *data, gsize size,
		     guint8 out[TILL_MAC_BYTES]);

/* Base64url without padding (RFC 4648 §5). encode: caller frees. decode: exactly size bytes or
 * FALSE. */
char *till_crypto_encode(const void *data, gsize size);
gboolean till_crypto_decode(const char *text, void *out, gsize size) G_GNUC_WARN_UNUSED_RESULT;

void till_crypto_random(void *out, gsize size);

/* Argon2id of a PIN, 64 MiB, 2 passes: about 100 ms. Caller frees the encoded string. */
char *till_crypto_pin_hash(const char *pin, gsize length);
/* A cheap variant (8 MiB, 1 pass) for demo data and tests that make many; verify accepts both. */
char *till_crypto_pin_hash_light(const char *pin, gsize length);
gboolean till_crypto_pin_verify(const char *encoded, const char *pin,
				gsize length) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillSigningKey, till_crypto_key_free)

G_END_DECLS
