/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books.h"
#include "changes.h"
#include "order-book.h"

/* A change of one order, from its first event to its last row, inside the caller's transaction:
 *
 *   change = till_order_change_new(central, found, NULL);
 *   order = till_order_change_order(change);
 *   …change order->fulfilments (goods, place, arrival) or order->record…
 *   till_order_change_tell(change, &(TillOrderEvent){.kind = "outside", .fulfilment = &id, …});
 *   if (!till_order_change_write(change, &error)) …undo the transaction…
 *
 * Writing settles what follows (given-up quantities, amounts, status; order-book.h), counts the
 * versions up, moves reservations and stock by what the goods did, writes the master rows and those
 * of every store that has or had a part, and tells the outbox. Where less is due than was paid it
 * adds the event "refund-due".
 *
 * Threads: the writer's. A change is used up by writing it. */

G_BEGIN_DECLS

typedef struct TillOrderChange TillOrderChange;

/* A store's scope that the caller holds open, with the stock of its batch. Borrowed. */
typedef struct {
	const char *store_code;
	TillChanges *changes;
	TillBooks *books;
} TillOrderHeld;

/* Texts are copied. */
typedef struct {
	const char *kind;           /* "outside": see order_event in collection.c */
	const char *words;          /* a sentence */
	const char *who;            /* "Tomas Reyes"; "" */
	const char *channel;        /* where it was done: "web", "store"; "" */
	const TillUuid *fulfilment; /* NULL: the whole order */
	gint64 at_ms;               /* 0: now */
} TillOrderEvent;

/* Takes order over, which may be a new one (version 0). held: NULL, or the scope that the
 * transaction has open already. */
TillOrderChange *till_order_change_new(TillCentral *central, TillBookedOrder *order,
				       const TillOrderHeld *held);
void till_order_change_free(TillOrderChange *change);

TillBookedOrder *till_order_change_order(TillOrderChange *change);
void till_order_change_tell(TillOrderChange *change, const TillOrderEvent *event);

/* On failure the caller undoes its savepoint or transaction; what the held batch keeps in memory is
 * then as before. TILL_ERROR_STATE where stock would be promised twice; with a scope held it is a
 * till's word that the goods are there, and stands. */
gboolean till_order_change_write(TillOrderChange *change, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Highest feed number of the held scope's stock that it moved; 0: none. After writing. */
gint64 till_order_change_feed_seq(const TillOrderChange *change);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillOrderChange, till_order_change_free)

G_END_DECLS
