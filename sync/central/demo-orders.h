/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"

/* The demo chain's orders and carts, so that the board of a fresh till is not empty: placed as
 * their channels would, paid, some picked and staged.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

/* Loads them from JSON {"orders": [{channel, order, staged?, arrival?}], "carts": [{channel,
 * cart}]} into books that have no order yet; otherwise nothing happens. */
gboolean till_demo_orders_load(TillCentral *central, const char *text, gsize size,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
