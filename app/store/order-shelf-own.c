/* SPDX-License-Identifier: Apache-2.0 */
#include "order-shelf-private.h"

#include "journal.h"
#include "ledger-row.h"
#include "store-private.h"

#define OWN_MAX 5000    /* days without the network */
#define NEWEST_MAX 1000 /* entries of one minute */

static void
free_step(gpointer data)
{
	TillShelfStep *own = data;
	till_order_step_free(own->step);
	g_free(own);
}

/* Own bodies were checked when they were written. */
TillOrderStep *
till_order_shelf_read_step(const TillEntry *entry)
{
	TillOrderStepKind kind;
	if (!till_order_step_find(entry->type, &kind))
		return NULL;
	return till_order_step_from_bytes(entry->type, entry->body, NULL);
}

GPtrArray *
till_order_shelf_own(TillStore *store, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return NULL;
	TillLedger *ledger = &store->ledger;
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(free_step);
	sqlite3_stmt *query = till_database_statement(&ledger->database, TILL_LEDGER_STEPS_OPEN);
	till_database_bind_int(query, 1, store->cache.store_seq);
	till_database_bind_int(query, 2, OWN_MAX);
	g_autoptr(GError) failure = NULL;
	for (;;) {
		g_autoptr(TillEntry) entry = till_ledger_row_next(ledger, query, &failure);
		if (entry == NULL)
			break;
		TillOrderStep *step = till_order_shelf_read_step(entry);
		if (step == NULL)
			continue;
		TillShelfStep *own = g_new0(TillShelfStep, 1);
		own->txn = entry->txn;
		own->step = step;
		g_ptr_array_add(all, own);
	}
	if (failure != NULL) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return NULL;
	}
	return g_steal_pointer(&all);
}

/* A step that is undone may have been told back already, while its undoing was not. */
static gboolean
undo(TillStore *store, const TillShelfStep *own, TillFulfilment *fulfilment, gboolean *done,
     GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(TillEntry) entry = till_journal_find_txn(store, &own->step->reverses, &failure);
	if (entry == NULL && !g_error_matches(failure, TILL_ERROR, TILL_ERROR_NOT_FOUND)) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	g_autoptr(TillOrderStep) original =
	    entry != NULL ? till_order_shelf_read_step(entry) : NULL;
	*done = original != NULL && till_fulfilment_undo(fulfilment, own->step, original, NULL);
	return TRUE;
}

gboolean
till_order_shelf_put_on_top(TillStore *store, const GPtrArray *own, TillShelfRow *row,
			    GError **error)
{
	for (guint i = 0; i < own->len; i++) {
		const TillShelfStep *step = g_ptr_array_index(own, i);
		gboolean done;
		if (!till_uuid_equal(&step->step->fulfilment, &row->fulfilment->id))
			continue;
		if (step->step->kind != TILL_ORDER_STEP_UNDO)
			done = till_fulfilment_do(row->fulfilment, step->step, &step->txn, NULL);
		else if (!undo(store, step, row->fulfilment, &done, error))
			return FALSE;
		row->waiting |= done;
	}
	return TRUE;
}

gboolean
till_order_shelf_is_undone(TillStore *store, const TillUuid *txn, gboolean *out, GError **error)
{
	const char *type = till_order_step_type(TILL_ORDER_STEP_UNDO);
	gint64 since_ms = till_clock_wall_ms(store->clock) - 2 * TILL_ORDER_UNDO_MS;
	g_autoptr(GPtrArray) newest = till_journal_list(store, NULL, NEWEST_MAX, error);
	if (newest == NULL)
		return FALSE;
	*out = FALSE;
	for (guint i = 0; !*out && i < newest->len; i++) {
		const TillJournalRow *row = g_ptr_array_index(newest, i);
		if (row->wall_ms < since_ms)
			break;
		if (!g_str_equal(row->type, type))
			continue;
		g_autoptr(TillEntry) entry =
		    till_journal_find(store, row->incarnation, row->seq, error);
		if (entry == NULL)
			return FALSE;
		g_autoptr(TillOrderStep) step = till_order_shelf_read_step(entry);
		*out = step != NULL && till_uuid_equal(&step->reverses, txn);
	}
	return TRUE;
}
