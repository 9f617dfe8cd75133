/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "cart.h"
#include "order-record.h"

/* The bodies of requests about orders and customers, read and bounded before the books are asked
 * anything. Errors are TILL_ERROR_INVALID and name the field ("order.fulfilments[1].lines[0].line
 * …").
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_ORDER_REQUEST_MAX (256 * 1024)
#define TILL_ORDER_REQUEST_WORDS_MAX 1000

typedef struct {
	char *kind;    /* "pickup", "ship", "carry-out"; "": whatever the store does */
	char *store;   /* code; "": the one that has it */
	GArray *parts; /* of TillOrderRecordPart; the line counts the request's lines from 1; empty:
			  all that no other part has */
} TillOrderRequestPart;

typedef struct {
	char *cart;                     /* id; "" */
	TillCart *content;              /* lines and coupons; empty when they come from the cart */
	char *customer;                 /* id, loyalty code, mail or phone; "" */
	char *name;                     /* of somebody who is no customer; "" */
	char *email, *phone, *language; /* "" */
	gboolean gift;
	GPtrArray *parts;    /* of TillOrderRequestPart, at least one */
	GPtrArray *payments; /* of TillOrderRecordPayment */
	gint64 shipping_minor;
} TillOrderRequest;

TillOrderRequest *till_order_request_parse(const char *text, gsize size,
					   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_order_request_free(TillOrderRequest *request);

typedef struct {
	GArray *parts; /* of TillOrderRecordPart: lines to be given up; empty: all */
	char *reason;  /* "" */
} TillOrderCancel;

TillOrderCancel *till_order_request_cancel_parse(const char *text, gsize size,
						 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_order_request_cancel_free(TillOrderCancel *cancel);

/* What of a fulfilment is to be another. */
typedef struct {
	TillUuid fulfilment;
	gboolean has_contact;
	char *store, *kind; /* ""; as it is */
	char *email, *phone, *language;
	gint64 promise_ms; /* −1: as it is, or as the new store says */
} TillOrderAmend;

TillOrderAmend *till_order_request_amend_parse(const char *text, gsize size,
					       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_order_request_amend_free(TillOrderAmend *amend);

/* {"words"}: caller frees. */
char *till_order_request_note_parse(const char *text, gsize size,
				    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* {"kind","reference","amount_minor"}: caller frees by till_order_request_payment_free. */
TillOrderRecordPayment *till_order_request_payment_parse(const char *text, gsize size,
							 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_order_request_payment_free(TillOrderRecordPayment *payment);

/* {"name","email","phone","loyalty","groups","segments","offers"}: what of a customer's row may be
 * set, as the columns of the collection. New reference. */
json_t *till_order_request_customer_parse(const char *text, gsize size,
					  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* {"customer","lines","coupons"}: a cart; out_customer: caller frees. */
TillCart *till_order_request_cart_parse(const char *text, gsize size, char **out_customer,
					GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillOrderRequest, till_order_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillOrderCancel, till_order_request_cancel_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillOrderAmend, till_order_request_amend_free)

G_END_DECLS
