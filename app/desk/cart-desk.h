/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cart.h"
#include "item.h"
#include "register.h"

/* Carts that shoppers made elsewhere and bring along, and baskets that go to their phones (cart.h
 * says how nothing gets lost). What a till does with a cart is an entry of its journal, so all of
 * this works without the network, on what the cache knows.
 *
 * Two forms of each call, as in register.h.
 *
 * Threads: those of the store's creator. */

G_BEGIN_DECLS

#define TILL_CART_DESK_MAX 10

typedef struct {
	char *id, *customer, *channel;
	char *place; /* "014/02": another till that has it open; "" else */
	gint64 version, updated_ms;
	TillCart *cart;
	guint items; /* pieces; what is weighed counts as one a line */
} TillCartFound;

void till_cart_desk_found_free(gpointer found);
/* The open carts of a customer with something in them, newest first. Array of TillCartFound. */
GPtrArray *till_cart_desk_find(TillRegister *reg, const char *customer, GError **error);
typedef void (*TillCartFoundCb)(GPtrArray *carts, const GError *error, gpointer user);
void till_cart_desk_find_async(TillRegister *reg, const char *customer, gpointer receiver,
			       TillCartFoundCb cb, gpointer user);

/* Who does it. Borrowed; copied by the calls. */
typedef struct {
	const char *staff_id, *staff_name;
} TillCartBy;

typedef struct {
	TillItem *item; /* owned reference */
	char *code;     /* as it is kept (scan.h) */
	char *in_cart;  /* the code as the shopper's cart has it */
	char *note;     /* "" */
	gint64 quantity_milli;
	gint64 seen_minor; /* −1: not known */
} TillCartTaken;

typedef struct {
	char *id;
	gint64 version;
	char *customer;     /* whose it is; "" */
	GPtrArray *lines;   /* of TillCartTaken: to be added to the basket */
	GPtrArray *coupons; /* of char* */
	/* What is not as the shopper saw it, a sentence each: what costs more or less now, what is
	 * not sold here. Array of char*. */
	GPtrArray *changes;
	GPtrArray *missing; /* of TillCartLine that are not sold here: can be ordered */
} TillCartBrought;

void till_cart_desk_brought_free(TillCartBrought *brought);
/* Brings a cart in: other channels see that it is open here. It stays the shopper's; the sale that
 * comes of it names it (TillRegisterPayment.cart), and then what was sold leaves it.
 * TILL_ERROR_NOT_FOUND: no such cart any more. */
TillCartBrought *till_cart_desk_take(TillRegister *reg, const char *cart, const TillCartBy *by,
				     GError **error);
typedef void (*TillCartBroughtCb)(TillCartBrought *brought, const GError *error, gpointer user);
void till_cart_desk_take_async(TillRegister *reg, const char *cart, const TillCartBy *by,
			       gpointer receiver, TillCartBroughtCb cb, gpointer user);

/* The basket was voided or parked: the cart is open here no longer. */
gboolean till_cart_desk_release(TillRegister *reg, const char *cart, const TillCartBy *by,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_cart_desk_release_async(TillRegister *reg, const char *cart, const TillCartBy *by,
				  gpointer receiver, TillRegisterDoneCb cb, gpointer user);

typedef struct {
	const char *customer; /* id */
	const char *cart;     /* "": the customer's open cart, or a new one */
	const TillCart *lines;
	TillCartBy by;
} TillCartParcel;

/* Adds lines to the customer's cart, so that they can buy on their phone. All copied. */
gboolean till_cart_desk_send(TillRegister *reg, const TillCartParcel *parcel,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_cart_desk_send_async(TillRegister *reg, const TillCartParcel *parcel, gpointer receiver,
			       TillRegisterDoneCb cb, gpointer user);

/* What changed in the cart since it was brought in, as the cache knows: lines that the shopper put
 * in (above zero) or took out. Empty: nothing, or the cart is gone. Array of TillCartLine. */
GPtrArray *till_cart_desk_changes(TillRegister *reg, const TillCartBrought *brought,
				  GError **error);
/* changes is given over. */
typedef void (*TillCartChangesCb)(GPtrArray *changes, const GError *error, gpointer user);
/* brought is copied. */
void till_cart_desk_changes_async(TillRegister *reg, const TillCartBrought *brought,
				  gpointer receiver, TillCartChangesCb cb, gpointer user);

G_END_DECLS
