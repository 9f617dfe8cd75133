/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api.h"
#include "deliverer.h"
#include "deliveries.h"
#include "error.h"
#include "json.h"
#include "outbox-events.h"
#include "server-log.h"
#include "text.h"
#include "webhook-url.h"
#include "webhooks.h"

/* Who wants to be told of what, for head office's programs. */

#define TYPES_MAX 50
#define TYPE_MAX 64

/* What a new webhook was asked with. */
typedef struct {
	char *url;
	GPtrArray *types; /* of char*, NULL-terminated */
} Wish;

static void
free_wish(gpointer data)
{
	Wish *wish = data;

	g_free(wish->url);
	g_ptr_array_unref(wish->types);
	g_free(wish);
}

static void
read_types(TillJsonReader *reader, GPtrArray *out)
{
	json_t *types = till_json_array(reader, "types", TYPES_MAX);
	size_t index;
	json_t *value;

	json_array_foreach(types, index, value)
	{
		const char *type = json_string_value(value);
		if (type == NULL || !till_outbox_events_type_known(type)) {
			till_json_fault(reader, "types",
					"names no type of event; see /v1/openapi.json");
			return;
		}
		if (!g_ptr_array_find_with_equal_func(out, type, g_str_equal, NULL))
			g_ptr_array_add(out, g_strdup(type));
	}
}

static gboolean
read_wish(TillCentral *central, const json_t *object, Wish *out, GError **error)
{
	TillJsonReader reader = till_json_reader(object, "webhook");

	out->types = g_ptr_array_new_with_free_func(g_free);
	out->url = g_strdup(till_json_string(&reader, "url", TILL_WEBHOOK_URL_MAX));
	read_types(&reader, out->types);
	g_ptr_array_add(out->types, NULL);
	return till_json_reader_finish(&reader, error) &&
	       till_webhook_url_check(out->url, till_deliverer_private_too(central->deliverer),
				      error);
}

gboolean
till_webhook_api_read(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);
	g_autoptr(json_t) object = till_json_parse(text, size, size, "webhook", &error);
	Wish *wish;

	if (object == NULL) {
		till_response_error(response, error);
		return FALSE;
	}
	wish = g_new0(Wish, 1);
	request->message = wish;
	request->message_free = free_wish;
	if (!read_wish(central, object, wish, &error))
		till_response_error(response, error);
	return response->status == 0;
}

gboolean
till_webhook_api_make(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const Wish *wish = request->message;
	g_autoptr(GError) error = NULL;
	json_t *answer =
	    till_webhooks_make(central, wish->url, (const char *const *)wish->types->pdata, &error);

	if (answer == NULL && g_error_matches(error, TILL_ERROR, TILL_ERROR_LIMIT)) {
		till_response_problem(response, TILL_PROBLEM_STATE, "%s", error->message);
		return FALSE;
	}
	if (answer == NULL) {
		till_response_error(response, error);
		return FALSE;
	}
	till_server_log("webhook", "made webhook=%s key=%s",
			json_string_value(json_object_get(answer, "id")), request->key.name);
	till_response_json(response, answer);
	response->status = 201;
	return TRUE;
}

gboolean
till_webhook_api_list(TillCentral *central, TillRequest *request G_GNUC_UNUSED,
		      TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	json_t *list = till_webhooks_list(central, &error);
	json_t *answer;

	if (list == NULL) {
		till_response_error(response, error);
		return TRUE;
	}
	answer = json_object();
	json_object_set_new(answer, "webhooks", list);
	till_response_json(response, answer);
	return TRUE;
}

gboolean
till_webhook_api_delete(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	json_t *answer;

	if (!till_webhooks_delete(central, request->arguments[0], &error)) {
		till_response_error(response, error);
		return FALSE;
	}
	till_server_log("webhook", "deleted webhook=%.40s key=%s", request->arguments[0],
			request->key.name);
	answer = json_object();
	till_json_put_text(answer, "id", request->arguments[0]);
	till_json_put_bool(answer, "deleted", TRUE);
	till_response_json(response, answer);
	return TRUE;
}

/* FALSE: response holds the problem. */
static gboolean
check_there(TillCentral *central, const char *id, TillResponse *response)
{
	TillDbQuery *query =
	    till_db_query(central->db, "SELECT count(*) FROM webhook WHERE id = ?1");
	g_autoptr(GError) error = NULL;
	gint64 count;

	till_db_bind_text(query, 1, id);
	if (!till_db_fetch_int(query, 0, &count, &error))
		till_response_error(response, error);
	else if (count == 0)
		till_response_problem(response, TILL_PROBLEM_NOT_FOUND,
				      "There is no webhook \"%.64s\".", id);
	return response->status == 0;
}

gboolean
till_webhook_api_deliveries(TillCentral *central, TillRequest *request, TillResponse *response)
{
	static const char *const states[] = {"", "queued", "waiting", "delivered", "dead", NULL};
	const char *state = till_request_query(request, "state");
	const char *after_text = till_request_query(request, "after");
	g_autoptr(GError) error = NULL;
	gint64 after = 0;
	json_t *list, *answer, *last;

	if (!g_strv_contains(states, state) ||
	    (*after_text != '\0' && !till_text_parse_int(after_text, 0, G_MAXINT64, &after))) {
		till_response_problem(response, TILL_PROBLEM_INVALID,
				      "state is one of queued, waiting, delivered, dead; after is "
				      "the number of a delivery.");
		return TRUE;
	}
	if (!check_there(central, request->arguments[0], response))
		return TRUE;
	list = till_deliveries_list(central->db, request->arguments[0], state, after, &error);
	if (list == NULL) {
		till_response_error(response, error);
		return TRUE;
	}
	answer = json_object();
	json_object_set_new(answer, "deliveries", list);
	if (json_array_size(list) == TILL_DELIVERIES_PAGE) {
		last = json_array_get(list, TILL_DELIVERIES_PAGE - 1);
		json_object_set(answer, "next", json_object_get(last, "number"));
	}
	till_response_json(response, answer);
	return TRUE;
}

gboolean
till_webhook_api_retry(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gint64 number;
	json_t *answer;

	if (!till_text_parse_int(request->arguments[1], 1, G_MAXINT64, &number)) {
		till_response_problem(response, TILL_PROBLEM_NOT_FOUND, "A delivery has a number.");
		return FALSE;
	}
	if (!till_deliveries_retry(central, request->arguments[0], number, &error)) {
		if (g_error_matches(error, TILL_ERROR, TILL_ERROR_STATE))
			till_response_problem(response, TILL_PROBLEM_STATE, "%s", error->message);
		else
			till_response_error(response, error);
		return FALSE;
	}
	till_deliverer_poke(central->deliverer);
	answer = json_object();
	till_json_put_int(answer, "number", number);
	till_json_put_text(answer, "state", "waiting");
	till_response_json(response, answer);
	return TRUE;
}
