/* SPDX-License-Identifier: Apache-2.0 */
#include "order-book.h"

#include <string.h>

#include "error.h"
#include "json.h"

#define NUMBER_MAX 32
#define PRICED_MAX (4 * 1024 * 1024)

TillBookedOrder *
till_order_book_new(void)
{
	TillBookedOrder *order = g_new0(TillBookedOrder, 1);

	order->record = till_order_record_new();
	order->fulfilments = g_ptr_array_new_with_free_func((GDestroyNotify)till_fulfilment_free);
	return order;
}

void
till_order_book_free(TillBookedOrder *order)
{
	if (order == NULL)
		return;
	till_order_record_free(order->record);
	g_ptr_array_unref(order->fulfilments);
	json_decref(order->priced);
	g_free(order);
}

TillFulfilment *
till_order_book_fulfilment(const TillBookedOrder *order, const TillUuid *id)
{
	for (guint i = 0; i < order->fulfilments->len; i++) {
		TillFulfilment *fulfilment = g_ptr_array_index(order->fulfilments, i);
		if (till_uuid_equal(&fulfilment->id, id))
			return fulfilment;
	}
	return NULL;
}

gint64
till_order_book_open(const TillFulfilment *fulfilment, guint index)
{
	static const TillOrderState states[] = {TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED,
						TILL_ORDER_STAGED, TILL_ORDER_SHORT};
	gint64 sum = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
		sum += till_order_quantity(fulfilment->life, index, states[i]);
	return sum;
}

/* --- finding --- */

static gboolean
read_head(TillDbQuery *query, TillBookedOrder *order, GError **error)
{
	const char *record = till_db_text(query, 0);
	const char *priced = till_db_text(query, 1);

	till_order_record_free(order->record);
	order->record = till_order_record_parse(record, strlen(record), error);
	if (order->record == NULL)
		return FALSE;
	order->priced = till_json_parse(priced, strlen(priced), PRICED_MAX, "priced", error);
	order->events = till_db_int(query, 2);
	return order->priced != NULL;
}

static gboolean
read_parts(TillDb *db, TillBookedOrder *order, GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT row FROM order_part WHERE order_id = ?1 ORDER BY position");
	char id[TILL_UUID_TEXT];
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, till_uuid_format(&order->record->id, id));
	while (local == NULL && till_db_step(query, &local)) {
		const char *text = till_db_text(query, 0);
		g_autoptr(json_t) row =
		    till_json_parse(text, strlen(text), PRICED_MAX, "fulfilment", &local);
		TillFulfilment *fulfilment = row != NULL ? till_fulfilment_read(row, &local) : NULL;
		if (fulfilment != NULL)
			g_ptr_array_add(order->fulfilments, fulfilment);
		else
			till_db_reset(query);
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* FALSE without error: this question finds nothing. */
static gboolean
find_head(TillDb *db, const char *sql, const char *name, TillBookedOrder *order, GError **error)
{
	TillDbQuery *query = till_db_query(db, sql);
	gboolean good;

	till_db_bind_text(query, 1, name);
	if (!till_db_step(query, error))
		return FALSE;
	good = read_head(query, order, error);
	till_db_reset(query);
	return good;
}

#define HEAD "SELECT b.record, b.priced, b.events FROM order_book b "

TillBookedOrder *
till_order_book_find(TillDb *db, const char *name, GError **error)
{
	static const char *const by_id[] = {
	    HEAD "WHERE b.id = ?1",
	    HEAD "JOIN order_part p ON p.order_id = b.id WHERE p.id = ?1",
	};
	g_autoptr(TillBookedOrder) order = till_order_book_new();
	g_autofree char *number = g_ascii_strup(name, NUMBER_MAX);
	g_autofree char *id = g_ascii_strdown(name, TILL_UUID_TEXT);
	g_autoptr(GError) local = NULL;
	TillUuid parsed;
	gboolean found = FALSE;

	if (!till_uuid_parse(id, &parsed))
		found = find_head(db, HEAD "WHERE b.number = ?1", number, order, &local);
	for (gsize i = 0; !found && local == NULL && i < G_N_ELEMENTS(by_id); i++)
		found = find_head(db, by_id[i], id, order, &local);
	if (!found && local == NULL)
		g_set_error(&local, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "There is no order \"%.40s\".", name);
	if (local != NULL || !read_parts(db, order, &local)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	return g_steal_pointer(&order);
}

/* --- telling --- */

/* A fulfilment as others than tills see it: its row, with the body's members among the others. */
static json_t *
tell_fulfilment(const TillFulfilment *fulfilment)
{
	static const char *const own[] = {"body", "order_id", "number", "customer_name"};
	json_t *row = till_fulfilment_row(fulfilment);
	const char *text = json_string_value(json_object_get(row, "body"));
	g_autoptr(json_t) body = json_loads(text, 0, NULL);

	json_object_update_missing(row, body);
	for (gsize i = 0; i < G_N_ELEMENTS(own); i++)
		json_object_del(row, own[i]);
	return row;
}

/* What stood behind each price when the order was placed. */
static void
tell_priced(const TillBookedOrder *order, json_t *told)
{
	static const char *const names[] = {"discounts", "taxes"};
	const json_t *priced = json_object_get(order->priced, "lines");
	gsize index;
	json_t *line;

	json_array_foreach(json_object_get(told, "lines"), index, line)
	{
		const json_t *from = json_array_get(priced, index);
		for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
			json_t *list = json_object_get(from, names[i]);
			if (list != NULL)
				json_object_set(line, names[i], list);
		}
	}
}

json_t *
till_order_book_tell(const TillBookedOrder *order)
{
	json_t *told = till_order_record_json(order->record);
	json_t *fulfilments = json_array();

	for (guint i = 0; i < order->fulfilments->len; i++)
		json_array_append_new(fulfilments,
				      tell_fulfilment(g_ptr_array_index(order->fulfilments, i)));
	json_object_set_new(told, "fulfilments", fulfilments);
	tell_priced(order, told);
	till_json_put_int(told, "due_minor", till_order_record_due(order->record));
	return told;
}

json_t *
till_order_book_timeline(TillDb *db, const char *order_id, GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT seq, at_ms, channel, who, kind, words, fulfilment FROM "
			      "order_log WHERE order_id = ?1 ORDER BY seq");
	g_autoptr(GError) local = NULL;
	g_autoptr(json_t) list = json_array();

	till_db_bind_text(query, 1, order_id);
	while (till_db_step(query, &local)) {
		json_t *event = json_object();
		till_json_put_int(event, "seq", till_db_int(query, 0));
		till_json_put_int(event, "at_ms", till_db_int(query, 1));
		till_json_put_text(event, "channel", till_db_text(query, 2));
		till_json_put_text(event, "who", till_db_text(query, 3));
		till_json_put_text(event, "kind", till_db_text(query, 4));
		till_json_put_text(event, "words", till_db_text(query, 5));
		if (*till_db_text(query, 6) != '\0')
			till_json_put_text(event, "fulfilment", till_db_text(query, 6));
		json_array_append_new(list, event);
	}
	if (local == NULL)
		return g_steal_pointer(&list);
	g_propagate_error(error, g_steal_pointer(&local));
	return NULL;
}
