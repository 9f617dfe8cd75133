/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books.h"
#include "central.h"
#include "messages.h"
#include "offers.h"

/* Where entries are taken in: stored first, judged second, each with an outcome that never changes.
 *
 * A transaction id is known for ever. The same id with the same body is answered with its first
 * outcome; with another body it is held. An entry that cannot be read, is newer than this program
 * or has crashed it twice is kept raw and held; none is refused. What tills did to orders and carts
 * is order-steps.h's and cart-book.h's.
 *
 * Threads: the writer's but for till_inbox_read; an inbox lives inside one transaction. */

G_BEGIN_DECLS

typedef struct {
	TillCentral *central; /* borrowed */
	const TillTerminal *terminal;
	gint64 now_ms;
	TillChanges changes; /* the store's scope */
	TillBooks *books;
	TillOffers *offers;
	gint64 past_limit_ms; /* past-sales.h */
	gboolean careful;     /* each sale in a savepoint of its own */
} TillInbox;

/* Quick by default: a sale that breaks a rule of the tables then fails with TILL_ERROR_STATE, and
 * the caller undoes all and comes again with careful set, where only that sale is undone and held.
 * (Savepoints copy each page they may have to put back, and no sale that could be read has ever
 * needed one.) */
gboolean till_inbox_open(TillInbox *inbox, TillCentral *central, const TillTerminal *terminal,
			 gboolean careful, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes stock and counters; then the inbox is empty. */
gboolean till_inbox_close(TillInbox *inbox, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Drops it without writing (the transaction is undone by the caller). */
void till_inbox_abandon(TillInbox *inbox);

typedef enum {
	TILL_INBOX_GOOD,
	TILL_INBOX_DAMAGED, /* the body is not the one that was hashed: kept and held */
	TILL_INBOX_FORGED,  /* no valid signature vouches for it: kept and held */
} TillInboxSeal;

/* The sale an entry holds, when this program knows its version, can read it and has not died of it.
 * NULL otherwise. The caller frees it. Threads: any. */
TillSale *till_inbox_read(TillCentral *central, const TillEntry *entry) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the next entry of its incarnation; the caller has checked its place in the chain. sale: as
 * till_inbox_read gave it, borrowed. The caller frees the result. NULL only when the database
 * failed. */
TillWireResult *till_inbox_take(TillInbox *inbox, const TillEntry *entry, TillInboxSeal seal,
				const TillSale *sale, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What became of a transaction before: the same answer again. NULL without error when it is
 * unknown. */
TillWireResult *till_inbox_repeat(TillInbox *inbox, const TillUuid *txn, gint64 seq,
				  GError **error);

/* The body of an entry whose header was taken before; once more gives the same answer. out_header:
 * whose it was, the caller's to free. NULL with TILL_ERROR_NOT_FOUND when no header of this
 * terminal came for it. */
TillWireResult *till_inbox_take_body(TillInbox *inbox, const TillHash *hash, GBytes *body,
				     TillEntry **out_header,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
