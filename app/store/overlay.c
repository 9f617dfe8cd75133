/* SPDX-License-Identifier: Apache-2.0 */
#include "overlay.h"

#include <string.h>

#include "store-private.h"

#define EPOCH_NOTE "overlay_epoch"
#define CHAIN_EPOCH_NOTE "overlay_chain_epoch"

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

/* ---- Uses of offers ---- */

/* Own uses are kept by customer; by everybody is their sum. */
static void
keep_use(TillPriceUses *uses, const TillOfferUse *use)
{
	till_price_uses_add(uses, use->kind, use->key, "", &use->use);
	if (*use->customer != '\0')
		till_price_uses_add(uses, use->kind, use->key, use->customer, &use->use);
}

static gboolean
read_uses(TillStore *store, GError **error)
{
	TillDatabase *database = &store->ledger.database;
	g_autoptr(TillPriceUses) uses = till_price_uses_new();
	sqlite3_stmt *all = till_database_statement(database, TILL_LEDGER_USE_SUMS);
	till_database_bind_int(all, 1, store->cache.chain_seq);
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, all, error)) == SQLITE_ROW) {
		TillOfferUse use = {
		    .kind = sqlite3_column_int(all, 0) == 0 ? TILL_PRICE_USES_PROMOTION
							    : TILL_PRICE_USES_COUPON,
		    .key = till_database_text(all, 1),
		    .customer = till_database_text(all, 2),
		    .use = {sqlite3_column_int64(all, 3), sqlite3_column_int64(all, 4)},
		};
		keep_use(uses, &use);
	}
	if (step == SQLITE_DONE)
		store->uses = g_steal_pointer(&uses);
	return step == SQLITE_DONE;
}

static void
add_known(const TillPriceUses *from, TillPriceUsesKind kind, const char *key, const char *customer,
	  TillPriceUses *to)
{
	TillPriceUse use = till_price_uses_find(from, kind, key, customer);
	if (use.uses != 0 || use.spent_minor != 0)
		till_price_uses_add(to, kind, key, customer, &use);
}

static void
add_for(const TillPriceUses *from, TillPriceUsesKind kind, const char *key, const char *customer,
	TillPriceUses *to)
{
	add_known(from, kind, key, "", to);
	if (*customer != '\0')
		add_known(from, kind, key, customer, to);
}

gboolean
till_overlay_add_uses(TillStore *store, const TillShopper *shopper, TillPriceUses *uses,
		      GError **error)
{
	if (!till_store_check_ledger(store, error) ||
	    (store->uses == NULL && !read_uses(store, error)))
		return FALSE;
	const TillCustomer *customer = shopper != NULL ? shopper->customer : NULL;
	const char *id = customer != NULL ? customer->id : "";
	g_autoptr(GPtrArray) promotions = till_price_uses_promotions(store->uses);
	for (guint i = 0; i < promotions->len; i++)
		add_for(store->uses, TILL_PRICE_USES_PROMOTION, g_ptr_array_index(promotions, i),
			id, uses);
	guint count = 0;
	const char *const *codes = shopper != NULL ? till_shopper_coupons(shopper, &count) : NULL;
	for (guint i = 0; i < count; i++)
		add_for(store->uses, TILL_PRICE_USES_COUPON, codes[i], id, uses);
	return TRUE;
}

void
till_overlay_add_use(TillStore *store, const TillOfferUse *use)
{
	if (store->uses != NULL)
		keep_use(store->uses, use);
}

/* ---- Coming to an end ---- */

void
till_overlay_forget(TillStore *store)
{
	g_clear_pointer(&store->overlay, g_hash_table_unref);
	g_clear_pointer(&store->uses, till_price_uses_unref);
}

static gboolean
is_told(TillOutcome outcome, gint64 seq, gint64 cursor)
{
	gboolean has_effect =
	    (outcome != TILL_OUTCOME_HELD && outcome != TILL_OUTCOME_PARKED) || seq != 0;
	return has_effect && seq <= cursor;
}

gboolean
till_overlay_is_ended(TillStore *store, const TillAck *ack)
{
	return is_told(ack->outcome, ack->feed_seq, store->cache.store_seq) ||
	       is_told(ack->outcome, ack->chain_seq, store->cache.chain_seq);
}

gboolean
till_overlay_prune(TillStore *store, GError **error)
{
	TillDatabase *database = &store->ledger.database;
	sqlite3_stmt *moves = till_database_statement(database, TILL_LEDGER_MOVE_PRUNE);
	till_database_bind_int(moves, 1, store->cache.store_seq);
	if (!till_database_do(database, moves, error))
		return FALSE;
	sqlite3_stmt *uses = till_database_statement(database, TILL_LEDGER_USE_PRUNE);
	till_database_bind_int(uses, 1, store->cache.chain_seq);
	if (!till_database_do(database, uses, error))
		return FALSE;
	sqlite3_stmt *steps = till_database_statement(database, TILL_LEDGER_STEP_PRUNE);
	till_database_bind_int(steps, 1, store->cache.store_seq);
	return till_database_do(database, steps, error);
}

/* One scope's epoch, and what ends when it changes. */
typedef struct {
	TillStore *store;
	const char *note;
	const char *epoch;
	guint prune[2]; /* statements; the first alone is run twice where there is one */
} Meeting;

static gboolean
change_epoch(TillDatabase *database, gpointer data, GError **error)
{
	Meeting *meeting = data;
	for (gsize i = 0; i < G_N_ELEMENTS(meeting->prune); i++) {
		sqlite3_stmt *prune = till_database_statement(database, meeting->prune[i]);
		if (!till_database_do(database, prune, error))
			return FALSE;
	}
	return till_ledger_note_set(&meeting->store->ledger, meeting->note, meeting->epoch, error);
}

static gboolean
meet(Meeting *meeting, GError **error)
{
	g_autoptr(GError) failure = NULL;
	TillLedger *ledger = &meeting->store->ledger;
	/* An empty cache knows nothing yet; what it will be told is judged then. */
	if (*meeting->epoch == '\0')
		return TRUE;
	g_autofree char *epoch = till_ledger_note_get(ledger, meeting->note, &failure);
	if (failure != NULL) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	if (g_strcmp0(epoch, meeting->epoch) == 0)
		return TRUE;
	return till_database_transact(&ledger->database, change_epoch, meeting, error);
}

gboolean
till_overlay_meet_epoch(TillStore *store, GError **error)
{
	Meeting shop = {store,
			EPOCH_NOTE,
			store->cache.store_epoch,
			{TILL_LEDGER_MOVE_PRUNE_ACKED, TILL_LEDGER_STEP_PRUNE_ACKED}};
	Meeting chain = {store,
			 CHAIN_EPOCH_NOTE,
			 store->cache.chain_epoch,
			 {TILL_LEDGER_USE_PRUNE_ACKED, TILL_LEDGER_USE_PRUNE_ACKED}};
	till_overlay_forget(store);
	if (!till_ledger_is_open(&store->ledger))
		return TRUE;
	return meet(&shop, error) && meet(&chain, error);
}
