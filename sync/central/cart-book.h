/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cart.h"
#include "central.h"

/* Carts as the central keeps them: rows of the chain's collection "cart", told to every store and
 * to the outbox ("cart.changed").
 *
 * A version grows by one a change. Whoever writes a whole cart says which version that came of, or
 * is the last writer; what a till sold leaves the cart line by line, so that what was added in the
 * meantime stays.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

typedef struct {
	char *id, *customer, *channel;
	char *status; /* "open", "ordered", "gone" */
	char *place;  /* the till that has it open, "014/02"; "" */
	gint64 version;
	gint64 updated_ms;
	TillCart *content;
} TillBookedCart;

/* Empty, open, version 0, with an id of its own. */
TillBookedCart *till_cart_book_new(const char *customer, const char *channel);
void till_cart_book_free(TillBookedCart *cart);
/* {id, customer, channel, status, place, version, updated_ms, lines, coupons}. New reference. */
json_t *till_cart_book_tell(const TillBookedCart *cart);

/* NULL with TILL_ERROR_NOT_FOUND. The caller frees it. */
TillBookedCart *till_cart_book_find(TillDb *db, const char *id,
				    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A customer's open carts, newest first, at most count: of TillBookedCart. NULL with error. */
GPtrArray *till_cart_book_list(TillDb *db, const char *customer, guint count, GError **error);

/* Counts the version up and writes it. The chain's scope must not be held open. */
gboolean till_cart_book_put(TillCentral *central, TillBookedCart *cart,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a sale sold of a cart leaves it; an empty cart is done ("ordered"). Nothing happens when it
 * is not there or not open any more. Whatever code a cart names an item by, it is the same item. */
typedef struct {
	const char *sku;
	gint64 milli;
} TillCartSold;
gboolean till_cart_book_sold(TillCentral *central, const char *id, const TillCartSold *sold,
			     guint count, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Does what a till says of a cart. FALSE with TILL_ERROR_NOT_FOUND or TILL_ERROR_STATE where it
 * cannot be done, another error where the books failed. */
gboolean till_cart_book_step(TillCentral *central, const TillCartStep *step,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillBookedCart, till_cart_book_free)

G_END_DECLS
