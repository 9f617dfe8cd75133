/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "order-book.h"

/* What of an order follows from where the goods of its parts stand.
 *
 * Of a line is given up what stands in no part any more as something to be had: cancelled, refused
 * or returned and not moved to another part. What is owed after that is order-record.h's. The
 * record's parts are what each brings.
 *
 * Status: "open" while something is left to do in a part; then "done" where anything was handed
 * over or sent, else "cancelled".
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* Sets cancelled quantities, sums, status and the parts of the record. FALSE with
 * TILL_ERROR_STATE when more stands in the parts than was ordered. */
gboolean till_order_settle(TillBookedOrder *order, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The line of a substitute: it costs what so many pieces of what it stands in for cost, and no more
 * than all of them. FALSE: no such line, its number is taken, or there is no room. */
gboolean
till_order_settle_substitute(TillOrderRecord *record,
			     const TillOrderStepSubstitute *substitute) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
