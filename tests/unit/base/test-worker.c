/* SPDX-License-Identifier: Apache-2.0 */
#include "worker.h"

#include <glib-object.h>
#include <pthread.h>

#include "error.h"
#include "till-test.h"

typedef struct {
	TillWorker *worker;
	int order[8]; /* what ran, in order; the worker's until its completion came */
	guint count;
	pthread_t thread;
} Log;

typedef struct {
	Log *log;
	int number;
	gboolean fails;
} Task;

static gboolean
run_task(gpointer owner, gpointer data, GError **error)
{
	Log *log = owner;
	Task *task = data;
	g_assert_true(till_worker_is_current(log->worker));
	log->order[log->count++] = task->number;
	log->thread = pthread_self();
	if (!task->fails)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_STATE, "task %d failed", task->number);
	return FALSE;
}

static void
expect_done_cb(gpointer data, const GError *error, gpointer user)
{
	Task *task = data;
	gboolean *flag = user;
	g_assert_true((error != NULL) == task->fails);
	g_assert_false(till_worker_is_current(task->log->worker));
	*flag = TRUE;
}

static void
count_cb(gpointer data)
{
	(*(int *)data)++;
}

static gboolean
run_nothing(gpointer owner, gpointer data, GError **error)
{
	(void)owner;
	(void)data;
	(void)error;
	return TRUE;
}

static void
set_flag_cb(gpointer data, const GError *error, gpointer user)
{
	(void)data;
	(void)error;
	*(gboolean *)user = TRUE;
}

static void
fail_cb(gpointer data, const GError *error, gpointer user)
{
	(void)data;
	(void)error;
	(void)user;
	g_assert_not_reached();
}

static void
test_order_and_completion(void)
{
	Log log = {0};
	gboolean done[3] = {FALSE, FALSE, FALSE};
	Task tasks[3];
	TillWorker *worker = till_worker_new("test", &log, g_main_context_default());
	log.worker = worker;
	for (int i = 0; i < 3; i++) {
		tasks[i] = (Task){.log = &log, .number = i, .fails = i == 1};
		till_worker_post(worker, run_task, &tasks[i], NULL, NULL, expect_done_cb, &done[i]);
	}
	till_test_wait(&done[2]);
	g_assert_true(done[0] && done[1]);
	g_assert_cmpuint(log.count, ==, 3);
	g_assert_cmpint(log.order[0], ==, 0);
	g_assert_cmpint(log.order[1], ==, 1);
	g_assert_cmpint(log.order[2], ==, 2);
	g_assert_false(pthread_equal(log.thread, pthread_self()));
	till_worker_free(worker);
}

static void
test_call(void)
{
	Log log = {0};
	g_autoptr(GError) error = NULL;
	g_autoptr(TillWorker) worker = till_worker_new("test", &log, NULL);
	log.worker = worker;
	Task good = {.log = &log, .number = 1};
	Task bad = {.log = &log, .number = 2, .fails = TRUE};
	g_assert_true(till_worker_call(worker, run_task, &good, &error));
	g_assert_no_error(error);
	g_assert_false(till_worker_call(worker, run_task, &bad, &error));
	till_test_assert_error(error, TILL_ERROR_STATE, "task 2 failed");
	g_assert_false(till_worker_call(worker, run_task, &bad, NULL));
	g_assert_false(till_worker_is_current(worker));
}

static void
test_gone_receiver(void)
{
	Log log = {0};
	int freed = 0;
	gboolean last = FALSE;
	TillWorker *worker = till_worker_new("test", &log, g_main_context_default());
	log.worker = worker;
	GObject *gone = g_object_new(G_TYPE_OBJECT, NULL);
	g_autoptr(GObject) stays = g_object_new(G_TYPE_OBJECT, NULL);
	till_worker_post(worker, run_nothing, &freed, count_cb, gone, fail_cb, NULL);
	till_worker_post(worker, run_nothing, &freed, count_cb, stays, set_flag_cb, &last);
	g_object_unref(gone);
	till_test_wait(&last);
	g_assert_cmpint(freed, ==, 2);
	till_worker_free(worker);
}

static void
test_free_runs_the_queue(void)
{
	Log log = {0};
	int freed = 0;
	Task tasks[5];
	TillWorker *worker = till_worker_new("test", &log, g_main_context_default());
	log.worker = worker;
	for (int i = 0; i < 5; i++) {
		tasks[i] = (Task){.log = &log, .number = i};
		till_worker_post(worker, run_task, &tasks[i], NULL, NULL, fail_cb, NULL);
	}
	till_worker_post(worker, run_nothing, &freed, count_cb, NULL, NULL, NULL);
	till_worker_free(worker);
	g_assert_cmpuint(log.count, ==, 5);
	g_assert_cmpint(freed, ==, 1);
	g_assert_false(g_main_context_pending(NULL));
}

typedef struct {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	gboolean is_inside;
	gboolean is_open;
	guint rests;
} Gate;

static gboolean
run_gate(gpointer owner, gpointer data, GError **error)
{
	(void)owner;
	(void)error;
	Gate *gate = data;
	pthread_mutex_lock(&gate->lock);
	gate->is_inside = TRUE;
	pthread_cond_broadcast(&gate->moved);
	while (!gate->is_open)
		pthread_cond_wait(&gate->moved, &gate->lock);
	pthread_mutex_unlock(&gate->lock);
	return TRUE;
}

static void
test_pending(void)
{
	Gate gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
	g_autoptr(TillWorker) worker = till_worker_new("test", NULL, NULL);
	till_worker_post(worker, run_gate, &gate, NULL, NULL, NULL, NULL);
	pthread_mutex_lock(&gate.lock);
	while (!gate.is_inside)
		pthread_cond_wait(&gate.moved, &gate.lock);
	pthread_mutex_unlock(&gate.lock);
	g_assert_cmpuint(till_worker_pending(worker), ==, 0); /* the one that runs waits no more */
	till_worker_post(worker, run_nothing, NULL, NULL, NULL, NULL, NULL);
	till_worker_post(worker, run_nothing, NULL, NULL, NULL, NULL, NULL);
	g_assert_cmpuint(till_worker_pending(worker), ==, 2);
	pthread_mutex_lock(&gate.lock);
	gate.is_open = TRUE;
	pthread_cond_broadcast(&gate.moved);
	pthread_mutex_unlock(&gate.lock);
	g_assert_true(till_worker_call(worker, run_nothing, NULL, NULL));
	g_assert_cmpuint(till_worker_pending(worker), ==, 0);
}

static void
rest_cb(gpointer owner)
{
	Gate *gate = owner;
	pthread_mutex_lock(&gate->lock);
	gate->rests++;
	pthread_cond_broadcast(&gate->moved);
	pthread_mutex_unlock(&gate->lock);
}

static void
wait_for_rests(Gate *gate, guint rests)
{
	pthread_mutex_lock(&gate->lock);
	while (gate->rests < rests)
		pthread_cond_wait(&gate->moved, &gate->lock);
	pthread_mutex_unlock(&gate->lock);
}

static void
test_idle(void)
{
	Gate gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
	TillWorker *worker = till_worker_new("test", &gate, NULL);
	till_worker_set_idle(worker, 1, rest_cb);
	wait_for_rests(&gate, 1);
	g_assert_true(till_worker_call(worker, run_nothing, NULL, NULL));
	wait_for_rests(&gate, 2);
	till_worker_set_idle(worker, 1, NULL);
	g_assert_true(till_worker_call(worker, run_nothing, NULL, NULL));
	guint rests = gate.rests;
	g_assert_true(till_worker_call(worker, run_nothing, NULL, NULL));
	g_assert_cmpuint(gate.rests, ==, rests);
	till_worker_free(worker);
	g_assert_cmpuint(gate.rests, ==, rests);
}

static void
test_busy_worker_does_not_rest(void)
{
	Gate gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
	TillWorker *worker = till_worker_new("test", &gate, NULL);
	till_worker_set_idle(worker, G_MAXINT, rest_cb);
	for (int i = 0; i < 100; i++)
		g_assert_true(till_worker_call(worker, run_nothing, NULL, NULL));
	till_worker_free(worker);
	g_assert_cmpuint(gate.rests, ==, 0);
}

typedef struct {
	TillWorker *worker;
	gboolean inner_done;
	gboolean outer_done;
} Nested;

static void
run_nested_loop_cb(gpointer data, const GError *error, gpointer user)
{
	(void)error;
	(void)user;
	Nested *nested = data;
	till_worker_post(nested->worker, run_nothing, NULL, NULL, NULL, set_flag_cb,
			 &nested->inner_done);
	till_test_wait(&nested->inner_done);
	nested->outer_done = TRUE;
}

static void
test_nested_loop(void)
{
	Nested nested = {.worker = till_worker_new("test", NULL, g_main_context_default())};
	till_worker_post(nested.worker, run_nothing, &nested, NULL, NULL, run_nested_loop_cb, NULL);
	till_test_wait(&nested.outer_done);
	g_assert_true(nested.inner_done);
	till_worker_free(nested.worker);
}

static void
free_worker_cb(gpointer data, const GError *error, gpointer user)
{
	(void)error;
	Nested *nested = data;
	till_worker_free(nested->worker);
	*(gboolean *)user = TRUE;
}

static void
test_free_in_completion(void)
{
	gboolean done = FALSE;
	Nested nested = {.worker = till_worker_new("test", NULL, g_main_context_default())};
	till_worker_post(nested.worker, run_nothing, &nested, NULL, NULL, free_worker_cb, &done);
	till_worker_post(nested.worker, run_nothing, NULL, NULL, NULL, fail_cb, NULL);
	till_test_wait(&done);
	g_assert_false(g_main_context_pending(NULL));
}

static gboolean
add_one(gpointer owner, gpointer data, GError **error)
{
	(void)data;
	(void)error;
	(*(guint *)owner)++; /* unguarded on purpose: only the worker may come here */
	return TRUE;
}

static void *
post_many(void *data)
{
	for (int i = 0; i < 500; i++) {
		till_worker_post(data, add_one, NULL, NULL, NULL, NULL, NULL);
		if (i % 50 == 0)
			g_assert_true(till_worker_call(data, add_one, NULL, NULL));
	}
	return NULL;
}

static void
test_many_posters(void)
{
	guint count = 0;
	pthread_t threads[4];
	TillWorker *worker = till_worker_new("test", &count, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		g_assert_cmpint(pthread_create(&threads[i], NULL, post_many, worker), ==, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		pthread_join(threads[i], NULL);
	till_worker_free(worker);
	g_assert_cmpuint(count, ==, 4 * (500 + 10));
}

static gboolean
run_text(gpointer owner, gpointer data, GError **error)
{
	(void)owner;
	GString *text = data;
	g_string_append(text, " from the worker");
	g_set_error(error, TILL_ERROR, TILL_ERROR_STATE, "%s", text->str);
	return FALSE;
}

static void
free_text_cb(gpointer data)
{
	g_string_free(data, TRUE);
}

static void
expect_text_cb(gpointer data, const GError *error, gpointer user)
{
	guint *left = user;
	GString *text = data;
	g_assert_cmpstr(text->str, ==, "made here from the worker");
	g_assert_cmpstr(error->message, ==, text->str);
	(*left)--;
}

/* Memory handed over in both directions, for the thread sanitizer to watch. */
static void
test_hand_over(void)
{
	guint left = 200;
	gboolean last = FALSE;
	TillWorker *worker = till_worker_new("test", NULL, g_main_context_default());
	for (guint i = 0; i < 200; i++)
		till_worker_post(worker, run_text, g_string_new("made here"), free_text_cb, NULL,
				 expect_text_cb, &left);
	till_worker_post(worker, run_nothing, NULL, NULL, NULL, set_flag_cb, &last);
	till_test_wait(&last);
	g_assert_cmpuint(left, ==, 0);
	till_worker_free(worker);
}

static gboolean
call_self(gpointer owner, gpointer data, GError **error)
{
	(void)owner;
	return till_worker_call(data, run_nothing, NULL, error);
}

static void
test_call_on_itself_asserts(void)
{
	if (g_test_subprocess()) {
		TillWorker *worker = till_worker_new("test", NULL, NULL);
		g_assert_true(till_worker_call(worker, call_self, worker, NULL));
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_failed();
	g_test_trap_assert_stderr("*till_worker_is_current*");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/worker/runs-in-order-and-completes", test_order_and_completion);
	g_test_add_func("/base/worker/call-waits-and-returns", test_call);
	g_test_add_func("/base/worker/a-gone-receiver-is-not-called", test_gone_receiver);
	g_test_add_func("/base/worker/free-runs-what-is-queued", test_free_runs_the_queue);
	g_test_add_func("/base/worker/pending-counts-what-waits", test_pending);
	g_test_add_func("/base/worker/rests-once-a-pause", test_idle);
	g_test_add_func("/base/worker/does-not-rest-while-busy", test_busy_worker_does_not_rest);
	g_test_add_func("/base/worker/a-completion-may-run-a-nested-loop", test_nested_loop);
	g_test_add_func("/base/worker/a-completion-may-free-the-worker", test_free_in_completion);
	g_test_add_func("/base/worker/many-threads-may-post", test_many_posters);
	g_test_add_func("/base/worker/data-and-errors-change-hands", test_hand_over);
	g_test_add_func("/base/worker/a-call-on-itself-asserts", test_call_on_itself_asserts);
	return g_test_run();
}
