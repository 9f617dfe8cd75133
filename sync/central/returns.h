/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books.h"
#include "central.h"
#include "entry.h"
#include "messages.h"
#include "return.h"

/* What a return does to the books, in the transaction of its entry: goods go back to the shelf or
 * aside, what went out instead leaves stock as a sale's goods do, each payment of the source knows
 * what it gave back, credit is issued, and the stores that sold and took back are told.
 *
 * A return is a fact like a sale: one that took back more than was left (two tills that did not
 * hear of each other) stands, and both stores are told (OVER_RETURNED). One whose sale is not here
 * yet waits for it (held, WAITS_FOR) and is entered when that comes. A card refund that somebody
 * has to make raises REFUND_INTENT.
 *
 * Threads: the writer's but for till_returns_read; a context lives inside one transaction. */

G_BEGIN_DECLS

#define TILL_RETURNS_WAITS "WAITS_FOR"
#define TILL_RETURNS_OVER "OVER_RETURNED"
#define TILL_RETURNS_INTENT "REFUND_INTENT"

/* The store that took the goods back, with its scope open and the stock of the batch. Borrowed. */
typedef struct TillReturnsContext TillReturnsContext;
struct TillReturnsContext {
	TillCentral *central;
	TillChanges *changes;
	TillBooks *books;
	const char *store_code;
	gint64 terminal;
	gint64 now_ms;
	gboolean careful;                /* rows in a savepoint of their own */
	const TillReturnsContext *outer; /* another store's that is open meanwhile; NULL: none */
};

typedef enum {
	TILL_RETURNS_APPLIED,
	TILL_RETURNS_WAIT,       /* its source is not here */
	TILL_RETURNS_UNREADABLE, /* it breaks a rule of the tables */
} TillReturnsOutcome;

typedef struct {
	TillReturnsOutcome outcome;
	gint64 feed_seq;
	GPtrArray *codes; /* of char*: exceptions that were raised; the caller's */
} TillReturnsEffect;

/* The return an entry holds, with the entry named as in hand (reading.h); NULL: not one this
 * program can read, or one it died of. Threads: any. */
TillReturn *till_returns_read(TillCentral *central,
			      const TillEntry *entry) G_GNUC_WARN_UNUSED_RESULT;

/* Enters one. FALSE only when the database failed, or, without careful, when the batch must come
 * again with it. */
gboolean till_returns_take(const TillReturnsContext *context, const TillEntry *entry,
			   const TillReturn *done, TillReturnsEffect *effect,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether an entry is a return of a version that this program knows. */
gboolean till_returns_is(const TillEntry *entry);

/* Reads and enters an entry that is one, and says in result what became of it. */
gboolean till_returns_enter(const TillReturnsContext *context, const TillEntry *entry,
			    TillWireResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
