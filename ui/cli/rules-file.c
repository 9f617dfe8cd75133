/* SPDX-License-Identifier: Apache-2.0 */
#include "rules-file.h"

#include <string.h>

#include "error.h"
#include "file.h"
#include "json.h"
#include "money.h"
#include "price-setting.h"
#include "promo-json.h"
#include "rules-file-private.h"

#define FILE_MAX_BYTES ((gsize)512 * 1024 * 1024)
#define TAXES_MAX 2000
#define WORD_MAX 64
#define TIME_MAX_MS G_GINT64_CONSTANT(253402300799999) /* the end of the year 9999 */
#define SETTING_MAX 2000
#define RATE_MAX_PPM ((gint64)10 * TILL_PPM)

static char *
borrow_text(TillJsonReader *reader, const char *name, gsize max_bytes, const char *fallback)
{
	return (char *)(guintptr)till_json_string_or(reader, name, max_bytes, fallback);
}

static gboolean
read_tax(TillRulesFile *file, TillJsonReader *parent, gsize index, GError **error)
{
	TillJsonReader reader = till_json_reader_item(parent, "taxes", index);
	TillTaxRow row = {
	    .tax_class = till_json_string(&reader, "tax_class", 64),
	    .kind = till_json_string_or(&reader, "kind", 16, "percent"),
	    .threshold = till_json_string_or(&reader, "threshold", 16, ""),
	    .tax = {.id = (char *)(guintptr)till_json_string(&reader, "id", 64)},
	};
	TillTax *tax = &row.tax;

	tax->name = borrow_text(&reader, "name", 128, tax->id);
	tax->rate_ppm = till_json_int_or(&reader, "rate_ppm", -RATE_MAX_PPM, RATE_MAX_PPM, 0);
	tax->inclusive = till_json_bool_or(&reader, "inclusive", FALSE);
	tax->amount_milli =
	    till_json_int_or(&reader, "amount_milli", 0, TILL_TAX_AMOUNT_MAX_MILLI, 0);
	tax->include_base = till_json_bool_or(&reader, "include_base", FALSE);
	tax->base_affected = till_json_bool_or(&reader, "base_affected", FALSE);
	tax->threshold_minor =
	    till_json_int_or(&reader, "threshold_minor", 0, TILL_TAX_AMOUNT_MAX_MILLI, 0);
	tax->threshold_per_line = till_json_bool_or(&reader, "threshold_per_line", FALSE);
	tax->group = borrow_text(&reader, "group", 64, "");
	tax->fulfilment = borrow_text(&reader, "fulfilment", 16, "");
	return till_json_reader_finish(&reader, error) &&
	       till_tax_table_add_row(file->rules.taxes, &row, error);
}

/* A setting may stand as true and false too, not only as a text. */
static const char *
read_setting(TillJsonReader *reader, const char *name)
{
	const json_t *value = json_object_get(reader->object, name);

	if (json_is_boolean(value))
		return json_is_true(value) ? "true" : "false";
	return till_json_string_or(reader, name, SETTING_MAX, "");
}

static gboolean
read_settings(TillRulesFile *file, TillJsonReader *reader, GError **error)
{
	for (const char *const *name = till_price_setting_names(); *name != NULL; name++) {
		const char *value = read_setting(reader, *name);
		if (*value != '\0' && !till_price_setting_apply(&file->rules, *name, value, error))
			return FALSE;
	}
	if (json_object_get(reader->object, "tax_rounding") == NULL)
		file->rules.tax_policy.rounding = file->rules.rounding;
	return TRUE;
}

static gboolean
read_head(TillRulesFile *file, TillJsonReader *reader, GError **error)
{
	file->rules.currency = till_currency_find(till_json_string(reader, "currency", 3));
	if (file->rules.currency == NULL)
		till_json_fault(reader, "currency", "is not a currency of ISO 4217");
	return read_settings(file, reader, error) && till_json_reader_finish(reader, error);
}

/* The day and hour of the store decide which offers count. */
static void
read_moment(TillRulesFile *file, TillJsonReader *reader)
{
	TillPriceMoment *moment = &file->moment;
	const char *name = till_json_string_or(reader, "time_zone", WORD_MAX, "UTC");
	g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(name);

	moment->now_ms = till_json_int_or(reader, "at_ms", 0, TIME_MAX_MS, moment->now_ms);
	moment->store = g_strdup(till_json_string_or(reader, "store", WORD_MAX, ""));
	moment->channel =
	    g_strdup(till_json_string_or(reader, "channel", WORD_MAX, TILL_CHANNEL_STORE));
	if (zone == NULL) {
		till_json_fault(reader, "time_zone", "is not a known zone, like Europe/Paris");
		return;
	}
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(moment->now_ms / 1000);
	g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
	moment->weekday = (guint)g_date_time_get_day_of_week(local) - 1;
	moment->minute = (guint)(g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local));
}

static gboolean
read_promotions(TillRulesFile *file, const json_t *object, GError **error)
{
	g_autoptr(GPtrArray) promos = till_promo_json_read_list(object, "rules", error);

	if (promos == NULL)
		return FALSE;
	if (promos->len > 0)
		file->rules.promos =
		    till_promo_index_new((TillPromo *const *)promos->pdata, promos->len);
	return TRUE;
}

static gboolean
read_file(TillRulesFile *file, const json_t *object, GError **error)
{
	TillJsonReader reader = till_json_reader(object, "rules");
	if (!read_head(file, &reader, error))
		return FALSE;
	file->rules.taxes =
	    till_tax_table_new_for(file->rules.tax_policy.rounding,
				   till_json_string_or(&reader, "fulfilment", 16, TILL_TAX_CARRY));
	gsize tax_count = json_array_size(till_json_array(&reader, "taxes", TAXES_MAX));
	for (gsize i = 0; i < tax_count; i++) {
		if (!read_tax(file, &reader, i, error))
			return FALSE;
	}
	read_moment(file, &reader);
	till_rules_file_read_customers(file, &reader);
	till_rules_file_read_uses(file, &reader);
	till_rules_file_read_items(file, &reader);
	return till_json_reader_finish(&reader, error) && read_promotions(file, object, error);
}

TillRulesFile *
till_rules_file_load(const char *path, gint64 now_ms, GError **error)
{
	gsize size = 0;
	g_autofree char *text = till_file_read(path, FILE_MAX_BYTES, &size, error);
	if (text == NULL)
		return NULL;
	g_autoptr(json_t) object = till_json_parse(text, size, FILE_MAX_BYTES, "rules file", error);
	if (object == NULL)
		return NULL;
	g_autoptr(TillRulesFile) file = g_new0(TillRulesFile, 1);
	file->items =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)till_item_unref);
	file->customers = g_ptr_array_new_with_free_func((GDestroyNotify)till_customer_unref);
	file->moment.now_ms = now_ms;
	if (!read_file(file, object, error))
		return NULL;
	return g_steal_pointer(&file);
}

void
till_rules_file_free(TillRulesFile *file)
{
	if (file == NULL)
		return;
	till_price_rules_clear(&file->rules);
	g_hash_table_unref(file->items);
	g_ptr_array_unref(file->customers);
	g_free((gpointer)(guintptr)file->moment.store);
	g_free((gpointer)(guintptr)file->moment.channel);
	g_free(file);
}

const TillPriceRules *
till_rules_file_rules(const TillRulesFile *file)
{
	return &file->rules;
}

const TillPriceMoment *
till_rules_file_moment(const TillRulesFile *file)
{
	return &file->moment;
}

TillBasketSource
till_rules_file_source(TillRulesFile *file)
{
	return (TillBasketSource){.find_item = till_rules_file_find_item,
				  .find_customer = till_rules_file_find_customer,
				  .user = file,
				  .currency = file->rules.currency};
}
