/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <string.h>

#include "changes.h"
#include "error.h"
#include "past.h"
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

/* More settings or taxes than any store has. */
#define ROWS_MAX 100000

/* A store's rows of a collection as they were at a number of its feed. */
static gboolean
read_rows(TillDb *db, const char *store_code, const char *name, gint64 number, GArray *rows,
	  GError **error)
{
	const TillCollection *collection = till_collection_find(name);
	const TillPastPiece all = {.after = "", .count = ROWS_MAX};
	char scope[TILL_CHANGES_SCOPE_MAX];

	till_changes_scope(store_code, scope);
	return till_past_present(db, scope, collection, number, &all, rows, error) &&
	       till_past_gone(db, scope, collection, number, rows, error);
}

static const char *
get_text(const TillPastRow *row, const char *column)
{
	return json_string_value(json_object_get(row->value, column));
}

static gint64
get_int(const TillPastRow *row, const char *column)
{
	return json_integer_value(json_object_get(row->value, column));
}

static gboolean
get_bool(const TillPastRow *row, const char *column)
{
	return json_is_true(json_object_get(row->value, column));
}

/* "" when it is not set. */
static const char *
find_setting(const GArray *rows, const char *name)
{
	for (guint i = 0; i < rows->len; i++) {
		const TillPastRow *row = &g_array_index(rows, TillPastRow, i);
		if (strcmp(get_text(row, "name"), name) == 0)
			return get_text(row, "value");
	}
	return "";
}

static gboolean
read_settings(TillDb *db, const char *store_code, gint64 number, TillPriceRules *out,
	      GError **error)
{
	g_autoptr(GArray) rows = till_past_rows_new();

	if (!read_rows(db, store_code, "setting", number, rows, error))
		return FALSE;
	out->currency = till_currency_find(find_setting(rows, "currency"));
	if (out->currency == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "There is no store %.20s.",
			    store_code);
		return FALSE;
	}
	for (const char *const *name = till_price_setting_names(); *name != NULL; name++) {
		const char *value = find_setting(rows, *name);
		if (*value != '\0' && !till_price_setting_apply(out, *name, value, error))
			return FALSE;
	}
	return TRUE;
}

static gint
compare_taxes(gconstpointer a, gconstpointer b)
{
	int order = strcmp(get_text(a, "tax_class"), get_text(b, "tax_class"));
	gint64 left = get_int(a, "ordinal");
	gint64 right = get_int(b, "ordinal");

	if (order == 0 && left != right)
		order = left < right ? -1 : 1;
	return order != 0 ? order : strcmp(get_text(a, "id"), get_text(b, "id"));
}

static char *
borrow_text(const TillPastRow *row, const char *column)
{
	return (char *)(guintptr)get_text(row, column);
}

static TillTaxRow
borrow_tax(const TillPastRow *row)
{
	return (TillTaxRow){
	    .tax_class = get_text(row, "tax_class"),
	    .kind = get_text(row, "kind"),
	    .threshold = get_text(row, "threshold"),
	    .tax = {.id = borrow_text(row, "id"),
		    .name = borrow_text(row, "name"),
		    .rate_ppm = get_int(row, "rate_ppm"),
		    .inclusive = get_bool(row, "inclusive"),
		    .amount_milli = get_int(row, "amount_milli"),
		    .include_base = get_bool(row, "include_base"),
		    .base_affected = get_bool(row, "base_affected"),
		    .threshold_minor = get_int(row, "threshold_minor"),
		    .threshold_per_line = get_bool(row, "threshold_per_line"),
		    .group = borrow_text(row, "tax_group"),
		    .fulfilment = borrow_text(row, "fulfilment")},
	};
}

static gboolean
read_taxes(TillDb *db, const char *store_code, gint64 number, TillPriceRules *out, GError **error)
{
	g_autoptr(GArray) rows = till_past_rows_new();

	if (!read_rows(db, store_code, "tax", number, rows, error))
		return FALSE;
	g_array_sort(rows, compare_taxes);
	for (guint i = 0; i < rows->len; i++) {
		TillTaxRow row = borrow_tax(&g_array_index(rows, TillPastRow, i));
		if (!till_tax_table_add_row(out->taxes, &row, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_rules_load(TillDb *db, const char *store_code, const char *fulfilment, TillPriceRules *out,
		GError **error)
{
	return till_rules_load_at(db, store_code, fulfilment, TILL_RULES_NOW, out, error);
}

gboolean
till_rules_load_at(TillDb *db, const char *store_code, const char *fulfilment, gint64 number,
		   TillPriceRules *out, GError **error)
{
	*out = (TillPriceRules){0};
	if (!read_settings(db, store_code, number, out, error))
		return FALSE;
	out->taxes = till_tax_table_new_for(out->tax_policy.rounding, fulfilment);
	return read_taxes(db, store_code, number, out, error);
}
