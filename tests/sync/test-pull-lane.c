/* SPDX-License-Identifier: Apache-2.0 */
#include "sync-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define MINUTES(n) ((gint64)(n)*60 * 1000)

static void
start_up_to_date(SyncFixture *fixture, gboolean live)
{
	sync_fixture_engine(fixture, live);
	sync_fixture_until(fixture, sync_fixture_is_up_to_date, MINUTES(1));
	sync_fixture_settle(fixture);
}

static void
feed_setting(SyncFixture *fixture, const char *scope, const char *name, const char *value)
{
	fake_central_feed(fixture->central, scope, "setting", name,
			  json_pack("{s:s, s:s}", "name", name, "value", value));
}

static guint
feeds_asked(SyncFixture *fixture)
{
	return fake_central_count(fixture->central, "GET /v1/feed");
}

static guint
snapshots_asked(SyncFixture *fixture)
{
	return fake_central_count(fixture->central, "GET /v1/snapshot");
}

static void
assert_cursor(SyncFixture *fixture, const char *cursor)
{
	TillHealth health;

	sync_fixture_turn(fixture);
	sync_fixture_health(fixture, &health);
	g_assert_cmpstr(health.cursor, ==, cursor);
}

static void
test_first_start_takes_a_snapshot(SyncFixture *fixture, gconstpointer data)
{
	g_autofree char *part = g_build_filename(fixture->home, "snapshot.part", NULL);

	(void)data;
	start_up_to_date(fixture, FALSE);
	g_assert_cmpuint(snapshots_asked(fixture), ==, 1);
	g_assert_cmpuint(fixture->cache_changed, >, 0);
	g_assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
	assert_cursor(fixture, "e1.0");
}

static void
test_pages_are_walked_to_the_head(SyncFixture *fixture, gconstpointer data)
{
	TillHealth health;

	(void)data;
	for (guint i = 0; i < 7; i++) {
		g_autofree char *name = g_strdup_printf("name-%u", i);
		feed_setting(fixture, "store:014", name, "x");
	}
	feed_setting(fixture, "chain", "shop_name", "Juniper & Rye");
	start_up_to_date(fixture, FALSE);
	assert_cursor(fixture, "e1.7");
	g_assert_cmpint(fixture->engine->pull.cursors[1].seq, ==, 1);
	sync_fixture_health(fixture, &health);
	g_assert_cmpint(health.cursor_age_s, ==, 0);
}

static void
test_polls_without_hints(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	start_up_to_date(fixture, FALSE);
	guint before = feeds_asked(fixture);
	feed_setting(fixture, "chain", "shop_name", "Juniper & Rye");
	sync_fixture_advance(fixture, 14 * 1000);
	sync_fixture_settle(fixture);
	g_assert_cmpuint(feeds_asked(fixture), ==, before);
	sync_fixture_advance(fixture, 11 * 1000);
	sync_fixture_settle(fixture);
	g_assert_cmpuint(feeds_asked(fixture), >, before);
	g_assert_cmpint(fixture->engine->pull.cursors[1].seq, ==, 1);
}

static void
test_a_hint_pulls_at_once(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	start_up_to_date(fixture, TRUE);
	g_assert_cmpuint(fake_central_listeners(fixture->central), ==, 1);
	fake_central_beat(fixture->central);
	feed_setting(fixture, "store:014", "greeting", "hello");
	fake_central_hint(fixture->central, "store:014", 1);
	while (fixture->engine->pull.cursors[0].seq < 1)
		till_engine_turn(fixture->engine, 20);
	sync_fixture_settle(fixture);
	assert_cursor(fixture, "e1.1");
}

static void
test_odd_events_are_ignored(SyncFixture *fixture, gconstpointer data)
{
	static const char *const hints[] = {"chain", "store:999", "chain\",\"x\":\"",
					    "store:014\n\ndata: {{{\ndata:\n\n"};

	(void)data;
	start_up_to_date(fixture, TRUE);
	guint before = feeds_asked(fixture);
	for (gsize i = 0; i < G_N_ELEMENTS(hints); i++)
		fake_central_hint(fixture->central, hints[i], i == 0 ? 0 : -5);
	feed_setting(fixture, "store:014", "greeting", "hello");
	fake_central_hint(fixture->central, "store:014", 1);
	while (fixture->engine->pull.cursors[0].seq < 1)
		till_engine_turn(fixture->engine, 20);
	sync_fixture_settle(fixture);
	/* One round for the one true hint: a page of each scope. */
	g_assert_cmpuint(feeds_asked(fixture), ==, before + 2);
}

static gboolean
has_no_listener(SyncFixture *fixture)
{
	return fixture->engine->live_state.state == TILL_LIVE_CLOSED;
}

/* The screen says so within one request of the central's end, although nothing was to be sent. */
static void
test_stopped_central_is_noticed_at_once(SyncFixture *fixture, gconstpointer data)
{
	TillHealth health;

	(void)data;
	start_up_to_date(fixture, TRUE);
	fake_central_beat(fixture->central);
	while (!fixture->engine->live.heard)
		till_engine_turn(fixture->engine, 20);
	sync_fixture_health(fixture, &health);
	g_assert_cmpint(health.state, ==, TILL_HEALTH_ONLINE);
	fake_central_stop(fixture->central);
	while (!has_no_listener(fixture))
		till_engine_turn(fixture->engine, 20);
	sync_fixture_settle(fixture);
	sync_fixture_health(fixture, &health);
	g_assert_cmpint(health.state, ==, TILL_HEALTH_OFFLINE);
	g_assert_cmpint(health.retry_at_mono_ms, >, 0);
	fake_central_start(fixture->central);
	sync_fixture_until(fixture, sync_fixture_is_online, MINUTES(10));
}

static void
test_silent_stream_is_given_up(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	start_up_to_date(fixture, TRUE);
	guint before = fake_central_count(fixture->central, "GET /v1/events");
	fake_central_beat(fixture->central);
	while (!fixture->engine->live.heard)
		till_engine_turn(fixture->engine, 20);
	till_engine_turn(fixture->engine, 0);
	sync_fixture_advance(fixture, 44 * 1000);
	sync_fixture_settle(fixture);
	g_assert_cmpuint(fake_central_listeners(fixture->central), ==, 1);
	sync_fixture_advance(fixture, 2 * 1000);
	sync_fixture_settle(fixture);
	sync_fixture_advance(fixture, 3 * 1000);
	sync_fixture_settle(fixture);
	while (fake_central_count(fixture->central, "GET /v1/events") == before)
		till_engine_turn(fixture->engine, 20);
	g_assert_true(sync_fixture_is_online(fixture));
}

static void
test_old_cursor_takes_a_snapshot_later(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	start_up_to_date(fixture, TRUE);
	fake_central_fault(fixture->central, "GET /v1/feed", FAKE_FAULT_GONE, 1, 0);
	till_engine_try_now(fixture->engine);
	sync_fixture_settle(fixture);
	g_assert_cmpuint(snapshots_asked(fixture), ==, 1);
	g_assert_true(fixture->engine->pull.wants_snapshot);
	/* The middle of U(0, 10 min), for a fleet must not come at once. */
	gint64 waited_ms = sync_fixture_until(fixture, sync_fixture_is_up_to_date, MINUTES(11));
	g_assert_cmpint(waited_ms, >=, MINUTES(4));
	g_assert_cmpuint(snapshots_asked(fixture), ==, 2);
}

static void
test_button_skips_the_jitter(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	start_up_to_date(fixture, TRUE);
	fake_central_fault(fixture->central, "GET /v1/feed", FAKE_FAULT_GONE, 1, 0);
	till_engine_try_now(fixture->engine);
	sync_fixture_settle(fixture);
	till_engine_try_now(fixture->engine);
	sync_fixture_until(fixture, sync_fixture_is_up_to_date, 2000);
	g_assert_cmpuint(snapshots_asked(fixture), ==, 2);
}

static gboolean
is_alarmed(SyncFixture *fixture)
{
	TillHealth health;

	sync_fixture_health(fixture, &health);
	return health.state == TILL_HEALTH_ATTENTION;
}

static void
test_second_gone_in_an_epoch_is_an_alarm(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	start_up_to_date(fixture, FALSE);
	fake_central_fault(fixture->central, "GET /v1/feed", FAKE_FAULT_GONE, 6, 0);
	sync_fixture_until(fixture, is_alarmed, MINUTES(5));
	guint before = snapshots_asked(fixture);
	sync_fixture_until(fixture, sync_fixture_is_up_to_date, MINUTES(30));
	sync_fixture_turn(fixture);
	g_assert_false(is_alarmed(fixture));
	g_assert_cmpuint(snapshots_asked(fixture) - before, <=, 6);
}

static void
test_new_epoch_takes_a_snapshot(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	start_up_to_date(fixture, FALSE);
	fake_central_restore(fixture->central, 0);
	sync_fixture_advance(fixture, 30 * 1000);
	sync_fixture_turn(fixture);
	for (guint i = 0; i < 200 && snapshots_asked(fixture) < 2; i++)
		sync_fixture_turn(fixture);
	g_assert_cmpuint(snapshots_asked(fixture), >=, 2);
}

static void
test_damaged_snapshot_is_not_taken(SyncFixture *fixture, gconstpointer data)
{
	g_autofree char *path = g_build_filename(fixture->dir, "bad.db", NULL);
	g_autofree char *part = g_build_filename(fixture->home, "snapshot.part", NULL);
	TillHealth health;

	(void)data;
	g_assert_true(g_file_set_contents(path, "not a database", -1, NULL));
	fake_central_snapshot(fixture->central, path);
	sync_fixture_engine(fixture, FALSE);
	while (snapshots_asked(fixture) == 0 || fixture->engine->pull_backoff.failures == 0)
		sync_fixture_turn(fixture);
	sync_fixture_turn(fixture);
	sync_fixture_health(fixture, &health);
	g_assert_cmpint(health.state, ==, TILL_HEALTH_STALE);
	g_assert_cmpstr(health.reason, !=, "");
	g_assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
	/* Sales go on. */
	sync_fixture_append(fixture, "sale", 2);
	sync_fixture_until(fixture, sync_fixture_all_sent, 1000);
	g_assert_cmpuint(fake_central_facts(fixture->central), ==, 2);
}

static void
test_cut_snapshot_is_fetched_again(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	fake_central_fault(fixture->central, "GET /v1/snapshot", FAKE_FAULT_CUT_ANSWER, 2, 0);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_until(fixture, sync_fixture_is_up_to_date, MINUTES(5));
	g_assert_cmpuint(snapshots_asked(fixture), ==, 3);
}

static void
test_portal_on_the_feed_is_offline(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	start_up_to_date(fixture, FALSE);
	fake_central_fault(fixture->central, "GET /v1/feed", FAKE_FAULT_PORTAL, 2, 0);
	sync_fixture_until(fixture, sync_fixture_is_offline, MINUTES(1));
	sync_fixture_until(fixture, sync_fixture_is_online, MINUTES(5));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	sync_fixture_add("/sync/pull/first-start-takes-a-snapshot",
			 test_first_start_takes_a_snapshot);
	sync_fixture_add("/sync/pull/pages-are-walked-to-the-head",
			 test_pages_are_walked_to_the_head);
	sync_fixture_add("/sync/pull/polls-without-hints", test_polls_without_hints);
	sync_fixture_add("/sync/pull/an-old-cursor-takes-a-snapshot-later",
			 test_old_cursor_takes_a_snapshot_later);
	sync_fixture_add("/sync/pull/the-button-skips-the-jitter", test_button_skips_the_jitter);
	sync_fixture_add("/sync/pull/a-second-410-in-one-epoch-is-an-alarm",
			 test_second_gone_in_an_epoch_is_an_alarm);
	sync_fixture_add("/sync/pull/a-new-epoch-takes-a-snapshot",
			 test_new_epoch_takes_a_snapshot);
	sync_fixture_add("/sync/pull/a-damaged-snapshot-is-not-taken",
			 test_damaged_snapshot_is_not_taken);
	sync_fixture_add("/sync/pull/a-cut-snapshot-is-fetched-again",
			 test_cut_snapshot_is_fetched_again);
	sync_fixture_add("/sync/pull/a-portal-on-the-feed-is-offline",
			 test_portal_on_the_feed_is_offline);
	sync_fixture_add("/sync/live/a-hint-pulls-at-once", test_a_hint_pulls_at_once);
	sync_fixture_add("/sync/live/odd-events-are-ignored", test_odd_events_are_ignored);
	sync_fixture_add("/sync/live/a-stopped-central-is-noticed-at-once",
			 test_stopped_central_is_noticed_at_once);
	sync_fixture_add("/sync/live/a-silent-stream-is-given-up", test_silent_stream_is_given_up);
	return g_test_run();
}
