/* SPDX-License-Identifier: Apache-2.0 */
#include "counter.h"

#include <string.h>

#include "changes.h"
#include "error.h"
#include "scan.h"

/* --- items --- */

/* The SKU behind a code; "" when there is none. Caller frees; NULL with error. */
static char *
find_sku(TillDb *db, const TillScan *scan, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT sku, 1 FROM barcode WHERE scope = 'chain' AND code = ?1 UNION ALL "
		"SELECT sku, 2 FROM barcode WHERE scope = 'chain' AND code = ?3 UNION ALL "
		"SELECT sku, 3 FROM barcode WHERE scope = 'chain' AND code = ?2 UNION ALL "
		"SELECT sku, 4 FROM item WHERE scope = 'chain' AND sku = ?2 UNION ALL "
		"SELECT sku, 5 FROM item WHERE plu = ?2 AND plu <> '' AND scope = 'chain' "
		"ORDER BY 2 LIMIT 1");
	g_autoptr(GError) local = NULL;
	char *sku;

	till_db_bind_text(query, 1, scan->gtin14);
	till_db_bind_text(query, 2, scan->text);
	till_db_bind_text(query, 3, scan->upce14);
	if (till_db_step(query, &local)) {
		sku = g_strdup(till_db_text(query, 0));
		till_db_reset(query);
		return sku;
	}
	if (local == NULL)
		return g_strdup("");
	g_propagate_error(error, g_steal_pointer(&local));
	return NULL;
}

static void
fill_item(TillDbQuery *query, TillItem *item)
{
	char **const texts[] = {&item->sku,   &item->name,     &item->variant,
				&item->style, &item->category, &item->tags,
				&item->brand, &item->unit,     &item->tax_class};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_free(*texts[i]);
		*texts[i] = g_strdup(till_db_text(query, (int)i));
	}
	item->weighed = till_db_int(query, 9) != 0;
	item->active = TRUE;
}

/* Those of other stores cannot count here. */
static gboolean
read_prices(TillDb *db, const char *store_code, TillItem *item, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT list, min_quantity_milli, valid_from_ms, valid_to_ms, price_minor "
		"FROM price WHERE sku = ?1 AND scope = 'chain' AND (list IN (?2, 'base') OR "
		"list GLOB 'group:*')");
	g_autofree char *list = g_strdup_printf("store:%s", store_code);
	g_autoptr(GError) local = NULL;

	item->prices = till_price_list_new();
	till_db_bind_text(query, 1, item->sku);
	till_db_bind_text(query, 2, list);
	while (local == NULL && till_db_step(query, &local)) {
		TillPriceRow row = {.list = till_db_text(query, 0),
				    .min_quantity_milli = till_db_int(query, 1),
				    .valid_from_ms = till_db_int(query, 2),
				    .valid_to_ms = till_db_int(query, 3),
				    .price_minor = till_db_int(query, 4)};
		if (!till_price_list_add(item->prices, item->sku, &row, &local))
			till_db_reset(query);
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* The price of one piece for nobody in particular, now. */
static void
settle_price(TillItem *item, const char *store_code, gint64 now_ms)
{
	g_auto(GStrv) order = till_price_list_order(NULL, store_code);
	const TillPriceRow *row = till_price_list_find(item->prices, item->sku, TILL_QUANTITY_ONE,
						       now_ms, (const char *const *)order);

	if (row == NULL)
		return;
	g_free(item->price_list);
	item->price_list = g_strdup(row->list);
	item->price_minor = row->price_minor;
	item->has_price = TRUE;
}

static TillItem *
read_item(TillDb *db, const char *sku, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT sku, name, variant, style, category, tags, brand, unit, tax_class, weighed "
		"FROM item WHERE scope = 'chain' AND sku = ?1 AND active = 1");
	TillItem *item;

	till_db_bind_text(query, 1, sku);
	if (!till_db_step(query, error))
		return NULL;
	item = till_item_new();
	fill_item(query, item);
	till_db_reset(query);
	return item;
}

TillItem *
till_counter_item(TillDb *db, const char *store_code, const char *code, gint64 now_ms,
		  GError **error)
{
	TillScan scan = till_scan_read(code);
	g_autofree char *sku = find_sku(db, &scan, error);
	g_autoptr(GError) local = NULL;
	g_autoptr(TillItem) item = NULL;
	gint64 floor;

	if (sku == NULL)
		return NULL;
	if (*sku != '\0')
		item = read_item(db, sku, &local);
	if (local == NULL && item == NULL)
		g_set_error(&local, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "Nothing here has the code \"%.60s\".", code);
	if (local != NULL || !read_prices(db, store_code, item, &local) ||
	    !till_changes_heads(db, TILL_CHANGES_CHAIN, &item->as_of, &floor, &local)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	settle_price(item, store_code, now_ms);
	return g_steal_pointer(&item);
}

TillItem *
till_counter_variable(TillDb *db, const char *store_code, const char *code, gint64 now_ms,
		      const TillVariableCodes *codes, TillVariableCode *out_variable)
{
	TillScan scan = till_scan_read(code);
	TillVariableCode read;
	TillItem *item = NULL;

	if (!till_variable_code_read(codes, scan.text, &read) || read.value == 0)
		return NULL;
	const char *texts[] = {read.base, read.item, read.item + strspn(read.item, "0")};
	for (gsize i = 0; i < G_N_ELEMENTS(texts) && item == NULL; i++) {
		if (*texts[i] != '\0')
			item = till_counter_item(db, store_code, texts[i], now_ms, NULL);
	}
	if (item != NULL)
		*out_variable = read;
	return item;
}

/* --- customers --- */

#define COLUMNS "SELECT id, name, email, phone, loyalty, groups, segments, purchases, offers "
#define BARE_PHONE "replace(replace(replace(replace(phone, ' ', ''), '-', ''), '(', ''), ')', '')"

static TillCustomer *
make_customer(TillDbQuery *query)
{
	TillCustomer *customer = till_customer_new();
	char **const texts[] = {&customer->id, &customer->name, &customer->email, &customer->phone,
				&customer->loyalty};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_free(*texts[i]);
		*texts[i] = g_strdup(till_db_text(query, (int)i));
	}
	g_strfreev(customer->groups);
	customer->groups = till_customer_split(till_db_text(query, 5));
	g_strfreev(customer->segments);
	customer->segments = till_customer_split(till_db_text(query, 6));
	customer->purchases = till_db_int(query, 7);
	customer->offers = till_db_int(query, 8) != 0;
	return customer;
}

TillCustomer *
till_counter_customer(TillDb *db, const char *text, GError **error)
{
	static const char *const queries[] = {
	    COLUMNS "FROM customer WHERE scope = 'chain' AND id = ?1",
	    COLUMNS "FROM customer WHERE scope = 'chain' AND loyalty = ?1 AND loyalty <> '' "
		    "ORDER BY id LIMIT 1",
	    COLUMNS "FROM customer WHERE scope = 'chain' AND email = ?1 COLLATE NOCASE AND "
		    "email <> '' ORDER BY id LIMIT 1",
	    COLUMNS "FROM customer WHERE scope = 'chain' AND " BARE_PHONE " = ?1 AND phone <> '' "
		    "ORDER BY id LIMIT 1",
	};
	g_autofree char *phone = till_customer_bare_phone(text);

	for (gsize i = 0; i < G_N_ELEMENTS(queries); i++) {
		TillDbQuery *query = till_db_query(db, queries[i]);
		gboolean by_phone = i + 1 == G_N_ELEMENTS(queries);
		g_autoptr(GError) local = NULL;
		till_db_bind_text(query, 1, by_phone ? phone : text);
		if (till_db_step(query, &local)) {
			TillCustomer *customer = make_customer(query);
			till_db_reset(query);
			return customer;
		}
		if (local != NULL) {
			g_propagate_error(error, g_steal_pointer(&local));
			return NULL;
		}
	}
	g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
		    "There is no customer with the id, loyalty code, mail or phone \"%.60s\".",
		    text);
	return NULL;
}
