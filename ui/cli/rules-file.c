/* SPDX-License-Identifier: Apache-2.0 */
#include "rules-file.h"

#include <string.h>

#include "error.h"
#include "file.h"
#include "json.h"
#include "money.h"
#include "price-setting.h"
#include "scan.h"

#define FILE_MAX_BYTES (4 * 1024 * 1024)
#define ITEMS_MAX 20000
#define TAXES_MAX 200
#define CODES_MAX 20
#define SETTING_MAX 2000
#define RATE_MAX_PPM ((gint64)10 * TILL_PPM)

struct TillRulesFile {
	TillPriceRules rules;
	GHashTable *items; /* key of a code → TillItem, both owned */
};

/* Equal for codes that mean the same thing. */
static char *
code_key(const TillScan *scan)
{
	return g_strdup(scan->gtin14[0] != '\0' ? scan->gtin14 : scan->text);
}

static void
add_code(TillRulesFile *file, TillJsonReader *reader, const char *code, const TillItem *item)
{
	TillScan scan = till_scan_read(code);
	if (scan.kind == TILL_SCAN_REFUSED) {
		till_json_fault(reader, "codes", "holds a code that cannot be scanned");
		return;
	}
	if (!g_hash_table_insert(file->items, code_key(&scan), till_item_ref(item)))
		till_json_fault(reader, "codes", "holds a code that stands twice in the file");
}

static void
read_codes(TillRulesFile *file, TillJsonReader *reader, const TillItem *item)
{
	json_t *codes = till_json_array(reader, "codes", CODES_MAX);
	size_t index;
	json_t *code;

	add_code(file, reader, item->sku, item);
	json_array_foreach(codes, index, code)
	{
		if (!json_is_string(code))
			till_json_fault(reader, "codes", "must be a list of texts");
		else if (strcmp(json_string_value(code), item->sku) != 0)
			add_code(file, reader, json_string_value(code), item);
	}
}

static void
read_item(TillRulesFile *file, TillJsonReader *parent, gsize index)
{
	TillJsonReader reader = till_json_reader_item(parent, "items", index);
	g_autoptr(TillItem) item = till_item_new();
	item->sku = g_strdup(till_json_string(&reader, "sku", TILL_SKU_MAX));
	item->name = g_strdup(till_json_string_or(&reader, "name", TILL_NAME_MAX, item->sku));
	item->variant = g_strdup(till_json_string_or(&reader, "variant", TILL_NAME_MAX, ""));
	item->style = g_strdup("");
	item->category = g_strdup("");
	item->tags = g_strdup("");
	item->brand = g_strdup("");
	item->unit = g_strdup(till_json_string_or(&reader, "unit", 16, "ea"));
	item->weighed = till_json_bool_or(&reader, "weighed", FALSE);
	item->tax_class = g_strdup(till_json_string_or(&reader, "tax_class", 64, "standard"));
	item->price_minor = till_json_int(&reader, "price_minor", 0, TILL_MONEY_MAX_MINOR);
	item->has_price = TRUE;
	item->price_list = g_strdup("file");
	item->active = TRUE;
	if (reader.fault[0] == '\0')
		read_codes(file, &reader, item);
	till_json_inherit(parent, &reader);
}

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
	gsize item_count = json_array_size(till_json_array(&reader, "items", ITEMS_MAX));
	for (gsize i = 0; i < item_count && reader.fault[0] == '\0'; i++)
		read_item(file, &reader, i);
	return till_json_reader_finish(&reader, error);
}

TillRulesFile *
till_rules_file_load(const char *path, GError **error)
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
	g_free(file);
}

const TillPriceRules *
till_rules_file_rules(const TillRulesFile *file)
{
	return &file->rules;
}

static const TillItem *
find_variable(const TillRulesFile *file, const TillScan *scan, TillVariableCode *out_variable)
{
	TillVariableCode code;

	if (!till_variable_code_read(file->rules.variable_codes, scan->text, &code) ||
	    code.value == 0)
		return NULL;
	TillScan base = till_scan_read(code.base);
	g_autofree char *key = code_key(&base);
	const char *keys[] = {key, code.item, code.item + strspn(code.item, "0")};
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		const TillItem *item = g_hash_table_lookup(file->items, keys[i]);
		if (item == NULL)
			continue;
		*out_variable = code;
		return item;
	}
	return NULL;
}

TillItem *
till_rules_file_find(gpointer user, const char *code, TillVariableCode *out_variable,
		     GError **error)
{
	const TillRulesFile *file = user;
	TillScan scan = till_scan_read(code);
	if (scan.kind == TILL_SCAN_REFUSED) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID,
				    "the code is empty, too long or holds control characters.");
		return NULL;
	}
	g_autofree char *key = code_key(&scan);
	const TillItem *item = find_variable(file, &scan, out_variable);
	if (item == NULL)
		item = g_hash_table_lookup(file->items, key);
	return item != NULL ? till_item_ref(item) : NULL;
}
