/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include <glib/gstdio.h>
#include <string.h>

#include "id.h"
#include "salvage-log.h"
#include "text.h"

#define WEEK_MS (G_GINT64_CONSTANT(7) * 24 * 3600 * 1000)
#define CHECKED_NOTE "integrity_checked_ms"

gint64
till_ledger_position(gint64 ordinal, gint64 seq)
{
	return (ordinal << TILL_LEDGER_SEQ_BITS) | seq;
}

/* Bounds for "position > ?1 AND position < ?2": the rows of one incarnation after seq. */
static void
bind_range(sqlite3_stmt *statement, const TillIncarnation *incarnation, gint64 after_seq)
{
	till_database_bind_int(statement, 1, till_ledger_position(incarnation->ordinal, after_seq));
	till_database_bind_int(statement, 2, till_ledger_position(incarnation->ordinal + 1, 0));
}

static gboolean
read_head(TillLedger *ledger, TillIncarnation *incarnation, GError **error)
{
	sqlite3_stmt *head = till_database_statement(&ledger->database, TILL_LEDGER_HEAD);
	bind_range(head, incarnation, 0);
	till_entry_genesis(incarnation->id, &incarnation->chain);
	int step = till_database_step(&ledger->database, head, error);
	if (step != SQLITE_ROW)
		return step == SQLITE_DONE;
	incarnation->seq = sqlite3_column_int64(head, 0);
	gboolean ok =
	    till_database_blob(head, 1, &incarnation->chain, sizeof incarnation->chain, error);
	sqlite3_reset(head);
	return ok;
}

gboolean
till_ledger_settle(TillLedger *ledger, TillIncarnation *incarnation, GError **error)
{
	sqlite3_stmt *acks = till_database_statement(&ledger->database, TILL_LEDGER_ACK_POSITIONS);
	bind_range(acks, incarnation, incarnation->settled);
	int step = SQLITE_DONE;
	while ((step = till_database_step(&ledger->database, acks, error)) == SQLITE_ROW) {
		gint64 next = till_ledger_position(incarnation->ordinal, incarnation->settled + 1);
		if (sqlite3_column_int64(acks, 0) != next)
			break;
		incarnation->settled++;
	}
	if (step == SQLITE_ROW)
		sqlite3_reset(acks);
	return step != SQLITE_ERROR;
}

static gboolean
read_incarnation(sqlite3_stmt *row, TillIncarnation *out, GError **error)
{
	*out = (TillIncarnation){
	    .ordinal = sqlite3_column_int64(row, 0),
	    .id = (guint64)sqlite3_column_int64(row, 1),
	    .parent = (guint64)sqlite3_column_int64(row, 3),
	    .parent_seq = sqlite3_column_int64(row, 4),
	};
	g_strlcpy(out->letters, till_database_text(row, 2), sizeof out->letters);
	g_strlcpy(out->fingerprint, till_database_text(row, 6), sizeof out->fingerprint);
	return till_database_blob(row, 5, &out->parent_chain, sizeof out->parent_chain, error);
}

gboolean
till_ledger_load(TillLedger *ledger, GError **error)
{
	g_autoptr(GArray) incarnations = g_array_new(FALSE, TRUE, sizeof(TillIncarnation));
	sqlite3_stmt *all = till_database_statement(&ledger->database, TILL_LEDGER_INCARNATIONS);
	int step = SQLITE_DONE;
	while ((step = till_database_step(&ledger->database, all, error)) == SQLITE_ROW) {
		TillIncarnation incarnation;
		if (!read_incarnation(all, &incarnation, error)) {
			sqlite3_reset(all);
			return FALSE;
		}
		g_array_append_val(incarnations, incarnation);
	}
	if (step != SQLITE_DONE)
		return FALSE;
	for (guint i = 0; i < incarnations->len; i++) {
		TillIncarnation *incarnation = &g_array_index(incarnations, TillIncarnation, i);
		if (!read_head(ledger, incarnation, error) ||
		    !till_ledger_settle(ledger, incarnation, error))
			return FALSE;
	}
	g_clear_pointer(&ledger->incarnations, g_array_unref);
	ledger->incarnations = g_steal_pointer(&incarnations);
	ledger->counts_known = FALSE;
	return TRUE;
}

/* A clean stop leaves no WAL behind. */
static gboolean
was_stopped_cleanly(const char *wal)
{
	GStatBuf status;
	return g_stat(wal, &status) != 0 || status.st_size == 0;
}

static gboolean
check(TillLedger *ledger, gboolean clean, gint64 now_ms, GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autofree char *noted = till_ledger_note_get(ledger, CHECKED_NOTE, &failure);
	if (failure != NULL) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	gint64 checked_ms = 0;
	if (noted != NULL && !till_text_parse_int(noted, 0, G_MAXINT64, &checked_ms))
		checked_ms = 0;
	gboolean is_due = noted != NULL && ABS(now_ms - checked_ms) > WEEK_MS;
	if (!till_database_check(&ledger->database, !clean || is_due, error))
		return FALSE;
	if (noted != NULL && clean && !is_due)
		return TRUE;
	g_autofree char *now = g_strdup_printf("%" G_GINT64_FORMAT, now_ms);
	return till_ledger_note_set(ledger, CHECKED_NOTE, now, error);
}

gboolean
till_ledger_open(TillLedger *ledger, const char *path, gint64 now_ms, GError **error)
{
	g_autofree char *wal = g_strconcat(path, "-wal", NULL);
	gboolean clean = was_stopped_cleanly(wal);
	if (!clean && till_salvage_log_is_torn(wal)) {
		g_set_error(
		    error, TILL_ERROR, TILL_ERROR_CORRUPT,
		    "ledger.db-wal: entries that were recorded stand behind a broken place. "
		    "The file was left as it is. " TILL_DATABASE_RECOVER);
		return FALSE;
	}
	ledger->path = g_strdup(path);
	if (!till_database_open(&ledger->database, &till_ledger_kind, path, error))
		return FALSE;
	if (!till_database_hold_log(&ledger->database, TRUE, error) ||
	    !check(ledger, clean, now_ms, error) || !till_ledger_load(ledger, error) ||
	    !till_database_hold_log(&ledger->database, FALSE, error)) {
		till_ledger_close(ledger);
		return FALSE;
	}
	return TRUE;
}

static void
close_file(TillLedger *ledger)
{
	till_database_close(&ledger->database);
	g_clear_pointer(&ledger->incarnations, g_array_unref);
}

void
till_ledger_close(TillLedger *ledger)
{
	close_file(ledger);
	g_clear_pointer(&ledger->path, g_free);
}

gboolean
till_ledger_is_open(const TillLedger *ledger)
{
	return ledger->database.handle != NULL && ledger->incarnations != NULL;
}

gboolean
till_ledger_reopen(TillLedger *ledger, GError **error)
{
	close_file(ledger);
	if (!till_database_open(&ledger->database, &till_ledger_kind, ledger->path, error))
		return FALSE;
	if (!till_ledger_load(ledger, error)) {
		close_file(ledger);
		return FALSE;
	}
	return TRUE;
}

TillIncarnation *
till_ledger_current(TillLedger *ledger)
{
	if (ledger->incarnations->len == 0)
		return NULL;
	return &g_array_index(ledger->incarnations, TillIncarnation, ledger->incarnations->len - 1);
}

TillIncarnation *
till_ledger_find(TillLedger *ledger, guint64 incarnation)
{
	for (guint i = 0; i < ledger->incarnations->len; i++) {
		TillIncarnation *row = &g_array_index(ledger->incarnations, TillIncarnation, i);
		if (row->id == incarnation)
			return row;
	}
	return NULL;
}

TillIncarnation *
till_ledger_at_ordinal(TillLedger *ledger, gint64 ordinal)
{
	for (guint i = 0; i < ledger->incarnations->len; i++) {
		TillIncarnation *row = &g_array_index(ledger->incarnations, TillIncarnation, i);
		if (row->ordinal == ordinal)
			return row;
	}
	return NULL;
}

TillIncarnation *
till_ledger_at_letters(TillLedger *ledger, const char *letters)
{
	for (guint i = 0; i < ledger->incarnations->len; i++) {
		TillIncarnation *row = &g_array_index(ledger->incarnations, TillIncarnation, i);
		if (strcmp(row->letters, letters) == 0)
			return row;
	}
	return NULL;
}

static void
take_letters(guint64 incarnation, char *out)
{
	char text[14];
	till_id_incarnation_format(incarnation, text);
	g_strlcpy(out, text, sizeof((TillIncarnation *)NULL)->letters);
}

guint64
till_ledger_mint(TillLedger *ledger)
{
	for (;;) {
		guint64 id = till_id_incarnation();
		char letters[4];
		take_letters(id, letters);
		if (till_ledger_at_letters(ledger, letters) == NULL)
			return id;
	}
}

TillIncarnation
till_ledger_continue(const TillIncarnation *parent, gint64 ordinal, guint64 id,
		     const char *fingerprint)
{
	TillIncarnation incarnation = {.ordinal = ordinal, .id = id};
	take_letters(id, incarnation.letters);
	g_strlcpy(incarnation.fingerprint, fingerprint, sizeof incarnation.fingerprint);
	if (parent != NULL) {
		incarnation.parent = parent->id;
		incarnation.parent_seq = parent->seq;
		incarnation.parent_chain = parent->chain;
	}
	return incarnation;
}

gboolean
till_ledger_add_incarnation(TillLedger *ledger, const TillIncarnation *incarnation,
			    const char *reason, gint64 started_ms, GError **error)
{
	sqlite3_stmt *add = till_database_statement(&ledger->database, TILL_LEDGER_INCARNATION_ADD);
	till_database_bind_int(add, 1, incarnation->ordinal);
	till_database_bind_int(add, 2, (gint64)incarnation->id);
	till_database_bind_text(add, 3, incarnation->letters);
	till_database_bind_int(add, 4, (gint64)incarnation->parent);
	till_database_bind_int(add, 5, incarnation->parent_seq);
	till_database_bind_blob(add, 6, &incarnation->parent_chain,
				sizeof incarnation->parent_chain);
	till_database_bind_text(add, 7, reason);
	till_database_bind_text(add, 8, incarnation->fingerprint);
	till_database_bind_int(add, 9, started_ms);
	return till_database_do(&ledger->database, add, error);
}

gboolean
till_ledger_count(TillLedger *ledger, GError **error)
{
	if (ledger->counts_known)
		return TRUE;
	gint64 pending = 0;
	gint64 sales = 0;
	for (guint i = 0; i < ledger->incarnations->len; i++) {
		const TillIncarnation *row =
		    &g_array_index(ledger->incarnations, TillIncarnation, i);
		sqlite3_stmt *count =
		    till_database_statement(&ledger->database, TILL_LEDGER_PENDING_COUNT);
		bind_range(count, row, row->settled);
		if (till_database_step(&ledger->database, count, error) != SQLITE_ROW)
			return FALSE;
		pending += sqlite3_column_int64(count, 0);
		sales += sqlite3_column_int64(count, 1);
		sqlite3_reset(count);
	}
	ledger->pending = pending;
	ledger->sales_pending = sales;
	ledger->counts_known = TRUE;
	return TRUE;
}

char *
till_ledger_note_get(TillLedger *ledger, const char *name, GError **error)
{
	sqlite3_stmt *get = till_database_statement(&ledger->database, TILL_LEDGER_NOTE_GET);
	till_database_bind_text(get, 1, name);
	if (till_database_step(&ledger->database, get, error) != SQLITE_ROW)
		return NULL;
	char *value = g_strdup(till_database_text(get, 0));
	sqlite3_reset(get);
	return value;
}

gboolean
till_ledger_note_set(TillLedger *ledger, const char *name, const char *value, GError **error)
{
	sqlite3_stmt *set = till_database_statement(&ledger->database, TILL_LEDGER_NOTE_SET);
	till_database_bind_text(set, 1, name);
	till_database_bind_text(set, 2, value);
	return till_database_do(&ledger->database, set, error);
}
