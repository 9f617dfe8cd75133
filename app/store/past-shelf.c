/* SPDX-License-Identifier: Apache-2.0 */
#include "past-shelf.h"

#include <string.h>

#include "catalog-item.h"
#include "error.h"
#include "journal.h"
#include "json.h"
#include "ledger-row.h"
#include "sale.h"
#include "store-private.h"

#define BODY_MAX 65536
#define NO_END_MS G_MAXINT64

static gboolean
is_zero(const TillUuid *id)
{
	static const TillUuid zero;
	return till_uuid_equal(id, &zero);
}

/* ---- The cache ---- */

void
till_past_shelf_sale_free(gpointer data)
{
	TillPastSale *sale = data;
	if (sale == NULL)
		return;
	g_free(sale->receipt);
	g_free(sale->channel);
	g_free(sale->customer_name);
	till_sold_free(sale->sold);
	g_free(sale);
}

/* A body that this release cannot read is as good as none: the central tells it. */
static TillSold *
read_body(const char *text, const char *receipt)
{
	g_autoptr(GError) failure = NULL;
	TillSold *sold = NULL;
	if (*text == '\0')
		return NULL;
	json_t *object = till_json_parse(text, strlen(text), BODY_MAX, "past sale", &failure);
	if (object != NULL)
		sold = till_sold_read(object, &failure);
	if (sold == NULL)
		g_message("The past sale %s cannot be read here: %s", receipt, failure->message);
	json_decref(object);
	return sold;
}

static TillPastSale *
read_sale(sqlite3_stmt *row)
{
	TillPastSale *sale = g_new0(TillPastSale, 1);
	sale->receipt = g_strdup(till_database_text(row, 0));
	sale->channel = g_strdup(till_database_text(row, 1));
	sale->sold_ms = sqlite3_column_int64(row, 2);
	sale->customer_name = g_strdup(till_database_text(row, 3));
	sale->total_minor = sqlite3_column_int64(row, 4);
	sale->sold = read_body(till_database_text(row, 5), sale->receipt);
	return sale;
}

static guint
statement_of(TillPastShelfBy by)
{
	static const guint statements[] = {
	    [TILL_PAST_SHELF_BY_RECEIPT] = TILL_CACHE_PAST_BY_RECEIPT,
	    [TILL_PAST_SHELF_BY_TXN] = TILL_CACHE_PAST_BY_TXN,
	    [TILL_PAST_SHELF_BY_ITEM] = TILL_CACHE_PAST_BY_ITEM,
	    [TILL_PAST_SHELF_BY_CUSTOMER] = TILL_CACHE_PAST_BY_CUSTOMER,
	    [TILL_PAST_SHELF_BY_NAME] = TILL_CACHE_PAST_BY_NAME,
	    [TILL_PAST_SHELF_BY_CARD] = TILL_CACHE_PAST_BY_CARD,
	};
	g_assert(by < G_N_ELEMENTS(statements));
	return statements[by];
}

GPtrArray *
till_past_shelf_find(TillStore *store, TillPastShelfBy by, const char *key, gint64 from_ms,
		     gint64 to_ms, guint limit, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	TillDatabase *database = &store->cache.database;
	g_autoptr(GPtrArray) sales = g_ptr_array_new_with_free_func(till_past_shelf_sale_free);
	sqlite3_stmt *find = till_database_statement(database, statement_of(by));
	till_database_bind_text(find, 1, key);
	till_database_bind_int(find, 2, from_ms);
	till_database_bind_int(find, 3, to_ms == 0 ? NO_END_MS : to_ms);
	till_database_bind_int(find, 4, limit);
	int step;
	while ((step = till_database_step(database, find, error)) == SQLITE_ROW)
		g_ptr_array_add(sales, read_sale(find));
	return step == SQLITE_DONE ? g_steal_pointer(&sales) : NULL;
}

TillReturnPolicy *
till_past_shelf_policy(TillStore *store, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	TillDatabase *database = &store->cache.database;
	sqlite3_stmt *find = till_database_statement(database, TILL_CACHE_RETURN_POLICY);
	int step = till_database_step(database, find, error);
	if (step == SQLITE_DONE)
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_STATE,
				    "No rules for returns have arrived. Have head office import "
				    "them, and connect the till to its central once.");
	if (step != SQLITE_ROW)
		return NULL;
	const char *text = till_database_text(find, 0);
	TillReturnPolicy *policy = till_return_policy_parse(text, strlen(text), error);
	sqlite3_reset(find);
	return policy;
}

static gboolean
parse_key(const char *hex, TillPublicKey *out)
{
	TillHash hash; /* of the same size and form */
	G_STATIC_ASSERT(sizeof(TillHash) == sizeof(TillPublicKey));
	if (!till_crypto_hash_parse(hex, &hash))
		return FALSE;
	memcpy(out->bytes, hash.bytes, sizeof out->bytes);
	return TRUE;
}

gboolean
till_past_shelf_key(TillStore *store, const TillUuid *terminal, gint64 at_ms,
		    TillPublicKey *out_key, gboolean *out_known, GError **error)
{
	char text[TILL_UUID_TEXT];
	*out_known = FALSE;
	if (!till_store_check_cache(store, error))
		return FALSE;
	TillDatabase *database = &store->cache.database;
	sqlite3_stmt *find = till_database_statement(database, TILL_CACHE_TERMINAL_KEY);
	till_database_bind_text(find, 1, till_uuid_format(terminal, text));
	till_database_bind_int(find, 2, at_ms);
	int step = till_database_step(database, find, error);
	if (step != SQLITE_ROW)
		return step == SQLITE_DONE;
	*out_known = parse_key(till_database_text(find, 0), out_key);
	sqlite3_reset(find);
	return TRUE;
}

char *
till_past_shelf_order(TillStore *store, const char *number, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	TillDatabase *database = &store->cache.database;
	sqlite3_stmt *find = till_database_statement(database, TILL_CACHE_ORDER_STATUS);
	till_database_bind_text(find, 1, number);
	int step = till_database_step(database, find, error);
	if (step != SQLITE_ROW)
		return step == SQLITE_DONE ? g_strdup("") : NULL;
	char *status = g_strdup(till_database_text(find, 0));
	sqlite3_reset(find);
	return status;
}

GPtrArray *
till_past_shelf_style(TillStore *store, const char *style, guint limit, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	g_autoptr(GPtrArray) items =
	    g_ptr_array_new_with_free_func((GDestroyNotify)till_item_unref);
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	TillDatabase *database = &store->cache.database;
	sqlite3_stmt *find = till_database_statement(database, TILL_CACHE_ITEMS_OF_STYLE);
	till_database_bind_text(find, 1, style);
	till_database_bind_int(find, 2, limit);
	int step;
	while ((step = till_database_step(database, find, error)) == SQLITE_ROW) {
		gint64 id = sqlite3_column_int64(find, 0);
		g_array_append_val(ids, id);
	}
	for (guint i = 0; step == SQLITE_DONE && i < ids->len; i++) {
		TillItem *item = NULL;
		if (!till_catalog_item_load(store, g_array_index(ids, gint64, i), &item, error))
			return NULL;
		if (item != NULL && item->has_price)
			g_ptr_array_add(items, item);
		else if (item != NULL)
			till_item_unref(item);
	}
	return step == SQLITE_DONE ? g_steal_pointer(&items) : NULL;
}

/* ---- The journal ---- */

/* NULL without error: what the entry is about cannot come back. */
static TillSold *
read_entry(const TillEntry *entry, GError **error)
{
	if (strcmp(entry->type, TILL_SALE_TYPE) == 0) {
		g_autoptr(TillSale) sale = till_sale_from_bytes(entry->body, error);
		return sale != NULL ? till_sold_from_sale(sale, &entry->txn) : NULL;
	}
	if (strcmp(entry->type, TILL_RETURN_TYPE) == 0) {
		g_autoptr(TillReturn) exchange = till_return_from_bytes(entry->body, error);
		return exchange != NULL ? till_return_sold(exchange, &entry->txn) : NULL;
	}
	return NULL;
}

gboolean
till_past_shelf_own(TillStore *store, const char *receipt, TillSold **out, GError **error)
{
	g_autoptr(GError) failure = NULL;
	*out = NULL;
	g_autoptr(TillEntry) entry = till_journal_find_receipt(store, receipt, &failure);
	if (entry == NULL && g_error_matches(failure, TILL_ERROR, TILL_ERROR_NOT_FOUND))
		return TRUE;
	if (entry != NULL)
		*out = read_entry(entry, &failure);
	if (failure != NULL)
		g_propagate_error(error, g_steal_pointer(&failure));
	return *out != NULL || failure == NULL;
}

/* What the central has not acknowledged cannot have come back by the feed. */
static gboolean
add_unsent(TillStore *store, const char *type, GPtrArray *all, GError **error)
{
	g_autoptr(GPtrArray) rows = till_journal_list(store, type, TILL_PAST_SHELF_OWN_MAX, error);
	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		const TillJournalRow *row = g_ptr_array_index(rows, i);
		g_autoptr(GError) failure = NULL;
		if (row->acknowledged)
			continue;
		g_autoptr(TillEntry) entry =
		    till_journal_find(store, row->incarnation, row->seq, &failure);
		TillSold *sold = entry != NULL ? read_entry(entry, &failure) : NULL;
		if (failure != NULL) {
			g_propagate_error(error, g_steal_pointer(&failure));
			return FALSE;
		}
		if (sold != NULL)
			g_ptr_array_add(all, sold);
	}
	return rows != NULL;
}

static gint
compare_newest(gconstpointer a, gconstpointer b)
{
	const TillSold *left = *(TillSold *const *)a;
	const TillSold *right = *(TillSold *const *)b;
	return (left->sold_ms < right->sold_ms) - (left->sold_ms > right->sold_ms);
}

GPtrArray *
till_past_shelf_unsent(TillStore *store, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)till_sold_free);
	if (!add_unsent(store, TILL_SALE_TYPE, all, error) ||
	    !add_unsent(store, TILL_RETURN_TYPE, all, error))
		return NULL;
	g_ptr_array_sort(all, compare_newest);
	return g_steal_pointer(&all);
}

/* Calls visit with each own return that a query gives; the same fact in a later envelope counts
 * once. The query's column after those of a row says whether the feed has told it back. */
typedef void (*Visit)(const TillEntry *entry, const TillReturn *body, gboolean is_told,
		      gpointer user);

static gboolean
each_return(TillStore *store, sqlite3_stmt *query, Visit visit, gpointer user, GError **error)
{
	enum { TOLD_COLUMN = 19 };
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	TillDatabase *database = &store->ledger.database;
	int step;
	while ((step = till_database_step(database, query, error)) == SQLITE_ROW) {
		char text[TILL_UUID_TEXT];
		gboolean is_told = sqlite3_column_int(query, TOLD_COLUMN) != 0;
		g_autoptr(TillEntry) entry = till_ledger_row_read(&store->ledger, query, error);
		g_autoptr(TillReturn) body =
		    entry != NULL ? till_return_from_bytes(entry->body, error) : NULL;
		if (body == NULL) {
			sqlite3_reset(query);
			return FALSE;
		}
		if (g_hash_table_add(seen, g_strdup(till_uuid_format(&entry->txn, text))))
			visit(entry, body, is_told, user);
	}
	return step == SQLITE_DONE;
}

typedef struct {
	TillSold *sold;
	gboolean all;
} Noting;

static void
note(const TillEntry *entry, const TillReturn *body, gboolean is_told, gpointer user)
{
	(void)entry;
	Noting *noting = user;
	if ((noting->all || !is_told) && !till_return_note(body, noting->sold))
		g_message("More came back of %s than was left.", noting->sold->receipt);
}

gboolean
till_past_shelf_note_own(TillStore *store, TillSold *sold, gboolean all, GError **error)
{
	char text[TILL_UUID_TEXT];
	if (!till_store_check_ledger(store, error) || !till_store_check_cache(store, error))
		return FALSE;
	if (is_zero(&sold->txn))
		return TRUE;
	sqlite3_stmt *find =
	    till_database_statement(&store->ledger.database, TILL_LEDGER_RETURNS_OF);
	Noting noting = {sold, all};
	till_database_bind_text(find, 1, till_uuid_format(&sold->txn, text));
	till_database_bind_int(find, 2, store->cache.store_seq);
	return each_return(store, find, note, &noting, error);
}

static void
count(const TillEntry *entry, const TillReturn *body, gboolean is_told, gpointer user)
{
	(void)entry;
	(void)is_told;
	TillPastReturns *out = user;
	out->count++;
	if (body->by != TILL_RETURN_BY_NONE)
		return;
	out->bare_count++;
	out->bare_minor += body->value_minor;
}

gboolean
till_past_shelf_returns(TillStore *store, const char *customer, gint64 since_ms,
			TillPastReturns *out, GError **error)
{
	*out = (TillPastReturns){0};
	if (!till_store_check_ledger(store, error))
		return FALSE;
	if (*customer == '\0')
		return TRUE;
	sqlite3_stmt *find =
	    till_database_statement(&store->ledger.database, TILL_LEDGER_RETURNS_FOR);
	till_database_bind_text(find, 1, customer);
	till_database_bind_int(find, 2, since_ms);
	return each_return(store, find, count, out, error);
}

gint64
till_past_shelf_known_ms(TillStore *store, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return -1;
	TillDatabase *database = &store->ledger.database;
	sqlite3_stmt *find = till_database_statement(database, TILL_LEDGER_ACK_NEWEST);
	int step = till_database_step(database, find, error);
	if (step != SQLITE_ROW)
		return step == SQLITE_DONE ? 0 : -1;
	gint64 known_ms = sqlite3_column_int64(find, 0);
	sqlite3_reset(find);
	return known_ms;
}
