/* SPDX-License-Identifier: Apache-2.0 */
#include "damage-scene.h"

#include <glib/gstdio.h>
#include <string.h>

#include "outbox.h"
#include "parked.h"

#define LARGE_BYTES 20000

/* ---- A home worth saving ---- */

static GBytes *
build_large(const TillEntry *stamp, gpointer user, GError **error)
{
	(void)stamp;
	(void)user;
	(void)error;
	g_autofree char *filler = g_strnfill(LARGE_BYTES, 'x');
	g_autofree char *text = g_strdup_printf("{\"filler\":\"%s\"}", filler);
	return g_bytes_new(text, strlen(text));
}

static void
append_large(TillStore *store)
{
	GError *error = NULL;
	TillJournalDraft draft = {
	    .type = "note", .version = 1, .business_date = "2026-11-23", .build = build_large};
	g_autoptr(TillEntry) entry = till_journal_append(store, &draft, &error);
	g_assert_no_error(error);
	g_assert_nonnull(entry);
}

static void
acknowledge_first(TillStore *store)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) batch =
	    till_outbox_batch(store, 0, 0, DAMAGE_SCENE_ACKNOWLEDGED, G_MAXSIZE / 2, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(batch->len, ==, DAMAGE_SCENE_ACKNOWLEDGED);
	for (guint i = 0; i < batch->len; i++) {
		const TillEntry *entry = g_ptr_array_index(batch, i);
		TillAck ack = {.txn = entry->txn,
			       .incarnation = entry->incarnation,
			       .seq = entry->seq,
			       .outcome = TILL_OUTCOME_APPLIED,
			       .feed_seq = (gint64)i + 1};
		g_assert_true(till_outbox_acknowledge(store, &ack, 1, NULL, &error));
		g_assert_no_error(error);
	}
}

static void
park_one(TillStore *store)
{
	GError *error = NULL;
	guint id;
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) item = till_item_new();
	char **texts[] = {&item->sku,  &item->name,  &item->variant, &item->style,
			  &item->tags, &item->brand, &item->category};
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		*texts[i] = g_strdup("tea");
	item->unit = g_strdup("ea");
	item->tax_class = g_strdup("standard");
	item->price_list = g_strdup("base");
	item->price_minor = 450;
	item->has_price = TRUE;
	item->active = TRUE;
	g_assert_cmpint(till_basket_add(basket, item, "4006381333931", 1000, &id), ==,
			TILL_BASKET_OK);
	g_assert_true(till_parked_add(store, basket, "blue coat", "Ines", 450, &error));
	g_assert_no_error(error);
}

static void
fill(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	guint64 incarnation;
	(void)fixture;
	till_fixture_sell_many(store, DAMAGE_SCENE_SALES);
	append_large(store);
	acknowledge_first(store);
	g_assert_true(till_outbox_new_incarnation(store, "test", &incarnation, &error));
	g_assert_no_error(error);
	park_one(store);
	append_large(store);
	till_fixture_sell_many(store, DAMAGE_SCENE_SALES);
}

char *
damage_scene_ledger(const char *home)
{
	return g_build_filename(home, "ledger.db", NULL);
}

/* The facts of a ledger, each once, however many envelopes it has. */
GHashTable *
damage_scene_read_facts(const char *home)
{
	GHashTable *facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *ledger = damage_scene_ledger(home);
	g_autofree char *list = till_fixture_ask(
	    ledger,
	    "SELECT group_concat(hex(txn) || ' ' || hex(body_hash), char(10)) FROM journal");
	g_auto(GStrv) lines = g_strsplit(list, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		g_hash_table_add(facts, g_strdup(*line));
	return facts;
}

/* The original's machine, as it is now. */
void
damage_scene_keep_witnesses(DamageScene *scene)
{
	if (scene->witnesses == NULL)
		scene->witnesses = g_build_filename(scene->fixture->root, "witnesses", NULL);
	else
		till_test_remove_dir(scene->witnesses);
	till_fixture_copy(scene->fixture->state, scene->witnesses);
}

DamageScene *
damage_scene_new(void)
{
	DamageScene *scene = g_new0(DamageScene, 1);
	scene->fixture = till_fixture_new();
	till_fixture_do(scene->fixture, fill);
	till_fixture_close(scene->fixture);
	scene->original = g_steal_pointer(&scene->fixture->home);
	scene->facts = damage_scene_read_facts(scene->original);
	g_assert_cmpuint(g_hash_table_size(scene->facts), ==, DAMAGE_SCENE_ROWS);
	damage_scene_keep_witnesses(scene);
	return scene;
}

/* A fresh copy to damage; the path of its ledger, which the caller frees. */
char *
damage_scene_copy(DamageScene *scene)
{
	if (scene->fixture->home != NULL)
		till_test_remove_dir(scene->fixture->home);
	g_free(scene->fixture->home);
	scene->fixture->home = g_build_filename(scene->fixture->root, "copy", NULL);
	till_fixture_copy(scene->original, scene->fixture->home);
	till_test_remove_dir(scene->fixture->state);
	till_fixture_copy(scene->witnesses, scene->fixture->state);
	return damage_scene_ledger(scene->fixture->home);
}

void
damage_scene_free(DamageScene *scene)
{
	g_hash_table_unref(scene->facts);
	if (scene->fixture->home == NULL)
		scene->fixture->home = g_strdup("");
	till_fixture_free(scene->fixture);
	g_free(scene->original);
	g_free(scene->witnesses);
	g_free(scene);
}

/* ---- Damage ---- */

void
damage_scene_write(const char *path, long offset, const void *bytes, gsize size)
{
	FILE *file = fopen(path, "r+");
	g_assert_nonnull(file);
	g_assert_cmpint(fseek(file, offset, SEEK_SET), ==, 0);
	g_assert_cmpuint(fwrite(bytes, 1, size, file), ==, size);
	g_assert_cmpint(fclose(file), ==, 0);
}

void
damage_scene_smash(const char *path, long offset, gsize size)
{
	g_autofree guint8 *noise = g_malloc(size);
	memset(noise, 0x5a, size);
	damage_scene_write(path, offset, noise, size);
}

gsize
damage_scene_size(const char *path)
{
	GStatBuf status;
	g_assert_cmpint(g_stat(path, &status), ==, 0);
	return (gsize)status.st_size;
}

/* ---- Recovery and what must hold after it ---- */

static char *
make_line(const TillEntry *entry)
{
	char txn[TILL_UUID_TEXT];
	return g_strdup(till_uuid_format(&entry->txn, txn));
}

gboolean
damage_scene_recover(DamageScene *scene, TillRecovery *out, GError **error)
{
	return till_recover_run(scene->fixture->home, "test, process 2",
				&scene->fixture->clock.clock, make_line, out, error);
}

void
damage_scene_must_recover(DamageScene *scene, TillRecovery *out)
{
	GError *error = NULL;
	gboolean done = damage_scene_recover(scene, out, &error);
	g_assert_no_error(error);
	g_assert_true(done);
	g_assert_true(g_file_test(out->damaged_file, G_FILE_TEST_EXISTS));
}

void
damage_scene_verify(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	TillJournalCheck check;
	(void)fixture;
	g_assert_true(till_journal_verify(store, &check, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(check.problem, ==, NULL);
	till_journal_check_clear(&check);
	till_fixture_sell_many(store, 1);
}

/* Every fact of the new ledger is one of the old, and none has two envelopes that wait. */
void
damage_scene_assert_facts(DamageScene *scene, gint64 salvaged)
{
	GHashTableIter iter;
	gpointer fact;
	g_autoptr(GHashTable) saved = damage_scene_read_facts(scene->fixture->home);
	g_hash_table_iter_init(&iter, saved);
	while (g_hash_table_iter_next(&iter, &fact, NULL))
		g_assert_true(g_hash_table_contains(scene->facts, fact));
	g_assert_cmpint(g_hash_table_size(saved), ==, salvaged);
	g_autofree char *ledger = damage_scene_ledger(scene->fixture->home);
	g_autofree char *twice = till_fixture_ask(
	    ledger, "SELECT count(*) FROM (SELECT txn FROM journal WHERE position NOT IN (SELECT "
		    "position FROM ack) GROUP BY txn HAVING count(*) > 1)");
	g_assert_cmpstr(twice, ==, "0");
}

static char *
list_receipts(const char *home)
{
	g_autofree char *ledger = damage_scene_ledger(home);
	return till_fixture_ask(ledger, "SELECT receipt FROM journal ORDER BY position DESC");
}

/* Opens, verifies, sells on under a number that nobody had. */
void
damage_scene_assert_sells_on(DamageScene *scene)
{
	till_fixture_open(scene->fixture);
	g_autofree char *trouble = till_store_trouble(scene->fixture->store);
	g_assert_true(trouble == NULL || strstr(trouble, "free") != NULL);
	till_fixture_do(scene->fixture, damage_scene_verify);
	till_fixture_close(scene->fixture);
	g_autofree char *receipt = list_receipts(scene->fixture->home);
	g_autofree char *original = damage_scene_ledger(scene->original);
	g_autofree char *query =
	    g_strdup_printf("SELECT count(*) FROM journal WHERE receipt = '%s'", receipt);
	g_autofree char *before = till_fixture_ask(original, query);
	g_assert_cmpstr(before, ==, "0");
}

/* Returns how many rows were lost. */
gint64
damage_scene_recover_whole(DamageScene *scene)
{
	TillRecovery recovery;
	damage_scene_must_recover(scene, &recovery);
	g_assert_cmpuint(recovery.incarnation, !=, 0);
	g_assert_cmpint(recovery.salvaged + recovery.unreadable, ==, recovery.rows);
	g_assert_cmpint(recovery.rows, ==, DAMAGE_SCENE_ROWS);
	damage_scene_assert_facts(scene, recovery.salvaged);
	damage_scene_assert_sells_on(scene);
	gint64 lost = recovery.unreadable;
	till_recover_clear(&recovery);
	return lost;
}

char *
damage_scene_ask(DamageScene *scene, const char *query)
{
	g_autofree char *ledger = damage_scene_ledger(scene->fixture->home);
	return till_fixture_ask(ledger, query);
}
