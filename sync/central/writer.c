/* SPDX-License-Identifier: Apache-2.0 */
#include "writer.h"

#include <pthread.h>
#include <time.h>

#include "clock.h"
#include "server-log.h"

/* One group: enough to share a sync among all tills of a chain, small enough to answer in time. */
#define GROUP_MAX 64
/* The log is moved into the file when idle, or when it has grown to this. */
#define CHECKPOINT_PAGES 1000
#define IDLE_S 2

typedef struct {
	TillWriterRun run;
	TillWriterDone done;
	gpointer data; /* borrowed: until done */
	gboolean alone;
} Job;

struct TillWriter {
	TillDb *db;     /* borrowed */
	gpointer owner; /* borrowed */
	TillWriterCommitted committed;
	TillWriterCommitted undone;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	GQueue jobs;   /* guarded by lock; of Job, owned */
	gboolean stop; /* guarded by lock */
};

/* Waits for work; takes one lone job, or all jobs up to the next lone one. FALSE: idle or the end.
 */
static gboolean
take_group(TillWriter *writer, GPtrArray *group, gboolean *out_stop)
{
	struct timespec until = {.tv_sec = till_clock_wall_ms(till_clock_system()) / 1000 + IDLE_S};

	pthread_mutex_lock(&writer->lock);
	while (g_queue_is_empty(&writer->jobs) && !writer->stop) {
		if (pthread_cond_timedwait(&writer->wake, &writer->lock, &until) != 0)
			break;
	}
	while (group->len < GROUP_MAX && !g_queue_is_empty(&writer->jobs)) {
		Job *next = g_queue_peek_head(&writer->jobs);
		if (next->alone && group->len > 0)
			break;
		g_ptr_array_add(group, g_queue_pop_head(&writer->jobs));
		if (next->alone)
			break;
	}
	*out_stop = writer->stop && g_queue_is_empty(&writer->jobs);
	pthread_mutex_unlock(&writer->lock);
	return group->len > 0;
}

/* A savepoint copies each page it may have to undo, so a job that has the transaction to itself
 * goes without. */
static gboolean
run_shared(TillWriter *writer, Job *job, GError **error)
{
	gboolean keep;

	if (!till_db_savepoint(writer->db, "job", error))
		return FALSE;
	keep = job->run(writer->owner, job->data);
	return till_db_release(writer->db, "job", keep, error);
}

/* FALSE with error, or without one when the only job wants nothing kept. */
static gboolean
run_jobs(TillWriter *writer, GPtrArray *group, GError **error)
{
	if (group->len == 1) {
		Job *job = g_ptr_array_index(group, 0);
		return job->run(writer->owner, job->data);
	}
	for (guint i = 0; i < group->len; i++) {
		if (!run_shared(writer, g_ptr_array_index(group, i), error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
count_commit(TillWriter *writer, GError **error)
{
	return till_db_run(till_db_query(writer->db, "UPDATE progress SET commits = commits + 1"),
			   error);
}

static void
undo(TillWriter *writer)
{
	till_db_rollback(writer->db);
	if (writer->undone != NULL)
		writer->undone(writer->owner);
}

/* FALSE with error: nothing was stored. Without: nothing was meant to be. */
static gboolean
run_transaction(TillWriter *writer, GPtrArray *group, GError **error)
{
	gint64 before = till_db_total_changes(writer->db);
	gboolean wrote;

	if (!till_db_begin(writer->db, error))
		return FALSE;
	if (!run_jobs(writer, group, error)) {
		undo(writer);
		return FALSE;
	}
	wrote = till_db_total_changes(writer->db) != before;
	if ((wrote && !count_commit(writer, error)) || !till_db_commit(writer->db, error)) {
		undo(writer);
		return FALSE;
	}
	if (wrote && writer->committed != NULL)
		writer->committed(writer->owner);
	return TRUE;
}

static void
run_group(TillWriter *writer, GPtrArray *group)
{
	g_autoptr(GError) error = NULL;
	Job *first = g_ptr_array_index(group, 0);

	if (first->alone)
		first->run(writer->owner, first->data);
	else if (!run_transaction(writer, group, &error) && error != NULL)
		till_server_log("not-stored", "jobs=%u reason=\"%s\"", group->len, error->message);
	for (guint i = 0; i < group->len; i++) {
		Job *job = g_ptr_array_index(group, i);
		job->done(job->data, error);
	}
}

static void *
thread_main(void *user)
{
	TillWriter *writer = user;
	gboolean stop = FALSE;

	till_db_own(writer->db);
	while (!stop) {
		g_autoptr(GPtrArray) group = g_ptr_array_new_with_free_func(g_free);
		if (take_group(writer, group, &stop)) {
			run_group(writer, group);
			till_db_checkpoint(writer->db, CHECKPOINT_PAGES);
		} else {
			till_db_checkpoint(writer->db, 0);
		}
	}
	return NULL;
}

TillWriter *
till_writer_new(TillDb *db, gpointer owner, TillWriterCommitted committed)
{
	TillWriter *writer = g_new0(TillWriter, 1);
	int result;

	writer->db = db;
	writer->owner = owner;
	writer->committed = committed;
	g_queue_init(&writer->jobs);
	pthread_mutex_init(&writer->lock, NULL);
	pthread_cond_init(&writer->wake, NULL);
	result = pthread_create(&writer->thread, NULL, thread_main, writer);
	g_assert(result == 0);
	pthread_setname_np(writer->thread, "writer");
	return writer;
}

void
till_writer_set_undone(TillWriter *writer, TillWriterCommitted undone)
{
	writer->undone = undone;
}

static void
push_job(TillWriter *writer, TillWriterRun run, TillWriterDone done, gpointer data, gboolean alone)
{
	Job *job = g_new0(Job, 1);

	job->run = run;
	job->done = done;
	job->data = data;
	job->alone = alone;
	pthread_mutex_lock(&writer->lock);
	g_assert(!writer->stop || pthread_equal(pthread_self(), writer->thread));
	g_queue_push_tail(&writer->jobs, job);
	pthread_cond_signal(&writer->wake);
	pthread_mutex_unlock(&writer->lock);
}

void
till_writer_post(TillWriter *writer, TillWriterRun run, TillWriterDone done, gpointer data)
{
	push_job(writer, run, done, data, FALSE);
}

/* A job somebody waits for. */
typedef struct {
	TillWriterRun run;
	gpointer data;
	pthread_mutex_t lock;
	pthread_cond_t finished;
	gboolean done; /* guarded by lock */
	GError *error; /* guarded by lock; owned */
} Waiting;

static gboolean
waiting_run(gpointer owner, gpointer data)
{
	Waiting *waiting = data;

	return waiting->run(owner, waiting->data);
}

static void
waiting_done_cb(gpointer data, const GError *error)
{
	Waiting *waiting = data;

	pthread_mutex_lock(&waiting->lock);
	waiting->done = TRUE;
	waiting->error = error != NULL ? g_error_copy(error) : NULL;
	pthread_cond_signal(&waiting->finished);
	pthread_mutex_unlock(&waiting->lock);
}

static gboolean
call_job(TillWriter *writer, TillWriterRun run, gpointer data, gboolean alone, GError **error)
{
	Waiting waiting = {.run = run, .data = data};

	g_assert(!pthread_equal(pthread_self(), writer->thread));
	pthread_mutex_init(&waiting.lock, NULL);
	pthread_cond_init(&waiting.finished, NULL);
	push_job(writer, waiting_run, waiting_done_cb, &waiting, alone);
	pthread_mutex_lock(&waiting.lock);
	while (!waiting.done)
		pthread_cond_wait(&waiting.finished, &waiting.lock);
	pthread_mutex_unlock(&waiting.lock);
	pthread_cond_destroy(&waiting.finished);
	pthread_mutex_destroy(&waiting.lock);
	if (waiting.error != NULL) {
		g_propagate_error(error, waiting.error);
		return FALSE;
	}
	return TRUE;
}

gboolean
till_writer_call(TillWriter *writer, TillWriterRun run, gpointer data, GError **error)
{
	return call_job(writer, run, data, FALSE, error);
}

void
till_writer_call_alone(TillWriter *writer, TillWriterRun run, gpointer data)
{
	gboolean stored = call_job(writer, run, data, TRUE, NULL);

	g_assert(stored);
}

void
till_writer_free(TillWriter *writer)
{
	if (writer == NULL)
		return;
	pthread_mutex_lock(&writer->lock);
	writer->stop = TRUE;
	pthread_cond_signal(&writer->wake);
	pthread_mutex_unlock(&writer->lock);
	pthread_join(writer->thread, NULL);
	pthread_cond_destroy(&writer->wake);
	pthread_mutex_destroy(&writer->lock);
	g_free(writer);
}
