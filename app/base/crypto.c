/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "file.h"

#define HASH_CHUNK 65536
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* A key file is the 32-byte seed in base64url: 43 characters and a newline. */
#define SEED_TEXT_MAX 48

#define PIN_OPS 2
#define PIN_MEMORY ((gsize)64 << 20)
#define PIN_LIGHT_OPS 1
#define PIN_LIGHT_MEMORY ((gsize)8 << 20)
/* What a stored hash may ask of this machine before it is refused unread. */
#define PIN_OPS_MAX 8
#define PIN_MEMORY_MAX_KIB (256 << 10)

G_STATIC_ASSERT(TILL_HASH_BYTES == crypto_generichash_BYTES);
G_STATIC_ASSERT(TILL_SIGNATURE_BYTES == crypto_sign_BYTES);
G_STATIC_ASSERT(TILL_PUBLIC_KEY_BYTES == crypto_sign_PUBLICKEYBYTES);
G_STATIC_ASSERT(TILL_MAC_BYTES == crypto_auth_hmacsha256_BYTES);

/* Only bytes, because sodium_malloc aligns nothing. */
struct TillSigningKey {
	guint8 secret[crypto_sign_SECRETKEYBYTES];
	TillPublicKey public_key;
};

void
till_crypto_init(void)
{
	int result = sodium_init();
	g_assert(result >= 0);
}

void
till_crypto_hash(const void *data, gsize size, TillHash *out_hash)
{
	crypto_generichash(out_hash->bytes, sizeof out_hash->bytes, data, size, NULL, 0);
}

char *
till_crypto_hash_format(const TillHash *hash, char *text)
{
	return sodium_bin2hex(text, TILL_HASH_TEXT, hash->bytes, sizeof hash->bytes);
}

gboolean
till_crypto_hash_parse(const char *hex, TillHash *out)
{
	TillHash hash;
	if (hex == NULL || strnlen(hex, TILL_HASH_TEXT) != TILL_HASH_TEXT - 1)
		return FALSE;
	for (gsize i = 0; i < TILL_HASH_BYTES; i++) {
		int high = g_ascii_xdigit_value(hex[2 * i]);
		int low = g_ascii_xdigit_value(hex[2 * i + 1]);
		if (high < 0 || low < 0)
			return FALSE;
		hash.bytes[i] = (guint8)(high << 4 | low);
	}
	*out = hash;
	return TRUE;
}

gboolean
till_crypto_hash_equal(const TillHash *a, const TillHash *b)
{
	return sodium_memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

gboolean
till_crypto_hash_file(const char *path, TillHash *out, GError **error)
{
	FILE *file = fopen(path, "re");
	if (file == NULL) {
		int number = errno;
		g_set_error(error, TILL_ERROR,
			    number == ENOENT ? TILL_ERROR_NOT_FOUND : TILL_ERROR_DISK,
			    "Could not open %s: %s. Check the path.", path, g_strerror(number));
		return FALSE;
	}
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, TILL_HASH_BYTES);
	g_autofree guint8 *chunk = g_malloc(HASH_CHUNK);
	gsize got;
	while ((got = fread(chunk, 1, HASH_CHUNK, file)) > 0)
		crypto_generichash_update(&state, chunk, got);
	int number = ferror(file) != 0 ? errno : 0;
	(void)fclose(file);
	if (number != 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
			    "Could not read %s: %s. Check the disk.", path, g_strerror(number));
		return FALSE;
	}
	crypto_generichash_final(&state, out->bytes, sizeof out->bytes);
	return TRUE;
}

static TillSigningKey *
new_key_from_seed(const guint8 *seed)
{
	TillSigningKey *key = sodium_malloc(sizeof *key);
	g_assert(key != NULL);
	crypto_sign_seed_keypair(key->public_key.bytes, key->secret, seed);
	sodium_mprotect_readonly(key);
	return key;
}

TillSigningKey *
till_crypto_key_new(void)
{
	guint8 seed[crypto_sign_SEEDBYTES];
	randombytes_buf(seed, sizeof seed);
	TillSigningKey *key = new_key_from_seed(seed);
	sodium_memzero(seed, sizeof seed);
	return key;
}

/* The key file's words, after a look at its mode on the same descriptor. -1 and errno on failure,
 * -2 when others may read it. */
static int
read_key_file(const char *path, char *text, gsize size)
{
	struct stat status;
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0)
		return -1;
	int result = -1;
	if (fstat(descriptor, &status) == 0) {
		if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
			result = -2;
		else
			result = (int)read(descriptor, text, size - 1);
	}
	int number = errno;
	(void)close(descriptor);
	errno = number;
	if (result >= 0)
		text[result] = '\0';
	return result;
}

static TillSigningKey *
parse_key(char *text, const char *path, GError **error)
{
	guint8 seed[crypto_sign_SEEDBYTES];
	g_strchomp(text);
	if (!till_crypto_decode(text, seed, sizeof seed)) {
		g_set_error(
		    error, TILL_ERROR, TILL_ERROR_CORRUPT,
		    "The key file %s is damaged. Restore it from a copy, or enrol this till anew.",
		    path);
		return NULL;
	}
	TillSigningKey *key = new_key_from_seed(seed);
	sodium_memzero(seed, sizeof seed);
	return key;
}

static TillSigningKey *
create_key(const char *path, GError **error)
{
	TillSigningKey *key = till_crypto_key_new();
	guint8 seed[crypto_sign_SEEDBYTES];
	char text[SEED_TEXT_MAX];
	crypto_sign_ed25519_sk_to_seed(seed, key->secret);
	sodium_bin2base64(text, sizeof text, seed, sizeof seed, BASE64);
	gsize length = strlen(text);
	text[length++] = '\n';
	gboolean ok = till_file_write(path, text, length, 0600, error);
	sodium_memzero(seed, sizeof seed);
	sodium_memzero(text, sizeof text);
	if (!ok)
		g_clear_pointer(&key, till_crypto_key_free);
	return key;
}

TillSigningKey *
till_crypto_key_load(const char *path, gboolean create, GError **error)
{
	char text[SEED_TEXT_MAX];
	TillSigningKey *key = NULL;
	int result = read_key_file(path, text, sizeof text);
	int number = errno;
	if (result >= 0) {
		key = parse_key(text, path, error);
		sodium_memzero(text, sizeof text);
	} else if (result == -2) {
		g_set_error(
		    error, TILL_ERROR, TILL_ERROR_DENIED,
		    "Others can read the key file %s. Run chmod 600 on it, and enrol anew if "
		    "somebody may have copied it.",
		    path);
	} else if (number == ENOENT && create) {
		key = create_key(path, error);
	} else {
		g_set_error(error, TILL_ERROR,
			    number == ENOENT ? TILL_ERROR_NOT_FOUND : TILL_ERROR_DISK,
			    "Could not read the key file %s: %s. Is this till enrolled?", path,
			    g_strerror(number));
	}
	return key;
}

void
till_crypto_key_free(TillSigningKey *key)
{
	sodium_free(key); /* wipes; NULL is fine */
}

const TillPublicKey *
till_crypto_key_public(const TillSigningKey *key)
{
	return &key->public_key;
}

void
till_crypto_sign(const TillSigningKey *key, const void *data, gsize size,
		 TillSignature *out_signature)
{
	crypto_sign_detached(out_signature->bytes, NULL, data, size, key->secret);
}

gboolean
till_crypto_verify(const TillPublicKey *key, const void *data, gsize size,
		   const TillSignature *signature)
{
	return crypto_sign_verify_detached(signature->bytes, data, size, key->bytes) == 0;
}

void
till_crypto_mac(const void *key, gsize key_size, const void *data, gsize size,
		guint8 out[TILL_MAC_BYTES])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key, key_size);
	crypto_auth_hmacsha256_update(&state, data, size);
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof state);
}

char *
till_crypto_encode(const void *data, gsize size)
{
	gsize room = sodium_base64_encoded_len(size, BASE64);
	return sodium_bin2base64(g_malloc(room), room, data, size, BASE64);
}

gboolean
till_crypto_decode(const char *text, void *out, gsize size)
{
	gsize length = sodium_base64_encoded_len(size, BASE64) - 1;
	if (text == NULL || strnlen(text, length + 1) != length)
		return FALSE;
	guint8 *bytes = g_malloc0(size + 1);
	gsize got = 0;
	gboolean ok =
	    sodium_base642bin(bytes, size + 1, text, length, NULL, &got, NULL, BASE64) == 0 &&
	    got == size;
	if (ok && size > 0)
		memcpy(out, bytes, size);
	sodium_memzero(bytes, size + 1);
	g_free(bytes);
	return ok;
}

void
till_crypto_random(void *out, gsize size)
{
	randombytes_buf(out, size);
}

static char *
hash_pin(const char *pin, gsize length, unsigned long long ops, gsize memory)
{
	char *encoded = g_malloc0(crypto_pwhash_STRBYTES);
	int result = crypto_pwhash_argon2id_str(encoded, pin, length, ops, memory);
	g_assert(result == 0); /* it fails only when that memory cannot be had */
	return encoded;
}

char *
till_crypto_pin_hash(const char *pin, gsize length)
{
	return hash_pin(pin, length, PIN_OPS, PIN_MEMORY);
}

char *
till_crypto_pin_hash_light(const char *pin, gsize length)
{
	return hash_pin(pin, length, PIN_LIGHT_OPS, PIN_LIGHT_MEMORY);
}

/* Stored hashes come from outside and name their own cost. */
static gboolean
is_affordable(const char *encoded)
{
	unsigned memory_kib;
	unsigned ops;
	if (strnlen(encoded, crypto_pwhash_STRBYTES) == crypto_pwhash_STRBYTES)
		return FALSE;
	if (sscanf(encoded, "$argon2id$v=19$m=%7u,t=%3u,p=1$", &memory_kib, &ops) != 2)
		return FALSE;
	return memory_kib <= PIN_MEMORY_MAX_KIB && ops <= PIN_OPS_MAX;
}

gboolean
till_crypto_pin_verify(const char *encoded, const char *pin, gsize length)
{
	if (encoded == NULL || !is_affordable(encoded))
		return FALSE;
	return crypto_pwhash_argon2id_str_verify(encoded, pin, length) == 0;
}
