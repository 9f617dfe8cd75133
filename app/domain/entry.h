/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "crypto.h"
#include "id.h"

/* A journal entry: the envelope around the exact bytes of one business fact.
 *
 * Entries of one incarnation are numbered 1, 2, 3… without gaps and chained: chain =
 * BLAKE2b-256(prev_chain ‖ seq ‖ txn ‖ type ‖ version ‖ body_hash), integers big-endian in 8 bytes,
 * txn as 16 bytes, type as a length byte and its characters. The first entry's prev_chain is the
 * genesis of its incarnation: BLAKE2b-256("tillhouse-genesis" ‖ incarnation). The terminal signs
 * the chain value when the row is committed, so the signature of the last entry vouches for all
 * before.
 *
 * Threads: any (pure); an entry is constant once made. */

G_BEGIN_DECLS

#define TILL_ENTRY_TYPE_MAX 24
#define TILL_ENTRY_BODY_MAX 524288 /* 512 KiB */

typedef struct {
	gint64 wall_ms;
	gint64 mono_ms;
	char boot[33];         /* boot id, hex */
	gint64 offset_ms;      /* last known server time − wall_ms; 0 when unknown */
	gint64 uncertainty_ms; /* −1: never measured */
} TillEntryClock;

typedef struct {
	guint64 incarnation;
	gint64 seq; /* ≥ 1 */
	TillUuid txn;
	char type[TILL_ENTRY_TYPE_MAX + 1]; /* "sale", "sign-in": a-z and '-' */
	int version;                        /* of the body's schema, ≥ 1 */
	GBytes *body;                       /* owned; exact bytes, UTF-8 JSON */
	TillHash body_hash;
	TillHash chain;
	TillSignature signature;
	TillEntryClock clock;
	char business_date[11];   /* "2026-11-23" */
	gint64 shift;             /* 0 until the till's day exists */
	char cursor[64];          /* "epoch.seq" of the catalogue it was made with; "" */
	guint64 orig_incarnation; /* 0: not re-enveloped */
	gint64 orig_seq;
} TillEntry;

TillEntry *till_entry_new(void); /* zeroed */
void till_entry_free(TillEntry *entry);

void till_entry_genesis(guint64 incarnation, TillHash *out_chain);

/* Computes body_hash and chain from prev and the fields; does not sign. */
void till_entry_seal(TillEntry *entry, const TillHash *prev_chain);

/* What is wrong with an entry against the one before it; NULL when nothing. Static words. */
const char *till_entry_fault(const TillEntry *entry, const TillHash *prev_chain);

/* The chain value alone, for servers that hold only headers. */
void till_entry_chain(const TillHash *prev_chain, gint64 seq, const TillUuid *txn, const char *type,
		      int version, const TillHash *body_hash, TillHash *out_chain);

gboolean till_entry_type_valid(const char *type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillEntry, till_entry_free)

G_END_DECLS
