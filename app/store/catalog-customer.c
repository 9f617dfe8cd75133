/* SPDX-License-Identifier: Apache-2.0 */
#include "catalog.h"

#include <string.h>

#include "store-private.h"
#include "text.h"

#define PHONE_MIN 7 /* fewer digits fit too many people */
#define QUERY_MAX 254

static TillCustomer *
read_customer(sqlite3_stmt *row)
{
	TillCustomer *customer = till_customer_new();
	customer->id = g_strdup(till_database_text(row, 0));
	customer->name = g_strdup(till_database_text(row, 1));
	customer->email = g_strdup(till_database_text(row, 2));
	customer->phone = g_strdup(till_database_text(row, 3));
	customer->loyalty = g_strdup(till_database_text(row, 4));
	g_strfreev(customer->groups);
	customer->groups = till_customer_split(till_database_text(row, 5));
	g_strfreev(customer->segments);
	customer->segments = till_customer_split(till_database_text(row, 6));
	customer->purchases = sqlite3_column_int64(row, 7);
	customer->offers = sqlite3_column_int(row, 8) != 0;
	return customer;
}

/* Appends the query's customers that are not there yet. */
static gboolean
add_customers(TillStore *store, sqlite3_stmt *query, GPtrArray *customers, guint limit,
	      GError **error)
{
	int step = SQLITE_DONE;
	while ((step = till_database_step(&store->cache.database, query, error)) == SQLITE_ROW) {
		gboolean is_new = customers->len < limit;
		for (guint i = 0; is_new && i < customers->len; i++) {
			const TillCustomer *known = g_ptr_array_index(customers, i);
			is_new = strcmp(known->id, till_database_text(query, 0)) != 0;
		}
		if (is_new)
			g_ptr_array_add(customers, read_customer(query));
	}
	return step == SQLITE_DONE;
}

typedef struct {
	TillStore *store;
	const char *text;
	guint limit;
	GPtrArray *customers; /* of TillCustomer, owned; the result */
} Search;

static gboolean
add_by(Search *search, guint statement, const char *text, GError **error)
{
	sqlite3_stmt *query = till_database_statement(&search->store->cache.database, statement);
	till_database_bind_text(query, 1, text);
	if (sqlite3_bind_parameter_count(query) > 1)
		till_database_bind_int(query, 2, search->limit);
	return add_customers(search->store, query, search->customers, search->limit, error);
}

static gboolean
find_exact(gpointer data, GError **error)
{
	Search *search = data;
	return add_by(search, TILL_CACHE_CUSTOMER_BY_ID, search->text, error) &&
	       (search->customers->len > 0 ||
		add_by(search, TILL_CACHE_CUSTOMER_BY_LOYALTY, search->text, error));
}

/* The digits of what may be a phone number; NULL when it cannot be one. */
static char *
take_digits(const char *text)
{
	GString *digits = g_string_new(NULL);
	for (const char *p = text; *p != '\0'; p++) {
		if (g_ascii_isdigit(*p))
			g_string_append_c(digits, *p);
		else if (strchr(" -().+/", *p) == NULL)
			return g_string_free(digits, TRUE);
	}
	return g_string_free(digits, digits->len < PHONE_MIN);
}

static gboolean
add_by_phone(Search *search, GError **error)
{
	g_autofree char *digits = take_digits(search->text);
	return digits == NULL || add_by(search, TILL_CACHE_CUSTOMERS_BY_PHONE, digits, error);
}

static gboolean
add_by_name(Search *search, GError **error)
{
	/* Above every name that begins so: the largest character of Unicode. */
	g_autofree char *end = g_strconcat(search->text, "\xf4\x8f\xbf\xbf", NULL);
	sqlite3_stmt *query =
	    till_database_statement(&search->store->cache.database, TILL_CACHE_CUSTOMERS_BY_NAME);
	till_database_bind_text(query, 1, search->text);
	till_database_bind_text(query, 2, end);
	till_database_bind_int(query, 3, search->limit);
	return add_customers(search->store, query, search->customers, search->limit, error);
}

static gboolean
search_all(gpointer data, GError **error)
{
	Search *search = data;
	return find_exact(search, error) &&
	       add_by(search, TILL_CACHE_CUSTOMERS_BY_EMAIL, search->text, error) &&
	       add_by_phone(search, error) && add_by_name(search, error);
}

static GPtrArray *
run_search(TillStore *store, const char *text, guint limit, TillCacheBody body, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	g_autofree char *clean = g_strstrip(till_text_clean(text, QUERY_MAX));
	g_autoptr(GPtrArray) customers =
	    g_ptr_array_new_with_free_func((GDestroyNotify)till_customer_unref);
	Search search = {store, clean, limit, customers};
	if (*clean != '\0' && !till_cache_read(&store->cache, body, &search, error))
		return NULL;
	return g_steal_pointer(&customers);
}

gboolean
till_catalog_customer(TillStore *store, const char *code, TillCustomer **out, GError **error)
{
	g_autoptr(GPtrArray) found = run_search(store, code, 1, find_exact, error);
	if (found == NULL)
		return FALSE;
	*out = found->len > 0 ? till_customer_ref(g_ptr_array_index(found, 0)) : NULL;
	return TRUE;
}

GPtrArray *
till_catalog_customers(TillStore *store, const char *query, guint limit, GError **error)
{
	return run_search(store, query, limit, search_all, error);
}
