/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "fulfilment.h"
#include "order-record.h"
#include "order-step.h"
#include "pickup-answer.h"

/* The pickup desk: orders that this store picks, hands over or sends.
 *
 * It works without the network: it reads what the cache knows, with this till's own steps on top
 * until the central has told them back, and writes each step as one entry of the journal. When a
 * step is answered without error it is on disk. What the central could not do any more (another
 * till was first) comes back later as an exception, and the step stops counting here.
 *
 * Each use case is one call in two forms, as in register.h: the plain function blocks, the _async
 * one answers on the main context. Answers are given over and belong to the receiver of the call;
 * an answer whose receiver (a GObject, nullable) is gone is dropped. error is borrowed, and a
 * sentence for a person.
 *
 * Threads: those of the store's creator. */

G_BEGIN_DECLS

typedef struct TillStore TillStore;
typedef struct TillPickupDesk TillPickupDesk;

/* Borrowed store; it outlives the desk. Offline until told otherwise. */
TillPickupDesk *till_pickup_desk_new(TillStore *store);
void till_pickup_desk_free(TillPickupDesk *desk);

/* Whether the central answers now: then an order that is not here is waited for rather than handed
 * over by its signature. */
void till_pickup_desk_set_online(TillPickupDesk *desk, gboolean online);

/* ---- The board ---- */

#define TILL_PICKUP_BOARD_MAX 500
#define TILL_PICKUP_PLACES_MAX 12
#define TILL_PICKUP_EXPIRES_SOON_MS (24 * G_GINT64_CONSTANT(3600000))

typedef enum {
	TILL_PICKUP_GROUP_OUTSIDE, /* arrived, whatever its state; who waits longest first */
	TILL_PICKUP_GROUP_READY,   /* what is held for the shortest time first */
	TILL_PICKUP_GROUP_TO_PICK, /* nothing or not all is staged; by promise */
	TILL_PICKUP_GROUP_SHIP,    /* to be sent, picked or not; by promise */
	TILL_PICKUP_GROUPS,
} TillPickupGroup;

typedef enum {
	TILL_PICKUP_EXPIRY_NONE,
	TILL_PICKUP_EXPIRY_SOON, /* within TILL_PICKUP_EXPIRES_SOON_MS */
	TILL_PICKUP_EXPIRY_OVER, /* to be put back */
} TillPickupExpiry;

typedef struct {
	TillFulfilment *fulfilment;
	TillPickupGroup group;
	TillPickupExpiry expiry;
	/* Of what is not given up: how many pieces there are, how many of them are staged or gone.
	 * What is weighed counts as one piece a line. */
	guint items, items_done;
	gint64 min_age; /* of all that is left, in years; 0: none */
	gboolean gift;
	gboolean split;   /* another store or another shipment brings the rest */
	gboolean waiting; /* steps of this till that the central has not told back */
} TillPickupRow;

typedef struct {
	GPtrArray *rows; /* of TillPickupRow with something left to do, in the order of groups */
	guint counts[TILL_PICKUP_GROUPS]; /* of all there are, also beyond TILL_PICKUP_BOARD_MAX */
	char **places;         /* where goods were staged lately, newest first; NULL-terminated */
	gint64 median_wait_ms; /* today, from "I'm outside" to the hand-over; −1: nobody waited */
	gint64 now_ms;         /* wall: when it was read */
} TillPickupBoard;

void till_pickup_desk_board_free(TillPickupBoard *board);
TillPickupBoard *till_pickup_desk_board(TillPickupDesk *desk, GError **error);
typedef void (*TillPickupBoardCb)(TillPickupBoard *board, const GError *error, gpointer user);
void till_pickup_desk_board_async(TillPickupDesk *desk, gpointer receiver, TillPickupBoardCb cb,
				  gpointer user);

/* ---- One of them ---- */

typedef struct {
	gint64 at_ms;
	char *channel, *who, *kind, *words; /* as in the collection "order_event" */
	gboolean waiting;                   /* this till's own, not told back yet */
} TillPickupEvent;

typedef struct {
	TillFulfilment *fulfilment;
	TillOrderRecord *record; /* NULL: the order itself is not here yet */
	GPtrArray *events;       /* of TillPickupEvent, oldest first */
	gboolean waiting;
} TillPickupOpened;

void till_pickup_desk_opened_free(TillPickupOpened *opened);
/* By the fulfilment's id, the order's, or its number in any case: of an order's parts in this store
 * the first that has something left. TILL_ERROR_NOT_FOUND. */
TillPickupOpened *till_pickup_desk_open(TillPickupDesk *desk, const char *id, GError **error);
typedef void (*TillPickupOpenedCb)(TillPickupOpened *opened, const GError *error, gpointer user);
void till_pickup_desk_open_async(TillPickupDesk *desk, const char *id, gpointer receiver,
				 TillPickupOpenedCb cb, gpointer user);

/* ---- Codes ---- */

typedef struct {
	gboolean is_code;           /* FALSE: no pickup code of any shop; the rest is empty */
	TillPickupAnswer answer;    /* what to say and whether to go on */
	TillPickupToken token;      /* when the central signed it, else zeroed */
	TillFulfilment *fulfilment; /* what it opens; NULL: not here */
	TillOrderRecord *record;    /* nullable */
} TillPickupChecked;

void till_pickup_desk_checked_free(TillPickupChecked *checked);
/* What was scanned, against the keys and orders of the cache. Setting "pickup_hand_over_unknown"
 * ("yes"): a good signature is enough for an order that is not here. */
TillPickupChecked *till_pickup_desk_check(TillPickupDesk *desk, const char *code, GError **error);
typedef void (*TillPickupCheckedCb)(TillPickupChecked *checked, const GError *error, gpointer user);
void till_pickup_desk_check_async(TillPickupDesk *desk, const char *code, gpointer receiver,
				  TillPickupCheckedCb cb, gpointer user);

/* ---- Steps ---- */

typedef struct {
	TillUuid txn;               /* of the entry: what an undo names */
	TillFulfilment *fulfilment; /* as it stands now; NULL: it is not here */
} TillPickupDone;

void till_pickup_desk_done_free(TillPickupDone *done);
/* Writes a step of any kind. It says what is done (order, fulfilment, moves, place, …) and by whom
 * (staff_id, staff_name); the desk fills in store, till, version, whether it was offline, and at_ms
 * when it is 0. Copied.
 *
 * A substitute without a line gets the order's next number, and moves of line 0 are of it.
 * An undo names the step in reverses; one made at this till, at most TILL_ORDER_UNDO_MS ago.
 *
 * TILL_ERROR_STATE with a sentence: the goods do not stand where the step takes them from.
 * TILL_ERROR_DENIED: a hand-over says too little about who was checked:
 *   nothing at all (one of "code", "id", "name", "other-person-id" is needed); goods with an age
 *   limit need "age"; collected_by another person than the order's needs "id" or "other-person-id";
 *   an unknown order needs "id", the policy, and its code checked at this desk just before.
 * What could not be written for certain is TILL_ERROR_DISK or TILL_ERROR_FULL: nothing may be given
 * out. */
TillPickupDone *till_pickup_desk_do(TillPickupDesk *desk, const TillOrderStep *step,
				    GError **error);
typedef void (*TillPickupDoneCb)(TillPickupDone *done, const GError *error, gpointer user);
void till_pickup_desk_do_async(TillPickupDesk *desk, const TillOrderStep *step, gpointer receiver,
			       TillPickupDoneCb cb, gpointer user);

typedef struct {
	TillUuid txn, order, fulfilment;
	char *number;
	gint64 at_ms;
} TillPickupLast;

void till_pickup_desk_last_free(TillPickupLast *last);
/* The newest hand-over of this till that can still be undone. NULL without error: there is none. */
TillPickupLast *till_pickup_desk_last(TillPickupDesk *desk, GError **error);
typedef void (*TillPickupLastCb)(TillPickupLast *last, const GError *error, gpointer user);
void till_pickup_desk_last_async(TillPickupDesk *desk, gpointer receiver, TillPickupLastCb cb,
				 gpointer user);

G_END_DECLS
