/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include <string.h>

#include "changes.h"
#include "error.h"
#include "past.h"
#include "price-setting.h"
#include "promotion-shelf.h"

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

static gboolean
write_cursor(TillCentral *central, const char *scope, char *out, GError **error)
{
	gint64 head;
	gint64 floor;

	if (!till_changes_heads(central->db, scope, &head, &floor, error))
		return FALSE;
	g_snprintf(out, TILL_PRICE_CURSOR_MAX, "%s.%" G_GINT64_FORMAT, central->epoch, head);
	return TRUE;
}

gboolean
till_rules_read(TillCentral *central, const char *store_code, const char *fulfilment,
		TillPriceRules *out, GError **error)
{
	char scope[TILL_CHANGES_SCOPE_MAX];
	TillPromoIndex *promos;

	if (!till_rules_load(central->db, store_code, fulfilment, out, error))
		return FALSE;
	promos = till_promotion_shelf_index(central->promotions, central->db, error);
	if (promos == NULL)
		return FALSE;
	out->promos = till_promo_index_ref(promos);
	return write_cursor(central, TILL_CHANGES_CHAIN, out->chain_cursor, error) &&
	       write_cursor(central, till_changes_scope(store_code, scope), out->shop_cursor,
			    error);
}

/* Adds every row (key, customer, uses, spent) of a query. */
static gboolean
add_uses(TillDbQuery *query, TillPriceUsesKind kind, TillPriceUses *uses, GError **error)
{
	g_autoptr(GError) local = NULL;

	while (till_db_step(query, &local)) {
		TillPriceUse use = {.uses = till_db_int(query, 2),
				    .spent_minor = till_db_int(query, 3)};
		till_price_uses_add(uses, kind, till_db_text(query, 0), till_db_text(query, 1),
				    &use);
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
add_promotion_uses(TillDb *db, const char *customer, TillPriceUses *uses, GError **error)
{
	TillDbQuery *all =
	    till_db_query(db, "SELECT promotion, customer, uses, spent_minor FROM promotion_use "
			      "WHERE scope = 'chain' AND customer = ''");
	TillDbQuery *own;

	if (!add_uses(all, TILL_PRICE_USES_PROMOTION, uses, error))
		return FALSE;
	if (*customer == '\0')
		return TRUE;
	own = till_db_query(db, "SELECT promotion, customer, uses, spent_minor FROM promotion_use "
				"WHERE scope = 'chain' AND customer = ?1");
	till_db_bind_text(own, 1, customer);
	return add_uses(own, TILL_PRICE_USES_PROMOTION, uses, error);
}

TillPriceUses *
till_rules_uses(TillDb *db, const TillShopper *shopper, GError **error)
{
	g_autoptr(TillPriceUses) uses = till_price_uses_new();
	const char *customer = shopper->customer != NULL ? shopper->customer->id : "";
	guint count;
	const char *const *codes = till_shopper_coupons(shopper, &count);

	if (!add_promotion_uses(db, customer, uses, error))
		return NULL;
	for (guint i = 0; i < count; i++) {
		TillDbQuery *query = till_db_query(
		    db, "SELECT code, customer, uses, 0 FROM coupon_use WHERE scope = 'chain' AND "
			"code = ?1 AND customer IN ('', ?2)");
		till_db_bind_text(query, 1, codes[i]);
		till_db_bind_text(query, 2, customer);
		if (!add_uses(query, TILL_PRICE_USES_COUPON, uses, error))
			return NULL;
	}
	return g_steal_pointer(&uses);
}

gboolean
till_rules_moment(TillCentral *central, const char *store_code, const char *channel,
		  TillPriceMoment *out, GError **error)
{
	g_autofree char *name =
	    till_rules_setting(central->db, store_code, "time_zone", "UTC", error);
	g_autoptr(GTimeZone) zone = NULL;
	g_autoptr(GDateTime) utc = NULL;
	g_autoptr(GDateTime) local = NULL;

	if (name == NULL)
		return FALSE;
	*out = (TillPriceMoment){
	    .now_ms = till_central_now_ms(central), .channel = channel, .store = store_code};
	zone = g_time_zone_new_identifier(name);
	if (zone == NULL)
		zone = g_time_zone_new_utc();
	utc = g_date_time_new_from_unix_utc(out->now_ms / 1000);
	local = utc != NULL ? g_date_time_to_timezone(utc, zone) : NULL;
	if (local == NULL)
		return TRUE;
	out->weekday = (guint)g_date_time_get_day_of_week(local) - 1;
	out->minute = (guint)(g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local));
	return TRUE;
}
