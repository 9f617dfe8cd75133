/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "price-uses.h"
#include "store.h"

/* The append-only journal: every business fact of the terminal is one row.
 *
 * Rows are numbered without gaps inside an incarnation, chained by hash, signed by the terminal's
 * key. Triggers forbid update and delete. An append is one transaction with one sync (WAL, FULL):
 * when it returns TRUE the fact is on disk, and only then may anything be printed, opened or said.
 * When the commit's outcome is unknown (an I/O error) the same transaction id is looked up and
 * tried again; the same fact is never written under a second id.
 *
 * Threads: store. */

G_BEGIN_DECLS

/* One SKU's stock moved by an entry; negative is out of the store. */
typedef struct {
	const char *sku;
	gint64 delta_milli;
} TillStockMove;

/* What an entry used of one limited offer (kind and key as in price-uses.h). */
typedef struct {
	TillPriceUsesKind kind;
	const char *key;
	const char *customer; /* id; "": nobody known */
	TillPriceUse use;
} TillOfferUse;

/* Makes the body, once seq, txn, incarnation and clock are known. Runs on the store thread, just
 * before the transaction: no I/O, no use of the store. NULL with an error: nothing is recorded. */
typedef GBytes *(*TillJournalBuild)(const TillEntry *stamp, gpointer user, GError **error);

typedef struct {
	const char *type;
	int version;
	TillUuid txn; /* all zero: the store makes one; else see append */
	const char *business_date;
	gint64 shift;
	TillJournalBuild build;
	gpointer user;
	const char *receipt_store; /* nullable: with both set the entry gets a receipt number */
	const char *receipt_till;
	gint64 total_minor;         /* of a receipt: for lists */
	const TillStockMove *moves; /* nullable */
	gsize move_count;
	const TillOfferUse *uses; /* nullable; each offer once */
	gsize use_count;
	const TillUuid *fulfilment; /* nullable: of an order, which the entry is a step of */
} TillJournalDraft;

/* TILL_ERROR_STATE when not enrolled; TILL_ERROR_FULL: the fact is not recorded and nothing was
 * sold; TILL_ERROR_DISK: it could not be made certain that it is recorded, so nothing may be handed
 * over. A txn that is in the journal already is answered with its entry and not recorded again, so
 * callers make the txn once per fact and repeat the append with it; a doubtful entry that was
 * recorded after all and is not asked for again becomes the store's trouble. */
TillEntry *till_journal_append(TillStore *store, const TillJournalDraft *draft,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the last append, of this txn, ended with nobody knowing if it is on disk. */
gboolean till_journal_is_doubtful(TillStore *store, const TillUuid *txn);

/* NULL with TILL_ERROR_NOT_FOUND. */
TillEntry *till_journal_find(TillStore *store, guint64 incarnation, gint64 seq, GError **error);
TillEntry *till_journal_find_txn(TillStore *store, const TillUuid *txn, GError **error);
TillEntry *till_journal_find_receipt(TillStore *store, const char *receipt, GError **error);

typedef struct {
	guint64 incarnation;
	gint64 seq;
	TillUuid txn;
	char type[TILL_ENTRY_TYPE_MAX + 1];
	char *receipt; /* "" */
	gint64 total_minor;
	gint64 wall_ms;
	gboolean acknowledged;
	char *outcome; /* "applied", "held", … or "" */
} TillJournalRow;

void till_journal_row_free(gpointer row);

/* Newest first, at most limit rows; type NULL for all. Array of TillJournalRow. */
GPtrArray *till_journal_list(TillStore *store, const char *type, guint limit, GError **error);

/* Calls visit for every entry in order of writing; stops when it returns FALSE. */
typedef gboolean (*TillJournalVisit)(const TillEntry *entry, gpointer user, GError **error);
gboolean till_journal_each(TillStore *store, TillJournalVisit visit, gpointer user,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The newest "override" entries, newest first: at most limit. Array of TillEntry. */
GPtrArray *till_journal_overrides(TillStore *store, guint limit, GError **error);

typedef struct {
	gint64 rows;
	TillHash head; /* chain of the newest row of the current incarnation */
	char *problem; /* NULL: all good; else the first fault in words, with incarnation and seq */
} TillJournalCheck;

/* Reads every row: numbers, chain, hashes, signatures. */
gboolean till_journal_verify(TillStore *store, TillJournalCheck *out,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_journal_check_clear(TillJournalCheck *check);

G_END_DECLS
