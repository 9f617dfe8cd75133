/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot-builder.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "error.h"
#include "text.h"

#include "till-central-resources.h"

#define SCHEMA_DIR "/tillhouse/central/cache"
#define COLUMNS_MAX 24

struct TillSnapshotBuilder {
	sqlite3 *handle;
	GHashTable *puts;    /* collection → sqlite3_stmt */
	GHashTable *deletes; /* collection → sqlite3_stmt */
};

static void
finalise(gpointer statement)
{
	sqlite3_finalize(statement);
}

static gboolean
fail(TillSnapshotBuilder *builder, GError **error)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_DISK, "A snapshot could not be built: %s.",
		    sqlite3_errmsg(builder->handle));
	return FALSE;
}

static gboolean
execute(TillSnapshotBuilder *builder, const char *sql, GError **error)
{
	if (sqlite3_exec(builder->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return fail(builder, error);
	return TRUE;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Runs the numbered files in order; their count is the version that terminals expect. */
static gboolean
make_schema(TillSnapshotBuilder *builder, GError **error)
{
	g_auto(GStrv) names = g_resource_enumerate_children(till_central_get_resource(), SCHEMA_DIR,
							    G_RESOURCE_LOOKUP_FLAGS_NONE, error);
	g_autofree char *version = NULL;
	guint count;

	if (names == NULL)
		return FALSE;
	count = g_strv_length(names);
	qsort(names, count, sizeof *names, compare_names);
	for (guint i = 0; i < count; i++) {
		g_autofree char *path = g_strdup_printf("%s/%s", SCHEMA_DIR, names[i]);
		g_autoptr(GBytes) sql = g_resource_lookup_data(till_central_get_resource(), path,
							       G_RESOURCE_LOOKUP_FLAGS_NONE, error);
		if (sql == NULL || !execute(builder, g_bytes_get_data(sql, NULL), error))
			return FALSE;
	}
	version = g_strdup_printf("PRAGMA user_version=%u", count);
	return execute(builder, version, error);
}

TillSnapshotBuilder *
till_snapshot_builder_new(const char *path, GError **error)
{
	g_autoptr(TillSnapshotBuilder) builder = g_new0(TillSnapshotBuilder, 1);

	g_unlink(path);
	builder->puts = g_hash_table_new_full(NULL, NULL, NULL, finalise);
	builder->deletes = g_hash_table_new_full(NULL, NULL, NULL, finalise);
	if (sqlite3_open_v2(path, &builder->handle,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK) {
		fail(builder, error);
		return NULL;
	}
	if (!execute(builder,
		     "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
		     "PRAGMA locking_mode=EXCLUSIVE; BEGIN",
		     error) ||
	    !make_schema(builder, error))
		return NULL;
	return g_steal_pointer(&builder);
}

void
till_snapshot_builder_free(TillSnapshotBuilder *builder)
{
	if (builder == NULL)
		return;
	g_hash_table_unref(builder->puts);
	g_hash_table_unref(builder->deletes);
	sqlite3_close(builder->handle);
	g_free(builder);
}

static char *
make_put(const TillCollection *collection)
{
	GString *sql = g_string_new(NULL);
	GString *values = g_string_new(NULL);
	GString *keys = g_string_new(NULL);
	GString *sets = g_string_new(NULL);

	for (guint i = 0; i < collection->column_count; i++) {
		const char *name = collection->columns[i].name;
		g_string_append_printf(sql, "%s%s", i > 0 ? ", " : "", name);
		g_string_append_printf(values, "%s?%u", i > 0 ? ", " : "", i + 1);
		if (i < collection->key_columns)
			g_string_append_printf(keys, "%s%s", i > 0 ? ", " : "", name);
		else
			g_string_append_printf(sets, "%s%s = excluded.%s",
					       i > collection->key_columns ? ", " : "", name, name);
	}
	g_string_prepend(sql, " (");
	g_string_prepend(sql, collection->name);
	g_string_prepend(sql, "INSERT INTO ");
	g_string_append_printf(sql, ") VALUES (%s) ON CONFLICT (%s) DO UPDATE SET %s", values->str,
			       keys->str, sets->str);
	g_string_free(values, TRUE);
	g_string_free(keys, TRUE);
	g_string_free(sets, TRUE);
	return g_string_free(sql, FALSE);
}

static char *
make_delete(const TillCollection *collection)
{
	GString *sql = g_string_new(NULL);

	g_string_printf(sql, "DELETE FROM %s WHERE ", collection->name);
	for (guint i = 0; i < collection->key_columns; i++)
		g_string_append_printf(sql, "%s%s = ?%u", i > 0 ? " AND " : "",
				       collection->columns[i].name, i + 1);
	return g_string_free(sql, FALSE);
}

static sqlite3_stmt *
prepare(TillSnapshotBuilder *builder, GHashTable *cache, const TillCollection *collection,
	char *(*make)(const TillCollection *), GError **error)
{
	sqlite3_stmt *statement = g_hash_table_lookup(cache, collection);
	g_autofree char *sql = NULL;

	if (statement != NULL)
		return statement;
	sql = make(collection);
	if (sqlite3_prepare_v3(builder->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement,
			       NULL) != SQLITE_OK) {
		fail(builder, error);
		return NULL;
	}
	g_hash_table_insert(cache, (gpointer)(guintptr)collection, statement);
	return statement;
}

static gboolean
run(TillSnapshotBuilder *builder, sqlite3_stmt *statement, GError **error)
{
	int result = sqlite3_step(statement);

	sqlite3_reset(statement);
	return result == SQLITE_DONE ? TRUE : fail(builder, error);
}

gboolean
till_snapshot_builder_put(TillSnapshotBuilder *builder, const TillCollection *collection,
			  const TillSnapshotCell *cells, GError **error)
{
	sqlite3_stmt *statement = prepare(builder, builder->puts, collection, make_put, error);

	if (statement == NULL)
		return FALSE;
	for (guint i = 0; i < collection->column_count; i++) {
		if (collection->columns[i].kind == TILL_COLUMN_TEXT)
			sqlite3_bind_text(statement, (int)i + 1, cells[i].text, -1, SQLITE_STATIC);
		else
			sqlite3_bind_int64(statement, (int)i + 1, cells[i].number);
	}
	return run(builder, statement, error);
}

gboolean
till_snapshot_builder_put_json(TillSnapshotBuilder *builder, const TillCollection *collection,
			       const json_t *value, GError **error)
{
	TillSnapshotCell cells[COLUMNS_MAX];

	g_assert(collection->column_count <= COLUMNS_MAX);
	for (guint i = 0; i < collection->column_count; i++) {
		const TillColumn *column = &collection->columns[i];
		const json_t *part = json_object_get(value, column->name);
		cells[i].text =
		    json_is_string(part) ? json_string_value(part) : column->text_default;
		cells[i].number = column->int_default;
		if (json_is_integer(part))
			cells[i].number = json_integer_value(part);
		else if (json_is_boolean(part))
			cells[i].number = json_is_true(part) ? 1 : 0;
	}
	return till_snapshot_builder_put(builder, collection, cells, error);
}

gboolean
till_snapshot_builder_delete(TillSnapshotBuilder *builder, const TillCollection *collection,
			     const char *key, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(key, TILL_COLLECTION_KEY_SEPARATOR, -1);
	gint64 number;
	sqlite3_stmt *statement =
	    prepare(builder, builder->deletes, collection, make_delete, error);

	if (statement == NULL)
		return FALSE;
	for (guint i = 0; i < collection->key_columns && parts[i] != NULL; i++) {
		if (collection->columns[i].kind == TILL_COLUMN_TEXT)
			sqlite3_bind_text(statement, (int)i + 1, parts[i], -1, SQLITE_TRANSIENT);
		else if (till_text_parse_int(parts[i], G_MININT64, G_MAXINT64, &number))
			sqlite3_bind_int64(statement, (int)i + 1, number);
	}
	return run(builder, statement, error);
}

gboolean
till_snapshot_builder_cursor(TillSnapshotBuilder *builder, const char *scope, const char *epoch,
			     gint64 seq, GError **error)
{
	sqlite3_stmt *statement = NULL;
	gboolean good;

	if (sqlite3_prepare_v2(
		builder->handle,
		"INSERT OR REPLACE INTO cursor (scope, epoch, seq) VALUES (?1, ?2, ?3)", -1,
		&statement, NULL) != SQLITE_OK)
		return fail(builder, error);
	sqlite3_bind_text(statement, 1, scope, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, epoch, -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 3, seq);
	good = run(builder, statement, error);
	sqlite3_finalize(statement);
	return good;
}

static gboolean
check(TillSnapshotBuilder *builder, GError **error)
{
	sqlite3_stmt *statement = NULL;
	gboolean good;

	if (sqlite3_prepare_v2(builder->handle, "PRAGMA quick_check(1)", -1, &statement, NULL) !=
	    SQLITE_OK)
		return fail(builder, error);
	good = sqlite3_step(statement) == SQLITE_ROW &&
	       strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
	sqlite3_finalize(statement);
	if (!good)
		g_set_error(error, TILL_ERROR, TILL_ERROR_CORRUPT,
			    "A snapshot was built damaged. Check the disk of the central.");
	return good;
}

gboolean
till_snapshot_builder_finish(TillSnapshotBuilder *builder, GError **error)
{
	return execute(builder,
		       "INSERT INTO item_words (item_words) VALUES ('optimize');"
		       "INSERT INTO item_head (item_head) VALUES ('optimize'); COMMIT",
		       error) &&
	       check(builder, error);
}
