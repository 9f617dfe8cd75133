/* SPDX-License-Identifier: Apache-2.0 */
#include "catalog.h"

#include <string.h>

#include "catalog-item.h"
#include "error.h"
#include "shop.h"
#include "store-private.h"

/* One way of looking a code up: a statement and the text it is asked with; "": not tried. */
typedef struct {
	int statement;
	const char *text;
} Try;

#define TRIES_MAX 8

typedef struct {
	TillStore *store;
	Try tries[TRIES_MAX]; /* ends with a text that is NULL */
	TillItem *item;       /* the result; nullable */
} Find;

static gboolean
find_item(gpointer data, GError **error)
{
	Find *find = data;
	TillDatabase *database = &find->store->cache.database;
	for (const Try *try = find->tries; try->text != NULL && find->item == NULL; try++) {
		if (try->text[0] == '\0')
			continue;
		sqlite3_stmt *query = till_database_statement(database, (guint)try->statement);
		till_database_bind_text(query, 1, try->text);
		if (!till_catalog_item_take(find->store, query, &find->item, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
run_find(Find *find, TillItem **out_item, GError **error)
{
	if (!till_cache_read(&find->store->cache, find_item, find, error)) {
		g_clear_pointer(&find->item, till_item_unref);
		return FALSE;
	}
	*out_item = find->item;
	return TRUE;
}

gboolean
till_catalog_find(TillStore *store, const TillScan *scan, TillItem **out_item, GError **error)
{
	if (!till_store_check_cache(store, error))
		return FALSE;
	Find find = {.store = store,
		     .tries = {
			 {TILL_CACHE_ITEM_BY_BARCODE, scan->gtin14},
			 {TILL_CACHE_ITEM_BY_BARCODE, scan->upce14},
			 {TILL_CACHE_ITEM_BY_BARCODE, scan->text},
			 {TILL_CACHE_ITEM_BY_SKU, scan->text},
			 {TILL_CACHE_ITEM_BY_SKU_ANY_CASE, scan->text},
			 {TILL_CACHE_ITEM_BY_PLU, scan->text},
		     }};
	*out_item = NULL;
	return scan->kind == TILL_SCAN_REFUSED || run_find(&find, out_item, error);
}

gboolean
till_catalog_find_variable(TillStore *store, const TillScan *scan, TillVariableCode *out_variable,
			   TillItem **out_item, GError **error)
{
	if (!till_store_check_cache(store, error))
		return FALSE;
	TillVariableCode *code = out_variable;
	*out_item = NULL;
	if (!till_variable_code_read(store->cache.variable_codes, scan->text, code) ||
	    code->value == 0) {
		*code = (TillVariableCode){.kind = TILL_VARIABLE_NONE};
		return TRUE;
	}
	TillScan base = till_scan_read(code->base);
	const char *bare = code->item + strspn(code->item, "0");
	Find find = {.store = store,
		     .tries = {
			 {TILL_CACHE_ITEM_BY_BARCODE, base.gtin14},
			 {TILL_CACHE_ITEM_BY_BARCODE, base.text},
			 {TILL_CACHE_ITEM_BY_SKU, code->item},
			 {TILL_CACHE_ITEM_BY_PLU, code->item},
			 {TILL_CACHE_ITEM_BY_SKU, bare},
			 {TILL_CACHE_ITEM_BY_PLU, bare},
		     }};
	if (!run_find(&find, out_item, error))
		return FALSE;
	if (*out_item == NULL)
		*code = (TillVariableCode){.kind = TILL_VARIABLE_NONE};
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
