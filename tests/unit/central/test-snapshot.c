/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

#include "central-fixture.h"
#include "changes.h"
#include "error.h"
#include "snapshots.h"

typedef struct {
	pthread_mutex_t lock;
	pthread_cond_t done;
	gboolean ready;
	char *path;
	char hash[TILL_HASH_TEXT];
	gint64 store_seq;
} Waiting;

static void
ready_cb(const TillSnapshot *snapshot, const GError *error, gpointer user)
{
	Waiting *waiting = user;

	g_assert_no_error(error);
	pthread_mutex_lock(&waiting->lock);
	waiting->path = g_strdup(snapshot->path);
	memcpy(waiting->hash, snapshot->hash, sizeof waiting->hash);
	waiting->store_seq = snapshot->store_seq;
	waiting->ready = TRUE;
	pthread_cond_signal(&waiting->done);
	pthread_mutex_unlock(&waiting->lock);
}

static void
take_snapshot(CentralFixture *fixture, Waiting *waiting)
{
	memset(waiting, 0, sizeof *waiting);
	pthread_mutex_init(&waiting->lock, NULL);
	pthread_cond_init(&waiting->done, NULL);
	till_snapshots_request(fixture->central->snapshots, "014", ready_cb, waiting);
	pthread_mutex_lock(&waiting->lock);
	while (!waiting->ready)
		pthread_cond_wait(&waiting->done, &waiting->lock);
	pthread_mutex_unlock(&waiting->lock);
}

static void
free_waiting(Waiting *waiting)
{
	pthread_cond_destroy(&waiting->done);
	pthread_mutex_destroy(&waiting->lock);
	g_free(waiting->path);
}

static gint64
ask_file(const char *path, const char *sql)
{
	sqlite3 *handle = NULL;
	sqlite3_stmt *statement = NULL;
	gint64 value = -1;

	g_assert_cmpint(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
	if (sqlite3_step(statement) == SQLITE_ROW)
		value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(handle);
	return value;
}

/* Writes one row, and another that is taken back. */
static gboolean
uses_run(gpointer owner, gpointer data G_GNUC_UNUSED)
{
	TillCentral *central = owner;
	const TillCollection *uses = till_collection_find("promotion_use");
	g_autoptr(json_t) row =
	    json_pack("{s:s, s:i, s:i}", "promotion", "summer", "uses", 3, "spent_minor", 900);
	g_autoptr(GError) error = NULL;
	TillChanges changes;
	gint64 head;
	gboolean good = till_changes_open(central->db, TILL_CHANGES_CHAIN, &changes, &error) &&
			till_changes_put(&changes, uses, row, &error);

	json_object_set_new(row, "customer", json_string("c-1"));
	good = good && till_changes_put(&changes, uses, row, &error);
	head = changes.head;
	good = good && till_changes_delete(&changes, uses,
					   "summer\x1f"
					   "c-1",
					   &error);
	g_assert_cmpint(changes.head, ==, head + 1);
	/* What is not there is no change. */
	good = good &&
	       till_changes_delete(&changes, uses,
				   "summer\x1f"
				   "c-1",
				   &error) &&
	       till_changes_close(&changes, &error);
	g_assert_cmpint(changes.head, ==, head + 1);
	g_assert_no_error(error);
	g_assert_true(good);
	g_assert_false(till_changes_delete(&changes, uses, "summer", &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
	return TRUE;
}

static void
test_content(void)
{
	int version;
	g_autofree char *schema = till_test_schema("app/store/schema/cache", &version);
	CentralFixture fixture;
	Waiting waiting;
	TillHash hash;
	char hex[TILL_HASH_TEXT];

	central_fixture_init(&fixture, TRUE);
	g_assert_true(till_writer_call(fixture.central->writer, uses_run, NULL, NULL));
	take_snapshot(&fixture, &waiting);
	g_assert_true(till_crypto_hash_file(waiting.path, &hash, NULL));
	g_assert_cmpstr(till_crypto_hash_format(&hash, hex), ==, waiting.hash);
	g_assert_cmpint(ask_file(waiting.path, "SELECT count(*) FROM item"), ==,
			central_fixture_count(&fixture, "SELECT count(*) FROM item"));
	g_assert_cmpint(ask_file(waiting.path, "SELECT count(*) FROM price"), ==,
			central_fixture_count(&fixture, "SELECT count(*) FROM price"));
	/* One store's own rows only. */
	g_assert_cmpint(ask_file(waiting.path, "SELECT count(*) FROM staff"), ==, 3);
	g_assert_cmpint(
	    ask_file(waiting.path, "SELECT count(*) FROM setting WHERE value = 'Harbour Street'"),
	    ==, 1);
	g_assert_cmpint(ask_file(waiting.path, "SELECT seq FROM cursor WHERE scope = 'store:014'"),
			==, waiting.store_seq);
	g_assert_cmpint(ask_file(waiting.path, "SELECT count(*) FROM cursor"), ==, 2);
	g_assert_cmpint(ask_file(waiting.path, "SELECT count(*) FROM item_words('linen')"), >, 0);
	g_assert_cmpint(ask_file(waiting.path, "PRAGMA user_version"), ==, version);
	g_assert_cmpint(ask_file(waiting.path, "SELECT count(*) FROM promotion_use WHERE "
					       "customer = '' AND uses = 3 AND spent_minor = 900"),
			==, 1);
	g_assert_cmpint(ask_file(waiting.path, "SELECT count(*) FROM promotion_use"), ==, 1);
	free_waiting(&waiting);
	central_fixture_clear(&fixture);
}

/* A few changes are the feed's business; many are worth a new file. */
static void
test_reuse(void)
{
	CentralFixture fixture;
	Waiting first;
	Waiting second;
	Waiting third;
	g_autoptr(GString) text = g_string_new("list,sku,price\n");

	central_fixture_init(&fixture, TRUE);
	take_snapshot(&fixture, &first);
	json_decref(central_fixture_import(&fixture, "prices",
					   "list,sku,price\nbase,MUG-SPK,1.00\n", NULL));
	take_snapshot(&fixture, &second);
	g_assert_cmpstr(first.path, ==, second.path);
	for (int i = 0; i < 3000; i++)
		g_string_append_printf(text, "base,NEW-%d,1.00\n", i);
	json_decref(central_fixture_import(&fixture, "prices", text->str, NULL));
	take_snapshot(&fixture, &third);
	g_assert_cmpstr(first.path, !=, third.path);
	g_assert_cmpint(ask_file(third.path, "SELECT count(*) FROM price WHERE sku LIKE 'NEW-%'"),
			==, 3000);
	free_waiting(&first);
	free_waiting(&second);
	free_waiting(&third);
	central_fixture_clear(&fixture);
}

typedef struct {
	CentralFixture *fixture;
	gint stop;
} Changer;

/* Prices change all the while a snapshot is being copied. */
static void *
change_prices(void *user)
{
	Changer *changer = user;

	for (int i = 1; g_atomic_int_get(&changer->stop) == 0; i++) {
		g_autofree char *text = g_strdup_printf(
		    "list,sku,price\nbase,MUG-SPK,%d.00\nbase,BULK-2999,%d.00\n", i, i);
		json_decref(central_fixture_import(changer->fixture, "prices", text, NULL));
	}
	return NULL;
}

static void
test_moving(void)
{
	CentralFixture fixture;
	Changer changer = {&fixture, 0};
	Waiting waiting;
	pthread_t thread;
	g_autoptr(GString) text = g_string_new("sku,name,price\n");
	g_autofree char *sql = NULL;
	gint64 seq;

	central_fixture_init(&fixture, TRUE);
	for (int i = 0; i < 15000; i++)
		g_string_append_printf(text, "BULK-%d,Thing %d,1.00\n", i, i);
	json_decref(central_fixture_import(&fixture, "products", text->str, NULL));
	g_assert_cmpint(pthread_create(&thread, NULL, change_prices, &changer), ==, 0);
	take_snapshot(&fixture, &waiting);
	g_atomic_int_set(&changer.stop, 1);
	pthread_join(thread, NULL);
	/* What the file says is what the feed said last up to its cursor. */
	seq = ask_file(waiting.path, "SELECT seq FROM cursor WHERE scope = 'chain'");
	sql = g_strdup_printf(
	    "SELECT json_extract(value, '$.price_minor') FROM feed WHERE scope = 'chain' AND "
	    "collection = 'price' AND json_extract(value, '$.sku') = 'MUG-SPK' AND seq <= "
	    "%" G_GINT64_FORMAT " ORDER BY seq DESC LIMIT 1",
	    seq);
	g_assert_cmpint(
	    ask_file(waiting.path, "SELECT price_minor FROM price WHERE sku = 'MUG-SPK'"), ==,
	    central_fixture_count(&fixture, sql));
	free_waiting(&waiting);
	central_fixture_clear(&fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/snapshot/holds-the-chain-and-one-store", test_content);
	g_test_add_func("/central/snapshot/serves-until-it-is-far-behind", test_reuse);
	g_test_add_func("/central/snapshot/is-exact-at-its-cursor-while-the-books-move",
			test_moving);
	return g_test_run();
}
