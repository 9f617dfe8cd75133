/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* One thread that runs plain synchronous jobs in order: how every slow thing is owned.
 *
 * A job runs on the worker; its completion runs on the main context given at creation. A job
 * whose receiver has gone is still run (it may be a sale) but its completion is dropped. Built on
 * pthread mutex and condition, so that the thread sanitizer sees its locking.
 *
 * Threads: post, call and is_current from any thread; new, stop and free from the creator's. */

G_BEGIN_DECLS

typedef struct TillWorker TillWorker;

/* Runs on the worker. Returns FALSE with error set on failure. */
typedef gboolean (*TillWorkerRun)(gpointer owner, gpointer data, GError **error);

/* Runs on the completion context. error is NULL on success; borrowed. */
typedef void (*TillWorkerDone)(gpointer data, const GError *error, gpointer user);

/* name: shown by debuggers, 15 characters at most. owner: handed to each job (the store, a device).
 * context: where completions run; NULL means no completions are wanted (then done must be NULL). */
TillWorker *till_worker_new(const char *name, gpointer owner, GMainContext *context);

/* Runs on the worker. */
typedef void (*TillWorkerIdle)(gpointer owner);

/* idle runs once each time no job has come for idle_ms (upkeep that nobody waits for). NULL: none.
 */
void till_worker_set_idle(TillWorker *worker, guint idle_ms, TillWorkerIdle idle);

/* Queues a job. data is freed with data_free (nullable) after done has run or was dropped, on the
 * completion context if there is one, else on the worker. receiver (nullable) is a GObject: when it
 * is finalised before the completion, done is not called. A receiver must belong to the completion
 * context: it is created, posted with and finalised there. Completions come one by one in the order
 * of posting. A failure that nobody hears of is logged. Never blocks. */
void till_worker_post(TillWorker *worker, TillWorkerRun run, gpointer data,
		      GDestroyNotify data_free, gpointer receiver, TillWorkerDone done,
		      gpointer user);

/* Queues a job and waits for it. Never from the worker itself (asserted), never from a main thread
 * that draws. Returns what run returned. */
gboolean till_worker_call(TillWorker *worker, TillWorkerRun run, gpointer data,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE on the worker's own thread: asserted by everything that owns a database handle. */
gboolean till_worker_is_current(TillWorker *worker);

/* How many jobs wait. */
guint till_worker_pending(TillWorker *worker);

/* Runs what is queued, then ends the thread; later posts are refused with an assertion. Completions
 * not yet delivered are dropped (their data is freed here): a caller that needs them runs its
 * context until they have come, and only then frees. May be called from within a completion. */
void till_worker_free(TillWorker *worker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillWorker, till_worker_free)

G_END_DECLS
