/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "damage-scene.h"

/* The files of a till that was at work: a log of twenty sales lies beside the ledger. */

#define LOGGED 20

typedef struct {
	const char *to;
} CopyOpen;

static CopyOpen copy_open;

/* More sales, and the files as they lie while the till is at work. */
static void
sell_and_copy(TillStore *store, TillFixture *fixture)
{
	till_fixture_sell_many(store, LOGGED);
	till_fixture_copy(fixture->home, copy_open.to);
}

/* The original becomes a home with a log of 20 sales beside it. */
static void
leave_a_log(DamageScene *scene)
{
	g_autofree char *with_log = g_build_filename(scene->fixture->root, "with-log", NULL);
	copy_open.to = with_log;
	scene->fixture->home = g_strdup(scene->original);
	till_fixture_open(scene->fixture);
	till_fixture_do(scene->fixture, sell_and_copy);
	till_fixture_close(scene->fixture);
	g_hash_table_unref(scene->facts);
	scene->facts = damage_scene_read_facts(scene->original);
	g_clear_pointer(&scene->fixture->home, g_free);
	g_free(scene->original);
	scene->original = g_steal_pointer(&with_log);
	g_assert_cmpuint(g_hash_table_size(scene->facts), ==, DAMAGE_SCENE_ROWS + LOGGED);
	damage_scene_keep_witnesses(scene);
}

static gint64
recover_log(DamageScene *scene)
{
	TillRecovery recovery;
	damage_scene_must_recover(scene, &recovery);
	g_assert_cmpuint(recovery.incarnation, !=, 0);
	g_assert_cmpint(recovery.rows, ==, DAMAGE_SCENE_ROWS + LOGGED);
	damage_scene_assert_facts(scene, recovery.salvaged);
	gint64 lost = recovery.unreadable;
	g_autofree char *log = g_strconcat(recovery.damaged_file, "-wal", NULL);
	g_assert_true(g_file_test(log, G_FILE_TEST_EXISTS));
	till_recover_clear(&recovery);
	till_fixture_open(scene->fixture);
	till_fixture_do(scene->fixture, damage_scene_verify);
	till_fixture_close(scene->fixture);
	return lost;
}

static void
test_torn_log(void)
{
	DamageScene *scene = damage_scene_new();
	leave_a_log(scene);
	g_autofree char *original_log = g_build_filename(scene->original, "ledger.db-wal", NULL);
	gsize frames = damage_scene_size(original_log) / (DAMAGE_SCENE_PAGE + 24);
	g_assert_cmpuint(frames, >, 20);
	/* Each frame but the last commit's: sales behind the torn one are there all the same. */
	for (gsize frame = 1; frame < frames - 8; frame += 3) {
		g_autofree char *ledger = damage_scene_copy(scene);
		g_autofree char *log = g_strconcat(ledger, "-wal", NULL);
		damage_scene_smash(log, (long)(32 + frame * (DAMAGE_SCENE_PAGE + 24) + 24),
				   DAMAGE_SCENE_PAGE / 2);
		g_test_message("frame %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT, frame, frames);
		GError *error = till_fixture_open_refused(scene->fixture);
		till_test_assert_error(error, TILL_ERROR_CORRUPT, "stand behind a broken place");
		gint64 lost = recover_log(scene);
		g_assert_cmpint(lost, <=, 8);
	}
	damage_scene_free(scene);
}

/* As a power cut leaves it: the last transaction is not whole, and nothing follows it. */
static void
test_interrupted_log(void)
{
	DamageScene *scene = damage_scene_new();
	leave_a_log(scene);
	g_autofree char *original_log = g_build_filename(scene->original, "ledger.db-wal", NULL);
	gsize frames = damage_scene_size(original_log) / (DAMAGE_SCENE_PAGE + 24);
	for (gsize back = 1; back <= 2; back++) {
		g_autofree char *ledger = damage_scene_copy(scene);
		g_autofree char *log = g_strconcat(ledger, "-wal", NULL);
		gsize frame = frames - back;
		damage_scene_smash(log, (long)(32 + frame * (DAMAGE_SCENE_PAGE + 24) + 24), 512);
		till_fixture_open(scene->fixture);
		till_fixture_do(scene->fixture, damage_scene_verify);
		till_fixture_close(scene->fixture);
	}
	damage_scene_free(scene);
}

static void
test_lost_log_header(void)
{
	DamageScene *scene = damage_scene_new();
	leave_a_log(scene);
	g_autofree char *ledger = damage_scene_copy(scene);
	g_autofree char *log = g_strconcat(ledger, "-wal", NULL);
	damage_scene_smash(log, 0, 32);
	GError *error = till_fixture_open_refused(scene->fixture);
	till_test_assert_error(error, TILL_ERROR_CORRUPT, "stand behind a broken place");
	g_assert_cmpint(recover_log(scene), ==, 0);
	damage_scene_free(scene);
}

static void
test_damaged_file_with_a_log(void)
{
	DamageScene *scene = damage_scene_new();
	leave_a_log(scene);
	g_autofree char *ledger = damage_scene_copy(scene);
	/* The log has a newer version of the first page and of every tree's end, but not of this.
	 */
	g_autofree char *page =
	    till_fixture_ask(ledger, "SELECT pageno FROM dbstat WHERE name = 'incarnation'");
	g_free(damage_scene_copy(scene));
	damage_scene_smash(ledger, (g_ascii_strtoll(page, NULL, 10) - 1) * DAMAGE_SCENE_PAGE,
			   DAMAGE_SCENE_PAGE);
	damage_scene_smash(ledger, 0, 64);
	g_assert_cmpint(recover_log(scene), ==, 0);
	damage_scene_free(scene);
}

/* A till that finds its ledger damaged leaves file and log as they are. */
static void
test_refusal_leaves_the_log(void)
{
	DamageScene *scene = damage_scene_new();
	leave_a_log(scene);
	TillHash before[2];
	TillHash after[2];
	g_autofree char *ledger = damage_scene_copy(scene);
	g_autofree char *log = g_strconcat(ledger, "-wal", NULL);
	g_autofree char *page = till_fixture_ask(
	    ledger,
	    "SELECT pageno FROM dbstat WHERE name = 'journal' AND pagetype = 'leaf' LIMIT 1");
	g_free(damage_scene_copy(scene));
	damage_scene_smash(ledger, (g_ascii_strtoll(page, NULL, 10) - 1) * DAMAGE_SCENE_PAGE,
			   DAMAGE_SCENE_PAGE);
	g_assert_true(till_crypto_hash_file(ledger, &before[0], NULL));
	g_assert_true(till_crypto_hash_file(log, &before[1], NULL));
	GError *error = till_fixture_open_refused(scene->fixture);
	till_test_assert_error(error, TILL_ERROR_CORRUPT, "tillctl journal recover");
	g_assert_true(till_crypto_hash_file(ledger, &after[0], NULL));
	g_assert_true(till_crypto_hash_file(log, &after[1], NULL));
	g_assert_true(till_crypto_hash_equal(&before[0], &after[0]));
	g_assert_true(till_crypto_hash_equal(&before[1], &after[1]));
	g_assert_cmpint(recover_log(scene), >, 0);
	damage_scene_free(scene);
}

/* A run that died after it gave the damaged file its second name and moved the log. */
static void
test_cut_short(void)
{
	DamageScene *scene = damage_scene_new();
	leave_a_log(scene);
	g_autofree char *ledger = damage_scene_copy(scene);
	g_autofree char *log = g_strconcat(ledger, "-wal", NULL);
	g_autofree char *second = g_strconcat(ledger, ".damaged-2026-11-23T09-00-00Z", NULL);
	g_autofree char *second_log = g_strconcat(second, "-wal", NULL);
	g_autofree char *half_made = g_strconcat(ledger, ".recovered", NULL);
	damage_scene_smash(ledger, 0, 64);
	g_assert_cmpint(link(ledger, second), ==, 0);
	g_assert_cmpint(g_rename(log, second_log), ==, 0);
	g_assert_true(g_file_set_contents(half_made, "half", -1, NULL));
	TillRecovery recovery;
	damage_scene_must_recover(scene, &recovery);
	g_assert_cmpstr(recovery.damaged_file, ==, second);
	g_assert_cmpint(recovery.salvaged, ==, DAMAGE_SCENE_ROWS + LOGGED);
	till_recover_clear(&recovery);
	damage_scene_assert_facts(scene, DAMAGE_SCENE_ROWS + LOGGED);
	g_assert_false(g_file_test(half_made, G_FILE_TEST_EXISTS));
	damage_scene_free(scene);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/recover/a-torn-log-costs-the-torn-frame", test_torn_log);
	g_test_add_func("/store/recover/a-log-that-a-power-cut-ended-is-no-damage",
			test_interrupted_log);
	g_test_add_func("/store/recover/a-log-without-its-header", test_lost_log_header);
	g_test_add_func("/store/recover/a-damaged-file-with-a-sound-log",
			test_damaged_file_with_a_log);
	g_test_add_func("/store/recover/a-refused-start-leaves-file-and-log",
			test_refusal_leaves_the_log);
	g_test_add_func("/store/recover/a-run-cut-short-is-gone-on-with", test_cut_short);
	return g_test_run();
}
