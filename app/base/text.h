/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Text helpers without business words.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* For search and comparison: NFKD, marks and invisible characters removed, case-folded, white space
 * collapsed to single spaces and cut off at both ends. Also ß→ss, ø→o,
 * ł→l, đ→d, æ→ae, œ→oe, which have no decomposition. Invalid UTF-8 is mended first. Caller frees.
 */
char *till_text_fold(const char *text);

/* Cleans a text from outside for one line of display: valid UTF-8, tabs and line feeds made spaces,
 * other control characters and bidi overrides removed, at most max_chars characters. Caller frees.
 */
char *till_text_clean(const char *text, gsize max_chars);

/* Exact decimal text to an integer scaled by 10^exponent: "12.5",2 → 1250. Optional sign, digits,
 * one
 * '.', digits (at least one on each side of a point); no exponent, no spaces inside, no group
 * marks. Surplus digits must be zero. FALSE when malformed, too precise, or out of range. */
gboolean till_text_parse_decimal(const char *text, int exponent,
				 gint64 *out) G_GNUC_WARN_UNUSED_RESULT;

/* The reverse, always with exponent digits after the point: 1250,2 → "12.50". Caller frees. */
char *till_text_format_decimal(gint64 value, int exponent);

/* Whole decimal digits only, sign allowed. */
gboolean till_text_parse_int(const char *text, gint64 min, gint64 max,
			     gint64 *out) G_GNUC_WARN_UNUSED_RESULT;

gboolean till_text_is_digits(const char *text);

G_END_DECLS
