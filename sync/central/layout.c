/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include <string.h>

static const TillLayoutAlias shopify_aliases[] = {
    {"handle", TILL_LAYOUT_STYLE},
    {"title", TILL_LAYOUT_NAME},
    {"vendor", TILL_LAYOUT_BRAND},
    {"type", TILL_LAYOUT_CATEGORY},
    {"product_category", TILL_LAYOUT_CATEGORY},
    {"tags", TILL_LAYOUT_TAGS},
    {"option1_value", TILL_LAYOUT_VARIANT},
    {"option2_value", TILL_LAYOUT_VARIANT},
    {"option3_value", TILL_LAYOUT_VARIANT},
    {"variant_sku", TILL_LAYOUT_SKU},
    {"variant_price", TILL_LAYOUT_PRICE},
    {"variant_barcode", TILL_LAYOUT_BARCODE},
    {"variant_inventory_qty", TILL_LAYOUT_STOCK},
    {"variant_inventory_tracker", TILL_LAYOUT_STOCKED},
    {"variant_taxable", TILL_LAYOUT_TAXABLE},
    {"status", TILL_LAYOUT_ACTIVE},
    {NULL, TILL_LAYOUT_IGNORE},
};

static const TillLayoutAlias medusa_aliases[] = {
    {"product_handle", TILL_LAYOUT_STYLE},
    {"product_title", TILL_LAYOUT_NAME},
    {"product_status", TILL_LAYOUT_ACTIVE},
    {"product_type", TILL_LAYOUT_CATEGORY},
    {"product_category_1", TILL_LAYOUT_CATEGORY},
    {"product_tags", TILL_LAYOUT_TAGS},
    {"product_tag_1", TILL_LAYOUT_TAGS},
    {"product_tag_2", TILL_LAYOUT_TAGS},
    {"product_tag_3", TILL_LAYOUT_TAGS},
    {"variant_id", TILL_LAYOUT_VARIANT_ID},
    {"variant_sku", TILL_LAYOUT_SKU},
    {"variant_barcode", TILL_LAYOUT_BARCODE},
    {"variant_ean", TILL_LAYOUT_BARCODE},
    {"variant_upc", TILL_LAYOUT_BARCODE},
    {"variant_manage_inventory", TILL_LAYOUT_STOCKED},
    {"variant_inventory_quantity", TILL_LAYOUT_STOCK},
    {"variant_option_1_value", TILL_LAYOUT_VARIANT},
    {"variant_option_2_value", TILL_LAYOUT_VARIANT},
    {"variant_option_3_value", TILL_LAYOUT_VARIANT},
    {"option_1_value", TILL_LAYOUT_VARIANT},
    {"option_2_value", TILL_LAYOUT_VARIANT},
    {"option_3_value", TILL_LAYOUT_VARIANT},
    {NULL, TILL_LAYOUT_IGNORE},
};

static const TillLayoutAlias vendure_aliases[] = {
    {"name", TILL_LAYOUT_NAME},
    {"slug", TILL_LAYOUT_STYLE},
    {"facets", TILL_LAYOUT_FACETS},
    {"optionvalues", TILL_LAYOUT_VARIANT},
    {"sku", TILL_LAYOUT_SKU},
    {"price", TILL_LAYOUT_PRICE},
    {"taxcategory", TILL_LAYOUT_TAX_CLASS},
    {"stockonhand", TILL_LAYOUT_STOCK},
    {"trackinventory", TILL_LAYOUT_STOCKED},
    {"variantfacets", TILL_LAYOUT_FACETS},
    {NULL, TILL_LAYOUT_IGNORE},
};

/* Our own, and what spreadsheets of shops call the same things. */
static const TillLayoutAlias plain_aliases[] = {
    {"sku", TILL_LAYOUT_SKU},
    {"variant_id", TILL_LAYOUT_VARIANT_ID},
    {"name", TILL_LAYOUT_NAME},
    {"product", TILL_LAYOUT_NAME},
    {"variant", TILL_LAYOUT_VARIANT},
    {"size", TILL_LAYOUT_VARIANT},
    {"colour", TILL_LAYOUT_VARIANT},
    {"color", TILL_LAYOUT_VARIANT},
    {"style", TILL_LAYOUT_STYLE},
    {"category", TILL_LAYOUT_CATEGORY},
    {"tags", TILL_LAYOUT_TAGS},
    {"brand", TILL_LAYOUT_BRAND},
    {"unit", TILL_LAYOUT_UNIT},
    {"weighed", TILL_LAYOUT_WEIGHED},
    {"tax_class", TILL_LAYOUT_TAX_CLASS},
    {"plu", TILL_LAYOUT_PLU},
    {"barcode", TILL_LAYOUT_BARCODE},
    {"barcodes", TILL_LAYOUT_BARCODE},
    {"price", TILL_LAYOUT_PRICE},
    {"stock", TILL_LAYOUT_STOCK},
    {"active", TILL_LAYOUT_ACTIVE},
    {"stocked", TILL_LAYOUT_STOCKED},
    {NULL, TILL_LAYOUT_IGNORE},
};

/* A list of price look-up codes is its own SKU list; the things are weighed. */
static const TillLayoutAlias plu_aliases[] = {
    {"plu", TILL_LAYOUT_PLU},
    {"name", TILL_LAYOUT_NAME},
    {NULL, TILL_LAYOUT_IGNORE},
};

static const TillLayoutAlias barcode_aliases[] = {
    {"barcode", TILL_LAYOUT_BARCODE},
    {"product_name", TILL_LAYOUT_NAME},
    {NULL, TILL_LAYOUT_IGNORE},
};

#define NAMES(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}
#define NO_NAMES                                                                                   \
	(const char *const[])                                                                      \
	{                                                                                          \
		NULL                                                                               \
	}

static const TillLayout layouts[] = {
    {"Shopify product export", NAMES("handle", "title", "variant_price"), NO_NAMES, shopify_aliases,
     NULL, TRUE, TRUE, "ea", FALSE, FALSE, TRUE},
    {"Medusa product export", NAMES("product_handle", "variant_product_id"), NAMES("product_title"),
     medusa_aliases, "variant_price_", FALSE, TRUE, "ea", FALSE, TRUE, TRUE},
    {"Medusa product export", NAMES("product_handle", "variant_title"), NAMES("product_title"),
     medusa_aliases, "price_", FALSE, TRUE, "ea", FALSE, TRUE, TRUE},
    {"Vendure product import", NAMES("name", "optiongroups", "optionvalues"),
     NAMES("slug", "description", "assets", "facets", "sku", "price", "taxcategory", "stockonhand",
	   "trackinventory", "variantassets", "variantfacets"),
     vendure_aliases, NULL, TRUE, TRUE, "ea", FALSE, TRUE, TRUE},
    {"plain product list", NAMES("sku", "name"), NO_NAMES, plain_aliases, "price_", FALSE, FALSE,
     "ea", FALSE, TRUE, TRUE},
    {"plain product list", NAMES("sku", "product"), NO_NAMES, plain_aliases, "price_", FALSE, FALSE,
     "ea", FALSE, TRUE, TRUE},
    {"list of PLU codes", NAMES("plu", "name"), NO_NAMES, plu_aliases, NULL, FALSE, FALSE, "kg",
     TRUE, FALSE, TRUE},
    {"list of barcodes", NAMES("barcode", "product_name"), NO_NAMES, barcode_aliases, NULL, FALSE,
     FALSE, "ea", FALSE, FALSE, TRUE},
};

char *
till_layout_normalise(const char *header)
{
	GString *name = g_string_new(NULL);

	for (const char *p = header; *p != '\0'; p++) {
		if (g_ascii_isalnum(*p))
			g_string_append_c(name, g_ascii_tolower(*p));
		else if (*p == ':' && name->len > 0)
			break;
		else if (name->len > 0 && name->str[name->len - 1] != '_')
			g_string_append_c(name, '_');
	}
	while (name->len > 0 && name->str[name->len - 1] == '_')
		g_string_truncate(name, name->len - 1);
	return g_string_free(name, FALSE);
}

static gboolean
has_all(GPtrArray *names, const char *const *wanted, GPtrArray *faults)
{
	gboolean all = TRUE;

	for (; *wanted != NULL; wanted++) {
		if (g_ptr_array_find_with_equal_func(names, *wanted, g_str_equal, NULL))
			continue;
		all = FALSE;
		if (faults != NULL)
			g_ptr_array_add(faults,
					g_strdup_printf("the column \"%s\" is missing", *wanted));
	}
	return all;
}

static const TillLayout *
find_layout(GPtrArray *names)
{
	for (gsize i = 0; i < G_N_ELEMENTS(layouts); i++) {
		if (has_all(names, layouts[i].signature, NULL))
			return &layouts[i];
	}
	return NULL;
}

static TillLayoutField
find_alias(const TillLayout *layout, const char *name)
{
	for (const TillLayoutAlias *alias = layout->aliases; alias->header != NULL; alias++) {
		if (strcmp(alias->header, name) == 0)
			return alias->field;
	}
	return TILL_LAYOUT_IGNORE;
}

/* "price_usd" is the price when the import is in USD. Three letters that are no currency, or more
 * words than a currency, mean a price list of which this house knows nothing. */
static TillLayoutField
find_price(const TillLayout *layout, const char *name, const TillCurrency *currency,
	   const char *header, GPtrArray *faults)
{
	g_autofree char *code = NULL;

	if (layout->price_prefix == NULL || !g_str_has_prefix(name, layout->price_prefix))
		return TILL_LAYOUT_IGNORE;
	code = g_ascii_strup(name + strlen(layout->price_prefix), -1);
	if (strcmp(code, currency->code) == 0)
		return TILL_LAYOUT_PRICE;
	/* The older export of Medusa names its price regions in every file; theirs is a template.
	 */
	if (till_currency_find(code) == NULL && strcmp(layout->price_prefix, "variant_price_") == 0)
		g_ptr_array_add(faults,
				g_strdup_printf("the column \"%s\" names a price region that "
						"does not exist here",
						header));
	return TILL_LAYOUT_IGNORE;
}

static gboolean
is_single(TillLayoutField field)
{
	return field != TILL_LAYOUT_IGNORE && field != TILL_LAYOUT_VARIANT &&
	       field != TILL_LAYOUT_TAGS && field != TILL_LAYOUT_BARCODE &&
	       field != TILL_LAYOUT_FACETS;
}

/* Fills in the fields; of two columns for a single field (two languages, two categories) the first
 * counts. */
static void
map_columns(const char *const *cells, GPtrArray *names, const TillCurrency *currency,
	    TillLayoutMap *map, GPtrArray *faults)
{
	guint32 seen = 0;
	g_autoptr(GHashTable) once = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		TillLayoutField field = find_alias(map->layout, name);
		if (field == TILL_LAYOUT_IGNORE)
			field = find_price(map->layout, name, currency, cells[i], faults);
		if (!g_hash_table_add(once, (gpointer)(guintptr)name) ||
		    (is_single(field) && (seen & (1u << field)) != 0))
			field = TILL_LAYOUT_IGNORE;
		if (field == TILL_LAYOUT_IGNORE)
			g_string_append_printf(map->ignored, "%s%s",
					       map->ignored->len > 0 ? ", " : "", cells[i]);
		seen |= 1u << field;
		map->fields[i] = field;
	}
}

gboolean
till_layout_match(const char *const *cells, guint count, const TillCurrency *currency,
		  TillLayoutMap *out, GPtrArray *faults)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	guint before = faults->len;

	memset(out, 0, sizeof *out);
	g_assert(count <= G_N_ELEMENTS(out->fields));
	for (guint i = 0; i < count; i++)
		g_ptr_array_add(names, till_layout_normalise(cells[i]));
	out->layout = find_layout(names);
	if (out->layout == NULL) {
		g_ptr_array_add(
		    faults,
		    g_strdup("these columns are of no product layout known here; name at least "
			     "sku, name and price"));
		return FALSE;
	}
	out->count = count;
	out->ignored = g_string_new(NULL);
	has_all(names, out->layout->required, faults);
	map_columns(cells, names, currency, out, faults);
	if (faults->len == before)
		return TRUE;
	till_layout_clear(out);
	return FALSE;
}

void
till_layout_clear(TillLayoutMap *map)
{
	if (map->ignored != NULL)
		g_string_free(map->ignored, TRUE);
	map->ignored = NULL;
}
