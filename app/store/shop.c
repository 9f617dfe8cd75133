/* SPDX-License-Identifier: Apache-2.0 */
#include "shop.h"

#include "error.h"
#include "price-setting.h"
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

static gboolean
load_settings(TillStore *store, TillPriceRules *out, GError **error)
{
	for (const char *const *name = till_price_setting_names(); *name != NULL; name++) {
		g_autofree char *value = NULL;
		if (!read_setting(store, *name, "", &value, error) ||
		    (*value != '\0' && !till_price_setting_apply(out, *name, value, error)))
			return FALSE;
	}
	return TRUE;
}

static char *
borrow_text(sqlite3_stmt *row, int column)
{
	return (char *)(guintptr)till_database_text(row, column);
}

static TillTaxRow
borrow_tax(sqlite3_stmt *row)
{
	return (TillTaxRow){
	    .tax_class = till_database_text(row, 0),
	    .kind = till_database_text(row, 5),
	    .threshold = till_database_text(row, 9),
	    .tax = {.id = borrow_text(row, 1),
		    .name = borrow_text(row, 2),
		    .rate_ppm = sqlite3_column_int64(row, 3),
		    .inclusive = sqlite3_column_int(row, 4) != 0,
		    .amount_milli = sqlite3_column_int64(row, 6),
		    .include_base = sqlite3_column_int(row, 7) != 0,
		    .base_affected = sqlite3_column_int(row, 8) != 0,
		    .threshold_minor = sqlite3_column_int64(row, 10),
		    .threshold_per_line = sqlite3_column_int(row, 11) != 0,
		    .group = borrow_text(row, 12),
		    .fulfilment = borrow_text(row, 13)},
	};
}

static gboolean
load_taxes(TillStore *store, TillTaxTable *table, GError **error)
{
	TillDatabase *database = &store->cache.database;
	sqlite3_stmt *taxes = till_database_statement(database, TILL_CACHE_TAXES);
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, taxes, error)) == SQLITE_ROW) {
		TillTaxRow row = borrow_tax(taxes);
		if (till_tax_table_add_row(table, &row, error))
			continue;
		sqlite3_reset(taxes);
		return FALSE;
	}
	return step == SQLITE_DONE;
}

gboolean
till_shop_load_rules(TillStore *store, TillPriceRules *out, GError **error)
{
	g_autoptr(TillShop) shop = till_shop_load(store, error);
	TillPriceRules rules = {0};
	if (shop == NULL)
		return FALSE;
	rules.currency = shop->currency;
	if (!load_settings(store, &rules, error)) {
		till_price_rules_clear(&rules);
		return FALSE;
	}
	rules.taxes = till_tax_table_new(rules.tax_policy.rounding);
	if (!load_taxes(store, rules.taxes, error)) {
		till_price_rules_clear(&rules);
		return FALSE;
	}
	*out = rules;
	return TRUE;
}
