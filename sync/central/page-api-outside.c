/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api.h"
#include "order-change.h"
#include "page-words.h"
#include "pickup-key.h"
#include "server-log.h"
#include "status-page.h"

/* "I'm outside", said on a shopper's page: a form that works without JavaScript. It is written like
 * any other change of the order, so that the store's board hears of it by its feed at once. */

/* A field of the form, "" when it is not there or no text. Caller frees. */
static char *
read_field(GBytes *body, const char *name)
{
	gsize size;
	const char *text = g_bytes_get_data(body, &size);
	g_autoptr(GHashTable) fields =
	    g_uri_parse_params(text, (gssize)size, "&", G_URI_PARAMS_WWW_FORM, NULL);
	const char *value = fields != NULL ? g_hash_table_lookup(fields, name) : NULL;

	return g_strdup(value != NULL && g_utf8_validate(value, -1, NULL) ? value : "");
}

static void
see_page(TillRequest *request, TillResponse *response)
{
	g_autofree char *address = g_strconcat("/p/", request->arguments[0], NULL);

	till_response_clear(response);
	response->status = 303;
	response->content_type = "text/plain";
	response->body = g_bytes_new_static("", 0);
	till_response_header(response, "Location", address);
}

static gboolean
is_awaited(const TillFulfilment *fulfilment)
{
	TillFulfilmentState state = till_fulfilment_state(fulfilment);

	return fulfilment->kind == TILL_FULFILMENT_PICKUP &&
	       (state == TILL_FULFILMENT_READY || state == TILL_FULFILMENT_PART);
}

/* What the form says, into the fulfilment; FALSE: it says nothing new. Caller frees the words. */
static gboolean
apply_form(TillFulfilment *fulfilment, GBytes *body, gint64 now_ms, const char **out_kind,
	   char **out_words)
{
	g_autofree char *here = read_field(body, "here");
	g_autofree char *bay = read_field(body, "bay");
	g_autofree char *car = read_field(body, "car");
	g_autofree char *arrival = NULL;

	if (strcmp(here, "no") == 0) {
		if (fulfilment->arrived_ms == 0)
			return FALSE;
		fulfilment->arrived_ms = 0;
		g_free(fulfilment->arrival);
		fulfilment->arrival = g_strdup("");
		*out_kind = "changed";
		*out_words = g_strdup("The shopper is not outside any more.");
		return TRUE;
	}
	arrival = till_status_page_arrival(bay, car);
	if (!is_awaited(fulfilment) ||
	    (fulfilment->arrived_ms != 0 && strcmp(arrival, fulfilment->arrival) == 0))
		return FALSE;
	if (fulfilment->arrived_ms == 0)
		fulfilment->arrived_ms = now_ms;
	g_free(fulfilment->arrival);
	fulfilment->arrival = g_steal_pointer(&arrival);
	*out_kind = "outside";
	*out_words = *fulfilment->arrival != '\0'
			 ? g_strdup_printf("The shopper is outside: %s.", fulfilment->arrival)
			 : g_strdup("The shopper is outside.");
	return TRUE;
}

static gboolean
write_arrival(TillCentral *central, TillRequest *request, TillBookedOrder *order, GError **error)
{
	const TillPickupToken *token = request->message;
	TillFulfilment *fulfilment = till_order_book_fulfilment(order, &token->fulfilment);
	g_autoptr(TillOrderChange) change = till_order_change_new(central, order, NULL);
	g_autofree char *words = NULL;
	TillOrderEvent event = {.channel = "web", .fulfilment = &token->fulfilment, .who = ""};

	if (fulfilment == NULL || token->serial < till_pickup_key_serial(fulfilment) ||
	    !apply_form(fulfilment, request->body, till_central_now_ms(central), &event.kind,
			&words))
		return TRUE;
	event.words = words;
	till_order_change_tell(change, &event);
	return till_order_change_write(change, error);
}

gboolean
till_page_api_outside(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const TillPickupToken *token = request->message;
	g_autoptr(GError) error = NULL;
	char id[TILL_UUID_TEXT];
	TillBookedOrder *order =
	    till_order_book_find(central->db, till_uuid_format(&token->fulfilment, id), &error);

	/* What is wrong with the code is told by the page. */
	if (order != NULL && !write_arrival(central, request, order, &error)) {
		till_server_log("outside", "reason=\"%s\"", error->message);
		till_response_error(response, error);
		return FALSE;
	}
	see_page(request, response);
	return TRUE;
}
