/* SPDX-License-Identifier: Apache-2.0 */
#include "outbox.h"

#include <string.h>

#include "error.h"
#include "ledger-row.h"
#include "sale.h"
#include "store-private.h"

GArray *
till_outbox_heads(TillStore *store, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return NULL;
	GArray *heads = g_array_new(FALSE, TRUE, sizeof(TillOutboxHead));
	GArray *rows = store->ledger.incarnations;
	for (guint i = 0; i < rows->len; i++) {
		const TillIncarnation *row = &g_array_index(rows, TillIncarnation, i);
		TillOutboxHead head = {
		    .incarnation = row->id,
		    .parent_incarnation = row->parent,
		    .parent_seq = row->parent_seq,
		    .parent_chain = row->parent_chain,
		    .seq = row->seq,
		    .chain = row->chain,
		    .current = i + 1 == rows->len,
		};
		g_array_append_val(heads, head);
	}
	return heads;
}

static gboolean
miss(guint64 incarnation, gint64 seq, GError **error)
{
	char text[14];
	g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
		    "The journal has no entry %s-%" G_GINT64_FORMAT ".",
		    till_id_incarnation_format(incarnation, text), seq);
	return FALSE;
}

gboolean
till_outbox_chain_at(TillStore *store, guint64 incarnation, gint64 seq, TillHash *out,
		     GError **error)
{
	if (!till_store_check_ledger(store, error))
		return FALSE;
	TillDatabase *database = &store->ledger.database;
	const TillIncarnation *known = till_ledger_find(&store->ledger, incarnation);
	if (known == NULL || seq < 0 || seq > known->seq)
		return miss(incarnation, seq, error);
	if (seq == 0) {
		till_entry_genesis(incarnation, out);
		return TRUE;
	}
	sqlite3_stmt *at = till_database_statement(database, TILL_LEDGER_CHAIN_AT);
	till_database_bind_int(at, 1, till_ledger_position(known->ordinal, seq));
	int step = till_database_step(database, at, error);
	if (step != SQLITE_ROW)
		return step == SQLITE_DONE ? miss(incarnation, seq, error) : FALSE;
	gboolean ok = till_database_blob(at, 0, out, sizeof *out, error);
	sqlite3_reset(at);
	return ok;
}

/* The first row of an incarnation that waits; out_seq 0 when none does. */
static gboolean
find_pending(TillLedger *ledger, const TillIncarnation *incarnation, gint64 *out_seq,
	     gint64 *out_wall_ms, GError **error)
{
	*out_seq = 0;
	if (incarnation->settled >= incarnation->seq)
		return TRUE;
	sqlite3_stmt *first = till_database_statement(&ledger->database, TILL_LEDGER_PENDING_FIRST);
	till_database_bind_int(first, 1,
			       till_ledger_position(incarnation->ordinal, incarnation->settled));
	till_database_bind_int(first, 2, till_ledger_position(incarnation->ordinal + 1, 0));
	int step = till_database_step(&ledger->database, first, error);
	if (step != SQLITE_ROW)
		return step == SQLITE_DONE;
	*out_seq = sqlite3_column_int64(first, 0);
	*out_wall_ms = sqlite3_column_int64(first, 1);
	sqlite3_reset(first);
	return TRUE;
}

static gboolean
find_oldest_pending(TillLedger *ledger, const TillIncarnation **out, gint64 *out_seq,
		    gint64 *out_wall_ms, GError **error)
{
	*out = NULL;
	for (guint i = 0; i < ledger->incarnations->len; i++) {
		const TillIncarnation *row =
		    &g_array_index(ledger->incarnations, TillIncarnation, i);
		if (!find_pending(ledger, row, out_seq, out_wall_ms, error))
			return FALSE;
		if (*out_seq == 0)
			continue;
		*out = row;
		return TRUE;
	}
	return TRUE;
}

typedef struct {
	guint max_entries;
	gsize max_bytes;
} Bounds;

static GPtrArray *
read_batch(TillLedger *ledger, const TillIncarnation *incarnation, gint64 after_seq, Bounds bounds,
	   GError **error)
{
	g_autoptr(GPtrArray) batch =
	    g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	g_autoptr(GError) failure = NULL;
	sqlite3_stmt *from = till_database_statement(&ledger->database, TILL_LEDGER_ROWS_FROM);
	till_database_bind_int(from, 1, till_ledger_position(incarnation->ordinal, after_seq));
	till_database_bind_int(from, 2, till_ledger_position(incarnation->ordinal + 1, 0));
	till_database_bind_int(from, 3, MAX(bounds.max_entries, 1));
	gsize bytes = 0;
	TillEntry *entry;
	while ((entry = till_ledger_row_next(ledger, from, &failure)) != NULL) {
		bytes += g_bytes_get_size(entry->body);
		if (batch->len > 0 && bytes > bounds.max_bytes) {
			till_entry_free(entry);
			break;
		}
		g_ptr_array_add(batch, entry);
	}
	sqlite3_reset(from);
	if (failure == NULL)
		return g_steal_pointer(&batch);
	g_propagate_error(error, g_steal_pointer(&failure));
	return NULL;
}

GPtrArray *
till_outbox_batch(TillStore *store, guint64 incarnation, gint64 after_seq, guint max_entries,
		  gsize max_bytes, GError **error)
{
	gint64 seq = 0;
	gint64 wall_ms;
	const TillIncarnation *from = NULL;
	if (!till_store_check_ledger(store, error))
		return NULL;
	if (incarnation == 0) {
		if (!find_oldest_pending(&store->ledger, &from, &seq, &wall_ms, error))
			return NULL;
		after_seq = seq - 1;
	} else {
		from = till_ledger_find(&store->ledger, incarnation);
		if (from == NULL) {
			miss(incarnation, after_seq, error);
			return NULL;
		}
	}
	if (from == NULL)
		return g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	Bounds bounds = {max_entries, max_bytes};
	return read_batch(&store->ledger, from, MAX(after_seq, 0), bounds, error);
}

GPtrArray *
till_outbox_parked(TillStore *store, guint max_entries, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return NULL;
	TillLedger *ledger = &store->ledger;
	g_autoptr(GPtrArray) parked =
	    g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	g_autoptr(GError) failure = NULL;
	sqlite3_stmt *list = till_database_statement(&ledger->database, TILL_LEDGER_ACK_PARKED);
	till_database_bind_int(list, 1, MAX(max_entries, 1));
	TillEntry *entry;
	while ((entry = till_ledger_row_next(ledger, list, &failure)) != NULL)
		g_ptr_array_add(parked, entry);
	sqlite3_reset(list);
	if (failure == NULL)
		return g_steal_pointer(&parked);
	g_propagate_error(error, g_steal_pointer(&failure));
	return NULL;
}

gboolean
till_outbox_counts(TillStore *store, TillOutboxCounts *out, GError **error)
{
	TillOutboxCounts counts = {0};
	const TillIncarnation *oldest;
	gint64 seq;
	if (!till_store_check_ledger(store, error) || !till_ledger_count(&store->ledger, error))
		return FALSE;
	TillDatabase *database = &store->ledger.database;
	counts.pending = store->ledger.pending;
	counts.sales_pending = store->ledger.sales_pending;
	if (counts.pending > 0 && !find_oldest_pending(&store->ledger, &oldest, &seq,
						       &counts.oldest_pending_wall_ms, error))
		return FALSE;
	sqlite3_stmt *open = till_database_statement(database, TILL_LEDGER_ACK_OPEN_COUNT);
	if (till_database_step(database, open, error) != SQLITE_ROW)
		return FALSE;
	counts.held = sqlite3_column_int64(open, 0);
	counts.parked = sqlite3_column_int64(open, 1);
	sqlite3_reset(open);
	*out = counts;
	return TRUE;
}

char *
till_outbox_note_get(TillStore *store, const char *name, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return NULL;
	return till_ledger_note_get(&store->ledger, name, error);
}

gboolean
till_outbox_note_set(TillStore *store, const char *name, const char *value, GError **error)
{
	return till_store_check_ledger(store, error) &&
	       till_ledger_note_set(&store->ledger, name, value, error);
}
