/* SPDX-License-Identifier: Apache-2.0 */
#include "catalog-item.h"

#include "overlay.h"
#include "store-private.h"

#define BASE_LIST "base"

enum {
	COLUMN_ID,
	COLUMN_SKU,
	COLUMN_NAME,
	COLUMN_VARIANT,
	COLUMN_STYLE,
	COLUMN_CATEGORY,
	COLUMN_TAGS,
	COLUMN_BRAND,
	COLUMN_UNIT,
	COLUMN_WEIGHED,
	COLUMN_TAX_CLASS,
	COLUMN_ACTIVE,
	COLUMN_STOCKED
};

static char *
dup_column(sqlite3_stmt *row, int column)
{
	return g_strdup(till_database_text(row, column));
}

static TillItem *
read_item(sqlite3_stmt *row)
{
	TillItem *item = till_item_new();
	item->sku = dup_column(row, COLUMN_SKU);
	item->name = dup_column(row, COLUMN_NAME);
	item->variant = dup_column(row, COLUMN_VARIANT);
	item->style = dup_column(row, COLUMN_STYLE);
	item->category = dup_column(row, COLUMN_CATEGORY);
	item->tags = dup_column(row, COLUMN_TAGS);
	item->brand = dup_column(row, COLUMN_BRAND);
	item->unit = dup_column(row, COLUMN_UNIT);
	item->weighed = sqlite3_column_int(row, COLUMN_WEIGHED) != 0;
	item->tax_class = dup_column(row, COLUMN_TAX_CLASS);
	item->active = sqlite3_column_int(row, COLUMN_ACTIVE) != 0;
	item->has_stock = sqlite3_column_int(row, COLUMN_STOCKED) != 0;
	return item;
}

static gboolean
find_price(TillStore *store, TillItem *item, const char *list, GError **error)
{
	TillDatabase *database = &store->cache.database;
	sqlite3_stmt *price = till_database_statement(database, TILL_CACHE_PRICE);
	till_database_bind_text(price, 1, item->sku);
	till_database_bind_text(price, 2, list);
	till_database_bind_int(price, 3, till_clock_wall_ms(store->clock));
	int step = till_database_step(database, price, error);
	if (step != SQLITE_ROW)
		return step == SQLITE_DONE;
	item->price_minor = sqlite3_column_int64(price, 0);
	item->has_price = TRUE;
	item->price_list = g_strdup(list);
	sqlite3_reset(price);
	return TRUE;
}

static gboolean
find_stock(TillStore *store, TillItem *item, GError **error)
{
	TillDatabase *database = &store->cache.database;
	sqlite3_stmt *stock = till_database_statement(database, TILL_CACHE_STOCK);
	till_database_bind_text(stock, 1, item->sku);
	int step = till_database_step(database, stock, error);
	item->has_stock = step == SQLITE_ROW;
	if (step != SQLITE_ROW)
		return step == SQLITE_DONE;
	gint64 on_hand_milli = sqlite3_column_int64(stock, 0);
	gint64 own_milli = 0;
	sqlite3_reset(stock);
	if (!till_overlay_sum(store, item->sku, &own_milli, error))
		return FALSE;
	item->stock_milli = on_hand_milli + own_milli;
	return TRUE;
}

static gboolean
complete(TillStore *store, TillItem *item, GError **error)
{
	if (!find_price(store, item, store->cache.price_list, error) ||
	    (!item->has_price && !find_price(store, item, BASE_LIST, error)))
		return FALSE;
	if (item->price_list == NULL)
		item->price_list = g_strdup("");
	return !item->has_stock || find_stock(store, item, error);
}

gboolean
till_catalog_item_take(TillStore *store, sqlite3_stmt *query, TillItem **out, GError **error)
{
	int step = till_database_step(&store->cache.database, query, error);
	if (step == SQLITE_DONE)
		*out = NULL;
	if (step != SQLITE_ROW)
		return step == SQLITE_DONE;
	g_autoptr(TillItem) item = read_item(query);
	sqlite3_reset(query);
	if (!complete(store, item, error))
		return FALSE;
	*out = g_steal_pointer(&item);
	return TRUE;
}

gboolean
till_catalog_item_load(TillStore *store, gint64 id, TillItem **out, GError **error)
{
	sqlite3_stmt *by_id =
	    till_database_statement(&store->cache.database, TILL_CACHE_ITEM_BY_ID);
	till_database_bind_int(by_id, 1, id);
	return till_catalog_item_take(store, by_id, out, error);
}
