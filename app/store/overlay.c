/* SPDX-License-Identifier: Apache-2.0 */
#include "overlay.h"

#include <string.h>

#include "store-private.h"

#define EPOCH_NOTE "overlay_epoch"

static gboolean
read_sums(TillStore *store, GError **error)
{
	TillDatabase *database = &store->ledger.database;
	g_autoptr(GHashTable) sums = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	sqlite3_stmt *all = till_database_statement(database, TILL_LEDGER_MOVE_SUMS);
	till_database_bind_int(all, 1, store->cache.store_seq);
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, all, error)) == SQLITE_ROW) {
		gint64 sum = sqlite3_column_int64(all, 1);
		g_hash_table_insert(sums, g_strdup(till_database_text(all, 0)),
				    g_memdup2(&sum, sizeof sum));
	}
	if (step == SQLITE_DONE)
		store->overlay = g_steal_pointer(&sums);
	return step == SQLITE_DONE;
}

gboolean
till_overlay_sum(TillStore *store, const char *sku, gint64 *out_milli, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return FALSE;
	if (store->overlay == NULL && !read_sums(store, error))
		return FALSE;
	const gint64 *sum = g_hash_table_lookup(store->overlay, sku);
	*out_milli = sum == NULL ? 0 : *sum;
	return TRUE;
}

void
till_overlay_add(TillStore *store, const char *sku, gint64 delta_milli)
{
	if (store->overlay == NULL)
		return;
	gint64 *sum = g_hash_table_lookup(store->overlay, sku);
	if (sum != NULL)
		*sum += delta_milli;
	else
		g_hash_table_insert(store->overlay, g_strdup(sku),
				    g_memdup2(&delta_milli, sizeof delta_milli));
}

void
till_overlay_forget(TillStore *store)
{
	g_clear_pointer(&store->overlay, g_hash_table_unref);
}

gboolean
till_overlay_is_ended(TillStore *store, TillOutcome outcome, gint64 feed_seq)
{
	gboolean has_effect =
	    (outcome != TILL_OUTCOME_HELD && outcome != TILL_OUTCOME_PARKED) || feed_seq != 0;
	return has_effect && feed_seq <= store->cache.store_seq;
}

gboolean
till_overlay_prune(TillStore *store, GError **error)
{
	TillDatabase *database = &store->ledger.database;
	sqlite3_stmt *prune = till_database_statement(database, TILL_LEDGER_MOVE_PRUNE);
	till_database_bind_int(prune, 1, store->cache.store_seq);
	return till_database_do(database, prune, error);
}

static gboolean
change_epoch(TillDatabase *database, gpointer data, GError **error)
{
	TillStore *store = data;
	sqlite3_stmt *prune = till_database_statement(database, TILL_LEDGER_MOVE_PRUNE_ACKED);
	return till_database_do(database, prune, error) &&
	       till_ledger_note_set(&store->ledger, EPOCH_NOTE, store->cache.store_epoch, error);
}

gboolean
till_overlay_meet_epoch(TillStore *store, GError **error)
{
	g_autoptr(GError) failure = NULL;
	till_overlay_forget(store);
	/* An empty cache knows nothing yet; what it will be told is judged then. */
	if (store->cache.store_epoch[0] == '\0' || !till_ledger_is_open(&store->ledger))
		return TRUE;
	g_autofree char *epoch = till_ledger_note_get(&store->ledger, EPOCH_NOTE, &failure);
	if (failure != NULL) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	if (g_strcmp0(epoch, store->cache.store_epoch) == 0)
		return TRUE;
	return till_database_transact(&store->ledger.database, change_epoch, store, error);
}
