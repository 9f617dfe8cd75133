/* SPDX-License-Identifier: Apache-2.0 */
#include "rules-export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "changes.h"
#include "counter.h"
#include "error.h"
#include "json.h"
#include "price-setting.h"
#include "rules.h"

/* Items, codes and prices are walked side by side in the order of SKUs and written one by one, so
 * that a million of them need no more memory than one. */

typedef struct {
	TillCentral *central;
	const char *store_code;
	GHashTable *skus;       /* of char*: the basket's; NULL: all */
	TillCustomer *customer; /* nullable */
	FILE *out;
} Export;

/* Takes value. */
static void
write_value(Export *export, json_t *value)
{
	(void)json_dumpf(value, export->out, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	json_decref(value);
}

/* Takes value. */
static void
write_member(Export *export, const char *name, json_t *value)
{
	fprintf(export->out, ",\n\"%s\":", name);
	write_value(export, value);
}

static gboolean
give_error(GError **error, GError *local)
{
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, local);
	return FALSE;
}

/* --- what is small --- */

static gboolean
write_setting(Export *export, const char *name, const char *fallback, GError **error)
{
	g_autofree char *value =
	    till_rules_setting(export->central->db, export->store_code, name, fallback, error);

	if (value == NULL)
		return FALSE;
	if (*value != '\0')
		write_member(export, name, json_string(value));
	return TRUE;
}

static gboolean
write_head(Export *export, GError **error)
{
	fprintf(export->out, "{\"store\":");
	write_value(export, json_string(export->store_code));
	if (!write_setting(export, "currency", "", error) ||
	    !write_setting(export, "time_zone", "UTC", error) ||
	    !write_setting(export, "tax_rounding", "half-up", error))
		return FALSE;
	for (const char *const *name = till_price_setting_names(); *name != NULL; name++) {
		if (strcmp(*name, "tax_rounding") != 0 && !write_setting(export, *name, "", error))
			return FALSE;
	}
	return TRUE;
}

/* In the order in which they are worked out: ordinal before id, which the walk gives. */
static gint
compare_taxes(gconstpointer a, gconstpointer b)
{
	const json_t *left = *(json_t *const *)a;
	const json_t *right = *(json_t *const *)b;
	gint64 one = json_integer_value(json_object_get(left, "ordinal"));
	gint64 other = json_integer_value(json_object_get(right, "ordinal"));
	int classes = strcmp(json_string_value(json_object_get(left, "tax_class")),
			     json_string_value(json_object_get(right, "tax_class")));

	if (classes != 0)
		return classes;
	if (one != other)
		return one < other ? -1 : 1;
	return strcmp(json_string_value(json_object_get(left, "id")),
		      json_string_value(json_object_get(right, "id")));
}

/* The columns of the collection, but for what the file spells otherwise. */
static json_t *
list_taxes(const GPtrArray *rows)
{
	json_t *list = json_array();

	for (guint i = 0; i < rows->len; i++) {
		json_t *row = g_ptr_array_index(rows, i);
		json_object_set(row, "group", json_object_get(row, "tax_group"));
		json_object_del(row, "tax_group");
		json_object_del(row, "ordinal");
		json_array_append(list, row);
	}
	return list;
}

static void
free_row(gpointer data)
{
	json_decref(data);
}

static gboolean
write_taxes(Export *export, GError **error)
{
	const TillCollection *collection = till_collection_find("tax");
	TillDbQuery *query = till_db_query(export->central->db, till_changes_walk_sql(collection));
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
	char scope[TILL_CHANGES_SCOPE_MAX];
	GError *local = NULL;

	till_db_bind_text(query, 1, till_changes_scope(export->store_code, scope));
	till_db_bind_text(query, 2, "");
	till_db_bind_text(query, 3, "");
	till_db_bind_int(query, 4, G_MAXINT32);
	while (till_db_step(query, &local))
		g_ptr_array_add(rows, till_changes_row(query, 0, collection));
	g_ptr_array_sort(rows, compare_taxes);
	write_member(export, "taxes", list_taxes(rows));
	return give_error(error, local);
}

static json_t *
write_names(char **names)
{
	json_t *list = json_array();

	for (char **name = names; *name != NULL; name++)
		json_array_append_new(list, json_string(*name));
	return list;
}

static void
write_customers(Export *export)
{
	const TillCustomer *customer = export->customer;
	json_t *list = json_array();
	json_t *row;

	if (customer != NULL) {
		row = json_object();
		till_json_put_text(row, "id", customer->id);
		till_json_put_text(row, "name", customer->name);
		till_json_put_text(row, "email", customer->email);
		till_json_put_text(row, "phone", customer->phone);
		till_json_put_text(row, "loyalty", customer->loyalty);
		json_object_set_new(row, "groups", write_names(customer->groups));
		json_object_set_new(row, "segments", write_names(customer->segments));
		till_json_put_int(row, "purchases", customer->purchases);
		json_object_set_new(row, "offers", json_boolean(customer->offers));
		json_array_append_new(list, row);
	}
	write_member(export, "customers", list);
}

/* By everybody, and by the basket's customer. */
static gboolean
write_uses(Export *export, const char *name, const char *sql, gboolean spends, GError **error)
{
	TillDbQuery *query = till_db_query(export->central->db, sql);
	json_t *list = json_array();
	GError *local = NULL;

	till_db_bind_text(query, 1, export->customer != NULL ? export->customer->id : "");
	while (till_db_step(query, &local)) {
		json_t *row = json_object();
		till_json_put_text(row, spends ? "promotion" : "code", till_db_text(query, 0));
		till_json_put_text(row, "customer", till_db_text(query, 1));
		till_json_put_int(row, "uses", till_db_int(query, 2));
		if (spends)
			till_json_put_int(row, "spent_minor", till_db_int(query, 3));
		json_array_append_new(list, row);
	}
	write_member(export, name, list);
	return give_error(error, local);
}

static gboolean
write_promotions(Export *export, GError **error)
{
	TillDbQuery *query = till_db_query(
	    export->central->db, "SELECT body FROM promotion WHERE scope = 'chain' ORDER BY id");
	const char *comma = "";
	GError *local = NULL;

	fprintf(export->out, ",\n\"promotions\":[");
	while (till_db_step(query, &local)) {
		fprintf(export->out, "%s\n%s", comma, till_db_text(query, 0));
		comma = ",";
	}
	fprintf(export->out, "]");
	return give_error(error, local);
}

/* --- items --- */

/* Rows in the order of their SKU, of which one is held. */
typedef struct {
	TillDbQuery *query;
	gboolean there;
	GError *error; /* owned */
} Walk;

static void
step(Walk *walk)
{
	walk->there = till_db_step(walk->query, &walk->error);
}

/* The next row about a SKU; FALSE when there is none. Rows of SKUs before it are passed over. */
static gboolean
reach(Walk *walk, const char *sku)
{
	while (walk->there && strcmp(till_db_text(walk->query, 0), sku) < 0)
		step(walk);
	return walk->there && strcmp(till_db_text(walk->query, 0), sku) == 0;
}

static void
end_walk(Walk *walk, GError **error)
{
	till_db_reset(walk->query);
	if (walk->error != NULL && error != NULL && *error == NULL)
		g_propagate_error(error, g_steal_pointer(&walk->error));
	g_clear_error(&walk->error);
}

static json_t *
read_codes(Walk *codes, const char *sku, const char *plu)
{
	json_t *list = json_array();

	for (; reach(codes, sku); step(codes))
		json_array_append_new(list, json_string(till_db_text(codes->query, 1)));
	if (*plu != '\0')
		json_array_append_new(list, json_string(plu));
	return list;
}

static json_t *
read_prices(Walk *prices, const char *sku)
{
	json_t *list = json_array();

	for (; reach(prices, sku); step(prices)) {
		json_t *row = json_object();
		till_json_put_text(row, "list", till_db_text(prices->query, 1));
		till_json_put_int(row, "min_quantity_milli", till_db_int(prices->query, 2));
		till_json_put_int(row, "valid_from_ms", till_db_int(prices->query, 3));
		till_json_put_int(row, "valid_to_ms", till_db_int(prices->query, 4));
		till_json_put_int(row, "price_minor", till_db_int(prices->query, 5));
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *
read_item(TillDbQuery *query, Walk *codes, Walk *prices)
{
	static const char *const texts[] = {"sku",  "name",  "variant", "style",    "category",
					    "tags", "brand", "unit",    "tax_class"};
	json_t *item = json_object();

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		till_json_put_text(item, texts[i], till_db_text(query, (int)i));
	json_object_set_new(item, "weighed", json_boolean(till_db_int(query, 9)));
	json_object_set_new(item, "codes",
			    read_codes(codes, till_db_text(query, 0), till_db_text(query, 10)));
	json_object_set_new(item, "prices", read_prices(prices, till_db_text(query, 0)));
	return item;
}

static void
walk_items(Export *export, Walk *items, Walk *codes, Walk *prices)
{
	const char *comma = "";

	for (step(items); items->there; step(items)) {
		const char *sku = till_db_text(items->query, 0);
		if (export->skus != NULL && !g_hash_table_contains(export->skus, sku))
			continue;
		fprintf(export->out, "%s\n", comma);
		write_value(export, read_item(items->query, codes, prices));
		comma = ",";
	}
}

static gboolean
write_items(Export *export, GError **error)
{
	TillDb *db = export->central->db;
	g_autofree char *list = g_strdup_printf("store:%s", export->store_code);
	g_autoptr(GError) local = NULL;
	Walk items = {.query = till_db_query(
			  db, "SELECT sku, name, variant, style, category, tags, brand, unit, "
			      "tax_class, weighed, plu FROM item WHERE scope = 'chain' AND "
			      "active = 1 ORDER BY sku")};
	Walk codes = {.query = till_db_query(db, "SELECT sku, code FROM barcode "
						 "WHERE scope = 'chain' ORDER BY sku, code")};
	Walk prices = {.query = till_db_query(
			   db, "SELECT sku, list, min_quantity_milli, valid_from_ms, valid_to_ms, "
			       "price_minor FROM price WHERE scope = 'chain' AND (list IN (?1, "
			       "'base') OR list GLOB 'group:*') ORDER BY sku")};

	till_db_bind_text(prices.query, 1, list);
	step(&codes);
	step(&prices);
	fprintf(export->out, ",\n\"items\":[");
	walk_items(export, &items, &codes, &prices);
	fprintf(export->out, "]}\n");
	end_walk(&items, &local);
	end_walk(&codes, &local);
	end_walk(&prices, &local);
	return give_error(error, g_steal_pointer(&local));
}

/* --- the whole --- */

static gboolean
find_item(Export *export, const TillPriceRules *rules, const char *code, GError **error)
{
	gint64 now_ms = till_central_now_ms(export->central);
	TillVariableCode variable;
	g_autoptr(TillItem) item = NULL;

	if (rules->variable_codes != NULL)
		item = till_counter_variable(export->central->db, export->store_code, code, now_ms,
					     rules->variable_codes, &variable);
	if (item == NULL)
		item =
		    till_counter_item(export->central->db, export->store_code, code, now_ms, error);
	if (item == NULL)
		return FALSE;
	g_hash_table_add(export->skus, g_strdup(item->sku));
	return TRUE;
}

static gboolean
find_basket(Export *export, const TillPriceRules *rules, const TillBasketFile *basket,
	    GError **error)
{
	if (basket == NULL)
		return TRUE;
	export->skus = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < basket->lines->len; i++) {
		const TillBasketFileLine *line = g_ptr_array_index(basket->lines, i);
		if (!find_item(export, rules, line->code, error))
			return FALSE;
	}
	if (*basket->customer == '\0')
		return TRUE;
	export->customer = till_counter_customer(export->central->db, basket->customer, error);
	return export->customer != NULL;
}

#define PROMOTION_USES                                                                             \
	"SELECT promotion, customer, uses, spent_minor FROM promotion_use WHERE scope = 'chain' "  \
	"AND customer IN ('', ?1) ORDER BY promotion, customer"
#define COUPON_USES                                                                                \
	"SELECT code, customer, uses FROM coupon_use WHERE scope = 'chain' AND customer IN ('', "  \
	"?1) ORDER BY code, customer"

static gboolean
write_all(Export *export, GError **error)
{
	if (!write_head(export, error) || !write_taxes(export, error))
		return FALSE;
	write_customers(export);
	return write_uses(export, "promotion_uses", PROMOTION_USES, TRUE, error) &&
	       write_uses(export, "coupon_uses", COUPON_USES, FALSE, error) &&
	       write_promotions(export, error) && write_items(export, error);
}

static gboolean
write_file(Export *export, const char *path, GError **error)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	gboolean good;

	export->out = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
	if (export->out == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
			    "%s cannot be written: %s. Name another place.", path,
			    g_strerror(errno));
		return FALSE;
	}
	good = write_all(export, error);
	if (good && (fflush(export->out) != 0 || ferror(export->out) != 0)) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_FULL,
			    "%s could not be written whole. Make room on the disk.", path);
		good = FALSE;
	}
	(void)fclose(export->out);
	if (!good)
		(void)unlink(path);
	return good;
}

gboolean
till_rules_export(TillCentral *central, const char *store_code, const TillBasketFile *basket,
		  const char *path, GError **error)
{
	Export export = {.central = central, .store_code = store_code};
	TillPriceRules rules;
	gboolean good = till_rules_load(central->db, store_code, TILL_TAX_CARRY, &rules, error) &&
			find_basket(&export, &rules, basket, error) &&
			write_file(&export, path, error);

	till_price_rules_clear(&rules);
	g_clear_pointer(&export.skus, g_hash_table_unref);
	till_customer_unref(export.customer);
	return good;
}
