/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "session.h"

/* The session's part about orders that are picked up or sent from this store: the board, the order
 * in hand with what is ticked, and what the last pickup code said. All words are ready to show.
 *
 * What is ticked in picking is on disk at once; what is ticked for a hand-over is the screen's
 * until the goods are handed over, which is one step with one entry in the journal.
 *
 * Signals of the session: "pickups-changed" (), the board or its badge moved; "pickup-changed" (),
 * the order in hand or its ticks did; "pickup-answer" (), a code was checked; "pickup-undo" (),
 * there is a hand-over to take back, or no longer.
 *
 * Threads: main. */

G_BEGIN_DECLS

/* ---- the board ---- */

/* Of TillRowItem: headings, and orders whose key is the fulfilment's id. */
GListModel *till_session_pickups_rows(TillSession *self);
/* Asks the desk again; the first time also when the shop is known. */
void till_session_pickups_load(TillSession *self);
/* Leaves only what has these letters in name, number or place; "" shows all. */
void till_session_pickups_filter(TillSession *self, const char *text);
/* The wait of who is outside; called once a second while somebody looks at the board. */
void till_session_pickups_tick(TillSession *self);
guint till_session_pickups_outside(TillSession *self);
/* Where goods were staged lately, newest first. NULL-terminated, borrowed. */
const char *const *till_session_pickups_places(TillSession *self);

/* What was handed over within the last minute, in words; NULL when there is nothing to take back.
 */
const char *till_session_pickups_undo_words(TillSession *self);
void till_session_pickups_undo(TillSession *self);
/* Why the board may lag behind ("Offline: …"); NULL when it does not. */
const char *till_session_pickups_trouble(TillSession *self);

/* ---- codes ---- */

/* What a pickup code said: a card that stays until somebody closes it. */
typedef struct {
	const char *tone, *icon; /* static */
	char *title, *words;     /* "Already collected", "Collected today at 14:05 by …" */
	char *order;             /* "W-1042 · Dana Kowalski"; "" when it is not known */
	char *go;                /* what can be done about it: "Open the order"; "" for nothing */
	gboolean valid;
} TillSessionPickupAnswer;

/* Whether this is a pickup code at all, of whatever shop. Pure. */
gboolean till_session_pickups_is_code(const char *text);
/* Checks it; "pickup-answer" comes, and a good one opens its order. */
void till_session_pickups_check(TillSession *self, const char *code);
const TillSessionPickupAnswer *till_session_pickups_answer(TillSession *self); /* nullable */
void till_session_pickups_answer_close(TillSession *self);
void till_session_pickups_answer_go(TillSession *self);

/* A scan while the board is shown: a pickup code, an order's number, else an item that is ticked on
 * the order in hand. */
void till_session_pickups_scan(TillSession *self, const char *code);
/* Enter in the field: a code, a number, or the only order that is left of the board. */
void till_session_pickups_enter(TillSession *self, const char *text);

/* ---- the order in hand ---- */

typedef enum {
	TILL_PICKUP_TO_PICK,   /* nobody began */
	TILL_PICKUP_PICKING,   /* each tick is a piece in the basket */
	TILL_PICKUP_HAND_OVER, /* what is ticked leaves with the shopper */
	TILL_PICKUP_SEND,      /* what is staged leaves with the carrier */
	TILL_PICKUP_OVER,      /* nothing is left to do */
} TillSessionPickupMode;

typedef struct {
	guint line;           /* the order's number of it */
	char *title, *detail; /* "Linen shirt — White / L", "SKU 5530-WHT-L" */
	char *words, *tone;   /* where it stands: "scanned", "not in store yet" */
	gint64 milli;         /* that can be ticked now; 0: nothing of it */
	gint64 ticked_milli;
	gint64 refused_milli; /* brought out and not wanted */
} TillSessionPickupLine;

typedef struct {
	TillSessionPickupMode mode;
	char *id, *order; /* the fulfilment's and its order's */
	char *name, *summary;
	char *code, *code_tone;   /* chip: whether the code was seen */
	char *check, *check_tone; /* chip: what to check on the person */
	char *place;              /* Pango markup: what to do, and where it stands */
	char *stays_title, *stays;
	char *primary; /* "" when there is nothing to do */
	gboolean can_go;
	char *second;     /* another way on, "" for none: "Pick the rest" */
	GPtrArray *lines; /* of TillSessionPickupLine */
} TillSessionPickup;

/* NULL: none is open. Borrowed until "pickup-changed". */
const TillSessionPickup *till_session_pickup(TillSession *self);
void till_session_pickup_open(TillSession *self, const char *fulfilment);
void till_session_pickup_close(TillSession *self);

void till_session_pickup_tick(TillSession *self, guint line); /* the whole line, or none of it */
void till_session_pickup_step(TillSession *self, guint line, int pieces);
void till_session_pickup_tick_all(TillSession *self);
/* From picking to handing over and back, or from to-pick to picking. */
void till_session_pickup_switch(TillSession *self);

/* What is picked goes to this place. */
void till_session_pickup_stage(TillSession *self, const char *place);
/* What is staged leaves with a carrier. */
void till_session_pickup_send(TillSession *self, const char *carrier, const char *tracking);

/* ---- handing over ---- */

/* What has to be looked at before the goods go. */
typedef struct {
	gboolean who;     /* no code was shown: name and number, or a document */
	gboolean other;   /* somebody else collects: their document */
	gint64 min_age;   /* of what is ticked, in years; 0: none */
	char *born_until; /* "Nov 24, 2008": the last birthday that is old enough; "" */
} TillSessionPickupCheck;

gboolean till_session_pickup_needs_check(TillSession *self);
/* Fills out, whose texts the caller frees (till_session_pickup_check_clear). */
void till_session_pickup_check(TillSession *self, TillSessionPickupCheck *out);
void till_session_pickup_check_clear(TillSessionPickupCheck *check);
/* Who stands here if not the shopper; "" : the shopper. */
void till_session_pickup_set_collector(TillSession *self, const char *name);
const char *till_session_pickup_collector(TillSession *self);
/* how: "id" or "name", what was looked at besides a code; NULL: nothing had to be. age_seen: a
 * document that says the age was. */
void till_session_pickup_hand_over(TillSession *self, const char *how, gboolean age_seen);

/* ---- problems ---- */

typedef enum {
	TILL_PROBLEM_NOT_FOUND,
	TILL_PROBLEM_DAMAGED,
	TILL_PROBLEM_FOUND, /* after all */
	TILL_PROBLEM_SUBSTITUTE,
	TILL_PROBLEM_OTHER_STORE,
	TILL_PROBLEM_CANCEL_LINE,
	TILL_PROBLEM_REFUSED,
	TILL_PROBLEM_COLLECTOR,
	TILL_PROBLEM_PUT_BACK, /* to where it was picked from */
	TILL_PROBLEM_EXPIRED,  /* the same, and the order is given up */
	TILL_PROBLEM_KINDS,
} TillSessionProblem;

/* The order's lines that this can be said of, as TillSessionPickupLine whose milli is how much;
 * empty when it makes no sense now. The caller frees the array. */
GPtrArray *till_session_problem_lines(TillSession *self, TillSessionProblem problem);
/* Items that may go in the place of a missing one, of TillRowItem. */
GListModel *till_session_problem_found(TillSession *self);
void till_session_problem_search(TillSession *self, const char *query); /* "" forgets them */
void till_session_problem_scan(TillSession *self, const char *code);
/* Does it. line 0: all there are. substitute: SUBSTITUTE only. */
void till_session_problem_solve(TillSession *self, TillSessionProblem problem, guint line,
				const TillItem *substitute);

G_END_DECLS
