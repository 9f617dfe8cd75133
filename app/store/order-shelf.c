/* SPDX-License-Identifier: Apache-2.0 */
#include "order-shelf-private.h"

#include "json.h"
#include "store-private.h"

#define PARTS_MAX TILL_ORDER_RECORD_FULFILMENTS_MAX

void
till_order_shelf_row_free(gpointer row)
{
	TillShelfRow *self = row;
	if (self == NULL)
		return;
	till_fulfilment_free(self->fulfilment);
	g_free(self);
}

/* The row as the feed brought it, in the order of FULFILMENT_COLUMNS. */
static json_t *
make_object(sqlite3_stmt *query)
{
	static const char *const names[] = {
	    "id",         "order_id",   "number",     "customer_name", "kind",
	    "promise_ms", "expires_ms", "arrived_ms", "arrival",       "place",
	    "serial",     "version",    "updated_ms", "body"};
	json_t *object = json_object();
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (sqlite3_column_type(query, (int)i) == SQLITE_INTEGER)
			till_json_put_int(object, names[i], sqlite3_column_int64(query, (int)i));
		else
			till_json_put_text(object, names[i], till_database_text(query, (int)i));
	}
	return object;
}

static TillShelfRow *
read_row(sqlite3_stmt *query)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(json_t) object = make_object(query);
	TillFulfilment *fulfilment = till_fulfilment_read(object, &failure);
	if (fulfilment == NULL) {
		g_message("Fulfilment %s of the feed is left out: %s", till_database_text(query, 0),
			  failure->message);
		return NULL;
	}
	TillShelfRow *row = g_new0(TillShelfRow, 1);
	row->fulfilment = fulfilment;
	row->arrived_ms = fulfilment->arrived_ms;
	row->gift = sqlite3_column_int(query, 14) != 0;
	row->split = sqlite3_column_int(query, 15) > 1;
	return row;
}

static gboolean
add_rows(TillStore *store, sqlite3_stmt *query, GPtrArray *rows, GError **error)
{
	int step = SQLITE_DONE;
	while ((step = till_database_step(&store->cache.database, query, error)) == SQLITE_ROW) {
		TillShelfRow *row = read_row(query);
		if (row != NULL)
			g_ptr_array_add(rows, row);
	}
	return step == SQLITE_DONE;
}

static gboolean
add_by_id(TillStore *store, const TillUuid *id, GPtrArray *rows, GError **error)
{
	char text[TILL_UUID_TEXT];
	sqlite3_stmt *query =
	    till_database_statement(&store->cache.database, TILL_CACHE_FULFILMENT_BY_ID);
	till_database_bind_text(query, 1, till_uuid_format(id, text));
	return add_rows(store, query, rows, error);
}

static gboolean
has_row(const GPtrArray *rows, const TillUuid *id)
{
	for (guint i = 0; i < rows->len; i++) {
		const TillShelfRow *row = g_ptr_array_index(rows, i);
		if (till_uuid_equal(&row->fulfilment->id, id))
			return TRUE;
	}
	return FALSE;
}

/* An undone hand-over brings back what the feed calls done. */
static gboolean
add_of_own_steps(TillStore *store, const GPtrArray *own, GPtrArray *rows, GError **error)
{
	for (guint i = 0; i < own->len; i++) {
		const TillShelfStep *step = g_ptr_array_index(own, i);
		if (!has_row(rows, &step->step->fulfilment) &&
		    !add_by_id(store, &step->step->fulfilment, rows, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
finish_rows(TillStore *store, const GPtrArray *own, GPtrArray *rows, GError **error)
{
	for (guint i = 0; i < rows->len; i++) {
		if (!till_order_shelf_put_on_top(store, own, g_ptr_array_index(rows, i), error))
			return FALSE;
	}
	return TRUE;
}

GPtrArray *
till_order_shelf_open(TillStore *store, guint limit, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	g_autoptr(GPtrArray) own = till_order_shelf_own(store, error);
	if (own == NULL)
		return NULL;
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(till_order_shelf_row_free);
	sqlite3_stmt *query =
	    till_database_statement(&store->cache.database, TILL_CACHE_FULFILMENTS_OPEN);
	till_database_bind_int(query, 1, limit);
	if (!add_rows(store, query, rows, error) || !add_of_own_steps(store, own, rows, error) ||
	    !finish_rows(store, own, rows, error))
		return NULL;
	return g_steal_pointer(&rows);
}

gboolean
till_order_shelf_get(TillStore *store, const TillUuid *fulfilment, TillShelfRow **out,
		     GError **error)
{
	if (!till_store_check_cache(store, error))
		return FALSE;
	g_autoptr(GPtrArray) own = till_order_shelf_own(store, error);
	if (own == NULL)
		return FALSE;
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(till_order_shelf_row_free);
	if (!add_by_id(store, fulfilment, rows, error) || !finish_rows(store, own, rows, error))
		return FALSE;
	*out = rows->len > 0 ? g_ptr_array_steal_index(rows, 0) : NULL;
	return TRUE;
}

GPtrArray *
till_order_shelf_parts(TillStore *store, const char *order, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	g_autoptr(GPtrArray) own = till_order_shelf_own(store, error);
	if (own == NULL)
		return NULL;
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(till_order_shelf_row_free);
	sqlite3_stmt *query =
	    till_database_statement(&store->cache.database, TILL_CACHE_FULFILMENTS_OF_ORDER);
	till_database_bind_text(query, 1, order);
	till_database_bind_int(query, 2, PARTS_MAX);
	if (!add_rows(store, query, rows, error) || !finish_rows(store, own, rows, error))
		return NULL;
	return g_steal_pointer(&rows);
}
