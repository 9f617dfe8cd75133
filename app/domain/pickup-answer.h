/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pickup-token.h"

/* What to do with a pickup code at this till: the token's own answer, then what the cache knows of
 * the order, then the policy for orders it does not know.
 *
 * Of several reasons the first in the order of the enum is told: whether the code is the central's
 * at all, then what no waiting changes (cancelled, already collected, replaced by a newer code, run
 * out), then where to go, then what to wait for.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

typedef enum {
	TILL_PICKUP_ANSWER_MALFORMED,
	TILL_PICKUP_ANSWER_VERSION,
	TILL_PICKUP_ANSWER_UNKNOWN_KEY,
	TILL_PICKUP_ANSWER_FORGED,
	TILL_PICKUP_ANSWER_CANCELLED,
	TILL_PICKUP_ANSWER_COLLECTED,
	TILL_PICKUP_ANSWER_REPLACED, /* a newer code was given out for it */
	TILL_PICKUP_ANSWER_EXPIRED,
	TILL_PICKUP_ANSWER_OTHER_STORE,
	TILL_PICKUP_ANSWER_NOT_READY,
	TILL_PICKUP_ANSWER_UNKNOWN_ORDER, /* a good signature, and nothing here knows the order */
	TILL_PICKUP_ANSWER_VALID,
} TillPickupAnswerKind;

/* What the cache knows of a fulfilment. Texts are for words, borrowed, "" when unknown. */
typedef struct {
	TillUuid order;
	TillUuid fulfilment;
	const char *number;     /* "W-1042", as the shopper knows it */
	const char *store_code; /* where it is to be collected */
	const char *store_name;
	guint16 serial; /* of the newest code */
	gboolean cancelled;
	gboolean collected;       /* nothing is left to hand over */
	const char *collected_at; /* "14:05 today", by the till's own clock and language */
	const char *collected_in; /* store name */
	const char *collected_by; /* who took it */
	guint staged_lines;       /* with something ready to be handed over */
	guint missing_lines;      /* with something that is not staged yet */
	const char *missing;      /* name of the first of them */
	const char *staged_at;    /* "Shelf B3" */
} TillPickupKnown;

typedef struct {
	const char *store_code;     /* this store's */
	gboolean hand_over_unknown; /* offline: a good signature is enough, with an ID check */
	gboolean offline;           /* else an unknown order is looked up at the central first */
} TillPickupPolicy;

typedef struct {
	TillPickupAnswerKind kind;
	gboolean may_hand_over; /* what is staged; with NOT_READY too when something is */
	gboolean needs_id;      /* a document with the name on the order is looked at first */
	char *words;            /* owned: what to do */
} TillPickupAnswer;

/* known: of the token's fulfilment; NULL: the cache does not have it. A known one that belongs to
 * another order than the token says counts as not known. Free with till_pickup_answer_clear. */
TillPickupAnswer till_pickup_answer_give(TillPickupCheck check, const TillPickupToken *token,
					 const TillPickupKnown *known,
					 const TillPickupPolicy *policy);
void till_pickup_answer_clear(TillPickupAnswer *answer);

G_END_DECLS
