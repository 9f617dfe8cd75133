/* SPDX-License-Identifier: Apache-2.0 */
#include "sync-fixture.h"

#include <glib/gstdio.h>

#define MINUTES(n) ((gint64)(n)*60 * 1000)

/* The files of a home but its lock, as a backup or a copied disk holds them. */
static void
copy_files(const char *from, const char *to)
{
	g_autoptr(GDir) dir = g_dir_open(from, 0, NULL);
	const char *name;

	g_assert_nonnull(dir);
	g_assert_cmpint(g_mkdir_with_parents(to, 0700), ==, 0);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *source = g_build_filename(from, name, NULL);
		g_autofree char *target = g_build_filename(to, name, NULL);
		g_autofree char *bytes = NULL;
		gsize size;
		if (!g_file_test(source, G_FILE_TEST_IS_REGULAR))
			continue;
		g_assert_true(g_file_get_contents(source, &bytes, &size, NULL));
		g_assert_true(g_file_set_contents_full(target, bytes, (gssize)size,
						       G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	}
}

static void
forget_witness(SyncFixture *fixture)
{
	g_autofree char *state = g_build_filename(fixture->dir, "state", NULL);

	till_test_remove_dir(state);
}

static void
back_up(SyncFixture *fixture)
{
	g_autofree char *backup = g_build_filename(fixture->dir, "backup", NULL);

	sync_fixture_close(fixture);
	copy_files(fixture->home, backup);
	sync_fixture_open(fixture);
}

typedef enum {
	PUT_BACK_NEW_FILES, /* another inode: the store itself takes them for a copy */
	PUT_BACK_IN_PLACE,  /* the same files with older bytes: only the central can tell */
	PUT_BACK_SEEN,      /* in place, but the witness outside remembers more */
} PutBack;

static void
put_back(SyncFixture *fixture, PutBack how)
{
	g_autofree char *backup = g_build_filename(fixture->dir, "backup", NULL);
	g_autofree char *log = g_build_filename(fixture->home, "ledger.db-wal", NULL);

	sync_fixture_close(fixture);
	if (how == PUT_BACK_NEW_FILES) {
		/* Held by another name, so that the number is not given out again. */
		g_autofree char *ledger = g_build_filename(fixture->home, "ledger.db", NULL);
		g_autofree char *aside = g_build_filename(fixture->dir, "ledger-aside.db", NULL);
		g_assert_cmpint(g_rename(ledger, aside), ==, 0);
	}
	(void)g_unlink(log);
	copy_files(backup, fixture->home);
	if (how != PUT_BACK_SEEN)
		forget_witness(fixture);
	sync_fixture_open(fixture);
}

static void
send_all(SyncFixture *fixture)
{
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_until(fixture, sync_fixture_all_sent, MINUTES(5));
	sync_fixture_settle(fixture);
}

/* Facts at both ends, and nothing left to say. */
static void
assert_agreed(SyncFixture *fixture, guint facts)
{
	TillHealth health;

	g_assert_cmpuint(sync_fixture_facts(fixture), ==, facts);
	g_assert_cmpuint(fake_central_facts(fixture->central), ==, facts);
	sync_fixture_health(fixture, &health);
	g_assert_true(health.online);
	g_assert_cmpint(health.pending, ==, 0);
}

static void
restore_backup(SyncFixture *fixture, PutBack how)
{
	sync_fixture_append(fixture, "sale", 5);
	back_up(fixture);
	guint64 first = sync_fixture_incarnation(fixture);
	sync_fixture_append(fixture, "sale", 10);
	send_all(fixture);
	put_back(fixture, how);
	g_assert_cmpuint(sync_fixture_facts(fixture), ==, 5);
	send_all(fixture);
	/* The ten lost sales came back, and the numbers used for them are not used again. */
	assert_agreed(fixture, 15);
	g_assert_cmpuint(sync_fixture_incarnation(fixture), !=, first);
	sync_fixture_append(fixture, "sale", 3);
	sync_fixture_until(fixture, sync_fixture_all_sent, MINUTES(5));
	assert_agreed(fixture, 18);
	g_assert_cmpuint(fake_central_rows(fixture->central, first), ==, 15);
}

static void
test_restored_backup_gets_its_rows_back(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	restore_backup(fixture, PUT_BACK_IN_PLACE);
}

static void
test_copied_backup_gets_its_rows_back(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	restore_backup(fixture, PUT_BACK_NEW_FILES);
}

static void
test_restored_backup_known_by_its_witness(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	restore_backup(fixture, PUT_BACK_SEEN);
}

static void
test_restored_and_sold_is_a_fork(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	sync_fixture_append(fixture, "sale", 5);
	back_up(fixture);
	guint64 first = sync_fixture_incarnation(fixture);
	sync_fixture_append(fixture, "sale", 10);
	send_all(fixture);
	put_back(fixture, PUT_BACK_IN_PLACE);
	sync_fixture_append(fixture, "sale", 4);
	send_all(fixture);
	/* The central has 15 + 4; this ledger its 5 + 4, the 4 under new envelopes. */
	g_assert_cmpuint(fake_central_facts(fixture->central), ==, 19);
	g_assert_cmpuint(fake_central_rows(fixture->central, first), ==, 15);
	guint64 second = sync_fixture_incarnation(fixture);
	g_assert_cmpuint(second, !=, first);
	g_assert_cmpuint(fake_central_rows(fixture->central, second), ==, 4);
	g_assert_cmpuint(sync_fixture_facts(fixture), ==, 9);
	sync_fixture_append(fixture, "sale", 1);
	sync_fixture_until(fixture, sync_fixture_all_sent, MINUTES(5));
	g_assert_cmpuint(fake_central_rows(fixture->central, second), ==, 5);
}

/* The central names the fork at every hello; that is no reason to begin anew each time. */
static void
test_settled_fork_stays_settled(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	sync_fixture_append(fixture, "sale", 5);
	back_up(fixture);
	sync_fixture_append(fixture, "sale", 10);
	send_all(fixture);
	put_back(fixture, PUT_BACK_IN_PLACE);
	sync_fixture_append(fixture, "sale", 4);
	send_all(fixture);
	guint64 second = sync_fixture_incarnation(fixture);
	for (guint i = 0; i < 3; i++) {
		g_clear_pointer(&fixture->engine, till_engine_free);
		send_all(fixture);
		g_assert_true(sync_fixture_is_online(fixture));
	}
	g_assert_cmpuint(sync_fixture_incarnation(fixture), ==, second);
	g_assert_cmpuint(fake_central_facts(fixture->central), ==, 19);
}

static void
test_deep_fork_is_found(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	sync_fixture_append(fixture, "sale", 40);
	back_up(fixture);
	sync_fixture_append(fixture, "sale", 200);
	send_all(fixture);
	put_back(fixture, PUT_BACK_IN_PLACE);
	sync_fixture_append(fixture, "sale", 150);
	send_all(fixture);
	g_assert_cmpuint(fake_central_facts(fixture->central), ==, 390);
}

static void
test_mending_survives_a_bad_link(SyncFixture *fixture, gconstpointer data)
{
	(void)data;
	sync_fixture_append(fixture, "sale", 5);
	back_up(fixture);
	sync_fixture_append(fixture, "sale", 10);
	send_all(fixture);
	put_back(fixture, PUT_BACK_IN_PLACE);
	fake_central_fault(fixture->central, "/journal?", FAKE_FAULT_DROP, 6, 0);
	fake_central_fault(fixture->central, "/journal?", FAKE_FAULT_CUT_ANSWER, 2, 0);
	fake_central_fault(fixture->central, "/hello", FAKE_FAULT_SWALLOW, 2, 0);
	sync_fixture_engine(fixture, FALSE);
	sync_fixture_until(fixture, sync_fixture_all_sent, MINUTES(60));
	assert_agreed(fixture, 15);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	sync_fixture_add("/sync/mend/a-restored-backup-gets-its-rows-back",
			 test_restored_backup_gets_its_rows_back);
	sync_fixture_add("/sync/mend/a-copied-backup-gets-its-rows-back",
			 test_copied_backup_gets_its_rows_back);
	sync_fixture_add("/sync/mend/a-restored-backup-known-by-its-witness",
			 test_restored_backup_known_by_its_witness);
	sync_fixture_add("/sync/mend/restored-and-then-sold-is-a-fork",
			 test_restored_and_sold_is_a_fork);
	sync_fixture_add("/sync/mend/a-settled-fork-stays-settled",
			 test_settled_fork_stays_settled);
	sync_fixture_add("/sync/mend/a-deep-fork-is-found", test_deep_fork_is_found);
	sync_fixture_add("/sync/mend/mending-survives-a-bad-link",
			 test_mending_survives_a_bad_link);
	return g_test_run();
}
