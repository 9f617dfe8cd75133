/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "order-change.h"
#include "order-request.h"

/* What is done to an order from outside the stores: given up, moved, amended, paid, noted. Each
 * changes the change's order and adds its events; the caller writes it. TILL_ERROR_STATE says why
 * something is too late, TILL_ERROR_INVALID names a field.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

typedef struct {
	const char *who, *channel;
} TillOrderEditor;

/* Gives up lines, or all. Goods are given up where they cost least work: not looked for yet, short,
 * picked, staged. What was handed over or sent cannot be given up any more; asking for more than is
 * left is refused. */
gboolean till_order_edit_cancel(TillOrderChange *change, const TillOrderCancel *cancel,
				const TillOrderEditor *editor,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Another store, kind or promise for a part of which nothing was touched yet; another contact at
 * any time. A new store has to have all of it. */
gboolean till_order_edit_amend(TillCentral *central, TillOrderChange *change,
			       const TillOrderAmend *amend, const TillOrderEditor *editor,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Goods of a part that its store could not find and gave back (ORDERED) go to another store that
 * has them all, as a new part of the same kind; the first keeps none of them. FALSE without error:
 * no other store has them. */
gboolean till_order_edit_reallocate(TillCentral *central, TillOrderChange *change,
				    TillFulfilment *fulfilment, const TillOrderEditor *editor,
				    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A payment, or with an amount below zero something given back: at most what was paid. */
gboolean till_order_edit_pay(TillOrderChange *change, const TillOrderRecordPayment *payment,
			     gint64 now_ms, const TillOrderEditor *editor,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
