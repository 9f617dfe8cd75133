/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Sharing an amount over parts so that the shares add up to it, to the unit.
 *
 * Every part first gets its exact share rounded toward zero; the functions differ in where the
 * units left over go. The house's own way is the largest remainder (Hamilton): ties go to the
 * larger weight, then the earlier part. A negative amount is the mirror image of the positive one.
 *
 * weights ≥ 0, shares may overwrite them. With all weights zero the amount is shared equally, first
 * parts first. All return FALSE when count is 0, a weight is negative or their sum overflows;
 * outputs are then untouched.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* By largest remainder. */
gboolean till_allocation_share(gint64 amount, const gint64 *weights, gsize count,
			       gint64 *out_shares) G_GNUC_WARN_UNUSED_RESULT;

/* The left-over units go to the first parts with a non-zero weight instead (some policies say so).
 */
gboolean till_allocation_share_first(gint64 amount, const gint64 *weights, gsize count,
				     gint64 *out_shares) G_GNUC_WARN_UNUSED_RESULT;

/* The left-over units go to the heaviest parts, earlier ones first. */
gboolean till_allocation_share_heaviest(gint64 amount, const gint64 *weights, gsize count,
					gint64 *out_shares) G_GNUC_WARN_UNUSED_RESULT;

/* What is left over runs on: from the last part to the first, each takes its exact share, cut, of
 * what is still there. It gathers in the first parts, but follows fractions where share_first does
 * not. */
gboolean till_allocation_share_running(gint64 amount, const gint64 *weights, gsize count,
				       gint64 *out_shares) G_GNUC_WARN_UNUSED_RESULT;

/* Nobody gets the left-over units: they are out_rest, for the caller to book. */
gboolean till_allocation_share_floor(gint64 amount, const gint64 *weights, gsize count,
				     gint64 *out_shares,
				     gint64 *out_rest) G_GNUC_WARN_UNUSED_RESULT;

/* The same, in whole blocks: shares stand in exactly the ratio of the weights (in lowest terms), so
 * that the rest may be larger than the number of parts. */
gboolean till_allocation_share_blocks(gint64 amount, const gint64 *weights, gsize count,
				      gint64 *out_shares,
				      gint64 *out_rest) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
