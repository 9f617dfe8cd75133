/* SPDX-License-Identifier: Apache-2.0 */
#include "cache-sql.h"

#include "cache.h"
#include "collection.h"

#define ITEM_COLUMNS                                                                               \
	"item.id, item.sku, item.name, item.variant, item.style, item.category, item.tags, "       \
	"item.brand, item.unit, item.weighed, item.tax_class, item.active, item.stocked"

#define CUSTOMER_COLUMNS "id, name, email, phone, loyalty, groups, segments, purchases, offers"

#define FULFILMENT_COLUMNS                                                                         \
	"f.id, f.order_id, f.number, f.customer_name, f.kind, f.promise_ms, f.expires_ms, "        \
	"f.arrived_ms, f.arrival, f.place, f.serial, f.version, f.updated_ms, f.body"

/* What the order says of all its parts; the feed may bring it a little later. */
#define WITH_ORDER                                                                                 \
	", CASE WHEN json_valid(o.body) THEN coalesce(json_extract(o.body, '$.gift'), 0) "         \
	"ELSE 0 END, CASE WHEN json_valid(o.body) THEN "                                           \
	"coalesce(json_array_length(o.body, '$.fulfilments'), 0) ELSE 0 END "                      \
	"FROM fulfilment AS f LEFT JOIN sales_order AS o ON o.id = f.order_id "

#define ORDER_COLUMNS "id, number, channel, customer_name, status, currency, total_minor, placed_ms"

#define CONTACT(name)                                                                              \
	"CASE WHEN json_valid(body) THEN coalesce(json_extract(body, '" name "'), '') ELSE '' END"

#define CART_COLUMNS "id, customer, channel, version, place, body, updated_ms"

#define PAST_COLUMNS                                                                               \
	"past_sale.receipt, past_sale.channel, past_sale.sold_ms, past_sale.customer_name, "       \
	"past_sale.total_minor, past_sale.body"
#define PAST_BETWEEN                                                                               \
	" AND past_sale.sold_ms >= ?2 AND past_sale.sold_ms < ?3 "                                 \
	"ORDER BY past_sale.sold_ms DESC LIMIT ?4"

/* As the schema's indexes have them, to the letter. */
#define PHONE_DIGITS                                                                               \
	"replace(replace(replace(replace(replace(replace(replace(phone, ' ', ''), '-', ''), "      \
	"'(', ''), ')', ''), '.', ''), '/', ''), '+', '')"
#define LAST_NAME "substr(name, instr(name, ' ') + 1)"

static const char *const SQL[TILL_CACHE_STATEMENTS] = {
    [TILL_CACHE_BEGIN] = "BEGIN",
    [TILL_CACHE_END] = "COMMIT",
    [TILL_CACHE_ITEM_BY_BARCODE] = "SELECT " ITEM_COLUMNS " FROM barcode CROSS JOIN item "
				   "ON item.sku = barcode.sku WHERE barcode.code = ?1",
    [TILL_CACHE_ITEM_BY_SKU] = "SELECT " ITEM_COLUMNS " FROM item WHERE sku = ?1",
    [TILL_CACHE_ITEM_BY_SKU_ANY_CASE] = "SELECT " ITEM_COLUMNS " FROM item "
					"WHERE sku = ?1 COLLATE NOCASE "
					"ORDER BY active DESC, id LIMIT 1",
    [TILL_CACHE_ITEM_BY_PLU] = "SELECT " ITEM_COLUMNS " FROM item WHERE plu = ?1 AND plu <> '' "
			       "ORDER BY active DESC, id LIMIT 1",
    [TILL_CACHE_ITEM_BY_ID] = "SELECT " ITEM_COLUMNS " FROM item WHERE id = ?1",
    [TILL_CACHE_ITEM_COUNT] = "SELECT count(*) FROM item WHERE active = 1",
    [TILL_CACHE_PRICES] = "SELECT list, min_quantity_milli, valid_from_ms, valid_to_ms, "
			  "price_minor FROM price WHERE sku = ?1 AND "
			  "(list IN ('base', ?2) OR (list >= 'group:' AND list < 'group;'))",
    [TILL_CACHE_STOCK] = "SELECT on_hand_milli FROM stock WHERE sku = ?1",
    [TILL_CACHE_HEADS] = "SELECT doc FROM item_head_term WHERE term >= ?1 AND term < ?2 LIMIT ?3",
    [TILL_CACHE_WORDS] = "SELECT rowid FROM item_words WHERE item_words MATCH ?1 LIMIT ?2",
    [TILL_CACHE_BARCODES_FROM] =
	"SELECT item.id FROM barcode CROSS JOIN item ON item.sku = barcode.sku "
	"WHERE barcode.code >= ?1 AND barcode.code < ?2 LIMIT ?3",
    [TILL_CACHE_SKUS_FROM] = "SELECT id FROM item WHERE sku COLLATE NOCASE >= ?1 AND "
			     "sku COLLATE NOCASE < ?2 LIMIT ?3",
    [TILL_CACHE_ITEM_TEXT] =
	"SELECT sku, name, variant, brand FROM item WHERE id = ?1 AND active = 1",
    [TILL_CACHE_SETTING] = "SELECT value FROM setting WHERE name = ?1",
    [TILL_CACHE_TAXES] = "SELECT tax_class, id, name, rate_ppm, inclusive, kind, "
			 "amount_milli, include_base, base_affected, threshold, "
			 "threshold_minor, threshold_per_line, tax_group, fulfilment FROM tax "
			 "ORDER BY tax_class, ordinal, id",
    [TILL_CACHE_PROMOTIONS] = "SELECT id, body FROM promotion",
    [TILL_CACHE_PROMOTION_USES] = "SELECT promotion, '', uses, spent_minor FROM promotion_use "
				  "WHERE customer = ''",
    [TILL_CACHE_PROMOTION_USES_OF] = "SELECT promotion, customer, uses, spent_minor "
				     "FROM promotion_use WHERE customer = ?1 AND customer <> ''",
    [TILL_CACHE_COUPON_USES] = "SELECT code, customer, uses, 0 FROM coupon_use "
			       "WHERE code = ?1 AND customer IN ('', ?2)",
    [TILL_CACHE_CUSTOMER_BY_ID] = "SELECT " CUSTOMER_COLUMNS " FROM customer WHERE id = ?1",
    [TILL_CACHE_CUSTOMER_BY_LOYALTY] =
	"SELECT " CUSTOMER_COLUMNS " FROM customer WHERE loyalty = ?1 AND loyalty <> '' "
	"ORDER BY id LIMIT 1",
    [TILL_CACHE_CUSTOMERS_BY_EMAIL] = "SELECT " CUSTOMER_COLUMNS " FROM customer "
				      "WHERE email = ?1 COLLATE NOCASE AND email <> '' "
				      "ORDER BY id LIMIT ?2",
    [TILL_CACHE_CUSTOMERS_BY_PHONE] =
	"SELECT " CUSTOMER_COLUMNS " FROM customer WHERE substr(" PHONE_DIGITS ", -7) = "
	"substr(?1, -7) AND phone <> '' AND " PHONE_DIGITS " LIKE '%' || ?1 ORDER BY id LIMIT ?2",
    [TILL_CACHE_CUSTOMERS_BY_NAME] =
	"SELECT " CUSTOMER_COLUMNS " FROM customer WHERE id IN "
	"(SELECT id FROM customer WHERE name COLLATE NOCASE >= ?1 AND name COLLATE NOCASE < ?2 "
	"UNION SELECT id FROM customer WHERE " LAST_NAME " COLLATE NOCASE >= ?1 AND " LAST_NAME
	" COLLATE NOCASE < ?2 LIMIT ?3) ORDER BY name COLLATE NOCASE, id",
    [TILL_CACHE_FULFILMENTS_OPEN] = "SELECT " FULFILMENT_COLUMNS WITH_ORDER
				    "WHERE f.state IN ('to-pick', 'picking', 'ready', 'part') "
				    "ORDER BY f.promise_ms, f.id LIMIT ?1",
    [TILL_CACHE_FULFILMENT_BY_ID] = "SELECT " FULFILMENT_COLUMNS WITH_ORDER "WHERE f.id = ?1",
    [TILL_CACHE_FULFILMENTS_OF_ORDER] =
	"SELECT " FULFILMENT_COLUMNS WITH_ORDER "WHERE f.order_id = ?1 ORDER BY f.id LIMIT ?2",
    [TILL_CACHE_ORDER_BY_ID] = "SELECT body FROM sales_order WHERE id = ?1",
    [TILL_CACHE_ORDER_BY_NUMBER] = "SELECT body FROM sales_order WHERE number = ?1 COLLATE NOCASE "
				   "ORDER BY placed_ms DESC LIMIT 1",
    [TILL_CACHE_ORDERS_NEWEST] =
	"SELECT " ORDER_COLUMNS
	", " CONTACT("$.contact.email") ", " CONTACT("$.contact.phone") ", " CONTACT(
	    "$.receipt") " FROM sales_order ORDER BY placed_ms DESC LIMIT ?1",
    [TILL_CACHE_ORDERS_OF_CUSTOMER] =
	"SELECT " ORDER_COLUMNS ", '', '', '' FROM sales_order WHERE customer = ?1 AND "
	"customer <> '' ORDER BY placed_ms DESC LIMIT ?2",
    [TILL_CACHE_ORDER_EVENTS] = "SELECT at_ms, channel, who, kind, words FROM order_event "
				"WHERE order_id = ?1 ORDER BY seq LIMIT ?2",
    [TILL_CACHE_ORDER_WAITS] =
	"SELECT order_id, kind, at_ms FROM order_event WHERE at_ms >= ?1 AND "
	"kind IN ('outside', 'handed-over', 'part-handed-over') ORDER BY order_id, seq LIMIT ?2",
    [TILL_CACHE_CARTS_OF_CUSTOMER] =
	"SELECT " CART_COLUMNS " FROM cart WHERE customer = ?1 AND customer <> '' AND "
	"status = 'open' ORDER BY updated_ms DESC, id LIMIT ?2",
    [TILL_CACHE_CART_BY_ID] = "SELECT " CART_COLUMNS " FROM cart WHERE id = ?1 AND status = 'open'",
    [TILL_CACHE_PICKUP_KEYS] =
	"SELECT id, key, from_ms, to_ms FROM pickup_key ORDER BY id DESC LIMIT ?1",
    [TILL_CACHE_STAFF] = "SELECT id, name, role, pin_hash, active FROM staff WHERE active = 1 "
			 "ORDER BY name, id",
    [TILL_CACHE_EXCEPTIONS] = "SELECT id, code, severity, words, raised_ms FROM exception "
			      "WHERE resolved = 0 ORDER BY raised_ms DESC, id LIMIT 500",
    [TILL_CACHE_PAST_BY_RECEIPT] =
	"SELECT " PAST_COLUMNS " FROM past_sale WHERE receipt = ?1" PAST_BETWEEN,
    [TILL_CACHE_PAST_BY_TXN] =
	"SELECT " PAST_COLUMNS " FROM past_sale WHERE txn = ?1 AND txn <> ''" PAST_BETWEEN,
    [TILL_CACHE_PAST_BY_ITEM] =
	"SELECT " PAST_COLUMNS " FROM past_sale_item AS line CROSS JOIN past_sale "
	"ON past_sale.receipt = line.receipt WHERE line.sku = ?1 AND line.sold_ms >= ?2 AND "
	"line.sold_ms < ?3 ORDER BY line.sold_ms DESC LIMIT ?4",
    [TILL_CACHE_PAST_BY_CUSTOMER] =
	"SELECT " PAST_COLUMNS
	" FROM past_sale WHERE customer = ?1 AND customer <> ''" PAST_BETWEEN,
    [TILL_CACHE_PAST_BY_NAME] =
	"SELECT " PAST_COLUMNS " FROM past_sale WHERE customer_name COLLATE NOCASE >= ?1 AND "
	"customer_name COLLATE NOCASE < ?1 || char(1114111) AND customer_name <> ''" PAST_BETWEEN,
    [TILL_CACHE_PAST_BY_CARD] =
	"SELECT " PAST_COLUMNS
	" FROM past_sale WHERE card_last4 = ?1 AND card_last4 <> ''" PAST_BETWEEN,
    [TILL_CACHE_RETURN_POLICY] = "SELECT body FROM return_policy WHERE id = 'returns'",
    [TILL_CACHE_TERMINAL_KEY] = "SELECT key FROM terminal_key WHERE terminal = ?1 AND "
				"from_ms - 86400000 <= ?2 AND (to_ms = 0 OR to_ms > ?2)",
    [TILL_CACHE_ORDER_STATUS] = "SELECT status FROM sales_order WHERE number = ?1 LIMIT 1",
    [TILL_CACHE_ITEMS_OF_STYLE] = "SELECT id FROM item WHERE style = ?1 AND style <> '' AND "
				  "active = 1 ORDER BY name, variant, id LIMIT ?2",
    [TILL_CACHE_CURSOR] = "SELECT epoch, seq FROM cursor WHERE scope = ?1",
    [TILL_CACHE_CURSOR_OF_STORE] = "SELECT epoch, seq FROM cursor WHERE scope >= 'store:' "
				   "AND scope < 'store;' LIMIT 1",
    [TILL_CACHE_CURSOR_SET] = "INSERT INTO cursor (scope, epoch, seq) VALUES (?1, ?2, ?3) "
			      "ON CONFLICT (scope) DO UPDATE SET epoch = excluded.epoch, "
			      "seq = excluded.seq",
};

static void
append_names(GString *sql, const TillCollection *collection, guint count)
{
	for (guint i = 0; i < count; i++)
		g_string_append_printf(sql, "%s%s", i == 0 ? "" : ", ",
				       collection->columns[i].name);
}

static void
append_update(GString *sql, const TillCollection *collection)
{
	for (guint i = collection->key_columns; i < collection->column_count; i++) {
		const char *name = collection->columns[i].name;
		g_string_append_printf(sql, "%s%s = excluded.%s",
				       i == collection->key_columns ? "" : ", ", name, name);
	}
}

static char *
make_put(const TillCollection *collection)
{
	GString *sql = g_string_new(NULL);
	g_string_printf(sql, "INSERT INTO %s (", collection->name);
	append_names(sql, collection, collection->column_count);
	g_string_append(sql, ") VALUES (");
	for (guint i = 0; i < collection->column_count; i++)
		g_string_append_printf(sql, "%s?%u", i == 0 ? "" : ", ", i + 1);
	g_string_append(sql, ") ON CONFLICT (");
	append_names(sql, collection, collection->key_columns);
	g_string_append(sql, ") DO ");
	if (collection->key_columns == collection->column_count) {
		g_string_append(sql, "NOTHING");
	} else {
		g_string_append(sql, "UPDATE SET ");
		append_update(sql, collection);
	}
	return g_string_free(sql, FALSE);
}

static char *
make_delete(const TillCollection *collection)
{
	GString *sql = g_string_new(NULL);
	g_string_printf(sql, "DELETE FROM %s WHERE ", collection->name);
	for (guint i = 0; i < collection->key_columns; i++)
		g_string_append_printf(sql, "%s%s = ?%u", i == 0 ? "" : " AND ",
				       collection->columns[i].name, i + 1);
	return g_string_free(sql, FALSE);
}

GPtrArray *
till_cache_sql(void)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < TILL_CACHE_STATEMENTS; i++)
		g_ptr_array_add(all, g_strdup(SQL[i]));
	gsize count;
	const TillCollection *table = till_collection_table(&count);
	for (gsize i = 0; i < count; i++) {
		g_ptr_array_add(all, make_put(&table[i]));
		g_ptr_array_add(all, make_delete(&table[i]));
	}
	return all;
}
