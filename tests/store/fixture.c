/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <sqlite3.h>
#include <string.h>

#include "feed.h"
#include "identity.h"

#define EPOCH "epoch-1"

TillFixture *
till_fixture_new_empty(void)
{
	TillFixture *fixture = g_new0(TillFixture, 1);
	fixture->root = till_test_temp_dir();
	fixture->home = g_build_filename(fixture->root, "home", NULL);
	fixture->state = g_build_filename(fixture->root, "state", NULL);
	till_test_clock_init(&fixture->clock, TILL_FIXTURE_NOW_MS);
	g_setenv("TILLHOUSE_STATE_DIR", fixture->state, TRUE);
	return fixture;
}

TillFixture *
till_fixture_new(void)
{
	TillFixture *fixture = till_fixture_new_empty();
	till_fixture_open(fixture);
	till_fixture_do(fixture, till_fixture_enrol);
	return fixture;
}

void
till_fixture_free(TillFixture *fixture)
{
	till_fixture_close(fixture);
	till_test_remove_dir(fixture->root);
	g_free(fixture->root);
	g_free(fixture->home);
	g_free(fixture->state);
	g_free(fixture);
}

static void
note_commit_cb(gpointer user)
{
	g_atomic_int_inc(&((TillFixture *)user)->committed);
}

void
till_fixture_open(TillFixture *fixture)
{
	GError *error = NULL;
	fixture->store = till_store_open(fixture->home, TILL_STORE_CREATE, "test, process 1",
					 &fixture->clock.clock, NULL, &error);
	g_assert_no_error(error);
	till_store_set_committed(fixture->store, note_commit_cb, fixture);
}

void
till_fixture_close(TillFixture *fixture)
{
	g_clear_pointer(&fixture->store, till_store_close);
}

GError *
till_fixture_open_refused(TillFixture *fixture)
{
	GError *error = NULL;
	TillStore *store = till_store_open(fixture->home, 0, "test, process 2",
					   &fixture->clock.clock, NULL, &error);
	g_assert_null(store);
	g_assert_nonnull(error);
	return error;
}

typedef struct {
	TillFixtureBody body;
	TillFixture *fixture;
} Doing;

static gboolean
run_body(gpointer owner, gpointer data, GError **error)
{
	Doing *doing = data;
	(void)error;
	doing->body(owner, doing->fixture);
	return TRUE;
}

void
till_fixture_do(TillFixture *fixture, TillFixtureBody body)
{
	Doing doing = {body, fixture};
	GError *error = NULL;
	gboolean done =
	    till_worker_call(till_store_worker(fixture->store), run_body, &doing, &error);
	g_assert_no_error(error);
	g_assert_true(done);
}

void
till_fixture_enrol(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	GError *error = NULL;
	TillIdentity identity = {
	    .store_id = (char[]){"0199d3c2-0000-7000-8000-000000000014"},
	    .terminal_id = (char[]){"0199d3c2-0000-7000-8000-000000000102"},
	    .store_code = (char[]){"014"},
	    .till_number = (char[]){"02"},
	    .server_url = (char[]){"http://127.0.0.1:8080"},
	    .server_id = (char[]){"0199d3c2-0000-7000-8000-000000000001"},
	    .ca_pem = (char[]){""},
	};
	gboolean saved = till_identity_save(store, &identity, &error);
	g_assert_no_error(error);
	g_assert_true(saved);
}

static GBytes *
build_sale(const TillEntry *stamp, gpointer user, GError **error)
{
	(void)error;
	const char *sku = user;
	g_autofree char *text =
	    g_strdup_printf("{\"receipt\":\"%s\",\"sku\":\"%s\",\"total_minor\":1250}", "x", sku);
	g_assert_cmpint(stamp->seq, >=, 1);
	return g_bytes_new(text, strlen(text));
}

TillEntry *
till_fixture_sell(TillStore *store, const char *sku, gint64 quantity_milli, GError **error)
{
	TillStockMove move = {sku, -quantity_milli};
	g_autofree char *user = g_strdup(sku);
	TillJournalDraft draft = {
	    .type = "sale",
	    .version = 1,
	    .business_date = "2026-11-23",
	    .build = build_sale,
	    .user = user,
	    .receipt_store = "014",
	    .receipt_till = "02",
	    .total_minor = 1250,
	    .moves = &move,
	    .move_count = 1,
	};
	return till_journal_append(store, &draft, error);
}

void
till_fixture_sell_many(TillStore *store, guint count)
{
	for (guint i = 0; i < count; i++) {
		GError *error = NULL;
		g_autoptr(TillEntry) entry = till_fixture_sell(store, "TEE-1", 1000, &error);
		g_assert_no_error(error);
		g_assert_nonnull(entry);
	}
}

gboolean
till_fixture_edit(TillFixture *fixture, const char *file, const char *sql)
{
	sqlite3 *handle = NULL;
	g_autofree char *path = g_build_filename(fixture->home, file, NULL);
	g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
	gboolean done = sqlite3_exec(handle, sql, NULL, NULL, NULL) == SQLITE_OK;
	g_assert_cmpint(sqlite3_close(handle), ==, SQLITE_OK);
	return done;
}

char *
till_fixture_ask(const char *path, const char *sql)
{
	sqlite3 *handle = NULL;
	sqlite3_stmt *statement = NULL;
	g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
	char *answer = NULL;
	if (sqlite3_step(statement) == SQLITE_ROW)
		answer = g_strdup((const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	g_assert_cmpint(sqlite3_close(handle), ==, SQLITE_OK);
	return answer == NULL ? g_strdup("") : answer;
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *
till_fixture_cache_schema(guint version)
{
	g_autofree char *path =
	    g_build_filename(g_getenv("TILL_SOURCE_ROOT"), "app/store/schema/cache", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	GString *text = g_string_new(NULL);
	g_assert_nonnull(dir);
	for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
		g_ptr_array_add(names, g_build_filename(path, name, NULL));
	g_ptr_array_sort(names, compare_names);
	if (version == 0)
		version = names->len;
	for (guint i = 0; i < version; i++) {
		g_autofree char *sql = NULL;
		g_assert_true(g_file_get_contents(g_ptr_array_index(names, i), &sql, NULL, NULL));
		g_string_append(text, sql);
	}
	g_string_append_printf(text, ";PRAGMA user_version = %u;", version);
	return g_string_free(text, FALSE);
}

void
till_fixture_copy(const char *from, const char *to)
{
	const char *const argv[] = {"cp", "-a", from, to, NULL};
	int status = -1;
	GError *error = NULL;
	gboolean ran = g_spawn_sync(NULL, (char **)(guintptr)argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
				    NULL, NULL, NULL, &status, &error);
	g_assert_no_error(error);
	g_assert_true(ran);
	g_assert_cmpint(status, ==, 0);
}

GPtrArray *
till_fixture_rows(void)
{
	return g_ptr_array_new_with_free_func(till_feed_row_free);
}

void
till_fixture_add_row(GPtrArray *rows, gint64 seq, const char *collection, const char *key,
		     const char *value)
{
	TillFeedRow *row = g_new0(TillFeedRow, 1);
	row->seq = seq;
	row->collection = g_strdup(collection);
	row->key = g_strdup(key);
	if (value != NULL) {
		json_error_t fault;
		row->value = json_loads(value, 0, &fault);
		if (row->value == NULL)
			g_error("%s in %s", fault.text, value);
	}
	g_ptr_array_add(rows, row);
}

void
till_fixture_feed(TillStore *store, const char *scope, const char *const *triples)
{
	GError *error = NULL;
	TillFeedCursor cursor;
	gboolean ok = till_feed_cursor(store, scope, &cursor, &error);
	g_assert_no_error(error);
	g_assert_true(ok);
	g_autoptr(GPtrArray) rows = till_fixture_rows();
	for (gsize i = 0; triples[i] != NULL; i += 3)
		till_fixture_add_row(rows, ++cursor.seq, triples[i], triples[i + 1],
				     triples[i + 2]);
	ok = till_feed_apply(store, scope, cursor.epoch[0] == '\0' ? EPOCH : cursor.epoch, rows,
			     cursor.seq, &error);
	g_assert_no_error(error);
	g_assert_true(ok);
}
