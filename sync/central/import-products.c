/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <string.h>

#include "gtin.h"
#include "import-private.h"
#include "item.h"
#include "layout.h"
#include "money.h"
#include "quantity.h"
#include "text.h"

/* A product file is read record by record into one Product; parts that belong to all variants of a
 * product stay in it for the records that continue the one before. What is written is written at
 * once: when a later row is bad, the whole import is undone. */

#define PRICE_LIST "base"
#define EXTRA_LETTERS 24

typedef struct {
	TillImport *import;
	TillLayoutMap map;
	const char *stock_store; /* nullable: stock is not taken */
	GHashTable *skus;        /* seen in this file → line */
	GHashTable *codes;       /* barcodes seen → SKU */
	/* Of the product, kept for continuing records: */
	GString *name, *style, *category, *tags, *brand;
	gboolean active;
	/* Of this record: */
	GString *sku, *variant_id, *variant, *unit, *tax_class, *plu, *barcodes, *price, *stock;
	gboolean weighed, stocked;
	gboolean bad;
} Product;

static void note_fault(Product *product, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
note_fault(Product *product, const char *format, ...)
{
	g_autofree char *words = NULL;
	va_list arguments;

	va_start(arguments, format);
	words = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	till_import_fault(product->import->report, till_csv_line(product->import->csv), "%s",
			  words);
	product->bad = TRUE;
}

/* --- cells into fields --- */

static gboolean
read_flag(const char *cell, gboolean *out)
{
	static const char *const yes[] = {"true",   "yes",       "1",       "y",
					  "active", "published", "shopify", NULL};
	static const char *const no[] = {"false",    "no",       "0",        "n",       "draft",
					 "archived", "proposed", "rejected", "inherit", NULL};
	g_autofree char *word = g_ascii_strdown(cell, -1);

	if (g_strv_contains(yes, word))
		*out = TRUE;
	else if (g_strv_contains(no, word))
		*out = FALSE;
	else
		return FALSE;
	return TRUE;
}

static void
append_part(GString *text, const char *separator, const char *part)
{
	if (*part == '\0')
		return;
	if (text->len > 0)
		g_string_append(text, separator);
	g_string_append(text, part);
}

/* "category:Electronics|category:Computers|brand:Apple": a path, a brand, and the rest as tags. */
static void
take_facets(Product *product, const char *cell)
{
	g_auto(GStrv) parts = g_strsplit(cell, "|", -1);

	for (char **part = parts; *part != NULL; part++) {
		char *colon = strchr(*part, ':');
		if (colon == NULL)
			continue;
		if (g_str_has_prefix(*part, "category:"))
			append_part(product->category, "/", colon + 1);
		else if (g_str_has_prefix(*part, "brand:"))
			g_string_assign(product->brand, colon + 1);
		else
			append_part(product->tags, ",", colon + 1);
	}
}

/* Vendure writes "13 inch|8GB" in one cell, others use one cell an option. */
static void
take_variant(Product *product, const char *cell)
{
	g_auto(GStrv) parts = g_strsplit(cell, "|", -1);

	for (char **part = parts; *part != NULL; part++) {
		if (strcmp(*part, "Default Title") != 0)
			append_part(product->variant, " / ", *part);
	}
}

static void
take_flag(Product *product, const char *name, const char *cell, gboolean *out)
{
	if (!read_flag(cell, out))
		note_fault(product, "%s is \"%.40s\", which means neither yes nor no here", name,
			   cell);
}

/* A spreadsheet's guard against eating leading zeros is not part of the number. */
static void
take_barcodes(Product *product, const char *cell)
{
	append_part(product->barcodes, "|", *cell == '\'' ? cell + 1 : cell);
}

static void
take_cell(Product *product, TillLayoutField field, const char *cell)
{
	GString *const plain[] = {
	    [TILL_LAYOUT_SKU] = product->sku,
	    [TILL_LAYOUT_VARIANT_ID] = product->variant_id,
	    [TILL_LAYOUT_NAME] = product->name,
	    [TILL_LAYOUT_STYLE] = product->style,
	    [TILL_LAYOUT_CATEGORY] = product->category,
	    [TILL_LAYOUT_BRAND] = product->brand,
	    [TILL_LAYOUT_UNIT] = product->unit,
	    [TILL_LAYOUT_TAX_CLASS] = product->tax_class,
	    [TILL_LAYOUT_PLU] = product->plu,
	    [TILL_LAYOUT_PRICE] = product->price,
	    [TILL_LAYOUT_STOCK] = product->stock,
	    [TILL_LAYOUT_FACETS] = NULL,
	};
	gboolean taxable = TRUE;

	if (*cell == '\0')
		return;
	if (plain[field] != NULL)
		g_string_assign(plain[field], cell);
	else if (field == TILL_LAYOUT_VARIANT)
		take_variant(product, cell);
	else if (field == TILL_LAYOUT_TAGS)
		append_part(product->tags, ",", cell);
	else if (field == TILL_LAYOUT_BARCODE)
		take_barcodes(product, cell);
	else if (field == TILL_LAYOUT_FACETS)
		take_facets(product, cell);
	else if (field == TILL_LAYOUT_WEIGHED)
		take_flag(product, "weighed", cell, &product->weighed);
	else if (field == TILL_LAYOUT_ACTIVE)
		take_flag(product, "status", cell, &product->active);
	else if (field == TILL_LAYOUT_STOCKED)
		take_flag(product, "keeping stock", cell, &product->stocked);
	else if (field == TILL_LAYOUT_TAXABLE) {
		take_flag(product, "taxable", cell, &taxable);
		g_string_assign(product->tax_class, taxable ? "standard" : "zero");
	}
}

/* Empties what does not carry over from the record before. */
static void
begin_record(Product *product, gboolean continues)
{
	GString *const always[] = {product->sku,      product->variant_id, product->variant,
				   product->unit,     product->tax_class,  product->plu,
				   product->barcodes, product->price,      product->stock};
	GString *const once[] = {product->name, product->style, product->category, product->tags,
				 product->brand};
	const TillLayout *layout = product->map.layout;

	for (gsize i = 0; i < G_N_ELEMENTS(always); i++)
		g_string_truncate(always[i], 0);
	for (gsize i = 0; !continues && i < G_N_ELEMENTS(once); i++)
		g_string_truncate(once[i], 0);
	if (!continues)
		product->active = layout->active;
	g_string_assign(product->unit, layout->unit);
	g_string_assign(product->tax_class, "standard");
	product->weighed = layout->weighed;
	product->stocked = layout->stocked;
	product->bad = FALSE;
}

static const char *
find_cell(Product *product, TillLayoutField field)
{
	for (guint i = 0; i < product->map.count; i++) {
		if (product->map.fields[i] == field)
			return till_csv_cell(product->import->csv, i);
	}
	return "";
}

/* --- checks --- */

/* Some exports leave the SKU empty: the program's own id of the variant, a list's only code, or the
 * handle and the options stand in. */
static void
settle_sku(Product *product)
{
	if (product->sku->len == 0)
		g_string_assign(product->sku, product->variant_id->str);
	if (product->sku->len == 0 && product->map.layout->weighed)
		g_string_assign(product->sku, product->plu->str);
	if (product->sku->len == 0 && product->style->len == 0 && product->barcodes->len > 0)
		g_string_assign(product->sku, product->barcodes->str);
	if (product->sku->len == 0 && product->map.layout->loose_sku && product->style->len > 0) {
		g_autofree char *options = till_layout_normalise(product->variant->str);
		g_string_printf(product->sku, "%s%s%s", product->style->str,
				*options != '\0' ? "-" : "", options);
	}
	if (product->sku->len == 0)
		note_fault(product, "there is no SKU");
	else if (product->sku->len > TILL_SKU_MAX)
		note_fault(product, "the SKU \"%.40s\" is longer than 64 characters",
			   product->sku->str);
}

/* A SKU stands once in a file. Programs that let it repeat get the variant added, and are told. */
static void
settle_repeat(Product *product)
{
	g_autofree char *options = NULL;
	gpointer line;

	if (product->bad)
		return;
	if (g_hash_table_lookup_extended(product->skus, product->sku->str, NULL, &line) &&
	    product->map.layout->loose_sku && product->variant->len > 0) {
		options = till_layout_normalise(product->variant->str);
		g_ptr_array_add(
		    product->import->report->notes,
		    g_strdup_printf("line %u: SKU %s stands on line %u already; this one becomes "
				    "%s-%s",
				    till_csv_line(product->import->csv), product->sku->str,
				    GPOINTER_TO_UINT(line), product->sku->str, options));
		g_string_append_printf(product->sku, "-%.*s", EXTRA_LETTERS, options);
	}
	if (g_hash_table_lookup_extended(product->skus, product->sku->str, NULL, &line)) {
		note_fault(product, "the SKU is %s, which line %u has already", product->sku->str,
			   GPOINTER_TO_UINT(line));
		return;
	}
	g_hash_table_insert(product->skus, g_strdup(product->sku->str),
			    GUINT_TO_POINTER(till_csv_line(product->import->csv)));
}

/* A till shows one line: what is longer is cut between characters, and told. */
static void
clip_name(Product *product)
{
	const char *end = product->name->str + TILL_NAME_MAX;

	if (product->name->len <= TILL_NAME_MAX)
		return;
	while (((guchar)*end & 0xc0) == 0x80)
		end--;
	g_string_truncate(product->name, (gsize)(end - product->name->str));
	g_ptr_array_add(product->import->report->notes,
			g_strdup_printf("line %u: the name was cut to 200 bytes",
					till_csv_line(product->import->csv)));
}

static void
check_texts(Product *product)
{
	clip_name(product);
	if (product->name->len == 0)
		note_fault(product, "the name is empty");
	if (product->plu->len > 0 && (!till_text_is_digits(product->plu->str) ||
				      product->plu->len < 4 || product->plu->len > 5))
		note_fault(product, "the PLU \"%.40s\" is not 4 or 5 digits", product->plu->str);
}

/* --- rows --- */

static gboolean
put_item(Product *product, GError **error)
{
	json_t *row = json_object();
	g_autofree char *tags = g_utf8_strdown(product->tags->str, -1);

	json_object_set_new(row, "sku", json_string(product->sku->str));
	json_object_set_new(row, "name", json_string(product->name->str));
	json_object_set_new(row, "variant", json_string(product->variant->str));
	json_object_set_new(row, "style", json_string(product->style->str));
	json_object_set_new(row, "category", json_string(product->category->str));
	json_object_set_new(row, "tags", json_string(tags));
	json_object_set_new(row, "brand", json_string(product->brand->str));
	json_object_set_new(row, "unit", json_string(product->unit->str));
	json_object_set_new(row, "weighed", json_boolean(product->weighed));
	json_object_set_new(row, "tax_class", json_string(product->tax_class->str));
	json_object_set_new(row, "plu", json_string(product->plu->str));
	json_object_set_new(row, "active", json_boolean(product->active));
	json_object_set_new(row, "stocked", json_boolean(product->stocked));
	return till_import_put(product->import, TILL_CHANGES_CHAIN, "item", row, error);
}

/* Digits of a GTIN's length must have a right check digit; anything else is a code of the house. */
static gboolean
put_barcode(Product *product, const char *code, GError **error)
{
	char gtin14[TILL_GTIN_TEXT];
	TillGtinResult result = till_gtin_normalise(code, gtin14);
	const char *kept = result == TILL_GTIN_OK ? gtin14 : code;
	const char *other = g_hash_table_lookup(product->codes, kept);
	json_t *row;

	if (result == TILL_GTIN_CHECK_DIGIT)
		note_fault(product, "the barcode %.40s has a wrong check digit", code);
	else if (strlen(code) > 128)
		note_fault(product, "the barcode %.40s… is longer than 128 characters", code);
	else if (other != NULL && strcmp(other, product->sku->str) != 0)
		note_fault(product, "the barcode %.40s stands on another SKU already", code);
	if (product->bad || other != NULL)
		return TRUE;
	g_hash_table_insert(product->codes, g_strdup(kept), g_strdup(product->sku->str));
	row = json_object();
	json_object_set_new(row, "code", json_string(kept));
	json_object_set_new(row, "sku", json_string(product->sku->str));
	return till_import_put(product->import, TILL_CHANGES_CHAIN, "barcode", row, error);
}

static gboolean
put_barcodes(Product *product, GError **error)
{
	g_auto(GStrv) codes = g_strsplit(product->barcodes->str, "|", -1);

	for (char **code = codes; *code != NULL; code++) {
		g_strstrip(*code);
		if (**code != '\0' && !put_barcode(product, *code, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
put_price(Product *product, GError **error)
{
	const TillCurrency *currency = product->import->currency;
	gint64 minor;
	json_t *row;

	if (product->price->len == 0)
		return TRUE;
	if (!till_money_parse(product->price->str, currency, &minor) || minor < 0) {
		note_fault(product, "the price is \"%.40s\", not an amount in %s",
			   product->price->str, currency->code);
		return TRUE;
	}
	row = json_object();
	json_object_set_new(row, "list", json_string(PRICE_LIST));
	json_object_set_new(row, "sku", json_string(product->sku->str));
	json_object_set_new(row, "price_minor", json_integer(minor));
	return till_import_put(product->import, TILL_CHANGES_CHAIN, "price", row, error);
}

static gboolean
put_stock(Product *product, GError **error)
{
	gint64 milli;

	if (product->stock->len == 0)
		return TRUE;
	if (!till_text_parse_decimal(product->stock->str, 3, &milli) ||
	    ABS(milli) > TILL_QUANTITY_MAX_MILLI) {
		note_fault(product, "the stock is \"%.40s\", not a quantity", product->stock->str);
		return TRUE;
	}
	if (product->stock_store == NULL || !product->stocked)
		return TRUE;
	return till_import_set_stock(product->import, product->stock_store, product->sku->str,
				     milli, error);
}

/* Shopify gives further pictures of a product rows of their own, with nothing else in them. */
static gboolean
is_picture_row(Product *product, gboolean continues)
{
	return continues && product->sku->len == 0 && product->price->len == 0 &&
	       product->variant->len == 0;
}

static gboolean
take_record(Product *product, GError **error)
{
	TillCsv *csv = product->import->csv;
	gboolean continues =
	    product->map.layout->continues && *find_cell(product, TILL_LAYOUT_NAME) == '\0';

	if (till_csv_count(csv) != product->map.count) {
		till_import_fault(product->import->report, till_csv_line(csv),
				  "%u cells where the header has %u", till_csv_count(csv),
				  product->map.count);
		return TRUE;
	}
	begin_record(product, continues);
	for (guint i = 0; i < product->map.count; i++)
		take_cell(product, product->map.fields[i], till_csv_cell(csv, i));
	if (is_picture_row(product, continues))
		return TRUE;
	settle_sku(product);
	settle_repeat(product);
	check_texts(product);
	if (product->bad)
		return TRUE;
	return put_item(product, error) && put_barcodes(product, error) &&
	       put_price(product, error) && put_stock(product, error);
}

/* --- the file --- */

static GString **
texts(Product *product, gsize index)
{
	GString **const all[] = {&product->name,       &product->style,   &product->category,
				 &product->tags,       &product->brand,   &product->sku,
				 &product->variant_id, &product->variant, &product->unit,
				 &product->tax_class,  &product->plu,     &product->barcodes,
				 &product->price,      &product->stock};

	return index < G_N_ELEMENTS(all) ? all[index] : NULL;
}

/* The store that was named, or the only one there is. */
static gboolean
choose_store(Product *product, char **out_store, GError **error)
{
	const char *named = product->import->options->store;
	g_autoptr(GPtrArray) stores = NULL;
	TillDbQuery *query;

	*out_store = NULL;
	if (named != NULL) {
		stores = till_import_stores(product->import, named, error);
		if (stores->len == 1)
			*out_store = g_strdup(g_ptr_array_index(stores, 0));
		return TRUE;
	}
	query = till_db_query(product->import->central->db,
			      "SELECT code FROM store WHERE (SELECT count(*) FROM store) = 1");
	if (till_db_step(query, error)) {
		*out_store = g_strdup(till_db_text(query, 0));
		till_db_reset(query);
	}
	return TRUE;
}

static gboolean
take_file(Product *product, GError **error)
{
	TillImportReport *report = product->import->report;
	g_autoptr(GError) broken = NULL;
	gboolean has_stock = FALSE;

	for (guint i = 0; i < product->map.count; i++)
		has_stock |= product->map.fields[i] == TILL_LAYOUT_STOCK;
	g_ptr_array_add(report->notes, g_strdup_printf("read as: %s", product->map.layout->name));
	if (product->map.ignored->len > 0)
		g_ptr_array_add(report->notes,
				g_strdup_printf("columns not used: %s", product->map.ignored->str));
	if (has_stock && product->stock_store == NULL)
		g_ptr_array_add(report->notes,
				g_strdup("stock was not taken: say which store with --store CODE"));
	while (till_csv_next(product->import->csv, &broken)) {
		report->rows++;
		if (!take_record(product, error))
			return FALSE;
	}
	if (broken != NULL)
		till_import_fault(report, 0, "%s", broken->message);
	return TRUE;
}

static gboolean
match_header(Product *product)
{
	TillCsv *csv = product->import->csv;
	g_autoptr(GPtrArray) cells = g_ptr_array_new();
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < till_csv_count(csv); i++)
		g_ptr_array_add(cells, (gpointer)(guintptr)till_csv_cell(csv, i));
	if (till_layout_match((const char *const *)cells->pdata, cells->len,
			      product->import->currency, &product->map, faults))
		return TRUE;
	for (guint i = 0; i < faults->len; i++)
		till_import_fault(product->import->report, till_csv_line(csv), "%s",
				  (const char *)g_ptr_array_index(faults, i));
	return FALSE;
}

gboolean
till_import_products(TillImport *import, GError **error)
{
	Product product = {.import = import};
	g_autofree char *store = NULL;
	gboolean good;

	if (!match_header(&product))
		return TRUE;
	for (gsize i = 0; texts(&product, i) != NULL; i++)
		*texts(&product, i) = g_string_new(NULL);
	product.skus = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	product.codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	good = choose_store(&product, &store, error);
	product.stock_store = store;
	good = good && take_file(&product, error);
	for (gsize i = 0; texts(&product, i) != NULL; i++)
		g_string_free(*texts(&product, i), TRUE);
	g_hash_table_unref(product.skus);
	g_hash_table_unref(product.codes);
	till_layout_clear(&product.map);
	return good;
}
