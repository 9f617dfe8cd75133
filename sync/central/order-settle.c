/* SPDX-License-Identifier: Apache-2.0 */
#include "order-settle.h"

#include <string.h>

#include "error.h"
#include "rounding.h"

/* Goods in these states are to be had from the part they stand in. */
static gint64
count_live(const TillFulfilment *fulfilment, guint index)
{
	return till_order_book_open(fulfilment, index) +
	       till_order_quantity(fulfilment->life, index, TILL_ORDER_ORDERED) +
	       till_order_quantity(fulfilment->life, index, TILL_ORDER_COLLECTED) +
	       till_order_quantity(fulfilment->life, index, TILL_ORDER_SHIPPED);
}

/* An amount for part of what it was for; it cannot overflow, as part is at most whole. */
static gint64
share(gint64 amount, gint64 part, gint64 whole)
{
	gint64 result = 0;

	if (whole <= 0 || !till_rounding_scale(amount, part, whole, TILL_ROUND_HALF_UP, &result))
		return 0;
	return result;
}

static gboolean
settle_line(TillBookedOrder *order, guint position, GError **error)
{
	TillOrderRecordLine *line = g_ptr_array_index(order->record->lines, position);
	gint64 live = 0;

	for (guint i = 0; i < order->fulfilments->len; i++) {
		const TillFulfilment *fulfilment = g_ptr_array_index(order->fulfilments, i);
		int index = till_fulfilment_find_line(fulfilment, line->line);
		if (index >= 0)
			live += count_live(fulfilment, (guint)index);
	}
	if (live > line->quantity_milli) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
			    "More of line %u stands in the parts of order %s than was ordered.",
			    line->line, order->record->number);
		return FALSE;
	}
	line->cancelled_milli = line->quantity_milli - live;
	return TRUE;
}

static const char *
find_status(const TillBookedOrder *order)
{
	gboolean given = FALSE;

	for (guint i = 0; i < order->fulfilments->len; i++) {
		const TillFulfilment *fulfilment = g_ptr_array_index(order->fulfilments, i);
		if (!till_order_is_done(fulfilment->life))
			return "open";
		given |= till_fulfilment_count(fulfilment, TILL_ORDER_COLLECTED) > 0 ||
			 till_fulfilment_count(fulfilment, TILL_ORDER_SHIPPED) > 0;
	}
	return given ? "done" : "cancelled";
}

static void
settle_sums(TillOrderRecord *record)
{
	record->discount_minor = record->tax_minor = 0;
	record->total_minor = record->shipping_minor;
	for (guint i = 0; i < record->lines->len; i++) {
		const TillOrderRecordLine *line = g_ptr_array_index(record->lines, i);
		record->discount_minor += line->discount_minor;
		record->tax_minor += line->tax_minor;
		record->total_minor += line->total_minor;
	}
}

/* A part is what is to be had from it; what was moved to another stands there. What was given up
 * stays where it was until something took its place. */
static void
settle_part(TillOrderRecord *record, const TillFulfilment *fulfilment)
{
	TillOrderRecordFulfilment *part = till_order_record_add_fulfilment(record);

	part->id = fulfilment->id;
	g_free(part->kind);
	part->kind = g_strdup(till_fulfilment_kind_name(fulfilment->kind));
	g_free(part->store);
	part->store = g_strdup(fulfilment->store);
	for (guint i = 0; i < fulfilment->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, i);
		TillOrderRecordPart entry = {line->line, count_live(fulfilment, i)};
		if (entry.quantity_milli > 0)
			g_array_append_val(part->parts, entry);
	}
}

gboolean
till_order_settle(TillBookedOrder *order, GError **error)
{
	TillOrderRecord *record = order->record;

	for (guint i = 0; i < record->lines->len; i++) {
		if (!settle_line(order, i, error))
			return FALSE;
	}
	settle_sums(record);
	g_free(record->status);
	record->status = g_strdup(find_status(order));
	g_ptr_array_set_size(record->fulfilments, 0);
	for (guint i = 0; i < order->fulfilments->len; i++)
		settle_part(record, g_ptr_array_index(order->fulfilments, i));
	return TRUE;
}

gboolean
till_order_settle_substitute(TillOrderRecord *record, const TillOrderStepSubstitute *substitute)
{
	const TillOrderRecordLine *original =
	    till_order_record_line(record, substitute->instead_of);
	TillOrderRecordLine *line;
	gint64 milli;

	if (original == NULL || till_order_record_line(record, substitute->line) != NULL ||
	    record->lines->len >= TILL_ORDER_RECORD_LINES_MAX)
		return FALSE;
	milli = MIN(substitute->quantity_milli, original->quantity_milli);
	line = till_order_record_add_line(record);
	original = till_order_record_line(record, substitute->instead_of);
	line->line = substitute->line;
	g_free(line->sku);
	line->sku = g_strdup(substitute->sku);
	g_free(line->name);
	line->name = g_strdup(substitute->name);
	g_free(line->variant);
	line->variant = g_strdup(substitute->variant);
	line->quantity_milli = substitute->quantity_milli;
	line->unit_minor = original->unit_minor;
	line->list_minor = share(original->list_minor, milli, original->quantity_milli);
	line->discount_minor = share(original->discount_minor, milli, original->quantity_milli);
	line->tax_minor = share(original->tax_minor, milli, original->quantity_milli);
	line->total_minor = MIN(share(original->total_minor, milli, original->quantity_milli),
				line->list_minor - line->discount_minor + line->tax_minor);
	line->min_age = original->min_age;
	line->substitute_for = substitute->instead_of;
	return TRUE;
}
