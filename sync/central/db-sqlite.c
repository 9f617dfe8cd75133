/* SPDX-License-Identifier: Apache-2.0 */
#include "db.h"

#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

#include "error.h"
#include "file.h"
#include "server-log.h"

/* Pages hold a few sales each. Room for the pages of a busy hour; the default 2 MiB would fall back
 * on the file for every lookup. */
#define PRAGMAS                                                                                    \
	"PRAGMA page_size=8192;"                                                                   \
	"PRAGMA locking_mode=EXCLUSIVE;"                                                           \
	"PRAGMA journal_mode=WAL;"                                                                 \
	"PRAGMA synchronous=FULL;"                                                                 \
	"PRAGMA wal_autocheckpoint=0;"                                                             \
	"PRAGMA foreign_keys=ON;"                                                                  \
	"PRAGMA trusted_schema=OFF;"                                                               \
	"PRAGMA cell_size_check=ON;"                                                               \
	"PRAGMA cache_size=-65536;"                                                                \
	"PRAGMA temp_store=MEMORY;"

struct TillDbQuery {
	sqlite3_stmt *statement;
	TillDb *db; /* borrowed */
};

struct TillDb {
	sqlite3 *handle;
	GHashTable *queries; /* SQL text's address → TillDbQuery */
	guint wal_pages;     /* in the log since the last checkpoint */
	pthread_t owner;
	gboolean owned;
};

static void
set_error(sqlite3 *handle, GError **error)
{
	int code = handle != NULL ? sqlite3_extended_errcode(handle) : SQLITE_NOMEM;
	const char *words = handle != NULL ? sqlite3_errmsg(handle) : "out of memory";

	switch (code & 0xff) {
	case SQLITE_FULL:
		g_set_error(error, TILL_ERROR, TILL_ERROR_FULL,
			    "The disk of the central is full (%s). Free some space.", words);
		break;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		g_set_error(
		    error, TILL_ERROR, TILL_ERROR_CORRUPT,
		    "The central's database is damaged (%s). It was left as it is; restore a "
		    "backup.",
		    words);
		break;
	case SQLITE_CONSTRAINT:
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE, "The books refuse this: %s.",
			    words);
		break;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		g_set_error(error, TILL_ERROR, TILL_ERROR_BUSY,
			    "Another program holds the central's database. Stop it first.");
		break;
	default:
		g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
			    "The central's database could not be read or written (%s, code %d).",
			    words, code);
		break;
	}
}

static void
free_query(gpointer data)
{
	TillDbQuery *query = data;

	sqlite3_finalize(query->statement);
	g_free(query);
}

static gboolean
execute(TillDb *db, const char *sql, GError **error)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK) {
		set_error(db->handle, error);
		return FALSE;
	}
	return TRUE;
}

static int
wal_cb(void *user, sqlite3 *handle G_GNUC_UNUSED, const char *name G_GNUC_UNUSED, int pages)
{
	TillDb *db = user;

	db->wal_pages = (guint)pages;
	return SQLITE_OK;
}

static gboolean
read_pragma(TillDb *db, const char *sql, gint64 *out, GError **error)
{
	return till_db_fetch_int(till_db_query(db, sql), 0, out, error);
}

static gboolean
upgrade(TillDb *db, const char *const *schemas, GError **error)
{
	gint64 version;
	gint64 newest = 0;

	while (schemas[newest] != NULL)
		newest++;
	if (!read_pragma(db, "PRAGMA user_version", &version, error))
		return FALSE;
	if (version > newest) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_NEWER,
			    "The central's database was written by a newer release. Update "
			    "tillhouse-central.");
		return FALSE;
	}
	for (gint64 i = version; i < newest; i++) {
		g_autofree char *step = g_strdup_printf(
		    "BEGIN IMMEDIATE;%s;PRAGMA user_version=%d;COMMIT", schemas[i], (int)i + 1);
		if (!execute(db, step, error)) {
			till_db_rollback(db);
			return FALSE;
		}
	}
	return TRUE;
}

/* Once per process, before the library starts; when somebody started it already its own settings
 * stand. Counting every allocation under one lock is worth nothing to us. */
static void
configure_library(void)
{
	static gsize done;

	if (g_once_init_enter(&done)) {
		sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
		g_once_init_leave(&done, 1);
	}
}

static gboolean
configure(TillDb *db, const char *const *schemas, GError **error)
{
	gint64 synchronous;

	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, 5000);
	if (!execute(db, PRAGMAS, error) ||
	    !read_pragma(db, "PRAGMA synchronous", &synchronous, error))
		return FALSE;
	g_assert(synchronous == 2);
	sqlite3_wal_hook(db->handle, wal_cb, db);
	return upgrade(db, schemas, error);
}

TillDb *
till_db_open(const char *path, const char *const *schemas, GError **error)
{
	TillDb *db = g_new0(TillDb, 1);
	gboolean fresh = !g_file_test(path, G_FILE_TEST_EXISTS);

	configure_library();
	db->queries = g_hash_table_new_full(NULL, NULL, NULL, free_query);
	if (sqlite3_open_v2(path, &db->handle,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK) {
		set_error(db->handle, error);
		till_db_close(db);
		return NULL;
	}
	if (!configure(db, schemas, error)) {
		till_db_close(db);
		return NULL;
	}
	if (fresh && strcmp(path, ":memory:") != 0) {
		g_autofree char *dir = g_path_get_dirname(path);
		if (!till_file_sync_dir(dir, error)) {
			till_db_close(db);
			return NULL;
		}
	}
	return db;
}

void
till_db_close(TillDb *db)
{
	int result;

	if (db == NULL)
		return;
	db->owned = FALSE;
	g_hash_table_unref(db->queries);
	if (db->handle != NULL)
		till_db_checkpoint(db, 0);
	result = sqlite3_close(db->handle);
	g_assert(result == SQLITE_OK);
	g_free(db);
}

void
till_db_own(TillDb *db)
{
	db->owner = pthread_self();
	db->owned = TRUE;
}

TillDbQuery *
till_db_query(TillDb *db, const char *sql)
{
	TillDbQuery *query = g_hash_table_lookup(db->queries, sql);
	int result;

	g_assert(!db->owned || pthread_equal(db->owner, pthread_self()));
	if (query == NULL) {
		query = g_new0(TillDbQuery, 1);
		query->db = db;
		result = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
					    &query->statement, NULL);
		if (result != SQLITE_OK)
			till_server_log("sql", "reason=\"%s\"", sqlite3_errmsg(db->handle));
		g_assert(result == SQLITE_OK);
		g_hash_table_insert(db->queries, (gpointer)(guintptr)sql, query);
		return query;
	}
	sqlite3_reset(query->statement);
	sqlite3_clear_bindings(query->statement);
	return query;
}

void
till_db_bind_int(TillDbQuery *query, int index, gint64 value)
{
	int result = sqlite3_bind_int64(query->statement, index, value);

	g_assert(result == SQLITE_OK);
}

void
till_db_bind_text(TillDbQuery *query, int index, const char *text)
{
	int result = sqlite3_bind_text(query->statement, index, text, -1, SQLITE_STATIC);

	g_assert(result == SQLITE_OK);
}

void
till_db_bind_blob(TillDbQuery *query, int index, gconstpointer data, gsize size)
{
	int result = sqlite3_bind_blob64(query->statement, index, data != NULL ? data : "", size,
					 SQLITE_STATIC);

	g_assert(result == SQLITE_OK);
}

gboolean
till_db_step(TillDbQuery *query, GError **error)
{
	int result = sqlite3_step(query->statement);

	if (result == SQLITE_ROW)
		return TRUE;
	if (result != SQLITE_DONE)
		set_error(query->db->handle, error);
	sqlite3_reset(query->statement);
	return FALSE;
}

gboolean
till_db_run(TillDbQuery *query, GError **error)
{
	g_autoptr(GError) local = NULL;

	while (till_db_step(query, &local))
		;
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	return TRUE;
}

void
till_db_reset(TillDbQuery *query)
{
	sqlite3_reset(query->statement);
}

gboolean
till_db_fetch_int(TillDbQuery *query, gint64 fallback, gint64 *out, GError **error)
{
	g_autoptr(GError) local = NULL;
	gint64 value = fallback;

	if (till_db_step(query, &local)) {
		if (!till_db_is_null(query, 0))
			value = till_db_int(query, 0);
		till_db_reset(query);
	}
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	*out = value;
	return TRUE;
}

gint64
till_db_int(TillDbQuery *query, int column)
{
	return sqlite3_column_int64(query->statement, column);
}

const char *
till_db_text(TillDbQuery *query, int column)
{
	const char *text = (const char *)sqlite3_column_text(query->statement, column);

	return text != NULL ? text : "";
}

gconstpointer
till_db_blob(TillDbQuery *query, int column, gsize *out_size)
{
	gconstpointer data = sqlite3_column_blob(query->statement, column);

	*out_size = (gsize)sqlite3_column_bytes(query->statement, column);
	return data;
}

gboolean
till_db_is_null(TillDbQuery *query, int column)
{
	return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

void
till_db_copy_blob(TillDbQuery *query, int column, gpointer out, gsize size)
{
	gsize found;
	gconstpointer data = till_db_blob(query, column, &found);

	if (found == size)
		memcpy(out, data, size);
	else
		memset(out, 0, size);
}

gint64
till_db_changes(TillDb *db)
{
	return sqlite3_changes64(db->handle);
}

gint64
till_db_total_changes(TillDb *db)
{
	return sqlite3_total_changes64(db->handle);
}

gboolean
till_db_begin(TillDb *db, GError **error)
{
	return till_db_run(till_db_query(db, "BEGIN IMMEDIATE"), error);
}

gboolean
till_db_commit(TillDb *db, GError **error)
{
	return till_db_run(till_db_query(db, "COMMIT"), error);
}

void
till_db_rollback(TillDb *db)
{
	/* SQLite has already ended the transaction after some failures; then there is nothing to
	 * undo. */
	if (sqlite3_get_autocommit(db->handle) == 0)
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* Savepoint statements by name: static texts, so that they are prepared once. */
typedef struct {
	const char *name;
	const char *open;
	const char *release;
	const char *undo;
} SavepointTexts;

static const SavepointTexts savepoints[] = {
    {"job", "SAVEPOINT job", "RELEASE job", "ROLLBACK TO job"},
    {"entry", "SAVEPOINT entry", "RELEASE entry", "ROLLBACK TO entry"},
};

static const SavepointTexts *
find_savepoint(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(savepoints); i++) {
		if (strcmp(savepoints[i].name, name) == 0)
			return &savepoints[i];
	}
	g_assert_not_reached();
}

gboolean
till_db_savepoint(TillDb *db, const char *name, GError **error)
{
	return till_db_run(till_db_query(db, find_savepoint(name)->open), error);
}

gboolean
till_db_release(TillDb *db, const char *name, gboolean keep, GError **error)
{
	const SavepointTexts *texts = find_savepoint(name);

	if (!keep && !till_db_run(till_db_query(db, texts->undo), error))
		return FALSE;
	return till_db_run(till_db_query(db, texts->release), error);
}

void
till_db_checkpoint(TillDb *db, guint pages)
{
	if (db->wal_pages == 0 || db->wal_pages < pages)
		return;
	/* A failed checkpoint loses nothing: the log stays and the next one tries again. */
	if (sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL) ==
	    SQLITE_OK)
		db->wal_pages = 0;
}

static gboolean
mark_copy(const char *path, const char *mark, GError **error)
{
	sqlite3 *handle = NULL;
	gboolean good = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
			sqlite3_exec(handle, mark, NULL, NULL, NULL) == SQLITE_OK;

	if (!good)
		set_error(handle, error);
	sqlite3_close(handle);
	return good;
}

gboolean
till_db_backup(TillDb *db, const char *path, const char *mark, GError **error)
{
	TillDbQuery *query = till_db_query(db, "VACUUM INTO ?1");
	g_autofree char *dir = g_path_get_dirname(path);

	till_db_bind_text(query, 1, path);
	return till_db_run(query, error) && mark_copy(path, mark, error) &&
	       till_file_sync_dir(dir, error);
}

char *
till_db_complaint(TillDb *db)
{
	TillDbQuery *query = till_db_query(db, "PRAGMA quick_check(1)");
	g_autoptr(GError) error = NULL;
	char *complaint = NULL;

	if (till_db_step(query, &error)) {
		if (strcmp(till_db_text(query, 0), "ok") != 0)
			complaint = g_strdup(till_db_text(query, 0));
		till_db_reset(query);
	}
	if (error != NULL)
		complaint = g_strdup(error->message);
	return complaint;
}
