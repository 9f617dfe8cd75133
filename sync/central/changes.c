/* SPDX-License-Identifier: Apache-2.0 */
#include "changes.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "past.h"
#include "text.h"

/* A feed longer than TRIM_AT is cut back to its newest TRIM_TO rows. */
#define TRIM_AT 200000
#define TRIM_TO 100000

char *
till_changes_scope(const char *store_code, char *text)
{
	g_snprintf(text, TILL_CHANGES_SCOPE_MAX, "store:%s", store_code);
	return text;
}

gboolean
till_changes_heads(TillDb *db, const char *scope, gint64 *out_head, gint64 *out_floor,
		   GError **error)
{
	TillDbQuery *query = till_db_query(db, "SELECT head, floor FROM scope WHERE name = ?1");
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, scope);
	*out_head = 0;
	*out_floor = 0;
	if (till_db_step(query, &local)) {
		*out_head = till_db_int(query, 0);
		*out_floor = till_db_int(query, 1);
		till_db_reset(query);
	}
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	return TRUE;
}

gboolean
till_changes_open(TillDb *db, const char *scope, TillChanges *out, GError **error)
{
	TillChanges changes = {.db = db};

	g_strlcpy(changes.scope, scope, sizeof changes.scope);
	if (!till_changes_heads(db, scope, &changes.head, &changes.floor, error))
		return FALSE;
	changes.opened_at = changes.head;
	*out = changes;
	return TRUE;
}

gboolean
till_changes_close(TillChanges *changes, GError **error)
{
	TillDbQuery *query;
	gint64 floor = changes->floor;

	if (changes->head == changes->opened_at)
		return TRUE;
	if (changes->bulk)
		floor = changes->head;
	else if (changes->head - floor > TRIM_AT)
		floor = changes->head - TRIM_TO;
	if (floor != changes->floor) {
		query =
		    till_db_query(changes->db, "DELETE FROM feed WHERE scope = ?1 AND seq <= ?2");
		till_db_bind_text(query, 1, changes->scope);
		till_db_bind_int(query, 2, floor);
		if (!till_db_run(query, error))
			return FALSE;
	}
	query =
	    till_db_query(changes->db, "INSERT INTO scope (name, head, floor) VALUES (?1, ?2, ?3) "
				       "ON CONFLICT (name) DO UPDATE SET head = ?2, floor = ?3");
	till_db_bind_text(query, 1, changes->scope);
	till_db_bind_int(query, 2, changes->head);
	till_db_bind_int(query, 3, floor);
	return till_db_run(query, error);
}

gint64
till_changes_reserve(TillChanges *changes)
{
	return ++changes->head;
}

gboolean
till_changes_tell(TillChanges *changes, gint64 seq, const char *collection, const char *key,
		  const json_t *value, GError **error)
{
	TillDbQuery *query;
	g_autofree char *text = NULL;

	if (changes->bulk)
		return TRUE;
	if (value != NULL)
		text = till_json_write(value, NULL);
	query = till_db_query(changes->db, "INSERT INTO feed (scope, seq, collection, key, value) "
					   "VALUES (?1, ?2, ?3, ?4, ?5)");
	till_db_bind_text(query, 1, changes->scope);
	till_db_bind_int(query, 2, seq);
	till_db_bind_text(query, 3, collection);
	till_db_bind_text(query, 4, key);
	till_db_bind_text(query, 5, text);
	return till_db_run(query, error);
}

/* SQL texts made from the table of collections, once; till_db keeps statements by address. */
typedef enum { SQL_UPSERT, SQL_BEFORE, SQL_FIND, SQL_DELETE, SQL_WALK, SQL_KINDS } SqlKind;

static void
append_columns(GString *sql, const TillCollection *collection, guint from, const char *prefix)
{
	for (guint i = from; i < collection->column_count; i++) {
		if (i > from)
			g_string_append(sql, ", ");
		g_string_append(sql, prefix);
		g_string_append(sql, collection->columns[i].name);
	}
}

static void
append_parameters(GString *sql, guint first, guint count)
{
	for (guint i = 0; i < count; i++)
		g_string_append_printf(sql, "%s?%u", i > 0 ? ", " : "", first + i);
}

static void
append_keys(GString *sql, const TillCollection *collection)
{
	for (guint i = 0; i < collection->key_columns; i++)
		g_string_append_printf(sql, "%s%s", i > 0 ? ", " : "", collection->columns[i].name);
}

/* The WHERE keeps an unchanged row from counting as a change. */
static char *
make_upsert(const TillCollection *collection)
{
	GString *sql = g_string_new(NULL);
	guint keys = collection->key_columns;
	gboolean keeps = till_past_keeps(collection);

	g_string_printf(sql, "INSERT INTO %s (scope, ", collection->name);
	append_columns(sql, collection, 0, "");
	g_string_append_printf(sql, "%s) VALUES (", keeps ? ", since" : "");
	append_parameters(sql, 1, collection->column_count + (keeps ? 2 : 1));
	g_string_append(sql, ") ON CONFLICT (scope, ");
	append_keys(sql, collection);
	g_string_append(sql, ") DO UPDATE SET ");
	for (guint i = keys; i < collection->column_count; i++)
		g_string_append_printf(sql, "%s%s = excluded.%s", i > keys ? ", " : "",
				       collection->columns[i].name, collection->columns[i].name);
	if (keeps)
		g_string_append(sql, ", since = excluded.since");
	g_string_append(sql, " WHERE (");
	append_columns(sql, collection, keys, "");
	g_string_append(sql, ") IS NOT (");
	append_columns(sql, collection, keys, "excluded.");
	g_string_append_c(sql, ')');
	return g_string_free(sql, FALSE);
}

static void
append_where_key(GString *sql, const TillCollection *collection)
{
	g_string_append_printf(sql, " FROM %s WHERE scope = ?1 AND (", collection->name);
	append_keys(sql, collection);
	g_string_append(sql, ") = (");
	append_parameters(sql, 2, collection->key_columns);
	g_string_append_c(sql, ')');
}

/* What is there under a key, and since when. */
static GString *
begin_find(const TillCollection *collection)
{
	GString *sql = g_string_new("SELECT ");

	append_columns(sql, collection, 0, "");
	g_string_append(sql, ", since");
	append_where_key(sql, collection);
	return sql;
}

/* The same, when it is another than the row to be put. */
static char *
make_before(const TillCollection *collection)
{
	GString *sql = begin_find(collection);
	guint keys = collection->key_columns;

	g_string_append(sql, " AND (");
	append_columns(sql, collection, keys, "");
	g_string_append(sql, ") IS NOT (");
	append_parameters(sql, keys + 2, collection->column_count - keys);
	g_string_append_c(sql, ')');
	return g_string_free(sql, FALSE);
}

static char *
make_delete(const TillCollection *collection)
{
	GString *sql = g_string_new("DELETE");

	append_where_key(sql, collection);
	return g_string_free(sql, FALSE);
}

static char *
make_walk(const TillCollection *collection)
{
	GString *sql = g_string_new("SELECT ");

	append_columns(sql, collection, 0, "");
	g_string_append_printf(sql, " FROM %s WHERE scope = ?1 AND (", collection->name);
	append_keys(sql, collection);
	g_string_append(sql, ") > (");
	append_parameters(sql, 2, collection->key_columns);
	g_string_append(sql, ") ORDER BY ");
	append_keys(sql, collection);
	g_string_append_printf(sql, " LIMIT ?%u", collection->key_columns + 2);
	return g_string_free(sql, FALSE);
}

static const char *
find_sql(const TillCollection *collection, SqlKind kind)
{
	static const char *texts[32][SQL_KINDS];
	static gsize made;
	gsize count;
	const TillCollection *table = till_collection_table(&count);

	if (g_once_init_enter(&made)) {
		g_assert(count <= G_N_ELEMENTS(texts));
		for (gsize i = 0; i < count; i++) {
			texts[i][SQL_UPSERT] = make_upsert(&table[i]);
			texts[i][SQL_DELETE] = make_delete(&table[i]);
			texts[i][SQL_WALK] = make_walk(&table[i]);
			if (!till_past_keeps(&table[i]))
				continue;
			texts[i][SQL_BEFORE] = make_before(&table[i]);
			texts[i][SQL_FIND] = g_string_free(begin_find(&table[i]), FALSE);
		}
		g_once_init_leave(&made, 1);
	}
	return texts[collection - table][kind];
}

const char *
till_changes_walk_sql(const TillCollection *collection)
{
	return find_sql(collection, SQL_WALK);
}

static gboolean
refuse_column(const TillCollection *collection, const TillColumn *column, const char *words,
	      GError **error)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "%s.%s %s", collection->name,
		    column->name, words);
	return FALSE;
}

static gboolean
bind_text_column(TillDbQuery *query, int index, const TillCollection *collection,
		 const TillColumn *column, const json_t *value, GError **error)
{
	const char *text = json_string_value(value);

	if (value == NULL || json_is_null(value))
		text = column->text_default;
	if (text == NULL)
		return refuse_column(collection, column, "is missing or not a text", error);
	if (strlen(text) > column->max_bytes)
		return refuse_column(collection, column, "is too long", error);
	till_db_bind_text(query, index, text);
	return TRUE;
}

static gboolean
bind_column(TillDbQuery *query, int index, const TillCollection *collection,
	    const TillColumn *column, const json_t *row, GError **error)
{
	const json_t *value = json_object_get(row, column->name);

	if (column->kind == TILL_COLUMN_TEXT)
		return bind_text_column(query, index, collection, column, value, error);
	if (value == NULL || json_is_null(value)) {
		if (column->required)
			return refuse_column(collection, column, "is missing", error);
		till_db_bind_int(query, index, column->int_default);
		return TRUE;
	}
	if (column->kind == TILL_COLUMN_BOOLEAN && json_is_boolean(value)) {
		till_db_bind_int(query, index, json_is_true(value) ? 1 : 0);
		return TRUE;
	}
	if (column->kind == TILL_COLUMN_INTEGER && json_is_integer(value)) {
		till_db_bind_int(query, index, json_integer_value(value));
		return TRUE;
	}
	return refuse_column(collection, column, "is of the wrong kind", error);
}

static void
append_key(GString *key, const TillColumn *column, const json_t *row)
{
	const json_t *value = json_object_get(row, column->name);

	if (column->kind == TILL_COLUMN_TEXT)
		g_string_append(key, json_is_string(value) ? json_string_value(value)
							   : column->text_default);
	else
		g_string_append_printf(key, "%" G_GINT64_FORMAT,
				       value != NULL ? (gint64)json_integer_value(value)
						     : column->int_default);
}

char *
till_changes_key(const TillCollection *collection, const json_t *row)
{
	GString *key = g_string_new(NULL);

	for (guint i = 0; i < collection->key_columns; i++) {
		if (i > 0)
			g_string_append(key, TILL_COLLECTION_KEY_SEPARATOR);
		append_key(key, &collection->columns[i], row);
	}
	return g_string_free(key, FALSE);
}

static gboolean
bind_row(TillDbQuery *query, const char *scope, const TillCollection *collection, const json_t *row,
	 GError **error)
{
	till_db_bind_text(query, 1, scope);
	for (guint i = 0; i < collection->column_count; i++) {
		if (!bind_column(query, (int)i + 2, collection, &collection->columns[i], row,
				 error))
			return FALSE;
	}
	return TRUE;
}

/* Keeps the row that a statement finds, if any: the next number ends it. */
static gboolean
keep_found(TillChanges *changes, const TillCollection *collection, TillDbQuery *query,
	   GError **error)
{
	TillPastRow row = {.until = changes->head + 1};
	g_autoptr(GError) local = NULL;
	gboolean good;

	if (!till_db_step(query, &local)) {
		if (local == NULL)
			return TRUE;
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	row.value = till_changes_row(query, 0, collection);
	row.since = till_db_int(query, (int)collection->column_count);
	row.key = till_changes_key(collection, row.value);
	till_db_reset(query);
	good = till_past_keep(changes->db, changes->scope, collection, &row, error);
	g_free(row.key);
	json_decref(row.value);
	return good;
}

/* Before a scope's first transaction nobody has seen anything of it. */
static gboolean
keep_before(TillChanges *changes, const TillCollection *collection, const json_t *value,
	    GError **error)
{
	TillDbQuery *query;

	if (changes->opened_at == 0)
		return TRUE;
	query = till_db_query(changes->db, find_sql(collection, SQL_BEFORE));
	return bind_row(query, changes->scope, collection, value, error) &&
	       keep_found(changes, collection, query, error);
}

gboolean
till_changes_put(TillChanges *changes, const TillCollection *collection, const json_t *value,
		 GError **error)
{
	gboolean keeps = till_past_keeps(collection);
	TillDbQuery *query;
	g_autofree char *key = NULL;

	if (keeps && !keep_before(changes, collection, value, error))
		return FALSE;
	query = till_db_query(changes->db, find_sql(collection, SQL_UPSERT));
	if (!bind_row(query, changes->scope, collection, value, error))
		return FALSE;
	if (keeps)
		till_db_bind_int(query, (int)collection->column_count + 2, changes->head + 1);
	if (!till_db_run(query, error))
		return FALSE;
	if (till_db_changes(changes->db) == 0)
		return TRUE;
	key = till_changes_key(collection, value);
	return till_changes_tell(changes, till_changes_reserve(changes), collection->name, key,
				 value, error);
}

static gboolean
bind_key(TillDbQuery *query, const char *scope, const TillCollection *collection, char **parts,
	 GError **error)
{
	till_db_bind_text(query, 1, scope);
	for (guint i = 0; i < collection->key_columns; i++) {
		const TillColumn *column = &collection->columns[i];
		gint64 number;
		if (column->kind == TILL_COLUMN_TEXT)
			till_db_bind_text(query, (int)i + 2, parts[i]);
		else if (till_text_parse_int(parts[i], G_MININT64, G_MAXINT64, &number))
			till_db_bind_int(query, (int)i + 2, number);
		else
			return refuse_column(collection, column, "is not a number", error);
	}
	return TRUE;
}

static gboolean
keep_deleted(TillChanges *changes, const TillCollection *collection, char **parts, GError **error)
{
	TillDbQuery *query;

	if (!till_past_keeps(collection))
		return TRUE;
	query = till_db_query(changes->db, find_sql(collection, SQL_FIND));
	return bind_key(query, changes->scope, collection, parts, error) &&
	       keep_found(changes, collection, query, error);
}

gboolean
till_changes_delete(TillChanges *changes, const TillCollection *collection, const char *key,
		    GError **error)
{
	TillDbQuery *query;
	g_auto(GStrv) parts = g_strsplit(key, TILL_COLLECTION_KEY_SEPARATOR, -1);

	if (g_strv_length(parts) != collection->key_columns) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "A key of %s has %u parts.",
			    collection->name, collection->key_columns);
		return FALSE;
	}
	if (!keep_deleted(changes, collection, parts, error))
		return FALSE;
	query = till_db_query(changes->db, find_sql(collection, SQL_DELETE));
	if (!bind_key(query, changes->scope, collection, parts, error) ||
	    !till_db_run(query, error))
		return FALSE;
	if (till_db_changes(changes->db) == 0)
		return TRUE;
	return till_changes_tell(changes, till_changes_reserve(changes), collection->name, key,
				 NULL, error);
}

json_t *
till_changes_row(TillDbQuery *query, int column, const TillCollection *collection)
{
	json_t *row = json_object();

	for (guint i = 0; i < collection->column_count; i++) {
		const TillColumn *part = &collection->columns[i];
		json_t *value;
		if (part->kind == TILL_COLUMN_TEXT)
			value = json_string(till_db_text(query, column + (int)i));
		else if (part->kind == TILL_COLUMN_BOOLEAN)
			value = json_boolean(till_db_int(query, column + (int)i));
		else
			value = json_integer(till_db_int(query, column + (int)i));
		json_object_set_new(row, part->name, value);
	}
	return row;
}
