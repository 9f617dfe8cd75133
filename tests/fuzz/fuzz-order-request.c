/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "json.h"
#include "order-request.h"
#include "quantity.h"

/* What is read keeps to its bounds; what is not says why. */

static void
check_parts(const GArray *parts)
{
	for (guint i = 0; i < parts->len; i++) {
		const TillOrderRecordPart *part = &g_array_index(parts, TillOrderRecordPart, i);
		g_assert_cmpuint(part->line, >=, 1);
		g_assert_cmpuint(part->line, <=, TILL_ORDER_RECORD_LINES_MAX);
		g_assert_cmpint(part->quantity_milli, >=, 1);
		g_assert_cmpint(part->quantity_milli, <=, TILL_QUANTITY_MAX_MILLI);
	}
}

static gboolean
read_order(const char *text, size_t size, GError **error)
{
	g_autoptr(TillOrderRequest) request = till_order_request_parse(text, size, error);

	if (request == NULL)
		return FALSE;
	g_assert_cmpuint(request->parts->len, >=, 1);
	g_assert_cmpuint(request->parts->len, <=, TILL_ORDER_RECORD_FULFILMENTS_MAX);
	g_assert_true((request->content->lines->len > 0) == (*request->cart == '\0'));
	for (guint i = 0; i < request->parts->len; i++) {
		const TillOrderRequestPart *part = g_ptr_array_index(request->parts, i);
		check_parts(part->parts);
	}
	return TRUE;
}

static gboolean
read_cancel(const char *text, size_t size, GError **error)
{
	g_autoptr(TillOrderCancel) cancel = till_order_request_cancel_parse(text, size, error);

	if (cancel != NULL)
		check_parts(cancel->parts);
	return cancel != NULL;
}

static gboolean
read_amend(const char *text, size_t size, GError **error)
{
	g_autoptr(TillOrderAmend) amend = till_order_request_amend_parse(text, size, error);

	return amend != NULL;
}

static gboolean
read_note(const char *text, size_t size, GError **error)
{
	g_autofree char *words = till_order_request_note_parse(text, size, error);

	if (words != NULL)
		g_assert_cmpuint(strlen(words), <=, TILL_ORDER_REQUEST_WORDS_MAX);
	return words != NULL;
}

static gboolean
read_payment(const char *text, size_t size, GError **error)
{
	TillOrderRecordPayment *payment = till_order_request_payment_parse(text, size, error);

	if (payment == NULL)
		return FALSE;
	g_assert_cmpint(payment->amount_minor, !=, 0);
	till_order_request_payment_free(payment);
	return TRUE;
}

static gboolean
read_customer(const char *text, size_t size, GError **error)
{
	g_autoptr(json_t) row = till_order_request_customer_parse(text, size, error);

	return row != NULL;
}

static gboolean
read_cart(const char *text, size_t size, GError **error)
{
	g_autofree char *customer = NULL;
	TillCart *cart = till_order_request_cart_parse(text, size, &customer, error);

	if (cart == NULL)
		return FALSE;
	till_cart_free(cart);
	return TRUE;
}

/* The first byte says which request the others are. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static gboolean (*const readers[])(const char *, size_t, GError **) = {
	    read_order, read_cancel, read_amend, read_note, read_payment, read_customer, read_cart};
	g_autoptr(GError) error = NULL;
	const char *text = (const char *)data + 1;

	if (size == 0)
		return 0;
	if (!readers[data[0] % G_N_ELEMENTS(readers)](text, size - 1, &error))
		g_assert_nonnull(error);
	return 0;
}
