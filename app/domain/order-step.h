/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "id.h"
#include "order.h"

/* What a till did to a fulfilment: the body of the journal entries "picking", "staging",
 * "hand-over", "shipping", "put-back", "order-undo" and "order-note", version 1. One step is one
 * entry, done whole or not at all.
 *
 * JSON: store, till, staff {id, name}, order, fulfilment, at_ms, version (of the fulfilment, as the
 * till saw it),
 *   moves? [{line, from, to, milli}]       the line's number on the order; states by name
 *   substitute? {line, sku, name, variant, quantity_milli, for}
 *                  picking: another item in place of what is short, line the first number that is
 *                  free on the order; it joins the fulfilment allocated, before the moves are made
 *   place?         staging: "Shelf C3"
 *   collected_by?  hand-over: who took it
 *   check?         hand-over: "code", "id", "name", "other-person-id", "age", joined by commas
 *   code?          hand-over: serial of the code that was shown; 0: none
 *   offline?       hand-over: the till could not ask the central
 *   unknown?       hand-over of an order the till did not know, by the signature of its code: it
 *                  has no moves, the central finds them
 *   carrier?, tracking?  shipping
 *   reason?        put-back: "expired", "cancelled", "customer"; picking: "not-found", "damaged"
 *   reverses?      order-undo: txn of the step it takes back
 *   words?         order-note
 *
 * Moves a till makes, by type (checked when read):
 *   picking   allocated → picked, allocated → short, picked → allocated, picked → short;
 *             short → allocated (found after all), short → ordered (another store is asked),
 *             short → cancelled
 *   staging   picked → staged
 *   hand-over staged → collected, staged → refused (becomes a return: refused → returned follows by
 *             itself)
 *   shipping  staged → shipped
 *   put-back  staged → picked, picked → allocated, staged → cancelled, picked → cancelled,
 *             allocated → cancelled
 *
 * Threads: any (pure); a step belongs to whoever made it. */

G_BEGIN_DECLS

typedef enum {
	TILL_ORDER_STEP_PICKING,
	TILL_ORDER_STEP_STAGING,
	TILL_ORDER_STEP_HAND_OVER,
	TILL_ORDER_STEP_SHIPPING,
	TILL_ORDER_STEP_PUT_BACK,
	TILL_ORDER_STEP_UNDO,
	TILL_ORDER_STEP_NOTE,
	TILL_ORDER_STEP_KINDS,
} TillOrderStepKind;

#define TILL_ORDER_STEP_VERSION 1
#define TILL_ORDER_STEP_MOVES_MAX 400
#define TILL_ORDER_STEP_PLACE_MAX 60   /* bytes */
#define TILL_ORDER_STEP_WORDS_MAX 1000 /* bytes */

typedef struct {
	guint line; /* the order's */
	TillOrderState from, to;
	gint64 milli;
} TillOrderStepMove;

typedef struct {
	guint line; /* 0: no substitute */
	char *sku, *name, *variant;
	gint64 quantity_milli;
	guint instead_of;
} TillOrderStepSubstitute;

typedef struct {
	TillOrderStepKind kind;
	char *store, *till, *staff_id, *staff_name;
	TillUuid order, fulfilment;
	gint64 at_ms;
	gint64 version;
	GArray *moves; /* of TillOrderStepMove */
	TillOrderStepSubstitute substitute;
	char *place, *collected_by, *check, *carrier, *tracking, *reason, *words; /* "" */
	guint16 code_serial;
	gboolean offline, unknown;
	TillUuid reverses;
} TillOrderStep;

/* Empty, with texts "". */
TillOrderStep *till_order_step_new(TillOrderStepKind kind);
void till_order_step_free(TillOrderStep *step);
TillOrderStep *till_order_step_copy(const TillOrderStep *step);

void till_order_step_add_move(TillOrderStep *step, guint line, TillOrderState from,
			      TillOrderState to, gint64 milli);

/* "hand-over", and back; FALSE: none of these. */
const char *till_order_step_type(TillOrderStepKind kind);
gboolean till_order_step_find(const char *type, TillOrderStepKind *out) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a step of this kind moves goods so. */
gboolean till_order_step_may_move(TillOrderStepKind kind, TillOrderState from, TillOrderState to);
/* Whether check names ways of checking a person, each once; "" names none. */
gboolean till_order_step_check_valid(const char *check);

/* What kind of event it is on a timeline ("picked", "short", "handed-over"). Static. */
const char *till_order_step_event(const TillOrderStep *step);
/* What was done, for a timeline or a journal: "2 handed over to Ana Ruiz, checked by code". Caller
 * frees. */
char *till_order_step_words(const TillOrderStep *step);

/* Canonical bytes of the body. */
GBytes *till_order_step_to_bytes(const TillOrderStep *step);
/* Reads and checks a body. NULL with TILL_ERROR_INVALID and the field. */
TillOrderStep *till_order_step_from_bytes(const char *type, GBytes *body,
					  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillOrderStep, till_order_step_free)

G_END_DECLS
