/* SPDX-License-Identifier: Apache-2.0 */
#include "journal.h"

#include <string.h>

#include "error.h"
#include "ledger-row.h"
#include "overlay.h"
#include "sale.h"
#include "store-private.h"
#include "text.h"

/* One append is one transaction and one sync. Its outcome is unknown after an I/O error at COMMIT:
 * the frames may lie in the WAL although SQLite says they do not, or the kernel may have thrown
 * away what it could not write. So the same row is tried again in place (that writes the same
 * frames once more, and syncs them); if that fails too, the file is closed, opened and
 * checkpointed, which leaves one truth on the disk, and the row is looked up in it before a last
 * attempt. Only then is the answer no. */

typedef struct {
	TillStore *store;
	const TillJournalDraft *draft;
	const TillEntry *entry;
	const char *receipt;
} Append;

static gint64
read_note_number(TillStore *store, const char *name, gint64 fallback)
{
	g_autofree char *text = till_ledger_note_get(&store->ledger, name, NULL);
	gint64 number;
	if (text == NULL || !till_text_parse_int(text, G_MININT64, G_MAXINT64, &number))
		return fallback;
	return number;
}

static gboolean
is_zero(const TillUuid *id)
{
	static const TillUuid zero;
	return till_uuid_equal(id, &zero);
}

/* Everything of an entry but its body. */
static TillEntry *
stamp(TillStore *store, const TillJournalDraft *draft)
{
	const TillIncarnation *current = till_ledger_current(&store->ledger);
	TillEntry *entry = till_entry_new();
	TillEntryClock *clock = &entry->clock;
	entry->incarnation = current->id;
	entry->seq = current->seq + 1;
	clock->wall_ms = till_clock_wall_ms(store->clock);
	clock->mono_ms = till_clock_mono_ms(store->clock);
	g_strlcpy(clock->boot, till_clock_boot_id(), sizeof clock->boot);
	clock->offset_ms = read_note_number(store, "offset_ms", 0);
	clock->uncertainty_ms = read_note_number(store, "uncertainty_ms", -1);
	entry->txn =
	    is_zero(&draft->txn) ? till_uuid_next(&store->uuids, clock->wall_ms) : draft->txn;
	g_strlcpy(entry->type, draft->type, sizeof entry->type);
	entry->version = draft->version;
	g_strlcpy(entry->business_date, draft->business_date, sizeof entry->business_date);
	entry->shift = draft->shift;
	till_store_catalog_cursor(store, entry->cursor);
	return entry;
}

static gboolean
build_body(const TillJournalDraft *draft, TillEntry *entry, GError **error)
{
	entry->body = draft->build(entry, draft->user, error);
	if (entry->body == NULL)
		return FALSE;
	if (g_bytes_get_size(entry->body) > TILL_ENTRY_BODY_MAX) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "This %s is too large to record (%" G_GSIZE_FORMAT
			    " bytes). Split it in two.",
			    entry->type, g_bytes_get_size(entry->body));
		return FALSE;
	}
	return TRUE;
}

static gboolean
write_moves(TillDatabase *database, const TillJournalDraft *draft, gint64 position, GError **error)
{
	for (gsize i = 0; i < draft->move_count; i++) {
		sqlite3_stmt *add = till_database_statement(database, TILL_LEDGER_MOVE_ADD);
		till_database_bind_text(add, 1, draft->moves[i].sku);
		till_database_bind_int(add, 2, position);
		till_database_bind_int(add, 3, draft->moves[i].delta_milli);
		if (!till_database_do(database, add, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
write_uses(TillDatabase *database, const TillJournalDraft *draft, gint64 position, GError **error)
{
	for (gsize i = 0; i < draft->use_count; i++) {
		const TillOfferUse *offer = &draft->uses[i];
		sqlite3_stmt *add = till_database_statement(database, TILL_LEDGER_USE_ADD);
		till_database_bind_int(add, 1, position);
		till_database_bind_int(add, 2, offer->kind);
		till_database_bind_text(add, 3, offer->key);
		till_database_bind_text(add, 4, offer->customer);
		till_database_bind_int(add, 5, offer->use.uses);
		till_database_bind_int(add, 6, offer->use.spent_minor);
		if (!till_database_do(database, add, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
write_step(TillDatabase *database, const TillJournalDraft *draft, gint64 position, GError **error)
{
	if (draft->fulfilment == NULL)
		return TRUE;
	sqlite3_stmt *add = till_database_statement(database, TILL_LEDGER_STEP_ADD);
	till_database_bind_int(add, 1, position);
	till_database_bind_blob(add, 2, draft->fulfilment->bytes, sizeof draft->fulfilment->bytes);
	return till_database_do(database, add, error);
}

static gboolean
write_row(TillDatabase *database, gpointer data, GError **error)
{
	const Append *append = data;
	const TillJournalDraft *draft = append->draft;
	TillLedger *ledger = &append->store->ledger;
	gint64 ordinal = till_ledger_current(ledger)->ordinal;
	gint64 position = till_ledger_position(ordinal, append->entry->seq);
	if (!till_ledger_row_write(ledger, ordinal, append->entry, append->receipt,
				   draft->total_minor, error) ||
	    !write_moves(database, draft, position, error) ||
	    !write_uses(database, draft, position, error) ||
	    !write_step(database, draft, position, error))
		return FALSE;
	return strcmp(append->entry->type, TILL_SALE_TYPE) != 0 ||
	       till_parked_finish(append->store, error);
}

/* Opens the file anew and settles what it holds. */
static gboolean
reopen(TillStore *store, GError **error)
{
	till_overlay_forget(store);
	if (!till_ledger_reopen(&store->ledger, error))
		return FALSE;
	/* What a failed sync left in the WAL may be in memory only, and later frames build on it:
	 * have the pages written and synced once more before anything follows them. */
	return till_database_run(&store->ledger.database, "PRAGMA wal_checkpoint(PASSIVE)", error);
}

static gboolean
is_recorded(TillStore *store, const TillEntry *entry)
{
	g_autoptr(TillEntry) found = till_journal_find(store, entry->incarnation, entry->seq, NULL);
	return found != NULL && till_crypto_hash_equal(&found->chain, &entry->chain);
}

static gboolean
recover(Append *append, GError **error)
{
	TillStore *store = append->store;
	g_autoptr(GError) failure = NULL;
	if (till_database_transact(&store->ledger.database, write_row, append, &failure))
		return TRUE;
	g_message("Recording failed twice, opening the ledger anew: %s", failure->message);
	g_clear_error(&failure);
	store->doubtful = TRUE;
	store->doubtful_txn = append->entry->txn;
	if (reopen(store, &failure) &&
	    (is_recorded(store, append->entry) ||
	     till_database_transact(&store->ledger.database, write_row, append, &failure))) {
		store->doubtful = FALSE;
		return TRUE;
	}
	g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
		    "The disk failed and it is not certain that this was recorded: hand nothing "
		    "over. Check the disk, then try the same again. (%s)",
		    failure->message);
	return FALSE;
}

static gboolean
commit(Append *append, GError **error)
{
	g_autoptr(GError) failure = NULL;
	if (till_database_transact(&append->store->ledger.database, write_row, append, &failure))
		return TRUE;
	if (!g_error_matches(failure, TILL_ERROR, TILL_ERROR_DISK)) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	g_message("Recording failed, trying again: %s", failure->message);
	return recover(append, error);
}

static void
move_head(TillLedger *ledger, const TillEntry *entry)
{
	TillIncarnation *current = till_ledger_current(ledger);
	current->seq = entry->seq;
	current->chain = entry->chain;
	if (ledger->counts_known) {
		ledger->pending++;
		ledger->sales_pending += strcmp(entry->type, TILL_SALE_TYPE) == 0;
	}
}

/* Once the disk answers again: an entry of unknown outcome that is there after all, while somebody
 * goes on with something else, is not passed over in silence. */
static gboolean
settle_doubt(TillStore *store, const TillUuid *wanted, GError **error)
{
	if (!store->doubtful)
		return TRUE;
	if (!reopen(store, error))
		return FALSE;
	store->doubtful = FALSE;
	g_autoptr(TillEntry) found = till_journal_find_txn(store, &store->doubtful_txn, NULL);
	if (found == NULL || till_uuid_equal(wanted, &store->doubtful_txn))
		return TRUE;
	char text[14];
	g_autofree char *words = g_strdup_printf(
	    "Entry %s-%" G_GINT64_FORMAT " (%s) was recorded although the disk failed at it. Look "
	    "whether it happened, and void it if not.",
	    till_id_incarnation_format(found->incarnation, text), found->seq, found->type);
	till_store_set_alarm(store, words);
	return TRUE;
}

gboolean
till_journal_is_doubtful(TillStore *store, const TillUuid *txn)
{
	till_store_assert_thread(store);
	return store->doubtful && till_uuid_equal(txn, &store->doubtful_txn);
}

static gboolean
is_ready(TillStore *store, const TillUuid *wanted, GError **error)
{
	till_store_assert_thread(store);
	if (!settle_doubt(store, wanted, error))
		return FALSE;
	if (!till_store_check_ledger(store, error))
		return FALSE;
	if (store->identity != NULL && till_ledger_current(&store->ledger) != NULL)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
		    "This till is not enrolled. Run: tillctl --home %s enrol URL --code CODE",
		    store->home);
	return FALSE;
}

static TillEntry *
make_entry(TillStore *store, const TillJournalDraft *draft, GError **error)
{
	const TillSigningKey *key = till_identity_key(store, error);
	if (key == NULL)
		return NULL;
	g_autoptr(TillEntry) entry = stamp(store, draft);
	if (!build_body(draft, entry, error))
		return NULL;
	till_entry_seal(entry, &till_ledger_current(&store->ledger)->chain);
	till_crypto_sign(key, &entry->chain, sizeof entry->chain, &entry->signature);
	return g_steal_pointer(&entry);
}

TillEntry *
till_journal_append(TillStore *store, const TillJournalDraft *draft, GError **error)
{
	g_assert(draft->build != NULL && till_entry_type_valid(draft->type));
	g_assert(draft->version >= 1 && strlen(draft->business_date) == 10);
	g_autoptr(GError) failure = NULL;
	if (!is_ready(store, &draft->txn, &failure)) {
		till_store_set_trouble(store, failure->message);
		g_propagate_error(error, g_steal_pointer(&failure));
		return NULL;
	}
	if (!is_zero(&draft->txn)) {
		TillEntry *before = till_journal_find_txn(store, &draft->txn, NULL);
		if (before != NULL)
			return before;
	}
	g_autoptr(TillEntry) entry = make_entry(store, draft, error);
	if (entry == NULL)
		return NULL;
	g_autofree char *receipt =
	    draft->receipt_store == NULL || draft->receipt_till == NULL
		? g_strdup("")
		: till_sale_receipt_number(draft->receipt_store, draft->receipt_till,
					   entry->incarnation, entry->seq);
	Append append = {store, draft, entry, receipt};
	if (!commit(&append, &failure)) {
		till_store_set_trouble(store, failure->message);
		g_propagate_error(error, g_steal_pointer(&failure));
		return NULL;
	}
	move_head(&store->ledger, entry);
	if (strcmp(entry->type, TILL_SALE_TYPE) == 0)
		store->parked_open = FALSE;
	for (gsize i = 0; i < draft->move_count; i++)
		till_overlay_add(store, draft->moves[i].sku, draft->moves[i].delta_milli);
	for (gsize i = 0; i < draft->use_count; i++)
		till_overlay_add_use(store, &draft->uses[i]);
	till_store_after_append(store);
	return g_steal_pointer(&entry);
}
