/* SPDX-License-Identifier: Apache-2.0 */
#include "feed.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "collection.h"
#include "error.h"
#include "overlay.h"
#include "store-private.h"
#include "text.h"

void
till_feed_row_free(gpointer row)
{
	TillFeedRow *self = row;
	if (self == NULL)
		return;
	g_free(self->collection);
	g_free(self->key);
	json_decref(self->value);
	g_free(self);
}

gboolean
till_feed_cursor(TillStore *store, const char *scope, TillFeedCursor *out, GError **error)
{
	if (!till_store_check_cache(store, error))
		return FALSE;
	TillDatabase *database = &store->cache.database;
	TillFeedCursor cursor = {0};
	sqlite3_stmt *get = till_database_statement(database, TILL_CACHE_CURSOR);
	till_database_bind_text(get, 1, scope);
	int step = till_database_step(database, get, error);
	if (step == SQLITE_ERROR)
		return FALSE;
	if (step == SQLITE_ROW) {
		g_strlcpy(cursor.epoch, till_database_text(get, 0), sizeof cursor.epoch);
		cursor.seq = sqlite3_column_int64(get, 1);
	}
	sqlite3_reset(get);
	*out = cursor;
	return TRUE;
}

static gboolean
refuse(const TillFeedRow *row, const char *column, const char *words, GError **error)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "Feed row %" G_GINT64_FORMAT " (%s): %s %s. Mend it at the central.", row->seq,
		    row->collection, column, words);
	return FALSE;
}

static gboolean
bind_text(sqlite3_stmt *put, int index, const TillFeedRow *row, const TillColumn *column,
	  const json_t *value, GError **error)
{
	const char *text = value == NULL ? column->text_default : json_string_value(value);
	if (value == NULL && text == NULL)
		return refuse(row, column->name, "is missing", error);
	if (text == NULL)
		return refuse(row, column->name, "is not a text", error);
	if (strlen(text) > column->max_bytes)
		return refuse(row, column->name, "is too long", error);
	till_database_bind_text(put, index, text);
	return TRUE;
}

static gboolean
bind_number(sqlite3_stmt *put, int index, const TillFeedRow *row, const TillColumn *column,
	    const json_t *value, GError **error)
{
	if (value == NULL && column->required)
		return refuse(row, column->name, "is missing", error);
	if (value == NULL)
		till_database_bind_int(put, index, column->int_default);
	else if (column->kind == TILL_COLUMN_BOOLEAN && json_is_boolean(value))
		till_database_bind_int(put, index, json_is_true(value));
	else if (column->kind == TILL_COLUMN_INTEGER && json_is_integer(value))
		till_database_bind_int(put, index, json_integer_value(value));
	else
		return refuse(row, column->name, "is of the wrong kind", error);
	return TRUE;
}

static gboolean
put_row(TillStore *store, const TillFeedRow *row, const TillCollection *collection, guint statement,
	GError **error)
{
	sqlite3_stmt *put = till_database_statement(&store->cache.database, statement);
	if (!json_is_object(row->value))
		return refuse(row, "value", "is not an object", error);
	for (guint i = 0; i < collection->column_count; i++) {
		const TillColumn *column = &collection->columns[i];
		const json_t *value = json_object_get(row->value, column->name);
		gboolean ok = column->kind == TILL_COLUMN_TEXT
				  ? bind_text(put, (int)i + 1, row, column, value, error)
				  : bind_number(put, (int)i + 1, row, column, value, error);
		if (!ok)
			return FALSE;
	}
	return till_database_do(&store->cache.database, put, error);
}

static gboolean
delete_row(TillStore *store, const TillFeedRow *row, const TillCollection *collection,
	   guint statement, GError **error)
{
	sqlite3_stmt *drop = till_database_statement(&store->cache.database, statement);
	g_auto(GStrv) parts = g_strsplit(row->key, TILL_COLLECTION_KEY_SEPARATOR, -1);
	if (g_strv_length(parts) != collection->key_columns)
		return refuse(row, "key", "has the wrong number of parts", error);
	for (guint i = 0; i < collection->key_columns; i++) {
		gint64 number;
		if (collection->columns[i].kind == TILL_COLUMN_TEXT)
			till_database_bind_text(drop, (int)i + 1, parts[i]);
		else if (till_text_parse_int(parts[i], G_MININT64, G_MAXINT64, &number))
			till_database_bind_int(drop, (int)i + 1, number);
		else
			return refuse(row, "key", "has a part that is not a number", error);
	}
	return till_database_do(&store->cache.database, drop, error);
}

static gboolean
apply_row(TillStore *store, const TillFeedRow *row, GError **error)
{
	const TillCollection *collection = till_collection_find(row->collection);
	/* Something a newer central has and this till has no use for. */
	if (collection == NULL)
		return TRUE;
	gsize count;
	gsize index = (gsize)(collection - till_collection_table(&count));
	if (row->value == NULL)
		return delete_row(store, row, collection, till_cache_delete_index(index), error);
	return put_row(store, row, collection, till_cache_put_index(index), error);
}

typedef struct {
	TillStore *store;
	const char *scope;
	const char *epoch;
	GPtrArray *rows;
	gint64 next;
} Page;

static gboolean
write_page(TillDatabase *database, gpointer data, GError **error)
{
	const Page *page = data;
	for (guint i = 0; i < page->rows->len; i++) {
		if (!apply_row(page->store, g_ptr_array_index(page->rows, i), error))
			return FALSE;
	}
	sqlite3_stmt *set = till_database_statement(database, TILL_CACHE_CURSOR_SET);
	till_database_bind_text(set, 1, page->scope);
	till_database_bind_text(set, 2, page->epoch);
	till_database_bind_int(set, 3, page->next);
	return till_database_do(database, set, error);
}

static gboolean
stray(const char *scope, const char *words, GError **error)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_STATE, "The feed of %s %s. Take a new snapshot.",
		    scope, words);
	return FALSE;
}

static gboolean
check_order(const Page *page, GError **error)
{
	TillFeedCursor cursor;
	if (!till_feed_cursor(page->store, page->scope, &cursor, error))
		return FALSE;
	if (cursor.epoch[0] != '\0' && strcmp(cursor.epoch, page->epoch) != 0)
		return stray(page->scope, "has begun anew", error);
	gint64 seq = cursor.seq;
	for (guint i = 0; i < page->rows->len; i++) {
		const TillFeedRow *row = g_ptr_array_index(page->rows, i);
		if (row->seq != ++seq)
			return stray(page->scope, "left a number out", error);
	}
	if (page->next != seq)
		return stray(page->scope, "does not end where it says", error);
	return TRUE;
}

/* Promotions are kept in memory beside the table: only the rows that changed are read again. */
static void
note_changes(TillStore *store, GPtrArray *rows)
{
	till_catalog_forget(store, FALSE);
	for (guint i = 0; store->promos != NULL && i < rows->len; i++) {
		const TillFeedRow *row = g_ptr_array_index(rows, i);
		if (strcmp(row->collection, "promotion") != 0)
			continue;
		const char *id = json_string_value(json_object_get(row->value, "id"));
		const char *body = json_string_value(json_object_get(row->value, "body"));
		till_promo_shelf_put(store->promos, row->value != NULL ? id : row->key, body);
	}
}

gboolean
till_feed_apply(TillStore *store, const char *scope, const char *epoch, GPtrArray *rows,
		gint64 next, GError **error)
{
	if (!till_store_check_cache(store, error))
		return FALSE;
	if (*epoch == '\0' || strlen(epoch) >= sizeof((TillFeedCursor *)NULL)->epoch) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "The feed of %s names no epoch this till can keep.", scope);
		return FALSE;
	}
	Page page = {store, scope, epoch, rows, next};
	if (!check_order(&page, error))
		return FALSE;
	if (!till_database_transact(&store->cache.database, write_page, &page, error))
		return FALSE;
	note_changes(store, rows);
	till_store_request_upkeep(store);
	return till_cache_refresh(&store->cache, error) && till_overlay_meet_epoch(store, error);
}

gboolean
till_feed_check(const char *path, const TillHash *hash, GError **error)
{
	TillHash actual;
	if (!till_crypto_hash_file(path, &actual, error))
		return FALSE;
	if (!till_crypto_hash_equal(&actual, hash)) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "The snapshot did not arrive as it was sent. Fetch it again.");
		return FALSE;
	}
	return till_cache_examine(path, error);
}

gboolean
till_feed_take(TillStore *store, const char *path, GError **error)
{
	till_store_assert_thread(store);
	till_catalog_forget(store, TRUE);
	if (!till_cache_replace(&store->cache, store->home, path, error)) {
		(void)g_unlink(path);
		return FALSE;
	}
	return till_overlay_meet_epoch(store, error);
}

gboolean
till_feed_swap(TillStore *store, const char *path, const TillHash *hash, GError **error)
{
	till_store_assert_thread(store);
	if (till_feed_check(path, hash, error))
		return till_feed_take(store, path, error);
	(void)g_unlink(path);
	return FALSE;
}
