/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "delivery.h"
#include "item.h"
#include "manual.h"
#include "shopper.h"
#include "variable-code.h"

/* What the shopper is buying: lines in the order they were scanned. The one mutable aggregate; a
 * basket belongs to one thread (main, or the caller's in tillctl) and nothing in it is priced here.
 *
 * Lines are named by a line id that never repeats inside a basket, so that an undo or a late answer
 * hits the line that was meant. Voided lines leave the basket; undo puts them back where they were.
 *
 * Threads: the owner's only. */

G_BEGIN_DECLS

#define TILL_BASKET_LINES_MAX 500 /* so that the longest sale fits TILL_ENTRY_BODY_MAX */
#define TILL_NOTE_MAX 200

typedef struct {
	guint id;              /* 1, 2, 3… */
	TillItem *item;        /* owned reference */
	char *code;            /* what was scanned or typed; "" when picked from search */
	gint64 quantity_milli; /* > 0 */
	char *note;            /* "" */
	TillManual manual;     /* another price or something off, by hand */
	gint64 embedded_minor; /* the price that its label says, which is final; 0: none */
	TillDelivery delivery; /* how it reaches the shopper */
} TillBasketLine;

typedef struct TillBasket TillBasket;

typedef enum {
	TILL_BASKET_OK,
	TILL_BASKET_FULL,         /* TILL_BASKET_LINES_MAX lines */
	TILL_BASKET_QUANTITY,     /* zero, negative or too large */
	TILL_BASKET_NO_PRICE,     /* the item has no price in this store */
	TILL_BASKET_NEEDS_WEIGHT, /* a weighed item without a weight */
	TILL_BASKET_NO_LINE,      /* no such line any more */
	TILL_BASKET_NOT_PIECES,   /* parts of a piece: the item is not weighed */
	TILL_BASKET_BAD_MANUAL,   /* no reason, or a price or discount that makes no sense */
	TILL_BASKET_EMBEDDED,     /* the quantity follows from the code that was scanned */
	TILL_BASKET_BAD_EMBEDDED, /* the code says a price that the currency cannot express */
} TillBasketResult;

TillBasket *till_basket_new(void);
void till_basket_free(TillBasket *basket);

guint till_basket_count(const TillBasket *basket);
const TillBasketLine *till_basket_line(const TillBasket *basket, guint index);
/* NULL when voided or never there. */
const TillBasketLine *till_basket_find(const TillBasket *basket, guint line_id);

/* Adds an item. A piece item that is already there without a note and at
 * its own price is counted up on its line, which
 * then moves nowhere; a weighed one gets a line of its own. quantity 0 means one piece. out_line_id
 * (nullable) is the line touched. */
TillBasketResult till_basket_add(TillBasket *basket, const TillItem *item, const char *code,
				 gint64 quantity_milli, guint *out_line_id);
/* The same for a code that may have a weight or a price inside (variable-code.h); it then gets a
 * line of its own, and no quantity may be given. A weight is the quantity. A price is the line's;
 * its quantity is the price divided by the item's price, rounded half up to thousandths and at
 * least one, or one piece; it cannot be changed then. exponent: of the currency. */
TillBasketResult till_basket_add_scanned(TillBasket *basket, const TillItem *item, const char *code,
					 const TillVariableCode *variable, int exponent,
					 gint64 quantity_milli, guint *out_line_id);
/* Puts back what a copy of a line loses: the price of its label; 0: none. */
TillBasketResult till_basket_set_embedded(TillBasket *basket, guint line_id, gint64 embedded_minor);
TillBasketResult till_basket_set_quantity(TillBasket *basket, guint line_id, gint64 quantity_milli);
TillBasketResult till_basket_set_note(TillBasket *basket, guint line_id, const char *note);
/* The same for what is not carried out: counted up only on a line that reaches the shopper the same
 * way.
 */
TillBasketResult till_basket_add_delivered(TillBasket *basket, const TillItem *item,
					   const char *code, gint64 quantity_milli,
					   const TillDelivery *delivery, guint *out_line_id);
/* How a line reaches the shopper (copied). A piece that is scanned later is carried out and so gets
 * a line of its own. */
TillBasketResult till_basket_set_delivery(TillBasket *basket, guint line_id,
					  const TillDelivery *delivery);
/* Changes a line's price by hand (copied), or with NULL takes the change back. Who may do what is
 * not judged here: manual.h and the desk. */
TillBasketResult till_basket_set_manual(TillBasket *basket, guint line_id,
					const TillManual *manual);
TillBasketResult till_basket_void(TillBasket *basket, guint line_id);
/* Puts the line voided last back in its place. FALSE when there is none. */
gboolean till_basket_undo_void(TillBasket *basket, guint *out_line_id);
/* Lines, and the shopper with them. */
void till_basket_clear(TillBasket *basket);

/* Who buys and what they bring; the basket's own, to be changed in place (shopper.h). */
TillShopper *till_basket_shopper(TillBasket *basket);
const TillShopper *till_basket_get_shopper(const TillBasket *basket);

/* A sentence for a person. Static. */
const char *till_basket_words(TillBasketResult result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillBasket, till_basket_free)

G_END_DECLS
