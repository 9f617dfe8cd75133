/* SPDX-License-Identifier: Apache-2.0 */
#include "outbox-events.h"

#include <string.h>

#include "error.h"
#include "id.h"
#include "json.h"

static const char *const types[] = {
    "order.placed",       "order.changed",          "order.cancelled",    "fulfilment.ready",
    "fulfilment.outside", "fulfilment.handed-over", "fulfilment.shipped", "fulfilment.expired",
    "cart.changed",       "exception.raised",       "stock.changed",      NULL,
};

const char *const *
till_outbox_events_types(void)
{
	return types;
}

gboolean
till_outbox_events_type_known(const char *type)
{
	return g_strv_contains(types, type);
}

/* The receivers of a type whose subscription counts: ids, owned by the array. */
static GPtrArray *
find_receivers(TillDb *db, const char *type, GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT id FROM webhook WHERE ended_ms = 0 AND (types = ' * ' OR "
			      "instr(types, ' ' || ?1 || ' ') > 0) ORDER BY id");
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, type);
	while (till_db_step(query, &local))
		g_ptr_array_add(ids, g_strdup(till_db_text(query, 0)));
	if (local == NULL)
		return g_steal_pointer(&ids);
	g_propagate_error(error, g_steal_pointer(&local));
	return NULL;
}

static gboolean
add_event(TillDb *db, const char *type, const char *subject, const char *text, gint64 at_ms,
	  GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "INSERT INTO outbox_event (id, type, subject, data, at_ms) VALUES "
			      "(?1, ?2, ?3, ?4, ?5)");
	TillUuid id = till_uuid_random();
	char id_text[TILL_UUID_TEXT];

	till_db_bind_text(query, 1, till_uuid_format(&id, id_text));
	till_db_bind_text(query, 2, type);
	till_db_bind_text(query, 3, subject);
	till_db_bind_text(query, 4, text);
	till_db_bind_int(query, 5, at_ms);
	return till_db_run(query, error);
}

/* Behind what the receiver has still to be told about the subject. */
static gboolean
add_delivery(TillDb *db, const char *webhook, const char *subject, gint64 at_ms, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db,
	    "INSERT INTO delivery (webhook, event, subject, state, due_ms, changed_ms) SELECT ?1, "
	    "(SELECT max(seq) FROM outbox_event), ?2, CASE WHEN EXISTS (SELECT 1 FROM delivery "
	    "WHERE webhook = ?1 AND subject = ?2 AND state IN ('queued', 'waiting')) THEN 'queued' "
	    "ELSE 'waiting' END, ?3, ?3");

	till_db_bind_text(query, 1, webhook);
	till_db_bind_text(query, 2, subject);
	till_db_bind_int(query, 3, at_ms);
	return till_db_run(query, error);
}

gboolean
till_outbox_events_add(TillDb *db, const char *type, const char *subject, const json_t *data,
		       gint64 at_ms, GError **error)
{
	g_autoptr(GPtrArray) receivers = NULL;
	g_autofree char *text = NULL;
	gsize size;

	g_assert(till_outbox_events_type_known(type));
	g_assert(strlen(subject) <= TILL_OUTBOX_EVENTS_SUBJECT_MAX);
	receivers = find_receivers(db, type, error);
	if (receivers == NULL)
		return FALSE;
	if (receivers->len == 0)
		return TRUE;
	text = till_json_write(data, &size);
	if (size > TILL_OUTBOX_EVENTS_DATA_MAX) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "The event %s has %" G_GSIZE_FORMAT " bytes; at most %d can be told.",
			    type, size, TILL_OUTBOX_EVENTS_DATA_MAX);
		return FALSE;
	}
	if (!add_event(db, type, subject, text, at_ms, error))
		return FALSE;
	for (guint i = 0; i < receivers->len; i++) {
		if (!add_delivery(db, g_ptr_array_index(receivers, i), subject, at_ms, error))
			return FALSE;
	}
	return TRUE;
}
