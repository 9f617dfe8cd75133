/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "id.h"
#include "order-step.h"
#include "order.h"

/* One store's part of an order: what it is to be, where its goods stand (order.h), what was done.
 * The same record at the central, which has the last word, and at a till, which puts its own steps
 * on top until the central has told them back.
 *
 * A row of the collection "fulfilment" is its head; the row's body is JSON:
 *   store
 *   lines [{line, sku, name, variant, min_age?, substitute_for?, standing {"staged": 2000, …}}]
 *          line: the order's number; standing: quantities per state, those that are not 0
 *   hand_overs [{txn, at_ms, store, till, staff, collected_by, check, lines [{line,
 *          collected_milli, refused_milli}], undone?}]
 *
 * State, from where the goods stand (the words of the row's column; when a row is read it is worked
 * out again):
 *   "to-pick"    nothing was touched yet
 *   "picking"    some is picked, short or staged
 *   "ready"      everything that is left is staged (something is)
 *   "part"       some was given out, some is left and not all of that is staged
 *   "done"       nothing is left, something was given out
 *   "cancelled"  nothing is left, nothing was given out
 * Given out is what was collected or shipped, and what was refused or came back after.
 * "outside" is no state: arrived_ms is set. "expired" is none either: expires_ms has passed.
 *
 * Threads: any (pure); a fulfilment belongs to whoever made it. */

G_BEGIN_DECLS

#define TILL_FULFILMENT_HAND_OVERS_MAX 100
#define TILL_FULFILMENT_BODY_MAX 65536 /* bytes of JSON */

typedef enum {
	TILL_FULFILMENT_PICKUP,
	TILL_FULFILMENT_SHIP,
	TILL_FULFILMENT_CARRY_OUT,
	TILL_FULFILMENT_KINDS,
} TillFulfilmentKind;

typedef enum {
	TILL_FULFILMENT_TO_PICK,
	TILL_FULFILMENT_PICKING,
	TILL_FULFILMENT_READY,
	TILL_FULFILMENT_PART,
	TILL_FULFILMENT_DONE,
	TILL_FULFILMENT_CANCELLED,
	TILL_FULFILMENT_STATES,
} TillFulfilmentState;

typedef struct {
	guint line; /* the order's */
	char *sku, *name, *variant;
	gint64 min_age;
	guint substitute_for; /* 0: none */
} TillFulfilmentLine;

typedef struct {
	TillUuid txn;
	gint64 at_ms;
	char *store, *till, *staff; /* codes, and the name of who did it */
	char *collected_by, *check; /* as in order-step.h */
	GArray *parts;              /* of TillOrderPart, line: index into the fulfilment's lines */
	gboolean undone;
} TillFulfilmentHandOver;

typedef struct {
	TillUuid id, order;
	char *number, *customer_name, *store;
	TillFulfilmentKind kind;
	gint64 promise_ms, expires_ms, arrived_ms, updated_ms;
	char *arrival, *place; /* place: where something was staged last */
	guint16 serial;
	gint64 version;
	GPtrArray *lines;      /* of TillFulfilmentLine; index = line of life */
	TillOrder *life;       /* owned */
	GPtrArray *hand_overs; /* of TillFulfilmentHandOver, oldest first */
} TillFulfilment;

TillFulfilment *till_fulfilment_new(void);
void till_fulfilment_free(TillFulfilment *fulfilment);
TillFulfilment *till_fulfilment_copy(const TillFulfilment *fulfilment);

/* A line that joins it, ALLOCATED from the store's stock (the only way in for the central). FALSE:
 * full, or the line is there already. */
gboolean till_fulfilment_add_line(TillFulfilment *fulfilment, const TillFulfilmentLine *line,
				  gint64 milli) G_GNUC_WARN_UNUSED_RESULT;
/* A line that stands as milli says, TILL_ORDER_STATES of them. FALSE also: no such quantities. */
gboolean till_fulfilment_restore_line(TillFulfilment *fulfilment, const TillFulfilmentLine *line,
				      const gint64 *milli) G_GNUC_WARN_UNUSED_RESULT;
/* An empty hand-over, for a reader to fill. NULL: full. Borrowed. */
TillFulfilmentHandOver *till_fulfilment_add_hand_over(TillFulfilment *fulfilment);

/* From a row of the collection (its columns as a JSON object, body as text). NULL with
 * TILL_ERROR_INVALID that names the field. */
TillFulfilment *till_fulfilment_read(const json_t *row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The row, state included. New reference. */
json_t *till_fulfilment_row(const TillFulfilment *fulfilment);
/* The row's body alone. Caller frees. */
char *till_fulfilment_body(const TillFulfilment *fulfilment, gsize *out_size);

/* The index in lines of an order's line; −1: not here. */
int till_fulfilment_find_line(const TillFulfilment *fulfilment, guint line);

TillFulfilmentState till_fulfilment_state(const TillFulfilment *fulfilment);
/* Sums over the lines. */
gint64 till_fulfilment_count(const TillFulfilment *fulfilment, TillOrderState state);
/* Highest age that what is staged asks for, in years; 0: none. */
gint64 till_fulfilment_min_age(const TillFulfilment *fulfilment);

/* Does a step of a till's journal, whole or not at all, and writes down what it says besides the
 * goods (place, hand-over, substitute): at the central and on top of the cache alike. The version
 * grows by one. A hand-over also ends the arrival. One of an order the till did not know (unknown)
 * gives out all that is allocated, picked or staged. A substitute is as restricted by age as what
 * it stands in for. A note changes nothing; an undo is the next function's. error: TILL_ERROR_STATE
 * with words of order.h, also when the row's body would grow beyond its bound. */
gboolean till_fulfilment_do(TillFulfilment *fulfilment, const TillOrderStep *step,
			    const TillUuid *txn, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes back a step that was done: the moves of original the other way, within TILL_ORDER_UNDO_MS
 * of it, as long as the goods are where it left them. A substitute that it brought is cancelled.
 * Whether it was undone before is known here of hand-overs only; of other steps the journal knows.
 * error: as above. */
gboolean till_fulfilment_undo(TillFulfilment *fulfilment, const TillOrderStep *undo,
			      const TillOrderStep *original,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *till_fulfilment_kind_name(TillFulfilmentKind kind);    /* "pickup" */
const char *till_fulfilment_state_name(TillFulfilmentState state); /* "to-pick" */
/* FALSE: no such kind. */
gboolean till_fulfilment_find_kind(const char *name,
				   TillFulfilmentKind *out) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillFulfilment, till_fulfilment_free)

G_END_DECLS
