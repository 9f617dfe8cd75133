/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "error.h"
#include "money.h"
#include "quantity.h"
#include "rules-file-private.h"
#include "scan.h"

#define CODES_MAX 1000
#define PRICES_MAX 1000
#define TEXT_MAX 500
#define WORD_MAX 64

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
read_row(TillJsonReader *parent, gsize index, const TillItem *item)
{
	TillJsonReader reader = till_json_reader_item(parent, "prices", index);
	TillPriceRow row = {
	    .list = till_json_string(&reader, "list", WORD_MAX),
	    .min_quantity_milli =
		till_json_int_or(&reader, "min_quantity_milli", 0, TILL_QUANTITY_MAX_MILLI, 0),
	    .valid_from_ms = till_json_int_or(&reader, "valid_from_ms", 0, G_MAXINT64, 0),
	    .valid_to_ms = till_json_int_or(&reader, "valid_to_ms", 0, G_MAXINT64, 0),
	    .price_minor = till_json_int(&reader, "price_minor", 0, TILL_MONEY_MAX_MINOR),
	};

	if (reader.fault[0] == '\0' && !till_price_list_add(item->prices, item->sku, &row, NULL))
		till_json_fault(&reader, "valid_to_ms", "is before valid_from_ms");
	till_json_inherit(parent, &reader);
}

/* One price for everybody, or rows of which the one for a single piece is shown first. An item that
 * no row counts for now is not for sale. */
static void
read_prices(const TillRulesFile *file, TillJsonReader *reader, TillItem *item)
{
	gsize count = json_array_size(till_json_array(reader, "prices", PRICES_MAX));
	g_auto(GStrv) order = till_price_list_order(NULL, file->moment.store);

	if (count == 0) {
		item->price_minor = till_json_int(reader, "price_minor", 0, TILL_MONEY_MAX_MINOR);
		item->has_price = TRUE;
		item->price_list = g_strdup("file");
		return;
	}
	item->prices = till_price_list_new();
	for (gsize i = 0; i < count; i++)
		read_row(reader, i, item);
	const TillPriceRow *row =
	    till_price_list_find(item->prices, item->sku, TILL_QUANTITY_ONE, file->moment.now_ms,
				 (const char *const *)order);
	item->has_price = row != NULL;
	item->price_minor = row != NULL ? row->price_minor : 0;
	item->price_list = g_strdup(row != NULL ? row->list : "");
}

static void
read_item(TillRulesFile *file, TillJsonReader *parent, gsize index)
{
	TillJsonReader reader = till_json_reader_item(parent, "items", index);
	g_autoptr(TillItem) item = till_item_new();
	item->sku = g_strdup(till_json_string(&reader, "sku", TILL_SKU_MAX));
	item->name = g_strdup(till_json_string_or(&reader, "name", TILL_NAME_MAX, item->sku));
	item->variant = g_strdup(till_json_string_or(&reader, "variant", TILL_NAME_MAX, ""));
	item->style = g_strdup(till_json_string_or(&reader, "style", TILL_SKU_MAX, ""));
	item->category = g_strdup(till_json_string_or(&reader, "category", TEXT_MAX, ""));
	item->tags = g_strdup(till_json_string_or(&reader, "tags", TEXT_MAX, ""));
	item->brand = g_strdup(till_json_string_or(&reader, "brand", TEXT_MAX, ""));
	item->unit = g_strdup(till_json_string_or(&reader, "unit", 16, "ea"));
	item->weighed = till_json_bool_or(&reader, "weighed", FALSE);
	item->tax_class = g_strdup(till_json_string_or(&reader, "tax_class", 64, "standard"));
	item->active = TRUE;
	read_prices(file, &reader, item);
	if (reader.fault[0] == '\0')
		read_codes(file, &reader, item);
	till_json_inherit(parent, &reader);
}

void
till_rules_file_read_items(TillRulesFile *file, TillJsonReader *reader)
{
	gsize count = json_array_size(till_json_array(reader, "items", TILL_RULES_FILE_ITEMS_MAX));

	for (gsize i = 0; i < count && reader->fault[0] == '\0'; i++)
		read_item(file, reader, i);
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
till_rules_file_find_item(gpointer user, const char *code, TillVariableCode *out_variable,
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
