/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"

/* Parts of orders that nobody came for: once the time until which they are kept has passed, their
 * timeline says so ("expired"), programs elsewhere are told, and their store has an exception
 * (ORDER_EXPIRED) that says what to put back and where it lies. The goods stay promised until the
 * store put them back: they are still at that place.
 *
 * Threads: start from any; the work is the writer's. */

G_BEGIN_DECLS

#define TILL_ORDER_EXPIRY_EVERY_S 30

/* Says of every part whose time has passed that it has, each once, a bounded number at a time; told
 * by the serving program every TILL_ORDER_EXPIRY_EVERY_S. */
void till_order_expiry_start(TillCentral *central);
/* The same, now, inside the caller's transaction. How many there were. */
guint till_order_expiry_run(TillCentral *central);

G_END_DECLS
