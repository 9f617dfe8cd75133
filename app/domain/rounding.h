/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Division that names its rounding. No amount is ever divided anywhere but here.
 *
 * Threads: any (pure). All results are exact integers; FALSE means overflow or a zero divisor and
 * leaves the output untouched. */

G_BEGIN_DECLS

typedef enum {
	TILL_ROUND_HALF_UP,   /* half away from zero: shops, most tax law */
	TILL_ROUND_HALF_DOWN, /* half toward zero */
	TILL_ROUND_HALF_EVEN, /* banker's */
	TILL_ROUND_UP,        /* away from zero */
	TILL_ROUND_DOWN,      /* toward zero */
	TILL_ROUND_CEILING,   /* toward +infinity */
	TILL_ROUND_FLOOR,     /* toward -infinity */
} TillRounding;

/* value · numerator / denominator, with a 128-bit product, rounded once. denominator > 0. */
gboolean till_rounding_scale(gint64 value, gint64 numerator, gint64 denominator,
			     TillRounding rounding, gint64 *out) G_GNUC_WARN_UNUSED_RESULT;

/* value rounded to a multiple of step (> 0). */
gboolean till_rounding_to_step(gint64 value, gint64 step, TillRounding rounding,
			       gint64 *out) G_GNUC_WARN_UNUSED_RESULT;

/* Names used in policies and files: "half-up", "half-even", … FALSE when unknown. */
gboolean till_rounding_parse(const char *name, TillRounding *out) G_GNUC_WARN_UNUSED_RESULT;
const char *till_rounding_name(TillRounding rounding);

G_END_DECLS
