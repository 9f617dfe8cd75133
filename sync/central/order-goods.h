/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "order-change.h"

/* What a change of an order does to reservations and stock, worked out by comparing where the goods
 * stood with where they stand: open goods are reserved in the part's store, collected and shipped
 * ones are off its stock.
 *
 * Stores of which nothing is held open are moved in the database at once; the held one in the
 * memory of its batch, last, when nothing can fail any more.
 *
 * Threads: the writer's; lives inside one change. */

G_BEGIN_DECLS

typedef struct TillOrderGoods TillOrderGoods;

TillOrderGoods *till_order_goods_new(TillDb *db, const TillOrderHeld *held);
void till_order_goods_free(TillOrderGoods *goods);

/* Notes what became of a part, and writes its reservations. before: NULL for a new one. */
gboolean till_order_goods_compare(TillOrderGoods *goods, const TillFulfilment *before,
				  const TillFulfilment *after,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Checks what is newly reserved against what is there (TILL_ERROR_STATE); with a scope held, what a
 * till says is there. */
gboolean till_order_goods_write(TillOrderGoods *goods, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Moves one store's stock, whose scope is open. */
gboolean till_order_goods_move_in(TillOrderGoods *goods, const char *store_code,
				  TillChanges *changes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Moves the held store's. Its highest feed number; 0: nothing moved. */
gint64 till_order_goods_move_held(TillOrderGoods *goods);

G_END_DECLS
