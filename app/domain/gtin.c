/* SPDX-License-Identifier: Apache-2.0 */
#include "gtin.h"

#include <string.h>

#define GTIN_DIGITS (TILL_GTIN_TEXT - 1)

/* Own copy of till_text_is_digits with a length: a code is checked in parts. */
static gboolean
has_only_digits(const char *text, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
	}
	return TRUE;
}

char
till_gtin_check_digit(const char *digits, gsize length)
{
	guint sum = 0;

	if (digits == NULL || length == 0 || !has_only_digits(digits, length))
		return 0;
	for (gsize i = 0; i < length; i++) {
		guint digit = (guint)(digits[length - 1 - i] - '0');
		/* Reduced at once, so that no length can overflow the sum. */
		sum = (sum + (i % 2 == 0 ? 3 * digit : digit)) % 10;
	}
	return (char)('0' + (10 - sum) % 10);
}

gboolean
till_gtin_check(const char *digits)
{
	gsize length = digits != NULL ? strlen(digits) : 0;

	if (length < 2)
		return FALSE;
	return till_gtin_check_digit(digits, length - 1) == digits[length - 1];
}

TillGtinResult
till_gtin_normalise(const char *code, char *out14)
{
	gsize length = code != NULL ? strlen(code) : 0;

	if (length == 0)
		return TILL_GTIN_EMPTY;
	if (!has_only_digits(code, length))
		return TILL_GTIN_NOT_DIGITS;
	if (length != 8 && (length < 12 || length > GTIN_DIGITS))
		return TILL_GTIN_LENGTH;
	if (!till_gtin_check(code))
		return TILL_GTIN_CHECK_DIGIT;
	memset(out14, '0', GTIN_DIGITS - length);
	memcpy(out14 + GTIN_DIGITS - length, code, length + 1);
	return TILL_GTIN_OK;
}

/* The five digits each of manufacturer and product, zeros put back where UPC-E left them out
 * (GS1 General Specifications, "UPC-E barcode": the last digit of the body says where). */
static void
expand_body(const char *body, char *out10)
{
	memset(out10, '0', 10);
	switch (body[5]) {
	case '0':
	case '1':
	case '2':
		memcpy(out10, body, 2);
		out10[2] = body[5];
		memcpy(out10 + 7, body + 2, 3);
		break;
	case '3':
		memcpy(out10, body, 3);
		memcpy(out10 + 8, body + 3, 2);
		break;
	case '4':
		memcpy(out10, body, 4);
		out10[9] = body[4];
		break;
	default:
		memcpy(out10, body, 5);
		out10[9] = body[5];
		break;
	}
}

gboolean
till_gtin_expand_upce(const char *code, char *out12)
{
	gsize length = code != NULL ? strlen(code) : 0;
	char upca[13] = "0";

	if (length < 6 || length > 8 || !has_only_digits(code, length))
		return FALSE;
	if (length > 6)
		upca[0] = code[0];
	if (upca[0] > '1')
		return FALSE;
	expand_body(length > 6 ? code + 1 : code, upca + 1);
	upca[11] = till_gtin_check_digit(upca, 11);
	if (length == 8 && code[7] != upca[11])
		return FALSE;
	memcpy(out12, upca, sizeof upca);
	return TRUE;
}

char *
till_gtin_display(const char *gtin14, char *text)
{
	static const gsize lengths[] = {8, 12, 13, 14};
	gsize zeros = strspn(gtin14, "0");
	gsize length = strlen(gtin14);
	gsize shown = length;

	g_assert(length == GTIN_DIGITS);
	for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
		if (length - zeros <= lengths[i]) {
			shown = lengths[i];
			break;
		}
	}
	memmove(text, gtin14 + length - shown, shown + 1);
	return text;
}

const char *
till_gtin_words(TillGtinResult result)
{
	switch (result) {
	case TILL_GTIN_OK:
		return "The barcode number is right.";
	case TILL_GTIN_EMPTY:
		return "There is no barcode number; scan or type it.";
	case TILL_GTIN_NOT_DIGITS:
		return "A barcode number holds digits only; type it as printed below the bars.";
	case TILL_GTIN_LENGTH:
		return "A barcode number has 8, 12, 13 or 14 digits; count them and type it again.";
	case TILL_GTIN_CHECK_DIGIT:
		return "The last digit does not match; scan it again.";
	default:
		g_assert_not_reached();
	}
}
