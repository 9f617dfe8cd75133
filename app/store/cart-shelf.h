/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cart.h"
#include "store.h"

/* Carts that shoppers put together elsewhere, as the chain's feed told them.
 *
 * Threads: store. */

G_BEGIN_DECLS

typedef struct {
	char *id, *customer, *channel;
	char *place; /* the till that has it open, "014/02"; "" */
	gint64 version, updated_ms;
	TillCart *cart;
} TillShelfCart;

void till_cart_shelf_cart_free(gpointer cart);
/* A customer's open carts, newest first, at most limit. Array of TillShelfCart. One that cannot be
 * read is left out and logged. */
GPtrArray *till_cart_shelf_of_customer(TillStore *store, const char *customer, guint limit,
				       GError **error);
/* *out NULL: it is not there, or no longer open. */
gboolean till_cart_shelf_get(TillStore *store, const char *id, TillShelfCart **out,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillShelfCart, till_cart_shelf_cart_free)

G_END_DECLS
