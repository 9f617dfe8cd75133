/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "changes.h"
#include "error.h"
#include "price-setting.h"

char *
till_rules_setting(TillDb *db, const char *store_code, const char *name, const char *fallback,
		   GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT value FROM setting WHERE scope = ?1 AND name = ?2");
	char scope[TILL_CHANGES_SCOPE_MAX];
	g_autoptr(GError) local = NULL;
	char *value = NULL;

	till_db_bind_text(query, 1, till_changes_scope(store_code, scope));
	till_db_bind_text(query, 2, name);
	if (till_db_step(query, &local)) {
		value = g_strdup(till_db_text(query, 0));
		till_db_reset(query);
	} else if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	return value != NULL ? value : g_strdup(fallback);
}

static gboolean
read_currency(TillDb *db, const char *store_code, TillPriceRules *out, GError **error)
{
	g_autofree char *code = till_rules_setting(db, store_code, "currency", "", error);

	if (code == NULL)
		return FALSE;
	out->currency = till_currency_find(code);
	if (out->currency != NULL)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "There is no store %.20s.",
		    store_code);
	return FALSE;
}

static gboolean
read_settings(TillDb *db, const char *store_code, TillPriceRules *out, GError **error)
{
	for (const char *const *name = till_price_setting_names(); *name != NULL; name++) {
		g_autofree char *value = till_rules_setting(db, store_code, *name, "", error);
		if (value == NULL ||
		    (*value != '\0' && !till_price_setting_apply(out, *name, value, error)))
			return FALSE;
	}
	return TRUE;
}

static char *
borrow_text(TillDbQuery *query, int column)
{
	return (char *)(guintptr)till_db_text(query, column);
}

static TillTaxRow
borrow_tax(TillDbQuery *query)
{
	return (TillTaxRow){
	    .tax_class = till_db_text(query, 0),
	    .kind = till_db_text(query, 5),
	    .threshold = till_db_text(query, 9),
	    .tax = {.id = borrow_text(query, 1),
		    .name = borrow_text(query, 2),
		    .rate_ppm = till_db_int(query, 3),
		    .inclusive = till_db_int(query, 4) != 0,
		    .amount_milli = till_db_int(query, 6),
		    .include_base = till_db_int(query, 7) != 0,
		    .base_affected = till_db_int(query, 8) != 0,
		    .threshold_minor = till_db_int(query, 10),
		    .threshold_per_line = till_db_int(query, 11) != 0,
		    .group = borrow_text(query, 12),
		    .fulfilment = borrow_text(query, 13)},
	};
}

static gboolean
read_taxes(TillDb *db, const char *store_code, TillPriceRules *out, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT tax_class, id, name, rate_ppm, inclusive, kind, amount_milli, "
		"include_base, base_affected, threshold, threshold_minor, threshold_per_line, "
		"tax_group, fulfilment FROM tax WHERE scope = ?1 ORDER BY tax_class, ordinal, id");
	char scope[TILL_CHANGES_SCOPE_MAX];
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, till_changes_scope(store_code, scope));
	while (local == NULL && till_db_step(query, &local)) {
		TillTaxRow row = borrow_tax(query);
		if (!till_tax_table_add_row(out->taxes, &row, &local))
			till_db_reset(query);
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

gboolean
till_rules_load(TillDb *db, const char *store_code, const char *fulfilment, TillPriceRules *out,
		GError **error)
{
	*out = (TillPriceRules){0};
	if (!read_currency(db, store_code, out, error) ||
	    !read_settings(db, store_code, out, error))
		return FALSE;
	out->taxes = till_tax_table_new_for(out->tax_policy.rounding, fulfilment);
	return read_taxes(db, store_code, out, error);
}
