/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "import-private.h"
#include "money.h"
#include "price-list.h"
#include "quantity.h"
#include "text.h"

#define STORE_PREFIX "store:"
#define GROUP_PREFIX "group:"
#define DATE_LENGTH 10   /* "2026-12-24" */
#define MINUTE_LENGTH 16 /* "2026-12-24T18:00" */

typedef struct {
	const char *list;
	const char *sku;
	gint64 min_quantity_milli;
	gint64 valid_from_ms;
	gint64 valid_to_ms;
	gint64 price_minor;
} Row;

static void fault(TillImport *import, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
fault(TillImport *import, const char *format, ...)
{
	g_autofree char *words = NULL;
	va_list arguments;

	va_start(arguments, format);
	words = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	till_import_fault(import->report, till_csv_line(import->csv), "%s", words);
}

/* The store of a list; "" for those of the chain. */
static const char *
list_store(const char *list)
{
	return g_str_has_prefix(list, STORE_PREFIX) ? list + strlen(STORE_PREFIX) : "";
}

static gboolean
check_list(TillImport *import, const char *list)
{
	const char *group =
	    g_str_has_prefix(list, GROUP_PREFIX) ? list + strlen(GROUP_PREFIX) : NULL;

	if (strcmp(list, TILL_PRICE_LIST_BASE) == 0 || *list_store(list) != '\0')
		return TRUE;
	if (group != NULL && *group != '\0' && strchr(group, ',') == NULL)
		return TRUE;
	fault(import, "list is \"%.60s\", not base, store:CODE or group:NAME", list);
	return FALSE;
}

static gboolean
read_price(TillImport *import, Row *row)
{
	const char *cell = till_import_required(import, "price");
	const char *store = list_store(row->list);
	const TillCurrency *currency = import->currency;

	if (cell == NULL)
		return FALSE;
	if (*store != '\0')
		currency = till_import_store_currency(import, store);
	if (till_money_parse(cell, currency, &row->price_minor) && row->price_minor >= 0)
		return TRUE;
	fault(import, "price is \"%.40s\", not an amount in %s", cell, currency->code);
	return FALSE;
}

static gboolean
read_quantity(TillImport *import, Row *row)
{
	const char *cell = till_import_cell(import, "min_quantity");

	if (*cell == '\0' || till_quantity_parse(cell, &row->min_quantity_milli))
		return TRUE;
	fault(import, "min_quantity is \"%.40s\", not a quantity", cell);
	return FALSE;
}

/* The moment of a date or a date and time in the zone; a bare date that ends something counts to
 * its last moment, so what is meant is the next midnight. */
static gboolean
parse_date(const char *cell, GTimeZone *zone, gboolean ends, gint64 *out_ms)
{
	gsize length = strlen(cell);
	gboolean bare = length == DATE_LENGTH;
	const char *rest = bare ? "T00:00:00" : length == MINUTE_LENGTH ? ":00" : "";
	g_autofree char *full = g_strconcat(cell, rest, NULL);
	g_autoptr(GDateTime) moment = g_date_time_new_from_iso8601(full, zone);

	if (moment == NULL || length < DATE_LENGTH || cell[4] != '-')
		return FALSE;
	if (bare && ends) {
		GDateTime *next = g_date_time_add_days(moment, 1);
		g_date_time_unref(moment);
		moment = next;
	}
	*out_ms = g_date_time_to_unix(moment) * 1000;
	return *out_ms >= 0;
}

/* name: a date in the zone of the list's store, or name_ms: milliseconds. */
static gboolean
read_time(TillImport *import, const Row *row, const char *name, gboolean ends, gint64 *out_ms)
{
	g_autofree char *name_ms = g_strconcat(name, "_ms", NULL);
	const char *cell = till_import_cell(import, name);
	g_autoptr(GTimeZone) zone = NULL;

	if (*cell == '\0')
		return till_import_int(import, name_ms, 0, 0, out_ms);
	if (*till_import_cell(import, name_ms) != '\0') {
		fault(import, "%s and %s are both given; leave one empty", name, name_ms);
		return FALSE;
	}
	zone = till_import_zone(import, list_store(row->list));
	if (parse_date(cell, zone, ends, out_ms))
		return TRUE;
	fault(import, "%s is \"%.40s\", not a date like 2026-12-24 or 2026-12-24T18:00", name,
	      cell);
	return FALSE;
}

static gboolean
check_times(TillImport *import, const Row *row)
{
	if (row->valid_to_ms == 0 || row->valid_to_ms > row->valid_from_ms)
		return TRUE;
	fault(import, "it ends before it begins");
	return FALSE;
}

/* Two rows with one start would overlap, and nobody could say which of them counts. */
static gboolean
check_repeat(TillImport *import, const Row *row)
{
	char *key =
	    g_strdup_printf("%s\x1f%s\x1f%" G_GINT64_FORMAT "\x1f%" G_GINT64_FORMAT, row->list,
			    row->sku, row->min_quantity_milli, row->valid_from_ms);
	guint line = GPOINTER_TO_UINT(g_hash_table_lookup(import->seen, key));

	if (line == 0) {
		g_hash_table_insert(import->seen, key,
				    GUINT_TO_POINTER(till_csv_line(import->csv)));
		return TRUE;
	}
	g_free(key);
	fault(import, "list, SKU, quantity and start are those of line %u", line);
	return FALSE;
}

static gboolean
read_row(TillImport *import, Row *row)
{
	row->list = till_import_required(import, "list");
	row->sku = till_import_required(import, "sku");
	return row->list != NULL && row->sku != NULL && check_list(import, row->list) &&
	       read_price(import, row) && read_quantity(import, row) &&
	       read_time(import, row, "valid_from", FALSE, &row->valid_from_ms) &&
	       read_time(import, row, "valid_to", TRUE, &row->valid_to_ms) &&
	       check_times(import, row) && check_repeat(import, row);
}

gboolean
till_import_row_price(TillImport *import, GError **error)
{
	Row row = {0};
	json_t *object;

	if (!read_row(import, &row))
		return TRUE;
	object = json_object();
	json_object_set_new(object, "list", json_string(row.list));
	json_object_set_new(object, "sku", json_string(row.sku));
	json_object_set_new(object, "min_quantity_milli", json_integer(row.min_quantity_milli));
	json_object_set_new(object, "valid_from_ms", json_integer(row.valid_from_ms));
	json_object_set_new(object, "valid_to_ms", json_integer(row.valid_to_ms));
	json_object_set_new(object, "price_minor", json_integer(row.price_minor));
	return till_import_put(import, TILL_CHANGES_CHAIN, "price", object, error);
}
