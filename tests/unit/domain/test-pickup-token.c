/* SPDX-License-Identifier: Apache-2.0 */
#include "pickup-token.h"

#include <glib/gstdio.h>
#include <string.h>

#include "json.h"
#include "till-test.h"

#define NOW_MS G_GINT64_CONSTANT(1789000000000)
#define MUTATIONS 100000

/* ---- A central with a key ring ---- */

typedef struct {
	TillSigningKey *key;
	TillPickupKeys ring;
	TillPickupToken token;
	char text[TILL_PICKUP_TOKEN_TEXT];
} Central;

static void
add_key(TillPickupKeys *ring, guint16 id, const TillSigningKey *key, gint64 from_ms, gint64 to_ms)
{
	TillPickupKey row = {id, *till_crypto_key_public(key), from_ms, to_ms};

	g_assert_true(till_pickup_token_keys_add(ring, &row));
}

static Central
open_central(void)
{
	Central central = {.key = till_crypto_key_new()};

	central.token = (TillPickupToken){.key_id = 7,
					  .order = till_uuid_random(),
					  .fulfilment = till_uuid_random(),
					  .not_after_s = NOW_MS / 1000 + 86400,
					  .serial = 1};
	add_key(&central.ring, 7, central.key, 0, G_MAXINT64);
	till_pickup_token_make(&central.token, central.key, central.text);
	return central;
}

static void
close_central(Central *central)
{
	till_crypto_key_free(central->key);
}

static TillPickupCheck
check(const Central *central, const char *text, gint64 now_ms)
{
	TillPickupToken token;
	TillPickupCheck result = till_pickup_token_check(text, &central->ring, now_ms, &token);
	static const TillPickupToken nothing = {0};

	if (result != TILL_PICKUP_VALID && result != TILL_PICKUP_EXPIRED)
		g_assert_cmpmem(&token, sizeof token, &nothing, sizeof nothing);
	return result;
}

static void
test_tells_what_was_signed(void)
{
	Central central = open_central();
	TillPickupToken token;

	g_assert_cmpuint(strlen(central.text), ==, TILL_PICKUP_TOKEN_TEXT - 1);
	g_assert_cmpint(till_pickup_token_check(central.text, &central.ring, NOW_MS, &token), ==,
			TILL_PICKUP_VALID);
	g_assert_true(till_uuid_equal(&token.order, &central.token.order));
	g_assert_true(till_uuid_equal(&token.fulfilment, &central.token.fulfilment));
	g_assert_cmpint(token.not_after_s, ==, central.token.not_after_s);
	g_assert_cmpuint(token.serial, ==, 1);
	g_assert_cmpuint(token.key_id, ==, 7);
	close_central(&central);
}

static void
test_runs_out_after_its_last_second(void)
{
	Central central = open_central();
	gint64 end_ms = central.token.not_after_s * 1000;

	g_assert_cmpint(check(&central, central.text, end_ms), ==, TILL_PICKUP_VALID);
	g_assert_cmpint(check(&central, central.text, end_ms + 999), ==, TILL_PICKUP_VALID);
	g_assert_cmpint(check(&central, central.text, end_ms + 1000), ==, TILL_PICKUP_EXPIRED);
	central.token.not_after_s = G_MAXUINT32;
	till_pickup_token_make(&central.token, central.key, central.text);
	end_ms = (gint64)G_MAXUINT32 * 1000 + 999;
	g_assert_cmpint(check(&central, central.text, end_ms), ==, TILL_PICKUP_VALID);
	g_assert_cmpint(check(&central, central.text, end_ms + 1), ==, TILL_PICKUP_EXPIRED);
	close_central(&central);
}

/* Old codes outlive the key that new ones are signed with, until the ring says otherwise. */
static void
test_keys_rotate(void)
{
	Central central = open_central();
	g_autoptr(TillSigningKey) next = till_crypto_key_new();
	char text[TILL_PICKUP_TOKEN_TEXT];
	TillPickupToken token = central.token;

	token.key_id = 8;
	till_pickup_token_make(&token, next, text);
	g_assert_cmpint(check(&central, text, NOW_MS), ==, TILL_PICKUP_UNKNOWN_KEY);
	add_key(&central.ring, 8, next, NOW_MS, G_MAXINT64);
	g_assert_cmpint(check(&central, text, NOW_MS - 1), ==, TILL_PICKUP_UNKNOWN_KEY);
	g_assert_cmpint(check(&central, text, NOW_MS), ==, TILL_PICKUP_VALID);
	g_assert_cmpint(check(&central, central.text, NOW_MS), ==, TILL_PICKUP_VALID);
	add_key(&central.ring, 7, central.key, 0, NOW_MS);
	g_assert_cmpuint(central.ring.count, ==, 2);
	g_assert_cmpint(check(&central, central.text, NOW_MS - 1), ==, TILL_PICKUP_VALID);
	g_assert_cmpint(check(&central, central.text, NOW_MS), ==, TILL_PICKUP_UNKNOWN_KEY);
	g_assert_cmpint(check(&central, text, NOW_MS), ==, TILL_PICKUP_VALID);
	close_central(&central);
}

static void
test_a_ring_has_room_for_sixteen(void)
{
	g_autoptr(TillSigningKey) key = till_crypto_key_new();
	TillPickupKeys ring = {0};
	TillPickupKey one_more = {99, *till_crypto_key_public(key), 0, 1};

	for (guint16 i = 0; i < TILL_PICKUP_KEYS_MAX; i++)
		add_key(&ring, i, key, 0, 1);
	g_assert_false(till_pickup_token_keys_add(&ring, &one_more));
}

static void
test_other_keys_are_forgeries(void)
{
	Central central = open_central();
	g_autoptr(TillSigningKey) thief = till_crypto_key_new();
	char text[TILL_PICKUP_TOKEN_TEXT];

	till_pickup_token_make(&central.token, thief, text);
	g_assert_cmpint(check(&central, text, NOW_MS), ==, TILL_PICKUP_FORGED);
	g_assert_cmpint(check(&central, "", NOW_MS), ==, TILL_PICKUP_MALFORMED);
	close_central(&central);
}

/* ---- Mutations ---- */

static void
flip_bits(TillTestRandom *random, char *text)
{
	for (gint64 flips = till_test_random_range(random, 1, 3); flips > 0; flips--) {
		gint64 at = till_test_random_range(random, 0, TILL_PICKUP_TOKEN_TEXT - 2);
		text[at] = (char)(text[at] ^ (1 << till_test_random_range(random, 0, 7)));
	}
}

static void
change_letters(TillTestRandom *random, char *text)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

	for (gint64 i = till_test_random_range(random, 1, 4); i > 0; i--)
		text[till_test_random_range(random, 0, TILL_PICKUP_TOKEN_TEXT - 2)] =
		    alphabet[till_test_random_range(random, 0, 31)];
}

static void
change_case(TillTestRandom *random, char *text)
{
	gint64 from = till_test_random_range(random, 0, TILL_PICKUP_TOKEN_TEXT - 2);

	for (char *at = text + from; *at != '\0'; at++)
		*at = g_ascii_tolower(*at);
}

/* Parts of two tokens of the same central, cut anywhere. */
static void
swap_parts(TillTestRandom *random, char *text, const char *other)
{
	gint64 from = till_test_random_range(random, 0, TILL_PICKUP_TOKEN_TEXT - 2);
	gint64 to = till_test_random_range(random, from + 1, TILL_PICKUP_TOKEN_TEXT - 1);

	memcpy(text + from, other + from, (gsize)(to - from));
}

static void
move_letters(TillTestRandom *random, char *text)
{
	gint64 a = till_test_random_range(random, 0, TILL_PICKUP_TOKEN_TEXT - 2);
	gint64 b = till_test_random_range(random, 0, TILL_PICKUP_TOKEN_TEXT - 2);
	char letter = text[a];

	text[a] = text[b];
	text[b] = letter;
}

static void
mutate(TillTestRandom *random, char *text, const char *other)
{
	switch (till_test_random_range(random, 0, 6)) {
	case 0:
		flip_bits(random, text);
		break;
	case 1:
		change_letters(random, text);
		break;
	case 2:
		text[till_test_random_range(random, 0, TILL_PICKUP_TOKEN_TEXT - 2)] = '\0';
		break;
	case 3:
		change_case(random, text);
		break;
	case 4:
		swap_parts(random, text, other);
		break;
	case 5:
		move_letters(random, text);
		break;
	default:
		text[TILL_PICKUP_TOKEN_TEXT - 1] = '='; /* one letter more */
		text[TILL_PICKUP_TOKEN_TEXT] = '\0';
		break;
	}
}

/* The other token differs in all that may be swapped, and is sound itself. */
static void
test_no_mutation_is_accepted(void)
{
	Central central = open_central();
	TillPickupToken token = central.token;
	char other[TILL_PICKUP_TOKEN_TEXT];
	TillTestRandom random;
	guint tried = 0, forged = 0;

	token.order = till_uuid_random();
	token.fulfilment = till_uuid_random();
	token.not_after_s += 3600;
	token.serial = 2;
	till_pickup_token_make(&token, central.key, other);
	till_test_random_init(&random, 100000);
	while (tried < MUTATIONS) {
		char text[TILL_PICKUP_TOKEN_TEXT + 1];
		memcpy(text, central.text, sizeof central.text);
		mutate(&random, text, other);
		if (strcmp(text, central.text) == 0 || strcmp(text, other) == 0)
			continue;
		tried++;
		TillPickupCheck result = check(&central, text, NOW_MS);
		if (result == TILL_PICKUP_VALID || result == TILL_PICKUP_EXPIRED)
			g_error("accepted: %s", text);
		forged += result == TILL_PICKUP_FORGED ? 1 : 0;
	}
	g_assert_cmpuint(forged, >, MUTATIONS / 4);
	close_central(&central);
}

/* ---- Its text ---- */

static void
test_url_and_back(void)
{
	Central central = open_central();
	g_autofree char *url = till_pickup_token_url("https://shop.example/", central.text);
	g_autofree char *with_id = g_strconcat("]Q1", url, "\r\n", NULL);
	g_autofree char *with_query = g_strconcat(url, "?from=mail", NULL);
	g_autofree char *bare = g_strconcat("]Q1", central.text, NULL);
	const char *forms[] = {url, with_id, with_query, bare, central.text};
	char found[TILL_PICKUP_TOKEN_TEXT];

	g_assert_true(g_str_has_prefix(url, "HTTPS://SHOP.EXAMPLE/P/A"));
	/* Every letter is of a QR code's alphanumeric mode. */
	g_assert_cmpuint(strspn(url, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"), ==,
			 strlen(url));
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_assert_true(till_pickup_token_find(forms[i], found));
		g_assert_cmpstr(found, ==, central.text);
	}
	close_central(&central);
}

static void
test_other_codes_are_no_tokens(void)
{
	Central central = open_central();
	g_autofree char *short_one = g_strndup(central.text, 167);
	g_autofree char *long_one = g_strconcat(central.text, "A", NULL);
	g_autofree char *not_last = g_strconcat("https://a/", central.text, "/x", NULL);
	g_autofree char *no_link = g_strconcat("p/", central.text, NULL);
	const char *codes[] = {"",
			       "4006381333931",
			       "]Q1",
			       "https://id.gs1.org/01/09520123456788",
			       short_one,
			       long_one,
			       not_last,
			       no_link,
			       "(01)09520123456788"};
	char found[TILL_PICKUP_TOKEN_TEXT];

	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
		g_test_message("%s", codes[i]);
		g_assert_false(till_pickup_token_find(codes[i], found));
	}
	close_central(&central);
}

/* ---- The same bytes as another program's ---- */

static TillSigningKey *
load_seed(const char *seed)
{
	g_autofree char *dir = till_test_temp_dir();
	g_autofree char *path = g_build_filename(dir, "seed", NULL);
	g_autofree char *line = g_strconcat(seed, "\n", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_true(
	    g_file_set_contents_full(path, line, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error));
	TillSigningKey *key = till_crypto_key_load(path, FALSE, &error);
	g_assert_no_error(error);
	till_test_remove_dir(dir);
	return key;
}

static const char *
text_of(const json_t *golden, const char *name)
{
	return json_string_value(json_object_get(golden, name));
}

static void
test_golden_bytes(void)
{
	g_autofree char *path = till_test_source_path("tests/data/pickup/token.json");
	g_autoptr(json_t) golden = till_test_load_json(path);
	g_autoptr(TillSigningKey) key = load_seed(text_of(golden, "seed"));
	TillPickupToken token = {
	    .key_id = (guint16)json_integer_value(json_object_get(golden, "key_id")),
	    .not_after_s = json_integer_value(json_object_get(golden, "not_after_s")),
	    .serial = (guint16)json_integer_value(json_object_get(golden, "serial")),
	};
	char text[TILL_PICKUP_TOKEN_TEXT];
	g_autofree char *public_text =
	    till_crypto_encode(till_crypto_key_public(key), TILL_PUBLIC_KEY_BYTES);

	g_assert_true(till_uuid_parse(text_of(golden, "order"), &token.order));
	g_assert_true(till_uuid_parse(text_of(golden, "fulfilment"), &token.fulfilment));
	g_assert_cmpstr(public_text, ==, text_of(golden, "public"));
	till_pickup_token_make(&token, key, text);
	g_assert_cmpstr(text, ==, text_of(golden, "token"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/domain/pickup-token/tells-what-was-signed", test_tells_what_was_signed);
	g_test_add_func("/domain/pickup-token/runs-out-after-its-last-second",
			test_runs_out_after_its_last_second);
	g_test_add_func("/domain/pickup-token/keys-rotate", test_keys_rotate);
	g_test_add_func("/domain/pickup-token/a-ring-has-room-for-sixteen",
			test_a_ring_has_room_for_sixteen);
	g_test_add_func("/domain/pickup-token/other-keys-are-forgeries",
			test_other_keys_are_forgeries);
	g_test_add_func("/domain/pickup-token/no-mutation-is-accepted",
			test_no_mutation_is_accepted);
	g_test_add_func("/domain/pickup-token/url-and-back", test_url_and_back);
	g_test_add_func("/domain/pickup-token/other-codes-are-no-tokens",
			test_other_codes_are_no_tokens);
	g_test_add_func("/domain/pickup-token/golden-bytes", test_golden_bytes);
	return g_test_run();
}
