/* SPDX-License-Identifier: Apache-2.0 */
#include "order-request.h"

#include <string.h>

#include "customer.h"
#include "fulfilment.h"
#include "item.h"
#include "json.h"
#include "money.h"
#include "quantity.h"

#define EMAIL_MAX 254
#define PHONE_MAX 32
#define LANGUAGE_MAX 32
#define STORE_MAX 16
#define REASON_MAX 200
#define REFERENCE_MAX 200
#define KIND_MAX 32
#define TIME_MAX_MS G_GINT64_CONSTANT(253402300799999) /* the end of the year 9999 */

static json_t *
parse(const char *text, gsize size, const char *what, GError **error)
{
	json_t *object = till_json_parse(text, size, TILL_ORDER_REQUEST_MAX, what, error);
	TillJsonReader reader;

	if (object == NULL || json_is_object(object))
		return object;
	reader = till_json_reader(object, what);
	till_json_fault(&reader, "", "is not an object");
	if (till_json_reader_finish(&reader, error))
		g_assert_not_reached();
	json_decref(object);
	return NULL;
}

/* [{line, quantity_milli}]: each line once. */
static void
read_parts(TillJsonReader *reader, GArray *parts)
{
	json_t *list = till_json_array(reader, "lines", TILL_ORDER_RECORD_LINES_MAX);

	for (gsize i = 0; i < json_array_size(list); i++) {
		TillJsonReader item = till_json_reader_item(reader, "lines", i);
		TillOrderRecordPart part = {
		    .line = (guint)till_json_int(&item, "line", 1, TILL_ORDER_RECORD_LINES_MAX),
		    .quantity_milli =
			till_json_int(&item, "quantity_milli", 1, TILL_QUANTITY_MAX_MILLI)};
		for (guint j = 0; j < parts->len; j++) {
			if (g_array_index(parts, TillOrderRecordPart, j).line == part.line)
				till_json_fault(&item, "line", "stands here twice");
		}
		till_json_inherit(reader, &item);
		g_array_append_val(parts, part);
	}
}

/* --- an order --- */

static void
free_part(gpointer data)
{
	TillOrderRequestPart *part = data;

	g_free(part->kind);
	g_free(part->store);
	g_array_unref(part->parts);
	g_free(part);
}

void
till_order_request_payment_free(TillOrderRecordPayment *payment)
{
	if (payment == NULL)
		return;
	g_free(payment->kind);
	g_free(payment->reference);
	g_free(payment);
}

static void
free_payment(gpointer data)
{
	till_order_request_payment_free(data);
}

void
till_order_request_free(TillOrderRequest *request)
{
	if (request == NULL)
		return;
	g_free(request->cart);
	till_cart_free(request->content);
	g_free(request->customer);
	g_free(request->name);
	g_free(request->email);
	g_free(request->phone);
	g_free(request->language);
	g_ptr_array_unref(request->parts);
	g_ptr_array_unref(request->payments);
	g_free(request);
}

static char *
read_kind(TillJsonReader *reader)
{
	const char *kind = till_json_string_or(reader, "kind", KIND_MAX, "");
	TillFulfilmentKind found;

	if (*kind != '\0' && !till_fulfilment_find_kind(kind, &found))
		till_json_fault(reader, "kind", "is none of pickup, ship, carry-out");
	return g_strdup(kind);
}

static void
add_part(TillOrderRequest *request, TillJsonReader *reader)
{
	TillOrderRequestPart *part = g_new0(TillOrderRequestPart, 1);

	part->kind = read_kind(reader);
	part->store = g_strdup(till_json_string_or(reader, "store", STORE_MAX, ""));
	part->parts = g_array_new(FALSE, FALSE, sizeof(TillOrderRecordPart));
	read_parts(reader, part->parts);
	g_ptr_array_add(request->parts, part);
}

/* An order that names no part is one part of whatever kind fits. */
static void
read_fulfilments(TillOrderRequest *request, TillJsonReader *reader)
{
	json_t *list = till_json_array(reader, "fulfilments", TILL_ORDER_RECORD_FULFILMENTS_MAX);
	json_t *nothing = json_object();
	guint open = 0;

	for (gsize i = 0; i < json_array_size(list); i++) {
		TillJsonReader item = till_json_reader_item(reader, "fulfilments", i);
		const TillOrderRequestPart *part;
		add_part(request, &item);
		part = g_ptr_array_index(request->parts, i);
		if (part->parts->len == 0 && ++open > 1)
			till_json_fault(&item, "lines",
					"is missing: only one part can have all the rest");
		till_json_inherit(reader, &item);
	}
	if (request->parts->len == 0) {
		TillJsonReader empty = till_json_reader(nothing, "");
		add_part(request, &empty);
	}
	json_decref(nothing);
}

static TillOrderRecordPayment *
read_payment(TillJsonReader *reader, gint64 least)
{
	TillOrderRecordPayment *payment = g_new0(TillOrderRecordPayment, 1);

	payment->kind = g_strdup(till_json_string(reader, "kind", KIND_MAX));
	payment->reference = g_strdup(till_json_string_or(reader, "reference", REFERENCE_MAX, ""));
	payment->amount_minor = till_json_int(reader, "amount_minor", least, TILL_MONEY_MAX_MINOR);
	if (payment->amount_minor == 0)
		till_json_fault(reader, "amount_minor", "is nothing");
	return payment;
}

static void
read_payments(TillOrderRequest *request, TillJsonReader *reader)
{
	json_t *list = till_json_array(reader, "payments", TILL_ORDER_RECORD_PAYMENTS_MAX);

	for (gsize i = 0; i < json_array_size(list); i++) {
		TillJsonReader item = till_json_reader_item(reader, "payments", i);
		g_ptr_array_add(request->payments, read_payment(&item, 1));
		till_json_inherit(reader, &item);
	}
}

static void
read_contact(TillJsonReader *reader, char **email, char **phone, char **language)
{
	json_t *contact = till_json_object(reader, "contact");
	g_autoptr(json_t) nothing = json_object();
	TillJsonReader inner =
	    till_json_reader(contact != NULL ? contact : nothing, "order.contact");

	*email = g_strdup(till_json_string_or(&inner, "email", EMAIL_MAX, ""));
	*phone = g_strdup(till_json_string_or(&inner, "phone", PHONE_MAX, ""));
	*language = g_strdup(till_json_string_or(&inner, "language", LANGUAGE_MAX, ""));
	till_json_inherit(reader, &inner);
}

static void
read_content(TillOrderRequest *request, TillJsonReader *reader, const json_t *object)
{
	g_autoptr(GError) fault = NULL;
	gboolean has_lines = json_object_get(object, "lines") != NULL;

	request->cart = g_strdup(till_json_string_or(reader, "cart", TILL_UUID_TEXT, ""));
	if (has_lines == (*request->cart != '\0'))
		till_json_fault(reader, "lines", "or cart has to be there, and only one of them");
	request->content = has_lines ? till_cart_read(object, &fault) : till_cart_new();
	if (fault != NULL)
		till_json_fault(reader, "lines", fault->message);
	else if (has_lines && request->content->lines->len == 0)
		till_json_fault(reader, "lines", "is empty");
}

TillOrderRequest *
till_order_request_parse(const char *text, gsize size, GError **error)
{
	g_autoptr(json_t) object = parse(text, size, "order", error);
	g_autoptr(TillOrderRequest) request = NULL;
	TillJsonReader reader;

	if (object == NULL)
		return NULL;
	reader = till_json_reader(object, "order");
	request = g_new0(TillOrderRequest, 1);
	request->parts = g_ptr_array_new_with_free_func(free_part);
	request->payments = g_ptr_array_new_with_free_func(free_payment);
	read_content(request, &reader, object);
	request->customer = g_strdup(till_json_string_or(&reader, "customer", EMAIL_MAX, ""));
	request->name = g_strdup(till_json_string_or(&reader, "name", TILL_NAME_MAX, ""));
	read_contact(&reader, &request->email, &request->phone, &request->language);
	request->gift = till_json_bool_or(&reader, "gift", FALSE);
	read_fulfilments(request, &reader);
	read_payments(request, &reader);
	request->shipping_minor =
	    till_json_int_or(&reader, "shipping_minor", 0, TILL_MONEY_MAX_MINOR / 1000, 0);
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return g_steal_pointer(&request);
}

/* --- what is done to it later --- */

void
till_order_request_cancel_free(TillOrderCancel *cancel)
{
	if (cancel == NULL)
		return;
	g_array_unref(cancel->parts);
	g_free(cancel->reason);
	g_free(cancel);
}

TillOrderCancel *
till_order_request_cancel_parse(const char *text, gsize size, GError **error)
{
	g_autoptr(json_t) object = parse(text, size, "cancel", error);
	g_autoptr(TillOrderCancel) cancel = NULL;
	TillJsonReader reader;

	if (object == NULL)
		return NULL;
	reader = till_json_reader(object, "cancel");
	cancel = g_new0(TillOrderCancel, 1);
	cancel->parts = g_array_new(FALSE, FALSE, sizeof(TillOrderRecordPart));
	read_parts(&reader, cancel->parts);
	if (json_object_get(object, "lines") != NULL && cancel->parts->len == 0)
		till_json_fault(&reader, "lines", "is empty; leave it out to cancel everything");
	cancel->reason = g_strdup(till_json_string_or(&reader, "reason", REASON_MAX, ""));
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return g_steal_pointer(&cancel);
}

void
till_order_request_amend_free(TillOrderAmend *amend)
{
	if (amend == NULL)
		return;
	g_free(amend->store);
	g_free(amend->kind);
	g_free(amend->email);
	g_free(amend->phone);
	g_free(amend->language);
	g_free(amend);
}

TillOrderAmend *
till_order_request_amend_parse(const char *text, gsize size, GError **error)
{
	g_autoptr(json_t) object = parse(text, size, "change", error);
	g_autoptr(TillOrderAmend) amend = NULL;
	TillJsonReader reader;
	const char *id;

	if (object == NULL)
		return NULL;
	reader = till_json_reader(object, "change");
	amend = g_new0(TillOrderAmend, 1);
	id = till_json_string(&reader, "fulfilment", TILL_UUID_TEXT);
	if (!till_uuid_parse(id, &amend->fulfilment))
		till_json_fault(&reader, "fulfilment", "is not the id of one");
	amend->kind = read_kind(&reader);
	amend->store = g_strdup(till_json_string_or(&reader, "store", STORE_MAX, ""));
	amend->promise_ms = till_json_int_or(&reader, "promise_ms", 0, TIME_MAX_MS, -1);
	amend->has_contact = json_is_object(json_object_get(object, "contact"));
	read_contact(&reader, &amend->email, &amend->phone, &amend->language);
	if (*amend->kind == '\0' && *amend->store == '\0' && amend->promise_ms < 0 &&
	    !amend->has_contact)
		till_json_fault(&reader, "store", ", kind, promise_ms or contact has to be there");
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return g_steal_pointer(&amend);
}

char *
till_order_request_note_parse(const char *text, gsize size, GError **error)
{
	g_autoptr(json_t) object = parse(text, size, "note", error);
	TillJsonReader reader;
	const char *words;

	if (object == NULL)
		return NULL;
	reader = till_json_reader(object, "note");
	words = till_json_string(&reader, "words", TILL_ORDER_REQUEST_WORDS_MAX);
	if (words != NULL && *words == '\0')
		till_json_fault(&reader, "words", "is empty");
	return till_json_reader_finish(&reader, error) ? g_strdup(words) : NULL;
}

TillOrderRecordPayment *
till_order_request_payment_parse(const char *text, gsize size, GError **error)
{
	g_autoptr(json_t) object = parse(text, size, "payment", error);
	TillOrderRecordPayment *payment;
	TillJsonReader reader;

	if (object == NULL)
		return NULL;
	reader = till_json_reader(object, "payment");
	payment = read_payment(&reader, -TILL_MONEY_MAX_MINOR);
	if (till_json_reader_finish(&reader, error))
		return payment;
	till_order_request_payment_free(payment);
	return NULL;
}

/* --- customers and carts --- */

static void
copy_text(TillJsonReader *reader, const char *name, gsize max, json_t *row)
{
	till_json_put_text(row, name, till_json_string_or(reader, name, max, ""));
}

json_t *
till_order_request_customer_parse(const char *text, gsize size, GError **error)
{
	g_autoptr(json_t) object = parse(text, size, "customer", error);
	g_autoptr(json_t) row = json_object();
	TillJsonReader reader;
	const char *name;

	if (object == NULL)
		return NULL;
	reader = till_json_reader(object, "customer");
	name = till_json_string(&reader, "name", TILL_NAME_MAX);
	if (*name == '\0')
		till_json_fault(&reader, "name", "is empty");
	till_json_put_text(row, "name", name);
	copy_text(&reader, "email", EMAIL_MAX, row);
	copy_text(&reader, "phone", PHONE_MAX, row);
	copy_text(&reader, "loyalty", TILL_CUSTOMER_ID_MAX, row);
	if (json_object_get(object, "groups") != NULL)
		copy_text(&reader, "groups", 1000, row);
	if (json_object_get(object, "segments") != NULL)
		copy_text(&reader, "segments", 1000, row);
	till_json_put_bool(row, "offers", till_json_bool_or(&reader, "offers", TRUE));
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return g_steal_pointer(&row);
}

TillCart *
till_order_request_cart_parse(const char *text, gsize size, char **out_customer, GError **error)
{
	g_autoptr(json_t) object = parse(text, size, "cart", error);
	TillJsonReader reader;
	const char *customer;
	TillCart *cart;

	if (object == NULL)
		return NULL;
	reader = till_json_reader(object, "cart");
	customer = till_json_string_or(&reader, "customer", EMAIL_MAX, "");
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	cart = till_cart_read(object, error);
	if (cart != NULL)
		*out_customer = g_strdup(customer);
	return cart;
}
