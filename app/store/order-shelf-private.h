/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "entry.h"
#include "order-shelf.h"

/* This till's own steps, as the files of the shelf share them. Threads: store. */

G_BEGIN_DECLS

typedef struct {
	TillUuid txn;
	TillOrderStep *step; /* owned */
} TillShelfStep;

/* Those that still count, oldest first. Array of TillShelfStep. */
GPtrArray *till_order_shelf_own(TillStore *store, GError **error);
/* Whether an entry is a step of an order; then it is read. NULL otherwise. */
TillOrderStep *till_order_shelf_read_step(const TillEntry *entry);
/* Does those of them that are about the row's fulfilment and still fit. */
gboolean till_order_shelf_put_on_top(TillStore *store, const GPtrArray *own, TillShelfRow *row,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
