/* SPDX-License-Identifier: Apache-2.0 */
#include "journal.h"

#include <string.h>

#include "error.h"
#include "ledger-row.h"
#include "outbox.h"
#include "store-private.h"
#include "text.h"

#define LIST_MAX 10000

static TillEntry *
take_row(TillStore *store, sqlite3_stmt *statement, const char *what, GError **error)
{
	g_autoptr(GError) failure = NULL;
	TillEntry *entry = till_ledger_row_next(&store->ledger, statement, &failure);
	sqlite3_reset(statement);
	if (entry == NULL && failure == NULL)
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "The journal has no entry %s. Check the number.", what);
	else if (entry == NULL)
		g_propagate_error(error, g_steal_pointer(&failure));
	return entry;
}

TillEntry *
till_journal_find(TillStore *store, guint64 incarnation, gint64 seq, GError **error)
{
	char text[14];
	if (!till_store_check_ledger(store, error))
		return NULL;
	g_autofree char *what = g_strdup_printf("%s-%" G_GINT64_FORMAT,
						till_id_incarnation_format(incarnation, text), seq);
	const TillIncarnation *known = till_ledger_find(&store->ledger, incarnation);
	sqlite3_stmt *at = till_database_statement(&store->ledger.database, TILL_LEDGER_ROW_AT);
	if (known != NULL && seq >= 1 && seq <= known->seq)
		till_database_bind_int(at, 1, till_ledger_position(known->ordinal, seq));
	return take_row(store, at, what, error);
}

TillEntry *
till_journal_find_txn(TillStore *store, const TillUuid *txn, GError **error)
{
	char text[TILL_UUID_TEXT];
	if (!till_store_check_ledger(store, error))
		return NULL;
	sqlite3_stmt *find = till_database_statement(&store->ledger.database, TILL_LEDGER_ROW_TXN);
	till_database_bind_blob(find, 1, txn, sizeof *txn);
	return take_row(store, find, till_uuid_format(txn, text), error);
}

/* Letters and number at the end of "store-till-LLL-000123" name a position, so no index is needed.
 */
static gboolean
parse_receipt(TillStore *store, const char *receipt, gint64 *out_position)
{
	g_auto(GStrv) parts = g_strsplit(receipt, "-", -1);
	guint count = g_strv_length(parts);
	gint64 seq;
	if (count < 4 || !till_text_parse_int(parts[count - 1], 1, G_MAXINT32, &seq))
		return FALSE;
	const TillIncarnation *known = till_ledger_at_letters(&store->ledger, parts[count - 2]);
	if (known == NULL)
		return FALSE;
	*out_position = till_ledger_position(known->ordinal, seq);
	return TRUE;
}

TillEntry *
till_journal_find_receipt(TillStore *store, const char *receipt, GError **error)
{
	gint64 position = 0;
	if (!till_store_check_ledger(store, error))
		return NULL;
	g_autofree char *wanted = g_ascii_strup(receipt, -1);
	TillDatabase *database = &store->ledger.database;
	sqlite3_stmt *at = till_database_statement(database, TILL_LEDGER_ROW_AT);
	if (parse_receipt(store, wanted, &position))
		till_database_bind_int(at, 1, position);
	g_autoptr(TillEntry) entry = take_row(store, at, receipt, NULL);
	if (entry == NULL) {
		/* A recovered sale stands under another number: the rare case reads every row. */
		at = till_database_statement(database, TILL_LEDGER_ROW_RECEIPT);
		till_database_bind_text(at, 1, wanted);
		entry = take_row(store, at, receipt, error);
	}
	if (entry == NULL)
		return NULL;
	g_autofree char *found = NULL;
	gint64 total_minor;
	till_ledger_row_describe(entry, &found, &total_minor);
	if (g_ascii_strcasecmp(found, wanted) == 0)
		return g_steal_pointer(&entry);
	g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
		    "The journal has no receipt %s. Check the number.", receipt);
	return NULL;
}

GPtrArray *
till_journal_overrides(TillStore *store, guint limit, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return NULL;
	TillLedger *ledger = &store->ledger;
	g_autoptr(GPtrArray) entries =
	    g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	g_autoptr(GError) failure = NULL;
	sqlite3_stmt *newest =
	    till_database_statement(&ledger->database, TILL_LEDGER_ROWS_OVERRIDE);
	till_database_bind_int(newest, 1, limit);
	TillEntry *entry;
	while ((entry = till_ledger_row_next(ledger, newest, &failure)) != NULL)
		g_ptr_array_add(entries, entry);
	sqlite3_reset(newest);
	if (failure == NULL)
		return g_steal_pointer(&entries);
	g_propagate_error(error, g_steal_pointer(&failure));
	return NULL;
}

void
till_journal_row_free(gpointer row)
{
	TillJournalRow *self = row;
	if (self == NULL)
		return;
	g_free(self->receipt);
	g_free(self->outcome);
	g_free(self);
}

static const char *
name_outcome(int outcome)
{
	static const char *const names[] = {
	    [TILL_OUTCOME_APPLIED] = "applied",
	    [TILL_OUTCOME_APPLIED_EXCEPTIONS] = "applied_exceptions",
	    [TILL_OUTCOME_HELD] = "held",
	    [TILL_OUTCOME_DUPLICATE] = "duplicate",
	    [TILL_OUTCOME_PARKED] = "parked",
	    [TILL_LEDGER_OUTCOME_REPLACED] = "replaced",
	};
	return outcome >= 0 && outcome < (int)G_N_ELEMENTS(names) ? names[outcome] : "";
}

static TillJournalRow *
read_list_row(TillLedger *ledger, sqlite3_stmt *list, GError **error)
{
	const TillIncarnation *known =
	    till_ledger_at_ordinal(ledger, sqlite3_column_int64(list, 0));
	int outcome = sqlite3_column_int(list, 7);
	TillJournalRow *row = g_new0(TillJournalRow, 1);
	row->incarnation = known == NULL ? 0 : known->id;
	row->seq = sqlite3_column_int64(list, 1);
	g_strlcpy(row->type, till_database_text(list, 3), sizeof row->type);
	row->receipt = g_strdup(till_database_text(list, 4));
	row->total_minor = sqlite3_column_int64(list, 5);
	row->wall_ms = sqlite3_column_int64(list, 6);
	row->acknowledged = outcome >= 0 && outcome != TILL_OUTCOME_PARKED;
	row->outcome = g_strdup(name_outcome(outcome));
	if (till_database_blob(list, 2, &row->txn, sizeof row->txn, error))
		return row;
	till_journal_row_free(row);
	return NULL;
}

GPtrArray *
till_journal_list(TillStore *store, const char *type, guint limit, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return NULL;
	TillDatabase *database = &store->ledger.database;
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(till_journal_row_free);
	sqlite3_stmt *list = till_database_statement(database, TILL_LEDGER_ROWS_NEWEST);
	till_database_bind_text(list, 1, type == NULL ? "" : type);
	till_database_bind_int(list, 2, MIN(limit, LIST_MAX));
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, list, error)) == SQLITE_ROW) {
		TillJournalRow *row = read_list_row(&store->ledger, list, error);
		if (row == NULL) {
			sqlite3_reset(list);
			return NULL;
		}
		g_ptr_array_add(rows, row);
	}
	return step == SQLITE_DONE ? g_steal_pointer(&rows) : NULL;
}

/* The row after *position, which it then is; NULL without error at the end. The statement is not
 * kept open, so that visit may use the journal. */
static TillEntry *
read_after(TillStore *store, gint64 *position, GError **error)
{
	TillDatabase *database = &store->ledger.database;
	sqlite3_stmt *from = till_database_statement(database, TILL_LEDGER_ROWS_FROM);
	till_database_bind_int(from, 1, *position);
	till_database_bind_int(from, 2, G_MAXINT64);
	till_database_bind_int(from, 3, 1);
	TillEntry *entry = till_ledger_row_next(&store->ledger, from, error);
	if (entry != NULL)
		*position = sqlite3_column_int64(from, 21);
	sqlite3_reset(from);
	return entry;
}

gboolean
till_journal_each(TillStore *store, TillJournalVisit visit, gpointer user, GError **error)
{
	gint64 position = 0;
	if (!till_store_check_ledger(store, error))
		return FALSE;
	for (;;) {
		g_autoptr(GError) failure = NULL;
		g_autoptr(TillEntry) entry = read_after(store, &position, &failure);
		if (failure != NULL) {
			g_propagate_error(error, g_steal_pointer(&failure));
			return FALSE;
		}
		if (entry == NULL)
			return TRUE;
		if (!visit(entry, user, error))
			return FALSE;
	}
}
