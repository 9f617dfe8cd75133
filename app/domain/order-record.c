/* SPDX-License-Identifier: Apache-2.0 */
#include "order-record.h"

#include <string.h>

#include "money.h"
#include "rounding.h"

/* ---- Life ---- */

static void
free_line(gpointer data)
{
	TillOrderRecordLine *line = data;

	g_free(line->sku);
	g_free(line->name);
	g_free(line->variant);
	g_free(line);
}

static void
free_payment(gpointer data)
{
	TillOrderRecordPayment *payment = data;

	g_free(payment->kind);
	g_free(payment->reference);
	g_free(payment);
}

static void
free_fulfilment(gpointer data)
{
	TillOrderRecordFulfilment *fulfilment = data;

	g_free(fulfilment->kind);
	g_free(fulfilment->store);
	g_array_unref(fulfilment->parts);
	g_free(fulfilment);
}

TillOrderRecord *
till_order_record_new(void)
{
	TillOrderRecord *record = g_new0(TillOrderRecord, 1);

	record->number = g_strdup("");
	record->channel = g_strdup("");
	record->status = g_strdup("");
	record->currency = g_strdup("");
	record->customer_id = g_strdup("");
	record->customer_name = g_strdup("");
	record->email = g_strdup("");
	record->phone = g_strdup("");
	record->language = g_strdup("");
	record->receipt = g_strdup("");
	record->lines = g_ptr_array_new_with_free_func(free_line);
	record->payments = g_ptr_array_new_with_free_func(free_payment);
	record->fulfilments = g_ptr_array_new_with_free_func(free_fulfilment);
	return record;
}

void
till_order_record_free(TillOrderRecord *record)
{
	if (record == NULL)
		return;
	g_free(record->number);
	g_free(record->channel);
	g_free(record->status);
	g_free(record->currency);
	g_free(record->customer_id);
	g_free(record->customer_name);
	g_free(record->email);
	g_free(record->phone);
	g_free(record->language);
	g_free(record->receipt);
	g_ptr_array_unref(record->lines);
	g_ptr_array_unref(record->payments);
	g_ptr_array_unref(record->fulfilments);
	g_free(record);
}

TillOrderRecordLine *
till_order_record_add_line(TillOrderRecord *record)
{
	TillOrderRecordLine *line = g_new0(TillOrderRecordLine, 1);

	line->sku = g_strdup("");
	line->name = g_strdup("");
	line->variant = g_strdup("");
	g_ptr_array_add(record->lines, line);
	return line;
}

TillOrderRecordPayment *
till_order_record_add_payment(TillOrderRecord *record)
{
	TillOrderRecordPayment *payment = g_new0(TillOrderRecordPayment, 1);

	payment->kind = g_strdup("");
	payment->reference = g_strdup("");
	g_ptr_array_add(record->payments, payment);
	return payment;
}

TillOrderRecordFulfilment *
till_order_record_add_fulfilment(TillOrderRecord *record)
{
	TillOrderRecordFulfilment *fulfilment = g_new0(TillOrderRecordFulfilment, 1);

	fulfilment->kind = g_strdup("");
	fulfilment->store = g_strdup("");
	fulfilment->parts = g_array_new(FALSE, TRUE, sizeof(TillOrderRecordPart));
	g_ptr_array_add(record->fulfilments, fulfilment);
	return fulfilment;
}

/* ---- What is asked ---- */

TillOrderRecordLine *
till_order_record_line(const TillOrderRecord *record, guint line)
{
	for (guint i = 0; i < record->lines->len; i++) {
		TillOrderRecordLine *at = g_ptr_array_index(record->lines, i);
		if (at->line == line)
			return at;
	}
	return NULL;
}

gint64
till_order_record_paid(const TillOrderRecord *record)
{
	gint64 paid_minor = 0;

	for (guint i = 0; i < record->payments->len; i++) {
		const TillOrderRecordPayment *payment = g_ptr_array_index(record->payments, i);
		paid_minor += payment->amount_minor;
	}
	return paid_minor;
}

/* Giving up n of q frees the share that a return of n would give back. */
static gint64
cancelled_share(const TillOrderRecordLine *line)
{
	gint64 share_minor = 0;

	if (line->cancelled_milli > 0 &&
	    !till_rounding_scale(line->total_minor, line->cancelled_milli, line->quantity_milli,
				 TILL_ROUND_HALF_UP, &share_minor))
		g_assert_not_reached(); /* never more than the line */
	return share_minor;
}

gint64
till_order_record_owed(const TillOrderRecord *record)
{
	gint64 owed_minor = record->shipping_minor;
	gboolean any = FALSE;

	for (guint i = 0; i < record->lines->len; i++) {
		const TillOrderRecordLine *line = g_ptr_array_index(record->lines, i);
		owed_minor += line->total_minor - cancelled_share(line);
		any |= line->cancelled_milli < line->quantity_milli;
	}
	return any ? owed_minor : 0;
}

gint64
till_order_record_due(const TillOrderRecord *record)
{
	return till_order_record_owed(record) - till_order_record_paid(record);
}
