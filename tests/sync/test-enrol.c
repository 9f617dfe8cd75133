/* SPDX-License-Identifier: Apache-2.0 */
#include "enrol.h"

#include <string.h>

#include "sync-fixture.h"

/* A second, empty home beside the fixture's own. */
static TillStore *
open_fresh(SyncFixture *fixture)
{
	g_autofree char *home = g_build_filename(fixture->dir, "fresh", NULL);
	g_autoptr(GError) error = NULL;
	TillStore *store =
	    till_store_open(home, TILL_STORE_CREATE, "a test", &fixture->clock, NULL, &error);

	g_assert_no_error(error);
	return store;
}

static gboolean
identity_job(gpointer owner, gpointer data, GError **error)
{
	TillIdentity **identity = data;

	*identity = till_identity_load(owner, error);
	return *identity != NULL;
}

static gboolean
cursor_job(gpointer owner, gpointer data, GError **error)
{
	return till_feed_cursor(owner, "store:014", data, error);
}

static void
assert_enrolled(SyncFixture *fixture, TillStore *store)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillIdentity) identity = NULL;
	TillFeedCursor cursor;

	g_assert_true(till_worker_call(till_store_worker(store), identity_job, &identity, &error));
	g_assert_cmpstr(identity->server_id, ==, fake_central_id(fixture->central));
	g_assert_cmpstr(identity->terminal_id, ==, fake_central_terminal(fixture->central));
	g_assert_cmpstr(identity->store_code, ==, "014");
	g_assert_cmpstr(identity->ca_pem, ==, "");
	g_assert_true(till_worker_call(till_store_worker(store), cursor_job, &cursor, &error));
	g_assert_cmpstr(cursor.epoch, ==, "e1");
}

static gboolean
enrol(SyncFixture *fixture, TillStore *store, const char *code, GError **error)
{
	g_autofree char *url = fake_central_url(fixture->central);

	return till_enrol_run(store, url, code, error);
}

static void
test_code_makes_a_till(SyncFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillStore) store = open_fresh(fixture);

	(void)data;
	g_assert_true(enrol(fixture, store, "k7qf 93xm", &error));
	g_assert_no_error(error);
	assert_enrolled(fixture, store);
}

static void
test_lost_answer_is_asked_again(SyncFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillStore) store = open_fresh(fixture);

	(void)data;
	fake_central_fault(fixture->central, "/v1/enrol", FAKE_FAULT_SWALLOW, 1, 0);
	g_assert_true(enrol(fixture, store, FAKE_CENTRAL_CODE, &error));
	g_assert_no_error(error);
	assert_enrolled(fixture, store);
}

static void
assert_fails(SyncFixture *fixture, const char *url, const char *code, int error_code,
	     const char *words)
{
	GError *error = NULL;
	g_autoptr(TillStore) store = open_fresh(fixture);
	g_autofree char *own = fake_central_url(fixture->central);

	g_assert_false(till_enrol_run(store, url != NULL ? url : own, code, &error));
	till_test_assert_error(error, error_code, words);
}

static void
test_wrong_codes_are_refused(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	assert_fails(fixture, NULL, "AAAA-AAAA", TILL_ERROR_REFUSED, "The central says");
	assert_fails(fixture, NULL, "AAAA", TILL_ERROR_INVALID, "no enrolment code");
	g_assert_cmpuint(fake_central_count(fixture->central, "/v1/enrol"), ==, 1);
}

static void
test_used_code_is_refused(SyncFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	{
		g_autoptr(TillStore) store = open_fresh(fixture);
		g_assert_true(enrol(fixture, store, FAKE_CENTRAL_CODE, &error));
	}
	g_autofree char *fresh = g_build_filename(fixture->dir, "fresh", NULL);
	till_test_remove_dir(fresh);
	assert_fails(fixture, NULL, FAKE_CENTRAL_CODE, TILL_ERROR_REFUSED, "The central says");
}

static void
test_enrolled_home_is_kept(SyncFixture *fixture, gconstpointer data)
{
	GError *error = NULL;

	(void)data;
	g_assert_false(enrol(fixture, fixture->store, FAKE_CENTRAL_CODE, &error));
	till_test_assert_error(error, TILL_ERROR_STATE, "already belongs to till 02");
	g_assert_cmpuint(fake_central_count(fixture->central, "/v1/enrol"), ==, 0);
}

static void
test_tls_needs_the_ca_part(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	assert_fails(fixture, "https://127.0.0.1:1", FAKE_CENTRAL_CODE, TILL_ERROR_INVALID,
		     "too short for https");
	assert_fails(fixture, "http://central.example", FAKE_CENTRAL_CODE, TILL_ERROR_DENIED,
		     "Use https");
}

static void
test_portal_is_not_a_central(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	fake_central_fault(fixture->central, "/v1/enrol", FAKE_FAULT_PORTAL, 3, 0);
	assert_fails(fixture, NULL, FAKE_CENTRAL_CODE, TILL_ERROR_NETWORK, "not a central");
}

static void
test_missing_catalogue_is_said(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	fake_central_fault(fixture->central, "/v1/snapshot", FAKE_FAULT_INTERNAL, 1, 0);
	assert_fails(fixture, NULL, FAKE_CENTRAL_CODE, TILL_ERROR_NETWORK, "is enrolled, but");
}

static void
test_late_catalogue_is_asked_for_again(SyncFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillStore) store = open_fresh(fixture);

	(void)data;
	fake_central_fault(fixture->central, "/v1/snapshot", FAKE_FAULT_PROXY, 2, 0);
	g_assert_true(enrol(fixture, store, FAKE_CENTRAL_CODE, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(fake_central_count(fixture->central, "/v1/snapshot"), ==, 3);
	assert_enrolled(fixture, store);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	sync_fixture_add("/sync/enrol/a-code-makes-a-till-that-can-sell", test_code_makes_a_till);
	sync_fixture_add("/sync/enrol/a-lost-answer-is-asked-again",
			 test_lost_answer_is_asked_again);
	sync_fixture_add("/sync/enrol/wrong-codes-are-refused", test_wrong_codes_are_refused);
	sync_fixture_add("/sync/enrol/a-used-code-is-refused", test_used_code_is_refused);
	sync_fixture_add("/sync/enrol/an-enrolled-home-is-kept", test_enrolled_home_is_kept);
	sync_fixture_add("/sync/enrol/tls-needs-the-ca-part", test_tls_needs_the_ca_part);
	sync_fixture_add("/sync/enrol/a-portal-is-not-a-central", test_portal_is_not_a_central);
	sync_fixture_add("/sync/enrol/a-missing-catalogue-is-said", test_missing_catalogue_is_said);
	sync_fixture_add("/sync/enrol/a-late-catalogue-is-asked-for-again",
			 test_late_catalogue_is_asked_for_again);
	return g_test_run();
}
