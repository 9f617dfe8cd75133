/* SPDX-License-Identifier: Apache-2.0 */
#include "overlay.h"

#include <string.h>

#include "store-private.h"

#define EPOCH_NOTE "overlay_epoch"

gboolean
till_overlay_sum(TillStore *store, const char *sku, gint64 *out_milli, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return FALSE;
	TillDatabase *database = &store->ledger.database;
	sqlite3_stmt *sum = till_database_statement(database, TILL_LEDGER_MOVE_SUM);
	till_database_bind_text(sum, 1, sku);
	till_database_bind_int(sum, 2, store->cache.store_seq);
	if (till_database_step(database, sum, error) != SQLITE_ROW)
		return FALSE;
	*out_milli = sqlite3_column_int64(sum, 0);
	sqlite3_reset(sum);
	return TRUE;
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
