/* SPDX-License-Identifier: Apache-2.0 */
#include "order-expiry.h"

#include "exceptions.h"
#include "order-change.h"
#include "server-log.h"

#define PARTS_MAX 50

static GPtrArray *
list_due(TillCentral *central, GError **error)
{
	TillDbQuery *query = till_db_query(
	    central->db, "SELECT id FROM order_part WHERE expires_ms > 0 AND expires_ms <= ?1 "
			 "ORDER BY expires_ms LIMIT ?2");
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);

	till_db_bind_int(query, 1, till_central_now_ms(central));
	till_db_bind_int(query, 2, PARTS_MAX);
	while (till_db_step(query, error))
		g_ptr_array_add(ids, g_strdup(till_db_text(query, 0)));
	return ids;
}

static gboolean
note_told(TillCentral *central, const char *id, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "UPDATE order_part SET expires_ms = 0 WHERE id = ?1");

	till_db_bind_text(query, 1, id);
	return till_db_run(query, error);
}

static gboolean
raise_expired(TillCentral *central, const TillFulfilment *part, GError **error)
{
	g_autofree char *words = g_strdup_printf(
	    "%s was not collected in time%s%s. Put the goods back, or agree on another day.",
	    part->number, *part->place != '\0' ? "; it lies at " : "", part->place);
	char id[TILL_UUID_TEXT];
	TillException exception = {.code = "ORDER_EXPIRED",
				   .subject = till_uuid_format(&part->id, id),
				   .severity = TILL_EXCEPTION_WARNING,
				   .words = words,
				   .txn = "",
				   .raised_ms = till_central_now_ms(central)};

	return till_exceptions_raise_for(central->db, part->store, &exception, error);
}

static gboolean
expire(TillCentral *central, const char *id, GError **error)
{
	TillBookedOrder *order = till_order_book_find(central->db, id, error);
	g_autoptr(TillOrderChange) change = NULL;
	TillUuid part_id;
	const TillFulfilment *part;

	if (order == NULL)
		return FALSE;
	change = till_order_change_new(central, order, NULL);
	part = till_uuid_parse(id, &part_id) ? till_order_book_fulfilment(order, &part_id) : NULL;
	if (part == NULL)
		return note_told(central, id, error);
	till_order_change_tell(change, &(TillOrderEvent){.kind = "expired",
							 .words = "Nobody came in time.",
							 .fulfilment = &part_id});
	return raise_expired(central, part, error) && note_told(central, id, error) &&
	       till_order_change_write(change, error);
}

/* Each in a savepoint of its own, so that one that fails holds up none of the others. */
static void
expire_guarded(TillCentral *central, const char *id, GError **error)
{
	g_autoptr(GError) fault = NULL;
	gboolean done;

	if (!till_db_savepoint(central->db, "entry", error))
		return;
	done = expire(central, id, &fault);
	if (!till_db_release(central->db, "entry", done, error) || done)
		return;
	till_server_log("order-not-expired", "part=%s reason=\"%s\"", id, fault->message);
	/* Said in the log, and not every half minute. */
	if (!note_told(central, id, error))
		return;
}

guint
till_order_expiry_run(TillCentral *central)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) ids = list_due(central, &error);

	for (guint i = 0; error == NULL && i < ids->len; i++)
		expire_guarded(central, g_ptr_array_index(ids, i), &error);
	if (error != NULL)
		till_server_log("order-not-expired", "reason=\"%s\"", error->message);
	return ids->len;
}

static gboolean
expiry_run(gpointer owner, gpointer data G_GNUC_UNUSED)
{
	till_order_expiry_run(owner);
	return TRUE;
}

static void
expiry_done_cb(gpointer data G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED)
{
}

void
till_order_expiry_start(TillCentral *central)
{
	till_writer_post(central->writer, expiry_run, expiry_done_cb, NULL);
}
