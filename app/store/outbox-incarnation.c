/* SPDX-License-Identifier: Apache-2.0 */
#include "error.h"
#include "ledger-row.h"
#include "outbox.h"
#include "overlay.h"
#include "store-private.h"

/* What happens when this ledger is found not to be the one the central, or the witness, knows: a
 * new numbering, rows put back, rows under a new envelope. Each is one transaction, after which
 * heads are read anew. */

typedef struct {
	TillStore *store;
	const char *reason;
	const char *fingerprint;
	guint64 id;
} Renew;

static gboolean
write_renewal(TillDatabase *database, gpointer data, GError **error)
{
	const Renew *renew = data;
	(void)database;
	TillLedger *ledger = &renew->store->ledger;
	const TillIncarnation *parent = till_ledger_current(ledger);
	gint64 ordinal =
	    (parent->ordinal / TILL_LEDGER_ORDINAL_STEP + 1) * TILL_LEDGER_ORDINAL_STEP;
	TillIncarnation fresh =
	    till_ledger_continue(parent, ordinal, renew->id, renew->fingerprint);
	return till_ledger_add_incarnation(ledger, &fresh, renew->reason,
					   till_clock_wall_ms(renew->store->clock), error);
}

static gboolean
check_enrolled(TillStore *store, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return FALSE;
	if (till_ledger_current(&store->ledger) != NULL)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
		    "This till is not enrolled. Run: tillctl --home %s enrol URL --code CODE",
		    store->home);
	return FALSE;
}

gboolean
till_outbox_new_incarnation(TillStore *store, const char *reason, guint64 *out_incarnation,
			    GError **error)
{
	if (!check_enrolled(store, error))
		return FALSE;
	g_autofree char *fingerprint = till_identity_fingerprint(store);
	Renew renew = {store, reason, fingerprint, till_ledger_mint(&store->ledger)};
	if (!till_database_transact(&store->ledger.database, write_renewal, &renew, error) ||
	    !till_ledger_load(&store->ledger, error))
		return FALSE;
	*out_incarnation = renew.id;
	return TRUE;
}

typedef struct {
	TillStore *store;
	GPtrArray *entries;
	const TillPublicKey *key;
	/* The incarnation the rows go to, as far as it has come. */
	gint64 ordinal;
	guint64 id;
	gint64 seq;
	TillHash chain;
} Restore;

static gboolean
refuse(const TillEntry *entry, const char *words, GError **error)
{
	char text[14];
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "The central sent back entry %s-%" G_GINT64_FORMAT
		    ", but %s. Nothing was put back; call support.",
		    till_id_incarnation_format(entry->incarnation, text), entry->seq, words);
	return FALSE;
}

/* An incarnation this ledger lost with all its rows gets the free ordinal below the current one. */
static gboolean
revive(Restore *restore, guint64 id, GError **error)
{
	TillLedger *ledger = &restore->store->ledger;
	gint64 ordinal = till_ledger_current(ledger)->ordinal - 1;
	while (till_ledger_at_ordinal(ledger, ordinal) != NULL)
		ordinal--;
	restore->ordinal = ordinal;
	restore->seq = 0;
	till_entry_genesis(id, &restore->chain);
	TillIncarnation revived = till_ledger_continue(NULL, ordinal, id, "");
	if (!till_ledger_add_incarnation(ledger, &revived, "put back by the central",
					 till_clock_wall_ms(restore->store->clock), error))
		return FALSE;
	return till_ledger_load(ledger, error);
}

static gboolean
turn_to(Restore *restore, guint64 id, GError **error)
{
	if (restore->id == id)
		return TRUE;
	restore->id = id;
	const TillIncarnation *known = till_ledger_find(&restore->store->ledger, id);
	if (known == NULL)
		return revive(restore, id, error);
	restore->ordinal = known->ordinal;
	restore->seq = known->seq;
	restore->chain = known->chain;
	return TRUE;
}

static gboolean
write_back(Restore *restore, const TillEntry *entry, GError **error)
{
	TillLedger *ledger = &restore->store->ledger;
	g_autofree char *receipt = NULL;
	gint64 total_minor;
	till_ledger_row_describe(entry, &receipt, &total_minor);
	if (!till_ledger_row_write(ledger, restore->ordinal, entry, receipt, total_minor, error))
		return FALSE;
	sqlite3_stmt *put = till_database_statement(&ledger->database, TILL_LEDGER_ACK_PUT);
	till_database_bind_int(put, 1, till_ledger_position(restore->ordinal, entry->seq));
	till_database_bind_int(put, 2, TILL_OUTCOME_DUPLICATE);
	till_database_bind_int(put, 3, 0);
	till_database_bind_text(put, 4, "put back by the central");
	till_database_bind_int(put, 5, till_clock_wall_ms(restore->store->clock));
	till_database_bind_int(put, 6, 0);
	return till_database_do(&ledger->database, put, error);
}

static gboolean
restore_entry(Restore *restore, const TillEntry *entry, GError **error)
{
	if (!turn_to(restore, entry->incarnation, error))
		return FALSE;
	/* What is there already needs no second look. */
	if (entry->seq <= restore->seq)
		return TRUE;
	if (entry->seq != restore->seq + 1)
		return refuse(entry, "the entry before it is missing", error);
	const char *fault = till_entry_fault(entry, &restore->chain);
	if (fault != NULL)
		return refuse(entry, fault, error);
	if (!till_crypto_verify(restore->key, &entry->chain, sizeof entry->chain,
				&entry->signature))
		return refuse(entry, "its signature is not this till's", error);
	if (!write_back(restore, entry, error))
		return FALSE;
	restore->seq = entry->seq;
	restore->chain = entry->chain;
	return TRUE;
}

static gboolean
write_restoration(TillDatabase *database, gpointer data, GError **error)
{
	Restore *restore = data;
	(void)database;
	for (guint i = 0; i < restore->entries->len; i++) {
		if (!restore_entry(restore, g_ptr_array_index(restore->entries, i), error))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_outbox_restore(TillStore *store, GPtrArray *entries, GError **error)
{
	if (!check_enrolled(store, error))
		return FALSE;
	const TillSigningKey *key = till_identity_key(store, error);
	if (key == NULL)
		return FALSE;
	guint64 current = till_ledger_current(&store->ledger)->id;
	for (guint i = 0; i < entries->len; i++) {
		const TillEntry *entry = g_ptr_array_index(entries, i);
		if (entry->incarnation == current)
			return refuse(entry, "this till still writes that incarnation", error);
	}
	Restore restore = {.store = store, .entries = entries, .key = till_crypto_key_public(key)};
	g_autoptr(GError) failure = NULL;
	gboolean done =
	    till_database_transact(&store->ledger.database, write_restoration, &restore, &failure);
	if (!done)
		g_propagate_error(error, g_steal_pointer(&failure));
	/* Also after a failure: a revived incarnation was rolled back with the rest. */
	return till_ledger_load(&store->ledger, done ? error : NULL) && done;
}

typedef struct {
	TillStore *store;
	const TillSigningKey *key;
	gint64 from_ordinal;
	gint64 last_common;
	gint64 last; /* seq of the last row to move */
	gint64 seq;  /* head of the current incarnation as it grows */
	TillHash chain;
} Move;

static TillEntry *
read_at(TillLedger *ledger, gint64 position, GError **error)
{
	g_autoptr(GError) failure = NULL;
	sqlite3_stmt *at = till_database_statement(&ledger->database, TILL_LEDGER_ROW_AT);
	till_database_bind_int(at, 1, position);
	TillEntry *entry = till_ledger_row_next(ledger, at, &failure);
	sqlite3_reset(at);
	if (entry == NULL && failure == NULL)
		g_set_error(error, TILL_ERROR, TILL_ERROR_CORRUPT,
			    "ledger.db: a row of the journal is missing. " TILL_DATABASE_RECOVER);
	else if (entry == NULL)
		g_propagate_error(error, g_steal_pointer(&failure));
	return entry;
}

/* A fact has a later envelope already when this was done before. */
static gboolean
find_later(TillLedger *ledger, const TillEntry *entry, gboolean *out_has_later, GError **error)
{
	g_autoptr(GError) failure = NULL;
	sqlite3_stmt *find = till_database_statement(&ledger->database, TILL_LEDGER_ROW_TXN);
	till_database_bind_blob(find, 1, &entry->txn, sizeof entry->txn);
	g_autoptr(TillEntry) newest = till_ledger_row_next(ledger, find, &failure);
	sqlite3_reset(find);
	if (failure != NULL) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	*out_has_later = newest != NULL && newest->incarnation != entry->incarnation;
	return TRUE;
}

/* Its stock moves, uses of offers and step of an order. */
static gboolean
shift_effects(TillLedger *ledger, gint64 from, gint64 to, GError **error)
{
	static const guint statements[] = {TILL_LEDGER_MOVE_SHIFT, TILL_LEDGER_USE_SHIFT,
					   TILL_LEDGER_STEP_SHIFT};
	for (gsize i = 0; i < G_N_ELEMENTS(statements); i++) {
		sqlite3_stmt *shift = till_database_statement(&ledger->database, statements[i]);
		till_database_bind_int(shift, 1, from);
		till_database_bind_int(shift, 2, to);
		if (!till_database_do(&ledger->database, shift, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
mark_replaced(TillStore *store, gint64 position, GError **error)
{
	TillDatabase *database = &store->ledger.database;
	sqlite3_stmt *put = till_database_statement(database, TILL_LEDGER_ACK_PUT);
	till_database_bind_int(put, 1, position);
	till_database_bind_int(put, 2, TILL_LEDGER_OUTCOME_REPLACED);
	till_database_bind_int(put, 3, 0);
	till_database_bind_text(put, 4, "replaced by a later envelope");
	till_database_bind_int(put, 5, till_clock_wall_ms(store->clock));
	till_database_bind_int(put, 6, 0);
	return till_database_do(database, put, error);
}

static gboolean
move_entry(Move *move, gint64 position, TillEntry *entry, GError **error)
{
	TillLedger *ledger = &move->store->ledger;
	const TillIncarnation *current = till_ledger_current(ledger);
	g_autofree char *receipt = NULL;
	gint64 total_minor;
	till_ledger_row_describe(entry, &receipt, &total_minor);
	if (entry->orig_incarnation == 0) {
		entry->orig_incarnation = entry->incarnation;
		entry->orig_seq = entry->seq;
	}
	entry->incarnation = current->id;
	entry->seq = move->seq + 1;
	till_entry_seal(entry, &move->chain);
	till_crypto_sign(move->key, &entry->chain, sizeof entry->chain, &entry->signature);
	if (!till_ledger_row_write(ledger, current->ordinal, entry, receipt, total_minor, error) ||
	    !shift_effects(ledger, position, till_ledger_position(current->ordinal, entry->seq),
			   error) ||
	    !mark_replaced(move->store, position, error))
		return FALSE;
	move->seq = entry->seq;
	move->chain = entry->chain;
	return TRUE;
}

static gboolean
write_moves(TillDatabase *database, gpointer data, GError **error)
{
	Move *move = data;
	(void)database;
	for (gint64 seq = move->last_common + 1; seq <= move->last; seq++) {
		gint64 position = till_ledger_position(move->from_ordinal, seq);
		gboolean has_later = FALSE;
		g_autoptr(TillEntry) entry = read_at(&move->store->ledger, position, error);
		if (entry == NULL || !find_later(&move->store->ledger, entry, &has_later, error))
			return FALSE;
		if (!has_later && !move_entry(move, position, entry, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_outbox_reenvelope(TillStore *store, guint64 incarnation, gint64 last_common, GError **error)
{
	if (!check_enrolled(store, error))
		return FALSE;
	TillLedger *ledger = &store->ledger;
	const TillIncarnation *from = till_ledger_find(ledger, incarnation);
	const TillIncarnation *current = till_ledger_current(ledger);
	if (from == NULL || from == current || last_common < 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
			    "Entries can only move from an earlier incarnation into the current "
			    "one. Start a new one first.");
		return FALSE;
	}
	const TillSigningKey *key = till_identity_key(store, error);
	if (key == NULL)
		return FALSE;
	Move move = {store,     key,          from->ordinal, last_common,
		     from->seq, current->seq, current->chain};
	if (!till_database_transact(&ledger->database, write_moves, &move, error) ||
	    !till_ledger_load(ledger, error))
		return FALSE;
	till_overlay_forget(store);
	till_store_after_append(store);
	return TRUE;
}
