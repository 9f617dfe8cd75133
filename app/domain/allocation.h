/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Sharing an amount over parts so that the shares add up to it, to the unit.
 *
 * By largest remainder (Hamilton): every part gets its exact share rounded toward zero, then the
 * units left over go to the largest remainders; ties go to the larger weight, then the earlier part.
 * A negative amount is the mirror image of the positive one.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* weights ≥ 0. With all weights zero the amount is shared equally, first parts first. FALSE when
 * count is 0, a weight is negative or the sum overflows; out_shares is then untouched. */
gboolean till_allocation_share(gint64 amount, const gint64 *weights, gsize count,
			       gint64 *out_shares) G_GNUC_WARN_UNUSED_RESULT;

/* The left-over units go to the first parts with a non-zero weight instead (some policies say so). */
gboolean till_allocation_share_first(gint64 amount, const gint64 *weights, gsize count,
				     gint64 *out_shares) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
