/* SPDX-License-Identifier: Apache-2.0 */
#include "order-shelf-private.h"

#include <string.h>

#include "store-private.h"
#include "text.h"

#define QUERY_MAX 254
#define SEARCHED_MAX 2000
#define WAITS_MAX 5000
#define PHONE_MIN 4

/* ---- One order ---- */

static gboolean
read_record(TillStore *store, guint statement, const char *text, TillOrderRecord **out,
	    GError **error)
{
	sqlite3_stmt *query = till_database_statement(&store->cache.database, statement);
	till_database_bind_text(query, 1, text);
	int step = till_database_step(&store->cache.database, query, error);
	*out = NULL;
	if (step != SQLITE_ROW)
		return step == SQLITE_DONE;
	const char *body = till_database_text(query, 0);
	*out = till_order_record_parse(body, strlen(body), error);
	sqlite3_reset(query);
	return *out != NULL;
}

gboolean
till_order_shelf_record(TillStore *store, const char *id, TillOrderRecord **out, GError **error)
{
	return till_store_check_cache(store, error) &&
	       read_record(store, TILL_CACHE_ORDER_BY_ID, id, out, error) &&
	       (*out != NULL || read_record(store, TILL_CACHE_ORDER_BY_NUMBER, id, out, error));
}

/* ---- Its timeline ---- */

void
till_order_shelf_event_free(gpointer event)
{
	TillShelfEvent *self = event;
	if (self == NULL)
		return;
	g_free(self->channel);
	g_free(self->who);
	g_free(self->kind);
	g_free(self->words);
	g_free(self);
}

static TillShelfEvent *
read_event(sqlite3_stmt *row)
{
	TillShelfEvent *event = g_new0(TillShelfEvent, 1);
	event->at_ms = sqlite3_column_int64(row, 0);
	event->channel = g_strdup(till_database_text(row, 1));
	event->who = g_strdup(till_database_text(row, 2));
	event->kind = g_strdup(till_database_text(row, 3));
	event->words = g_strdup(till_database_text(row, 4));
	return event;
}

static gboolean
add_own_events(TillStore *store, const TillUuid *order, GPtrArray *events, GError **error)
{
	g_autoptr(GPtrArray) own = till_order_shelf_own(store, error);
	if (own == NULL)
		return FALSE;
	for (guint i = 0; i < own->len; i++) {
		const TillOrderStep *step = ((TillShelfStep *)g_ptr_array_index(own, i))->step;
		if (!till_uuid_equal(&step->order, order))
			continue;
		TillShelfEvent *event = g_new0(TillShelfEvent, 1);
		event->at_ms = step->at_ms;
		event->channel = g_strdup("store");
		event->who = g_strdup(step->staff_name);
		event->kind = g_strdup(till_order_step_event(step));
		event->words = till_order_step_words(step);
		event->waiting = TRUE;
		g_ptr_array_add(events, event);
	}
	return TRUE;
}

GPtrArray *
till_order_shelf_events(TillStore *store, const TillUuid *order, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	char id[TILL_UUID_TEXT];
	g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(till_order_shelf_event_free);
	TillDatabase *database = &store->cache.database;
	sqlite3_stmt *query = till_database_statement(database, TILL_CACHE_ORDER_EVENTS);
	till_database_bind_text(query, 1, till_uuid_format(order, id));
	till_database_bind_int(query, 2, TILL_ORDER_SHELF_EVENTS_MAX);
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, query, error)) == SQLITE_ROW)
		g_ptr_array_add(events, read_event(query));
	if (step != SQLITE_DONE || !add_own_events(store, order, events, error))
		return NULL;
	return g_steal_pointer(&events);
}

/* Arrivals and hand-overs of one order follow each other: each arrival is ended by the next
 * hand-over. */
GArray *
till_order_shelf_waits(TillStore *store, gint64 since_ms, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	g_autoptr(GArray) waits = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autofree char *order = g_strdup("");
	gint64 arrived_ms = 0;
	TillDatabase *database = &store->cache.database;
	sqlite3_stmt *query = till_database_statement(database, TILL_CACHE_ORDER_WAITS);
	till_database_bind_int(query, 1, since_ms);
	till_database_bind_int(query, 2, WAITS_MAX);
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, query, error)) == SQLITE_ROW) {
		gint64 at_ms = sqlite3_column_int64(query, 2);
		if (strcmp(order, till_database_text(query, 0)) != 0) {
			g_free(order);
			order = g_strdup(till_database_text(query, 0));
			arrived_ms = 0;
		}
		if (strcmp(till_database_text(query, 1), "outside") == 0) {
			arrived_ms = arrived_ms != 0 ? arrived_ms : at_ms;
		} else if (arrived_ms != 0) {
			gint64 wait_ms = MAX(at_ms - arrived_ms, 0);
			g_array_append_val(waits, wait_ms);
			arrived_ms = 0;
		}
	}
	return step == SQLITE_DONE ? g_steal_pointer(&waits) : NULL;
}

/* ---- Finding ---- */

void
till_order_shelf_order_free(gpointer order)
{
	TillShelfOrder *self = order;
	if (self == NULL)
		return;
	g_free(self->id);
	g_free(self->number);
	g_free(self->channel);
	g_free(self->customer_name);
	g_free(self->status);
	g_free(self->currency);
	g_free(self);
}

static TillShelfOrder *
read_order(sqlite3_stmt *row)
{
	TillShelfOrder *order = g_new0(TillShelfOrder, 1);
	order->id = g_strdup(till_database_text(row, 0));
	order->number = g_strdup(till_database_text(row, 1));
	order->channel = g_strdup(till_database_text(row, 2));
	order->customer_name = g_strdup(till_database_text(row, 3));
	order->status = g_strdup(till_database_text(row, 4));
	order->currency = g_strdup(till_database_text(row, 5));
	order->total_minor = sqlite3_column_int64(row, 6);
	order->placed_ms = sqlite3_column_int64(row, 7);
	return order;
}

typedef struct {
	char *text;   /* folded; owned */
	char *digits; /* owned; "" when the query has other letters */
} Query;

/* What is left of a phone number, or of a text that may be one. */
static char *
take_digits(const char *text, gboolean strict)
{
	g_autoptr(GString) digits = g_string_new(NULL);
	for (const char *p = text; *p != '\0'; p++) {
		if (g_ascii_isdigit(*p))
			g_string_append_c(digits, *p);
		else if (strict && strchr(" -().+/", *p) == NULL)
			return g_strdup("");
	}
	return g_strdup(digits->str);
}

static gboolean
begins_a_word(const char *folded, const char *text)
{
	const char *p = folded;
	while (p != NULL) {
		if (g_str_has_prefix(p, text))
			return TRUE;
		p = strchr(p, ' ');
		p = p != NULL ? p + 1 : NULL;
	}
	return FALSE;
}

/* Columns from 8 on: mail, phone, receipt. */
static gboolean
fits(sqlite3_stmt *row, const Query *query)
{
	if (*query->text == '\0')
		return TRUE;
	g_autofree char *number = till_text_fold(till_database_text(row, 1));
	g_autofree char *name = till_text_fold(till_database_text(row, 3));
	g_autofree char *email = till_text_fold(till_database_text(row, 8));
	g_autofree char *receipt = till_text_fold(till_database_text(row, 10));
	if (begins_a_word(name, query->text) || g_str_has_prefix(email, query->text) ||
	    strcmp(number, query->text) == 0 || strcmp(receipt, query->text) == 0)
		return TRUE;
	if (*query->digits == '\0')
		return FALSE;
	g_autofree char *phone = take_digits(till_database_text(row, 9), FALSE);
	return g_str_has_suffix(number, query->digits) ||
	       (strlen(query->digits) >= PHONE_MIN && g_str_has_suffix(phone, query->digits));
}

static gboolean
add_orders(TillStore *store, sqlite3_stmt *rows, const Query *query, guint limit, GPtrArray *orders,
	   GError **error)
{
	int step = SQLITE_DONE;
	while ((step = till_database_step(&store->cache.database, rows, error)) == SQLITE_ROW) {
		if (orders->len < limit && fits(rows, query))
			g_ptr_array_add(orders, read_order(rows));
	}
	return step == SQLITE_DONE;
}

/* The order of exactly this number may be older than what was looked through. */
static gboolean
add_by_number(TillStore *store, const char *number, GPtrArray *orders, GError **error)
{
	g_autoptr(TillOrderRecord) record = NULL;
	char id[TILL_UUID_TEXT];
	if (orders->len > 0)
		return TRUE;
	if (!read_record(store, TILL_CACHE_ORDER_BY_NUMBER, number, &record, error))
		return FALSE;
	if (record == NULL)
		return TRUE;
	TillShelfOrder *order = g_new0(TillShelfOrder, 1);
	order->id = g_strdup(till_uuid_format(&record->id, id));
	order->number = g_strdup(record->number);
	order->channel = g_strdup(record->channel);
	order->customer_name = g_strdup(record->customer_name);
	order->status = g_strdup(record->status);
	order->currency = g_strdup(record->currency);
	order->total_minor = record->total_minor;
	order->placed_ms = record->placed_ms;
	g_ptr_array_add(orders, order);
	return TRUE;
}

GPtrArray *
till_order_shelf_search(TillStore *store, const char *text, guint limit, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	g_autofree char *clean = till_text_clean(text, QUERY_MAX);
	g_autofree char *folded = till_text_fold(clean);
	g_autofree char *digits = take_digits(clean, TRUE);
	const Query query = {folded, digits};
	g_autoptr(GPtrArray) orders = g_ptr_array_new_with_free_func(till_order_shelf_order_free);
	sqlite3_stmt *rows =
	    till_database_statement(&store->cache.database, TILL_CACHE_ORDERS_NEWEST);
	till_database_bind_int(rows, 1, SEARCHED_MAX);
	if (!add_orders(store, rows, &query, limit, orders, error) ||
	    !add_by_number(store, g_strstrip(clean), orders, error))
		return NULL;
	return g_steal_pointer(&orders);
}

GPtrArray *
till_order_shelf_of_customer(TillStore *store, const char *customer, guint limit, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	char none[] = "";
	const Query query = {none, none};
	g_autoptr(GPtrArray) orders = g_ptr_array_new_with_free_func(till_order_shelf_order_free);
	sqlite3_stmt *rows =
	    till_database_statement(&store->cache.database, TILL_CACHE_ORDERS_OF_CUSTOMER);
	till_database_bind_text(rows, 1, customer);
	till_database_bind_int(rows, 2, limit);
	if (!add_orders(store, rows, &query, limit, orders, error))
		return NULL;
	return g_steal_pointer(&orders);
}

/* ---- Codes ---- */

static void
add_key(TillPickupKeys *keys, sqlite3_stmt *row)
{
	gint64 to_ms = sqlite3_column_int64(row, 3);
	TillPickupKey key = {.id = (guint16)sqlite3_column_int(row, 0),
			     .from_ms = sqlite3_column_int64(row, 2),
			     .to_ms = to_ms != 0 ? to_ms : G_MAXINT64};
	TillHash bytes;
	G_STATIC_ASSERT(sizeof bytes.bytes == sizeof key.key.bytes);
	if (!till_crypto_hash_parse(till_database_text(row, 1), &bytes)) {
		g_message("Pickup key %u of the feed is no key; it is left out.", key.id);
		return;
	}
	memcpy(key.key.bytes, bytes.bytes, sizeof key.key.bytes);
	/* As many are read as the ring can hold. */
	(void)!till_pickup_token_keys_add(keys, &key);
}

gboolean
till_order_shelf_keys(TillStore *store, TillPickupKeys *out, GError **error)
{
	if (!till_store_check_cache(store, error))
		return FALSE;
	TillDatabase *database = &store->cache.database;
	sqlite3_stmt *query = till_database_statement(database, TILL_CACHE_PICKUP_KEYS);
	till_database_bind_int(query, 1, TILL_PICKUP_KEYS_MAX);
	*out = (TillPickupKeys){0};
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, query, error)) == SQLITE_ROW)
		add_key(out, query);
	return step == SQLITE_DONE;
}

gboolean
till_order_shelf_trusts_codes(TillStore *store, gboolean *out, GError **error)
{
	if (!till_store_check_cache(store, error))
		return FALSE;
	g_autofree char *value =
	    till_cache_setting(&store->cache, "pickup_hand_over_unknown", "no", error);
	*out = g_strcmp0(value, "yes") == 0;
	return value != NULL;
}
