/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <string.h>

#include "error.h"
#include "import-private.h"
#include "layout.h"

static void
clear_fault(gpointer data)
{
	TillImportFault *fault = data;

	g_free(fault->words);
}

void
till_import_report_init(TillImportReport *report)
{
	report->rows = 0;
	report->faults = g_array_new(FALSE, FALSE, sizeof(TillImportFault));
	g_array_set_clear_func(report->faults, clear_fault);
	report->notes = g_ptr_array_new_with_free_func(g_free);
}

void
till_import_report_clear(TillImportReport *report)
{
	g_clear_pointer(&report->faults, g_array_unref);
	g_clear_pointer(&report->notes, g_ptr_array_unref);
}

void
till_import_fault(TillImportReport *report, guint line, const char *format, ...)
{
	TillImportFault fault = {.line = line};
	va_list arguments;

	va_start(arguments, format);
	fault.words = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_array_append_val(report->faults, fault);
}

/* --- scopes --- */

TillChanges *
till_import_scope(TillImport *import, const char *scope, GError **error)
{
	TillChanges *changes = g_hash_table_lookup(import->scopes, scope);

	if (changes != NULL)
		return changes;
	changes = g_new0(TillChanges, 1);
	if (!till_changes_open(import->central->db, scope, changes, error)) {
		g_free(changes);
		return NULL;
	}
	changes->bulk = import->bulk;
	g_hash_table_insert(import->scopes, g_strdup(scope), changes);
	return changes;
}

static gboolean
close_scopes(TillImport *import, GError **error)
{
	GHashTableIter iter;
	gpointer changes;

	g_hash_table_iter_init(&iter, import->scopes);
	while (g_hash_table_iter_next(&iter, NULL, &changes)) {
		if (!till_changes_close(changes, error))
			return FALSE;
	}
	return TRUE;
}

/* A row the collection refuses (too long, a key that is missing) is the file's fault, not the
 * database's. */
gboolean
till_import_put(TillImport *import, const char *scope, const char *collection, json_t *row,
		GError **error)
{
	TillChanges *changes = till_import_scope(import, scope, error);
	g_autoptr(GError) local = NULL;
	gboolean good = changes != NULL &&
			till_changes_put(changes, till_collection_find(collection), row, &local);

	json_decref(row);
	if (local != NULL && g_error_matches(local, TILL_ERROR, TILL_ERROR_INVALID)) {
		till_import_fault(import->report, till_csv_line(import->csv), "%s", local->message);
		return TRUE;
	}
	if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	return good;
}

GPtrArray *
till_import_stores(TillImport *import, const char *store, GError **error)
{
	GPtrArray *codes = g_ptr_array_new_with_free_func(g_free);
	TillDbQuery *query =
	    till_db_query(import->central->db, "SELECT code FROM store WHERE ?1 = '*' "
					       "OR code = ?1 ORDER BY code");

	till_db_bind_text(query, 1, store);
	while (till_db_step(query, error))
		g_ptr_array_add(codes, g_strdup(till_db_text(query, 0)));
	if (codes->len == 0)
		till_import_fault(import->report, till_csv_line(import->csv),
				  "there is no store \"%s\"", store);
	return codes;
}

static const TillCurrency *
read_store_currency(TillImport *import, const char *store_code)
{
	TillDbQuery *query =
	    till_db_query(import->central->db,
			  "SELECT value FROM setting WHERE scope = ?1 AND name = 'currency'");
	char scope[TILL_CHANGES_SCOPE_MAX];
	const TillCurrency *currency = NULL;

	till_db_bind_text(query, 1, till_changes_scope(store_code, scope));
	if (till_db_step(query, NULL)) {
		currency = till_currency_find(till_db_text(query, 0));
		till_db_reset(query);
	}
	return currency;
}

const TillCurrency *
till_import_store_currency(TillImport *import, const char *store_code)
{
	const TillCurrency *currency = read_store_currency(import, store_code);

	return currency != NULL ? currency : import->currency;
}

/* The zone's name, or NULL. Caller frees. */
static char *
read_zone(TillImport *import, const char *store_code)
{
	TillDbQuery *query =
	    till_db_query(import->central->db,
			  "SELECT value FROM setting WHERE scope = ?1 AND name = 'time_zone'");
	char scope[TILL_CHANGES_SCOPE_MAX];
	char *zone = NULL;

	if (*store_code == '\0')
		return till_central_meta(import->central, "time_zone", "", NULL);
	till_db_bind_text(query, 1, till_changes_scope(store_code, scope));
	if (till_db_step(query, NULL)) {
		zone = g_strdup(till_db_text(query, 0));
		till_db_reset(query);
	}
	return zone;
}

GTimeZone *
till_import_zone(TillImport *import, const char *store_code)
{
	g_autofree char *name = read_zone(import, store_code);
	GTimeZone *zone = name != NULL && *name != '\0' ? g_time_zone_new_identifier(name) : NULL;

	return zone != NULL ? zone : g_time_zone_new_utc();
}

/* --- cells --- */

const char *
till_import_cell(TillImport *import, const char *name)
{
	for (guint i = 0; i < import->header->len; i++) {
		if (strcmp(g_ptr_array_index(import->header, i), name) == 0)
			return till_csv_cell(import->csv, i);
	}
	return "";
}

gboolean
till_import_has(TillImport *import, const char *name)
{
	return g_ptr_array_find_with_equal_func(import->header, name, g_str_equal, NULL);
}

const char *
till_import_required(TillImport *import, const char *name)
{
	const char *cell = till_import_cell(import, name);

	if (*cell != '\0')
		return cell;
	till_import_fault(import->report, till_csv_line(import->csv), "%s is empty", name);
	return NULL;
}

gboolean
till_import_bool(TillImport *import, const char *name, gboolean fallback, gboolean *out)
{
	static const char *const yes[] = {"true", "yes", "1", "y", NULL};
	static const char *const no[] = {"false", "no", "0", "n", NULL};
	g_autofree char *cell = g_ascii_strdown(till_import_cell(import, name), -1);

	if (*cell == '\0')
		*out = fallback;
	else if (g_strv_contains(yes, cell))
		*out = TRUE;
	else if (g_strv_contains(no, cell))
		*out = FALSE;
	else {
		till_import_fault(import->report, till_csv_line(import->csv),
				  "%s is \"%.40s\", neither true nor false", name, cell);
		return FALSE;
	}
	return TRUE;
}

/* A count changes what is on hand, not what is promised of it. */
static gboolean
put_reserved(TillImport *import, const char *store_code, const char *sku, json_t *row,
	     GError **error)
{
	TillDbQuery *query =
	    till_db_query(import->central->db, "SELECT coalesce(sum(milli), 0) FROM reservation "
					       "WHERE store_code = ?1 AND sku = ?2");
	gint64 reserved_milli;

	till_db_bind_text(query, 1, store_code);
	till_db_bind_text(query, 2, sku);
	if (!till_db_fetch_int(query, 0, &reserved_milli, error))
		return FALSE;
	json_object_set_new(row, "reserved_milli", json_integer(reserved_milli));
	return TRUE;
}

gboolean
till_import_set_stock(TillImport *import, const char *store_code, const char *sku,
		      gint64 on_hand_milli, GError **error)
{
	char scope[TILL_CHANGES_SCOPE_MAX];
	json_t *row = json_object();
	TillDbQuery *query;

	till_changes_scope(store_code, scope);
	query = till_db_query(
	    import->central->db,
	    "INSERT INTO stock_adjustment (scope, sku, adjusted_milli) "
	    "VALUES (?1, ?2, ?3 - coalesce((SELECT on_hand_milli FROM stock "
	    "WHERE scope = ?1 AND sku = ?2), 0)) ON CONFLICT (scope, sku) "
	    "DO UPDATE SET adjusted_milli = adjusted_milli + excluded.adjusted_milli");
	till_db_bind_text(query, 1, scope);
	till_db_bind_text(query, 2, sku);
	till_db_bind_int(query, 3, on_hand_milli);
	if (!till_db_run(query, error)) {
		json_decref(row);
		return FALSE;
	}
	json_object_set_new(row, "sku", json_string(sku));
	json_object_set_new(row, "on_hand_milli", json_integer(on_hand_milli));
	if (!put_reserved(import, store_code, sku, row, error)) {
		json_decref(row);
		return FALSE;
	}
	return till_import_put(import, scope, "stock", row, error);
}

/* --- the plain kinds --- */

static const struct {
	const char *kind;
	TillImportRow row;
	const char *columns; /* required, comma-separated */
} kinds[] = {
    {"products", NULL, ""},
    {"prices", till_import_row_price, "list,sku,price"},
    {"stock", till_import_row_stock, "store,sku,on_hand"},
    {"staff", till_import_row_staff, "store,id,name,role"},
    {"stores", till_import_row_store, "code,name,currency"},
    {"taxes", till_import_row_tax, "store,tax_class,id,name,rate_percent,inclusive"},
    {"customers", till_import_row_customer, "id,name"},
    {"settings", till_import_row_setting, "store,name,value"},
    {"promotions", till_import_row_promotion, "id,body"},
    {"policies", NULL, ""},
};

gboolean
till_import_kind_known(const char *kind)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (strcmp(kinds[i].kind, kind) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
check_columns(TillImport *import, const char *columns)
{
	g_auto(GStrv) names = g_strsplit(columns, ",", -1);
	gboolean good = TRUE;

	for (char **name = names; *name != NULL; name++) {
		if (till_import_has(import, *name))
			continue;
		till_import_fault(import->report, 1, "the column \"%s\" is missing", *name);
		good = FALSE;
	}
	return good;
}

static gboolean
import_rows(TillImport *import, TillImportRow row, const char *columns, GError **error)
{
	g_autoptr(GError) broken = NULL;

	if (!check_columns(import, columns))
		return TRUE;
	while (till_csv_next(import->csv, &broken)) {
		import->report->rows++;
		if (till_csv_count(import->csv) != import->header->len) {
			till_import_fault(import->report, till_csv_line(import->csv),
					  "%u cells where the header has %u",
					  till_csv_count(import->csv), import->header->len);
			continue;
		}
		if (!row(import, error))
			return FALSE;
	}
	if (broken != NULL)
		till_import_fault(import->report, 0, "%s", broken->message);
	return TRUE;
}

static gboolean
import_kind(TillImport *import, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (strcmp(kinds[i].kind, import->options->kind) != 0)
			continue;
		if (kinds[i].row == NULL)
			return till_import_products(import, error);
		return import_rows(import, kinds[i].row, kinds[i].columns, error);
	}
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "There is no kind \"%s\" to import.",
		    import->options->kind);
	return FALSE;
}

static gboolean
find_currency(TillImport *import, GError **error)
{
	g_autofree char *code = import->options->currency != NULL
				    ? g_strdup(import->options->currency)
				    : till_central_meta(import->central, "currency", "USD", error);

	if (code == NULL)
		return FALSE;
	import->currency = till_currency_find(code);
	if (import->currency != NULL)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "\"%s\" is no currency code. Use one of ISO 4217, such as USD.", code);
	return FALSE;
}

static gboolean
read_header(TillImport *import, GError **error)
{
	g_autoptr(GError) broken = NULL;

	if (!till_csv_next(import->csv, &broken)) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "%s",
			    broken != NULL ? broken->message : "The file is empty.");
		return FALSE;
	}
	for (guint i = 0; i < till_csv_count(import->csv); i++)
		g_ptr_array_add(import->header,
				till_layout_normalise(till_csv_cell(import->csv, i)));
	return TRUE;
}

static gboolean
is_bulk(const char *text, gsize size)
{
	gsize lines = 0;

	for (const char *p = text; p != NULL && lines <= TILL_IMPORT_BULK_ROWS; lines++) {
		p = memchr(p, '\n', (gsize)(text + size - p));
		if (p != NULL)
			p++;
	}
	return lines > TILL_IMPORT_BULK_ROWS;
}

/* A table by its first line, or a kind that comes as JSON. */
static gboolean
import_text(TillImport *import, const char *text, gsize size, GError **error)
{
	if (strcmp(import->options->kind, "promotions") == 0 && till_import_is_json(text, size))
		return till_import_promotions(import, text, size, error);
	if (strcmp(import->options->kind, "policies") == 0)
		return till_import_policies(import, text, size, error);
	import->csv = till_csv_new(text, size, error);
	return import->csv != NULL && read_header(import, error) && import_kind(import, error);
}

gboolean
till_import_run(TillCentral *central, const TillImportOptions *options, const char *text,
		gsize size, TillImportReport *report, GError **error)
{
	TillImport import = {.central = central, .options = options, .report = report};
	gboolean good;

	if (size > TILL_IMPORT_FILE_MAX) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "The file is larger than 512 MiB. Split it.");
		return FALSE;
	}
	import.bulk = is_bulk(text, size);
	import.header = g_ptr_array_new_with_free_func(g_free);
	import.scopes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	import.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	import.promotions = till_promotions_check_new(central->db, report->notes);
	good = find_currency(&import, error) && import_text(&import, text, size, error) &&
	       close_scopes(&import, error);
	till_promotions_check_free(import.promotions);
	g_hash_table_unref(import.seen);
	g_hash_table_unref(import.scopes);
	g_ptr_array_unref(import.header);
	till_csv_free(import.csv);
	return good && report->faults->len == 0;
}
