/* SPDX-License-Identifier: Apache-2.0 */
#include "deliveries.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "server-log.h"
#include "webhooks.h"

#define DAY_MS (G_GINT64_CONSTANT(24) * 3600 * 1000)
#define KEEP_DELIVERED_MS (30 * DAY_MS)
#define KEEP_DEAD_MS (365 * DAY_MS)
/* Of a wait, added by chance. */
#define SPREAD_PER_CENT 20
#define GONE 410

static const gint64 waits_s[TILL_DELIVERIES_TRIES - 1] = {5, 60, 300, 1800, 7200, 28800, 86400};

void
till_deliveries_free_one(TillWebhookDelivery *delivery)
{
	if (delivery == NULL)
		return;
	g_free((gpointer)(guintptr)delivery->event.id);
	g_free((gpointer)(guintptr)delivery->event.type);
	g_free((gpointer)(guintptr)delivery->event.subject);
	g_free((gpointer)(guintptr)delivery->event.data);
	g_free(delivery);
}

gboolean
till_deliveries_due(TillDb *db, const char *webhook, gint64 now_ms, guint limit, GPtrArray *out,
		    GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT number, tries, seq, id, type, outbox_event.subject, data, at_ms FROM "
		"delivery JOIN outbox_event ON seq = event WHERE webhook = ?1 AND state = "
		"'waiting' AND due_ms <= ?2 ORDER BY due_ms, number LIMIT ?3");
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, webhook);
	till_db_bind_int(query, 2, now_ms);
	till_db_bind_int(query, 3, limit);
	while (till_db_step(query, &local)) {
		TillWebhookDelivery *delivery = g_new0(TillWebhookDelivery, 1);
		delivery->number = till_db_int(query, 0);
		delivery->tries = till_db_int(query, 1);
		g_strlcpy(delivery->webhook, webhook, sizeof delivery->webhook);
		delivery->event.seq = till_db_int(query, 2);
		delivery->event.id = g_strdup(till_db_text(query, 3));
		delivery->event.type = g_strdup(till_db_text(query, 4));
		delivery->event.subject = g_strdup(till_db_text(query, 5));
		delivery->event.data = g_strdup(till_db_text(query, 6));
		delivery->event.at_ms = till_db_int(query, 7);
		g_ptr_array_add(out, delivery);
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

gboolean
till_deliveries_next_ms(TillDb *db, const char *webhook, gint64 now_ms, gint64 *out, GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT due_ms FROM delivery WHERE webhook = ?1 AND state = "
			      "'waiting' AND due_ms > ?2 ORDER BY due_ms LIMIT 1");

	till_db_bind_text(query, 1, webhook);
	till_db_bind_int(query, 2, now_ms);
	return till_db_fetch_int(query, G_MAXINT64, out, error);
}

/* --- what came of a try --- */

/* The row of an outcome. */
typedef struct {
	char *webhook, *subject, *type, *event;
	gint64 tries;
} Row;

static void
clear_row(Row *row)
{
	g_free(row->webhook);
	g_free(row->subject);
	g_free(row->type);
	g_free(row->event);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Row, clear_row)

/* FALSE without error: it is not open any more. */
static gboolean
find_open(TillDb *db, gint64 number, Row *out, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT webhook, delivery.subject, tries, type, id FROM delivery JOIN outbox_event "
		"ON seq = event WHERE number = ?1 AND state = 'waiting'");

	till_db_bind_int(query, 1, number);
	if (!till_db_step(query, error))
		return FALSE;
	out->webhook = g_strdup(till_db_text(query, 0));
	out->subject = g_strdup(till_db_text(query, 1));
	out->tries = till_db_int(query, 2);
	out->type = g_strdup(till_db_text(query, 3));
	out->event = g_strdup(till_db_text(query, 4));
	till_db_reset(query);
	return TRUE;
}

static gboolean
write_outcome(TillCentral *central, const TillDeliveryOutcome *outcome, const char *state,
	      gint64 due_ms, GError **error)
{
	TillDbQuery *query = till_db_query(
	    central->db, "UPDATE delivery SET state = ?2, due_ms = ?3, tries = tries + 1, status = "
			 "?4, reason = ?5, changed_ms = ?6 WHERE number = ?1");

	till_db_bind_int(query, 1, outcome->number);
	till_db_bind_text(query, 2, state);
	till_db_bind_int(query, 3, due_ms);
	till_db_bind_int(query, 4, outcome->status);
	till_db_bind_text(query, 5, outcome->reason);
	till_db_bind_int(query, 6, till_central_now_ms(central));
	return till_db_run(query, error);
}

/* The oldest one that is queued behind what was just finished. */
static gboolean
let_next(TillCentral *central, const Row *row, GError **error)
{
	TillDbQuery *query = till_db_query(
	    central->db,
	    "UPDATE delivery SET state = 'waiting', due_ms = ?3, changed_ms = ?3 WHERE state = "
	    "'queued' AND number = (SELECT min(number) FROM delivery WHERE webhook = ?1 AND "
	    "subject = ?2 AND state IN ('queued', 'waiting'))");

	till_db_bind_text(query, 1, row->webhook);
	till_db_bind_text(query, 2, row->subject);
	till_db_bind_int(query, 3, till_central_now_ms(central));
	return till_db_run(query, error);
}

static gint64
wait_ms(const TillDeliveryOutcome *outcome, gint64 tries_before)
{
	gint64 wait = MIN(waits_s[tries_before] * 1000, outcome->wait_max_ms);
	gint64 asked = MIN(outcome->retry_after_s * 1000, DAY_MS);
	guint32 chance;

	till_crypto_random(&chance, sizeof chance);
	/* The spread's fraction of a millisecond is dropped. */
	wait += wait * SPREAD_PER_CENT / 100 * (chance % 1024) / 1024;
	return MAX(wait, asked);
}

static gboolean
bury(TillCentral *central, const TillDeliveryOutcome *outcome, const Row *row, GError **error)
{
	till_server_log("webhook-dead",
			"webhook=%s delivery=%" G_GINT64_FORMAT " event=%s type=%s tries=%d "
			"reason=\"%s\"",
			row->webhook, outcome->number, row->event, row->type, TILL_DELIVERIES_TRIES,
			outcome->reason);
	return write_outcome(central, outcome, "dead", till_central_now_ms(central), error) &&
	       let_next(central, row, error);
}

gboolean
till_deliveries_note(TillCentral *central, const TillDeliveryOutcome *outcome, GError **error)
{
	g_auto(Row) row = {NULL};
	g_autoptr(GError) local = NULL;
	gint64 now_ms = till_central_now_ms(central);

	if (!find_open(central->db, outcome->number, &row, &local)) {
		if (local == NULL)
			return TRUE;
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (outcome->status >= 200 && outcome->status <= 299)
		return write_outcome(central, outcome, "delivered", now_ms, error) &&
		       let_next(central, &row, error);
	if (outcome->status == GONE)
		return write_outcome(central, outcome, "dead", now_ms, error) &&
		       till_webhooks_end(central, row.webhook, "Its receiver answered 410 Gone.",
					 error);
	if (row.tries + 1 >= TILL_DELIVERIES_TRIES)
		return bury(central, outcome, &row, error);
	return write_outcome(central, outcome, "waiting", now_ms + wait_ms(outcome, row.tries),
			     error);
}

/* --- for people --- */

static json_t *
read_listed(TillDbQuery *query)
{
	json_t *row = json_object();
	json_t *event = json_object();

	till_json_put_int(row, "number", till_db_int(query, 0));
	till_json_put_text(row, "state", till_db_text(query, 1));
	till_json_put_int(row, "tries", till_db_int(query, 2));
	if (strcmp(till_db_text(query, 1), "waiting") == 0)
		till_json_put_int(row, "due_ms", till_db_int(query, 3));
	till_json_put_int(row, "status", till_db_int(query, 4));
	till_json_put_text(row, "reason", till_db_text(query, 5));
	till_json_put_int(row, "changed_ms", till_db_int(query, 6));
	till_json_put_text(event, "id", till_db_text(query, 7));
	till_json_put_text(event, "type", till_db_text(query, 8));
	till_json_put_text(event, "subject", till_db_text(query, 9));
	till_json_put_int(event, "at_ms", till_db_int(query, 10));
	json_object_set_new(row, "event", event);
	return row;
}

json_t *
till_deliveries_list(TillDb *db, const char *webhook, const char *state, gint64 after,
		     GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT number, state, tries, due_ms, status, reason, changed_ms, id, type, "
		"outbox_event.subject, at_ms FROM delivery JOIN outbox_event ON seq = event WHERE "
		"webhook = ?1 AND (?2 = '' OR state = ?2) AND number > ?3 ORDER BY number LIMIT "
		"?4");
	g_autoptr(json_t) list = json_array();
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, webhook);
	till_db_bind_text(query, 2, state);
	till_db_bind_int(query, 3, after);
	till_db_bind_int(query, 4, TILL_DELIVERIES_PAGE);
	while (till_db_step(query, &local))
		json_array_append_new(list, read_listed(query));
	if (local == NULL)
		return g_steal_pointer(&list);
	g_propagate_error(error, g_steal_pointer(&local));
	return NULL;
}

/* Nothing may overtake what is open of the same subject. */
#define REVIVE                                                                                     \
	"UPDATE delivery SET tries = 0, due_ms = ?3, changed_ms = ?3, state = CASE WHEN EXISTS "   \
	"(SELECT 1 FROM delivery AS open WHERE open.webhook = delivery.webhook AND open.subject "  \
	"= delivery.subject AND open.state IN ('queued', 'waiting')) THEN 'queued' ELSE "          \
	"'waiting' END WHERE number = ?2 AND webhook = ?1 AND state = 'dead' AND EXISTS (SELECT "  \
	"1 FROM webhook WHERE id = ?1 AND ended_ms = 0)"

gboolean
till_deliveries_retry(TillCentral *central, const char *webhook, gint64 number, GError **error)
{
	TillDbQuery *query = till_db_query(central->db, REVIVE);
	gint64 there;

	till_db_bind_text(query, 1, webhook);
	till_db_bind_int(query, 2, number);
	till_db_bind_int(query, 3, till_central_now_ms(central));
	if (!till_db_run(query, error))
		return FALSE;
	if (till_db_changes(central->db) > 0)
		return TRUE;
	query = till_db_query(central->db,
			      "SELECT count(*) FROM delivery WHERE number = ?2 AND webhook = ?1");
	till_db_bind_text(query, 1, webhook);
	till_db_bind_int(query, 2, number);
	if (!till_db_fetch_int(query, 0, &there, error))
		return FALSE;
	if (there == 0)
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "The webhook has no delivery %" G_GINT64_FORMAT ".", number);
	else
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
			    "Delivery %" G_GINT64_FORMAT " is not dead, or its webhook ended; "
			    "then make the webhook anew.",
			    number);
	return FALSE;
}

gboolean
till_deliveries_prune(TillDb *db, gint64 now_ms, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "DELETE FROM delivery WHERE number IN (SELECT number FROM delivery WHERE state = "
		"'delivered' AND changed_ms < ?1 LIMIT 500) OR number IN (SELECT number FROM "
		"delivery WHERE state = 'dead' AND changed_ms < ?2 LIMIT 500)");

	till_db_bind_int(query, 1, now_ms - KEEP_DELIVERED_MS);
	till_db_bind_int(query, 2, now_ms - KEEP_DEAD_MS);
	if (!till_db_run(query, error))
		return FALSE;
	query = till_db_query(
	    db, "DELETE FROM outbox_event WHERE seq IN (SELECT seq FROM outbox_event WHERE at_ms < "
		"?1 AND NOT EXISTS (SELECT 1 FROM delivery WHERE event = seq) LIMIT 500)");
	till_db_bind_int(query, 1, now_ms - KEEP_DELIVERED_MS);
	return till_db_run(query, error);
}
