/* SPDX-License-Identifier: Apache-2.0 */
#include "past.h"

#include <string.h>

#include "error.h"
#include "json.h"

#include "changes.h"

static const char *const kept[] = {"item", "price", "tax", "setting", "promotion", "return_policy"};

typedef enum {
	SQL_ABOUT,   /* what holds now about something */
	SQL_PRESENT, /* what holds now and held at a number */
	SQL_BEFORE,  /* the highest since up to a number */
	SQL_AFTER,   /* the lowest since beyond it */
	SQL_KINDS,
} SqlKind;

static void
clear_row(gpointer data)
{
	TillPastRow *row = data;

	g_free(row->key);
	json_decref(row->value);
}

GArray *
till_past_rows_new(void)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(TillPastRow));

	g_array_set_clear_func(rows, clear_row);
	return rows;
}

static gboolean
find_kept(const TillCollection *collection, gsize *out_index)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
		if (strcmp(kept[i], collection->name) == 0) {
			*out_index = i;
			return TRUE;
		}
	}
	return FALSE;
}

gboolean
till_past_keeps(const TillCollection *collection)
{
	gsize index;

	return find_kept(collection, &index);
}

/* The column whose value names what a row is about. */
static const char *
about_column(const TillCollection *collection)
{
	for (guint i = 0; i < collection->key_columns; i++) {
		if (strcmp(collection->columns[i].name, "sku") == 0)
			return "sku";
	}
	return collection->columns[0].name;
}

static void
append_columns(GString *sql, const TillCollection *collection, guint count)
{
	for (guint i = 0; i < count; i++)
		g_string_append_printf(sql, "%s%s", i > 0 ? ", " : "", collection->columns[i].name);
}

static char *
make_sql(const TillCollection *collection, SqlKind kind)
{
	GString *sql = g_string_new("SELECT ");

	if (kind == SQL_BEFORE || kind == SQL_AFTER) {
		g_string_append_printf(sql, "%s FROM %s WHERE scope = ?1 AND since %s ?2",
				       kind == SQL_BEFORE ? "max(since)" : "min(since)",
				       collection->name, kind == SQL_BEFORE ? "<=" : ">");
		return g_string_free(sql, FALSE);
	}
	append_columns(sql, collection, collection->column_count);
	g_string_append_printf(sql, ", since FROM %s WHERE scope = ?1 AND ", collection->name);
	if (kind == SQL_ABOUT)
		g_string_append_printf(sql, "%s = ?2 ORDER BY ", about_column(collection));
	else
		g_string_append_printf(sql, "since <= ?2 AND %s > ?3 ORDER BY ",
				       collection->columns[0].name);
	append_columns(sql, collection, collection->key_columns);
	if (kind == SQL_PRESENT)
		g_string_append(sql, " LIMIT ?4");
	return g_string_free(sql, FALSE);
}

static const char *
find_sql(const TillCollection *collection, SqlKind kind)
{
	static const char *texts[G_N_ELEMENTS(kept)][SQL_KINDS];
	static gsize made;
	gsize index;

	if (g_once_init_enter(&made)) {
		for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
			for (SqlKind k = 0; k < SQL_KINDS; k++)
				texts[i][k] = make_sql(till_collection_find(kept[i]), k);
		}
		g_once_init_leave(&made, 1);
	}
	if (!find_kept(collection, &index))
		g_assert_not_reached();
	return texts[index][kind];
}

gboolean
till_past_keep(TillDb *db, const char *scope, const TillCollection *collection,
	       const TillPastRow *row, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "INSERT INTO past (scope, collection, about, key, until, since, value) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
	g_autofree char *text = till_json_write(row->value, NULL);

	till_db_bind_text(query, 1, scope);
	till_db_bind_text(query, 2, collection->name);
	till_db_bind_text(query, 3,
			  json_string_value(json_object_get(row->value, about_column(collection))));
	till_db_bind_text(query, 4, row->key);
	till_db_bind_int(query, 5, row->until);
	till_db_bind_int(query, 6, row->since);
	till_db_bind_text(query, 7, text);
	return till_db_run(query, error);
}

/* --- reading --- */

/* A row that was kept by an earlier release has no columns but its own. */
static void
add_defaults(json_t *value, const TillCollection *collection)
{
	for (guint i = 0; i < collection->column_count; i++) {
		const TillColumn *column = &collection->columns[i];
		if (json_object_get(value, column->name) != NULL)
			continue;
		if (column->kind == TILL_COLUMN_TEXT)
			json_object_set_new(value, column->name, json_string(column->text_default));
		else if (column->kind == TILL_COLUMN_BOOLEAN)
			json_object_set_new(value, column->name,
					    json_boolean(column->int_default != 0));
		else
			json_object_set_new(value, column->name, json_integer(column->int_default));
	}
}

/* Rows of past: key, value, since, until. */
static gboolean
take_past(TillDbQuery *query, const TillCollection *collection, GArray *rows, GError **error)
{
	g_autoptr(GError) local = NULL;

	while (local == NULL && till_db_step(query, &local)) {
		const char *text = till_db_text(query, 1);
		TillPastRow row = {.since = till_db_int(query, 2), .until = till_db_int(query, 3)};
		row.value =
		    till_json_parse(text, strlen(text), TILL_PAST_VALUE_MAX, "past row", &local);
		if (row.value == NULL) {
			till_db_reset(query);
			break;
		}
		add_defaults(row.value, collection);
		row.key = g_strdup(till_db_text(query, 0));
		g_array_append_val(rows, row);
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
take_present(TillDbQuery *query, const TillCollection *collection, GArray *rows, GError **error)
{
	g_autoptr(GError) local = NULL;

	while (till_db_step(query, &local)) {
		TillPastRow row = {.value = till_changes_row(query, 0, collection),
				   .since = till_db_int(query, (int)collection->column_count)};
		row.key = till_changes_key(collection, row.value);
		g_array_append_val(rows, row);
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

gboolean
till_past_about(TillDb *db, const char *scope, const TillCollection *collection, const char *about,
		gint64 number, GArray *rows, GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT key, value, since, until FROM past WHERE scope = ?1 AND "
			      "collection = ?2 AND about = ?3 AND until > ?4 ORDER BY key, until");

	till_db_bind_text(query, 1, scope);
	till_db_bind_text(query, 2, collection->name);
	till_db_bind_text(query, 3, about);
	till_db_bind_int(query, 4, number);
	if (!take_past(query, collection, rows, error))
		return FALSE;
	query = till_db_query(db, find_sql(collection, SQL_ABOUT));
	till_db_bind_text(query, 1, scope);
	till_db_bind_text(query, 2, about);
	return take_present(query, collection, rows, error);
}

gboolean
till_past_present(TillDb *db, const char *scope, const TillCollection *collection, gint64 number,
		  const TillPastPiece *piece, GArray *rows, GError **error)
{
	TillDbQuery *query = till_db_query(db, find_sql(collection, SQL_PRESENT));

	till_db_bind_text(query, 1, scope);
	till_db_bind_int(query, 2, number);
	till_db_bind_text(query, 3, piece->after);
	till_db_bind_int(query, 4, piece->count);
	return take_present(query, collection, rows, error);
}

gboolean
till_past_gone(TillDb *db, const char *scope, const TillCollection *collection, gint64 number,
	       GArray *rows, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT key, value, since, until FROM past WHERE scope = ?1 AND collection = ?2 "
		"AND until > ?3 AND since <= ?3 AND "
		"collection IN ('promotion', 'tax', 'setting')");

	till_db_bind_text(query, 1, scope);
	till_db_bind_text(query, 2, collection->name);
	till_db_bind_int(query, 3, number);
	return take_past(query, collection, rows, error);
}

#define FROM_PAST                                                                                  \
	" FROM past WHERE scope = ?1 AND collection = ?3 AND "                                     \
	"collection IN ('promotion', 'tax', 'setting') AND "

/* The nearest change by one of the questions; what stood there stays when there is none. */
static gboolean
ask_number(TillDb *db, const char *sql, const char *scope, const TillCollection *collection,
	   gint64 number, gint64 *inout_number, GError **error)
{
	TillDbQuery *query = till_db_query(db, sql);

	till_db_bind_text(query, 1, scope);
	till_db_bind_int(query, 2, number);
	if (collection != NULL)
		till_db_bind_text(query, 3, collection->name);
	return till_db_fetch_int(query, *inout_number, inout_number, error);
}

gboolean
till_past_span(TillDb *db, const char *scope, const TillCollection *collection, gint64 number,
	       TillPastSpan *out, GError **error)
{
	gint64 before[3] = {0, 0, 0};
	gint64 after[3] = {G_MAXINT64, G_MAXINT64, G_MAXINT64};

	if (!ask_number(db, find_sql(collection, SQL_BEFORE), scope, NULL, number, &before[0],
			error) ||
	    !ask_number(db, "SELECT max(since)" FROM_PAST "since <= ?2", scope, collection, number,
			&before[1], error) ||
	    !ask_number(db, "SELECT max(until)" FROM_PAST "until <= ?2", scope, collection, number,
			&before[2], error) ||
	    !ask_number(db, find_sql(collection, SQL_AFTER), scope, NULL, number, &after[0],
			error) ||
	    !ask_number(db, "SELECT min(since)" FROM_PAST "since > ?2", scope, collection, number,
			&after[1], error) ||
	    !ask_number(db, "SELECT min(until)" FROM_PAST "until > ?2", scope, collection, number,
			&after[2], error))
		return FALSE;
	out->from = MAX(MAX(before[0], before[1]), before[2]);
	out->to = MIN(MIN(after[0], after[1]), after[2]);
	if (out->to == G_MAXINT64)
		out->to = 0;
	return TRUE;
}
