/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "crypto.h"
#include "customer.h"
#include "import-private.h"
#include "json.h"
#include "price-setting.h"
#include "quantity.h"
#include "staff.h"
#include "text.h"

#define PRICE_LIST_STORE "store:"

static void
set_text(json_t *row, const char *name, const char *value)
{
	json_object_set_new(row, name, json_string(value));
}

static void
set_int(json_t *row, const char *name, gint64 value)
{
	json_object_set_new(row, name, json_integer(value));
}

static guint
line(TillImport *import)
{
	return till_csv_line(import->csv);
}

gboolean
till_import_int(TillImport *import, const char *name, gint64 min, gint64 fallback, gint64 *out)
{
	const char *cell = till_import_cell(import, name);

	if (*cell == '\0') {
		*out = fallback;
		return TRUE;
	}
	if (till_text_parse_int(cell, min, G_MAXINT64 / 2, out))
		return TRUE;
	till_import_fault(import->report, line(import), "%s is \"%.40s\", not a whole number", name,
			  cell);
	return FALSE;
}

gboolean
till_import_row_stock(TillImport *import, GError **error)
{
	const char *store = till_import_required(import, "store");
	const char *sku = till_import_required(import, "sku");
	const char *on_hand = till_import_required(import, "on_hand");
	g_autoptr(GPtrArray) stores = NULL;
	gint64 milli;

	if (store == NULL || sku == NULL || on_hand == NULL)
		return TRUE;
	if (!till_text_parse_decimal(on_hand, 3, &milli) || ABS(milli) > TILL_QUANTITY_MAX_MILLI) {
		till_import_fault(import->report, line(import),
				  "on_hand is \"%.40s\", not a quantity", on_hand);
		return TRUE;
	}
	stores = till_import_stores(import, store, error);
	for (guint i = 0; i < stores->len; i++) {
		if (!till_import_set_stock(import, g_ptr_array_index(stores, i), sku, milli, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_import_put_in_stores(TillImport *import, const char *store, const char *collection,
			  json_t *row, GError **error)
{
	g_autoptr(GPtrArray) stores = till_import_stores(import, store, error);
	gboolean good = TRUE;

	for (guint i = 0; good && i < stores->len; i++) {
		char scope[TILL_CHANGES_SCOPE_MAX];
		till_changes_scope(g_ptr_array_index(stores, i), scope);
		good = till_import_put(import, scope, collection, json_deep_copy(row), error);
	}
	json_decref(row);
	return good;
}

/* NULL with a fault noted. Caller frees. */
static char *
read_pin_hash(TillImport *import)
{
	const char *pin = till_import_cell(import, "pin");
	const char *hash = till_import_cell(import, "pin_hash");
	gsize length = strlen(pin);

	if (*pin == '\0' && g_str_has_prefix(hash, "$argon2id$"))
		return g_strdup(hash);
	if (length < TILL_PIN_MIN || length > TILL_PIN_MAX || !till_text_is_digits(pin)) {
		till_import_fault(import->report, line(import), "pin is not 4 to 8 digits");
		return NULL;
	}
	return import->options->light_pins ? till_crypto_pin_hash_light(pin, length)
					   : till_crypto_pin_hash(pin, length);
}

/* A PIN that has not changed keeps its hash, or every import would tell all tills a new one. */
static char *
keep_pin_hash(TillImport *import, const char *store, const char *id)
{
	TillDbQuery *query = till_db_query(
	    import->central->db, "SELECT pin_hash FROM staff WHERE scope = ?1 AND id = ?2");
	const char *pin = till_import_cell(import, "pin");
	char scope[TILL_CHANGES_SCOPE_MAX];
	g_autofree char *known = NULL;

	till_db_bind_text(query, 1, till_changes_scope(store, scope));
	till_db_bind_text(query, 2, id);
	if (till_db_step(query, NULL)) {
		known = g_strdup(till_db_text(query, 0));
		till_db_reset(query);
	}
	if (known != NULL && *pin != '\0' && till_crypto_pin_verify(known, pin, strlen(pin)))
		return g_steal_pointer(&known);
	return read_pin_hash(import);
}

gboolean
till_import_row_staff(TillImport *import, GError **error)
{
	const char *store = till_import_required(import, "store");
	const char *id = till_import_required(import, "id");
	const char *name = till_import_required(import, "name");
	const char *role = till_import_required(import, "role");
	g_autofree char *hash = NULL;
	TillRole parsed;
	gboolean active;
	json_t *row;

	if (store == NULL || id == NULL || name == NULL || role == NULL)
		return TRUE;
	if (!till_staff_role_parse(role, &parsed)) {
		till_import_fault(import->report, line(import),
				  "role is \"%.40s\", not associate, curbside or manager", role);
		return TRUE;
	}
	if (!till_import_bool(import, "active", TRUE, &active))
		return TRUE;
	hash = keep_pin_hash(import, store, id);
	if (hash == NULL)
		return TRUE;
	row = json_object();
	set_text(row, "id", id);
	set_text(row, "name", name);
	set_text(row, "role", role);
	set_text(row, "pin_hash", hash);
	json_object_set_new(row, "active", json_boolean(active));
	return till_import_put_in_stores(import, store, "staff", row, error);
}

static gboolean
keep_store(TillImport *import, const char *code, const char *name, GError **error)
{
	TillUuid id = till_uuid_random();
	char text[TILL_UUID_TEXT];
	TillDbQuery *query = till_db_query(
	    import->central->db, "INSERT INTO store (code, store_id, name) VALUES (?1, ?2, ?3) "
				 "ON CONFLICT (code) DO UPDATE SET name = ?3");

	till_db_bind_text(query, 1, code);
	till_db_bind_text(query, 2, till_uuid_format(&id, text));
	till_db_bind_text(query, 3, name);
	return till_db_run(query, error);
}

/* A setting that pricing could not work with would stop every till of the store. */
static gboolean
check_setting(TillImport *import, const char *store, const char *name, const char *value)
{
	TillPriceRules scratch = {.currency = till_import_store_currency(import, store)};
	g_autoptr(GError) fault = NULL;
	gboolean good = *value == '\0' || till_price_setting_apply(&scratch, name, value, &fault);

	if (!good)
		till_import_fault(import->report, line(import), "%s", fault->message);
	till_price_rules_clear(&scratch);
	return good;
}

static gboolean
put_setting(TillImport *import, const char *code, const char *name, const char *value,
	    GError **error)
{
	json_t *row = json_object();
	char scope[TILL_CHANGES_SCOPE_MAX];

	if (!check_setting(import, code, name, value)) {
		json_decref(row);
		return TRUE;
	}
	set_text(row, "name", name);
	set_text(row, "value", value);
	return till_import_put(import, till_changes_scope(code, scope), "setting", row, error);
}

/* A store's own words become its settings; empty cells leave what is there. */
static gboolean
put_store_settings(TillImport *import, const char *code, const char *name, GError **error)
{
	static const char *const columns[] = {"currency",
					      "time_zone",
					      "address",
					      "tax_number",
					      "receipt_footer",
					      "shop_name",
					      "rounding",
					      "tax_rounding",
					      "tax_method",
					      "tax_exempt_keeps_price",
					      "variable_codes",
					      "cash_rounding_country",
					      "cash_rounding_minor",
					      "cash_rounding_mode",
					      "cash_rounding_all"};
	g_autofree char *list = g_strdup_printf(PRICE_LIST_STORE "%s", code);

	if (!put_setting(import, code, "store_code", code, error) ||
	    !put_setting(import, code, "store_name", name, error) ||
	    !put_setting(import, code, "price_list", list, error))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
		const char *value = till_import_cell(import, columns[i]);
		if (*value != '\0' && !put_setting(import, code, columns[i], value, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
is_store_code(const char *code)
{
	gsize length = strlen(code);

	if (length == 0 || length > 8)
		return FALSE;
	for (const char *p = code; *p != '\0'; p++) {
		if (!g_ascii_isdigit(*p) && !g_ascii_isupper(*p))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_import_row_store(TillImport *import, GError **error)
{
	const char *code = till_import_required(import, "code");
	const char *name = till_import_required(import, "name");
	const char *currency = till_import_required(import, "currency");
	const char *zone = till_import_cell(import, "time_zone");
	g_autoptr(GTimeZone) found = *zone != '\0' ? g_time_zone_new_identifier(zone) : NULL;

	if (code == NULL || name == NULL || currency == NULL)
		return TRUE;
	if (!is_store_code(code))
		till_import_fault(import->report, line(import),
				  "code is \"%.40s\", not 1 to 8 digits or capital letters", code);
	else if (till_currency_find(currency) == NULL)
		till_import_fault(import->report, line(import),
				  "currency is \"%.40s\", not of ISO 4217", currency);
	else if (*zone != '\0' && found == NULL)
		till_import_fault(import->report, line(import),
				  "time_zone is \"%.40s\", not a known zone", zone);
	else
		return keep_store(import, code, name, error) &&
		       put_store_settings(import, code, name, error) &&
		       till_central_set_meta(import->central, "currency", currency, error) &&
		       (*zone == '\0' ||
			till_central_set_meta(import->central, "time_zone", zone, error));
	return TRUE;
}

/* What offers go by. A file without one of these columns leaves what the books say. */
typedef struct {
	char *groups; /* owned */
	char *segments;
	gint64 purchases;
	gboolean offers;
} Standing;

static void
clear_standing(Standing *standing)
{
	g_free(standing->groups);
	g_free(standing->segments);
}

static gboolean
read_known_standing(TillImport *import, const char *id, Standing *out, GError **error)
{
	TillDbQuery *query =
	    till_db_query(import->central->db, "SELECT groups, segments, purchases, offers FROM "
					       "customer WHERE scope = 'chain' AND id = ?1");
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, id);
	if (till_db_step(query, &local)) {
		out->groups = g_strdup(till_db_text(query, 0));
		out->segments = g_strdup(till_db_text(query, 1));
		out->purchases = till_db_int(query, 2);
		out->offers = till_db_int(query, 3) != 0;
		till_db_reset(query);
	} else if (local == NULL) {
		out->groups = g_strdup("");
		out->segments = g_strdup("");
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* "gold, staff" becomes "gold,staff". */
static gboolean
read_names(TillImport *import, const char *column, char **out)
{
	const char *cell = till_import_cell(import, column);
	g_auto(GStrv) names = g_strsplit(cell, ",", -1);
	g_auto(GStrv) kept = till_customer_split(cell);

	if (!till_import_has(import, column))
		return TRUE;
	if (g_strv_length(names) > TILL_CUSTOMER_LIST_MAX) {
		till_import_fault(import->report, line(import), "%s has more than %d names", column,
				  TILL_CUSTOMER_LIST_MAX);
		return FALSE;
	}
	g_free(*out);
	*out = g_strjoinv(",", kept);
	return TRUE;
}

static gboolean
read_standing(TillImport *import, Standing *standing)
{
	return read_names(import, "groups", &standing->groups) &&
	       read_names(import, "segments", &standing->segments) &&
	       till_import_int(import, "purchases", 0, standing->purchases, &standing->purchases) &&
	       till_import_bool(import, "offers", standing->offers, &standing->offers);
}

gboolean
till_import_row_customer(TillImport *import, GError **error)
{
	static const char *const columns[] = {"email", "phone", "loyalty"};
	const char *id = till_import_required(import, "id");
	const char *name = till_import_required(import, "name");
	Standing standing = {NULL, NULL, 0, TRUE};
	json_t *row;

	if (id == NULL || name == NULL)
		return TRUE;
	if (!read_known_standing(import, id, &standing, error))
		return FALSE;
	if (!read_standing(import, &standing)) {
		clear_standing(&standing);
		return TRUE;
	}
	row = json_object();
	set_text(row, "id", id);
	set_text(row, "name", name);
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
		set_text(row, columns[i], till_import_cell(import, columns[i]));
	set_text(row, "groups", standing.groups);
	set_text(row, "segments", standing.segments);
	set_int(row, "purchases", standing.purchases);
	json_object_set_new(row, "offers", json_boolean(standing.offers));
	clear_standing(&standing);
	return till_import_put(import, TILL_CHANGES_CHAIN, "customer", row, error);
}

gboolean
till_import_row_setting(TillImport *import, GError **error)
{
	const char *store = till_import_required(import, "store");
	const char *name = till_import_required(import, "name");
	json_t *row;

	if (store == NULL || name == NULL ||
	    !check_setting(import, store, name, till_import_cell(import, "value")))
		return TRUE;
	row = json_object();
	set_text(row, "name", name);
	set_text(row, "value", till_import_cell(import, "value"));
	return till_import_put_in_stores(import, store, "setting", row, error);
}
