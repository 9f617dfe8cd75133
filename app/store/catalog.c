/* SPDX-License-Identifier: Apache-2.0 */
#include "catalog.h"

#include "catalog-item.h"
#include "error.h"
#include "shop.h"
#include "store-private.h"

/* One way of looking a code up: a statement and the text it is asked with; NULL or "": not tried.
 */
typedef struct {
	int statement;
	const char *text;
} Try;

typedef struct {
	TillStore *store;
	const TillScan *scan;
	TillItem *item; /* the result; nullable */
} Find;

static gboolean
find_item(gpointer data, GError **error)
{
	Find *find = data;
	const TillScan *scan = find->scan;
	TillDatabase *database = &find->store->cache.database;
	const Try tries[] = {
	    {TILL_CACHE_ITEM_BY_BARCODE, scan->gtin14},
	    {TILL_CACHE_ITEM_BY_BARCODE, scan->upce14},
	    {TILL_CACHE_ITEM_BY_BARCODE, scan->text},
	    {TILL_CACHE_ITEM_BY_SKU, scan->text},
	    {TILL_CACHE_ITEM_BY_SKU_ANY_CASE, scan->text},
	    {TILL_CACHE_ITEM_BY_PLU, scan->text},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(tries) && find->item == NULL; i++) {
		if (tries[i].text[0] == '\0')
			continue;
		sqlite3_stmt *query = till_database_statement(database, (guint)tries[i].statement);
		till_database_bind_text(query, 1, tries[i].text);
		if (!till_catalog_item_take(find->store, query, &find->item, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_catalog_find(TillStore *store, const TillScan *scan, TillItem **out_item, GError **error)
{
	if (!till_store_check_cache(store, error))
		return FALSE;
	Find find = {.store = store, .scan = scan};
	if (scan->kind != TILL_SCAN_REFUSED &&
	    !till_cache_read(&store->cache, find_item, &find, error)) {
		g_clear_pointer(&find.item, till_item_unref);
		return FALSE;
	}
	*out_item = find.item;
	return TRUE;
}

gint64
till_catalog_count(TillStore *store, GError **error)
{
	if (!till_store_check_cache(store, error))
		return -1;
	TillDatabase *database = &store->cache.database;
	sqlite3_stmt *count = till_database_statement(database, TILL_CACHE_ITEM_COUNT);
	if (till_database_step(database, count, error) != SQLITE_ROW)
		return -1;
	gint64 items = sqlite3_column_int64(count, 0);
	sqlite3_reset(count);
	return items;
}

TillShop *
till_catalog_shop(TillStore *store, GError **error)
{
	return till_shop_load(store, error);
}

static gboolean
read_staff(sqlite3_stmt *row, TillStaff *out, GError **error)
{
	const char *role = till_database_text(row, 2);
	out->id = g_strdup(till_database_text(row, 0));
	out->name = g_strdup(till_database_text(row, 1));
	out->pin_hash = g_strdup(till_database_text(row, 3));
	out->active = sqlite3_column_int(row, 4) != 0;
	if (till_staff_role_parse(role, &out->role))
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "%s has the role \"%s\", which this release does not know. Update this program "
		    "or change it at the central.",
		    out->name, role);
	return FALSE;
}

GPtrArray *
till_catalog_staff(TillStore *store, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	TillDatabase *database = &store->cache.database;
	g_autoptr(GPtrArray) people =
	    g_ptr_array_new_with_free_func((GDestroyNotify)till_staff_free);
	sqlite3_stmt *staff = till_database_statement(database, TILL_CACHE_STAFF);
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, staff, error)) == SQLITE_ROW) {
		g_autoptr(TillStaff) person = till_staff_new();
		g_autoptr(GError) failure = NULL;
		/* One person of a role to come must not lock everybody out. */
		if (read_staff(staff, person, &failure))
			g_ptr_array_add(people, g_steal_pointer(&person));
		else
			g_message("%s", failure->message);
	}
	return step == SQLITE_DONE ? g_steal_pointer(&people) : NULL;
}

GPtrArray *
till_catalog_exceptions(TillStore *store, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	TillDatabase *database = &store->cache.database;
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(till_cache_exception_free);
	sqlite3_stmt *open = till_database_statement(database, TILL_CACHE_EXCEPTIONS);
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, open, error)) == SQLITE_ROW) {
		TillCacheException *exception = g_new0(TillCacheException, 1);
		exception->id = g_strdup(till_database_text(open, 0));
		exception->code = g_strdup(till_database_text(open, 1));
		exception->severity = g_strdup(till_database_text(open, 2));
		exception->words = g_strdup(till_database_text(open, 3));
		exception->raised_ms = sqlite3_column_int64(open, 4);
		g_ptr_array_add(list, exception);
	}
	return step == SQLITE_DONE ? g_steal_pointer(&list) : NULL;
}
