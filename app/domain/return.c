/* SPDX-License-Identifier: Apache-2.0 */
#include "return.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "sale-lines.h"

static void
free_part(gpointer data)
{
	TillReturnPart *part = data;

	g_free(part->reason);
	g_free(part->row);
	g_free(part->words);
	g_free(part);
}

static void
free_refund(gpointer data)
{
	TillReturnRefund *refund = data;

	g_free(refund->kind);
	g_free(refund->reference);
	g_free(refund->as);
	g_free(refund->code);
	g_free(refund);
}

GPtrArray *
till_return_parts_new(void)
{
	return g_ptr_array_new_with_free_func(free_part);
}

GPtrArray *
till_return_refunds_new(void)
{
	return g_ptr_array_new_with_free_func(free_refund);
}

TillReturn *
till_return_new(void)
{
	TillReturn *entry = g_new0(TillReturn, 1);
	char **texts[] = {&entry->receipt,       &entry->store,          &entry->till,
			  &entry->staff_id,      &entry->staff_name,     &entry->customer_id,
			  &entry->customer_name, &entry->policy_id,      &entry->source_receipt,
			  &entry->source_order,  &entry->source_channel, &entry->source_store,
			  &entry->approved_by,   &entry->approver_name,  &entry->approved_why};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		*texts[i] = g_strdup("");
	entry->parts = till_return_parts_new();
	entry->swaps = g_array_new(FALSE, TRUE, sizeof(TillReturnSwap));
	entry->carried = till_return_refunds_new();
	entry->refunds = till_return_refunds_new();
	return entry;
}

void
till_return_free(TillReturn *entry)
{
	if (entry == NULL)
		return;
	char *texts[] = {entry->receipt,       entry->store,          entry->till,
			 entry->staff_id,      entry->staff_name,     entry->customer_id,
			 entry->customer_name, entry->policy_id,      entry->source_receipt,
			 entry->source_order,  entry->source_channel, entry->source_store,
			 entry->approved_by,   entry->approver_name,  entry->approved_why};
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	till_price_free(entry->given);
	till_price_free(entry->taken);
	g_ptr_array_unref(entry->parts);
	g_array_unref(entry->swaps);
	g_ptr_array_unref(entry->carried);
	g_ptr_array_unref(entry->refunds);
	g_free(entry);
}

static char *
copy_text(const char *text)
{
	return g_strdup(text != NULL ? text : "");
}

void
till_return_add_part(TillReturn *entry, const TillReturnPart *part)
{
	TillReturnPart *copy = g_new0(TillReturnPart, 1);

	*copy = *part;
	copy->reason = copy_text(part->reason);
	copy->row = copy_text(part->row);
	copy->words = copy_text(part->words);
	g_ptr_array_add(entry->parts, copy);
}

void
till_return_add_refund(GPtrArray *refunds, const TillReturnRefund *refund)
{
	TillReturnRefund *copy = g_new0(TillReturnRefund, 1);

	*copy = *refund;
	copy->kind = copy_text(refund->kind);
	copy->reference = copy_text(refund->reference);
	copy->as = copy_text(refund->as);
	copy->code = copy_text(refund->code);
	g_ptr_array_add(refunds, copy);
}

/* What a return takes from one payment of its source. FALSE: more than was there. */
static gboolean
note_refund(const TillReturnRefund *refund, TillSold *sold)
{
	TillSoldPayment *payment;
	gint64 value;
	gint64 money;

	if (refund->payment >= sold->payments->len)
		return FALSE;
	payment = g_ptr_array_index(sold->payments, refund->payment);
	value = MIN(refund->value_minor, payment->value_minor - payment->back_minor);
	money = MIN(refund->amount_minor, payment->paid_minor - payment->given_minor);
	payment->back_minor += value;
	payment->given_minor += money;
	return value == refund->value_minor && money == refund->amount_minor;
}

gboolean
till_return_note(const TillReturn *entry, TillSold *sold)
{
	gboolean fits = TRUE;

	for (guint i = 0; i < entry->parts->len; i++) {
		const TillReturnPart *part = g_ptr_array_index(entry->parts, i);
		const TillPricedLine *line = g_ptr_array_index(entry->given->lines, i);
		int index = till_sold_find_line(sold, part->of);
		fits = index >= 0 &&
		       till_sold_note_back(sold, (guint)index, line->quantity_milli) && fits;
	}
	for (guint i = 0; i < entry->refunds->len; i++)
		fits = note_refund(g_ptr_array_index(entry->refunds, i), sold) && fits;
	for (guint i = 0; i < entry->carried->len; i++)
		fits = note_refund(g_ptr_array_index(entry->carried, i), sold) && fits;
	return fits;
}

static void
add_payment(TillSold *sold, const char *kind, const char *reference, gint64 paid, gint64 value)
{
	g_autofree char *own_kind = g_strdup(kind);
	g_autofree char *own_reference = g_strdup(reference);
	TillSoldPayment payment = {
	    .kind = own_kind, .reference = own_reference, .paid_minor = paid, .value_minor = value};

	if (value > 0)
		till_sold_add_payment(sold, &payment);
}

TillSold *
till_return_sold(const TillReturn *entry, const TillUuid *txn)
{
	gint64 rounding = entry->rounding_minor;
	TillSold *sold;

	if (entry->taken == NULL)
		return NULL;
	sold = till_sold_new(TILL_SOLD_SALE, till_price_copy(entry->taken));
	sold->txn = *txn;
	g_free(sold->receipt);
	sold->receipt = g_strdup(entry->receipt);
	g_free(sold->channel);
	sold->channel = g_strdup("store");
	g_free(sold->store);
	sold->store = g_strdup(entry->store);
	g_free(sold->till);
	sold->till = g_strdup(entry->till);
	g_free(sold->customer_id);
	sold->customer_id = g_strdup(entry->customer_id);
	g_free(sold->customer_name);
	sold->customer_name = g_strdup(entry->customer_name);
	sold->sold_ms = entry->closed_ms;
	for (guint i = 0; i < entry->carried->len; i++) {
		const TillReturnRefund *carried = g_ptr_array_index(entry->carried, i);
		add_payment(sold, carried->kind, carried->reference, carried->amount_minor,
			    carried->value_minor);
	}
	for (gsize i = 0; i < entry->tender_count; i++) {
		const TillTender *tender = &entry->tenders[i];
		gint64 part =
		    tender->kind == TILL_TENDER_CASH ? MIN(rounding, tender->amount_minor) : 0;
		rounding -= part;
		add_payment(sold, till_tender_name(tender->kind), "", tender->amount_minor,
			    tender->amount_minor - part);
	}
	return sold;
}
