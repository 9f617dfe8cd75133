/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "error.h"

/* One SQLite file with its one connection and all its prepared statements. Private to this layer.
 *
 * Opened exclusively (locking_mode=EXCLUSIVE before WAL, so there is no -shm file and a second
 * opener is turned away), migrated by numbered schema files, every statement prepared at open from
 * a table, so that a misspelt one cannot hide. Checkpoints never happen by themselves: the owner
 * calls for them.
 *
 * Threads: store. */

G_BEGIN_DECLS

/* How the sentence about a damaged ledger ends. */
#define TILL_DATABASE_RECOVER "Close the till and run: tillctl journal recover"

typedef struct {
	const char *what;          /* "ledger.db": in sentences */
	const char *damage_advice; /* what to do when it is damaged: a sentence or two */
	const char *schema; /* resource folder of its numbered files, "/tillhouse/schema/ledger/" */
	const char *synchronous; /* "FULL" or "NORMAL"; read back and asserted */
	int cache_kib;           /* page cache, at most */
	gboolean trusted_schema; /* see cache.c for the one case */
	const char *const *sql;  /* one statement each */
	guint count;
} TillDatabaseKind;

typedef struct {
	const TillDatabaseKind *kind; /* static */
	char *path;                   /* owned */
	sqlite3 *handle;              /* NULL while closed */
	sqlite3_stmt **statements;    /* owned, kind->count of them */
	int wal_pages;                /* in the WAL after the last commit; 0 once checkpointed */
} TillDatabase;

/* Opens or makes the file and migrates it. TILL_ERROR_NEWER when a newer release wrote it,
 * TILL_ERROR_CORRUPT when it is no sound database; the file is then left as it is. */
gboolean till_database_open(TillDatabase *database, const TillDatabaseKind *kind, const char *path,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Finalises every statement and closes; asserts that SQLite agreed. NULL-safe in the handle. */
void till_database_close(TillDatabase *database);

/* While it is held, closing leaves the log beside the file as it is instead of moving it in: for a
 * file that is not known to be sound. */
gboolean till_database_hold_log(TillDatabase *database, gboolean hold,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Runs SQL without results. */
gboolean till_database_run(TillDatabase *database, const char *sql,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The single text or integer result of a query; NULL on failure. Caller frees. */
char *till_database_ask(TillDatabase *database, const char *sql, GError **error);

/* quick_check or integrity_check with foreign_key_check. TILL_ERROR_CORRUPT with the first finding.
 */
gboolean till_database_check(TillDatabase *database, gboolean thorough,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The thorough check of a file that is not open, and the number that a query answers, with nothing
 * written or moved. TILL_ERROR_CORRUPT, TILL_ERROR_NEWER and the rest as for open. */
gboolean till_database_judge(const TillDatabaseKind *kind, const char *path, const char *query,
			     gint64 *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The statement, reset and without bindings. Borrowed. */
sqlite3_stmt *till_database_statement(TillDatabase *database, guint index);

/* sqlite3_step with sqlite's codes made plain: SQLITE_ROW, SQLITE_DONE, or SQLITE_ERROR with error
 * set. The statement is reset except after a row. */
int till_database_step(TillDatabase *database, sqlite3_stmt *statement,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For statements without rows. */
gboolean till_database_do(TillDatabase *database, sqlite3_stmt *statement,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Binding. Texts and blobs are borrowed until the statement is next reset. */
void till_database_bind_int(sqlite3_stmt *statement, int index, gint64 value);
void till_database_bind_text(sqlite3_stmt *statement, int index, const char *text);
void till_database_bind_blob(sqlite3_stmt *statement, int index, const void *data, gsize size);

/* A column as text, never NULL. Borrowed until the next step. */
const char *till_database_text(sqlite3_stmt *statement, int column);

/* A blob of exactly size bytes into out. FALSE with TILL_ERROR_CORRUPT otherwise. */
gboolean till_database_blob(sqlite3_stmt *statement, int column, void *out, gsize size,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Body inside BEGIN IMMEDIATE … COMMIT; ROLLBACK when it, or the COMMIT, fails. */
typedef gboolean (*TillDatabaseBody)(TillDatabase *database, gpointer data, GError **error);
gboolean till_database_transact(TillDatabase *database, TillDatabaseBody body, gpointer data,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Moves what it can from the WAL into the file, waiting for nobody. */
gboolean till_database_checkpoint(TillDatabase *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sets error from SQLite's last one: what failed, why, what to do. Always FALSE. */
gboolean till_database_fail(TillDatabase *database, GError **error);

G_END_DECLS
