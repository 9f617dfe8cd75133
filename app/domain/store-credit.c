/* SPDX-License-Identifier: Apache-2.0 */
#include "store-credit.h"

#include <string.h>

#include "crypto.h"

#define LETTERS 12
#define GROUP 4
#define TYPED_MAX 40

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Times x, modulo x⁵ + x² + 1, whose powers of x are 31 different elements. */
static guint
times_x(guint value)
{
	value <<= 1;
	return value & 32 ? value ^ 37 : value;
}

static guint
check_value(const guint8 *values)
{
	guint rest = 0;

	for (gsize i = 0; i < LETTERS - 1; i++)
		rest = times_x(rest ^ values[i]);
	return rest;
}

static char *
spell(const guint8 *values, char *text)
{
	char *at = text;

	*at++ = 'C';
	*at++ = 'R';
	for (gsize i = 0; i < LETTERS; i++) {
		if (i % GROUP == 0)
			*at++ = '-';
		*at++ = alphabet[values[i]];
	}
	*at = '\0';
	return text;
}

char *
till_store_credit_make(char *text)
{
	guint8 values[LETTERS];

	till_crypto_random(values, sizeof values);
	for (gsize i = 0; i < LETTERS; i++)
		values[i] &= 31;
	values[LETTERS - 1] = (guint8)check_value(values);
	return spell(values, text);
}

/* −1: no letter of the alphabet. */
static int
value_of(char letter)
{
	char upper = g_ascii_toupper(letter);
	const char *place;

	if (upper == 'O')
		upper = '0';
	if (upper == 'I' || upper == 'L')
		upper = '1';
	place = upper != '\0' ? strchr(alphabet, upper) : NULL;
	return place != NULL ? (int)(place - alphabet) : -1;
}

gboolean
till_store_credit_read(const char *typed, char *out_text)
{
	guint8 values[LETTERS];
	gsize count = 0;

	if (strnlen(typed, TYPED_MAX + 1) > TYPED_MAX)
		return FALSE;
	while (g_ascii_isspace(*typed))
		typed++;
	if (g_ascii_strncasecmp(typed, "CR", 2) != 0)
		return FALSE;
	for (typed += 2; *typed != '\0'; typed++) {
		int value = value_of(*typed);
		if (*typed == '-' || g_ascii_isspace(*typed))
			continue;
		if (value < 0 || count == LETTERS)
			return FALSE;
		values[count++] = (guint8)value;
	}
	if (count != LETTERS || values[LETTERS - 1] != check_value(values))
		return FALSE;
	spell(values, out_text);
	return TRUE;
}

char *
till_store_credit_mask(const char *text)
{
	gsize length = strlen(text);

	return g_strconcat("CR-····-····-", length > GROUP ? text + length - GROUP : "", NULL);
}
