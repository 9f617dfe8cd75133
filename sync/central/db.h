/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The central's database, behind a face without an engine's words: statements, parameters, rows.
 *
 * The file is opened with one exclusive connection (WAL, synchronous=FULL read back, no automatic
 * checkpoint), so the library's WAL-reset fault, which needs two connections, cannot arise.
 * Statements are prepared once per SQL text and kept; the text must be static, its address is the
 * key. Bind what the statement names, then step or run.
 *
 * Threads: one at a time, the writer's once it runs (asserted). Errors: TILL_ERROR_FULL, _DISK,
 * _CORRUPT, _NEWER, _STATE (a constraint). After a failed statement the caller undoes its savepoint
 * or transaction. */

G_BEGIN_DECLS

typedef struct TillDb TillDb;
typedef struct TillDbQuery TillDbQuery;

/* Opens or makes the file and brings it to the newest schema: numbered SQL texts, each with its
 * version in one transaction. schemas: NULL-terminated, schemas[0] makes version 1. */
TillDb *till_db_open(const char *path, const char *const *schemas,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Checkpoints, finalises every statement, closes (asserted clean). */
void till_db_close(TillDb *db);

/* From now on only the calling thread may use it. */
void till_db_own(TillDb *db);

/* The statement for a static SQL text, reset and unbound. Borrowed until close. A text that does
 * not compile is a programmer's error. */
TillDbQuery *till_db_query(TillDb *db, const char *sql);

/* Parameters count from 1. Texts and blobs are borrowed until the statement has run or is reset. */
void till_db_bind_int(TillDbQuery *query, int index, gint64 value);
void till_db_bind_text(TillDbQuery *query, int index, const char *text); /* NULL: null */
void till_db_bind_blob(TillDbQuery *query, int index, gconstpointer data, gsize size);

/* TRUE: a row is there. FALSE: no more rows, or error is set; the statement is then reset. */
gboolean till_db_step(TillDbQuery *query, GError **error);
/* Runs to the end; rows are ignored. */
gboolean till_db_run(TillDbQuery *query, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends a statement that was not stepped to its end. */
void till_db_reset(TillDbQuery *query);
/* First column of the first row, or fallback without rows; then reset. FALSE only with error. */
gboolean till_db_fetch_int(TillDbQuery *query, gint64 fallback, gint64 *out,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Columns count from 0. Borrowed until the next step. text: "" for null. */
gint64 till_db_int(TillDbQuery *query, int column);
const char *till_db_text(TillDbQuery *query, int column);
gconstpointer till_db_blob(TillDbQuery *query, int column, gsize *out_size);
gboolean till_db_is_null(TillDbQuery *query, int column);
/* Copies a blob of exactly size bytes; zeros otherwise. */
void till_db_copy_blob(TillDbQuery *query, int column, gpointer out, gsize size);

/* Rows touched by the last statement. */
gint64 till_db_changes(TillDb *db);
/* Rows touched since opening: tells whether a transaction wrote anything. */
gint64 till_db_total_changes(TillDb *db);

gboolean till_db_begin(TillDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_db_commit(TillDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_db_rollback(TillDb *db);

/* One level inside a transaction per name; names are static ("job", "entry"). */
gboolean till_db_savepoint(TillDb *db, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends it, keeping or undoing what was done since. */
gboolean till_db_release(TillDb *db, const char *name, gboolean keep,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Moves the log into the file when it has grown beyond pages (0: whenever there is any). */
void till_db_checkpoint(TillDb *db, guint pages);

/* Writes a whole, compact copy to path, which must not exist, and runs mark (static SQL) in it.
 * Outside transactions. */
gboolean till_db_backup(TillDb *db, const char *path, const char *mark,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* NULL when sound, else the first complaint. Caller frees. Slow. */
char *till_db_complaint(TillDb *db);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillDb, till_db_close)

G_END_DECLS
