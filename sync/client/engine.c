/* SPDX-License-Identifier: Apache-2.0 */
#include "engine-private.h"

#include <gio/gio.h>
#include <string.h>

/* The loop that drives the three lanes, and what they share: the truth about the link. See
 * engine-private.h. */

#define TICK_MS 15000         /* 15 s */
#define WAIT_MAX_MS 60000     /* 1 min */
#define PULL_STARVED_MS 60000 /* 1 min */
#define EMPTY_QUEUE_WAIT_MS 1000

#define BIT(state) (1u << (state))

static const TillStateRow main_rows[] = {
    [TILL_MAIN_ASLEEP] = {"asleep", BIT(TILL_MAIN_ASLEEP) | BIT(TILL_MAIN_HELLO) |
					BIT(TILL_MAIN_PUSH) | BIT(TILL_MAIN_OFFER)},
    [TILL_MAIN_HELLO] = {"hello", BIT(TILL_MAIN_ASLEEP) | BIT(TILL_MAIN_MEND)},
    [TILL_MAIN_MEND] = {"mend", BIT(TILL_MAIN_ASLEEP)},
    [TILL_MAIN_PUSH] = {"push", BIT(TILL_MAIN_PUSH) | BIT(TILL_MAIN_ASLEEP)},
    [TILL_MAIN_OFFER] = {"offer", BIT(TILL_MAIN_ASLEEP)},
};

static const TillStateRow pull_rows[] = {
    [TILL_PULL_REST] = {"rest",
			BIT(TILL_PULL_REST) | BIT(TILL_PULL_FEED) | BIT(TILL_PULL_SNAPSHOT)},
    [TILL_PULL_FEED] = {"feed",
			BIT(TILL_PULL_REST) | BIT(TILL_PULL_FEED) | BIT(TILL_PULL_SNAPSHOT)},
    [TILL_PULL_SNAPSHOT] = {"snapshot", BIT(TILL_PULL_REST)},
};

static const TillStateRow live_rows[] = {
    [TILL_LIVE_CLOSED] = {"closed", BIT(TILL_LIVE_OPEN)},
    [TILL_LIVE_OPEN] = {"open", BIT(TILL_LIVE_CLOSED)},
};

gint64
till_engine_now(const TillEngine *engine)
{
	return till_clock_mono_ms(engine->clock);
}

gboolean
till_engine_call(TillEngine *engine, TillWorkerRun run, gpointer data)
{
	g_autoptr(GError) error = NULL;

	if (till_worker_call(till_store_worker(engine->store), run, data, &error))
		return TRUE;
	till_link_note(engine, error->message);
	return FALSE;
}

static gboolean
counts_job(gpointer owner, gpointer data, GError **error)
{
	return till_outbox_counts(owner, data, error);
}

gboolean
till_engine_refresh_counts(TillEngine *engine)
{
	TillOutboxCounts counts = {0};

	if (!till_engine_call(engine, counts_job, &counts))
		return FALSE;
	engine->counts = counts;
	engine->counts_stale = FALSE;
	return TRUE;
}

static void
shorten_all(TillEngine *engine, guint wakes)
{
	gint64 now_ms = till_engine_now(engine);
	TillBackoff *lanes[] = {&engine->main_backoff, &engine->pull_backoff,
				&engine->live_backoff};

	for (gsize i = 0; i < G_N_ELEMENTS(lanes); i++) {
		if ((wakes & TILL_WAKE_BUTTON) != 0)
			till_backoff_clear_wait(lanes[i]);
		else
			till_backoff_network_back(lanes[i], now_ms);
	}
	till_pull_soon(engine);
	if ((wakes & TILL_WAKE_BUTTON) != 0) {
		engine->pull.snapshot_due_mono_ms = 0;
		engine->push.offer_due_mono_ms = 0;
	}
}

/* FALSE: stop. */
static gboolean
take_wakes(TillEngine *engine)
{
	pthread_mutex_lock(&engine->lock);
	guint wakes = engine->wakes;
	engine->wakes &= TILL_WAKE_STOP;
	pthread_mutex_unlock(&engine->lock);
	if ((wakes & TILL_WAKE_STOP) != 0)
		return FALSE;
	if ((wakes & TILL_WAKE_ROW) != 0) {
		engine->counts_stale = TRUE;
		till_backoff_nudge(&engine->main_backoff, till_engine_now(engine));
	}
	if ((wakes & TILL_WAKE_CHECKED) != 0)
		till_snapshot_checked(engine);
	if ((wakes & (TILL_WAKE_NETWORK | TILL_WAKE_BUTTON)) != 0)
		shorten_all(engine, wakes);
	return TRUE;
}

static gboolean
main_has_work(TillEngine *engine)
{
	return !engine->greeted || engine->counts.pending > 0 || engine->push.resend->len > 0;
}

static void
drive_main(TillEngine *engine)
{
	if (engine->main_state.state != TILL_MAIN_ASLEEP ||
	    !till_backoff_is_due(&engine->main_backoff, till_engine_now(engine)))
		return;
	if (!engine->greeted) {
		till_hello_start(engine);
	} else if (main_has_work(engine)) {
		/* Counted as pending yet nothing to read: look again, but not at once. */
		if (!till_push_start(engine) && engine->counts.pending > 0)
			till_backoff_failed(&engine->main_backoff, till_engine_now(engine), -1);
	} else if (till_offer_is_due(engine)) {
		(void)till_offer_start(engine);
	}
}

/* Sales go first, but a long queue does not keep prices old for ever. */
static void
drive_pull(TillEngine *engine)
{
	gint64 now_ms = till_engine_now(engine);
	gint64 due_ms = till_pull_due(engine);

	if (due_ms > now_ms)
		return;
	if (engine->main_state.state == TILL_MAIN_PUSH && engine->pull.up_to_date_mono_ms != 0 &&
	    now_ms - engine->pull.up_to_date_mono_ms < PULL_STARVED_MS)
		return;
	till_pull_start(engine);
}

static gboolean
may_listen(const TillEngine *engine)
{
	return engine->use_live && engine->greeted && engine->main_backoff.failures == 0 &&
	       engine->live_state.state == TILL_LIVE_CLOSED;
}

static void
drive_live(TillEngine *engine)
{
	if (may_listen(engine) &&
	    till_backoff_is_due(&engine->live_backoff, till_engine_now(engine)))
		till_live_start(engine);
}

static gint64
next_due(TillEngine *engine)
{
	gint64 due_ms = MIN(engine->tick_mono_ms, till_pull_due(engine));

	if (engine->main_state.state == TILL_MAIN_ASLEEP) {
		if (main_has_work(engine))
			due_ms = MIN(due_ms, engine->main_backoff.due_mono_ms);
		else if (engine->counts.parked > 0)
			due_ms = MIN(due_ms, MAX(engine->push.offer_due_mono_ms,
						 engine->main_backoff.due_mono_ms));
	}
	if (may_listen(engine))
		due_ms = MIN(due_ms, engine->live_backoff.due_mono_ms);
	return due_ms;
}

static void
tick(TillEngine *engine)
{
	gint64 now_ms = till_engine_now(engine);

	if (now_ms < engine->tick_mono_ms)
		return;
	engine->tick_mono_ms = now_ms + TICK_MS;
	engine->counts_stale = TRUE;
}

/* FALSE: told to stop. */
static gboolean
turn(TillEngine *engine, gint64 max_wait_ms)
{
	if (!take_wakes(engine))
		return FALSE;
	tick(engine);
	if (engine->counts_stale && !till_engine_refresh_counts(engine))
		engine->tick_mono_ms = till_engine_now(engine) + EMPTY_QUEUE_WAIT_MS;
	till_live_heed(engine);
	drive_main(engine);
	drive_pull(engine);
	drive_live(engine);
	till_report_publish(engine);
	gint64 wait_ms = next_due(engine) - till_engine_now(engine);
	till_http_poll(engine->http, CLAMP(wait_ms, 0, MIN(max_wait_ms, WAIT_MAX_MS)));
	return TRUE;
}

void
till_engine_turn(TillEngine *engine, gint64 max_wait_ms)
{
	(void)turn(engine, max_wait_ms);
	till_report_publish(engine);
}

static void *
run_thread(void *data)
{
	TillEngine *engine = data;

	while (turn(engine, WAIT_MAX_MS)) {
	}
	return NULL;
}

void
till_engine_wake_for(TillEngine *engine, guint why)
{
	pthread_mutex_lock(&engine->lock);
	engine->wakes |= why;
	pthread_mutex_unlock(&engine->lock);
	till_http_wake(engine->http);
}

void
till_engine_wake(TillEngine *engine)
{
	till_engine_wake_for(engine, TILL_WAKE_ROW);
}

void
till_engine_try_now(TillEngine *engine)
{
	till_engine_wake_for(engine, TILL_WAKE_BUTTON);
}

static void
committed_cb(gpointer user)
{
	till_engine_wake_for(user, TILL_WAKE_ROW);
}

static void
network_changed_cb(GNetworkMonitor *monitor, gboolean available, gpointer user)
{
	(void)monitor;
	if (available)
		till_engine_wake_for(user, TILL_WAKE_NETWORK);
}

void
till_engine_health(TillEngine *engine, TillHealth *out)
{
	pthread_mutex_lock(&engine->lock);
	*out = engine->health;
	pthread_mutex_unlock(&engine->lock);
}

static guint32
random_bits(void)
{
	guint32 bits;

	till_crypto_random(&bits, sizeof bits);
	return bits;
}

static gint64
read_note(TillStore *store, const char *name, gint64 fallback)
{
	g_autofree char *text = till_outbox_note_get(store, name, NULL);
	gint64 value = fallback;

	if (text == NULL || !till_text_parse_int(text, G_MININT64, G_MAXINT64, &value))
		return fallback;
	return value;
}

static gboolean
load_job(gpointer owner, gpointer data, GError **error)
{
	TillStore *store = owner;
	TillEngine *engine = data;

	engine->identity = till_identity_load(store, error);
	if (engine->identity == NULL)
		return FALSE;
	engine->key = till_identity_key(store, error);
	if (engine->key == NULL)
		return FALSE;
	engine->fingerprint = till_identity_fingerprint(store);
	engine->server_incarnation =
	    till_outbox_note_get(store, TILL_NOTE_SERVER_INCARNATION, NULL);
	if (engine->server_incarnation == NULL)
		engine->server_incarnation = g_strdup("");
	engine->last_success_wall_ms = read_note(store, TILL_NOTE_LAST_SUCCESS, 0);
	engine->noted_success_wall_ms = engine->last_success_wall_ms;
	engine->pull.up_to_date_wall_ms = read_note(store, TILL_NOTE_UP_TO_DATE, 0);
	engine->pull.noted_up_to_date_ms = engine->pull.up_to_date_wall_ms;
	engine->exchange.offset_ms = read_note(store, TILL_NOTE_OFFSET, 0);
	engine->uncertainty_ms = read_note(store, TILL_NOTE_UNCERTAINTY, -1);
	if (!till_outbox_counts(store, &engine->counts, error))
		return FALSE;
	g_autofree char *scope = g_strconcat("store:", engine->identity->store_code, NULL);
	return till_feed_cursor(store, scope, &engine->pull.cursors[0], error) &&
	       till_feed_cursor(store, "chain", &engine->pull.cursors[1], error);
}

static void
init_lanes(TillEngine *engine)
{
	till_state_machine_init(&engine->main_state, main_rows, G_N_ELEMENTS(main_rows),
				TILL_MAIN_ASLEEP);
	till_state_machine_init(&engine->pull_state, pull_rows, G_N_ELEMENTS(pull_rows),
				TILL_PULL_REST);
	till_state_machine_init(&engine->live_state, live_rows, G_N_ELEMENTS(live_rows),
				TILL_LIVE_CLOSED);
	till_backoff_init(&engine->main_backoff, engine->random);
	till_backoff_init(&engine->pull_backoff, engine->random);
	till_backoff_init(&engine->live_backoff, engine->random);
	till_push_init(engine);
	till_pull_init(engine);
	engine->live.line = g_string_new(NULL);
	engine->mends = g_array_new(FALSE, TRUE, sizeof(TillWireHeadAnswer));
	engine->session = g_strdup("");
}

static void
free_early(TillEngine *engine)
{
	g_clear_pointer(&engine->identity, till_identity_free);
	g_free(engine->fingerprint);
	g_free(engine->server_incarnation);
	pthread_mutex_destroy(&engine->lock);
	g_free(engine);
}

static gboolean
hook_job(gpointer owner, gpointer data, GError **error)
{
	TillEngine *engine = data;
	gboolean remove = engine->has_hook;

	(void)error;
	till_store_set_committed(owner, remove ? NULL : committed_cb, remove ? NULL : engine);
	engine->has_hook = !remove;
	return TRUE;
}

TillEngine *
till_engine_new(TillStore *store, const TillEngineObserver *observer, GError **error)
{
	TillEngine *engine = g_new0(TillEngine, 1);

	pthread_mutex_init(&engine->lock, NULL);
	engine->store = store;
	engine->clock = till_store_clock(store);
	engine->random = random_bits;
	if (!till_worker_call(till_store_worker(store), load_job, engine, error)) {
		free_early(engine);
		return NULL;
	}
	engine->http = till_http_new(engine->identity->server_url, engine->identity->ca_pem,
				     TILL_HTTP_PINNED, engine->clock, error);
	if (engine->http == NULL) {
		free_early(engine);
		return NULL;
	}
	engine->exchange.http = engine->http;
	engine->exchange.identity = engine->identity;
	engine->exchange.key = engine->key;
	engine->exchange.clock = engine->clock;
	init_lanes(engine);
	if (observer != NULL) {
		engine->observer = *observer;
		engine->outlet = till_report_outlet_new(engine, observer->context);
	}
	/* On the store's own thread, so that no commit is half way through the hook when it
	 * changes. */
	(void)till_engine_call(engine, hook_job, engine);
	till_report_publish(engine);
	return engine;
}

void
till_engine_start(TillEngine *engine)
{
	g_assert(!engine->has_thread);
	engine->use_live = TRUE;
	engine->monitor = g_object_ref(g_network_monitor_get_default());
	engine->monitor_handler = g_signal_connect(engine->monitor, "network-changed",
						   G_CALLBACK(network_changed_cb), engine);
	int result = pthread_create(&engine->thread, NULL, run_thread, engine);
	g_assert(result == 0);
	engine->has_thread = TRUE;
}

static gboolean
is_all_done(TillEngine *engine, gint64 started_mono_ms)
{
	return engine->greeted && engine->online && engine->main_state.state == TILL_MAIN_ASLEEP &&
	       !main_has_work(engine) && !engine->counts_stale &&
	       engine->pull_state.state == TILL_PULL_REST && !engine->pull.wants_snapshot &&
	       engine->pull.due_mono_ms != 0 && engine->pull.up_to_date_mono_ms >= started_mono_ms;
}

gboolean
till_engine_run(TillEngine *engine, gboolean until_empty, gint64 timeout_ms, GError **error)
{
	gint64 started_ms = till_engine_now(engine);
	guint64 failures = engine->failure_count;

	g_assert(!engine->has_thread);
	till_engine_try_now(engine);
	do {
		gint64 left_ms = started_ms + timeout_ms - till_engine_now(engine);
		if (left_ms <= 0) {
			g_set_error(error, TILL_ERROR, TILL_ERROR_NETWORK,
				    "Time ran out with %" G_GINT64_FORMAT " waiting. %s",
				    engine->counts.pending, engine->last_failure);
			return FALSE;
		}
		till_engine_turn(engine, left_ms);
		if (!until_empty && engine->failure_count != failures) {
			g_set_error_literal(error, TILL_ERROR, TILL_ERROR_NETWORK,
					    engine->last_failure);
			return FALSE;
		}
	} while (!is_all_done(engine, started_ms));
	return TRUE;
}

void
till_engine_free(TillEngine *engine)
{
	if (engine == NULL)
		return;
	if (engine->monitor != NULL) {
		g_signal_handler_disconnect(engine->monitor, engine->monitor_handler);
		g_object_unref(engine->monitor);
	}
	if (engine->has_thread) {
		till_engine_wake_for(engine, TILL_WAKE_STOP);
		pthread_join(engine->thread, NULL);
	}
	(void)till_engine_call(engine, hook_job, engine);
	till_worker_free(engine->checker);
	if (engine->outlet != NULL) {
		g_source_destroy(engine->outlet);
		g_source_unref(engine->outlet);
	}
	till_push_clear(engine);
	till_pull_clear(engine);
	till_http_free(engine->http);
	g_string_free(engine->live.line, TRUE);
	g_array_unref(engine->mends);
	g_free(engine->session);
	free_early(engine);
}
