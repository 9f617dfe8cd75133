/* SPDX-License-Identifier: Apache-2.0 */
#include "worker.h"

#include <errno.h>
#include <glib-object.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

/* A job belongs to exactly one side at a time: the poster until it is queued, the queue, the worker
 * while it runs, the finished queue, and at last the completion context. Both queues are guarded by
 * one pthread mutex, so every hand-over is one that the thread sanitizer can see.
 *
 * Completions are delivered by one GSource per worker, attached at creation. The worker only sets
 * its ready time, which GLib allows from any thread and which allocates nothing. Each dispatch
 * delivers one completion and touches the worker no more once it has called out: the completion may
 * free the worker, run a nested loop, or post again. */

#define NAME_MAX_BYTES 16 /* with the final NUL: what Linux keeps of a thread's name */

typedef struct {
	pthread_cond_t ended;
	gboolean is_ended; /* guarded by the worker's lock, as is the rest */
	gboolean result;
	GError *error;
} Call;

typedef struct {
	TillWorkerRun run;
	gpointer data; /* owned when data_free is set */
	GDestroyNotify data_free;
	gboolean has_receiver;
	GWeakRef
	    receiver; /* valid only with has_receiver; touched on the completion context only */
	TillWorkerDone done;
	gpointer user;
	Call *call;    /* borrowed from the caller's stack; NULL for a posted job */
	GError *error; /* owned: how it went, once it has run */
} Job;

struct TillWorker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	GQueue waiting;       /* of owned Job, guarded by lock */
	GQueue finished;      /* of owned Job, guarded by lock; empty without a context */
	gboolean is_stopping; /* guarded by lock */
	TillWorkerIdle idle;  /* guarded by lock; nullable */
	guint idle_ms;        /* guarded by lock */
	gboolean has_rested;  /* guarded by lock: idle has run since the last job */
	char name[NAME_MAX_BYTES];
	gpointer owner;  /* borrowed: outlives the worker */
	GSource *source; /* owned; NULL without a completion context */
};

typedef struct {
	GSource source;
	TillWorker *worker; /* borrowed: the source is destroyed before the worker is freed */
} Outlet;

static _Thread_local TillWorker *current_worker;

static void
free_job(Job *job)
{
	if (job->has_receiver)
		g_weak_ref_clear(&job->receiver);
	if (job->data_free != NULL)
		job->data_free(job->data);
	g_clear_error(&job->error);
	g_free(job);
}

/* Nobody will be told of this failure, so at least the log is. */
static void
note_unheard(const char *name, const Job *job)
{
	if (job->error != NULL)
		g_message("%s: a job failed and nobody waits for it: %s", name,
			  job->error->message);
}

static void
deliver(const char *name, Job *job)
{
	g_autoptr(GObject) receiver = NULL;
	if (job->has_receiver)
		receiver = g_weak_ref_get(&job->receiver);

	if (job->done != NULL && (receiver != NULL || !job->has_receiver))
		job->done(job->data, job->error, job->user);
	else
		note_unheard(name, job);
	free_job(job);
}

static gboolean
dispatch_cb(GSource *source, GSourceFunc callback, gpointer user)
{
	(void)callback;
	(void)user;
	TillWorker *worker = ((Outlet *)source)->worker;
	char name[NAME_MAX_BYTES];

	pthread_mutex_lock(&worker->lock);
	Job *job = g_queue_pop_head(&worker->finished);
	g_source_set_ready_time(source, g_queue_is_empty(&worker->finished) ? -1 : 0);
	memcpy(name, worker->name, sizeof name);
	pthread_mutex_unlock(&worker->lock);

	if (job != NULL)
		deliver(name, job);
	return G_SOURCE_CONTINUE;
}

static GSource *
new_outlet(TillWorker *worker, GMainContext *context)
{
	static GSourceFuncs outlet_funcs = {.dispatch = dispatch_cb};
	GSource *source = g_source_new(&outlet_funcs, sizeof(Outlet));
	((Outlet *)source)->worker = worker;
	g_source_set_static_name(source, "till-worker");
	g_source_set_can_recurse(source, TRUE);
	g_source_attach(source, context);
	return source;
}

static void
run_job(TillWorker *worker, Job *job)
{
	GError *error = NULL;
	gboolean result = job->run(worker->owner, job->data, &error);
	g_assert(result == (error == NULL));

	Call *call = job->call;
	if (call != NULL) {
		pthread_mutex_lock(&worker->lock);
		call->result = result;
		call->error = error;
		call->is_ended = TRUE;
		pthread_cond_signal(&call->ended);
		pthread_mutex_unlock(&worker->lock);
		free_job(job);
		return;
	}
	job->error = error;
	if (worker->source == NULL) {
		note_unheard(worker->name, job);
		free_job(job);
		return;
	}
	pthread_mutex_lock(&worker->lock);
	g_queue_push_tail(&worker->finished, job);
	g_source_set_ready_time(worker->source, 0);
	pthread_mutex_unlock(&worker->lock);
}

/* Waits for a job for at most the idle time. FALSE when it is over with nothing to do. */
static gboolean
wait_until_idle(TillWorker *worker)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	gint64 nanoseconds = until.tv_nsec + (gint64)worker->idle_ms * 1000000;
	until.tv_sec += (time_t)(nanoseconds / 1000000000);
	until.tv_nsec = (long)(nanoseconds % 1000000000);
	int result = 0;
	while (result != ETIMEDOUT && g_queue_is_empty(&worker->waiting) && !worker->is_stopping)
		result = pthread_cond_timedwait(&worker->wake, &worker->lock, &until);
	return !g_queue_is_empty(&worker->waiting) || worker->is_stopping;
}

/* The next job, or NULL when stopping. Called and left with the lock held; runs idle without it. */
static Job *
take_job(TillWorker *worker)
{
	while (g_queue_is_empty(&worker->waiting) && !worker->is_stopping) {
		TillWorkerIdle idle = worker->idle;
		if (idle == NULL || worker->has_rested) {
			pthread_cond_wait(&worker->wake, &worker->lock);
		} else if (!wait_until_idle(worker)) {
			worker->has_rested = TRUE;
			pthread_mutex_unlock(&worker->lock);
			idle(worker->owner);
			pthread_mutex_lock(&worker->lock);
		}
	}
	worker->has_rested = FALSE;
	return g_queue_pop_head(&worker->waiting);
}

static void *
thread_main(void *data)
{
	TillWorker *worker = data;
	current_worker = worker;
	(void)pthread_setname_np(pthread_self(), worker->name);

	for (;;) {
		pthread_mutex_lock(&worker->lock);
		Job *job = take_job(worker);
		pthread_mutex_unlock(&worker->lock);
		if (job == NULL)
			return NULL;
		run_job(worker, job);
	}
}

static void
enqueue(TillWorker *worker, Job *job)
{
	pthread_mutex_lock(&worker->lock);
	g_assert(!worker->is_stopping);
	g_queue_push_tail(&worker->waiting, job);
	pthread_cond_signal(&worker->wake);
	pthread_mutex_unlock(&worker->lock);
}

TillWorker *
till_worker_new(const char *name, gpointer owner, GMainContext *context)
{
	g_assert(name != NULL && strlen(name) < NAME_MAX_BYTES);
	TillWorker *worker = g_new0(TillWorker, 1);
	g_strlcpy(worker->name, name, sizeof worker->name);
	worker->owner = owner;
	pthread_mutex_init(&worker->lock, NULL);
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&worker->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	if (context != NULL)
		worker->source = new_outlet(worker, context);
	int failure = pthread_create(&worker->thread, NULL, thread_main, worker);
	g_assert(failure == 0);
	return worker;
}

void
till_worker_set_idle(TillWorker *worker, guint idle_ms, TillWorkerIdle idle)
{
	g_assert(worker != NULL);
	pthread_mutex_lock(&worker->lock);
	worker->idle = idle;
	worker->idle_ms = idle_ms;
	pthread_cond_signal(&worker->wake);
	pthread_mutex_unlock(&worker->lock);
}

void
till_worker_post(TillWorker *worker, TillWorkerRun run, gpointer data, GDestroyNotify data_free,
		 gpointer receiver, TillWorkerDone done, gpointer user)
{
	g_assert(worker != NULL && run != NULL);
	g_assert(worker->source != NULL || (done == NULL && receiver == NULL));
	Job *job = g_new0(Job, 1);
	job->run = run;
	job->data = data;
	job->data_free = data_free;
	job->done = done;
	job->user = user;
	job->has_receiver = receiver != NULL;
	if (job->has_receiver)
		g_weak_ref_init(&job->receiver, receiver);
	enqueue(worker, job);
}

gboolean
till_worker_call(TillWorker *worker, TillWorkerRun run, gpointer data, GError **error)
{
	g_assert(worker != NULL && run != NULL);
	g_assert(!till_worker_is_current(worker));
	Call call = {.is_ended = FALSE};
	pthread_cond_init(&call.ended, NULL);
	Job *job = g_new0(Job, 1);
	job->run = run;
	job->data = data;
	job->call = &call;
	enqueue(worker, job);

	pthread_mutex_lock(&worker->lock);
	while (!call.is_ended)
		pthread_cond_wait(&call.ended, &worker->lock);
	pthread_mutex_unlock(&worker->lock);
	pthread_cond_destroy(&call.ended);

	if (call.error != NULL)
		g_propagate_error(error, call.error);
	return call.result;
}

gboolean
till_worker_is_current(TillWorker *worker)
{
	g_assert(worker != NULL);
	return current_worker == worker;
}

guint
till_worker_pending(TillWorker *worker)
{
	g_assert(worker != NULL);
	pthread_mutex_lock(&worker->lock);
	guint count = g_queue_get_length(&worker->waiting);
	pthread_mutex_unlock(&worker->lock);
	return count;
}

void
till_worker_free(TillWorker *worker)
{
	if (worker == NULL)
		return;
	g_assert(!till_worker_is_current(worker));
	pthread_mutex_lock(&worker->lock);
	worker->is_stopping = TRUE;
	pthread_cond_signal(&worker->wake);
	pthread_mutex_unlock(&worker->lock);
	pthread_join(worker->thread, NULL);

	if (worker->source != NULL) {
		g_source_destroy(worker->source);
		g_source_unref(worker->source);
	}
	for (Job *job; (job = g_queue_pop_head(&worker->finished)) != NULL;) {
		note_unheard(worker->name, job);
		free_job(job);
	}
	pthread_cond_destroy(&worker->wake);
	pthread_mutex_destroy(&worker->lock);
	g_free(worker);
}
