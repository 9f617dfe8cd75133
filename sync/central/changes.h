/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "collection.h"
#include "db.h"

/* Rows of the collections and the feed that tells terminals about them, always in one transaction.
 *
 * A feed numbers its rows per scope ("chain", "store:014") without gaps, from a counter row written
 * in the same transaction. A writer holds one scope's counter for the length of a transaction:
 * open, put, close. Writing a row that is there already, with the same values, gives no number.
 * Rows that prices depend on are kept when they are replaced (past.h).
 * After a bulk change (or when the feed has grown long) the rows are dropped and floor rises:
 * terminals behind it take a snapshot.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

#define TILL_CHANGES_CHAIN "chain"
#define TILL_CHANGES_SCOPE_MAX 32

typedef struct {
	TillDb *db;
	char scope[TILL_CHANGES_SCOPE_MAX];
	gint64 head;
	gint64 floor;
	gboolean bulk; /* set by the user after open: number the rows but keep none of them */
	gint64 opened_at;
} TillChanges;

/* "store:014" into text (TILL_CHANGES_SCOPE_MAX bytes). */
char *till_changes_scope(const char *store_code, char *text);

gboolean till_changes_open(TillDb *db, const char *scope, TillChanges *out,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes the counter back. */
gboolean till_changes_close(TillChanges *changes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Upserts a row of a collection and tells the feed. value holds the collection's columns (absent =
 * default) and is borrowed. TILL_ERROR_INVALID naming a column that is missing, too long or of the
 * wrong kind. */
gboolean till_changes_put(TillChanges *changes, const TillCollection *collection,
			  const json_t *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes the row with this key (its columns joined by TILL_COLLECTION_KEY_SEPARATOR) and tells the
 * feed; no number when there was none. */
gboolean till_changes_delete(TillChanges *changes, const TillCollection *collection,
			     const char *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For callers that keep their table themselves: the next number, and the row under it. */
gint64 till_changes_reserve(TillChanges *changes);
gboolean till_changes_tell(TillChanges *changes, gint64 seq, const char *collection,
			   const char *key, const json_t *value,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Head and floor of a scope; zeros when nothing was ever written to it. */
gboolean till_changes_heads(TillDb *db, const char *scope, gint64 *out_head, gint64 *out_floor,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A row of a collection as the feed shows it, from the current row of a statement that selected its
 * columns in order, starting at column. */
json_t *till_changes_row(TillDbQuery *query, int column, const TillCollection *collection);

/* The key of a row under which the feed tells it. Caller frees. */
char *till_changes_key(const TillCollection *collection, const json_t *row);

/* "SELECT columns FROM table WHERE scope = ?1 AND (key columns) > (?2…) ORDER BY key LIMIT ?n":
 * static text per collection, for walking a table in pieces. */
const char *till_changes_walk_sql(const TillCollection *collection);

G_END_DECLS
