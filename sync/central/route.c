/* SPDX-License-Identifier: Apache-2.0 */
#include "route.h"

#include <pthread.h>
#include <string.h>

#include "api.h"
#include "idempotency.h"
#include "messages.h"
#include "order-request.h"
#include "promo-json.h"
#include "return-policy.h"
#include "snapshots.h"

#define SMALL_BODY (16 * 1024)

static const TillRoute routes[] = {
    {"GET", "/v1/health", TILL_AUTH_NONE, FALSE, 0, TILL_ROUTE_HERE, NULL, till_info_api_health,
     NULL},
    {"GET", "/v1/openapi.json", TILL_AUTH_NONE, TRUE, 0, TILL_ROUTE_HERE, NULL,
     till_info_api_openapi, NULL},
    {"GET", "/v1/ca", TILL_AUTH_NONE, TRUE, 0, TILL_ROUTE_HERE, NULL, till_info_api_ca, NULL},
    {"POST", "/v1/enrol", TILL_AUTH_NONE, TRUE, SMALL_BODY, TILL_ROUTE_WRITER, NULL,
     till_enrol_api_enrol, NULL},
    {"POST", "/v1/t/{terminal}/hello", TILL_AUTH_TERMINAL_HELLO, TRUE, TILL_WIRE_BODY_MAX,
     TILL_ROUTE_WRITER, till_hello_api_read, till_hello_api_hello, NULL},
    {"POST", "/v1/t/{terminal}/push", TILL_AUTH_TERMINAL, FALSE, TILL_WIRE_BODY_MAX,
     TILL_ROUTE_WRITER, till_push_api_read, till_push_api_push, till_push_api_meanwhile},
    {"PUT", "/v1/t/{terminal}/body/{hash}", TILL_AUTH_TERMINAL, TRUE, TILL_WIRE_BODY_MAX,
     TILL_ROUTE_WRITER, NULL, till_push_api_body, NULL},
    {"GET", "/v1/t/{terminal}/journal", TILL_AUTH_TERMINAL, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_journal_api_list, NULL},
    {"GET", "/v1/feed", TILL_AUTH_TERMINAL, TRUE, 0, TILL_ROUTE_WRITER, NULL, till_feed_api_page,
     NULL},
    {"GET", "/v1/snapshot", TILL_AUTH_TERMINAL, TRUE, 0, TILL_ROUTE_SNAPSHOT, NULL,
     till_feed_api_snapshot, NULL},
    {"GET", "/v1/events", TILL_AUTH_TERMINAL, TRUE, 0, TILL_ROUTE_HERE, NULL, till_feed_api_events,
     NULL},
    {"POST", "/v1/quote", TILL_AUTH_CHANNEL, TRUE, TILL_WIRE_BODY_MAX, TILL_ROUTE_WRITER,
     till_quote_api_read, till_quote_api_quote, NULL},
    {"GET", "/v1/sales", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL, till_sales_api_find,
     NULL},
    {"POST", "/v1/returns/quote", TILL_AUTH_CHANNEL, TRUE, TILL_WIRE_BODY_MAX, TILL_ROUTE_WRITER,
     till_returns_api_read, till_returns_api_quote, NULL},
    {"GET", "/v1/promotions", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_rules_api_promotions, NULL},
    {"GET", "/v1/promotions/{id}", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_rules_api_promotion, NULL},
    {"POST", "/v1/promotions/test", TILL_AUTH_OFFICE, TRUE, TILL_PROMO_JSON_MAX, TILL_ROUTE_ASIDE,
     till_promotion_test_api_read, till_promotion_test_api_run, NULL},
    {"PUT", "/v1/promotions/{id}", TILL_AUTH_OFFICE, TRUE, TILL_PROMO_JSON_MAX, TILL_ROUTE_WRITER,
     till_rules_api_read, till_rules_api_put, NULL},
    {"DELETE", "/v1/promotions/{id}", TILL_AUTH_OFFICE, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_rules_api_end, NULL},
    {"GET", "/v1/policies/returns", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_policy_api_get, NULL},
    {"PUT", "/v1/policies/returns", TILL_AUTH_OFFICE, TRUE, TILL_RETURN_POLICY_MAX,
     TILL_ROUTE_WRITER, till_policy_api_read, till_policy_api_put, NULL},
    {"GET", "/v1/prices", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_rules_api_prices, NULL},
    {"GET", "/v1/taxes", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL, till_rules_api_taxes,
     NULL},
    {"POST", "/v1/customers", TILL_AUTH_CHANNEL, TRUE, SMALL_BODY, TILL_ROUTE_WRITER,
     till_customers_api_read, till_customers_api_create, NULL},
    {"GET", "/v1/customers", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_customers_api_list, NULL},
    {"GET", "/v1/customers/{id}", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_customers_api_one, NULL},
    {"PUT", "/v1/customers/{id}", TILL_AUTH_CHANNEL, TRUE, SMALL_BODY, TILL_ROUTE_WRITER,
     till_customers_api_read, till_customers_api_put, NULL},
    {"GET", "/v1/stores", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL, till_stores_api_list,
     NULL},
    {"GET", "/v1/availability", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_stores_api_availability, NULL},
    {"POST", "/v1/carts", TILL_AUTH_CHANNEL, TRUE, TILL_CART_MAX, TILL_ROUTE_WRITER,
     till_carts_api_read, till_carts_api_create, NULL},
    {"GET", "/v1/carts", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL, till_carts_api_list,
     NULL},
    {"GET", "/v1/carts/{id}", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_carts_api_one, NULL},
    {"PUT", "/v1/carts/{id}", TILL_AUTH_CHANNEL, TRUE, TILL_CART_MAX, TILL_ROUTE_WRITER,
     till_carts_api_read, till_carts_api_put, NULL},
    {"DELETE", "/v1/carts/{id}", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_carts_api_drop, NULL},
    {"POST", "/v1/orders", TILL_AUTH_CHANNEL, TRUE, TILL_ORDER_REQUEST_MAX, TILL_ROUTE_WRITER,
     till_orders_api_read, till_orders_api_place, NULL},
    {"GET", "/v1/orders", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL, till_orders_api_list,
     NULL},
    {"GET", "/v1/orders/{id}", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_orders_api_one, NULL},
    {"GET", "/v1/orders/{id}/timeline", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_orders_api_timeline, NULL},
    {"POST", "/v1/orders/{id}/cancel", TILL_AUTH_CHANNEL, TRUE, TILL_ORDER_REQUEST_MAX,
     TILL_ROUTE_WRITER, till_orders_api_read_cancel, till_orders_api_cancel, NULL},
    {"POST", "/v1/orders/{id}/change", TILL_AUTH_CHANNEL, TRUE, SMALL_BODY, TILL_ROUTE_WRITER,
     till_orders_api_read_change, till_orders_api_change, NULL},
    {"POST", "/v1/orders/{id}/notes", TILL_AUTH_CHANNEL, TRUE, SMALL_BODY, TILL_ROUTE_WRITER,
     till_orders_api_read_note, till_orders_api_note, NULL},
    {"POST", "/v1/orders/{id}/payments", TILL_AUTH_CHANNEL, TRUE, SMALL_BODY, TILL_ROUTE_WRITER,
     till_orders_api_read_payment, till_orders_api_pay, NULL},
    {"GET", "/v1/orders/{id}/code", TILL_AUTH_CHANNEL, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_code_api_show, NULL},
    {"POST", "/v1/orders/{id}/code", TILL_AUTH_CHANNEL, TRUE, SMALL_BODY, TILL_ROUTE_WRITER, NULL,
     till_code_api_renew, NULL},
    {"GET", "/p/{token}", TILL_AUTH_NONE, FALSE, 0, TILL_ROUTE_WRITER, till_page_api_read,
     till_page_api_page, NULL},
    {"GET", "/P/{token}", TILL_AUTH_NONE, FALSE, 0, TILL_ROUTE_WRITER, till_page_api_read,
     till_page_api_page, NULL},
    {"GET", "/p/{token}/events", TILL_AUTH_NONE, FALSE, 0, TILL_ROUTE_WRITER, till_page_api_read,
     till_page_api_events, NULL},
    {"GET", "/p/{token}/code.svg", TILL_AUTH_NONE, FALSE, 0, TILL_ROUTE_WRITER, till_page_api_read,
     till_page_api_code, NULL},
    {"POST", "/p/{token}/outside", TILL_AUTH_NONE, FALSE, 4096, TILL_ROUTE_WRITER,
     till_page_api_read, till_page_api_outside, NULL},
    {"GET", "/web/status.css", TILL_AUTH_NONE, FALSE, 0, TILL_ROUTE_HERE, NULL, till_page_api_style,
     NULL},
    {"GET", "/web/status.js", TILL_AUTH_NONE, FALSE, 0, TILL_ROUTE_HERE, NULL, till_page_api_script,
     NULL},
    {"POST", "/v1/webhooks", TILL_AUTH_OFFICE, TRUE, SMALL_BODY, TILL_ROUTE_WRITER,
     till_webhook_api_read, till_webhook_api_make, NULL},
    {"GET", "/v1/webhooks", TILL_AUTH_OFFICE, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_webhook_api_list, NULL},
    {"DELETE", "/v1/webhooks/{id}", TILL_AUTH_OFFICE, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_webhook_api_delete, NULL},
    {"GET", "/v1/webhooks/{id}/deliveries", TILL_AUTH_OFFICE, TRUE, 0, TILL_ROUTE_WRITER, NULL,
     till_webhook_api_deliveries, NULL},
    {"POST", "/v1/webhooks/{id}/deliveries/{number}/retry", TILL_AUTH_OFFICE, TRUE, SMALL_BODY,
     TILL_ROUTE_WRITER, NULL, till_webhook_api_retry, NULL},
};

const TillRoute *
till_route_table(gsize *out_count)
{
	*out_count = G_N_ELEMENTS(routes);
	return routes;
}

/* A segment decoded, or as it came when that gives no text. Caller frees. */
static char *
read_segment(const char *segment)
{
	char *plain = g_uri_unescape_string(segment, NULL);

	if (plain != NULL && g_utf8_validate(plain, -1, NULL))
		return plain;
	g_free(plain);
	return g_strdup(segment);
}

/* Matches one path against one pattern; {names} take one non-empty segment. */
static gboolean
match_pattern(const char *pattern, const char *path, char **arguments, gsize arguments_max)
{
	g_auto(GStrv) parts = g_strsplit(pattern, "/", -1);
	g_auto(GStrv) found = g_strsplit(path, "/", 16);
	gsize count = 0;

	if (g_strv_length(parts) != g_strv_length(found))
		return FALSE;
	for (gsize i = 0; parts[i] != NULL; i++) {
		if (parts[i][0] == '{' ? found[i][0] == '\0' : strcmp(parts[i], found[i]) != 0)
			return FALSE;
	}
	for (gsize i = 0; parts[i] != NULL; i++) {
		if (parts[i][0] == '{' && count < arguments_max)
			arguments[count++] = read_segment(found[i]);
	}
	return TRUE;
}

const TillRoute *
till_route_find(TillRequest *request, TillResponse *response)
{
	gboolean other_method = FALSE;

	for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
		char *arguments[G_N_ELEMENTS(request->arguments)] = {NULL};
		if (!match_pattern(routes[i].pattern, request->path, arguments,
				   G_N_ELEMENTS(arguments)))
			continue;
		if (strcmp(routes[i].method, request->method) == 0) {
			memcpy(request->arguments, arguments, sizeof arguments);
			return &routes[i];
		}
		for (gsize j = 0; j < G_N_ELEMENTS(arguments); j++)
			g_free(arguments[j]);
		other_method = TRUE;
	}
	if (other_method)
		till_response_problem(response, TILL_PROBLEM_METHOD,
				      "This address does not take %s.", request->method);
	else
		till_response_problem(response, TILL_PROBLEM_NOT_FOUND,
				      "There is nothing at this address; see /v1/openapi.json.");
	return NULL;
}

/* A request on its way through another thread. */
typedef struct {
	TillCentral *central;
	const TillRoute *route;
	TillRequest *request;
	TillResponse *response;
	TillRouteDone done;
	gpointer user;
} Passage;

/* What a channel does may come twice; what a till does has ways of its own, and a quote does
 * nothing. */
static gboolean
takes_key(const TillRoute *route)
{
	return strcmp(route->method, "POST") == 0 && route->place == TILL_ROUTE_WRITER &&
	       (route->role == TILL_AUTH_CHANNEL || route->role == TILL_AUTH_OFFICE) &&
	       strcmp(route->pattern, "/v1/quote") != 0;
}

static gboolean
passage_run(gpointer owner, gpointer data)
{
	Passage *passage = data;
	gboolean keyed = takes_key(passage->route);

	if (keyed && till_idempotency_replay(owner, passage->request, passage->response))
		return TRUE;
	if (!passage->route->run(owner, passage->request, passage->response))
		return FALSE;
	if (!keyed || till_idempotency_keep(owner, passage->request, passage->response))
		return TRUE;
	/* Nothing may be done that would be done again. */
	till_response_clear(passage->response);
	return FALSE;
}

static void
passage_done_cb(gpointer data, const GError *error)
{
	Passage *passage = data;

	/* The handler undid its first, quick try. */
	if (error == NULL && passage->response->status == 0 && passage->request->careful) {
		till_writer_post(passage->central->writer, passage_run, passage_done_cb, passage);
		return;
	}
	if (error != NULL || passage->response->status == 0)
		till_response_problem(passage->response, TILL_PROBLEM_BUSY,
				      "The central could not store this; send it again.");
	passage->done(passage->user);
	g_free(passage);
}

static void
passage_snapshot_cb(const TillSnapshot *snapshot, const GError *error, gpointer user)
{
	Passage *passage = user;
	TillResponse *response = passage->response;
	g_autofree char *cursors = NULL;

	if (snapshot == NULL) {
		till_response_problem(response, TILL_PROBLEM_BUSY, "%s", error->message);
		response->retry_after_s = 2;
	} else {
		cursors = g_strdup_printf(
		    "chain=%s.%" G_GINT64_FORMAT ",store:%s=%s.%" G_GINT64_FORMAT,
		    passage->central->epoch, snapshot->chain_seq, passage->request->arguments[0],
		    passage->central->epoch, snapshot->store_seq);
		response->status = 200;
		response->kind = TILL_RESPONSE_FILE;
		response->content_type = "application/vnd.sqlite3";
		response->path = g_strdup(snapshot->path);
		till_response_header(response, TILL_WIRE_HASH_HEADER, snapshot->hash);
		till_response_header(response, TILL_WIRE_CURSOR_HEADER, cursors);
	}
	passage->done(passage->user);
	g_free(passage);
}

static void *
aside_main(void *user)
{
	Passage *passage = user;
	TillCentral *central = passage->central;

	passage->route->run(central, passage->request, passage->response);
	g_atomic_int_set(&central->aside, 0);
	/* From here on nothing of the central may be touched: it may be waiting for us to end. */
	passage->done(passage->user);
	g_free(passage);
	return NULL;
}

static void
run_aside(Passage *passage)
{
	pthread_t thread;

	if (g_atomic_int_compare_and_exchange(&passage->central->aside, 0, 1)) {
		if (pthread_create(&thread, NULL, aside_main, passage) == 0) {
			pthread_detach(thread);
			return;
		}
		g_atomic_int_set(&passage->central->aside, 0);
	}
	till_response_problem(passage->response, TILL_PROBLEM_BUSY,
			      "Another such question is being worked on; ask again when it is "
			      "answered.");
	passage->response->retry_after_s = 2;
	passage->done(passage->user);
	g_free(passage);
}

/* A terminal may speak for itself only. */
static gboolean
check_terminal_argument(const TillRoute *route, TillRequest *request, TillResponse *response)
{
	if (!g_str_has_prefix(route->pattern, "/v1/t/{terminal}/") ||
	    g_ascii_strcasecmp(request->arguments[0], request->terminal.terminal_id) == 0)
		return TRUE;
	till_response_problem(response, TILL_PROBLEM_FORBIDDEN,
			      "The address names another terminal than the signature.");
	return FALSE;
}

static gboolean
admit(TillCentral *central, const TillRoute *route, TillRequest *request, TillResponse *response)
{
	if (g_bytes_get_size(request->body) > route->body_max) {
		till_response_problem(response, TILL_PROBLEM_TOO_LARGE,
				      "At most %" G_GSIZE_FORMAT " bytes may be sent here.",
				      route->body_max);
		return FALSE;
	}
	return till_auth_check(central, route->role, route->metered, request, response) &&
	       check_terminal_argument(route, request, response) &&
	       (!takes_key(route) ||
		till_idempotency_check(request, strcmp(route->pattern, "/v1/orders") == 0,
				       response)) &&
	       (route->prepare == NULL || route->prepare(central, request, response));
}

void
till_route_start(TillCentral *central, const TillRoute *route, TillRequest *request,
		 TillResponse *response, TillRouteDone done, gpointer user)
{
	Passage *passage;

	if (!admit(central, route, request, response)) {
		done(user);
		return;
	}
	if ((route->place == TILL_ROUTE_HERE || route->place == TILL_ROUTE_SNAPSHOT) &&
	    (!route->run(central, request, response) || route->place == TILL_ROUTE_HERE)) {
		done(user);
		return;
	}
	passage = g_new0(Passage, 1);
	passage->central = central;
	passage->route = route;
	passage->request = request;
	passage->response = response;
	passage->done = done;
	passage->user = user;
	if (route->place == TILL_ROUTE_WRITER)
		till_writer_post(central->writer, passage_run, passage_done_cb, passage);
	else if (route->place == TILL_ROUTE_ASIDE)
		run_aside(passage);
	else
		till_snapshots_request(central->snapshots, request->arguments[0],
				       passage_snapshot_cb, passage);
	if (route->meanwhile != NULL)
		route->meanwhile(central, request);
}

typedef struct {
	pthread_mutex_t lock;
	pthread_cond_t finished;
	gboolean done; /* guarded by lock */
} Wait;

static void
wait_done_cb(gpointer user)
{
	Wait *wait = user;

	pthread_mutex_lock(&wait->lock);
	wait->done = TRUE;
	pthread_cond_signal(&wait->finished);
	pthread_mutex_unlock(&wait->lock);
}

void
till_route_handle(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const TillRoute *route = till_route_find(request, response);
	Wait wait = {.done = FALSE};

	if (route == NULL)
		return;
	pthread_mutex_init(&wait.lock, NULL);
	pthread_cond_init(&wait.finished, NULL);
	till_route_start(central, route, request, response, wait_done_cb, &wait);
	pthread_mutex_lock(&wait.lock);
	while (!wait.done)
		pthread_cond_wait(&wait.finished, &wait.lock);
	pthread_mutex_unlock(&wait.lock);
	pthread_cond_destroy(&wait.finished);
	pthread_mutex_destroy(&wait.lock);
}
