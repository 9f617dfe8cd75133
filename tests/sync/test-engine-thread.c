/* SPDX-License-Identifier: Apache-2.0 */
#include "sync-fixture.h"

/* The engine on its own thread, as the till runs it; the system's clock, so waits here are for
 * events. */

typedef struct {
	SyncFixture base;
	GMainLoop *loop;
	TillHealth health;
	TillHealthState wanted;
	gint64 wanted_pending;
} Fixture;

static void
changed_cb(const TillHealth *health, gpointer user)
{
	Fixture *fixture = user;

	fixture->health = *health;
	if (health->state == fixture->wanted && health->pending == fixture->wanted_pending)
		g_main_loop_quit(fixture->loop);
}

static gboolean
give_up_cb(gpointer user)
{
	const Fixture *fixture = user;
	g_autofree char *words = till_health_words(&fixture->health, 0);

	g_error("Still “%s” (%s)", words, fixture->health.reason);
	return G_SOURCE_REMOVE;
}

static void
wait_for(Fixture *fixture, TillHealthState state, gint64 pending)
{
	guint guard = g_timeout_add_seconds(30, give_up_cb, fixture);

	fixture->wanted = state;
	fixture->wanted_pending = pending;
	if (fixture->health.state != state || fixture->health.pending != pending)
		g_main_loop_run(fixture->loop);
	g_source_remove(guard);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	TillEngineObserver observer = {.changed = changed_cb, .user = fixture};

	sync_fixture_set_up(&fixture->base, data);
	sync_fixture_close(&fixture->base);
	fixture->loop = g_main_loop_new(NULL, FALSE);
	fixture->base.store =
	    till_store_open(fixture->base.home, 0, "a test", till_clock_system(), NULL, &error);
	g_assert_no_error(error);
	fixture->base.engine = till_engine_new(fixture->base.store, &observer, &error);
	g_assert_no_error(error);
	till_engine_start(fixture->base.engine);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
	sync_fixture_tear_down(&fixture->base, data);
	g_main_loop_unref(fixture->loop);
}

static void
test_sales_go_by_themselves(Fixture *fixture, gconstpointer data)
{
	(void)data;
	wait_for(fixture, TILL_HEALTH_ONLINE, 0);
	for (guint i = 0; i < 20; i++)
		sync_fixture_append(&fixture->base, "sale", 5);
	wait_for(fixture, TILL_HEALTH_ONLINE, 0);
	while (fake_central_facts(fixture->base.central) < 100)
		g_main_context_iteration(NULL, TRUE);
	g_assert_cmpuint(fake_central_facts(fixture->base.central), ==, 100);
}

static void
test_outage_is_shown_and_heals(Fixture *fixture, gconstpointer data)
{
	(void)data;
	wait_for(fixture, TILL_HEALTH_ONLINE, 0);
	fake_central_stop(fixture->base.central);
	sync_fixture_append(&fixture->base, "sale", 2);
	wait_for(fixture, TILL_HEALTH_OFFLINE, 2);
	g_assert_cmpint(fixture->health.sales_pending, ==, 2);
	fake_central_start(fixture->base.central);
	till_engine_try_now(fixture->base.engine);
	wait_for(fixture, TILL_HEALTH_ONLINE, 0);
}

/* An unfinished request is no reason to wait. */
static void
test_free_is_quick(Fixture *fixture, gconstpointer data)
{
	(void)data;
	wait_for(fixture, TILL_HEALTH_ONLINE, 0);
	fake_central_fault(fixture->base.central, "/push", FAKE_FAULT_HANG, 1, 0);
	sync_fixture_append(&fixture->base, "sale", 1);
	while (fake_central_count(fixture->base.central, "/push") == 0)
		g_main_context_iteration(NULL, FALSE);
	gint64 started_us = g_get_monotonic_time();
	g_clear_pointer(&fixture->base.engine, till_engine_free);
	g_assert_cmpint(g_get_monotonic_time() - started_us, <, G_USEC_PER_SEC);
}

static void
test_free_before_anything(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_clear_pointer(&fixture->base.engine, till_engine_free);
	sync_fixture_append(&fixture->base, "sale", 1);
}

static void
add(const char *path, void (*test)(Fixture *, gconstpointer))
{
	g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add("/sync/thread/sales-go-by-themselves", test_sales_go_by_themselves);
	add("/sync/thread/an-outage-is-shown-and-heals", test_outage_is_shown_and_heals);
	add("/sync/thread/free-is-quick", test_free_is_quick);
	add("/sync/thread/free-before-anything-happened", test_free_before_anything);
	return g_test_run();
}
