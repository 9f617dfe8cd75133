/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store.h"

/* Getting a till going again whose ledger.db is damaged, without losing what can still be read.
 *
 * The damaged files are never deleted: they stay in the home as ledger.db.damaged-TIME (and -wal).
 * What is whole in them goes into a new ledger: identity, incarnations, parked sales, and each
 * journal row whose hashes and signature hold. Rows that follow from the first of their incarnation
 * keep their place and their acknowledgement; rows behind a gap get a new envelope, with the same
 * transaction id, in a new incarnation, which the till then goes on with. So no receipt number is
 * given twice, the next hello brings back what the central has and the till lost, and what only the
 * till has is sent, each transaction once.
 *
 * When the identity or the key is lost too, no new ledger can be made: the unsent rows are written
 * to a file of JSON lines beside the damaged files, and the till must be enrolled again.
 *
 * A process that dies in between leaves the damaged ledger in place, or the new one; running it
 * again goes on.
 *
 * Threads: any; it blocks, and takes the home's lock meanwhile. */

G_BEGIN_DECLS

typedef struct {
	gint64 rows;         /* numbers known to have been given: salvaged and unreadable */
	gint64 salvaged;     /* journal rows that could be read */
	gint64 unreadable;   /* those that could not */
	gint64 renumbered;   /* of the salvaged, those under a new envelope */
	gint64 parked;       /* parked sales saved */
	gint64 exported;     /* rows in export_file */
	guint64 incarnation; /* the new one; 0: the till must be enrolled again */
	char *damaged_file;
	char *export_file; /* NULL: no export was needed */
} TillRecovery;

void till_recover_clear(TillRecovery *recovery);

/* One entry as a line of the export, without its line break. Caller frees. */
typedef char *(*TillRecoverLine)(const TillEntry *entry);

/* holder: as for till_store_open. TILL_ERROR_BUSY when a till holds the home; TILL_ERROR_STATE when
 * the ledger is sound, and nothing was done; TILL_ERROR_NOT_FOUND without one; TILL_ERROR_NEWER
 * when a newer release wrote it; TILL_ERROR_FULL and _DISK as usual, and the damaged ledger is then
 * still in its place. TRUE with incarnation 0 when the till must be enrolled again. */
gboolean till_recover_run(const char *home, const char *holder, const TillClock *clock,
			  TillRecoverLine line, TillRecovery *out,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
