/* SPDX-License-Identifier: Apache-2.0 */
#include "order-steps.h"

#include <string.h>

#include "error.h"
#include "exceptions.h"
#include "order-change.h"
#include "order-edit.h"
#include "order-settle.h"
#include "order-words.h"

#define OFFSET_MAX_MS G_GINT64_CONSTANT(86400000)

/* One step on its way. */
typedef struct {
	const TillOrderSteps *steps;
	const TillEntry *entry;
	const TillOrderStep *step;
	TillWireResult *result;
	TillOrderChange *change;
	TillFulfilment *fulfilment; /* the change's */
	TillFulfilment *before;
	gint64 at_ms; /* by the central's clock */
} Case;

gboolean
till_order_steps_is(const TillEntry *entry)
{
	TillOrderStepKind kind;

	return entry->version == TILL_ORDER_STEP_VERSION &&
	       till_order_step_find(entry->type, &kind);
}

/* What the till's clock said, put right by what it knew of it; nothing happens in the future. */
static gint64
correct_time(const Case *here)
{
	gint64 offset_ms = CLAMP(here->entry->clock.offset_ms, -OFFSET_MAX_MS, OFFSET_MAX_MS);

	return CLAMP(here->step->at_ms + offset_ms, (gint64)1, here->steps->now_ms);
}

/* --- holding --- */

static gboolean
raise_at(const Case *here, const char *store_code, const TillException *exception, GError **error)
{
	if (strcmp(store_code, here->steps->terminal->store_code) == 0)
		return till_exceptions_raise(here->steps->changes, exception, error);
	return till_exceptions_raise_for(here->steps->central->db, store_code, exception, error);
}

static gboolean
has_store(const Case *here, const char *store_code, GError **error)
{
	TillDbQuery *query =
	    till_db_query(here->steps->central->db, "SELECT count(*) FROM store WHERE code = ?1");
	gint64 count;

	till_db_bind_text(query, 1, store_code);
	return till_db_fetch_int(query, 0, &count, error) && count > 0;
}

/* other: a store that must see it too; NULL. */
static gboolean
hold(const Case *here, const char *reason, const char *words, const char *other, GError **error)
{
	const char *own = here->steps->terminal->store_code;
	char txn[TILL_UUID_TEXT];
	TillException exception = {.code = reason,
				   .subject = till_uuid_format(&here->entry->txn, txn),
				   .severity = TILL_EXCEPTION_CRITICAL,
				   .words = words,
				   .txn = txn,
				   .raised_ms = here->steps->now_ms};

	g_free(here->result->outcome);
	here->result->outcome = g_strdup("held");
	g_free(here->result->reason);
	here->result->reason = g_strdup(reason);
	if (!raise_at(here, own, &exception, error))
		return FALSE;
	if (other == NULL || strcmp(other, own) == 0 || !has_store(here, other, error))
		return error == NULL || *error == NULL;
	return raise_at(here, other, &exception, error);
}

static gboolean
hold_unknown(const Case *here, GError **error)
{
	g_autofree char *words = g_strdup_printf(
	    "%s entered a %s of an order that the central does not know. Ask who made the order.",
	    here->step->staff_name, till_order_step_type(here->step->kind));

	return hold(here, "ORDER_UNKNOWN", words, NULL, error);
}

static const TillFulfilmentHandOver *
find_given(const TillFulfilment *fulfilment)
{
	for (guint i = fulfilment->hand_overs->len; i > 0; i--) {
		const TillFulfilmentHandOver *at = g_ptr_array_index(fulfilment->hand_overs, i - 1);
		if (!at->undone)
			return at;
	}
	return NULL;
}

/* why: the words of order.h. */
static gboolean
hold_late(const Case *here, const char *why, GError **error)
{
	const TillFulfilmentHandOver *given =
	    here->step->kind == TILL_ORDER_STEP_HAND_OVER ? find_given(here->before) : NULL;
	g_autofree char *words = NULL;

	if (given != NULL) {
		words =
		    till_order_words_given(here->steps->central, here->before, given, here->step);
		return hold(here, "ORDER_ALREADY_FULFILLED", words, given->store, error);
	}
	words =
	    g_strdup_printf("%s: the %s by %s fits no more: %s", here->before->number,
			    till_order_step_type(here->step->kind), here->step->staff_name, why);
	return hold(here, "ORDER_MOVED_ON", words, here->before->store, error);
}

/* --- doing --- */

/* The step that is to be taken back, as it came. NULL without error: there is none. */
static TillOrderStep *
find_original(const Case *here, GError **error)
{
	TillDbQuery *query = till_db_query(
	    here->steps->central->db,
	    "SELECT e.type, e.body FROM order_step s JOIN entry e ON e.txn = s.txn WHERE s.txn = "
	    "?1 AND s.fulfilment = ?2 AND NOT EXISTS (SELECT 1 FROM order_step u WHERE u.reverses "
	    "= s.txn)");
	char id[TILL_UUID_TEXT];
	TillOrderStep *original = NULL;

	till_db_bind_blob(query, 1, here->step->reverses.bytes, sizeof here->step->reverses.bytes);
	till_db_bind_text(query, 2, till_uuid_format(&here->step->fulfilment, id));
	if (till_db_step(query, error)) {
		gsize size;
		gconstpointer data = till_db_blob(query, 1, &size);
		g_autoptr(GBytes) body = g_bytes_new(data, size);
		original = till_order_step_from_bytes(till_db_text(query, 0), body, NULL);
		till_db_reset(query);
	}
	return original;
}

/* FALSE with TILL_ERROR_STATE: it fits no more. */
static gboolean
undo(const Case *here, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(TillOrderStep) original = find_original(here, &local);

	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (original != NULL)
		return till_fulfilment_undo(here->fulfilment, here->step, original, error);
	g_set_error_literal(error, TILL_ERROR, TILL_ERROR_STATE,
			    till_order_words(TILL_ORDER_NO_STEP));
	return FALSE;
}

static gboolean
apply(const Case *here, GError **error)
{
	TillBookedOrder *order = till_order_change_order(here->change);

	if (here->step->kind == TILL_ORDER_STEP_UNDO)
		return undo(here, error);
	if (here->step->kind == TILL_ORDER_STEP_NOTE)
		return TRUE;
	if (!till_fulfilment_do(here->fulfilment, here->step, &here->entry->txn, error))
		return FALSE;
	if (here->step->substitute.line == 0 ||
	    till_order_settle_substitute(order->record, &here->step->substitute))
		return TRUE;
	g_set_error_literal(error, TILL_ERROR, TILL_ERROR_STATE,
			    till_order_words(TILL_ORDER_NO_LINE));
	return FALSE;
}

static gboolean
raise_short(const Case *here, GError **error)
{
	g_autofree char *words = g_strdup_printf(
	    "%s: something was not found, and no other store has it. Offer the shopper something "
	    "else, or cancel it.",
	    here->fulfilment->number);
	char id[TILL_UUID_TEXT];
	TillException exception = {.code = "ORDER_SHORT",
				   .subject = till_uuid_format(&here->fulfilment->id, id),
				   .severity = TILL_EXCEPTION_WARNING,
				   .words = words,
				   .txn = "",
				   .raised_ms = here->steps->now_ms};

	g_ptr_array_add(here->result->exceptions, g_strdup("ORDER_SHORT"));
	return raise_at(here, here->fulfilment->store, &exception, error);
}

/* Another store is asked for what was given back. */
static gboolean
ask_others(const Case *here, GError **error)
{
	const TillOrderEditor editor = {here->step->staff_name, "store"};
	g_autoptr(GError) local = NULL;

	if (till_fulfilment_count(here->fulfilment, TILL_ORDER_ORDERED) <=
	    till_fulfilment_count(here->before, TILL_ORDER_ORDERED))
		return TRUE;
	if (till_order_edit_reallocate(here->steps->central, here->change, here->fulfilment,
				       &editor, &local))
		return TRUE;
	if (local == NULL)
		return raise_short(here, error);
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* What a person was asked to do is done. */
static gboolean
settle(const Case *here, GError **error)
{
	gboolean waits = till_fulfilment_count(here->fulfilment, TILL_ORDER_ORDERED) > 0;
	char id[TILL_UUID_TEXT];

	if (strcmp(here->fulfilment->store, here->steps->terminal->store_code) != 0)
		return TRUE;
	till_uuid_format(&here->fulfilment->id, id);
	return (waits || till_exceptions_settle(here->steps->changes, "ORDER_SHORT", id, error)) &&
	       (!till_order_is_done(here->fulfilment->life) ||
		till_exceptions_settle(here->steps->changes, "ORDER_EXPIRED", id, error));
}

static gboolean
write_step(const Case *here, GError **error)
{
	TillDbQuery *query = till_db_query(
	    here->steps->central->db,
	    "INSERT INTO order_step (txn, fulfilment, kind, reverses) VALUES (?1, ?2, ?3, ?4)");
	char id[TILL_UUID_TEXT];

	till_db_bind_blob(query, 1, here->entry->txn.bytes, sizeof here->entry->txn.bytes);
	till_db_bind_text(query, 2, till_uuid_format(&here->step->fulfilment, id));
	till_db_bind_text(query, 3, here->entry->type);
	if (here->step->kind == TILL_ORDER_STEP_UNDO)
		till_db_bind_blob(query, 4, here->step->reverses.bytes,
				  sizeof here->step->reverses.bytes);
	return till_db_run(query, error);
}

/* Everything that can fail comes before the change is written, which moves the batch's memory. */
static gboolean
enter(Case *here, GError **error)
{
	g_autoptr(GError) late = NULL;

	if (!apply(here, &late)) {
		if (g_error_matches(late, TILL_ERROR, TILL_ERROR_STATE))
			return hold_late(here, late->message, error);
		g_propagate_error(error, g_steal_pointer(&late));
		return FALSE;
	}
	till_order_words_tell(here->change, here->before, here->fulfilment, here->step,
			      here->at_ms);
	if (!ask_others(here, error) || !settle(here, error) || !write_step(here, error) ||
	    !till_order_change_write(here->change, error))
		return FALSE;
	here->result->feed_seq = here->steps->changes->head;
	if (here->result->exceptions->len > 0) {
		g_free(here->result->outcome);
		here->result->outcome = g_strdup("applied_exceptions");
	}
	return TRUE;
}

static gboolean
run(Case *here, GError **error)
{
	TillOrderHeld held = {here->steps->terminal->store_code, here->steps->changes,
			      here->steps->books};
	char id[TILL_UUID_TEXT];
	TillBookedOrder *order = till_order_book_find(
	    here->steps->central->db, till_uuid_format(&here->step->order, id), error);

	if (order == NULL)
		return FALSE;
	here->change = till_order_change_new(here->steps->central, order, &held);
	here->fulfilment = till_order_book_fulfilment(order, &here->step->fulfilment);
	if (here->fulfilment == NULL)
		return hold_unknown(here, error);
	here->before = till_fulfilment_copy(here->fulfilment);
	return enter(here, error);
}

/* Whatever a step says that its rows cannot hold is a fault of the step. */
static void
mend_error(GError **error, GError *local)
{
	if (g_error_matches(local, TILL_ERROR, TILL_ERROR_INVALID) ||
	    g_error_matches(local, TILL_ERROR, TILL_ERROR_LIMIT))
		local->code = TILL_ERROR_STATE;
	g_propagate_error(error, local);
}

gboolean
till_order_steps_take(const TillOrderSteps *steps, const TillEntry *entry,
		      const TillOrderStep *step, TillWireResult *result, GError **error)
{
	Case here = {.steps = steps, .entry = entry, .step = step, .result = result};
	g_autoptr(GError) local = NULL;
	gboolean good;

	here.at_ms = correct_time(&here);
	good = run(&here, &local);
	if (!good && here.change == NULL &&
	    g_error_matches(local, TILL_ERROR, TILL_ERROR_NOT_FOUND)) {
		g_clear_error(&local);
		good = hold_unknown(&here, &local);
	}
	till_order_change_free(here.change);
	till_fulfilment_free(here.before);
	if (!good)
		mend_error(error, g_steal_pointer(&local));
	return good;
}
