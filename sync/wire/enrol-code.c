/* SPDX-License-Identifier: Apache-2.0 */
#include "enrol-code.h"

#include <string.h>

#define SECRET_LETTERS 8
#define CA_LETTERS 16
#define CA_BYTES 10
#define TYPED_MAX 64

static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Writes size * 8 / 5 letters and a NUL; size is a multiple of five. */
static void
encode_letters(const guint8 *bytes, gsize size, char *text)
{
	guint32 held = 0;
	guint held_bits = 0;

	for (gsize i = 0; i < size; i++) {
		held = (held << 8) | bytes[i];
		held_bits += 8;
		while (held_bits >= 5) {
			held_bits -= 5;
			*text++ = letters[(held >> held_bits) & 31];
		}
	}
	*text = '\0';
}

void
till_enrol_code_random(char *text)
{
	guint8 bytes[5];

	till_crypto_random(bytes, sizeof bytes);
	encode_letters(bytes, sizeof bytes, text);
}

char *
till_enrol_code_format(const char *secret, const TillHash *ca_hash)
{
	char ca[CA_LETTERS + 1];

	g_assert(strlen(secret) == SECRET_LETTERS);
	if (ca_hash == NULL)
		return g_strdup_printf("%.4s-%.4s", secret, secret + 4);
	encode_letters(ca_hash->bytes, CA_BYTES, ca);
	return g_strdup_printf("%.4s-%.4s-%s", secret, secret + 4, ca);
}

/* The letter meant by what a person typed; 0 when it is none. */
static char
letter_meant(char typed)
{
	char upper = g_ascii_toupper(typed);

	if (upper == 'I' || upper == 'L')
		return '1';
	if (upper == 'O')
		return '0';
	if (upper != '\0' && strchr(letters, upper) != NULL)
		return upper;
	return 0;
}

gboolean
till_enrol_code_parse(const char *text, char *out_secret, char *out_ca)
{
	char clean[SECRET_LETTERS + CA_LETTERS + 1];
	gsize count = 0;

	if (strnlen(text, TYPED_MAX) == TYPED_MAX)
		return FALSE;
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '-' || g_ascii_isspace(*p))
			continue;
		char letter = letter_meant(*p);
		if (letter == 0 || count == sizeof clean - 1)
			return FALSE;
		clean[count++] = letter;
	}
	if (count != SECRET_LETTERS && count != SECRET_LETTERS + CA_LETTERS)
		return FALSE;
	clean[count] = '\0';
	memcpy(out_secret, clean, SECRET_LETTERS);
	out_secret[SECRET_LETTERS] = '\0';
	memcpy(out_ca, clean + SECRET_LETTERS, count - SECRET_LETTERS + 1);
	return TRUE;
}

gboolean
till_enrol_code_matches(const char *ca_part, const TillHash *ca_hash)
{
	char expected[CA_LETTERS + 1];

	encode_letters(ca_hash->bytes, CA_BYTES, expected);
	return strcmp(ca_part, expected) == 0;
}
