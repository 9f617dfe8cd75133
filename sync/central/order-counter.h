/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "order-steps.h"
#include "sale.h"

/* Orders that were sold at a counter: lines of a sale that are not carried out (delivery.h) become
 * one order of the channel "store", priced and paid as they stand in the sale.
 *
 * Each way and store is a part. What no store was named for is sent by another store that has all
 * of it, in the order of order-source.h. The sale stands whatever there is: goods that cannot be
 * promised wait in their part (ORDERED, at the selling store where none was named) and ORDER_SHORT
 * asks somebody to decide; an order that the books cannot take at all raises ORDER_NOT_MADE.
 *
 * Threads: the writer's; inside the transaction of an inbox. */

G_BEGIN_DECLS

/* Nothing happens for a sale that was all carried out. codes: the exceptions it raised are appended
 * (char*, owned by the array). FALSE only when the database failed. */
gboolean till_order_counter_sale(const TillOrderSteps *steps, const TillEntry *entry,
				 const TillSale *sale, GPtrArray *codes,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
