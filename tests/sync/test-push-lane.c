/* SPDX-License-Identifier: Apache-2.0 */
#include "sync-fixture.h"

#include <string.h>

#define MINUTES(n) ((gint64)(n)*60 * 1000)

static void
assert_kept_once(SyncFixture *fixture, guint n)
{
	g_assert_cmpuint(fake_central_rows(fixture->central, sync_fixture_incarnation(fixture)), ==,
			 n);
	g_assert_cmpuint(fake_central_facts(fixture->central), ==, n);
}

static void
assert_reason(SyncFixture *fixture, const char *words)
{
	TillHealth health;

	sync_fixture_health(fixture, &health);
	if (strstr(health.reason, words) == NULL)
		g_error("The reason is: %s", health.reason);
}

static void
test_all_arrives(SyncFixture *fixture, gconstpointer data)
{
	TillHealth health;

	(void)data;
	sync_fixture_append(fixture, "sale", 257);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_health(fixture, &health);
	g_assert_cmpint(health.state, ==, TILL_HEALTH_STARTING);
	g_assert_cmpint(health.sales_pending, ==, 257);
	sync_fixture_until(fixture, sync_fixture_all_sent, MINUTES(1));
	assert_kept_once(fixture, 257);
	g_assert_cmpuint(fake_central_count(fixture->central, "/push"), ==, 3);
	sync_fixture_until(fixture, sync_fixture_is_up_to_date, MINUTES(1));
	sync_fixture_health(fixture, &health);
	g_assert_cmpint(health.state, ==, TILL_HEALTH_ONLINE);
	g_assert_cmpint(health.pending, ==, 0);
	g_assert_cmpuint(fixture->changed, >, 0);
}

static void
test_new_row_goes_at_once(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_until(fixture, sync_fixture_is_up_to_date, MINUTES(1));
	for (guint i = 1; i <= 3; i++) {
		sync_fixture_append(fixture, "sale", 1);
		sync_fixture_settle(fixture);
		assert_kept_once(fixture, i);
	}
}

typedef struct {
	FakeFault fault;
	guint times;
	gint64 number;
	const char *reason; /* of the offline that follows; NULL: not offline */
} Trouble;

static const Trouble troubles[] = {
    {FAKE_FAULT_DROP, 7, 0, "broke off"},         {FAKE_FAULT_SWALLOW, 3, 0, "broke off"},
    {FAKE_FAULT_CUT_ANSWER, 3, 0, "broke off"},   {FAKE_FAULT_INTERNAL, 3, 0, "central"},
    {FAKE_FAULT_BUSY, 3, 0, "central"},           {FAKE_FAULT_PROXY, 3, 0, "status 502"},
    {FAKE_FAULT_PORTAL, 3, 0, "web page"},        {FAKE_FAULT_STRANGER, 3, 0, "Another central"},
    {FAKE_FAULT_GARBAGE, 3, 0, "not sound JSON"},
};

/* Offline is said after one failed request, with a reason; all heals by itself, without another
 * local write, and whatever the central did with the lost answers, it has each fact once. */
static void
test_troubles_heal(SyncFixture *fixture, gconstpointer data)
{
	guint sent = 0;

	(void)data;
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_until(fixture, sync_fixture_is_up_to_date, MINUTES(1));
	for (gsize i = 0; i < G_N_ELEMENTS(troubles); i++) {
		const Trouble *trouble = &troubles[i];
		fake_central_fault(fixture->central, "/push", trouble->fault, trouble->times,
				   trouble->number);
		sync_fixture_append(fixture, "sale", 20);
		sent += 20;
		sync_fixture_until(fixture, sync_fixture_is_offline, 0);
		assert_reason(fixture, trouble->reason);
		sync_fixture_until(fixture, sync_fixture_all_sent, MINUTES(30));
		g_assert_true(sync_fixture_is_online(fixture));
		assert_kept_once(fixture, sent);
		fake_central_clear_faults(fixture->central);
	}
}

static void
test_outage_heals_without_a_local_write(SyncFixture *fixture, gconstpointer data)
{
	TillHealth health;

	(void)data;
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_until(fixture, sync_fixture_is_up_to_date, MINUTES(1));
	fake_central_stop(fixture->central);
	sync_fixture_append(fixture, "sale", 3);
	sync_fixture_until(fixture, sync_fixture_is_offline, 0);
	sync_fixture_advance(fixture, MINUTES(90));
	sync_fixture_settle(fixture);
	sync_fixture_health(fixture, &health);
	g_assert_cmpint(health.state, ==, TILL_HEALTH_OFFLINE);
	g_assert_cmpint(health.sales_pending, ==, 3);
	g_assert_cmpint(health.oldest_pending_s, ==, 5400);
	g_assert_cmpint(health.retry_at_mono_ms, >, fixture->mono_ms);
	fake_central_start(fixture->central);
	sync_fixture_until(fixture, sync_fixture_all_sent, MINUTES(10));
	assert_kept_once(fixture, 3);
}

static void
test_button_goes_at_once(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	sync_fixture_append(fixture, "sale", 3);
	fake_central_fault(fixture->central, "/hello", FAKE_FAULT_BUSY, 6, 900);
	sync_fixture_engine(fixture, FALSE);
	for (guint i = 0; i < 6; i++) {
		till_engine_try_now(fixture->engine);
		sync_fixture_settle(fixture);
	}
	g_assert_cmpuint(fake_central_count(fixture->central, "/hello"), ==, 6);
	till_engine_try_now(fixture->engine);
	sync_fixture_settle(fixture);
	assert_kept_once(fixture, 3);
}

static void
test_retry_after_is_waited_for(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	sync_fixture_append(fixture, "sale", 3);
	fake_central_fault(fixture->central, "/push", FAKE_FAULT_BUSY, 1, 120);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_settle(fixture);
	g_assert_cmpuint(fake_central_count(fixture->central, "/push"), ==, 1);
	/* Not even another sale shortens what the central asked for. */
	sync_fixture_append(fixture, "sale", 1);
	gint64 waited_ms = sync_fixture_until(fixture, sync_fixture_all_sent, MINUTES(10));
	g_assert_cmpint(waited_ms, >=, 120 * 1000);
	g_assert_cmpint(waited_ms, <=, 135 * 1000);
	assert_kept_once(fixture, 4);
}

static void
test_too_large_is_halved_at_once(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	sync_fixture_append(fixture, "sale", 100);
	fake_central_fault(fixture->central, "/push", FAKE_FAULT_TOO_LARGE, 2, 0);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_settle(fixture);
	assert_kept_once(fixture, 100);
	g_assert_cmpuint(fake_central_largest_batch(fixture->central), <=, 50);
}

static void
test_batches_grow_again(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	sync_fixture_append(fixture, "sale", 600);
	fake_central_fault(fixture->central, "/push", FAKE_FAULT_TOO_LARGE, 2, 0);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_settle(fixture);
	assert_kept_once(fixture, 600);
	g_assert_cmpuint(fake_central_largest_batch(fixture->central), >=, 60);
}

static void
test_hung_central_is_timed_out(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	sync_fixture_append(fixture, "sale", 2);
	fake_central_fault(fixture->central, "/push", FAKE_FAULT_HANG, 1, 0);
	sync_fixture_engine(fixture, FALSE);
	while (fake_central_count(fixture->central, "/push") == 0)
		sync_fixture_turn(fixture);
	sync_fixture_advance(fixture, 19 * 1000);
	sync_fixture_turn(fixture);
	g_assert_false(sync_fixture_is_offline(fixture));
	sync_fixture_advance(fixture, 2 * 1000);
	/* The time-out is told by the store thread's answer, which one turn may not see yet. */
	sync_fixture_until(fixture, sync_fixture_is_offline, 1000);
	assert_reason(fixture, "too long");
	sync_fixture_until(fixture, sync_fixture_all_sent, MINUTES(5));
	assert_kept_once(fixture, 2);
}

static void
test_newer_session_is_met_with_hello(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	sync_fixture_append(fixture, "sale", 5);
	fake_central_fault(fixture->central, "/push", FAKE_FAULT_SESSION, 1, 0);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_settle(fixture);
	g_assert_cmpuint(fake_central_count(fixture->central, "/hello"), ==, 2);
	assert_kept_once(fixture, 5);
}

static void
test_refusal_needs_a_person(SyncFixture *fixture, gconstpointer data)
{
	TillHealth health;

	(void)data;
	sync_fixture_append(fixture, "sale", 1);
	fake_central_fault(fixture->central, "/hello", FAKE_FAULT_FORBIDDEN, 2, 0);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_settle(fixture);
	sync_fixture_health(fixture, &health);
	g_assert_cmpint(health.state, ==, TILL_HEALTH_ATTENTION);
	g_assert_false(health.online);
	g_assert_cmpint(health.pending, ==, 1);
	sync_fixture_until(fixture, sync_fixture_all_sent, MINUTES(5));
	g_assert_true(sync_fixture_is_online(fixture));
}

static void
assert_lie_is_caught(SyncFixture *fixture, FakeFault lie)
{
	TillHealth health;
	TillOutboxCounts counts;

	sync_fixture_append(fixture, "sale", 4);
	fake_central_fault(fixture->central, "/push", lie, 1, 0);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_settle(fixture);
	sync_fixture_health(fixture, &health);
	g_assert_cmpint(health.state, ==, TILL_HEALTH_ATTENTION);
	assert_reason(fixture, "not believed");
	sync_fixture_counts(fixture, &counts);
	g_assert_cmpint(counts.pending, ==, 4);
	sync_fixture_until(fixture, sync_fixture_all_sent, MINUTES(5));
	assert_kept_once(fixture, 4);
	sync_fixture_health(fixture, &health);
	g_assert_cmpint(health.state, !=, TILL_HEALTH_ATTENTION);
}

static void
test_wrong_signature_is_not_believed(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	assert_lie_is_caught(fixture, FAKE_FAULT_LIE_SIGNATURE);
}

static void
test_old_head_is_not_believed(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	assert_lie_is_caught(fixture, FAKE_FAULT_LIE_HEAD);
}

/* An acknowledgement is no permission to forget. */
static void
test_restored_central_is_refilled(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	sync_fixture_append(fixture, "sale", 150);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_settle(fixture);
	assert_kept_once(fixture, 150);
	fake_central_restore(fixture->central, 20);
	assert_kept_once(fixture, 20);
	sync_fixture_append(fixture, "sale", 1);
	sync_fixture_settle(fixture);
	assert_kept_once(fixture, 151);
}

static void
test_restored_central_is_refilled_by_a_fresh_start(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	sync_fixture_append(fixture, "sale", 150);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_settle(fixture);
	fake_central_restore(fixture->central, 0);
	g_clear_pointer(&fixture->engine, till_engine_free);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_settle(fixture);
	assert_kept_once(fixture, 150);
}

static gboolean
is_parked(SyncFixture *fixture)
{
	TillOutboxCounts counts;

	sync_fixture_counts(fixture, &counts);
	return counts.parked == 1 && counts.pending == 0;
}

static gboolean
is_nothing_parked(SyncFixture *fixture)
{
	TillOutboxCounts counts;

	sync_fixture_counts(fixture, &counts);
	return counts.parked == 0 && fixture->engine->main_state.state == TILL_MAIN_ASLEEP;
}

/* Item 3 of 10 crashes the central: nine arrive, one is shown, and its body comes when it can. */
static void
test_poison_is_parked(SyncFixture *fixture, gconstpointer data)
{
	TillHealth health;

	(void)data;
	sync_fixture_append(fixture, "sale", 10);
	fake_central_fault(fixture->central, "/push", FAKE_FAULT_POISON, 1000, 3);
	fake_central_fault(fixture->central, "PUT ", FAKE_FAULT_INTERNAL, 2, 0);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_settle(fixture);
	gint64 waited_ms = sync_fixture_until(fixture, is_parked, MINUTES(90));
	g_assert_cmpint(waited_ms, >=, MINUTES(30));
	g_assert_cmpuint(fake_central_facts(fixture->central), ==, 9);
	sync_fixture_turn(fixture);
	sync_fixture_health(fixture, &health);
	g_assert_cmpint(health.state, ==, TILL_HEALTH_ATTENTION);
	g_assert_cmpint(health.parked, ==, 1);
	sync_fixture_until(fixture, is_nothing_parked, MINUTES(300));
	assert_kept_once(fixture, 10);
}

/* Hours without a network park nothing. */
static void
test_dead_network_parks_nothing(SyncFixture *fixture, gconstpointer data)
{
	TillOutboxCounts counts;

	(void)data;
	sync_fixture_append(fixture, "sale", 3);
	fake_central_fault(fixture->central, "POST", FAKE_FAULT_PORTAL, 20, 0);
	fake_central_fault(fixture->central, "POST", FAKE_FAULT_SWALLOW, 20, 0);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_until(fixture, sync_fixture_all_sent, MINUTES(600));
	sync_fixture_counts(fixture, &counts);
	g_assert_cmpint(counts.parked, ==, 0);
	assert_kept_once(fixture, 3);
}

static void
test_clock_offset_is_learned(SyncFixture *fixture, gconstpointer data)
{
	TillHealth health;

	(void)data;
	fake_central_set_time(fixture->central, fixture->wall_ms + 90000);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_settle(fixture);
	sync_fixture_health(fixture, &health);
	g_assert_cmpint(health.clock_skew_ms, ==, 90000);
	sync_fixture_append(fixture, "sale", 1);
	sync_fixture_settle(fixture);
	g_clear_pointer(&fixture->engine, till_engine_free);
	sync_fixture_engine(fixture, FALSE);
	g_assert_cmpint(fixture->engine->exchange.offset_ms, ==, 90000);
}

static void
test_run_until_empty(SyncFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	sync_fixture_append(fixture, "sale", 120);
	sync_fixture_engine(fixture, FALSE);
	g_assert_true(till_engine_run(fixture->engine, TRUE, MINUTES(1), &error));
	g_assert_no_error(error);
	assert_kept_once(fixture, 120);
}

static void
test_run_once_says_why_not(SyncFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	fake_central_stop(fixture->central);
	sync_fixture_engine(fixture, FALSE);
	g_assert_false(till_engine_run(fixture->engine, FALSE, MINUTES(1), &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_NETWORK);
	g_assert_nonnull(strstr(error->message, "does not answer"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	sync_fixture_add("/sync/push/all-arrives-in-full-batches", test_all_arrives);
	sync_fixture_add("/sync/push/a-new-row-goes-at-once", test_new_row_goes_at_once);
	sync_fixture_add("/sync/push/troubles-heal-and-each-fact-counts-once", test_troubles_heal);
	sync_fixture_add("/sync/push/an-outage-heals-without-a-local-write",
			 test_outage_heals_without_a_local_write);
	sync_fixture_add("/sync/push/the-button-goes-at-once", test_button_goes_at_once);
	sync_fixture_add("/sync/push/retry-after-is-waited-for", test_retry_after_is_waited_for);
	sync_fixture_add("/sync/push/too-large-is-halved-at-once",
			 test_too_large_is_halved_at_once);
	sync_fixture_add("/sync/push/batches-grow-again", test_batches_grow_again);
	sync_fixture_add("/sync/push/a-hung-central-is-timed-out", test_hung_central_is_timed_out);
	sync_fixture_add("/sync/push/a-newer-session-is-met-with-hello",
			 test_newer_session_is_met_with_hello);
	sync_fixture_add("/sync/push/a-refusal-needs-a-person", test_refusal_needs_a_person);
	sync_fixture_add("/sync/push/a-wrong-signature-is-not-believed",
			 test_wrong_signature_is_not_believed);
	sync_fixture_add("/sync/push/an-old-head-is-not-believed", test_old_head_is_not_believed);
	sync_fixture_add("/sync/push/a-restored-central-is-refilled",
			 test_restored_central_is_refilled);
	sync_fixture_add("/sync/push/a-restored-central-is-refilled-by-a-fresh-start",
			 test_restored_central_is_refilled_by_a_fresh_start);
	sync_fixture_add("/sync/push/poison-is-parked-and-its-body-offered", test_poison_is_parked);
	sync_fixture_add("/sync/push/a-dead-network-parks-nothing",
			 test_dead_network_parks_nothing);
	sync_fixture_add("/sync/push/the-clock-offset-is-learned", test_clock_offset_is_learned);
	sync_fixture_add("/sync/push/run-until-empty-ends-with-nothing-pending",
			 test_run_until_empty);
	sync_fixture_add("/sync/push/run-once-says-why-not", test_run_once_says_why_not);
	return g_test_run();
}
