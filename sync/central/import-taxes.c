/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "import-private.h"
#include "money.h"
#include "tax.h"
#include "text.h"

/* Taxes of stores. Whether the figures make a tax is judged by the table that pricing uses, so that
 * nothing can be imported that no till could work out. */

/* Places behind the minor unit: thousandths of it. */
#define AMOUNT_PLACES 3
#define RATE_PLACES 4 /* four decimals of a percent are parts per million */

static guint
line(TillImport *import)
{
	return till_csv_line(import->csv);
}

/* The currency that amounts of the record are in. Stores of several currencies cannot share them.
 */
static const TillCurrency *
find_currency(TillImport *import, const char *store, GError **error)
{
	g_autoptr(GPtrArray) stores = till_import_stores(import, store, error);
	const TillCurrency *currency = import->currency;

	for (guint i = 0; i < stores->len; i++) {
		const TillCurrency *own =
		    till_import_store_currency(import, g_ptr_array_index(stores, i));
		if (i > 0 && own != currency) {
			till_import_fault(import->report, line(import),
					  "has an amount for stores of %s and %s; give each its "
					  "own row",
					  currency->code, own->code);
			return NULL;
		}
		currency = own;
	}
	return currency;
}

/* Only an amount for each unit has none. */
static gboolean
read_rate(TillImport *import, const char *kind, gint64 *out_ppm)
{
	const char *rate = strcmp(kind, till_tax_kind_name(TILL_TAX_ENGINE_FIXED)) == 0
			       ? till_import_cell(import, "rate_percent")
			       : till_import_required(import, "rate_percent");

	*out_ppm = 0;
	if (rate == NULL || *rate == '\0')
		return rate != NULL;
	if (till_text_parse_decimal(rate, RATE_PLACES, out_ppm))
		return TRUE;
	till_import_fault(import->report, line(import),
			  "rate_percent is \"%.40s\", not a percentage like 8.875", rate);
	return FALSE;
}

static gboolean
read_amount(TillImport *import, const char *name, const TillCurrency *currency, int places,
	    gint64 *out)
{
	const char *cell = till_import_cell(import, name);

	*out = 0;
	if (*cell == '\0' || till_text_parse_decimal(cell, currency->exponent + places, out))
		return TRUE;
	till_import_fault(import->report, line(import), "%s is \"%.40s\", not an amount in %s",
			  name, cell, currency->code);
	return FALSE;
}

static gboolean
read_amounts(TillImport *import, const char *store, TillTax *tax, GError **error)
{
	const TillCurrency *currency = import->currency;

	if (*till_import_cell(import, "amount") != '\0' ||
	    *till_import_cell(import, "threshold_amount") != '\0')
		currency = find_currency(import, store, error);
	return currency != NULL &&
	       read_amount(import, "amount", currency, AMOUNT_PLACES, &tax->amount_milli) &&
	       read_amount(import, "threshold_amount", currency, 0, &tax->threshold_minor);
}

/* The cells, borrowed. FALSE with a fault noted. */
static gboolean
read_tax(TillImport *import, const char *store, TillTaxRow *row, GError **error)
{
	const char *kind = till_import_cell(import, "kind");
	TillTax *tax = &row->tax;

	row->tax_class = till_import_required(import, "tax_class");
	tax->id = (char *)(guintptr)till_import_required(import, "id");
	tax->name = (char *)(guintptr)till_import_required(import, "name");
	row->kind = *kind != '\0' ? kind : till_tax_kind_name(TILL_TAX_ENGINE_PERCENT);
	row->threshold = till_import_cell(import, "threshold");
	tax->group = (char *)(guintptr)till_import_cell(import, "tax_group");
	tax->fulfilment = (char *)(guintptr)till_import_cell(import, "fulfilment");
	return row->tax_class != NULL && tax->id != NULL && tax->name != NULL &&
	       read_rate(import, row->kind, &tax->rate_ppm) &&
	       till_import_bool(import, "inclusive", FALSE, &tax->inclusive) &&
	       till_import_bool(import, "include_base", FALSE, &tax->include_base) &&
	       till_import_bool(import, "base_affected", FALSE, &tax->base_affected) &&
	       till_import_bool(import, "threshold_per_line", FALSE, &tax->threshold_per_line) &&
	       read_amounts(import, store, tax, error);
}

static gboolean
check_tax(TillImport *import, const TillTaxRow *row)
{
	g_autoptr(TillTaxTable) scratch = till_tax_table_new(TILL_ROUND_HALF_UP);
	g_autoptr(GError) fault = NULL;

	if (till_tax_table_add_row(scratch, row, &fault))
		return TRUE;
	till_import_fault(import->report, line(import), "%s", fault->message);
	return FALSE;
}

static json_t *
write_tax(const TillTaxRow *row, gint64 ordinal)
{
	const TillTax *tax = &row->tax;
	json_t *value = json_object();

	json_object_set_new(value, "tax_class", json_string(row->tax_class));
	json_object_set_new(value, "id", json_string(tax->id));
	json_object_set_new(value, "name", json_string(tax->name));
	json_object_set_new(value, "rate_ppm", json_integer(tax->rate_ppm));
	json_object_set_new(value, "inclusive", json_boolean(tax->inclusive));
	json_object_set_new(value, "ordinal", json_integer(ordinal));
	json_object_set_new(value, "kind", json_string(row->kind));
	json_object_set_new(value, "amount_milli", json_integer(tax->amount_milli));
	json_object_set_new(value, "include_base", json_boolean(tax->include_base));
	json_object_set_new(value, "base_affected", json_boolean(tax->base_affected));
	json_object_set_new(value, "threshold", json_string(row->threshold));
	json_object_set_new(value, "threshold_minor", json_integer(tax->threshold_minor));
	json_object_set_new(value, "threshold_per_line", json_boolean(tax->threshold_per_line));
	json_object_set_new(value, "tax_group", json_string(tax->group));
	json_object_set_new(value, "fulfilment", json_string(tax->fulfilment));
	return value;
}

gboolean
till_import_row_tax(TillImport *import, GError **error)
{
	const char *store = till_import_required(import, "store");
	g_autoptr(GError) local = NULL;
	TillTaxRow row = {0};
	gint64 ordinal;

	if (store == NULL)
		return TRUE;
	if (read_tax(import, store, &row, &local) &&
	    till_import_int(import, "ordinal", 0, 0, &ordinal) && check_tax(import, &row))
		return till_import_put_in_stores(import, store, "tax", write_tax(&row, ordinal),
						 error);
	if (local == NULL)
		return TRUE; /* the report has the fault */
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}
