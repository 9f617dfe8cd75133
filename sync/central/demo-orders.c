/* SPDX-License-Identifier: Apache-2.0 */
#include "demo-orders.h"

#include <string.h>

#include "cart-book.h"
#include "error.h"
#include "json.h"
#include "order-change.h"
#include "order-place.h"

#define FILE_MAX (256 * 1024)
#define ENTRIES_MAX 100
#define STAFF "Tomas Reyes"

static gboolean
is_empty(TillCentral *central, gboolean *out, GError **error)
{
	gint64 count;

	if (!till_db_fetch_int(till_db_query(central->db, "SELECT count(*) FROM order_book"), 0,
			       &count, error))
		return FALSE;
	*out = count == 0;
	return TRUE;
}

static void
tell(TillOrderChange *change, const TillFulfilment *part, const char *kind, const char *words)
{
	till_order_change_tell(change, &(TillOrderEvent){.kind = kind,
							 .words = words,
							 .who = STAFF,
							 .channel = "store",
							 .fulfilment = &part->id});
}

static gboolean
stage(TillFulfilment *part, const char *place)
{
	for (guint i = 0; i < part->lines->len; i++) {
		gint64 milli = till_order_quantity(part->life, i, TILL_ORDER_ALLOCATED);
		TillOrderMove moves[] = {
		    {.line = i,
		     .from = TILL_ORDER_ALLOCATED,
		     .to = TILL_ORDER_PICKED,
		     .milli = milli},
		    {.line = i, .from = TILL_ORDER_PICKED, .to = TILL_ORDER_STAGED, .milli = milli},
		};
		if (till_order_move_all(part->life, moves, G_N_ELEMENTS(moves), NULL) !=
		    TILL_ORDER_OK)
			return FALSE;
	}
	g_free(part->place);
	part->place = g_strdup(place);
	return TRUE;
}

/* order: taken over. */
static gboolean
work(TillCentral *central, TillBookedOrder *order, const json_t *entry, GError **error)
{
	const char *place = json_string_value(json_object_get(entry, "staged"));
	const char *arrival = json_string_value(json_object_get(entry, "arrival"));
	g_autoptr(TillOrderChange) change = till_order_change_new(central, order, NULL);
	TillOrderRecordPayment *payment = till_order_record_add_payment(order->record);
	TillFulfilment *part = g_ptr_array_index(order->fulfilments, 0);
	g_autofree char *words = NULL;

	g_free(payment->kind);
	payment->kind = g_strdup("card");
	payment->amount_minor = till_order_record_due(order->record);
	payment->at_ms = till_central_now_ms(central);
	till_order_change_tell(change, &(TillOrderEvent){.kind = "paid",
							 .words = "Paid by card.",
							 .channel = order->record->channel});
	if (place != NULL && stage(part, place)) {
		words = g_strdup_printf("Lies at %s.", place);
		tell(change, part, "picked", "All that was found is picked.");
		tell(change, part, "staged", words);
		tell(change, part, "ready", "Everything is ready.");
	}
	if (arrival != NULL) {
		g_free(part->arrival);
		part->arrival = g_strdup(arrival);
		part->arrived_ms = till_central_now_ms(central);
		till_order_change_tell(change, &(TillOrderEvent){.kind = "outside",
								 .words = arrival,
								 .who = part->customer_name,
								 .channel = "web",
								 .fulfilment = &part->id});
	}
	return till_order_change_write(change, error);
}

static gboolean
load_order(TillCentral *central, const json_t *entry, GError **error)
{
	const char *channel = json_string_value(json_object_get(entry, "channel"));
	TillOrderPlacer placer = {
	    .channel = channel != NULL ? channel : "web", .who = "", .receipt = ""};
	gsize size;
	g_autofree char *text = till_json_write(json_object_get(entry, "order"), &size);
	g_autoptr(TillOrderRequest) request = till_order_request_parse(text, size, error);
	g_autoptr(GPtrArray) missing = NULL;
	TillBookedOrder *order = NULL;

	if (request == NULL)
		return FALSE;
	order = till_order_place(central, request, &placer, &missing, error);
	if (order != NULL)
		return work(central, order, entry, error);
	/* Somebody sold the demo's stock already: then there is one order less. */
	return missing != NULL;
}

static gboolean
load_cart(TillCentral *central, const json_t *entry, GError **error)
{
	const char *channel = json_string_value(json_object_get(entry, "channel"));
	g_autofree char *customer = NULL;
	gsize size;
	g_autofree char *text = till_json_write(json_object_get(entry, "cart"), &size);
	TillCart *content = till_order_request_cart_parse(text, size, &customer, error);
	g_autoptr(TillBookedCart) cart = NULL;

	if (content == NULL)
		return FALSE;
	cart = till_cart_book_new(customer, channel != NULL ? channel : "web");
	till_cart_free(cart->content);
	cart->content = content;
	return till_cart_book_put(central, cart, error);
}

static gboolean
load_list(TillCentral *central, const json_t *file, const char *name,
	  gboolean (*load)(TillCentral *, const json_t *, GError **), GError **error)
{
	const json_t *list = json_object_get(file, name);

	for (gsize i = 0; i < MIN(json_array_size(list), ENTRIES_MAX); i++) {
		if (!load(central, json_array_get(list, i), error)) {
			g_prefix_error(error, "%s[%" G_GSIZE_FORMAT "]: ", name, i);
			return FALSE;
		}
	}
	return TRUE;
}

gboolean
till_demo_orders_load(TillCentral *central, const char *text, gsize size, GError **error)
{
	g_autoptr(json_t) file = NULL;
	gboolean empty;

	if (!is_empty(central, &empty, error))
		return FALSE;
	if (!empty)
		return TRUE;
	file = till_json_parse(text, size, FILE_MAX, "orders.json", error);
	return file != NULL && load_list(central, file, "orders", load_order, error) &&
	       load_list(central, file, "carts", load_cart, error);
}
