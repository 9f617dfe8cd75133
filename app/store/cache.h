/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "database.h"
#include "variable-code.h"

/* cache.db as the rest of this layer uses it. Private to this layer.
 *
 * It can be made anew from the central at any time, so it is opened with synchronous=NORMAL (a
 * power cut may take back the newest pages of the feed, together with their cursor, and damages
 * nothing) and a file that cannot be read is set aside.
 *
 * Threads: store. */

G_BEGIN_DECLS

enum {
	TILL_CACHE_BEGIN,
	TILL_CACHE_END,
	TILL_CACHE_ITEM_BY_BARCODE,
	TILL_CACHE_ITEM_BY_SKU,
	TILL_CACHE_ITEM_BY_SKU_ANY_CASE,
	TILL_CACHE_ITEM_BY_PLU,
	TILL_CACHE_ITEM_BY_ID,
	TILL_CACHE_ITEM_COUNT,
	TILL_CACHE_PRICES,
	TILL_CACHE_STOCK,
	TILL_CACHE_HEADS,
	TILL_CACHE_WORDS,
	TILL_CACHE_BARCODES_FROM,
	TILL_CACHE_SKUS_FROM,
	TILL_CACHE_ITEM_TEXT,
	TILL_CACHE_SETTING,
	TILL_CACHE_TAXES,
	TILL_CACHE_PROMOTIONS,
	TILL_CACHE_PROMOTION_USES,
	TILL_CACHE_PROMOTION_USES_OF,
	TILL_CACHE_COUPON_USES,
	TILL_CACHE_CUSTOMER_BY_ID,
	TILL_CACHE_CUSTOMER_BY_LOYALTY,
	TILL_CACHE_CUSTOMERS_BY_EMAIL,
	TILL_CACHE_CUSTOMERS_BY_PHONE,
	TILL_CACHE_CUSTOMERS_BY_NAME,
	TILL_CACHE_FULFILMENTS_OPEN,
	TILL_CACHE_FULFILMENT_BY_ID,
	TILL_CACHE_FULFILMENTS_OF_ORDER,
	TILL_CACHE_ORDER_BY_ID,
	TILL_CACHE_ORDER_BY_NUMBER,
	TILL_CACHE_ORDERS_NEWEST,
	TILL_CACHE_ORDERS_OF_CUSTOMER,
	TILL_CACHE_ORDER_EVENTS,
	TILL_CACHE_ORDER_WAITS,
	TILL_CACHE_CARTS_OF_CUSTOMER,
	TILL_CACHE_CART_BY_ID,
	TILL_CACHE_PICKUP_KEYS,
	TILL_CACHE_STAFF,
	TILL_CACHE_EXCEPTIONS,
	TILL_CACHE_PAST_BY_RECEIPT,
	TILL_CACHE_PAST_BY_TXN,
	TILL_CACHE_PAST_BY_ITEM,
	TILL_CACHE_PAST_BY_CUSTOMER,
	TILL_CACHE_PAST_BY_NAME,
	TILL_CACHE_PAST_BY_CARD,
	TILL_CACHE_RETURN_POLICY,
	TILL_CACHE_TERMINAL_KEY,
	TILL_CACHE_ORDER_STATUS,
	TILL_CACHE_ITEMS_OF_STYLE,
	TILL_CACHE_CURSOR,
	TILL_CACHE_CURSOR_OF_STORE,
	TILL_CACHE_CURSOR_SET,
	TILL_CACHE_STATEMENTS /* after these: put and delete of each collection, in table order */
};

typedef struct {
	TillDatabase database;
	TillDatabaseKind kind; /* with the collections' statements added */
	GPtrArray *sql;        /* owned texts behind kind.sql */
	/* What every look-up needs, read anew after each change. */
	char chain_cursor[64]; /* "epoch.seq" or "" */
	char chain_epoch[40];
	gint64 chain_seq;
	char store_epoch[40];
	gint64 store_seq;
	char price_list[80];               /* the list with the store's own prices */
	char own_list[80];                 /* "store:014": under which name its rows are read */
	TillVariableCodes *variable_codes; /* owned; NULL when the setting is no list of patterns */
} TillCache;

/* Opens the cache of a home. A damaged, foreign or newer file is set aside as cache.db.set-aside
 * and an empty one made; out_set_aside then says so. */
gboolean till_cache_open(TillCache *cache, const char *home, gboolean *out_set_aside,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_cache_close(TillCache *cache);

/* Reads cursors, price lists and variable_codes. */
gboolean till_cache_refresh(TillCache *cache, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One reading transaction around several statements: each alone would begin, look at the file and
 * end. Returns FALSE with error set, or body's result; never nested. */
typedef gboolean (*TillCacheBody)(gpointer data, GError **error);
gboolean till_cache_read(TillCache *cache, TillCacheBody body, gpointer data,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A setting, or fallback when unset; NULL on failure. Caller frees. */
char *till_cache_setting(TillCache *cache, const char *name, const char *fallback, GError **error);

/* Whether the file at path is a sound cache of this release: schema, quick_check, cursors. Threads:
 * any. */
gboolean till_cache_examine(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Closes the cache, puts the file at path in its place and opens it. Durable when it returns. */
gboolean till_cache_replace(TillCache *cache, const char *home, const char *path,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Statement index of a collection's put or delete. */
guint till_cache_put_index(gsize collection);
guint till_cache_delete_index(gsize collection);

G_END_DECLS
