/* SPDX-License-Identifier: Apache-2.0 */
#include "catalog-item.h"

#include <string.h>

#include "overlay.h"
#include "store-private.h"

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

/* A row that ends before it begins counts for nobody; it must not keep the item from being sold. */
static void
add_price(TillStore *store, TillItem *item, sqlite3_stmt *row)
{
	const char *list = till_database_text(row, 0);
	g_autoptr(GError) failure = NULL;
	TillPriceRow price = {
	    .list = strcmp(list, store->cache.price_list) == 0 ? store->cache.own_list : list,
	    .min_quantity_milli = sqlite3_column_int64(row, 1),
	    .valid_from_ms = sqlite3_column_int64(row, 2),
	    .valid_to_ms = sqlite3_column_int64(row, 3),
	    .price_minor = sqlite3_column_int64(row, 4),
	};
	if (!till_price_list_add(item->prices, item->sku, &price, &failure))
		g_message("%s", failure->message);
}

static gboolean
read_prices(TillStore *store, TillItem *item, GError **error)
{
	TillDatabase *database = &store->cache.database;
	sqlite3_stmt *prices = till_database_statement(database, TILL_CACHE_PRICES);
	till_database_bind_text(prices, 1, item->sku);
	till_database_bind_text(prices, 2, store->cache.price_list);
	item->prices = till_price_list_new();
	item->as_of = store->cache.chain_seq;
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, prices, error)) == SQLITE_ROW)
		add_price(store, item, prices);
	return step == SQLITE_DONE;
}

/* What one piece costs now whoever buys it. */
static void
choose_price(TillStore *store, TillItem *item)
{
	const char *const order[] = {store->cache.own_list, TILL_PRICE_LIST_BASE, NULL};
	const TillPriceRow *row = till_price_list_find(item->prices, item->sku, TILL_QUANTITY_ONE,
						       till_clock_wall_ms(store->clock), order);
	item->has_price = row != NULL;
	item->price_minor = row != NULL ? row->price_minor : 0;
	item->price_list = g_strdup(row != NULL ? row->list : "");
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
	if (!read_prices(store, item, error))
		return FALSE;
	choose_price(store, item);
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
