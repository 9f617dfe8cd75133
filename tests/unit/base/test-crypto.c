/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "error.h"
#include "till-test.h"

static void
test_hash_known_answer(void)
{
	/* BLAKE2b-256 of the empty string and of "abc". */
	static const struct {
		const char *data;
		const char *hex;
	} rows[] = {
	    {"", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
	    {"abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		TillHash hash;
		TillHash parsed;
		char text[TILL_HASH_TEXT];
		till_crypto_hash(rows[i].data, strlen(rows[i].data), &hash);
		g_assert_cmpstr(till_crypto_hash_format(&hash, text), ==, rows[i].hex);
		g_assert_true(till_crypto_hash_parse(text, &parsed));
		g_assert_true(till_crypto_hash_equal(&hash, &parsed));
		parsed.bytes[31] ^= 1;
		g_assert_false(till_crypto_hash_equal(&hash, &parsed));
	}
}

static void
test_hash_parse_refuses(void)
{
	TillHash hash;
	memset(&hash, 0xAA, sizeof hash);
	g_autofree char *short_one = g_strnfill(63, 'a');
	g_autofree char *long_one = g_strnfill(65, 'a');
	g_autofree char *odd = g_strnfill(64, 'g');
	g_assert_false(till_crypto_hash_parse(NULL, &hash));
	g_assert_false(till_crypto_hash_parse(short_one, &hash));
	g_assert_false(till_crypto_hash_parse(long_one, &hash));
	g_assert_false(till_crypto_hash_parse(odd, &hash));
	g_assert_cmphex(hash.bytes[0], ==, 0xAA);
}

static void
test_hash_file(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = till_test_temp_dir();
	g_autofree char *path = g_build_filename(dir, "big", NULL);
	g_autofree char *big = g_strnfill(150001, 'b');
	TillHash whole;
	TillHash streamed;
	g_assert_true(g_file_set_contents(path, big, 150001, NULL));
	till_crypto_hash(big, 150001, &whole);
	g_assert_true(till_crypto_hash_file(path, &streamed, &error));
	g_assert_true(till_crypto_hash_equal(&whole, &streamed));
	g_assert_cmpint(g_remove(path), ==, 0);
	g_assert_false(till_crypto_hash_file(path, &streamed, &error));
	till_test_assert_error(error, TILL_ERROR_NOT_FOUND, "Could not open");
	g_assert_false(till_crypto_hash_file(dir, &streamed, &error));
	till_test_assert_error(error, TILL_ERROR_DISK, "directory");
	till_test_remove_dir(dir);
}

static void
test_signature(void)
{
	g_autoptr(TillSigningKey) key = till_crypto_key_new();
	g_autoptr(TillSigningKey) other = till_crypto_key_new();
	const TillPublicKey *public_key = till_crypto_key_public(key);
	TillSignature signature;
	till_crypto_sign(key, "journal row", 11, &signature);
	g_assert_true(till_crypto_verify(public_key, "journal row", 11, &signature));
	g_assert_false(till_crypto_verify(public_key, "journal rov", 11, &signature));
	g_assert_false(till_crypto_verify(public_key, "journal row", 10, &signature));
	g_assert_false(
	    till_crypto_verify(till_crypto_key_public(other), "journal row", 11, &signature));
	signature.bytes[40] ^= 1;
	g_assert_false(till_crypto_verify(public_key, "journal row", 11, &signature));
}

/* RFC 8032 §7.1, test 1: this seed signs the empty message. */
static void
test_signature_known_answer(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = till_test_temp_dir();
	g_autofree char *path = g_build_filename(dir, "key", NULL);
	TillHash seed;
	TillSignature signature;
	g_assert_true(till_crypto_hash_parse(
	    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", &seed));
	g_autofree char *text = till_crypto_encode(seed.bytes, sizeof seed.bytes);
	g_assert_true(
	    g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	g_autoptr(TillSigningKey) key = till_crypto_key_load(path, FALSE, &error);
	g_assert_no_error(error);
	till_crypto_sign(key, "", 0, &signature);
	g_autofree char *public_text =
	    till_crypto_encode(till_crypto_key_public(key)->bytes, TILL_PUBLIC_KEY_BYTES);
	g_assert_cmpstr(public_text, ==, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
	g_assert_cmphex(signature.bytes[0], ==, 0xe5);
	g_assert_cmphex(signature.bytes[63], ==, 0x0b);
	till_test_remove_dir(dir);
}

static void
test_key_file_is_made_once(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = till_test_temp_dir();
	g_autofree char *path = g_build_filename(dir, "key", NULL);
	struct stat status;
	g_assert_null(till_crypto_key_load(path, FALSE, &error));
	till_test_assert_error(error, TILL_ERROR_NOT_FOUND, path);
	g_autoptr(TillSigningKey) made = till_crypto_key_load(path, TRUE, &error);
	g_assert_no_error(error);
	g_assert_cmpint(stat(path, &status), ==, 0);
	g_assert_cmpint(status.st_mode & 0777, ==, 0600);
	g_assert_cmpint(status.st_size, ==, 44);
	g_autoptr(TillSigningKey) read = till_crypto_key_load(path, TRUE, &error);
	g_assert_cmpmem(till_crypto_key_public(made), TILL_PUBLIC_KEY_BYTES,
			till_crypto_key_public(read), TILL_PUBLIC_KEY_BYTES);
	till_test_remove_dir(dir);
}

static void
test_key_file_open_to_others(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = till_test_temp_dir();
	g_autofree char *path = g_build_filename(dir, "key", NULL);
	g_autoptr(TillSigningKey) made = till_crypto_key_load(path, TRUE, &error);
	g_assert_nonnull(made);
	g_assert_cmpint(g_chmod(path, 0640), ==, 0);
	g_assert_null(till_crypto_key_load(path, TRUE, &error));
	till_test_assert_error(error, TILL_ERROR_DENIED, "chmod 600");
	g_assert_cmpint(g_chmod(path, 0604), ==, 0);
	g_assert_null(till_crypto_key_load(path, TRUE, &error));
	till_test_assert_error(error, TILL_ERROR_DENIED, "chmod 600");
	till_test_remove_dir(dir);
}

static void
test_damaged_key_file_is_left(void)
{
	static const char *const bad[] = {
	    "",
	    "\n",
	    "short",
	    "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2=",
	    "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2AA",
	    "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A and more than a line of text after it",
	};
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = till_test_temp_dir();
	g_autofree char *path = g_build_filename(dir, "key", NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *after = NULL;
		g_assert_true(g_file_set_contents_full(path, bad[i], -1, G_FILE_SET_CONTENTS_NONE,
						       0600, NULL));
		g_assert_cmpint(g_chmod(path, 0600), ==, 0);
		g_assert_null(till_crypto_key_load(path, TRUE, &error));
		till_test_assert_error(error, TILL_ERROR_CORRUPT, "damaged");
		g_assert_true(g_file_get_contents(path, &after, NULL, NULL));
		g_assert_cmpstr(after, ==, bad[i]);
	}
	till_test_remove_dir(dir);
}

static void
test_base64_round_trip(void)
{
	TillTestRandom random;
	till_test_random_init(&random, 64);
	for (gsize size = 0; size < 70; size++) {
		guint8 data[70];
		guint8 again[70];
		till_test_random_bytes(&random, data, size);
		g_autofree char *text = till_crypto_encode(data, size);
		g_assert_null(strpbrk(text, "+/="));
		g_assert_true(till_crypto_decode(text, again, size));
		g_assert_cmpmem(data, (int)size, again, (int)size);
		g_assert_false(till_crypto_decode(text, again, size + 1));
	}
}

static void
test_base64_refuses(void)
{
	static const char *const bad[] = {NULL,  "",     "Zg==", "Z",        "Zh",
					  "Z g", "Zg\n", "Z+",   "\xC3\xA9", "ZgA"};
	guint8 byte = 0xAA;
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(till_crypto_decode(bad[i], &byte, 1));
	g_assert_cmphex(byte, ==, 0xAA);
	g_assert_true(till_crypto_decode("Zg", &byte, 1));
	g_assert_cmphex(byte, ==, 'f');
}

static void
test_pin(void)
{
	g_autofree char *full = till_crypto_pin_hash("4711", 4);
	g_autofree char *light = till_crypto_pin_hash_light("4711", 4);
	g_autofree char *salted = till_crypto_pin_hash_light("4711", 4);
	g_assert_true(g_str_has_prefix(full, "$argon2id$v=19$m=65536,t=2,p=1$"));
	g_assert_true(g_str_has_prefix(light, "$argon2id$v=19$m=8192,t=1,p=1$"));
	g_assert_cmpstr(light, !=, salted);
	g_assert_true(till_crypto_pin_verify(full, "4711", 4));
	g_assert_true(till_crypto_pin_verify(light, "4711", 4));
	g_assert_false(till_crypto_pin_verify(full, "4712", 4));
	g_assert_false(till_crypto_pin_verify(light, "471", 3));
	g_assert_false(till_crypto_pin_verify(light, "", 0));
}

static void
test_pin_refuses_costly_and_malformed_hashes(void)
{
	static const char *const bad[] = {
	    NULL,
	    "",
	    "4711",
	    "$argon2id$v=19$m=8192,t=1,p=1$",
	    "$argon2i$v=19$m=8192,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	    /* 4 GiB of memory, and a thousand passes. */
	    "$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	    "$argon2id$v=19$m=8192,t=1000,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(till_crypto_pin_verify(bad[i], "4711", 4));
	g_autofree char *endless = g_strnfill(100000, '$');
	g_assert_false(till_crypto_pin_verify(endless, "4711", 4));
}

/* RFC 4231, test cases 2 (a short key) and 6 (one longer than a block). */
static void
test_mac(void)
{
	static const char data[] = "Test Using Larger Than Block-Size Key - Hash Key First";
	guint8 key[131];
	guint8 mac[TILL_MAC_BYTES];
	TillHash shown;
	char text[TILL_HASH_TEXT];

	till_crypto_mac("Jefe", 4, "what do ya want for nothing?", 28, mac);
	memcpy(shown.bytes, mac, sizeof mac);
	g_assert_cmpstr(till_crypto_hash_format(&shown, text), ==,
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof key);
	till_crypto_mac(key, sizeof key, data, strlen(data), mac);
	memcpy(shown.bytes, mac, sizeof mac);
	g_assert_cmpstr(till_crypto_hash_format(&shown, text), ==,
			"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/base/crypto/hash-gives-known-answers", test_hash_known_answer);
	g_test_add_func("/base/crypto/malformed-hash-text-is-refused", test_hash_parse_refuses);
	g_test_add_func("/base/crypto/hash-of-a-file-is-that-of-its-bytes", test_hash_file);
	g_test_add_func("/base/crypto/a-signature-holds-for-its-bytes-only", test_signature);
	g_test_add_func("/base/crypto/signature-gives-the-rfc-answer", test_signature_known_answer);
	g_test_add_func("/base/crypto/key-file-is-made-once", test_key_file_is_made_once);
	g_test_add_func("/base/crypto/key-file-open-to-others-is-refused",
			test_key_file_open_to_others);
	g_test_add_func("/base/crypto/damaged-key-file-is-left-as-it-is",
			test_damaged_key_file_is_left);
	g_test_add_func("/base/crypto/mac-gives-the-rfc-answers", test_mac);
	g_test_add_func("/base/crypto/base64-round-trips", test_base64_round_trip);
	g_test_add_func("/base/crypto/malformed-base64-is-refused", test_base64_refuses);
	g_test_add_func("/base/crypto/pin-verifies-both-costs", test_pin);
	g_test_add_func("/base/crypto/costly-and-malformed-pin-hashes-are-refused",
			test_pin_refuses_costly_and_malformed_hashes);
	return g_test_run();
}
