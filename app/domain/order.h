/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The life of a fulfilment: how much of each of its lines stands where.
 *
 *   ordered → allocated → picked → staged → collected | shipped
 *
 * aside: short (looked for and not found), cancelled, refused at the counter, returned. A line's
 * quantities always add up to what was ordered: nothing is ever added or lost, only moved, by the
 * moves of one table. Moves that belong together (a hand-over of several lines) are one step, done
 * whole or not at all. A step can be undone for a minute: its reversal is a step of its own that
 * names it, so the books keep both.
 *
 * Who may do what, and stock and money, are others' business. Times are the caller's and only
 * compared with each other.
 *
 * Threads: the owner's. */

G_BEGIN_DECLS

#define TILL_ORDER_LINES_MAX 500
#define TILL_ORDER_MOVES_MAX 5000 /* of one fulfilment, over its whole life */
#define TILL_ORDER_UNDO_MS 60000

typedef enum {
	TILL_ORDER_ORDERED,   /* nobody has set it aside yet */
	TILL_ORDER_ALLOCATED, /* promised from a place's stock */
	TILL_ORDER_PICKED,    /* in somebody's basket */
	TILL_ORDER_STAGED,    /* at its named place, ready */
	TILL_ORDER_COLLECTED, /* with the shopper */
	TILL_ORDER_SHIPPED,   /* on its way */
	TILL_ORDER_SHORT, /* not found; waits for another store, a substitute or a cancellation */
	TILL_ORDER_CANCELLED,
	TILL_ORDER_REFUSED, /* not taken at the counter */
	TILL_ORDER_RETURNED,
	TILL_ORDER_STATES,
} TillOrderState;

typedef enum {
	TILL_ORDER_OK,
	TILL_ORDER_NO_LINE,    /* no such line */
	TILL_ORDER_QUANTITY,   /* zero, negative or too large */
	TILL_ORDER_NOT_MOVED,  /* the table has no such move */
	TILL_ORDER_TOO_MUCH,   /* more than stands there */
	TILL_ORDER_FULL,       /* TILL_ORDER_LINES_MAX or TILL_ORDER_MOVES_MAX */
	TILL_ORDER_NO_STEP,    /* no such step, or a reversal itself */
	TILL_ORDER_UNDONE,     /* that step was undone already */
	TILL_ORDER_TOO_LATE,   /* more than TILL_ORDER_UNDO_MS ago */
	TILL_ORDER_MOVED_ON,   /* what the step moved has moved on since */
	TILL_ORDER_EMPTY_STEP, /* a hand-over of nothing */
} TillOrderResult;

typedef struct {
	guint line;
	TillOrderState from, to;
	gint64 milli;
	guint step; /* 1, 2, 3…: moves of one step share it */
	guint
	    reverses; /* the step of this order that this one undoes; 0: none, or done elsewhere */
	gint64 at_ms;
} TillOrderMove;

/* One line's part in a hand-over. */
typedef struct {
	guint line;
	gint64 collected_milli; /* taken by the shopper */
	gint64 refused_milli;   /* brought out and not wanted: becomes a return in the same step */
} TillOrderPart;

typedef struct TillOrder TillOrder;

TillOrder *till_order_new(void);
void till_order_free(TillOrder *order);

/* A line of so many thousandths, all ORDERED. *out_line (nullable) is its number, from 0. */
TillOrderResult till_order_add_line(TillOrder *order, gint64 milli, guint *out_line);
/* A line that stands where a record says: milli has a quantity for each state, TILL_ORDER_STATES of
 * them, and they add up to what was ordered. No move tells of it. */
TillOrderResult till_order_restore_line(TillOrder *order, const gint64 *milli,
					guint *out_line) G_GNUC_WARN_UNUSED_RESULT;
guint till_order_count(const TillOrder *order);
gint64 till_order_quantity(const TillOrder *order, guint line, TillOrderState state);
gint64 till_order_ordered(const TillOrder *order, guint line);

/* Whether the table has this move at all. */
gboolean till_order_may_move(TillOrderState from, TillOrderState to);

/* One move as a step of its own. *out_step (nullable) is its number. */
TillOrderResult till_order_move(TillOrder *order, const TillOrderMove *move,
				guint *out_step) G_GNUC_WARN_UNUSED_RESULT;

/* Several moves as one step; of each only line, from, to, milli and at_ms are read. */
TillOrderResult till_order_move_all(TillOrder *order, const TillOrderMove *moves, guint count,
				    guint *out_step) G_GNUC_WARN_UNUSED_RESULT;

/* All parts in one step, from STAGED. A line may stand in parts once or more. */
TillOrderResult till_order_hand_over(TillOrder *order, const TillOrderPart *parts, guint count,
				     gint64 at_ms, guint *out_step) G_GNUC_WARN_UNUSED_RESULT;

/* Puts everything back that a step moved, as a step that names it. */
TillOrderResult till_order_undo(TillOrder *order, guint step, gint64 at_ms,
				guint *out_step) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a step that was done elsewhere, or before the lines were restored: moves (with their
 * at_ms) are that step's. Whether it was undone before is the caller's to know. */
TillOrderResult till_order_undo_moves(TillOrder *order, const TillOrderMove *moves, guint count,
				      gint64 at_ms, guint *out_step) G_GNUC_WARN_UNUSED_RESULT;

/* What remains to be handed over or sent: neither with the shopper nor given up. */
gint64 till_order_left(const TillOrder *order, guint line);
/* Nothing is left on any line. */
gboolean till_order_is_done(const TillOrder *order);
/* Something is staged, and everything that is left is: the shopper can be told to come. */
gboolean till_order_is_ready(const TillOrder *order);

/* Every move so far, in order. Borrowed until the next change. */
const TillOrderMove *till_order_moves(const TillOrder *order, guint *out_count);

const char *till_order_state_name(TillOrderState state); /* "staged". Static */
/* FALSE: no such state. */
gboolean till_order_find_state(const char *name, TillOrderState *out) G_GNUC_WARN_UNUSED_RESULT;
/* A sentence for a person. Static. */
const char *till_order_words(TillOrderResult result);

G_END_DECLS
