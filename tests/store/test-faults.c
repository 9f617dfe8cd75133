/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "fixture.h"

/* The released code under faults from outside: syscalls that fail or kill (strace), a disk that is
 * full (a small tmpfs). Where the machine allows neither, the test says so by name. */

#define STRACE_MESSAGE "strace cannot trace here"

/* Runs argv; out gets what it printed. Returns its wait status. */
static int
run(const char *const *argv, char **out)
{
	int status = -1;
	GError *error = NULL;
	g_auto(GStrv) environment = g_get_environ();
	/* The leak checker cannot work beside another tracer. */
	environment = g_environ_setenv(environment, "ASAN_OPTIONS", "detect_leaks=0", TRUE);
	GSpawnFlags flags = G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL;
	if (out == NULL)
		flags |= G_SPAWN_STDOUT_TO_DEV_NULL;
	g_spawn_sync(NULL, (char **)(guintptr)argv, environment, flags, NULL, NULL, out, NULL,
		     &status, &error);
	if (error != NULL) {
		g_clear_error(&error);
		return -1;
	}
	return status;
}

static gboolean
has_strace(void)
{
	const char *const argv[] = {"strace", "-qq", "-o", "/dev/null", "true", NULL};
	return run(argv, NULL) == 0;
}

/* Sells count times on the fixture's closed home with strace doing what inject says; what it
 * printed. */
static char *
drive(TillFixture *fixture, const char *inject, const char *count)
{
	g_autofree char *driver =
	    g_build_filename(g_getenv("TILL_BUILD_ROOT"), "tests/store/store-driver", NULL);
	const char *const argv[] = {
	    "strace", "-f",   "-qq",  "-o",          "/dev/null", "-e", "trace=fdatasync,pwrite64",
	    "-e",     inject, driver, fixture->home, count,       NULL};
	char *out = NULL;
	run(argv, &out);
	return out == NULL ? g_strdup("") : out;
}

static char **said;    /* lines of the driver */
static guint recorded; /* rows of the journal after it */

static guint
count_lines(const char *begin)
{
	guint count = 0;
	for (char **line = said; *line != NULL; line++)
		count += g_str_has_prefix(*line, begin);
	return count;
}

/* Every sale said to be done is in the journal under the number that was said; nothing else is
 * wrong with it. */
static void
assert_nothing_lost(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	TillJournalCheck check;
	(void)fixture;
	for (char **line = said; *line != NULL; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", 3);
		TillUuid txn;
		if (g_strv_length(words) != 3 || strcmp(words[0], "ok") != 0 ||
		    !till_uuid_parse(words[2], &txn))
			continue;
		g_autoptr(TillEntry) entry = till_journal_find_txn(store, &txn, &error);
		g_assert_no_error(error);
		g_assert_cmpint(entry->seq, ==, g_ascii_strtoll(words[1], NULL, 10));
	}
	gboolean ok = till_journal_verify(store, &check, &error);
	g_assert_no_error(error);
	g_assert_true(ok);
	g_assert_cmpstr(check.problem, ==, NULL);
	g_assert_cmpint(check.rows, >=, count_lines("ok"));
	recorded = (guint)check.rows;
	till_journal_check_clear(&check);
	till_fixture_sell_many(store, 1);
}

/* Drives with a fault, then opens without it and compares. */
static void
drive_and_compare(TillFixture *fixture, const char *inject, const char *count)
{
	till_fixture_close(fixture);
	g_autofree char *out = drive(fixture, inject, count);
	said = g_strsplit(out, "\n", -1);
	till_fixture_open(fixture);
	till_fixture_do(fixture, assert_nothing_lost);
}

static void
test_killed(void)
{
	if (!has_strace()) {
		g_test_skip(STRACE_MESSAGE);
		return;
	}
	TillFixture *fixture = till_fixture_new();
	guint killed = 0;
	for (int point = 3; point <= 63; point += 4) {
		g_autofree char *inject =
		    g_strdup_printf("inject=pwrite64:signal=SIGKILL:when=%d", point);
		drive_and_compare(fixture, inject, "6");
		killed += count_lines("end") == 0;
		g_clear_pointer(&said, g_strfreev);
	}
	/* The sweep hit the sales themselves, not only the opening. */
	g_assert_cmpuint(killed, >=, 8);
	till_fixture_free(fixture);
}

static void
test_sync_fails_once(void)
{
	if (!has_strace()) {
		g_test_skip(STRACE_MESSAGE);
		return;
	}
	TillFixture *fixture = till_fixture_new();
	for (int point = 2; point <= 6; point++) {
		g_autofree char *inject =
		    g_strdup_printf("inject=fdatasync:error=EIO:when=%d", point);
		drive_and_compare(fixture, inject, "8");
		/* One failed sync is tried again, and nobody need know. */
		g_assert_cmpuint(count_lines("ok"), ==, 8);
		g_assert_cmpuint(count_lines("trouble"), ==, 0);
		g_clear_pointer(&said, g_strfreev);
	}
	till_fixture_free(fixture);
}

static void
test_sync_fails_for_ever(void)
{
	if (!has_strace()) {
		g_test_skip(STRACE_MESSAGE);
		return;
	}
	TillFixture *fixture = till_fixture_new();
	drive_and_compare(fixture, "inject=fdatasync:error=EIO:when=5+", "8");
	g_assert_cmpuint(count_lines("ok"), <, 8);
	g_assert_cmpuint(count_lines("error 3 "), >, 0); /* TILL_ERROR_DISK */
	g_assert_cmpuint(count_lines("trouble"), ==, 1);
	g_clear_pointer(&said, g_strfreev);
	till_fixture_free(fixture);
}

static void
test_sync_heals(void)
{
	if (!has_strace()) {
		g_test_skip(STRACE_MESSAGE);
		return;
	}
	TillFixture *fixture = till_fixture_new();
	drive_and_compare(fixture, "inject=fdatasync:error=EIO:when=4..9", "20");
	g_assert_cmpuint(count_lines("ok"), >, 10);
	/* What was recorded although its sync failed is told, not passed over. */
	guint told = count_lines("trouble Entry ");
	g_assert_cmpuint(count_lines("trouble"), ==, told);
	g_assert_cmpuint(recorded, ==, count_lines("ok") + told);
	g_clear_pointer(&said, g_strfreev);
	till_fixture_free(fixture);
}

static guint
count_syncs(TillFixture *fixture, const char *count)
{
	g_autofree char *trace = g_build_filename(fixture->root, "trace", NULL);
	g_autofree char *driver =
	    g_build_filename(g_getenv("TILL_BUILD_ROOT"), "tests/store/store-driver", NULL);
	const char *const argv[] = {
	    "strace", "-f",          "-qq", "-o", trace, "-e", "trace=fdatasync,fsync",
	    driver,   fixture->home, count, NULL};
	g_autofree char *text = NULL;
	g_assert_cmpint(run(argv, NULL), ==, 0);
	g_assert_true(g_file_get_contents(trace, &text, NULL, NULL));
	guint calls = 0;
	for (const char *at = text; (at = strstr(at, "sync(")) != NULL; at++)
		calls++;
	return calls;
}

static void
test_one_sync(void)
{
	if (!has_strace()) {
		g_test_skip(STRACE_MESSAGE);
		return;
	}
	TillFixture *fixture = till_fixture_new();
	till_fixture_close(fixture);
	guint few = count_syncs(fixture, "10");
	guint many = count_syncs(fixture, "60");
	g_assert_cmpuint(many - few, ==, 50);
	till_fixture_free(fixture);
}

static guint sold;

static void
sell_until_full(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	for (;;) {
		g_autoptr(TillEntry) entry = till_fixture_sell(store, "TEE-1", 1000, &error);
		if (entry == NULL)
			break;
		sold++;
		g_assert_cmpuint(sold, <, 100000);
	}
	till_test_assert_error(error, TILL_ERROR_FULL, "disk is full");
}

static void
sell_again(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	TillJournalCheck check;
	(void)fixture;
	till_fixture_sell_many(store, 1);
	gboolean ok = till_journal_verify(store, &check, &error);
	g_assert_no_error(error);
	g_assert_true(ok);
	g_assert_cmpstr(check.problem, ==, NULL);
	g_assert_cmpint(check.rows, ==, sold + 1);
}

static void
test_full(void)
{
	TillFixture *fixture = till_fixture_new_empty();
	g_assert_cmpint(g_mkdir(fixture->home, 0700), ==, 0);
	if (mount("tmpfs", fixture->home, "tmpfs", 0, "size=2m") != 0) {
		g_autofree char *why =
		    g_strdup_printf("no small disk can be mounted here: %s", g_strerror(errno));
		g_test_skip(why);
		till_fixture_free(fixture);
		return;
	}
	g_autofree char *filler = g_build_filename(fixture->home, "filler", NULL);
	g_autofree char *zeros = g_malloc0(512 * 1024);
	g_assert_true(g_file_set_contents(filler, zeros, 512 * 1024, NULL));
	till_fixture_open(fixture);
	till_fixture_do(fixture, till_fixture_enrol);
	till_fixture_do(fixture, sell_until_full);
	g_autofree char *trouble = till_store_trouble(fixture->store);
	g_assert_nonnull(strstr(trouble, "disk is full"));
	g_assert_cmpint(g_unlink(filler), ==, 0);
	till_fixture_do(fixture, sell_again);
	g_autofree char *after = till_store_trouble(fixture->store);
	g_assert_nonnull(strstr(after, "MB are free on this till's disk"));
	till_fixture_close(fixture);
	g_assert_cmpint(umount(fixture->home), ==, 0);
	till_fixture_free(fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/faults/a-kill-at-any-write-loses-no-sale-told", test_killed);
	g_test_add_func("/store/faults/one-failed-sync-is-made-good", test_sync_fails_once);
	g_test_add_func("/store/faults/a-disk-that-never-syncs-stops-selling",
			test_sync_fails_for_ever);
	g_test_add_func("/store/faults/a-disk-that-heals-sells-again", test_sync_heals);
	g_test_add_func("/store/faults/a-sale-costs-one-sync", test_one_sync);
	g_test_add_func("/store/faults/a-full-disk-loses-nothing-and-says-so", test_full);
	return g_test_run();
}
