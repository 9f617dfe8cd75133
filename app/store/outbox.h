/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store.h"

/* What the sync thread needs of the ledger: the rows without an acknowledgement, and what the
 * central said.
 *
 * The queue is a query, not a flag: a row is pending while it has no final acknowledgement and no
 * later envelope of the same transaction exists. Acknowledged rows stay.
 *
 * Threads: store. */

G_BEGIN_DECLS

typedef struct {
	guint64 incarnation;
	guint64 parent_incarnation; /* 0: the first */
	gint64 parent_seq;
	TillHash parent_chain;
	gint64 seq;     /* newest row */
	TillHash chain; /* genesis when seq is 0 */
	gboolean current;
} TillOutboxHead;

/* Every incarnation of this home, oldest first; the last one is current. GArray of TillOutboxHead.
 */
GArray *till_outbox_heads(TillStore *store, GError **error);

/* The chain value after seq (0: genesis). TILL_ERROR_NOT_FOUND. */
gboolean till_outbox_chain_at(TillStore *store, guint64 incarnation, gint64 seq, TillHash *out,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The next batch: consecutive rows, at most max_entries and max_bytes of bodies (at least one row).
 * With incarnation 0 from the first pending row of the oldest incarnation that has one; else from
 * after_seq + 1 of that incarnation, acknowledged or not (a server that was restored asks for what
 * it lost). Array of TillEntry; empty when there is nothing to send. */
GPtrArray *till_outbox_batch(TillStore *store, guint64 incarnation, gint64 after_seq,
			     guint max_entries, gsize max_bytes, GError **error);

typedef enum {
	TILL_OUTCOME_APPLIED,
	TILL_OUTCOME_APPLIED_EXCEPTIONS,
	TILL_OUTCOME_HELD, /* the central keeps it for a person; nothing more to send */
	TILL_OUTCOME_DUPLICATE,
	TILL_OUTCOME_PARKED, /* header sent, body still to be offered */
} TillOutcome;

typedef struct {
	TillUuid txn;
	guint64 incarnation;
	gint64 seq;
	TillOutcome outcome;
	gint64 feed_seq;  /* the store scope's feed number in which the effect shows; 0: none */
	char *reason;     /* "WAITS_FOR …", "ID_CONFLICT", "" */
	gint64 chain_seq; /* the chain scope's, in which its use of offers shows; 0: none */
} TillAck;

/* Entries acknowledged as TILL_OUTCOME_PARKED: their bodies are to be offered. Array of TillEntry,
 * oldest first. */
GPtrArray *till_outbox_parked(TillStore *store, guint max_entries, GError **error);

/* Records acknowledgements and the server's signature over the head (nullable), in one transaction.
 * Held and parked rows may be acknowledged again; a final outcome stays. TILL_ERROR_INVALID, and
 * nothing recorded, when one names a row this till never wrote or another transaction. */
gboolean till_outbox_acknowledge(TillStore *store, const TillAck *acks, gsize count,
				 const char *server_signature,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
	gint64 pending;
	gint64 oldest_pending_wall_ms; /* 0: none */
	gint64 held;
	gint64 parked; /* entries whose body waits, not parked sales */
	gint64 sales_pending;
} TillOutboxCounts;

gboolean till_outbox_counts(TillStore *store, TillOutboxCounts *out,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A new incarnation that continues from parent (incarnation, seq, chain) with the reason in words
 * ("restored backup"). Later appends use it. Its first three letters differ from every earlier
 * one's. */
gboolean till_outbox_new_incarnation(TillStore *store, const char *reason, guint64 *out_incarnation,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The central holds rows of ours that this ledger lost (restored backup): checked against the chain
 * and our own key, then put back at the end of their incarnation, already acknowledged. Array of
 * TillEntry. */
gboolean till_outbox_restore(TillStore *store, GPtrArray *entries,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Rows of incarnation after last_common that the central never had get a new envelope (same txn,
 * same body bytes, orig set) in the current incarnation, in order. */
gboolean till_outbox_reenvelope(TillStore *store, guint64 incarnation, gint64 last_common,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Small facts about the sync that survive a restart ("last_success_ms", "server_incarnation",
 * "offset_ms", …). get: caller frees; NULL when absent. */
char *till_outbox_note_get(TillStore *store, const char *name, GError **error);
gboolean till_outbox_note_set(TillStore *store, const char *name, const char *value,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
