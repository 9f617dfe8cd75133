/* SPDX-License-Identifier: Apache-2.0 */
#include "inbox-step.h"

#include <string.h>

#include "cart-book.h"
#include "error.h"
#include "exceptions.h"
#include "json.h"
#include "order-counter.h"
#include "reading.h"
#include "server-log.h"

static void
set_outcome(TillWireResult *result, const char *outcome, const char *reason)
{
	g_free(result->outcome);
	g_free(result->reason);
	result->outcome = g_strdup(outcome);
	result->reason = g_strdup(reason);
}

/* --- carts --- */

gboolean
till_inbox_step_sold(TillInbox *inbox, const TillEntry *entry, const TillSale *sale,
		     TillWireResult *result, GError **error)
{
	TillOrderSteps steps = {inbox->central, inbox->terminal, &inbox->changes, inbox->books,
				inbox->now_ms};
	g_autofree TillCartSold *sold = NULL;
	guint count = sale->priced->lines->len;

	if (!till_order_counter_sale(&steps, entry, sale, result->exceptions, error))
		return FALSE;
	if (sale->cart == NULL)
		return TRUE;
	sold = g_new(TillCartSold, count);
	for (guint i = 0; i < count; i++) {
		const TillPricedLine *line = g_ptr_array_index(sale->priced->lines, i);
		sold[i] = (TillCartSold){line->item->sku, line->quantity_milli};
	}
	return till_cart_book_sold(inbox->central, sale->cart, sold, count, error);
}

static gboolean
hold_cart(TillInbox *inbox, const TillEntry *entry, const char *why, TillWireResult *result,
	  GError **error)
{
	char txn[TILL_UUID_TEXT];
	TillException exception = {.code = "CART_UNKNOWN",
				   .subject = till_uuid_format(&entry->txn, txn),
				   .severity = TILL_EXCEPTION_WARNING,
				   .words = why,
				   .txn = txn,
				   .raised_ms = inbox->now_ms};

	set_outcome(result, "held", "CART_UNKNOWN");
	return till_exceptions_raise(&inbox->changes, &exception, error);
}

/* What is only shown of a cart that has gone needs nobody; what was to be put into one does. */
static gboolean
enter_cart(TillInbox *inbox, const TillEntry *entry, const TillCartStep *step,
	   TillWireResult *result, GError **error)
{
	g_autoptr(GError) local = NULL;

	if (till_cart_book_step(inbox->central, step, &local))
		return TRUE;
	if (!g_error_matches(local, TILL_ERROR, TILL_ERROR_NOT_FOUND) &&
	    !g_error_matches(local, TILL_ERROR, TILL_ERROR_STATE)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	return step->action != TILL_CART_SEND ||
	       hold_cart(inbox, entry, local->message, result, error);
}

/* --- orders --- */

static gboolean
is_cart(const TillEntry *entry)
{
	return strcmp(entry->type, TILL_CART_TYPE) == 0 && entry->version == TILL_CART_VERSION;
}

gboolean
till_inbox_step_is(const TillEntry *entry)
{
	return till_order_steps_is(entry) || is_cart(entry);
}

static gboolean
is_same_txn(gconstpointer a, gconstpointer b)
{
	return till_uuid_equal(a, b);
}

static gboolean
is_poison(const TillInbox *inbox, const TillEntry *entry)
{
	return g_ptr_array_find_with_equal_func(inbox->central->poison, &entry->txn, is_same_txn,
						NULL);
}

static gboolean
run_step(TillInbox *inbox, const TillEntry *entry, TillWireResult *result, GError **error)
{
	TillOrderSteps steps = {inbox->central, inbox->terminal, &inbox->changes, inbox->books,
				inbox->now_ms};
	g_autoptr(TillOrderStep) step = NULL;
	g_autoptr(TillCartStep) cart = NULL;
	g_autoptr(GError) fault = NULL;

	if (is_cart(entry))
		cart = till_cart_step_from_bytes(entry->body, &fault);
	else
		step = till_order_step_from_bytes(entry->type, entry->body, &fault);
	if (fault != NULL) {
		till_server_log("unreadable", "reason=\"%s\"", fault->message);
		set_outcome(result, "held", "UNREADABLE");
		return TRUE;
	}
	return step != NULL ? till_order_steps_take(&steps, entry, step, result, error)
			    : enter_cart(inbox, entry, cart, result, error);
}

/* In a savepoint when careful: then a step that breaks a rule of the tables is undone and held
 * alone, and what it told the store's feed is taken back with it. */
static gboolean
run_guarded(TillInbox *inbox, const TillEntry *entry, TillWireResult *result, GError **error)
{
	TillDb *db = inbox->central->db;
	TillChanges before = inbox->changes;
	g_autoptr(GError) local = NULL;
	gboolean done;

	if (!inbox->careful)
		return run_step(inbox, entry, result, error);
	if (!till_db_savepoint(db, "entry", error))
		return FALSE;
	done = run_step(inbox, entry, result, &local);
	if (!till_db_release(db, "entry", done, error))
		return FALSE;
	if (!done && g_error_matches(local, TILL_ERROR, TILL_ERROR_STATE)) {
		inbox->changes = before;
		till_server_log("unreadable", "reason=\"%s\"", local->message);
		g_ptr_array_set_size(result->exceptions, 0);
		set_outcome(result, "held", "UNREADABLE");
		return TRUE;
	}
	if (!done)
		g_propagate_error(error, g_steal_pointer(&local));
	return done;
}

gboolean
till_inbox_step_enter(TillInbox *inbox, const TillEntry *entry, TillWireResult *result,
		      GError **error)
{
	int slot;
	gboolean good;

	if (is_poison(inbox, entry)) {
		set_outcome(result, "held", "UNREADABLE");
		return TRUE;
	}
	slot = till_reading_begin(inbox->central->reading, &entry->txn);
	good = run_guarded(inbox, entry, result, error);
	till_reading_end(inbox->central->reading, slot);
	return good;
}

gboolean
till_inbox_step_tells(const char *reason)
{
	return g_str_has_prefix(reason, "ORDER_") || g_str_has_prefix(reason, "CART_");
}
