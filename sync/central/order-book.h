/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "fulfilment.h"
#include "order-record.h"

/* Orders as the central keeps them: found by any of their names, changed by order-change.h.
 *
 * The master rows (order_book, order_part, order_log, reservation) are the truth; what stores see
 * (sales_order, fulfilment, order_event) is written from them in the same transaction. How much of
 * a line is given up, what is owed after that, and whether the order is done all follow from where
 * the goods of its parts stand (order-settle.h); nobody sets them.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

typedef struct {
	TillOrderRecord *record;
	GPtrArray *fulfilments; /* of TillFulfilment: those of record->fulfilments, in its order */
	json_t *priced;         /* {"lines": […]}: as a quote, when the order was placed */
	gint64 events;          /* number of the timeline's last */
} TillBookedOrder;

TillBookedOrder *till_order_book_new(void);
void till_order_book_free(TillBookedOrder *order);
/* NULL: it has no such part. Borrowed. */
TillFulfilment *till_order_book_fulfilment(const TillBookedOrder *order, const TillUuid *id);
/* What of a fulfilment's line lies in its store, promised: allocated, picked, staged, or looked for
 * and not found yet. */
gint64 till_order_book_open(const TillFulfilment *fulfilment, guint index);

/* By its id, its number ("W-1042", in any letters) or the id of one of its fulfilments. NULL with
 * TILL_ERROR_NOT_FOUND. The caller frees it. */
TillBookedOrder *till_order_book_find(TillDb *db, const char *name,
				      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* {order, fulfilments [row], due_minor}: as the API tells it. New reference. */
json_t *till_order_book_tell(const TillBookedOrder *order);
/* [{seq, at_ms, channel, who, kind, words, fulfilment?}], oldest first. NULL with error. */
json_t *till_order_book_timeline(TillDb *db, const char *order_id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillBookedOrder, till_order_book_free)

G_END_DECLS
