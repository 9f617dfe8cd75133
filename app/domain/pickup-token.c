/* SPDX-License-Identifier: Apache-2.0 */
#include "pickup-token.h"

#include <string.h>

#define CLAIM_BYTES (TILL_PICKUP_TOKEN_BYTES - TILL_SIGNATURE_BYTES)
#define LETTERS (TILL_PICKUP_TOKEN_TEXT - 1)
#define GROUP_BYTES 5
#define GROUP_LETTERS 8
#define MS_PER_S 1000

static const char purpose[] = "tillhouse pickup token";

G_STATIC_ASSERT(TILL_PICKUP_TOKEN_BYTES % GROUP_BYTES == 0);
G_STATIC_ASSERT(TILL_PICKUP_TOKEN_BYTES / GROUP_BYTES * GROUP_LETTERS == LETTERS);
G_STATIC_ASSERT(1 + 2 + 16 + 16 + 4 + 2 == CLAIM_BYTES);

static void
put_number(guint8 **at, guint64 value, gsize size)
{
	for (gsize i = size; i > 0; i--)
		*(*at)++ = (guint8)(value >> (8 * (i - 1)));
}

static guint64
take_number(const guint8 **at, gsize size)
{
	guint64 value = 0;

	for (gsize i = 0; i < size; i++)
		value = value << 8 | *(*at)++;
	return value;
}

static void
take_uuid(const guint8 **at, TillUuid *out)
{
	memcpy(out->bytes, *at, sizeof out->bytes);
	*at += sizeof out->bytes;
}

static void
encode(const guint8 *bytes, char *text)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

	for (gsize i = 0; i < TILL_PICKUP_TOKEN_BYTES; i += GROUP_BYTES) {
		const guint8 *at = bytes + i;
		guint64 group = take_number(&at, GROUP_BYTES);
		for (int shift = 35; shift >= 0; shift -= 5)
			*text++ = alphabet[group >> shift & 31];
	}
	*text = '\0';
}

/* −1: no letter of the alphabet; small letters are none, or a token would have many texts. */
static int
value_of(char letter)
{
	if (letter >= 'A' && letter <= 'Z')
		return letter - 'A';
	return letter >= '2' && letter <= '7' ? letter - '2' + 26 : -1;
}

static gboolean
decode(const char *text, guint8 *bytes)
{
	if (strnlen(text, LETTERS + 1) != LETTERS)
		return FALSE;
	for (gsize i = 0; i < LETTERS; i += GROUP_LETTERS) {
		guint64 group = 0;
		for (gsize k = 0; k < GROUP_LETTERS; k++) {
			int value = value_of(text[i + k]);
			if (value < 0)
				return FALSE;
			group = group << 5 | (guint64)value;
		}
		put_number(&bytes, group, GROUP_BYTES);
	}
	return TRUE;
}

/* What is signed: the purpose and the claim. */
static void
fill_signed(const guint8 *claim, guint8 *out)
{
	memcpy(out, purpose, sizeof purpose);
	memcpy(out + sizeof purpose, claim, CLAIM_BYTES);
}

void
till_pickup_token_make(const TillPickupToken *token, const TillSigningKey *key, char *text)
{
	guint8 bytes[TILL_PICKUP_TOKEN_BYTES];
	guint8 message[sizeof purpose + CLAIM_BYTES];
	guint8 *at = bytes;
	TillSignature signature;

	g_assert(token->not_after_s >= 0 && token->not_after_s <= G_MAXUINT32);
	put_number(&at, TILL_PICKUP_TOKEN_VERSION, 1);
	put_number(&at, token->key_id, 2);
	memcpy(at, token->order.bytes, sizeof token->order.bytes);
	at += sizeof token->order.bytes;
	memcpy(at, token->fulfilment.bytes, sizeof token->fulfilment.bytes);
	at += sizeof token->fulfilment.bytes;
	put_number(&at, (guint64)token->not_after_s, 4);
	put_number(&at, token->serial, 2);
	fill_signed(bytes, message);
	till_crypto_sign(key, message, sizeof message, &signature);
	memcpy(at, signature.bytes, sizeof signature.bytes);
	encode(bytes, text);
}

char *
till_pickup_token_url(const char *base, const char *text)
{
	gsize length = strlen(base);

	while (length > 0 && base[length - 1] == '/')
		length--;
	g_autofree char *capitals = g_ascii_strup(base, (gssize)length);
	return g_strdup_printf("%s/P/%s", capitals, text);
}

gboolean
till_pickup_token_find(const char *scanned, char *out_text)
{
	while (g_ascii_isspace(*scanned))
		scanned++;
	/* What a scanner says of the symbol (aim.h). */
	if (scanned[0] == ']' && g_ascii_isalpha(scanned[1]) && g_ascii_isalnum(scanned[2]))
		scanned += 3;
	gsize length = strcspn(scanned, "?# \t\r\n");
	const char *start = scanned + length;
	gboolean is_link = g_ascii_strncasecmp(scanned, "http", 4) == 0;

	while (start > scanned && g_ascii_isalnum(start[-1]))
		start--;
	if (scanned + length != start + LETTERS || (start != scanned && start[-1] != '/') ||
	    is_link != (start != scanned))
		return FALSE;
	memcpy(out_text, start, LETTERS);
	out_text[LETTERS] = '\0';
	return TRUE;
}

static const TillPickupKey *
find_key(const TillPickupKeys *keys, guint16 id, gint64 now_ms)
{
	for (guint i = 0; i < keys->count; i++) {
		const TillPickupKey *key = &keys->keys[i];
		if (key->id == id && now_ms >= key->from_ms && now_ms < key->to_ms)
			return key;
	}
	return NULL;
}

static void
read_claim(const guint8 *at, TillPickupToken *out)
{
	at++;
	out->key_id = (guint16)take_number(&at, 2);
	take_uuid(&at, &out->order);
	take_uuid(&at, &out->fulfilment);
	out->not_after_s = (gint64)take_number(&at, 4);
	out->serial = (guint16)take_number(&at, 2);
}

TillPickupCheck
till_pickup_token_check(const char *text, const TillPickupKeys *keys, gint64 now_ms,
			TillPickupToken *out_token)
{
	guint8 bytes[TILL_PICKUP_TOKEN_BYTES];
	guint8 message[sizeof purpose + CLAIM_BYTES];
	TillPickupToken token;
	TillSignature signature;

	memset(out_token, 0, sizeof *out_token);
	if (!decode(text, bytes))
		return TILL_PICKUP_MALFORMED;
	if (bytes[0] != TILL_PICKUP_TOKEN_VERSION)
		return TILL_PICKUP_VERSION;
	read_claim(bytes, &token);
	const TillPickupKey *key = find_key(keys, token.key_id, now_ms);
	if (key == NULL)
		return TILL_PICKUP_UNKNOWN_KEY;
	fill_signed(bytes, message);
	memcpy(signature.bytes, bytes + CLAIM_BYTES, sizeof signature.bytes);
	if (!till_crypto_verify(&key->key, message, sizeof message, &signature))
		return TILL_PICKUP_FORGED;
	*out_token = token;
	return now_ms < (token.not_after_s + 1) * MS_PER_S ? TILL_PICKUP_VALID
							   : TILL_PICKUP_EXPIRED;
}

gboolean
till_pickup_token_keys_add(TillPickupKeys *keys, const TillPickupKey *key)
{
	for (guint i = 0; i < keys->count; i++) {
		if (keys->keys[i].id == key->id) {
			keys->keys[i] = *key;
			return TRUE;
		}
	}
	if (keys->count == TILL_PICKUP_KEYS_MAX)
		return FALSE;
	keys->keys[keys->count++] = *key;
	return TRUE;
}

const char *
till_pickup_token_words(TillPickupCheck check)
{
	switch (check) {
	case TILL_PICKUP_VALID:
		return "This pickup code is right.";
	case TILL_PICKUP_EXPIRED:
		return "This pickup code has run out. Find the order by name or number, and check "
		       "who collects it.";
	case TILL_PICKUP_VERSION:
		return "This pickup code was made for another release of the till. Find the order "
		       "by "
		       "name or number, and have the till updated.";
	case TILL_PICKUP_UNKNOWN_KEY:
		return "This till cannot check this pickup code yet. Connect it to the network and "
		       "scan again, or find the order by name or number.";
	case TILL_PICKUP_FORGED:
		return "This pickup code was not made by us. Hand nothing over; find the order by "
		       "name or number, and check who collects it.";
	case TILL_PICKUP_MALFORMED:
		return "This pickup code is damaged. Scan it again, with the screen bright and "
		       "clean, or find the order by name or number.";
	default:
		g_assert_not_reached();
	}
}
