/* SPDX-License-Identifier: Apache-2.0 */
#include "order-change.h"

#include <string.h>

#include "collection.h"
#include "error.h"
#include "json.h"
#include "money.h"
#include "order-goods.h"
#include "order-settle.h"
#include "outbox-events.h"
#include "text.h"

#define WORDS_MAX 240
#define WHO_MAX 60

typedef struct {
	char *kind, *words, *who, *channel, *fulfilment;
	gint64 at_ms;
} Event;

struct TillOrderChange {
	TillCentral *central; /* borrowed */
	TillBookedOrder *order;
	GPtrArray *before; /* of TillFulfilment: as they were found */
	gint64 due_before;
	TillOrderHeld held; /* its changes are NULL when nothing is held */
	GArray *events;     /* of Event */
	gint64 first_event; /* number of the first of them */
	gint64 now_ms;
	gint64 feed_seq;
};

static void
clear_event(gpointer data)
{
	Event *event = data;

	g_free(event->kind);
	g_free(event->words);
	g_free(event->who);
	g_free(event->channel);
	g_free(event->fulfilment);
}

TillOrderChange *
till_order_change_new(TillCentral *central, TillBookedOrder *order, const TillOrderHeld *held)
{
	TillOrderChange *change = g_new0(TillOrderChange, 1);

	change->central = central;
	change->order = order;
	change->before = g_ptr_array_new_with_free_func((GDestroyNotify)till_fulfilment_free);
	for (guint i = 0; order->record->version > 0 && i < order->fulfilments->len; i++)
		g_ptr_array_add(change->before,
				till_fulfilment_copy(g_ptr_array_index(order->fulfilments, i)));
	change->due_before = order->record->version > 0 ? till_order_record_due(order->record) : 0;
	if (held != NULL)
		change->held = *held;
	change->events = g_array_new(FALSE, TRUE, sizeof(Event));
	g_array_set_clear_func(change->events, clear_event);
	change->now_ms = till_central_now_ms(central);
	return change;
}

void
till_order_change_free(TillOrderChange *change)
{
	if (change == NULL)
		return;
	g_array_unref(change->events);
	g_ptr_array_unref(change->before);
	till_order_book_free(change->order);
	g_free(change);
}

TillBookedOrder *
till_order_change_order(TillOrderChange *change)
{
	return change->order;
}

gint64
till_order_change_feed_seq(const TillOrderChange *change)
{
	return change->feed_seq;
}

void
till_order_change_tell(TillOrderChange *change, const TillOrderEvent *event)
{
	char id[TILL_UUID_TEXT] = "";
	Event copy = {.kind = g_strdup(event->kind),
		      .words = till_text_clean(event->words, WORDS_MAX),
		      .who = till_text_clean(event->who != NULL ? event->who : "", WHO_MAX),
		      .channel = g_strdup(event->channel != NULL ? event->channel : ""),
		      .at_ms = event->at_ms > 0 ? event->at_ms : change->now_ms};

	if (event->fulfilment != NULL)
		till_uuid_format(event->fulfilment, id);
	copy.fulfilment = g_strdup(id);
	g_array_append_val(change->events, copy);
}

/* --- what follows --- */

static void
tell_due(TillOrderChange *change)
{
	const TillOrderRecord *record = change->order->record;
	const TillCurrency *currency = till_currency_find(record->currency);
	gint64 due = till_order_record_due(record);
	g_autofree char *amount = NULL;
	g_autofree char *words = NULL;

	if (due >= 0 || due >= change->due_before || currency == NULL)
		return;
	amount = till_money_format(-due, currency);
	words = g_strdup_printf("%s is to be given back.", amount);
	till_order_change_tell(change, &(TillOrderEvent){.kind = "refund-due", .words = words});
}

static gboolean
is_same(const TillFulfilment *a, const TillFulfilment *b)
{
	g_autoptr(json_t) left = till_fulfilment_row(a);
	g_autoptr(json_t) right = till_fulfilment_row(b);

	return json_equal(left, right);
}

static const TillFulfilment *
get_before(const TillOrderChange *change, guint index)
{
	return index < change->before->len ? g_ptr_array_index(change->before, index) : NULL;
}

/* Whether a part is new or was changed, and so has a new version. */
static gboolean
is_touched(const TillOrderChange *change, guint index)
{
	const TillFulfilment *before = get_before(change, index);

	return before == NULL ||
	       before->version !=
		   ((const TillFulfilment *)g_ptr_array_index(change->order->fulfilments, index))
		       ->version;
}

static void
count_versions(TillOrderChange *change)
{
	change->order->record->version++;
	for (guint i = 0; i < change->order->fulfilments->len; i++) {
		TillFulfilment *fulfilment = g_ptr_array_index(change->order->fulfilments, i);
		const TillFulfilment *before = get_before(change, i);
		if (before != NULL) {
			fulfilment->version = before->version;
			fulfilment->updated_ms = before->updated_ms;
			if (is_same(before, fulfilment))
				continue;
		}
		fulfilment->version = before != NULL ? before->version + 1 : 1;
		fulfilment->updated_ms = change->now_ms;
	}
}

/* --- master rows --- */

static gboolean
write_head(TillOrderChange *change, GError **error)
{
	TillDbQuery *query = till_db_query(
	    change->central->db,
	    "INSERT INTO order_book (id, number, channel, customer, customer_name, status, "
	    "placed_ms, version, events, record, priced) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
	    "?9, ?10, ?11) ON CONFLICT (id) DO UPDATE SET customer = ?4, customer_name = ?5, "
	    "status = ?6, version = ?8, events = ?9, record = ?10, priced = ?11");
	const TillOrderRecord *record = change->order->record;
	g_autoptr(json_t) object = till_order_record_json(record);
	g_autofree char *text = till_json_write(object, NULL);
	g_autofree char *priced = till_json_write(change->order->priced, NULL);
	char id[TILL_UUID_TEXT];

	till_db_bind_text(query, 1, till_uuid_format(&record->id, id));
	till_db_bind_text(query, 2, record->number);
	till_db_bind_text(query, 3, record->channel);
	till_db_bind_text(query, 4, record->customer_id);
	till_db_bind_text(query, 5, record->customer_name);
	till_db_bind_text(query, 6, record->status);
	till_db_bind_int(query, 7, record->placed_ms);
	till_db_bind_int(query, 8, record->version);
	till_db_bind_int(query, 9, change->order->events);
	till_db_bind_text(query, 10, text);
	till_db_bind_text(query, 11, priced);
	return till_db_run(query, error);
}

static gboolean
write_part(TillOrderChange *change, guint index, GError **error)
{
	TillDbQuery *query = till_db_query(
	    change->central->db,
	    "INSERT INTO order_part (id, order_id, position, store_code, state, expires_ms, row) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO UPDATE SET store_code = ?4, "
	    "state = ?5, expires_ms = CASE WHEN expires_ms = 0 AND ?8 THEN 0 ELSE ?6 END, row = "
	    "?7");
	const TillFulfilment *fulfilment = g_ptr_array_index(change->order->fulfilments, index);
	const TillFulfilment *before = get_before(change, index);
	gboolean open = !till_order_is_done(fulfilment->life);
	gboolean same_end = before != NULL && before->expires_ms == fulfilment->expires_ms;
	g_autoptr(json_t) row = till_fulfilment_row(fulfilment);
	g_autofree char *text = till_json_write(row, NULL);
	char id[TILL_UUID_TEXT];
	char order_id[TILL_UUID_TEXT];

	till_db_bind_text(query, 1, till_uuid_format(&fulfilment->id, id));
	till_db_bind_text(query, 2, till_uuid_format(&fulfilment->order, order_id));
	till_db_bind_int(query, 3, index);
	till_db_bind_text(query, 4, fulfilment->store);
	till_db_bind_text(query, 5, till_fulfilment_state_name(till_fulfilment_state(fulfilment)));
	till_db_bind_int(query, 6, open ? fulfilment->expires_ms : 0);
	till_db_bind_text(query, 7, text);
	till_db_bind_int(query, 8, open && same_end);
	return till_db_run(query, error);
}

static gboolean
write_store(TillOrderChange *change, const char *store_code, GError **error)
{
	TillDbQuery *query =
	    till_db_query(change->central->db, "INSERT INTO order_store (order_id, store_code) "
					       "VALUES (?1, ?2) ON CONFLICT DO NOTHING");
	char id[TILL_UUID_TEXT];

	till_db_bind_text(query, 1, till_uuid_format(&change->order->record->id, id));
	till_db_bind_text(query, 2, store_code);
	return till_db_run(query, error);
}

static gboolean
write_event(TillOrderChange *change, const Event *event, GError **error)
{
	TillDbQuery *query =
	    till_db_query(change->central->db,
			  "INSERT INTO order_log (order_id, seq, fulfilment, at_ms, "
			  "channel, who, kind, words) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
	char id[TILL_UUID_TEXT];

	till_db_bind_text(query, 1, till_uuid_format(&change->order->record->id, id));
	till_db_bind_int(query, 2, ++change->order->events);
	till_db_bind_text(query, 3, event->fulfilment);
	till_db_bind_int(query, 4, event->at_ms);
	till_db_bind_text(query, 5, event->channel);
	till_db_bind_text(query, 6, event->who);
	till_db_bind_text(query, 7, event->kind);
	till_db_bind_text(query, 8, event->words);
	return till_db_run(query, error);
}

static gboolean
write_master(TillOrderChange *change, GError **error)
{
	const TillBookedOrder *order = change->order;

	change->first_event = order->events + 1;
	change->order->events += change->events->len;
	if (!write_head(change, error))
		return FALSE;
	change->order->events = change->first_event - 1;
	for (guint i = 0; i < change->events->len; i++) {
		if (!write_event(change, &g_array_index(change->events, Event, i), error))
			return FALSE;
	}
	for (guint i = 0; i < order->fulfilments->len; i++) {
		const TillFulfilment *fulfilment = g_ptr_array_index(order->fulfilments, i);
		if (is_touched(change, i) && (!write_part(change, i, error) ||
					      !write_store(change, fulfilment->store, error)))
			return FALSE;
	}
	return TRUE;
}

/* --- what stores see --- */

static json_t *
make_order_row(const TillOrderRecord *record)
{
	g_autoptr(json_t) object = till_order_record_json(record);
	g_autofree char *body = till_json_write(object, NULL);
	char id[TILL_UUID_TEXT];
	json_t *row = json_object();

	till_json_put_text(row, "id", till_uuid_format(&record->id, id));
	till_json_put_text(row, "number", record->number);
	till_json_put_text(row, "channel", record->channel);
	till_json_put_text(row, "customer", record->customer_id);
	till_json_put_text(row, "customer_name", record->customer_name);
	till_json_put_text(row, "status", record->status);
	till_json_put_text(row, "currency", record->currency);
	till_json_put_int(row, "total_minor", record->total_minor);
	till_json_put_int(row, "placed_ms", record->placed_ms);
	till_json_put_int(row, "version", record->version);
	till_json_put_text(row, "body", body);
	return row;
}

/* Every event from some number on: a store that joins hears the whole story. */
static gboolean
put_events(TillOrderChange *change, TillChanges *changes, gint64 from, GError **error)
{
	const TillCollection *collection = till_collection_find("order_event");
	char id[TILL_UUID_TEXT];
	g_autoptr(json_t) list = NULL;
	gsize index;
	json_t *event;

	till_uuid_format(&change->order->record->id, id);
	list = till_order_book_timeline(change->central->db, id, error);
	if (list == NULL)
		return FALSE;
	json_array_foreach(list, index, event)
	{
		if (json_integer_value(json_object_get(event, "seq")) < from)
			continue;
		json_object_del(event, "fulfilment");
		till_json_put_text(event, "order_id", id);
		if (!till_changes_put(changes, collection, event, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
is_known_to(TillOrderChange *change, TillChanges *changes, gboolean *out, GError **error)
{
	TillDbQuery *query = till_db_query(
	    change->central->db, "SELECT count(*) FROM sales_order WHERE scope = ?1 AND id = ?2");
	char id[TILL_UUID_TEXT];
	gint64 count;

	till_db_bind_text(query, 1, changes->scope);
	till_db_bind_text(query, 2, till_uuid_format(&change->order->record->id, id));
	if (!till_db_fetch_int(query, 0, &count, error))
		return FALSE;
	*out = count > 0;
	return TRUE;
}

static gboolean
put_rows(TillOrderChange *change, TillChanges *changes, GError **error)
{
	const TillCollection *collection = till_collection_find("fulfilment");
	g_autoptr(json_t) head = make_order_row(change->order->record);
	gboolean known;

	if (!is_known_to(change, changes, &known, error) ||
	    !till_changes_put(changes, till_collection_find("sales_order"), head, error))
		return FALSE;
	for (guint i = 0; i < change->order->fulfilments->len; i++) {
		g_autoptr(json_t) row = NULL;
		if (known && !is_touched(change, i))
			continue;
		row = till_fulfilment_row(g_ptr_array_index(change->order->fulfilments, i));
		if (!till_changes_put(changes, collection, row, error))
			return FALSE;
	}
	return put_events(change, changes, known ? change->first_event : 0, error);
}

static gboolean
is_held(const TillOrderChange *change, const char *store_code)
{
	return change->held.changes != NULL && strcmp(change->held.store_code, store_code) == 0;
}

static gboolean
tell_store(TillOrderChange *change, const char *store_code, TillOrderGoods *goods, GError **error)
{
	char scope[TILL_CHANGES_SCOPE_MAX];
	TillChanges changes;

	if (is_held(change, store_code))
		return put_rows(change, change->held.changes, error);
	return till_changes_open(change->central->db, till_changes_scope(store_code, scope),
				 &changes, error) &&
	       put_rows(change, &changes, error) &&
	       till_order_goods_move_in(goods, store_code, &changes, error) &&
	       till_changes_close(&changes, error);
}

/* The stores of an order, in order. NULL with error. */
static GPtrArray *
list_stores(TillOrderChange *change, GError **error)
{
	TillDbQuery *query =
	    till_db_query(change->central->db,
			  "SELECT store_code FROM order_store WHERE order_id = ?1 ORDER BY 1");
	g_autoptr(GPtrArray) stores = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) local = NULL;
	char id[TILL_UUID_TEXT];

	till_db_bind_text(query, 1, till_uuid_format(&change->order->record->id, id));
	while (till_db_step(query, &local))
		g_ptr_array_add(stores, g_strdup(till_db_text(query, 0)));
	if (local == NULL)
		return g_steal_pointer(&stores);
	g_propagate_error(error, g_steal_pointer(&local));
	return NULL;
}

static gboolean
tell_stores(TillOrderChange *change, TillOrderGoods *goods, GError **error)
{
	g_autoptr(GPtrArray) stores = list_stores(change, error);

	if (stores == NULL)
		return FALSE;
	for (guint i = 0; i < stores->len; i++) {
		if (!tell_store(change, g_ptr_array_index(stores, i), goods, error))
			return FALSE;
	}
	return TRUE;
}

/* --- what programs elsewhere are told --- */

static const char *
find_type(const TillOrderChange *change, const Event *event)
{
	static const struct {
		const char *kind, *type;
	} types[] = {
	    {"placed", "order.placed"},        {"ready", "fulfilment.ready"},
	    {"outside", "fulfilment.outside"}, {"handed-over", "fulfilment.handed-over"},
	    {"shipped", "fulfilment.shipped"}, {"part-handed-over", "fulfilment.handed-over"},
	    {"expired", "fulfilment.expired"}, {"changed", "order.changed"},
	    {"moved", "order.changed"},        {"substituted", "order.changed"},
	    {"short", "order.changed"},        {"refund-due", "order.changed"},
	    {"paid", "order.changed"},         {"refused", "order.changed"},
	    {"put-back", "order.changed"},     {"undone", "order.changed"},
	    {"cancelled", "order.changed"},
	};

	if (strcmp(event->kind, "cancelled") == 0 &&
	    strcmp(change->order->record->status, "cancelled") == 0)
		return "order.cancelled";
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
		if (strcmp(types[i].kind, event->kind) == 0)
			return types[i].type;
	}
	return NULL;
}

/* Small, so that the largest order fits: whoever wants more asks for the order. */
static json_t *
make_data(const TillOrderChange *change, const Event *event)
{
	const TillOrderRecord *record = change->order->record;
	json_t *data = json_object();
	json_t *list = json_array();
	char id[TILL_UUID_TEXT];

	till_json_put_text(data, "id", till_uuid_format(&record->id, id));
	till_json_put_text(data, "number", record->number);
	till_json_put_text(data, "channel", record->channel);
	till_json_put_text(data, "customer", record->customer_id);
	till_json_put_text(data, "status", record->status);
	till_json_put_int(data, "version", record->version);
	till_json_put_text(data, "currency", record->currency);
	till_json_put_int(data, "total_minor", record->total_minor);
	till_json_put_int(data, "due_minor", till_order_record_due(record));
	till_json_put_text(data, "event", event->kind);
	till_json_put_text(data, "words", event->words);
	till_json_put_text(data, "fulfilment", event->fulfilment);
	for (guint i = 0; i < change->order->fulfilments->len; i++) {
		const TillFulfilment *part = g_ptr_array_index(change->order->fulfilments, i);
		json_t *entry = json_object();
		till_json_put_text(entry, "id", till_uuid_format(&part->id, id));
		till_json_put_text(entry, "kind", till_fulfilment_kind_name(part->kind));
		till_json_put_text(entry, "store", part->store);
		till_json_put_text(entry, "state",
				   till_fulfilment_state_name(till_fulfilment_state(part)));
		till_json_put_int(entry, "promise_ms", part->promise_ms);
		till_json_put_int(entry, "version", part->version);
		json_array_append_new(list, entry);
	}
	json_object_set_new(data, "fulfilments", list);
	return data;
}

static gboolean
tell_outbox(TillOrderChange *change, GError **error)
{
	char id[TILL_UUID_TEXT];

	till_uuid_format(&change->order->record->id, id);
	for (guint i = 0; i < change->events->len; i++) {
		const Event *event = &g_array_index(change->events, Event, i);
		const char *type = find_type(change, event);
		g_autoptr(json_t) data = NULL;
		if (type == NULL)
			continue;
		data = make_data(change, event);
		if (!till_outbox_events_add(change->central->db, type, id, data, event->at_ms,
					    error))
			return FALSE;
	}
	return TRUE;
}

/* --- the whole --- */

static gboolean
write_all(TillOrderChange *change, TillOrderGoods *goods, GError **error)
{
	if (!till_order_settle(change->order, error))
		return FALSE;
	tell_due(change);
	count_versions(change);
	if (!write_master(change, error))
		return FALSE;
	for (guint i = 0; i < change->order->fulfilments->len; i++) {
		if (!till_order_goods_compare(goods, get_before(change, i),
					      g_ptr_array_index(change->order->fulfilments, i),
					      error))
			return FALSE;
	}
	return till_order_goods_write(goods, error) && tell_stores(change, goods, error) &&
	       tell_outbox(change, error);
}

gboolean
till_order_change_write(TillOrderChange *change, GError **error)
{
	TillOrderGoods *goods = till_order_goods_new(change->central->db, &change->held);
	TillChanges saved = {NULL};
	gboolean good;

	if (change->held.changes != NULL)
		saved = *change->held.changes;
	good = write_all(change, goods, error);
	if (good)
		change->feed_seq = till_order_goods_move_held(goods);
	else if (change->held.changes != NULL)
		*change->held.changes = saved;
	till_order_goods_free(goods);
	return good;
}
