/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

#include <string.h>

#include "error.h"
#include "feed.h"
#include "http.h"
#include "identity.h"
#include "json.h"
#include "messages.h"
#include "outbox.h"
#include "problem.h"
#include "signature.h"
#include "text.h"

#define POLL_MS 200

/* What the store thread gives: all that the request needs, so that asking touches the store no
 * more. */
typedef struct {
	TillHealth health;
	char *url;
	char *ca_pem;
	char *target;
	char *signature; /* the header's value */
} Facts;

typedef struct {
	TillHealth *health; /* borrowed */
	gboolean is_done;
} Asking;

static gint64
note_number(TillStore *store, const char *name)
{
	g_autofree char *text = till_outbox_note_get(store, name, NULL);
	gint64 number = 0;
	return text != NULL && till_text_parse_int(text, G_MININT64, G_MAXINT64, &number) ? number
											  : 0;
}

static gboolean
fill_counts(TillStore *store, TillHealth *health, GError **error)
{
	TillOutboxCounts counts;
	if (!till_outbox_counts(store, &counts, error))
		return FALSE;
	gint64 now_ms = till_clock_wall_ms(till_store_clock(store));
	health->pending = counts.pending;
	health->sales_pending = counts.sales_pending;
	health->held = counts.held;
	health->parked = counts.parked;
	if (counts.oldest_pending_wall_ms > 0)
		health->oldest_pending_s = MAX((now_ms - counts.oldest_pending_wall_ms) / 1000, 0);
	health->last_success_ms = note_number(store, "last_success_ms");
	health->clock_skew_ms = note_number(store, "offset_ms");
	gint64 fresh_ms = note_number(store, "feed_up_to_date_ms");
	health->cursor_age_s = fresh_ms == 0 ? -1 : MAX((now_ms - fresh_ms) / 1000, 0);
	return TRUE;
}

static gboolean
run_facts(gpointer owner, gpointer data, GError **error)
{
	Facts *facts = data;
	TillHealth *health = &facts->health;
	*health = (TillHealth){.state = TILL_HEALTH_OFFLINE, .cursor_age_s = -1};
	if (!fill_counts(owner, health, error))
		return FALSE;
	g_autoptr(TillIdentity) identity = till_identity_load(owner, NULL);
	if (identity == NULL) {
		g_strlcpy(health->reason, "This till is not enrolled.", sizeof health->reason);
		return TRUE;
	}
	const TillSigningKey *key = till_identity_key(owner, error);
	if (key == NULL)
		return FALSE;
	TillFeedCursor cursor = {.seq = 0};
	g_autofree char *scope = g_strconcat("store:", identity->store_code, NULL);
	if (!till_feed_cursor(owner, scope, &cursor, error))
		return FALSE;
	if (cursor.epoch[0] != '\0')
		g_snprintf(health->cursor, sizeof health->cursor, "%s.%" G_GINT64_FORMAT,
			   cursor.epoch, cursor.seq);
	facts->url = g_strdup(identity->server_url);
	facts->ca_pem = g_strdup(identity->ca_pem);
	facts->target = g_strdup_printf("/v1/feed?scope=%s&cursor=%s", scope, health->cursor);
	facts->signature = till_signature_make(
	    key, identity->terminal_id, "GET", facts->target, NULL, 0,
	    till_clock_wall_ms(till_store_clock(owner)) + health->clock_skew_ms);
	return TRUE;
}

static void
set_reason(TillHealth *health, const char *words)
{
	g_strlcpy(health->reason, words, sizeof health->reason);
}

/* A problem of ours is an answer too; the kinds that leave us out in the cold are not online. */
static void
judge_problem(TillHealth *health, const TillProblem *problem)
{
	switch (problem->kind) {
	case TILL_PROBLEM_GONE:
		health->online = TRUE;
		return;
	case TILL_PROBLEM_UNAUTHORISED:
	case TILL_PROBLEM_FORBIDDEN:
		health->state = TILL_HEALTH_ATTENTION;
		break;
	case TILL_PROBLEM_INVALID:
	case TILL_PROBLEM_NOT_FOUND:
	case TILL_PROBLEM_METHOD:
	case TILL_PROBLEM_GAP:
	case TILL_PROBLEM_ROLLBACK:
	case TILL_PROBLEM_FORK:
	case TILL_PROBLEM_SESSION:
	case TILL_PROBLEM_VERSION:
	case TILL_PROBLEM_TOO_LARGE:
	case TILL_PROBLEM_STATE:
	case TILL_PROBLEM_STOCK:
	case TILL_PROBLEM_PRECONDITION:
	case TILL_PROBLEM_KEY_REUSED:
	case TILL_PROBLEM_TOO_MANY:
	case TILL_PROBLEM_INTERNAL:
	case TILL_PROBLEM_BUSY:
	default:
		break;
	}
	set_reason(health,
		   problem->detail != NULL ? problem->detail : "The central refuses this till.");
}

static void
judge(TillHealth *health, const TillHttpAnswer *answer)
{
	if (answer->status == 0) {
		set_reason(health, answer->trouble);
		return;
	}
	g_autoptr(json_t) json =
	    till_json_parse((const char *)answer->body->data, answer->body->len,
			    TILL_WIRE_BODY_MAX * 8, "answer", NULL);
	TillProblem problem = {.detail = NULL};
	TillWireFeedPage *page =
	    json != NULL && answer->status == 200 ? till_messages_read_feed_page(json, NULL) : NULL;
	if (page != NULL) {
		health->online = TRUE;
		till_messages_free_feed_page(page);
	} else if (json != NULL && till_problem_read(json, &problem)) {
		judge_problem(health, &problem);
		till_problem_clear(&problem);
	} else {
		set_reason(health, "Something other than the central answered; the network may "
				   "ask for a sign-in page.");
	}
}

static void
answered_cb(const TillHttpAnswer *answer, gpointer user)
{
	Asking *asking = user;
	judge(asking->health, answer);
	asking->is_done = TRUE;
}

static void
ask(const Facts *facts, const TillClock *clock, gint64 timeout_ms, TillHealth *health)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillHttp) http =
	    till_http_new(facts->url, facts->ca_pem, TILL_HTTP_PINNED, clock, &error);
	if (http == NULL) {
		set_reason(health, error->message);
		return;
	}
	g_autofree char *header = g_strconcat(TILL_SIGNATURE_HEADER, ": ", facts->signature, NULL);
	const char *headers[] = {header, NULL};
	Asking asking = {.health = health};
	TillHttpOptions options = {
	    .method = "GET",
	    .target = facts->target,
	    .headers = headers,
	    .answer_max = TILL_WIRE_BODY_MAX * 8,
	    .done = answered_cb,
	    .user = &asking,
	};
	set_reason(health, "The central did not answer in time.");
	(void)till_http_start(http, &options);
	gint64 deadline = till_clock_mono_ms(clock) + timeout_ms;
	while (!asking.is_done && till_clock_mono_ms(clock) < deadline)
		till_http_poll(http, POLL_MS);
}

gboolean
till_probe_run(TillStore *store, gint64 timeout_ms, TillHealth *out_health, GError **error)
{
	Facts facts = {.url = NULL};
	if (!till_worker_call(till_store_worker(store), run_facts, &facts, error))
		return FALSE;
	TillHealth *health = &facts.health;
	if (facts.url != NULL)
		ask(&facts, till_store_clock(store), timeout_ms, health);
	if (health->online) {
		gboolean needs_person = health->held > 0 || health->parked > 0;
		health->state = needs_person          ? TILL_HEALTH_ATTENTION
				: health->pending > 0 ? TILL_HEALTH_SENDING
						      : TILL_HEALTH_ONLINE;
		health->reason[0] = '\0';
	}
	*out_health = *health;
	g_free(facts.url);
	g_free(facts.ca_pem);
	g_free(facts.target);
	g_free(facts.signature);
	return TRUE;
}
