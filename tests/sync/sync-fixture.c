/* SPDX-License-Identifier: Apache-2.0 */
#include "sync-fixture.h"

#include <string.h>

#include "journal.h"

#define WALL_MS G_GINT64_CONSTANT(1795420000000)
#define TURN_MS 20
#define STEP_MS 250
#define TURNS_MAX 200000

static gint64
wall_cb(gpointer user)
{
	const SyncFixture *fixture = user;

	return __atomic_load_n(&fixture->wall_ms, __ATOMIC_RELAXED);
}

static gint64
mono_cb(gpointer user)
{
	const SyncFixture *fixture = user;

	return __atomic_load_n(&fixture->mono_ms, __ATOMIC_RELAXED);
}

typedef struct {
	SyncFixture *fixture;
	guint64 number;
	const char *type;
	guint n;
} Job;

static void
run(SyncFixture *fixture, TillWorkerRun job, gpointer data)
{
	g_autoptr(GError) error = NULL;
	gboolean ok = till_worker_call(till_store_worker(fixture->store), job, data, &error);

	g_assert_no_error(error);
	g_assert_true(ok);
}

static gboolean
enrol_job(gpointer owner, gpointer data, GError **error)
{
	const Job *job = data;
	FakeCentral *central = job->fixture->central;
	g_autofree char *url = fake_central_url(central);
	TillIdentity identity = {
	    .store_id = (char[]){"11111111-1111-4111-8111-111111111111"},
	    .terminal_id = g_strdup(fake_central_terminal(central)),
	    .store_code = (char[]){"014"},
	    .till_number = (char[]){"02"},
	    .server_url = url,
	    .server_id = g_strdup(fake_central_id(central)),
	    .server_key = *fake_central_key(central),
	    .ca_pem = (char[]){""},
	};
	const TillSigningKey *key = till_identity_key(owner, error);

	if (key == NULL)
		return FALSE;
	fake_central_trust(central, till_crypto_key_public(key));
	gboolean ok = till_identity_save(owner, &identity, error);
	g_free(identity.terminal_id);
	g_free(identity.server_id);
	return ok;
}

static gboolean
cursor_job(gpointer owner, gpointer data, GError **error)
{
	static const char *const scopes[] = {"chain", "store:014"};
	g_autoptr(GPtrArray) rows = g_ptr_array_new();

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(scopes); i++) {
		if (!till_feed_apply(owner, scopes[i], "e1", rows, 0, error))
			return FALSE;
	}
	return TRUE;
}

/* A cache file whose cursors stand at the feed's beginning, as the central would build it. */
static void
make_snapshot(SyncFixture *fixture)
{
	g_autofree char *home = g_build_filename(fixture->dir, "snapshot-home", NULL);
	g_autofree char *path = g_build_filename(home, "cache.db", NULL);
	g_autoptr(GError) error = NULL;
	TillStore *store = till_store_open(home, TILL_STORE_CREATE, "snapshot maker",
					   &fixture->clock, NULL, &error);

	g_assert_no_error(error);
	g_assert_true(till_worker_call(till_store_worker(store), cursor_job, NULL, &error));
	till_store_close(store);
	fake_central_snapshot(fixture->central, path);
}

void
sync_fixture_open(SyncFixture *fixture)
{
	g_autoptr(GError) error = NULL;

	fixture->store = till_store_open(fixture->home, TILL_STORE_CREATE, "a test",
					 &fixture->clock, NULL, &error);
	g_assert_no_error(error);
}

void
sync_fixture_set_up(SyncFixture *fixture, gconstpointer data)
{
	Job job = {.fixture = fixture};

	(void)data;
	till_crypto_init();
	fixture->dir = till_test_temp_dir();
	fixture->home = g_build_filename(fixture->dir, "home", NULL);
	g_autofree char *state = g_build_filename(fixture->dir, "state", NULL);
	g_setenv("TILLHOUSE_STATE_DIR", state, TRUE);
	fixture->clock = (TillClock){wall_cb, mono_cb, fixture};
	fixture->wall_ms = WALL_MS;
	fixture->mono_ms = 1000000;
	fixture->central = fake_central_new();
	fake_central_set_time(fixture->central, WALL_MS);
	make_snapshot(fixture);
	sync_fixture_open(fixture);
	run(fixture, enrol_job, &job);
}

void
sync_fixture_close(SyncFixture *fixture)
{
	g_clear_pointer(&fixture->engine, till_engine_free);
	g_clear_pointer(&fixture->store, till_store_close);
}

void
sync_fixture_tear_down(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	sync_fixture_close(fixture);
	fake_central_free(fixture->central);
	till_test_remove_dir(fixture->dir);
	g_free(fixture->dir);
	g_free(fixture->home);
}

static guint32
middle_cb(void)
{
	return G_MAXUINT32 / 2;
}

static void
changed_cb(const TillHealth *health, gpointer user)
{
	SyncFixture *fixture = user;

	(void)health;
	fixture->changed++;
}

static void
cache_changed_cb(gpointer user)
{
	SyncFixture *fixture = user;

	fixture->cache_changed++;
}

void
sync_fixture_engine(SyncFixture *fixture, gboolean live)
{
	g_autoptr(GError) error = NULL;
	TillEngineObserver observer = {
	    .changed = changed_cb, .cache_changed = cache_changed_cb, .user = fixture};

	fixture->engine = till_engine_new(fixture->store, &observer, &error);
	g_assert_no_error(error);
	fixture->engine->use_live = live;
	/* Waits in the middle of their range, so that a test can say when something is due. */
	fixture->engine->random = middle_cb;
	fixture->engine->main_backoff.random = middle_cb;
	fixture->engine->pull_backoff.random = middle_cb;
	fixture->engine->live_backoff.random = middle_cb;
}

static GBytes *
build_cb(const TillEntry *stamp, gpointer user, GError **error)
{
	const Job *job = user;
	char *text = g_strdup_printf("{\"n\":%" G_GINT64_FORMAT ",\"what\":\"%s \\\"quoted\\\"\"}",
				     stamp->seq, job->type);

	(void)error;
	return g_bytes_new_take(text, strlen(text));
}

static gboolean
append_job(gpointer owner, gpointer data, GError **error)
{
	Job *job = data;

	for (guint i = 0; i < job->n; i++) {
		TillJournalDraft draft = {.type = job->type,
					  .version = 1,
					  .business_date = "2026-11-23",
					  .build = build_cb,
					  .user = job};
		g_autoptr(TillEntry) entry = till_journal_append(owner, &draft, error);
		if (entry == NULL)
			return FALSE;
	}
	return TRUE;
}

void
sync_fixture_append(SyncFixture *fixture, const char *type, guint n)
{
	Job job = {.type = type, .n = n};

	run(fixture, append_job, &job);
}

static gboolean
incarnation_job(gpointer owner, gpointer data, GError **error)
{
	Job *job = data;
	g_autoptr(GArray) heads = till_outbox_heads(owner, error);

	if (heads == NULL)
		return FALSE;
	job->number = g_array_index(heads, TillOutboxHead, heads->len - 1).incarnation;
	return TRUE;
}

guint64
sync_fixture_incarnation(SyncFixture *fixture)
{
	Job job = {0};

	run(fixture, incarnation_job, &job);
	return job.number;
}

static gboolean
counts_job(gpointer owner, gpointer data, GError **error)
{
	return till_outbox_counts(owner, data, error);
}

void
sync_fixture_counts(SyncFixture *fixture, TillOutboxCounts *out)
{
	run(fixture, counts_job, out);
}

static gboolean
visit_cb(const TillEntry *entry, gpointer user, GError **error)
{
	char *text = g_malloc(TILL_UUID_TEXT);

	(void)error;
	g_hash_table_add(user, till_uuid_format(&entry->txn, text));
	return TRUE;
}

static gboolean
facts_job(gpointer owner, gpointer data, GError **error)
{
	return till_journal_each(owner, visit_cb, data, error);
}

guint
sync_fixture_facts(SyncFixture *fixture)
{
	g_autoptr(GHashTable) facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	run(fixture, facts_job, facts);
	return g_hash_table_size(facts);
}

void
sync_fixture_advance(SyncFixture *fixture, gint64 ms)
{
	__atomic_add_fetch(&fixture->wall_ms, ms, __ATOMIC_RELAXED);
	__atomic_add_fetch(&fixture->mono_ms, ms, __ATOMIC_RELAXED);
}

/* Something would start with the next turn. */
static gboolean
is_due(SyncFixture *fixture)
{
	TillEngine *engine = fixture->engine;
	gboolean has_work = !engine->greeted || engine->counts_stale ||
			    engine->counts.pending > 0 || engine->push.resend->len > 0;

	pthread_mutex_lock(&engine->lock);
	gboolean is_woken = engine->wakes != 0;
	pthread_mutex_unlock(&engine->lock);
	return is_woken || till_pull_due(engine) <= fixture->mono_ms ||
	       (has_work && till_backoff_is_due(&engine->main_backoff, fixture->mono_ms));
}

static gboolean
is_busy(SyncFixture *fixture)
{
	const TillEngine *engine = fixture->engine;

	return is_due(fixture) || engine->main_state.state != TILL_MAIN_ASLEEP ||
	       engine->pull_state.state != TILL_PULL_REST ||
	       (engine->live_state.state == TILL_LIVE_OPEN &&
		fake_central_listeners(fixture->central) == 0);
}

gboolean
sync_fixture_turn(SyncFixture *fixture)
{
	till_engine_turn(fixture->engine, is_busy(fixture) ? TURN_MS : 0);
	while (g_main_context_iteration(NULL, FALSE)) {
	}
	return is_busy(fixture);
}

void
sync_fixture_settle(SyncFixture *fixture)
{
	for (guint i = 0; i < TURNS_MAX; i++) {
		if (!sync_fixture_turn(fixture))
			return;
	}
	g_assert_not_reached();
}

gint64
sync_fixture_until(SyncFixture *fixture, SyncCondition condition, gint64 limit_ms)
{
	gint64 started_ms = fixture->mono_ms;

	for (guint i = 0; i < TURNS_MAX; i++) {
		gboolean busy = sync_fixture_turn(fixture);
		if (condition(fixture))
			return fixture->mono_ms - started_ms;
		g_assert_cmpint(fixture->mono_ms - started_ms, <=, limit_ms);
		if (!busy)
			sync_fixture_advance(fixture, STEP_MS);
	}
	g_assert_not_reached();
}

gboolean
sync_fixture_all_sent(SyncFixture *fixture)
{
	TillOutboxCounts counts;

	sync_fixture_counts(fixture, &counts);
	return counts.pending == 0 && fixture->engine->greeted &&
	       fixture->engine->main_state.state == TILL_MAIN_ASLEEP &&
	       fixture->engine->push.resend->len == 0;
}

gboolean
sync_fixture_is_offline(SyncFixture *fixture)
{
	TillHealth health;

	sync_fixture_health(fixture, &health);
	return health.state == TILL_HEALTH_OFFLINE;
}

gboolean
sync_fixture_is_online(SyncFixture *fixture)
{
	TillHealth health;

	sync_fixture_health(fixture, &health);
	return health.online;
}

gboolean
sync_fixture_is_up_to_date(SyncFixture *fixture)
{
	return fixture->engine->pull.up_to_date_mono_ms != 0 &&
	       fixture->engine->pull_state.state == TILL_PULL_REST &&
	       fixture->engine->pull.due_mono_ms != 0 && !fixture->engine->pull.wants_snapshot;
}

void
sync_fixture_health(SyncFixture *fixture, TillHealth *out)
{
	till_engine_health(fixture->engine, out);
}

void
sync_fixture_add(const char *path, void (*test)(SyncFixture *, gconstpointer))
{
	g_test_add(path, SyncFixture, NULL, sync_fixture_set_up, test, sync_fixture_tear_down);
}
