/* SPDX-License-Identifier: Apache-2.0 */
#include "order-counter.h"

#include <string.h>

#include "availability.h"
#include "error.h"
#include "exceptions.h"
#include "json.h"
#include "order-change.h"
#include "order-place.h"
#include "order-source.h"
#include "price-trace.h"
#include "promise.h"

typedef struct {
	const TillOrderSteps *steps;
	const TillEntry *entry;
	const TillSale *sale;
	TillBookedOrder *order;
	gboolean lacks; /* something could not be promised */
} Making;

static void
set_text(char **text, const char *value)
{
	g_free(*text);
	*text = g_strdup(value != NULL ? value : "");
}

static const TillPricedLine *
get_line(const Making *making, guint index)
{
	return g_ptr_array_index(making->sale->priced->lines, index);
}

static gboolean
is_delivered(const TillPricedLine *line)
{
	return line->delivery.kind != TILL_DELIVERY_CARRY_OUT;
}

/* --- the record --- */

/* What the sale says of each line, for whoever gives something back. */
static void
add_priced(const json_t *told, guint index, json_t *lines)
{
	json_t *line = json_deep_copy(json_array_get(json_object_get(told, "lines"), index));

	till_json_put_int(line, "line", (gint64)json_array_size(lines) + 1);
	json_array_append_new(lines, line);
}

static void
add_line(const Making *making, const TillPricedLine *priced)
{
	TillOrderRecordLine *line = till_order_record_add_line(making->order->record);

	line->line = making->order->record->lines->len;
	set_text(&line->sku, priced->item->sku);
	set_text(&line->name, priced->item->name);
	set_text(&line->variant, priced->item->variant);
	line->quantity_milli = priced->quantity_milli;
	line->unit_minor = priced->unit_minor;
	line->list_minor = priced->list_minor;
	line->discount_minor = priced->discount_minor;
	line->tax_minor = priced->tax_minor;
	line->total_minor = priced->total_minor;
}

static void
add_payment(const Making *making)
{
	TillOrderRecordPayment *payment = till_order_record_add_payment(making->order->record);

	for (guint i = 0; i < making->order->record->lines->len; i++)
		payment->amount_minor +=
		    till_order_record_line(making->order->record, i + 1)->total_minor;
	set_text(&payment->kind, "sale");
	set_text(&payment->reference, making->sale->receipt);
	payment->at_ms = making->steps->now_ms;
}

static void
add_lines(const Making *making)
{
	g_autoptr(json_t) told = till_price_trace_json(making->sale->priced, FALSE);
	json_t *lines = json_array();

	for (guint i = 0; i < making->sale->priced->lines->len; i++) {
		if (!is_delivered(get_line(making, i)))
			continue;
		add_priced(told, i, lines);
		add_line(making, get_line(making, i));
	}
	making->order->priced = json_object();
	json_object_set_new(making->order->priced, "lines", lines);
}

static gboolean
fill_record(const Making *making, GError **error)
{
	const TillPriced *priced = making->sale->priced;
	const TillCustomer *customer =
	    priced->context != NULL ? till_price_context_shopper(priced->context)->customer : NULL;
	TillOrderRecord *record = making->order->record;

	g_free(record->number);
	record->number = till_order_place_number(making->steps->central, "store", error);
	if (record->number == NULL) {
		record->number = g_strdup("");
		return FALSE;
	}
	record->id = till_uuid_random();
	set_text(&record->channel, "store");
	set_text(&record->currency, priced->currency->code);
	set_text(&record->receipt, making->sale->receipt);
	record->placed_ms = making->steps->now_ms;
	if (customer != NULL) {
		set_text(&record->customer_id, customer->id);
		set_text(&record->customer_name, customer->name);
		set_text(&record->email, customer->email);
		set_text(&record->phone, customer->phone);
	}
	add_lines(making);
	add_payment(making);
	return TRUE;
}

/* --- its parts --- */

/* Whether a store can promise all that a way and store of the sale need. The selling store's batch
 * knows more than the tables, and its till has just said that it does not have the goods. */
static gboolean
has_all(const Making *making, const char *store, const GArray *needs, gboolean *out, GError **error)
{
	*out = strcmp(store, making->steps->terminal->store_code) != 0;
	for (guint i = 0; *out && i < needs->len; i++) {
		const TillOrderRecordPart *need = &g_array_index(needs, TillOrderRecordPart, i);
		const TillOrderRecordLine *line =
		    till_order_record_line(making->order->record, need->line);
		TillAvailability found;
		if (!till_availability_read(making->steps->central->db, store, line->sku, &found,
					    error))
			return FALSE;
		*out = !found.counted || found.available_milli >= need->quantity_milli;
	}
	return TRUE;
}

/* The store that brings it: as named, or the first that has all; *out_has: it can promise it. NULL
 * with error. Caller frees. */
static char *
choose_store(const Making *making, const TillDelivery *delivery, TillFulfilmentKind kind,
	     const GArray *needs, gboolean *out_has, GError **error)
{
	const char *own = making->steps->terminal->store_code;
	g_autoptr(TillOrderSource) source = till_order_source_new();
	g_autoptr(GError) local = NULL;
	char *found;

	if (delivery->store[0] != '\0')
		return has_all(making, delivery->store, needs, out_has, error)
			   ? g_strdup(delivery->store)
			   : NULL;
	for (guint i = 0; i < making->order->record->lines->len; i++) {
		TillOrderWanted *wanted = g_new0(TillOrderWanted, 1);
		wanted->sku = g_strdup(till_order_record_line(making->order->record, i + 1)->sku);
		g_ptr_array_add(source->wanted, wanted);
	}
	found =
	    till_order_source_elsewhere(source, making->steps->central, kind, needs, own, &local);
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	*out_has = found != NULL;
	return found != NULL ? found : g_strdup(own);
}

static gboolean
add_goods(const Making *making, TillFulfilment *part, const GArray *needs, gboolean has,
	  GError **error)
{
	for (guint i = 0; i < needs->len; i++) {
		const TillOrderRecordPart *need = &g_array_index(needs, TillOrderRecordPart, i);
		const TillOrderRecordLine *ordered =
		    till_order_record_line(making->order->record, need->line);
		gint64 milli[TILL_ORDER_STATES] = {0};
		TillFulfilmentLine line = {.line = need->line,
					   .sku = ordered->sku,
					   .name = ordered->name,
					   .variant = ordered->variant};
		milli[has ? TILL_ORDER_ALLOCATED : TILL_ORDER_ORDERED] = need->quantity_milli;
		if (till_fulfilment_restore_line(part, &line, milli))
			continue;
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE, "%s",
			    till_order_words(TILL_ORDER_FULL));
		return FALSE;
	}
	return TRUE;
}

static gboolean
add_part(Making *making, const TillDelivery *delivery, const GArray *needs, GError **error)
{
	TillFulfilmentKind kind =
	    delivery->kind == TILL_DELIVERY_SHIP ? TILL_FULFILMENT_SHIP : TILL_FULFILMENT_PICKUP;
	const TillOrderRecord *record = making->order->record;
	gboolean has = FALSE;
	g_autofree char *store = choose_store(making, delivery, kind, needs, &has, error);
	TillFulfilment *part;
	TillPromise promise;

	if (store == NULL || !till_promise_make(making->steps->central->db, store, kind,
						making->steps->now_ms, &promise, error))
		return FALSE;
	part = till_fulfilment_new();
	g_ptr_array_add(making->order->fulfilments, part);
	part->id = till_uuid_random();
	part->order = record->id;
	part->kind = kind;
	set_text(&part->number, record->number);
	set_text(&part->customer_name, record->customer_name);
	set_text(&part->store, store);
	part->promise_ms = promise.promise_ms;
	part->expires_ms = promise.expires_ms;
	making->lacks |= !has;
	return add_goods(making, part, needs, has, error);
}

/* The delivery of the order's line, which counts the delivered lines of the sale only. */
static const TillDelivery *
get_delivery(const Making *making, guint line)
{
	guint seen = 0;

	for (guint i = 0; i < making->sale->priced->lines->len; i++) {
		const TillPricedLine *priced = get_line(making, i);
		if (is_delivered(priced) && ++seen == line)
			return &priced->delivery;
	}
	g_assert_not_reached();
}

/* Lines of one way and store are one part. */
static gboolean
add_parts(Making *making, GError **error)
{
	guint count = making->order->record->lines->len;
	g_autofree gboolean *done = g_new0(gboolean, count + 1);

	for (guint line = 1; line <= count; line++) {
		const TillDelivery *delivery = get_delivery(making, line);
		g_autoptr(GArray) needs = g_array_new(FALSE, FALSE, sizeof(TillOrderRecordPart));
		for (guint other = line; other <= count; other++) {
			TillOrderRecordPart need = {
			    other,
			    till_order_record_line(making->order->record, other)->quantity_milli};
			if (done[other] ||
			    !till_delivery_equal(delivery, get_delivery(making, other)))
				continue;
			done[other] = TRUE;
			g_array_append_val(needs, need);
		}
		if (needs->len > 0 && !add_part(making, delivery, needs, error))
			return FALSE;
	}
	return TRUE;
}

/* --- telling and writing --- */

static void
tell(const Making *making, TillOrderChange *change, const char *kind, const char *words)
{
	till_order_change_tell(change, &(TillOrderEvent){.kind = kind,
							 .words = words,
							 .who = making->sale->staff_name,
							 .channel = "store"});
}

static gboolean
write_order(Making *making, GError **error)
{
	TillOrderHeld held = {making->steps->terminal->store_code, making->steps->changes,
			      making->steps->books};
	g_autofree char *words =
	    g_strdup_printf("Ordered at the counter with receipt %s.", making->sale->receipt);
	g_autoptr(TillOrderChange) change =
	    till_order_change_new(making->steps->central, making->order, &held);

	making->order = NULL; /* the change's */
	tell(making, change, "placed", words);
	tell(making, change, "paid", "Paid in the sale.");
	return till_order_change_write(change, error);
}

static gboolean
raise_it(const Making *making, const char *code, const char *words, GPtrArray *codes,
	 GError **error)
{
	char txn[TILL_UUID_TEXT];
	TillException exception = {.code = code,
				   .subject = till_uuid_format(&making->entry->txn, txn),
				   .severity = TILL_EXCEPTION_WARNING,
				   .words = words,
				   .txn = txn,
				   .raised_ms = making->steps->now_ms};

	g_ptr_array_add(codes, g_strdup(code));
	return till_exceptions_raise(making->steps->changes, &exception, error);
}

static gboolean
make(Making *making, GPtrArray *codes, GError **error)
{
	g_autofree char *words =
	    g_strdup_printf("%s: what is to be sent or fetched is not there any more. Find it, or "
			    "give the money back.",
			    making->sale->receipt);

	return fill_record(making, error) && add_parts(making, error) &&
	       (!making->lacks || raise_it(making, "ORDER_SHORT", words, codes, error)) &&
	       write_order(making, error);
}

static gboolean
is_fault(const GError *error)
{
	return g_error_matches(error, TILL_ERROR, TILL_ERROR_STATE) ||
	       g_error_matches(error, TILL_ERROR, TILL_ERROR_INVALID) ||
	       g_error_matches(error, TILL_ERROR, TILL_ERROR_LIMIT);
}

static gboolean
has_delivered(const TillSale *sale)
{
	for (guint i = 0; i < sale->priced->lines->len; i++) {
		if (is_delivered(g_ptr_array_index(sale->priced->lines, i)))
			return TRUE;
	}
	return FALSE;
}

gboolean
till_order_counter_sale(const TillOrderSteps *steps, const TillEntry *entry, const TillSale *sale,
			GPtrArray *codes, GError **error)
{
	Making making = {.steps = steps, .entry = entry, .sale = sale};
	TillDb *db = steps->central->db;
	TillChanges before = *steps->changes;
	guint raised = codes->len;
	g_autoptr(GError) fault = NULL;
	g_autofree char *words = NULL;
	gboolean done;

	if (!has_delivered(sale))
		return TRUE;
	if (!till_db_savepoint(db, "entry", error))
		return FALSE;
	making.order = till_order_book_new();
	done = make(&making, codes, &fault);
	till_order_book_free(making.order);
	if (!till_db_release(db, "entry", done, error))
		return FALSE;
	if (done)
		return TRUE;
	if (!is_fault(fault)) {
		g_propagate_error(error, g_steal_pointer(&fault));
		return FALSE;
	}
	*steps->changes = before;
	g_ptr_array_set_size(codes, raised);
	words = g_strdup_printf("%s was paid for and no order could be made: %s Make it by hand.",
				sale->receipt, fault->message);
	return raise_it(&making, "ORDER_NOT_MADE", words, codes, error);
}
