/* SPDX-License-Identifier: Apache-2.0 */
#include "database.h"

#include <errno.h>
#include <string.h>

#include "schema.h"
#include "text.h"

#define BUSY_TIMEOUT_MS 5000

static TillErrorCode
code_of(int result, int system_errno)
{
	if (system_errno == ENOSPC || system_errno == EDQUOT)
		return TILL_ERROR_FULL;
	switch (result & 0xff) {
	case SQLITE_FULL:
		return TILL_ERROR_FULL;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_SCHEMA:
		return TILL_ERROR_CORRUPT;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return TILL_ERROR_BUSY;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_TOOBIG:
		return TILL_ERROR_INVALID;
	default:
		return TILL_ERROR_DISK;
	}
}

static const char *
advice_of(const TillDatabase *database, TillErrorCode code)
{
	switch ((int)code) {
	case TILL_ERROR_FULL:
		return "The disk is full. Free some space; everything recorded so far is safe.";
	case TILL_ERROR_CORRUPT:
		return database->kind->damage_advice;
	case TILL_ERROR_BUSY:
		return "Another program has the file open. Close it and try again.";
	case TILL_ERROR_INVALID:
		return "The rows break a rule of the database and were not stored.";
	default:
		return "Check the disk and its cable, then start the till again.";
	}
}

gboolean
till_database_fail(TillDatabase *database, GError **error)
{
	int result = sqlite3_extended_errcode(database->handle);
	TillErrorCode code = code_of(result, sqlite3_system_errno(database->handle));
	g_set_error(error, TILL_ERROR, (gint)code, "%s: %s (%d). %s", database->kind->what,
		    sqlite3_errmsg(database->handle), result, advice_of(database, code));
	return FALSE;
}

gboolean
till_database_hold_log(TillDatabase *database, gboolean hold, GError **error)
{
	if (sqlite3_db_config(database->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, hold, NULL) !=
	    SQLITE_OK)
		return till_database_fail(database, error);
	return TRUE;
}

gboolean
till_database_run(TillDatabase *database, const char *sql, GError **error)
{
	if (sqlite3_exec(database->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return till_database_fail(database, error);
	return TRUE;
}

char *
till_database_ask(TillDatabase *database, const char *sql, GError **error)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL) != SQLITE_OK) {
		till_database_fail(database, error);
		return NULL;
	}
	char *answer = NULL;
	int step = sqlite3_step(statement);
	if (step == SQLITE_ROW)
		answer = g_strdup(till_database_text(statement, 0));
	else if (step == SQLITE_DONE)
		answer = g_strdup("");
	else
		till_database_fail(database, error);
	sqlite3_finalize(statement);
	return answer;
}

/* Sets a pragma and reads it back: a setting that did not take would be a promise broken in
 * silence. */
static gboolean
demand(TillDatabase *database, const char *pragma, const char *value, const char *reads,
       GError **error)
{
	g_autofree char *set = g_strdup_printf("PRAGMA %s = %s", pragma, value);
	g_autofree char *get = g_strdup_printf("PRAGMA %s", pragma);
	if (!till_database_run(database, set, error))
		return FALSE;
	g_autofree char *answer = till_database_ask(database, get, error);
	if (answer == NULL)
		return FALSE;
	if (g_ascii_strcasecmp(answer, reads) != 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
			    "%s: %s stayed \"%s\". The SQLite library or the disk cannot give what "
			    "the till needs.",
			    database->kind->what, pragma, answer);
		return FALSE;
	}
	return TRUE;
}

static int
note_wal_cb(void *user, sqlite3 *handle, const char *name, int pages)
{
	(void)handle;
	(void)name;
	TillDatabase *database = user;
	database->wal_pages = pages;
	return SQLITE_OK;
}

static int
tell_busy_cb(void *user, int tries)
{
	TillDatabase *database = user;
	g_message("%s is held by somebody else, try %d", database->kind->what, tries + 1);
	g_usleep(100 * 1000);
	return tries < BUSY_TIMEOUT_MS / 100;
}

static gboolean
set_pragmas(TillDatabase *database, GError **error)
{
	const TillDatabaseKind *kind = database->kind;
	g_autofree char *cache_size = g_strdup_printf("-%d", kind->cache_kib);
	const char *synchronous = strcmp(kind->synchronous, "FULL") == 0 ? "2" : "1";
	/* EXCLUSIVE must come before the first look into a WAL file, or SQLite makes a -shm file.
	 */
	if (!demand(database, "locking_mode", "EXCLUSIVE", "exclusive", error) ||
	    !demand(database, "journal_mode", "WAL", "wal", error) ||
	    !demand(database, "synchronous", kind->synchronous, synchronous, error) ||
	    !demand(database, "foreign_keys", "ON", "1", error) ||
	    !demand(database, "recursive_triggers", "ON", "1", error) ||
	    !demand(database, "trusted_schema", kind->trusted_schema ? "ON" : "OFF",
		    kind->trusted_schema ? "1" : "0", error) ||
	    !demand(database, "cell_size_check", "ON", "1", error) ||
	    !demand(database, "cache_size", cache_size, cache_size, error) ||
	    !demand(database, "mmap_size", "0", "0", error) ||
	    !demand(database, "wal_autocheckpoint", "0", "0", error))
		return FALSE;
	sqlite3_wal_hook(database->handle, note_wal_cb, database);
	return TRUE;
}

static gboolean
prepare_all(TillDatabase *database, GError **error)
{
	const TillDatabaseKind *kind = database->kind;
	database->statements = g_new0(sqlite3_stmt *, MAX(kind->count, 1));
	for (guint i = 0; i < kind->count; i++) {
		g_assert(kind->sql[i] != NULL);
		if (sqlite3_prepare_v3(database->handle, kind->sql[i], -1,
				       SQLITE_PREPARE_PERSISTENT, &database->statements[i],
				       NULL) != SQLITE_OK)
			return till_database_fail(database, error);
	}
	return TRUE;
}

gboolean
till_database_open(TillDatabase *database, const TillDatabaseKind *kind, const char *path,
		   GError **error)
{
	*database = (TillDatabase){.kind = kind, .path = g_strdup(path)};
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_EXRESCODE;
	if (sqlite3_open_v2(path, &database->handle, flags, NULL) != SQLITE_OK) {
		till_database_fail(database, error);
		till_database_close(database);
		return FALSE;
	}
	sqlite3_busy_handler(database->handle, tell_busy_cb, database);
	if (!till_database_hold_log(database, TRUE, error) || !set_pragmas(database, error) ||
	    !till_schema_migrate(database, error) || !prepare_all(database, error) ||
	    !till_database_hold_log(database, FALSE, error)) {
		till_database_close(database);
		return FALSE;
	}
	return TRUE;
}

void
till_database_close(TillDatabase *database)
{
	if (database->kind == NULL)
		return;
	for (guint i = 0; database->statements != NULL && i < database->kind->count; i++)
		sqlite3_finalize(database->statements[i]);
	g_clear_pointer(&database->statements, g_free);
	int result = sqlite3_close(database->handle);
	g_assert(result == SQLITE_OK);
	g_free(database->path);
	*database = (TillDatabase){0};
}

gboolean
till_database_check(TillDatabase *database, gboolean thorough, GError **error)
{
	g_autofree char *answer = till_database_ask(
	    database, thorough ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)", error);
	if (answer == NULL)
		return FALSE;
	if (strcmp(answer, "ok") != 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_CORRUPT, "%s: %s. %s",
			    database->kind->what, answer, advice_of(database, TILL_ERROR_CORRUPT));
		return FALSE;
	}
	if (!thorough)
		return TRUE;
	g_autofree char *orphan = till_database_ask(database, "PRAGMA foreign_key_check", error);
	if (orphan == NULL)
		return FALSE;
	if (*orphan != '\0') {
		g_set_error(error, TILL_ERROR, TILL_ERROR_CORRUPT,
			    "%s: a row of %s refers to a row that is gone. %s",
			    database->kind->what, orphan, advice_of(database, TILL_ERROR_CORRUPT));
		return FALSE;
	}
	return TRUE;
}

/* A log is read where it lies: with the flag, closing does not move it into the file. */
static gboolean
open_untouched(TillDatabase *database, const char *path, GError **error)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	if (sqlite3_open_v2(path, &database->handle, flags, NULL) != SQLITE_OK)
		return till_database_fail(database, error);
	sqlite3_busy_handler(database->handle, tell_busy_cb, database);
	return till_database_hold_log(database, TRUE, error) &&
	       demand(database, "locking_mode", "EXCLUSIVE", "exclusive", error) &&
	       demand(database, "query_only", "ON", "1", error) &&
	       demand(database, "cell_size_check", "ON", "1", error) &&
	       demand(database, "mmap_size", "0", "0", error) &&
	       till_schema_demand_known(database, error);
}

gboolean
till_database_judge(const TillDatabaseKind *kind, const char *path, const char *query, gint64 *out,
		    GError **error)
{
	TillDatabase database = {.kind = kind, .path = g_strdup(path)};
	g_autofree char *answer = NULL;
	if (open_untouched(&database, path, error) && till_database_check(&database, TRUE, error))
		answer = till_database_ask(&database, query, error);
	till_database_close(&database);
	if (answer == NULL)
		return FALSE;
	gboolean is_number = till_text_parse_int(answer, G_MININT64, G_MAXINT64, out);
	g_assert(is_number);
	return TRUE;
}

sqlite3_stmt *
till_database_statement(TillDatabase *database, guint index)
{
	g_assert(database->statements != NULL && index < database->kind->count);
	sqlite3_stmt *statement = database->statements[index];
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return statement;
}

int
till_database_step(TillDatabase *database, sqlite3_stmt *statement, GError **error)
{
	int step = sqlite3_step(statement);
	if (step == SQLITE_ROW)
		return step;
	if (step != SQLITE_DONE)
		till_database_fail(database, error);
	sqlite3_reset(statement);
	return step == SQLITE_DONE ? SQLITE_DONE : SQLITE_ERROR;
}

gboolean
till_database_do(TillDatabase *database, sqlite3_stmt *statement, GError **error)
{
	int step = till_database_step(database, statement, error);
	g_assert(step != SQLITE_ROW);
	return step == SQLITE_DONE;
}

void
till_database_bind_int(sqlite3_stmt *statement, int index, gint64 value)
{
	int result = sqlite3_bind_int64(statement, index, value);
	g_assert(result == SQLITE_OK);
}

void
till_database_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
	g_assert(text != NULL);
	int result = sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
	g_assert(result == SQLITE_OK);
}

void
till_database_bind_blob(sqlite3_stmt *statement, int index, const void *data, gsize size)
{
	/* A NULL pointer would bind NULL; an empty blob is a blob. */
	int result =
	    sqlite3_bind_blob64(statement, index, size == 0 ? "" : data, size, SQLITE_STATIC);
	g_assert(result == SQLITE_OK);
}

const char *
till_database_text(sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);
	return text == NULL ? "" : (const char *)text;
}

gboolean
till_database_blob(sqlite3_stmt *statement, int column, void *out, gsize size, GError **error)
{
	const void *data = sqlite3_column_blob(statement, column);
	if (data == NULL || (gsize)sqlite3_column_bytes(statement, column) != size) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_CORRUPT,
			    "A row of the ledger holds a value of the wrong "
			    "size. " TILL_DATABASE_RECOVER);
		return FALSE;
	}
	memcpy(out, data, size);
	return TRUE;
}

/* After FULL, IOERR, BUSY or NOMEM SQLite may or may not have rolled back by itself. */
static void
roll_back(TillDatabase *database)
{
	if (sqlite3_get_autocommit(database->handle) == 0 &&
	    sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK)
		g_message("%s: rolling back failed: %s", database->kind->what,
			  sqlite3_errmsg(database->handle));
}

gboolean
till_database_transact(TillDatabase *database, TillDatabaseBody body, gpointer data, GError **error)
{
	if (!till_database_run(database, "BEGIN IMMEDIATE", error))
		return FALSE;
	if (!body(database, data, error) || !till_database_run(database, "COMMIT", error)) {
		roll_back(database);
		return FALSE;
	}
	return TRUE;
}

gboolean
till_database_checkpoint(TillDatabase *database, GError **error)
{
	if (database->wal_pages == 0)
		return TRUE;
	int left = 0;
	int done = 0;
	if (sqlite3_wal_checkpoint_v2(database->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &left,
				      &done) != SQLITE_OK)
		return till_database_fail(database, error);
	database->wal_pages = 0;
	return TRUE;
}
