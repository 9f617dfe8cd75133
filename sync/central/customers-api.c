/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api-help.h"
#include "api.h"
#include "changes.h"
#include "channel-key.h"
#include "counter.h"
#include "error.h"
#include "json.h"
#include "order-request.h"
#include "server-log.h"

/* Customers as resources. What the house thinks of a person (groups, segments) only head office
 * sets; how often they bought, the books count. */

#define PAGE_ROWS 50
#define COLUMNS "SELECT id, name, email, phone, loyalty, groups, segments, purchases, offers "

static void
free_json(gpointer data)
{
	json_decref(data);
}

gboolean
till_customers_api_read(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
			TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);

	request->message = till_order_request_customer_parse(text, size, &error);
	request->message_free = free_json;
	if (request->message == NULL)
		till_response_error(response, error);
	return response->status == 0;
}

/* NULL without error: there is none. */
static json_t *
find_row(TillCentral *central, const char *id, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, COLUMNS "FROM customer WHERE scope = 'chain' AND id = ?1");
	json_t *row = NULL;

	till_db_bind_text(query, 1, id);
	if (till_db_step(query, error)) {
		row = till_changes_row(query, 0, till_collection_find("customer"));
		till_db_reset(query);
	}
	return row;
}

/* A card opens one account. */
static gboolean
check_loyalty(TillCentral *central, const char *id, const json_t *row, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "SELECT count(*) FROM customer WHERE scope = 'chain' AND "
				       "loyalty = ?1 AND loyalty <> '' AND id <> ?2");
	gint64 count;

	till_db_bind_text(query, 1, json_string_value(json_object_get(row, "loyalty")));
	till_db_bind_text(query, 2, id);
	if (!till_db_fetch_int(query, 0, &count, error))
		return FALSE;
	if (count == 0)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
		    "customer.loyalty is the code of another customer already.");
	return FALSE;
}

static gboolean
may_set_standing(const TillRequest *request, TillResponse *response)
{
	const json_t *row = request->message;

	if ((json_object_get(row, "groups") == NULL && json_object_get(row, "segments") == NULL) ||
	    strcmp(request->key.channel, TILL_CHANNEL_OFFICE) == 0)
		return TRUE;
	till_response_problem(response, TILL_PROBLEM_FORBIDDEN,
			      "Only a key of the channel office sets groups and segments.");
	return FALSE;
}

/* The row with what is kept of the one before. FALSE with error. */
static gboolean
put_row(TillCentral *central, const char *id, json_t *row, json_t *before, GError **error)
{
	static const char *const kept[] = {"groups", "segments", "purchases"};
	TillChanges changes;

	till_json_put_text(row, "id", id);
	for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
		json_t *value = json_object_get(before, kept[i]);
		if (value != NULL && json_object_get(row, kept[i]) == NULL)
			json_object_set(row, kept[i], value);
	}
	return check_loyalty(central, id, row, error) &&
	       till_changes_open(central->db, TILL_CHANGES_CHAIN, &changes, error) &&
	       till_changes_put(&changes, till_collection_find("customer"), row, error) &&
	       till_changes_close(&changes, error);
}

gboolean
till_customers_api_create(TillCentral *central, TillRequest *request, TillResponse *response)
{
	TillUuid id = till_uuid_random();
	char text[TILL_UUID_TEXT];
	g_autoptr(GError) error = NULL;

	if (!may_set_standing(request, response))
		return FALSE;
	till_uuid_format(&id, text);
	if (!put_row(central, text, request->message, NULL, &error)) {
		till_api_fail(response, error);
		return FALSE;
	}
	till_server_log("customer", "made id=%s by=%s", text, request->key.name);
	till_api_created(response, "/v1/customers/", text, find_row(central, text, NULL));
	return TRUE;
}

gboolean
till_customers_api_one(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	json_t *row = find_row(central, request->arguments[0], &error);

	if (error != NULL)
		till_response_error(response, error);
	else if (row == NULL)
		till_response_problem(response, TILL_PROBLEM_NOT_FOUND,
				      "There is no customer \"%.64s\".", request->arguments[0]);
	else
		till_response_json(response, row);
	return TRUE;
}

gboolean
till_customers_api_put(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const char *id = request->arguments[0];
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) before = find_row(central, id, &error);

	if (error == NULL && before == NULL) {
		till_response_problem(response, TILL_PROBLEM_NOT_FOUND,
				      "There is no customer \"%.64s\".", id);
		return FALSE;
	}
	if (error == NULL && !may_set_standing(request, response))
		return FALSE;
	if (error != NULL || !put_row(central, id, request->message, before, &error)) {
		till_api_fail(response, error);
		return FALSE;
	}
	till_response_json(response, find_row(central, id, NULL));
	return TRUE;
}

/* --- searching --- */

/* Whose name begins so, in any letters. */
static gboolean
list_names(TillCentral *central, const char *text, const char *after, json_t *list, GError **error)
{
	TillDbQuery *query = till_db_query(
	    central->db, COLUMNS "FROM customer WHERE scope = 'chain' AND name >= ?1 COLLATE "
				 "NOCASE AND name < ?2 COLLATE NOCASE AND id > ?3 "
				 "ORDER BY id LIMIT ?4");
	/* No character sorts behind this one. */
	g_autofree char *end = g_strconcat(text, "\xf4\x8f\xbf\xbf", NULL);
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, text);
	till_db_bind_text(query, 2, end);
	till_db_bind_text(query, 3, after);
	till_db_bind_int(query, 4, PAGE_ROWS);
	while (till_db_step(query, &local))
		json_array_append_new(list,
				      till_changes_row(query, 0, till_collection_find("customer")));
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

gboolean
till_customers_api_list(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const char *text = till_request_query(request, "query");
	const char *after = till_request_query(request, "after");
	g_autoptr(TillCustomer) known = till_counter_customer(central->db, text, NULL);
	g_autoptr(json_t) answer = json_object();
	g_autoptr(GError) error = NULL;
	json_t *list = json_array();

	json_object_set_new(answer, "customers", list);
	if (*text == '\0') {
		till_response_problem(response, TILL_PROBLEM_INVALID,
				      "Say whom: query is an id, loyalty code, mail, phone or the "
				      "beginning of a name.");
		return TRUE;
	}
	if (known != NULL && *after == '\0')
		json_array_append_new(list, find_row(central, known->id, &error));
	else if (!list_names(central, text, after, list, &error))
		g_assert(error != NULL);
	if (error != NULL) {
		till_response_error(response, error);
		return TRUE;
	}
	if (json_array_size(list) == PAGE_ROWS)
		json_object_set(answer, "next",
				json_object_get(json_array_get(list, PAGE_ROWS - 1), "id"));
	till_response_json(response, g_steal_pointer(&answer));
	return TRUE;
}
