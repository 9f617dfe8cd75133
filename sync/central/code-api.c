/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api.h"
#include "error.h"
#include "order-change.h"
#include "pickup-key.h"

/* The pickup code of an order, for whoever sends it to the shopper. */

/* Whether one part should rather be shown than another: the first that is not over. */
static gboolean
is_over(const TillFulfilment *fulfilment)
{
	TillFulfilmentState state = till_fulfilment_state(fulfilment);

	return state == TILL_FULFILMENT_DONE || state == TILL_FULFILMENT_CANCELLED;
}

/* The part that is asked for, else the first that is collected at a store and not over, else the
 * first that was. NULL with error. Borrowed from order. */
static TillFulfilment *
find_part(const TillBookedOrder *order, const char *part, GError **error)
{
	TillFulfilment *found = NULL;

	for (guint i = 0; i < order->fulfilments->len; i++) {
		TillFulfilment *fulfilment = g_ptr_array_index(order->fulfilments, i);
		char id[TILL_UUID_TEXT];
		if (*part != '\0' && strcmp(till_uuid_format(&fulfilment->id, id), part) != 0)
			continue;
		if (fulfilment->kind == TILL_FULFILMENT_PICKUP &&
		    (found == NULL || (is_over(found) && !is_over(fulfilment))))
			found = fulfilment;
	}
	if (found == NULL)
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "Order %s has no such part that is collected at a store.",
			    order->record->number);
	return found;
}

static gboolean
answer_code(TillCentral *central, const TillFulfilment *fulfilment, TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	json_t *answer = till_pickup_key_json(central, fulfilment, &error);

	if (answer == NULL) {
		till_response_error(response, error);
		return FALSE;
	}
	till_response_json(response, answer);
	return TRUE;
}

gboolean
till_code_api_show(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillBookedOrder) order =
	    till_order_book_find(central->db, request->arguments[0], &error);
	const TillFulfilment *fulfilment =
	    order != NULL ? find_part(order, till_request_query(request, "fulfilment"), &error)
			  : NULL;

	if (fulfilment != NULL)
		return answer_code(central, fulfilment, response);
	till_response_error(response, error);
	return FALSE;
}

/* The one before counts no more, at a till as soon as it has heard of this. */
static gboolean
renew(TillCentral *central, TillBookedOrder *order, TillFulfilment *fulfilment, const char *channel,
      GError **error)
{
	g_autoptr(TillOrderChange) change = till_order_change_new(central, order, NULL);
	TillUuid id = fulfilment->id;
	TillOrderEvent event = {.kind = "changed",
				.words = "A new pickup code was given out; older ones count no "
					 "more.",
				.who = "",
				.channel = channel,
				.fulfilment = &id};

	if (till_pickup_key_serial(fulfilment) == G_MAXUINT16) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_LIMIT,
				    "No more codes can be given out for this order.");
		return FALSE;
	}
	fulfilment->serial = (guint16)(till_pickup_key_serial(fulfilment) + 1);
	till_order_change_tell(change, &event);
	return till_order_change_write(change, error);
}

gboolean
till_code_api_renew(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const char *part = till_request_query(request, "fulfilment");
	const char *channel = *request->key.channel != '\0' ? request->key.channel : "store";
	g_autoptr(GError) error = NULL;
	g_autoptr(TillBookedOrder) again = NULL;
	TillBookedOrder *order = till_order_book_find(central->db, request->arguments[0], &error);
	TillFulfilment *fulfilment = order != NULL ? find_part(order, part, &error) : NULL;
	char id[TILL_UUID_TEXT] = "";

	if (fulfilment == NULL) {
		till_order_book_free(order);
		till_response_error(response, error);
		return FALSE;
	}
	till_uuid_format(&fulfilment->id, id);
	if (renew(central, order, fulfilment, channel, &error))
		again = till_order_book_find(central->db, id, &error);
	fulfilment = again != NULL ? find_part(again, id, &error) : NULL;
	if (fulfilment != NULL)
		return answer_code(central, fulfilment, response);
	till_response_error(response, error);
	return FALSE;
}
