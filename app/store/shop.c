/* SPDX-License-Identifier: Apache-2.0 */
#include "shop.h"

#include "error.h"
#include "store-private.h"

static gboolean
read_setting(TillStore *store, const char *name, const char *fallback, char **out, GError **error)
{
	*out = till_cache_setting(&store->cache, name, fallback, error);
	return *out != NULL;
}

static gboolean
read_currency(TillStore *store, TillShop *shop, GError **error)
{
	g_autofree char *code = NULL;
	if (!read_setting(store, "currency", "", &code, error))
		return FALSE;
	if (*code == '\0') {
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
			    "The catalogue has not arrived yet. Connect the till to its central "
			    "once.");
		return FALSE;
	}
	shop->currency = till_currency_find(code);
	if (shop->currency == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "The shop's currency \"%s\" is not known. Set it at the central.",
			    code);
		return FALSE;
	}
	return TRUE;
}

TillShop *
till_shop_load(TillStore *store, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	g_autoptr(TillShop) shop = g_new0(TillShop, 1);
	if (!read_currency(store, shop, error) ||
	    !read_setting(store, "store_code", "", &shop->store_code, error) ||
	    !read_setting(store, "store_name", "", &shop->store_name, error) ||
	    !read_setting(store, "shop_name", "", &shop->shop_name, error) ||
	    !read_setting(store, "address", "", &shop->address, error) ||
	    !read_setting(store, "tax_number", "", &shop->tax_number, error) ||
	    !read_setting(store, "receipt_footer", "", &shop->receipt_footer, error) ||
	    !read_setting(store, "time_zone", "UTC", &shop->time_zone, error))
		return NULL;
	return g_steal_pointer(&shop);
}

void
till_shop_free(TillShop *shop)
{
	if (shop == NULL)
		return;
	g_free(shop->store_code);
	g_free(shop->store_name);
	g_free(shop->shop_name);
	g_free(shop->address);
	g_free(shop->tax_number);
	g_free(shop->receipt_footer);
	g_free(shop->time_zone);
	g_free(shop);
}

gboolean
till_shop_load_rounding(TillStore *store, const char *setting, TillRounding *out, GError **error)
{
	g_autofree char *name = NULL;
	if (!read_setting(store, setting, "half-up", &name, error))
		return FALSE;
	if (till_rounding_parse(name, out))
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "The setting %s is \"%s\", which is no way to round. Set it at the central.",
		    setting, name);
	return FALSE;
}

TillTaxTable *
till_shop_load_taxes(TillStore *store, GError **error)
{
	TillDatabase *database = &store->cache.database;
	TillRounding rounding;
	if (!till_shop_load_rounding(store, "tax_rounding", &rounding, error))
		return NULL;
	g_autoptr(TillTaxTable) table = till_tax_table_new(rounding);
	sqlite3_stmt *taxes = till_database_statement(database, TILL_CACHE_TAXES);
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, taxes, error)) == SQLITE_ROW) {
		g_autofree char *id = g_strdup(till_database_text(taxes, 1));
		g_autofree char *name = g_strdup(till_database_text(taxes, 2));
		TillTax tax = {id, name, sqlite3_column_int64(taxes, 3),
			       sqlite3_column_int(taxes, 4) != 0};
		if (till_tax_table_add(table, till_database_text(taxes, 0), &tax, error))
			continue;
		sqlite3_reset(taxes);
		return NULL;
	}
	return step == SQLITE_DONE ? g_steal_pointer(&table) : NULL;
}
