/* SPDX-License-Identifier: Apache-2.0 */
#include "order-edit.h"

#include <string.h>

#include "api-help.h"
#include "error.h"
#include "money.h"
#include "order-source.h"
#include "promise.h"
#include "quantity.h"

static gboolean refuse(GError **error, TillErrorCode code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static gboolean
refuse(GError **error, TillErrorCode code, const char *format, ...)
{
	g_autofree char *words = NULL;
	va_list arguments;

	va_start(arguments, format);
	words = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error_literal(error, TILL_ERROR, (int)code, words);
	return FALSE;
}

static void
tell(TillOrderChange *change, const TillOrderEditor *editor, const char *kind,
     const TillUuid *fulfilment, const char *words)
{
	till_order_change_tell(change, &(TillOrderEvent){.kind = kind,
							 .words = words,
							 .who = editor->who,
							 .channel = editor->channel,
							 .fulfilment = fulfilment});
}

static gboolean
move(TillFulfilment *fulfilment, guint index, TillOrderState from, TillOrderState to, gint64 milli,
     GError **error)
{
	TillOrderMove step = {.line = index, .from = from, .to = to, .milli = milli};
	TillOrderResult result = till_order_move(fulfilment->life, &step, NULL);

	return result == TILL_ORDER_OK ||
	       refuse(error, TILL_ERROR_STATE, "%s", till_order_words(result));
}

/* --- giving up --- */

static const TillOrderState given_up_from[] = {TILL_ORDER_ORDERED, TILL_ORDER_ALLOCATED,
					       TILL_ORDER_SHORT, TILL_ORDER_PICKED,
					       TILL_ORDER_STAGED};

/* How much of a line the parts could not give up. */
static gboolean
cancel_line(TillBookedOrder *order, guint line, gint64 milli, gint64 *out_left, GError **error)
{
	for (gsize state = 0; state < G_N_ELEMENTS(given_up_from); state++) {
		for (guint i = 0; milli > 0 && i < order->fulfilments->len; i++) {
			TillFulfilment *part = g_ptr_array_index(order->fulfilments, i);
			int index = till_fulfilment_find_line(part, line);
			gint64 there = index < 0 ? 0
						 : till_order_quantity(part->life, (guint)index,
								       given_up_from[state]);
			gint64 some = MIN(there, milli);
			if (some > 0 && !move(part, (guint)index, given_up_from[state],
					      TILL_ORDER_CANCELLED, some, error))
				return FALSE;
			milli -= some;
		}
	}
	*out_left = milli;
	return TRUE;
}

static gboolean
cancel_some(TillOrderChange *change, const TillOrderCancel *cancel, GString *words, GError **error)
{
	TillBookedOrder *order = till_order_change_order(change);

	for (guint i = 0; i < cancel->parts->len; i++) {
		const TillOrderRecordPart *part =
		    &g_array_index(cancel->parts, TillOrderRecordPart, i);
		const TillOrderRecordLine *line = till_order_record_line(order->record, part->line);
		g_autofree char *quantity = till_quantity_format(part->quantity_milli);
		gint64 left;
		if (line == NULL)
			return refuse(error, TILL_ERROR_INVALID,
				      "cancel.lines[%u].line: there is no line %u", i, part->line);
		if (!cancel_line(order, part->line, part->quantity_milli, &left, error))
			return FALSE;
		if (left > 0)
			return refuse(error, TILL_ERROR_STATE,
				      "cancel.lines[%u]: so much of %s is not left to be given up.",
				      i, line->sku);
		g_string_append_printf(words, "%s%s × %s", words->len > 0 ? ", " : "", quantity,
				       line->name);
	}
	return TRUE;
}

static gboolean
cancel_all(TillOrderChange *change, GString *words, GError **error)
{
	TillBookedOrder *order = till_order_change_order(change);
	gint64 given_up = 0;

	for (guint i = 0; i < order->record->lines->len; i++) {
		const TillOrderRecordLine *line = g_ptr_array_index(order->record->lines, i);
		gint64 left;
		if (!cancel_line(order, line->line, TILL_QUANTITY_MAX_MILLI, &left, error))
			return FALSE;
		given_up += TILL_QUANTITY_MAX_MILLI - left;
	}
	g_string_append(words, "everything that is left");
	return given_up > 0 ||
	       refuse(error, TILL_ERROR_STATE, "Nothing of order %s is left to be given up.",
		      order->record->number);
}

gboolean
till_order_edit_cancel(TillOrderChange *change, const TillOrderCancel *cancel,
		       const TillOrderEditor *editor, GError **error)
{
	g_autoptr(GString) what = g_string_new(NULL);
	g_autofree char *words = NULL;

	if (!(cancel->parts->len > 0 ? cancel_some(change, cancel, what, error)
				     : cancel_all(change, what, error)))
		return FALSE;
	words = g_strdup_printf("Given up: %s%s%s.", what->str, *cancel->reason != '\0' ? "; " : "",
				cancel->reason);
	tell(change, editor, "cancelled", NULL, words);
	return TRUE;
}

/* --- amending --- */

static void
set_text(char **text, const char *value)
{
	g_free(*text);
	*text = g_strdup(value);
}

/* A part's goods as a source sees them: wanted lines and needs by their places. */
static void
list_goods(const TillFulfilment *fulfilment, TillOrderState state, TillOrderSource *source,
	   GArray *needs)
{
	for (guint i = 0; i < fulfilment->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, i);
		gint64 milli = till_order_quantity(fulfilment->life, i, state);
		TillOrderRecordPart part = {source->wanted->len + 1, milli};
		TillOrderWanted *wanted;
		if (milli == 0)
			continue;
		wanted = g_new0(TillOrderWanted, 1);
		wanted->sku = g_strdup(line->sku);
		wanted->quantity_milli = milli;
		g_ptr_array_add(source->wanted, wanted);
		g_array_append_val(needs, part);
	}
}

static gboolean
check_new_store(TillCentral *central, const char *store, TillFulfilmentKind kind, GError **error)
{
	gboolean there;
	gboolean does;

	if (!till_api_has_store(central, store, &there, error))
		return FALSE;
	if (!there)
		return refuse(error, TILL_ERROR_INVALID,
			      "change.store: there is no store \"%.20s\"", store);
	if (!till_promise_does(central->db, store, kind, &does, error))
		return FALSE;
	return does || refuse(error, TILL_ERROR_INVALID, "change.kind: store %s does not do \"%s\"",
			      store, till_fulfilment_kind_name(kind));
}

/* New promises at the place and of the kind that it now is. */
static gboolean
amend_place(TillCentral *central, TillFulfilment *fulfilment, const TillOrderAmend *amend,
	    GError **error)
{
	const char *store = *amend->store != '\0' ? amend->store : fulfilment->store;
	TillFulfilmentKind kind = fulfilment->kind;
	TillPromise promise;

	if (*amend->kind != '\0' && !till_fulfilment_find_kind(amend->kind, &kind))
		g_assert_not_reached(); /* the request was read */
	if (strcmp(store, fulfilment->store) == 0 && kind == fulfilment->kind)
		return TRUE;
	if (!check_new_store(central, store, kind, error) ||
	    !till_promise_make(central->db, store, kind, till_central_now_ms(central), &promise,
			       error))
		return FALSE;
	if (store != fulfilment->store)
		set_text(&fulfilment->store, store);
	fulfilment->kind = kind;
	fulfilment->promise_ms = promise.promise_ms;
	fulfilment->expires_ms = promise.expires_ms;
	set_text(&fulfilment->place, "");
	return TRUE;
}

static gboolean
amend_promise(TillCentral *central, TillFulfilment *fulfilment, const TillOrderAmend *amend,
	      GError **error)
{
	if (amend->promise_ms < 0)
		return TRUE;
	fulfilment->promise_ms = amend->promise_ms;
	return till_promise_expiry(central->db, fulfilment->store, fulfilment->kind,
				   amend->promise_ms, &fulfilment->expires_ms, error);
}

static gboolean
is_untouched(const TillFulfilment *fulfilment)
{
	TillFulfilmentState state = till_fulfilment_state(fulfilment);

	return state == TILL_FULFILMENT_TO_PICK;
}

static void
amend_contact(TillOrderRecord *record, const TillOrderAmend *amend)
{
	set_text(&record->email, amend->email);
	set_text(&record->phone, amend->phone);
	set_text(&record->language, amend->language);
}

gboolean
till_order_edit_amend(TillCentral *central, TillOrderChange *change, const TillOrderAmend *amend,
		      const TillOrderEditor *editor, GError **error)
{
	TillBookedOrder *order = till_order_change_order(change);
	TillFulfilment *fulfilment = till_order_book_fulfilment(order, &amend->fulfilment);
	gboolean moves = *amend->store != '\0' || *amend->kind != '\0';
	g_autofree char *words = NULL;

	if (fulfilment == NULL)
		return refuse(error, TILL_ERROR_INVALID,
			      "change.fulfilment: order %s has no such part",
			      order->record->number);
	if (till_order_is_done(fulfilment->life))
		return refuse(error, TILL_ERROR_STATE, "This part of order %s is done; order anew.",
			      order->record->number);
	if (moves && !is_untouched(fulfilment))
		return refuse(error, TILL_ERROR_STATE,
			      "Store %s is picking this already; ask it to put the goods back, or "
			      "cancel.",
			      fulfilment->store);
	if (!amend_place(central, fulfilment, amend, error) ||
	    !amend_promise(central, fulfilment, amend, error))
		return FALSE;
	if (amend->has_contact)
		amend_contact(order->record, amend);
	words = moves
		    ? g_strdup_printf("Now %s at store %s.",
				      fulfilment->kind == TILL_FULFILMENT_SHIP ? "to be sent"
									       : "to be collected",
				      fulfilment->store)
		    : g_strdup(amend->promise_ms >= 0 ? "Another time was agreed on."
						      : "Another contact was given.");
	tell(change, editor, moves ? "moved" : "changed", &fulfilment->id, words);
	return TRUE;
}

/* --- moving what a store did not have --- */

static TillFulfilment *
make_part(TillCentral *central, const TillFulfilment *from, const char *store, GError **error)
{
	TillFulfilment *part = till_fulfilment_new();
	TillPromise promise;

	if (!till_promise_make(central->db, store, from->kind, till_central_now_ms(central),
			       &promise, error)) {
		till_fulfilment_free(part);
		return NULL;
	}
	part->id = till_uuid_random();
	part->order = from->order;
	part->kind = from->kind;
	set_text(&part->number, from->number);
	set_text(&part->customer_name, from->customer_name);
	set_text(&part->store, store);
	part->promise_ms = promise.promise_ms;
	part->expires_ms = promise.expires_ms;
	return part;
}

static gboolean
move_goods(TillFulfilment *from, TillFulfilment *to, GError **error)
{
	for (guint i = 0; i < from->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(from->lines, i);
		gint64 milli = till_order_quantity(from->life, i, TILL_ORDER_ORDERED);
		if (milli == 0)
			continue;
		if (!move(from, i, TILL_ORDER_ORDERED, TILL_ORDER_CANCELLED, milli, error))
			return FALSE;
		if (!till_fulfilment_add_line(to, line, milli))
			return refuse(error, TILL_ERROR_STATE, "%s",
				      till_order_words(TILL_ORDER_FULL));
	}
	return TRUE;
}

gboolean
till_order_edit_reallocate(TillCentral *central, TillOrderChange *change,
			   TillFulfilment *fulfilment, const TillOrderEditor *editor,
			   GError **error)
{
	TillBookedOrder *order = till_order_change_order(change);
	g_autoptr(TillOrderSource) source = till_order_source_new();
	g_autoptr(GArray) needs = g_array_new(FALSE, FALSE, sizeof(TillOrderRecordPart));
	g_autofree char *store = NULL;
	g_autofree char *words = NULL;
	TillFulfilment *part;

	list_goods(fulfilment, TILL_ORDER_ORDERED, source, needs);
	if (needs->len == 0 || order->fulfilments->len >= TILL_ORDER_RECORD_FULFILMENTS_MAX)
		return FALSE;
	store = till_order_source_elsewhere(source, central, fulfilment->kind, needs,
					    fulfilment->store, error);
	if (store == NULL)
		return FALSE;
	part = make_part(central, fulfilment, store, error);
	if (part == NULL)
		return FALSE;
	g_ptr_array_add(order->fulfilments, part);
	words = g_strdup_printf("What store %s did not have comes from store %s.",
				fulfilment->store, store);
	tell(change, editor, "moved", &part->id, words);
	return move_goods(fulfilment, part, error);
}

/* --- money --- */

gboolean
till_order_edit_pay(TillOrderChange *change, const TillOrderRecordPayment *payment, gint64 now_ms,
		    const TillOrderEditor *editor, GError **error)
{
	TillOrderRecord *record = till_order_change_order(change)->record;
	const TillCurrency *currency = till_currency_find(record->currency);
	gint64 paid = till_order_record_paid(record);
	TillOrderRecordPayment *copy;
	g_autofree char *amount = NULL;
	g_autofree char *words = NULL;
	gint64 sum;

	if (record->payments->len >= TILL_ORDER_RECORD_PAYMENTS_MAX)
		return refuse(error, TILL_ERROR_STATE, "Order %s has %d payments already.",
			      record->number, TILL_ORDER_RECORD_PAYMENTS_MAX);
	if (!till_money_add(paid, payment->amount_minor, &sum) || sum < 0 || currency == NULL)
		return refuse(error, TILL_ERROR_INVALID,
			      "payment.amount_minor: more would be given back than was paid");
	copy = till_order_record_add_payment(record);
	set_text(&copy->kind, payment->kind);
	set_text(&copy->reference, payment->reference);
	copy->amount_minor = payment->amount_minor;
	copy->at_ms = now_ms;
	amount = till_money_format(ABS(payment->amount_minor), currency);
	words = g_strdup_printf("%s %s by %s.", payment->amount_minor < 0 ? "Given back" : "Paid",
				amount, payment->kind);
	tell(change, editor, "paid", NULL, words);
	return TRUE;
}
