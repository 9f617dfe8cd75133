/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "rounding.h"

/* Exact fractions: prices finer than the currency, rates, shares, sums that are rounded only once.
 *
 * Numerator and denominator have 128 bits; common factors are taken out only when room gets scarce,
 * so that the usual small numbers cost one multiplication. What still does not fit is "lost"
 * (denominator 0) and everything computed from it is lost too: a chain of sums needs one check, at
 * the end, which is till_ratio_round or till_ratio_is_lost.
 *
 * Threads: any (pure). No floating point. */

G_BEGIN_DECLS

/* ISO C has no name for the type. */
__extension__ typedef __int128 TillWide;

typedef struct {
	TillWide numerator;
	TillWide denominator; /* > 0; 0 when lost. Not always in lowest terms */
} TillRatio;

TillRatio till_ratio_whole(gint64 value);
/* denominator > 0 (asserted). */
TillRatio till_ratio_of(gint64 numerator, gint64 denominator);
gboolean till_ratio_is_lost(TillRatio ratio);

TillRatio till_ratio_add(TillRatio a, TillRatio b);
TillRatio till_ratio_subtract(TillRatio a, TillRatio b);
TillRatio till_ratio_multiply(TillRatio a, TillRatio b);
/* Lost when b is zero. */
TillRatio till_ratio_divide(TillRatio a, TillRatio b);
TillRatio till_ratio_negate(TillRatio ratio);

/* −1, 0, 1. Neither may be lost (asserted). */
int till_ratio_sign(TillRatio ratio);
int till_ratio_compare(TillRatio a, TillRatio b);

/* The multiple of step (> 0) that rounding names. FALSE when lost or beyond 64 bits. */
gboolean till_ratio_round(TillRatio ratio, gint64 step, TillRounding rounding,
			  gint64 *out) G_GNUC_WARN_UNUSED_RESULT;

/* Adding up many: exact while it fits, which it does for the taxes of ordinary shops. Fractions
 * with hundreds of different denominators may not have a common one in 128 bits; then the sum is
 * taken in parts of 2^-64 instead of being lost, and a sum nearer than 2^-48 to a whole or a half
 * number is that number. The order of adding changes nothing. Start with {0}. */
typedef struct {
	TillRatio exact;
	TillWide parts; /* of 2^-64 */
	gboolean started;
	gboolean overflown; /* beyond any amount: lost */
} TillRatioSum;

void till_ratio_sum_add(TillRatioSum *sum, TillRatio ratio);
TillRatio till_ratio_sum_get(const TillRatioSum *sum);

/* "12.5", "-.05", "3/2", "1e-9". With digits > 0 the number is first rounded (half-up) to that many
 * significant digits: 15 undoes the noise that a sheet or a script leaves behind when it computed
 * with binary fractions (1.1549999999999998 was 1.155). At most 60 characters. FALSE when malformed
 * or too large. */
gboolean till_ratio_parse(const char *text, guint digits, TillRatio *out) G_GNUC_WARN_UNUSED_RESULT;

/* Decimal text with that many places (0 to 15), "lost" when lost. For traces; caller frees. */
char *till_ratio_format(TillRatio ratio, guint decimals);

G_END_DECLS
