/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "basket-file.h"

/* Carts that travel: what a shopper put together on the web, in the app or in a chat, and what a
 * till does with it.
 *
 * A cart's body is JSON: lines [{code, quantity_milli?, name?, note?, seen_minor?}], coupons [];
 * without a quantity a line is one piece.
 * seen_minor is what a piece cost when the shopper last saw it, so that a till can say what became
 * dearer or cheaper. Nothing else of a price travels: whoever shows a cart prices it.
 *
 * A till that brings a cart in takes nothing out of it: the shopper may go on editing. The basket
 * remembers the cart as it was (version and lines); what was sold leaves the cart when the central
 * gets the sale, line by line, and the rest stays. So the last writer loses nothing, and both sides
 * see what the other did.
 *
 * A till's entry "cart", version 1: store, till, staff {id, name}, at_ms, action
 *   "take"     cart, version                  shown to the web: open at this till
 *   "release"  cart                           no longer
 *   "send"     customer, cart? , lines        adds lines to the customer's open cart, or begins one
 * And a sale that came of a cart says so: cart {id, version} in its body.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_CART_TYPE "cart"
#define TILL_CART_VERSION 1
#define TILL_CART_LINES_MAX 200
#define TILL_CART_MAX 65536 /* bytes of JSON; a full cart is always written with less */

typedef struct {
	char *code; /* barcode, SKU or PLU */
	gint64 quantity_milli;
	char *name, *note; /* "" */
	gint64 seen_minor; /* −1: not known */
} TillCartLine;

typedef struct {
	GPtrArray *lines;   /* of TillCartLine, each code with the same note once */
	GPtrArray *coupons; /* of char* */
} TillCart;

TillCart *till_cart_new(void);
void till_cart_free(TillCart *cart);
TillCart *till_cart_parse(const char *text, gsize size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
TillCart *till_cart_read(const json_t *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;
json_t *till_cart_json(const TillCart *cart);

/* Adds to a line of the same code and note, or a line. name and note (nullable) are cleaned for one
 * line of a screen; what was seen last counts. FALSE: full, no quantity at all, or no code. */
gboolean till_cart_add(TillCart *cart, const TillCartLine *line) G_GNUC_WARN_UNUSED_RESULT;
/* Takes up to so much of a code off, whatever its notes; how much it took. */
gint64 till_cart_take(TillCart *cart, const char *code, gint64 milli);

/* How much of each code came (above zero) or went between two states of a cart: array of
 * TillCartLine, each code once; empty when nothing did. */
GPtrArray *till_cart_changes(const TillCart *before, const TillCart *after);

typedef enum { TILL_CART_TAKE, TILL_CART_RELEASE, TILL_CART_SEND } TillCartAction;

typedef struct {
	TillCartAction action;
	char *store, *till, *staff_id, *staff_name;
	gint64 at_ms;
	char *cart, *customer; /* ids; "" */
	gint64 version;
	TillCart *lines; /* SEND; else NULL */
} TillCartStep;

TillCartStep *till_cart_step_new(TillCartAction action);
void till_cart_step_free(TillCartStep *step);
GBytes *till_cart_step_to_bytes(const TillCartStep *step);
TillCartStep *till_cart_step_from_bytes(GBytes *body, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillCart, till_cart_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillCartStep, till_cart_step_free)

G_END_DECLS
