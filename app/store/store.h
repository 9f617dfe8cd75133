/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "clock.h"
#include "crypto.h"
#include "entry.h"
#include "worker.h"

/* A terminal's home directory, held by one process, its two databases owned by one thread.
 *
 *   ledger.db   truth and precious: journal, acknowledgements, identity, parked sales
 *   cache.db    what the central told us; may be deleted at any moment and comes back
 *   device.key  the terminal's secret key, mode 0600
 *   lock        held for as long as the home is open; says by whom
 *   control     local socket of a running tillhouse
 *
 * The witness file lies outside the home (a restored home must not bring it along): in
 * $TILLHOUSE_STATE_DIR, else $XDG_STATE_HOME/tillhouse, else ~/.local/state/tillhouse, named by
 * terminal id. It holds (incarnation, seq, chain). A ledger behind its witness was restored from a
 * backup or lost writes; a machine or file other than the one that made the incarnation is a copy:
 * both start a new incarnation at open, so that no number is ever given twice.
 *
 * Threads: open from any thread, since it waits for the disk (a screen opens the store on a helper
 * thread and is handed it); afterwards worker, home and close belong to one thread, the one of the
 * completions. Every other function of this layer runs on the store thread (asserted) and is
 * reached by till_worker_post / till_worker_call with the TillStore as owner. They are plain and
 * synchronous. */

G_BEGIN_DECLS

typedef struct TillStore TillStore;

typedef enum {
	TILL_STORE_CREATE = 1 << 0, /* make the home when absent (enrolment) */
} TillStoreFlags;

/* Locks the home, checks and migrates both databases, compares with the witness. holder: words for
 * others ("tillhouse"), told with the process id. completions: where posted jobs complete; NULL for
 * none. TILL_ERROR_BUSY when another process holds the home (the sentence says which);
 * TILL_ERROR_NOT_FOUND when there is no home;
 * TILL_ERROR_STATE when it lies where a power cut could lose sales (place.h). A cache that cannot
 * be read is set aside and made anew; a ledger that cannot be read is left untouched
 * (TILL_ERROR_CORRUPT; see recover.h). clock is borrowed and outlives the store. */
TillStore *till_store_open(const char *home, TillStoreFlags flags, const char *holder,
			   const TillClock *clock, GMainContext *completions,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Runs what is queued, checkpoints, closes both files (asserted clean), releases the lock. */
void till_store_close(TillStore *store);

TillWorker *till_store_worker(TillStore *store);
const char *till_store_home(TillStore *store);
const TillClock *till_store_clock(TillStore *store);

/* What people must know of the place the home lies on (place.h), as long as the store is open;
 * usually NULL. Any thread. Borrowed. */
const char *till_store_home_warning(TillStore *store);

/* Called on the store thread after each commit that added a journal row (wakes the sync thread). */
typedef void (*TillStoreCommitted)(gpointer user);
void till_store_set_committed(TillStore *store, TillStoreCommitted committed, gpointer user);

/* What the store must tell people: NULL, or a sentence ("The disk is full. …"). Copied; caller
 * frees. First a commit that failed, until one works; then a fault of the journal found at open;
 * then a disk with less than 1 GiB free, for as long as it is so. */
char *till_store_trouble(TillStore *store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillStore, till_store_close)

G_END_DECLS
