/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "database.h"
#include "entry.h"

/* ledger.db as the rest of this layer uses it: its statements, its incarnations and their heads.
 * Private to this layer.
 *
 * A row's position is ordinal · 2^40 + seq. Heads, settled marks and counts are kept in memory
 * beside the file they were read from; they change after a commit only and are read anew after a
 * reopen.
 *
 * Threads: store. */

G_BEGIN_DECLS

enum {
	TILL_LEDGER_IDENTITY_LOAD,
	TILL_LEDGER_IDENTITY_SAVE,
	TILL_LEDGER_INCARNATIONS,
	TILL_LEDGER_INCARNATION_ADD,
	TILL_LEDGER_HEAD,
	TILL_LEDGER_ROW_ADD,
	TILL_LEDGER_ROW_AT,
	TILL_LEDGER_ROW_TXN,
	TILL_LEDGER_ROW_RECEIPT,
	TILL_LEDGER_ROWS_FROM,
	TILL_LEDGER_ROWS_NEWEST,
	TILL_LEDGER_ROWS_OVERRIDE,
	TILL_LEDGER_RETURNS_OF,
	TILL_LEDGER_RETURNS_FOR,
	TILL_LEDGER_CHAIN_AT,
	TILL_LEDGER_PENDING_COUNT,
	TILL_LEDGER_PENDING_FIRST,
	TILL_LEDGER_ACK_FIND,
	TILL_LEDGER_ACK_NEWEST,
	TILL_LEDGER_ACK_PUT,
	TILL_LEDGER_ACK_POSITIONS,
	TILL_LEDGER_ACK_OPEN_COUNT,
	TILL_LEDGER_ACK_PARKED,
	TILL_LEDGER_ACK_SIGNATURE_PUT,
	TILL_LEDGER_MOVE_ADD,
	TILL_LEDGER_MOVE_SUMS,
	TILL_LEDGER_MOVE_PRUNE,
	TILL_LEDGER_MOVE_PRUNE_ACKED,
	TILL_LEDGER_MOVE_SHIFT,
	TILL_LEDGER_USE_ADD,
	TILL_LEDGER_USE_SUMS,
	TILL_LEDGER_USE_PRUNE,
	TILL_LEDGER_USE_PRUNE_ACKED,
	TILL_LEDGER_USE_SHIFT,
	TILL_LEDGER_STEP_ADD,
	TILL_LEDGER_STEPS_OPEN,
	TILL_LEDGER_STEP_PRUNE,
	TILL_LEDGER_STEP_PRUNE_ACKED,
	TILL_LEDGER_STEP_SHIFT,
	TILL_LEDGER_PARKED_ADD,
	TILL_LEDGER_PARKED_LIST,
	TILL_LEDGER_PARKED_FIND,
	TILL_LEDGER_PARKED_OPEN,
	TILL_LEDGER_PARKED_FINISH,
	TILL_LEDGER_PARKED_RELEASE,
	TILL_LEDGER_SIGNIN_GET,
	TILL_LEDGER_SIGNIN_SET,
	TILL_LEDGER_NOTE_GET,
	TILL_LEDGER_NOTE_SET,
	TILL_LEDGER_STATEMENTS
};

/* The local outcome of a row that a later envelope replaced; TillOutcome has the central's. */
#define TILL_LEDGER_OUTCOME_REPLACED 5

#define TILL_LEDGER_ORDINAL_STEP 64
#define TILL_LEDGER_SEQ_BITS 40

typedef struct {
	gint64 ordinal;
	guint64 id;
	char letters[4];
	guint64 parent; /* 0: the first */
	gint64 parent_seq;
	TillHash parent_chain;
	char fingerprint[TILL_HASH_TEXT];
	gint64 seq;     /* of the newest row; 0: none */
	TillHash chain; /* of the newest row; genesis when none */
	gint64 settled; /* every row up to here has an acknowledgement */
} TillIncarnation;

typedef struct {
	char *path; /* owned */
	TillDatabase database;
	GArray *incarnations; /* of TillIncarnation by ordinal; the last is current */
	gboolean counts_known;
	gint64 pending;       /* valid with counts_known */
	gint64 sales_pending; /* valid with counts_known */
} TillLedger;

extern const TillDatabaseKind till_ledger_kind;

/* Refuses a torn log (salvage-log.h), opens, migrates, checks (quick_check; integrity_check and
 * foreign_key_check when the last stop was unclean or the last such check is a week old) and reads
 * the heads. */
gboolean till_ledger_open(TillLedger *ledger, const char *path, gint64 now_ms,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_ledger_close(TillLedger *ledger);

/* Closes and opens again after an I/O error, so that the file and not the memory of a failed commit
 * answers. On failure the ledger is closed; it may be tried again. */
gboolean till_ledger_reopen(TillLedger *ledger, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_ledger_is_open(const TillLedger *ledger);

/* Reads incarnations and heads anew. */
gboolean till_ledger_load(TillLedger *ledger, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* NULL when there is none: not enrolled. Borrowed until incarnations change. */
TillIncarnation *till_ledger_current(TillLedger *ledger);
TillIncarnation *till_ledger_find(TillLedger *ledger, guint64 incarnation);
TillIncarnation *till_ledger_at_ordinal(TillLedger *ledger, gint64 ordinal);
TillIncarnation *till_ledger_at_letters(TillLedger *ledger, const char *letters);

gint64 till_ledger_position(gint64 ordinal, gint64 seq);

/* An incarnation that differs from all others in its first three letters. */
guint64 till_ledger_mint(TillLedger *ledger);

/* An incarnation that goes on from parent's head; NULL: from nothing. fingerprint: see identity.h.
 */
TillIncarnation till_ledger_continue(const TillIncarnation *parent, gint64 ordinal, guint64 id,
				     const char *fingerprint);

/* Inserts an incarnation; inside a transaction. The array follows with till_ledger_load. */
gboolean till_ledger_add_incarnation(TillLedger *ledger, const TillIncarnation *incarnation,
				     const char *reason, gint64 started_ms,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Moves an incarnation's settled mark over rows acknowledged since. */
gboolean till_ledger_settle(TillLedger *ledger, TillIncarnation *incarnation,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fills pending and sales_pending when they are not known. */
gboolean till_ledger_count(TillLedger *ledger, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Notes: NULL without error when absent. Caller frees. */
char *till_ledger_note_get(TillLedger *ledger, const char *name, GError **error);
gboolean till_ledger_note_set(TillLedger *ledger, const char *name, const char *value,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
