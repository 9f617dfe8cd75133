/* SPDX-License-Identifier: Apache-2.0 */
#include "deliverer.h"

#include <pthread.h>
#include <string.h>

#include "deliveries.h"
#include "server-log.h"
#include "webhooks.h"

#define CALLS_EACH 4
#define CALLS_MAX 64
#define SLEEP_MS 60000
/* After the database failed it is asked again. */
#define FAULT_PAUSE_MS 5000
#define PRUNE_EVERY_MS (3600 * 1000)

struct TillDeliverer {
	TillCentral *central; /* borrowed */
	TillDelivererOptions options;
	TillOutgoingHttp *http; /* NULL until start; atomic */
	pthread_t thread;
	gint stop;      /* atomic */
	gint woken;     /* atomic: something may be due */
	gint64 newest;  /* number of the newest delivery; the writer's */
	gboolean poked; /* the writer's */
	/* The thread's, lent to the writer during a visit: */
	GHashTable *calls;    /* number → webhook id (owned) of each call under way */
	GHashTable *failed;   /* webhook ids whose last call went wrong */
	GPtrArray *outcomes;  /* of Outcome: not written down yet */
	GPtrArray *due;       /* of Letter: to be sent now */
	gint64 next_ms;       /* when something falls due */
	gint64 rest_until_ms; /* the books failed */
	gint64 pruned_ms;
};

typedef struct {
	TillDeliveryOutcome outcome;
	char *reason;
} Outcome;

/* A delivery with all that is needed to send it. */
typedef struct {
	TillWebhookDelivery *delivery;
	char *url;
	guint8 secret[TILL_WEBHOOK_SECRET_BYTES];
} Letter;

static void
free_outcome(gpointer data)
{
	Outcome *outcome = data;

	g_free(outcome->reason);
	g_free(outcome);
}

static void
free_letter(gpointer data)
{
	Letter *letter = data;

	till_deliveries_free_one(letter->delivery);
	memset(letter->secret, 0, sizeof letter->secret);
	g_free(letter->url);
	g_free(letter);
}

TillDeliverer *
till_deliverer_new(TillCentral *central)
{
	TillDeliverer *deliverer = g_new0(TillDeliverer, 1);

	deliverer->central = central;
	deliverer->calls = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	deliverer->failed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	deliverer->outcomes = g_ptr_array_new_with_free_func(free_outcome);
	deliverer->due = g_ptr_array_new_with_free_func(free_letter);
	return deliverer;
}

gboolean
till_deliverer_private_too(const TillDeliverer *deliverer)
{
	return deliverer->options.http.private_too;
}

/* --- visits to the writer --- */

static guint
count_calls(TillDeliverer *deliverer, const char *webhook)
{
	GHashTableIter iter;
	gpointer id;
	guint count = 0;

	g_hash_table_iter_init(&iter, deliverer->calls);
	while (g_hash_table_iter_next(&iter, NULL, &id))
		count += strcmp(id, webhook) == 0 ? 1 : 0;
	return count;
}

static void
add_letter(TillDeliverer *deliverer, TillWebhookDelivery *delivery, const char *url,
	   const guint8 *secret)
{
	Letter *letter = g_new0(Letter, 1);

	letter->delivery = delivery;
	letter->url = g_strdup(url);
	memcpy(letter->secret, secret, sizeof letter->secret);
	g_ptr_array_add(deliverer->due, letter);
	g_hash_table_insert(deliverer->calls, g_memdup2(&delivery->number, sizeof(gint64)),
			    g_strdup(delivery->webhook));
}

static void
free_delivery(gpointer data)
{
	till_deliveries_free_one(data);
}

/* Makes letters of found as long as there is room. FALSE without error: the webhook ended. */
static gboolean
address(TillDeliverer *deliverer, const char *webhook, GPtrArray *found, guint room, GError **error)
{
	guint8 secret[TILL_WEBHOOK_SECRET_BYTES];
	g_autofree char *url = NULL;

	if (!till_webhooks_find(deliverer->central, webhook, &url, secret, error))
		return FALSE;
	for (guint i = 0; i < found->len && room > 0; i++) {
		TillWebhookDelivery *delivery = g_ptr_array_index(found, i);
		if (g_hash_table_contains(deliverer->calls, &delivery->number))
			continue;
		add_letter(deliverer, delivery, url, secret);
		found->pdata[i] = NULL;
		room--;
	}
	return TRUE;
}

/* What is due for one webhook, as far as it may be called now. */
static gboolean
collect(TillDeliverer *deliverer, const char *webhook, gint64 now_ms, GError **error)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(free_delivery);
	guint busy = count_calls(deliverer, webhook);
	guint most = g_hash_table_contains(deliverer->failed, webhook) ? 1 : CALLS_EACH;
	guint all = g_hash_table_size(deliverer->calls);
	g_autoptr(GError) local = NULL;
	gint64 next_ms;

	if (!till_deliveries_next_ms(deliverer->central->db, webhook, now_ms, &next_ms, error))
		return FALSE;
	deliverer->next_ms = MIN(deliverer->next_ms, next_ms);
	if (busy >= most || all >= CALLS_MAX)
		return TRUE;
	if (!till_deliveries_due(deliverer->central->db, webhook, now_ms, most + busy, found,
				 error))
		return FALSE;
	if (found->len == 0 ||
	    address(deliverer, webhook, found, MIN(most - busy, CALLS_MAX - all), &local) ||
	    local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
note_outcomes(TillDeliverer *deliverer, GError **error)
{
	for (guint i = 0; i < deliverer->outcomes->len; i++) {
		Outcome *outcome = g_ptr_array_index(deliverer->outcomes, i);
		outcome->outcome.reason = outcome->reason;
		if (!till_deliveries_note(deliverer->central, &outcome->outcome, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
collect_all(TillDeliverer *deliverer, gint64 now_ms, GError **error)
{
	g_autoptr(GPtrArray) webhooks = till_webhooks_active(deliverer->central, error);

	deliverer->next_ms = G_MAXINT64;
	for (guint i = 0; webhooks != NULL && i < webhooks->len; i++) {
		if (!collect(deliverer, g_ptr_array_index(webhooks, i), now_ms, error))
			return FALSE;
	}
	return webhooks != NULL;
}

static gboolean
visit_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	TillDeliverer *deliverer = data;
	gint64 now_ms = till_central_now_ms(central);
	g_autoptr(GError) error = NULL;
	gboolean prune = now_ms - deliverer->pruned_ms >= PRUNE_EVERY_MS;

	if (note_outcomes(deliverer, &error) && collect_all(deliverer, now_ms, &error) &&
	    (!prune || till_deliveries_prune(central->db, now_ms, &error))) {
		deliverer->pruned_ms = prune ? now_ms : deliverer->pruned_ms;
		return TRUE;
	}
	till_server_log("webhooks", "reason=\"%s\"", error->message);
	return FALSE;
}

/* What was lent comes back as it was: the outcomes are noted at the next visit, the letters are
 * found again. */
static void
take_back(TillDeliverer *deliverer)
{
	for (guint i = 0; i < deliverer->due->len; i++) {
		const Letter *letter = g_ptr_array_index(deliverer->due, i);
		g_hash_table_remove(deliverer->calls, &letter->delivery->number);
	}
	g_ptr_array_set_size(deliverer->due, 0);
	deliverer->rest_until_ms = till_central_now_ms(deliverer->central) + FAULT_PAUSE_MS;
}

typedef struct {
	TillDeliverer *deliverer;
	gboolean content;
} Visit;

static gboolean
visit_cb(gpointer owner, gpointer data)
{
	Visit *visit = data;

	visit->content = visit_run(owner, visit->deliverer);
	return visit->content;
}

static void
visit(TillDeliverer *deliverer)
{
	Visit visiting = {.deliverer = deliverer};

	if (till_writer_call(deliverer->central->writer, visit_cb, &visiting, NULL) &&
	    visiting.content)
		g_ptr_array_set_size(deliverer->outcomes, 0);
	else
		take_back(deliverer);
}

/* --- calls --- */

static void
send_letter(TillDeliverer *deliverer, const Letter *letter)
{
	const TillWebhookEvent *event = &letter->delivery->event;
	gint64 now_s = till_central_now_ms(deliverer->central) / 1000;
	g_autoptr(GBytes) body = till_webhook_message_body(event, deliverer->central->server_id);
	g_autofree char *signature = till_webhook_message_sign(
	    letter->secret, sizeof letter->secret, event->id, now_s, body);
	g_autofree char *id = g_strdup_printf("webhook-id: %s", event->id);
	g_autofree char *time = g_strdup_printf("webhook-timestamp: %" G_GINT64_FORMAT, now_s);
	g_autofree char *proof = g_strdup_printf("webhook-signature: %s", signature);
	/* "Expect:" keeps libcurl from asking first whether it may send. */
	const char *const headers[] = {"Content-Type: application/cloudevents+json; charset=utf-8",
				       "Expect:",
				       id,
				       time,
				       proof,
				       NULL};

	gpointer number;
	gboolean known = g_hash_table_lookup_extended(deliverer->calls, &letter->delivery->number,
						      &number, NULL);

	g_assert(known);
	till_outgoing_http_post(deliverer->http, letter->url, headers, body, number);
}

static void
send_due(TillDeliverer *deliverer)
{
	for (guint i = 0; i < deliverer->due->len; i++)
		send_letter(deliverer, g_ptr_array_index(deliverer->due, i));
	g_ptr_array_set_size(deliverer->due, 0);
}

static void
answered_cb(gpointer tag, const TillOutgoingHttpResult *result, gpointer user)
{
	TillDeliverer *deliverer = user;
	gint64 number = *(const gint64 *)tag;
	const char *webhook = g_hash_table_lookup(deliverer->calls, &number);
	Outcome *outcome = g_new0(Outcome, 1);

	outcome->reason = g_strdup(result->reason);
	outcome->outcome.number = number;
	outcome->outcome.status = result->status;
	outcome->outcome.retry_after_s = result->retry_after_s;
	outcome->outcome.wait_max_ms = deliverer->options.wait_max_ms;
	g_ptr_array_add(deliverer->outcomes, outcome);
	if (result->status >= 200 && result->status <= 299)
		g_hash_table_remove(deliverer->failed, webhook);
	else
		g_hash_table_add(deliverer->failed, g_strdup(webhook));
	g_hash_table_remove(deliverer->calls, &number);
}

/* How long nothing needs to be looked at in the books. */
static gint64
idle_ms(TillDeliverer *deliverer)
{
	gint64 now_ms = till_central_now_ms(deliverer->central);

	if (now_ms < deliverer->rest_until_ms)
		return MIN(deliverer->rest_until_ms - now_ms, FAULT_PAUSE_MS);
	if (deliverer->outcomes->len > 0 || g_atomic_int_get(&deliverer->woken) != 0)
		return 0;
	return CLAMP(deliverer->next_ms - now_ms, 0, SLEEP_MS);
}

static void *
thread_main(void *user)
{
	TillDeliverer *deliverer = user;

	while (g_atomic_int_get(&deliverer->stop) == 0) {
		gint64 idle = idle_ms(deliverer);
		if (idle > 0) {
			till_outgoing_http_run(deliverer->http, idle, answered_cb, deliverer);
			continue;
		}
		g_atomic_int_set(&deliverer->woken, 0);
		visit(deliverer);
		send_due(deliverer);
	}
	return NULL;
}

void
till_deliverer_start(TillDeliverer *deliverer, const TillDelivererOptions *options)
{
	int result;

	deliverer->options = *options;
	g_atomic_pointer_set(&deliverer->http, till_outgoing_http_new(&options->http));
	g_atomic_int_set(&deliverer->woken, 1);
	result = pthread_create(&deliverer->thread, NULL, thread_main, deliverer);
	g_assert(result == 0);
	pthread_setname_np(deliverer->thread, "deliverer");
}

void
till_deliverer_stop(TillDeliverer *deliverer)
{
	if (deliverer->http == NULL)
		return;
	g_atomic_int_set(&deliverer->stop, 1);
	till_outgoing_http_wake(deliverer->http);
	pthread_join(deliverer->thread, NULL);
}

void
till_deliverer_free(TillDeliverer *deliverer)
{
	if (deliverer == NULL)
		return;
	till_outgoing_http_free(deliverer->http);
	g_hash_table_unref(deliverer->calls);
	g_hash_table_unref(deliverer->failed);
	g_ptr_array_unref(deliverer->outcomes);
	g_ptr_array_unref(deliverer->due);
	g_free(deliverer);
}

void
till_deliverer_poke(TillDeliverer *deliverer)
{
	deliverer->poked = TRUE;
}

void
till_deliverer_committed(TillDeliverer *deliverer)
{
	TillOutgoingHttp *http = g_atomic_pointer_get(&deliverer->http);
	TillDbQuery *query =
	    till_db_query(deliverer->central->db, "SELECT max(number) FROM delivery");
	gint64 newest;

	if (!till_db_fetch_int(query, 0, &newest, NULL) ||
	    (newest == deliverer->newest && !deliverer->poked))
		return;
	deliverer->newest = newest;
	deliverer->poked = FALSE;
	g_atomic_int_set(&deliverer->woken, 1);
	if (http != NULL)
		till_outgoing_http_wake(http);
}
