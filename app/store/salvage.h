/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "identity.h"
#include "ledger.h"
#include "salvage-file.h"

/* What a damaged ledger.db still holds: each row known by its shape, each journal row believed by
 * its hashes and its signature. Private to this layer.
 *
 * A journal row is sound when its body matches its hash, the terminal's key signed its chain value
 * and, where the row before is known, it follows from that one. Rows of an incarnation are kept in
 * their place as far as they follow from its first one without a gap; sound rows behind a gap can
 * be put under a new envelope. An incarnation whose own row is lost is known again by an index or
 * by the witness, when its first row follows from it.
 *
 * Threads: one at a time. */

G_BEGIN_DECLS

typedef struct {
	gint64 ordinal;
	gint64 seq;
	TillUuid txn;
	TillHash chain;
	TillSalvagePlace place;
	gboolean is_sound; /* else only its chain value may be believed */
} TillSalvageRow;

typedef struct {
	TillIncarnation own; /* seq and chain: the rows that keep their place; id 0: not known */
	char *reason;
	gint64 started_ms;
	gint64 last; /* the highest number known to have been given */
} TillSalvageIncarnation;

typedef enum {
	TILL_SALVAGE_ACK,
	TILL_SALVAGE_MOVE,
	TILL_SALVAGE_USE,
	TILL_SALVAGE_STEP,
	TILL_SALVAGE_PARKED,
	TILL_SALVAGE_SIGNIN,
	TILL_SALVAGE_NOTE,
	TILL_SALVAGE_TABLES
} TillSalvageTable;

typedef struct {
	TillSalvageFile *file;
	TillIdentity *identity;                 /* NULL: lost */
	GArray *incarnations;                   /* of TillSalvageIncarnation, by ordinal */
	GArray *rows;                           /* of TillSalvageRow, by ordinal and seq */
	GPtrArray *tables[TILL_SALVAGE_TABLES]; /* of TillSalvageRecord, in the order of columns */
	gint64 sound;
	gint64 unreadable; /* numbers that were given and have no sound row */
} TillSalvage;

/* log: as for till_salvage_file_open. key: NULL when it is lost; signatures are then not looked at.
 */
TillSalvage *till_salvage_read(const char *path, const char *log, const TillPublicKey *key,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_salvage_free(TillSalvage *salvage);

/* The witness of this machine saw this head: an incarnation that lost its row is known by it, and
 * rows up to it that are not there count as unreadable. */
void till_salvage_meet_witness(TillSalvage *salvage, guint64 incarnation, gint64 seq);

/* A sound row as an entry of its incarnation (0 when that is not known); NULL when it can no longer
 * be read. */
TillEntry *till_salvage_entry(TillSalvage *salvage, const TillSalvageRow *row);

TillSalvageIncarnation *till_salvage_incarnation(TillSalvage *salvage, gint64 ordinal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillSalvage, till_salvage_free)

G_END_DECLS
