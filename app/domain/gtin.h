/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* GTIN-8, -12, -13 and -14: check digits and the one form used for look-ups.
 *
 * Source: GS1 General Specifications, "Standard check digit calculations": digits weighted 3,1,3,1…
 * from the right. A UPC-A (12), an EAN-13 with a leading 0 and a GTIN-14 with indicator 0 are the
 * same trade item, so catalogue and scanner meet in 14 digits.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_GTIN_TEXT 15 /* 14 digits and NUL */

typedef enum {
	TILL_GTIN_OK,
	TILL_GTIN_EMPTY,
	TILL_GTIN_NOT_DIGITS,
	TILL_GTIN_LENGTH, /* not 8, 12, 13 or 14 digits */
	TILL_GTIN_CHECK_DIGIT,
} TillGtinResult;

/* The check digit over digits (any length ≥ 1 of ASCII digits, without the check digit), '0'..'9';
 * 0 when there is none to compute. */
char till_gtin_check_digit(const char *digits, gsize length);

/* TRUE when the last of the digits (any length ≥ 2) is the right check digit. */
gboolean till_gtin_check(const char *digits);

/* Checks code and writes its 14 digits (left-padded by zeros). out14: TILL_GTIN_TEXT bytes,
 * untouched unless OK. */
TillGtinResult till_gtin_normalise(const char *code, char *out14);

/* UPC-E to the 12 digits of UPC-A (out12: 13 bytes); FALSE when it is none. 6 digits are the body
 * with number system 0, 7 the number system (0 or 1) and the body, 8 also the check digit, which
 * must be right. */
gboolean till_gtin_expand_upce(const char *code, char *out12) G_GNUC_WARN_UNUSED_RESULT;

/* How a GTIN-14 is shown: 8, 12, 13 or 14 digits as it was printed (leading zeros dropped to the
 * shortest GTIN length that fits). text: TILL_GTIN_TEXT bytes. Returns text. */
char *till_gtin_display(const char *gtin14, char *text);

/* A sentence for a person: "The last digit does not match; scan it again." Static. */
const char *till_gtin_words(TillGtinResult result);

G_END_DECLS
