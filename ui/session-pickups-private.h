/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "fulfilment.h"
#include "order-record.h"
#include "session-pickups.h"
#include "session-private.h"

/* The insides of the session's part about pickups, shared by its files: session-pickups.c (board),
 * -pickup.c (order in hand), -pickup-words.c, -pickup-code.c, -hand-over.c, -problem.c. Threads:
 * main. */

G_BEGIN_DECLS

/* One line of the order in hand: what the screen knows besides the books. */
typedef struct {
	gint64 ticked_milli;
	gint64 refused_milli;
	gboolean scanned; /* ticked by its code, not by a finger */
} TillSessionTick;

/* A step was written. txn: of its entry; NULL when it was not done, which was told. */
typedef void (*TillSessionPickupDone)(TillSession *self, const TillUuid *txn);

struct TillSessionPickups {
	GListStore *rows;       /* of TillRowItem */
	TillPickupBoard *board; /* NULL before the first answer */
	char *filter;           /* folded; nullable */
	GHashTable *heard;      /* arrivals that were told, "id ms" */
	gboolean loading;       /* an answer is on its way */
	gboolean load_late;     /* and is out of date already */

	TillFulfilment *open;       /* the order in hand; nullable */
	TillOrderRecord *record;    /* its order as every channel sees it; nullable */
	GArray *ticks;              /* of TillSessionTick, as many as open has lines */
	char *opening;              /* id that is being fetched; nullable */
	gboolean picking;           /* ticks pick */
	gboolean code_seen;         /* by a valid code */
	guint16 serial;             /* of that code */
	char *collector;            /* who stands here if not the shopper; nullable */
	gboolean busy;              /* a step is being written */
	TillSessionPickupDone done; /* nullable */
	GQueue scans;               /* of char*: items not yet looked up */
	gboolean finding;           /* one of them is being looked up */
	TillSessionPickup *pickup;  /* as shown; nullable */

	TillSessionPickupAnswer *answer; /* nullable */
	char *checking;                  /* code that is being checked; nullable */
	char *answer_id;                 /* fulfilment that it is about; nullable */
	TillPickupToken answer_token;    /* of an order that is not known here */

	GListStore *found; /* of TillRowItem: what may go in the place of a missing item */
	guint searches;    /* asked and not yet answered */
	gboolean searching;

	TillUuid undo_txn; /* of the last hand-over */
	TillUuid undo_order, undo_fulfilment;
	gint64 undo_until_ms;
	char *undo_words; /* nullable */
};

/* ---- -pickup ---- */

/* Shows fulfilment (given over) as the order in hand; ticks are kept where its lines are the same
 * ones as before. record: given over, nullable. */
void till_session_pickup_take(TillSession *self, TillFulfilment *fulfilment,
			      TillOrderRecord *record);
/* Asks for the order in hand again. */
void till_session_pickup_reload(TillSession *self);
void till_session_pickup_scan_next(TillSession *self);
/* The words of the order in hand anew, and "pickup-changed". */
void till_session_pickup_update(TillSession *self);
/* A step of this kind on the order in hand, with who does it and when. The caller frees. */
TillOrderStep *till_session_pickup_begin(TillSession *self, TillOrderStepKind kind);
/* Who does it, where and when. */
void till_session_pickup_sign(TillSession *self, TillOrderStep *step);
/* Writes step (given over). FALSE: nobody is signed in, or another step is being written. */
gboolean till_session_pickup_do(TillSession *self, TillOrderStep *step, TillSessionPickupDone done);
void till_session_pickup_add_move(TillOrderStep *step, guint line, TillOrderState from,
				  TillOrderState to, gint64 milli);

/* ---- -hand-over ---- */

/* A till that was started anew offers its last hand-over for taking back, if it is recent enough.
 */
void till_session_pickups_recall_undo(TillSession *self);
/* The goods of an order that is not known here, by the signature of its code. */
void till_session_pickup_hand_over_unknown(TillSession *self, const TillPickupToken *token);

/* ---- -code ---- */

void till_session_pickup_answer_free(TillSessionPickupAnswer *answer);

/* ---- -words, -lines ---- */

TillSessionPickup *till_session_pickup_describe(TillSession *self);
void till_session_pickup_free(TillSessionPickup *pickup);
/* The line at this index of the order in hand. */
TillSessionPickupLine *till_session_pickup_line(TillSession *self, TillSessionPickupMode mode,
						guint index);
void till_session_pickup_line_free(gpointer line);

/* ---- -rows ---- */

/* A row of the board: title, detail, pill. */
void till_session_pickup_fill_row(TillSession *self, TillRowItem *row, const TillPickupRow *from);
gint64 till_session_pickup_now(TillSession *self);
char *till_session_pickup_title(const TillFulfilmentLine *line);
/* "1 item", "3 items". Caller frees. */
char *till_session_pickup_count(TillSession *self, gint64 milli);
/* As pieces: what is weighed is one, whatever it weighs. */
gint64 till_session_pickup_pieces(gint64 milli);
/* What is still to be handed over or sent, over all lines, in pieces. */
gint64 till_session_pickup_left(const TillFulfilment *fulfilment);
/* Until when it is held, or by when it is promised; NULL when no moment is named. Caller frees. */
char *till_session_pickup_when(TillSession *self, const TillFulfilment *fulfilment, gboolean ready);
/* Adds a part to "one · two"; NULL and "" add nothing. */
void till_session_pickup_join(GString *words, const char *part);

G_END_DECLS
