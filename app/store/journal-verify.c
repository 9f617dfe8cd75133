/* SPDX-License-Identifier: Apache-2.0 */
#include "journal-verify.h"

#include <string.h>

#include "error.h"
#include "ledger-row.h"
#include "store-private.h"
#include "text.h"

#define VERIFIED_NOTE "verified_position"

typedef struct {
	TillStore *store;
	const TillPublicKey *key;
	gboolean
	    every_signature; /* else the last of each incarnation: the chain vouches for the rest */
	gint64 position;     /* of the row before */
	TillHash chain;      /* of the row before */
	gint64 ordinal;      /* of the row before */
	gint64 rows;
	char *problem;
} Walk;

static void
blame(Walk *walk, gint64 ordinal, gint64 seq, const char *words)
{
	const TillIncarnation *known = till_ledger_at_ordinal(&walk->store->ledger, ordinal);
	char text[14];
	g_free(walk->problem);
	walk->problem = g_strdup_printf(
	    "Entry %s-%" G_GINT64_FORMAT ": %s.",
	    known == NULL ? "unknown" : till_id_incarnation_format(known->id, text), seq, words);
}

static const char *
judge(Walk *walk, const TillEntry *entry, const TillIncarnation *incarnation, gint64 position)
{
	gint64 before = walk->ordinal == incarnation->ordinal
			    ? walk->position
			    : till_ledger_position(incarnation->ordinal, 0);
	if (position != before + 1)
		return "the entry before it is missing";
	if (till_ledger_position(incarnation->ordinal, entry->seq) != position)
		return "its number does not fit its place";
	if (walk->ordinal != incarnation->ordinal)
		till_entry_genesis(incarnation->id, &walk->chain);
	const char *fault = till_entry_fault(entry, &walk->chain);
	if (fault != NULL)
		return fault;
	if ((walk->every_signature || entry->seq == incarnation->seq) &&
	    !till_crypto_verify(walk->key, &entry->chain, sizeof entry->chain, &entry->signature))
		return "its signature is not this till's";
	return NULL;
}

/* Judges the statement's row. FALSE ends the walk: a problem or an error. */
static gboolean
walk_row(Walk *walk, sqlite3_stmt *row, GError **error)
{
	gint64 ordinal = sqlite3_column_int64(row, 0);
	g_autoptr(GError) failure = NULL;
	g_autoptr(TillEntry) entry = till_ledger_row_read(&walk->store->ledger, row, &failure);
	if (g_error_matches(failure, TILL_ERROR, TILL_ERROR_CORRUPT)) {
		blame(walk, ordinal, sqlite3_column_int64(row, 1), "it cannot be read");
		return FALSE;
	}
	if (entry == NULL) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	const TillIncarnation *incarnation = till_ledger_at_ordinal(&walk->store->ledger, ordinal);
	gint64 position = sqlite3_column_int64(row, 21);
	const char *fault = judge(walk, entry, incarnation, position);
	if (fault != NULL) {
		blame(walk, ordinal, entry->seq, fault);
		return FALSE;
	}
	walk->position = position;
	walk->ordinal = ordinal;
	walk->chain = entry->chain;
	walk->rows++;
	return TRUE;
}

static gboolean
walk_from(Walk *walk, GError **error)
{
	TillDatabase *database = &walk->store->ledger.database;
	sqlite3_stmt *from = till_database_statement(database, TILL_LEDGER_ROWS_FROM);
	till_database_bind_int(from, 1, walk->position);
	till_database_bind_int(from, 2, G_MAXINT64);
	till_database_bind_int(from, 3, -1);
	g_autoptr(GError) failure = NULL;
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, from, &failure)) == SQLITE_ROW) {
		if (!walk_row(walk, from, &failure))
			break;
	}
	sqlite3_reset(from);
	if (failure == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

gboolean
till_journal_verify(TillStore *store, TillJournalCheck *out, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return FALSE;
	TillJournalCheck check = {0};
	const TillIncarnation *current = till_ledger_current(&store->ledger);
	const TillSigningKey *key = current == NULL ? NULL : till_identity_key(store, error);
	if (current == NULL) {
		*out = check;
		return TRUE;
	}
	if (key == NULL)
		return FALSE;
	Walk walk = {.store = store, .key = till_crypto_key_public(key), .every_signature = TRUE};
	if (!walk_from(&walk, error)) {
		g_free(walk.problem);
		return FALSE;
	}
	*out = (TillJournalCheck){walk.rows, current->chain, walk.problem};
	return TRUE;
}

void
till_journal_check_clear(TillJournalCheck *check)
{
	g_clear_pointer(&check->problem, g_free);
}

/* Where the walk may begin: after the noted row, if that row is there. */
static gboolean
begin_at_note(Walk *walk, GError **error)
{
	TillLedger *ledger = &walk->store->ledger;
	g_autoptr(GError) failure = NULL;
	g_autofree char *noted = till_ledger_note_get(ledger, VERIFIED_NOTE, &failure);
	if (failure != NULL) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	gint64 position;
	if (noted == NULL || !till_text_parse_int(noted, 1, G_MAXINT64, &position))
		return TRUE;
	sqlite3_stmt *at = till_database_statement(&ledger->database, TILL_LEDGER_CHAIN_AT);
	till_database_bind_int(at, 1, position);
	int step = till_database_step(&ledger->database, at, error);
	if (step == SQLITE_ROW &&
	    till_database_blob(at, 0, &walk->chain, sizeof walk->chain, error)) {
		walk->position = position;
		walk->ordinal = position >> TILL_LEDGER_SEQ_BITS;
	}
	sqlite3_reset(at);
	return step != SQLITE_ERROR;
}

gboolean
till_journal_verify_tail(TillStore *store, GError **error)
{
	if (store->identity == NULL)
		return TRUE;
	g_autoptr(GError) failure = NULL;
	const TillSigningKey *key = till_identity_key(store, &failure);
	if (key == NULL) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	Walk walk = {.store = store, .key = till_crypto_key_public(key)};
	if (!begin_at_note(&walk, error) || !walk_from(&walk, error)) {
		g_free(walk.problem);
		return FALSE;
	}
	if (walk.problem != NULL) {
		g_autofree char *words = g_strdup_printf(
		    "The journal was changed from outside. %s " TILL_DATABASE_RECOVER,
		    walk.problem);
		till_store_set_alarm(store, words);
	}
	g_free(walk.problem);
	return TRUE;
}

gboolean
till_journal_verify_note(TillStore *store, GError **error)
{
	const TillIncarnation *current = till_ledger_current(&store->ledger);
	if (current == NULL || current->seq == 0 || store->alarm != NULL)
		return TRUE;
	g_autofree char *text = g_strdup_printf(
	    "%" G_GINT64_FORMAT, till_ledger_position(current->ordinal, current->seq));
	g_autofree char *noted = till_ledger_note_get(&store->ledger, VERIFIED_NOTE, NULL);
	if (g_strcmp0(text, noted) == 0)
		return TRUE;
	return till_ledger_note_set(&store->ledger, VERIFIED_NOTE, text, error);
}
