/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "damage-scene.h"

/* The ledger is damaged in every place there is, one after the other. */

#define ROWS_OF_A_PAGE 16

/* ---- Cases ---- */

static void
test_sound(void)
{
	DamageScene *scene = damage_scene_new();
	TillRecovery recovery;
	GError *error = NULL;
	TillHash before;
	TillHash after;
	g_autofree char *ledger = damage_scene_copy(scene);
	g_assert_true(till_crypto_hash_file(ledger, &before, NULL));
	g_assert_false(damage_scene_recover(scene, &recovery, &error));
	till_test_assert_error(error, TILL_ERROR_STATE, "The ledger is sound: 122 rows");
	till_recover_clear(&recovery);
	g_assert_true(till_crypto_hash_file(ledger, &after, NULL));
	g_assert_true(till_crypto_hash_equal(&before, &after));
	damage_scene_free(scene);
}

static void
test_held(void)
{
	TillFixture *fixture = till_fixture_new();
	DamageScene scene = {.fixture = fixture};
	TillRecovery recovery;
	GError *error = NULL;
	g_assert_false(damage_scene_recover(&scene, &recovery, &error));
	till_test_assert_error(error, TILL_ERROR_BUSY, "test, process 1");
	till_fixture_free(fixture);
}

static void
test_no_ledger(void)
{
	TillFixture *fixture = till_fixture_new();
	DamageScene scene = {.fixture = fixture};
	TillRecovery recovery;
	GError *error = NULL;
	till_fixture_close(fixture);
	g_autofree char *ledger = damage_scene_ledger(fixture->home);
	g_assert_cmpint(g_unlink(ledger), ==, 0);
	g_assert_false(damage_scene_recover(&scene, &recovery, &error));
	till_test_assert_error(error, TILL_ERROR_NOT_FOUND, "ledger.db");
	till_fixture_free(fixture);
}

/* What a page holds, by SQLite's own word: "journal leaf", "journal_txn internal", … */
static GHashTable *
read_page_kinds(DamageScene *scene)
{
	GHashTable *kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autofree char *ledger = damage_scene_ledger(scene->original);
	g_autofree char *list = till_fixture_ask(
	    ledger, "SELECT group_concat(pageno || ':' || name || ' ' || pagetype, char(10)) FROM "
		    "dbstat");
	g_auto(GStrv) lines = g_strsplit(list, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		g_auto(GStrv) parts = g_strsplit(*line, ":", 2);
		g_hash_table_insert(kinds, g_strdup(parts[0]), g_strdup(parts[1]));
	}
	return kinds;
}

static void
assert_identity_lost(DamageScene *scene)
{
	TillRecovery recovery;
	damage_scene_must_recover(scene, &recovery);
	g_assert_cmpuint(recovery.incarnation, ==, 0);
	g_assert_cmpint(recovery.salvaged, ==, DAMAGE_SCENE_ROWS);
	g_assert_cmpint(recovery.exported, ==, DAMAGE_SCENE_ROWS - DAMAGE_SCENE_ACKNOWLEDGED);
	g_autofree char *text = NULL;
	g_assert_true(g_file_get_contents(recovery.export_file, &text, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_assert_cmpuint(g_strv_length(lines), ==,
			 DAMAGE_SCENE_ROWS - DAMAGE_SCENE_ACKNOWLEDGED + 1);
	g_autofree char *ledger = damage_scene_ledger(scene->fixture->home);
	g_assert_false(g_file_test(ledger, G_FILE_TEST_EXISTS));
	till_recover_clear(&recovery);
	/* The home can be enrolled anew, and the damaged file stays. */
	till_fixture_open(scene->fixture);
	till_fixture_do(scene->fixture, till_fixture_enrol);
	till_fixture_close(scene->fixture);
}

static void
test_every_page(void)
{
	DamageScene *scene = damage_scene_new();
	g_autoptr(GHashTable) kinds = read_page_kinds(scene);
	g_autofree char *original = damage_scene_ledger(scene->original);
	gsize pages = damage_scene_size(original) / DAMAGE_SCENE_PAGE;
	guint journal_pages = 0;
	g_assert_cmpuint(pages, >, 30);
	for (gsize page = 1; page <= pages; page++) {
		g_autofree char *number = g_strdup_printf("%" G_GSIZE_FORMAT, page);
		const char *kind = g_hash_table_lookup(kinds, number);
		g_autofree char *ledger = damage_scene_copy(scene);
		damage_scene_smash(ledger, (long)((page - 1) * DAMAGE_SCENE_PAGE),
				   DAMAGE_SCENE_PAGE);
		g_test_message("page %s: %s", number, kind == NULL ? "free" : kind);
		if (g_strcmp0(kind, "identity leaf") == 0) {
			assert_identity_lost(scene);
			continue;
		}
		gint64 lost = damage_scene_recover_whole(scene);
		gboolean holds_rows = g_strcmp0(kind, "journal leaf") == 0 ||
				      g_strcmp0(kind, "journal overflow") == 0;
		journal_pages += holds_rows;
		g_assert_cmpint(lost, <=, holds_rows ? ROWS_OF_A_PAGE : 0);
		g_assert_cmpint(lost, >=, holds_rows);
		g_autofree char *parked =
		    damage_scene_ask(scene, "SELECT group_concat(label) FROM parked_sale");
		g_assert_cmpstr(parked, ==,
				g_strcmp0(kind, "parked_sale leaf") == 0 ? "" : "blue coat");
	}
	g_assert_cmpuint(journal_pages, >, 10);
	damage_scene_free(scene);
}

static void
test_cut_file(void)
{
	DamageScene *scene = damage_scene_new();
	g_autofree char *original = damage_scene_ledger(scene->original);
	gsize pages = damage_scene_size(original) / DAMAGE_SCENE_PAGE;
	gint64 lost_before = -1;
	/* The identity lies near the beginning. */
	for (gsize keep = pages - 1; keep > pages / 2; keep -= 3) {
		g_autofree char *ledger = damage_scene_copy(scene);
		g_assert_cmpint(truncate(ledger, (off_t)(keep * DAMAGE_SCENE_PAGE - 1000)), ==, 0);
		gint64 lost = damage_scene_recover_whole(scene);
		g_assert_cmpint(lost, >=, lost_before);
		lost_before = lost;
	}
	g_assert_cmpint(lost_before, >, 10);
	damage_scene_free(scene);
}

static void
test_nothing_left(void)
{
	DamageScene *scene = damage_scene_new();
	const off_t sizes[] = {0, 64, DAMAGE_SCENE_PAGE};
	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		TillRecovery recovery;
		g_autofree char *ledger = damage_scene_copy(scene);
		g_assert_cmpint(truncate(ledger, sizes[i]), ==, 0);
		GError *error = till_fixture_open_refused(scene->fixture);
		till_test_assert_error(error, TILL_ERROR_CORRUPT, "tillctl journal recover");
		damage_scene_must_recover(scene, &recovery);
		g_assert_cmpuint(recovery.incarnation, ==, 0);
		g_assert_cmpint(recovery.exported, ==, 0);
		till_recover_clear(&recovery);
	}
	damage_scene_free(scene);
}

/* One byte of a sale's body: SQLite sees nothing wrong with it. */
static void
test_changed_byte(void)
{
	DamageScene *scene = damage_scene_new();
	g_autofree char *ledger = damage_scene_copy(scene);
	g_autofree char *bytes = NULL;
	gsize size;
	g_assert_true(g_file_get_contents(ledger, &bytes, &size, NULL));
	static const char words[] = "\"sku\":\"TEE-1\"";
	char *found = memmem(bytes + size / 2, size / 2, words, sizeof words - 1);
	g_assert_nonnull(found);
	damage_scene_write(ledger, (long)(found - bytes) + 7, "X", 1);
	g_assert_cmpint(damage_scene_recover_whole(scene), ==, 1);
	/* The row behind it follows from its signed chain value, so the rest is believed. */
	g_autofree char *renumbered =
	    damage_scene_ask(scene, "SELECT count(*) > 0 FROM journal WHERE orig_seq > 0");
	g_assert_cmpstr(renumbered, ==, "1");
	damage_scene_free(scene);
}

/* The same transaction id and first envelope stay with a row that gets a new one. */
static void
test_renumbered_rows(void)
{
	DamageScene *scene = damage_scene_new();
	g_autofree char *ledger = damage_scene_copy(scene);
	g_autofree char *page = till_fixture_ask(
	    ledger, "SELECT pageno FROM dbstat WHERE name = 'journal' AND pagetype = 'leaf' ORDER "
		    "BY path LIMIT 1 OFFSET 2");
	damage_scene_smash(ledger, (g_ascii_strtoll(page, NULL, 10) - 1) * DAMAGE_SCENE_PAGE,
			   DAMAGE_SCENE_PAGE);
	g_assert_cmpint(damage_scene_recover_whole(scene), >, 0);
	g_autofree char *was = g_strdup_printf("ATTACH '%s/ledger.db' AS was;", scene->original);
	g_autofree char *strangers = g_strconcat(
	    was,
	    "CREATE TABLE result AS SELECT count(*) AS n FROM journal AS own WHERE orig_seq > 0 "
	    "AND NOT EXISTS (SELECT 1 FROM was.journal AS old JOIN was.incarnation USING "
	    "(ordinal) WHERE old.txn = own.txn AND old.body = own.body AND old.seq = "
	    "own.orig_seq AND incarnation.id = own.orig_incarnation)",
	    NULL);
	g_assert_true(till_fixture_edit(scene->fixture, "ledger.db", strangers));
	g_autofree char *count = damage_scene_ask(scene, "SELECT n FROM result");
	g_assert_cmpstr(count, ==, "0");
	damage_scene_free(scene);
}

static void
test_lost_key(void)
{
	DamageScene *scene = damage_scene_new();
	g_autofree char *ledger = damage_scene_copy(scene);
	g_autofree char *key = g_build_filename(scene->fixture->home, "device.key", NULL);
	damage_scene_smash(ledger, 0, DAMAGE_SCENE_PAGE);
	g_assert_cmpint(g_unlink(key), ==, 0);
	assert_identity_lost(scene);
	damage_scene_free(scene);
}

/* Once recovered it is sound, and damaged again it is recovered again. */
static void
test_twice(void)
{
	DamageScene *scene = damage_scene_new();
	GError *error = NULL;
	TillRecovery recovery;
	g_autofree char *ledger = damage_scene_copy(scene);
	damage_scene_smash(ledger, 0, DAMAGE_SCENE_PAGE);
	damage_scene_must_recover(scene, &recovery);
	till_recover_clear(&recovery);
	g_assert_false(damage_scene_recover(scene, &recovery, &error));
	till_test_assert_error(error, TILL_ERROR_STATE, "sound");
	till_test_clock_advance(&scene->fixture->clock, 5000);
	damage_scene_smash(ledger, 0, DAMAGE_SCENE_PAGE);
	damage_scene_must_recover(scene, &recovery);
	g_assert_cmpint(recovery.salvaged, ==, DAMAGE_SCENE_ROWS);
	damage_scene_assert_facts(scene, DAMAGE_SCENE_ROWS);
	till_recover_clear(&recovery);
	damage_scene_assert_sells_on(scene);
	damage_scene_free(scene);
}

/* ---- Chance ---- */

static void
spoil(TillTestRandom *random, const char *path)
{
	gsize size = damage_scene_size(path);
	gint64 hits = till_test_random_range(random, 1, 40);
	for (gint64 i = 0; i < hits; i++) {
		guint8 bytes[64];
		gsize length = (gsize)till_test_random_range(random, 1, sizeof bytes);
		till_test_random_bytes(random, bytes, length);
		damage_scene_write(
		    path, (long)till_test_random_range(random, 100, (gint64)(size - length)), bytes,
		    length);
	}
}

static void
test_chance(void)
{
	DamageScene *scene = damage_scene_new();
	TillTestRandom random;
	till_test_random_init(&random, 20261124);
	for (guint round = 0; round < 40; round++) {
		g_autofree char *ledger = damage_scene_copy(scene);
		GError *error = NULL;
		TillRecovery recovery;
		g_test_message("round %u", round);
		spoil(&random, ledger);
		if (!damage_scene_recover(scene, &recovery, &error)) {
			till_test_assert_error(error, TILL_ERROR_STATE, "sound");
			till_recover_clear(&recovery);
			continue;
		}
		if (recovery.incarnation != 0) {
			damage_scene_assert_facts(scene, recovery.salvaged);
			g_assert_cmpint(recovery.salvaged, >, DAMAGE_SCENE_ROWS / 4);
			damage_scene_assert_sells_on(scene);
		}
		till_recover_clear(&recovery);
	}
	damage_scene_free(scene);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/recover/a-sound-ledger-is-left-as-it-is", test_sound);
	g_test_add_func("/store/recover/a-till-at-work-is-left-alone", test_held);
	g_test_add_func("/store/recover/no-ledger-is-said", test_no_ledger);
	g_test_add_func("/store/recover/every-page-lost-in-turn", test_every_page);
	g_test_add_func("/store/recover/a-file-cut-short", test_cut_file);
	g_test_add_func("/store/recover/a-file-of-which-nothing-is-left", test_nothing_left);
	g_test_add_func("/store/recover/a-changed-byte-that-sqlite-does-not-see",
			test_changed_byte);
	g_test_add_func("/store/recover/rows-behind-a-gap-keep-transaction-and-origin",
			test_renumbered_rows);
	g_test_add_func("/store/recover/without-the-key-the-unsent-rows-are-exported",
			test_lost_key);
	g_test_add_func("/store/recover/recovered-twice", test_twice);
	g_test_add_func("/store/recover/damage-by-chance", test_chance);
	return g_test_run();
}
