/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger-row.h"

#include <string.h>

#include "json.h"

enum {
	COLUMN_ORDINAL,
	COLUMN_SEQ,
	COLUMN_TXN,
	COLUMN_TYPE,
	COLUMN_VERSION,
	COLUMN_WALL,
	COLUMN_MONO,
	COLUMN_BOOT,
	COLUMN_OFFSET,
	COLUMN_UNCERTAINTY,
	COLUMN_DATE,
	COLUMN_SHIFT,
	COLUMN_CURSOR,
	COLUMN_ORIG_INCARNATION,
	COLUMN_ORIG_SEQ,
	COLUMN_BODY_HASH,
	COLUMN_CHAIN,
	COLUMN_SIGNATURE,
	COLUMN_BODY
};

static gboolean
read_blobs(sqlite3_stmt *row, TillEntry *entry, GError **error)
{
	if (!till_database_blob(row, COLUMN_TXN, &entry->txn, sizeof entry->txn, error) ||
	    !till_database_blob(row, COLUMN_BODY_HASH, &entry->body_hash, sizeof entry->body_hash,
				error) ||
	    !till_database_blob(row, COLUMN_CHAIN, &entry->chain, sizeof entry->chain, error) ||
	    !till_database_blob(row, COLUMN_SIGNATURE, &entry->signature, sizeof entry->signature,
				error))
		return FALSE;
	const void *body = sqlite3_column_blob(row, COLUMN_BODY);
	entry->body = g_bytes_new(body, (gsize)sqlite3_column_bytes(row, COLUMN_BODY));
	return TRUE;
}

static void
read_clock(sqlite3_stmt *row, TillEntryClock *clock)
{
	clock->wall_ms = sqlite3_column_int64(row, COLUMN_WALL);
	clock->mono_ms = sqlite3_column_int64(row, COLUMN_MONO);
	g_strlcpy(clock->boot, till_database_text(row, COLUMN_BOOT), sizeof clock->boot);
	clock->offset_ms = sqlite3_column_int64(row, COLUMN_OFFSET);
	clock->uncertainty_ms = sqlite3_column_int64(row, COLUMN_UNCERTAINTY);
}

TillEntry *
till_ledger_row_read(TillLedger *ledger, sqlite3_stmt *row, GError **error)
{
	g_autoptr(TillEntry) entry = till_entry_new();
	gint64 ordinal = sqlite3_column_int64(row, COLUMN_ORDINAL);
	TillIncarnation *incarnation = till_ledger_at_ordinal(ledger, ordinal);
	if (incarnation == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_CORRUPT,
			    "ledger.db: a row belongs to incarnation number %" G_GINT64_FORMAT
			    ", which is not there. " TILL_DATABASE_RECOVER,
			    ordinal);
		return NULL;
	}
	entry->incarnation = incarnation->id;
	entry->seq = sqlite3_column_int64(row, COLUMN_SEQ);
	g_strlcpy(entry->type, till_database_text(row, COLUMN_TYPE), sizeof entry->type);
	entry->version = sqlite3_column_int(row, COLUMN_VERSION);
	read_clock(row, &entry->clock);
	g_strlcpy(entry->business_date, till_database_text(row, COLUMN_DATE),
		  sizeof entry->business_date);
	entry->shift = sqlite3_column_int64(row, COLUMN_SHIFT);
	g_strlcpy(entry->cursor, till_database_text(row, COLUMN_CURSOR), sizeof entry->cursor);
	entry->orig_incarnation = (guint64)sqlite3_column_int64(row, COLUMN_ORIG_INCARNATION);
	entry->orig_seq = sqlite3_column_int64(row, COLUMN_ORIG_SEQ);
	if (!read_blobs(row, entry, error))
		return NULL;
	return g_steal_pointer(&entry);
}

TillEntry *
till_ledger_row_next(TillLedger *ledger, sqlite3_stmt *statement, GError **error)
{
	if (till_database_step(&ledger->database, statement, error) != SQLITE_ROW)
		return NULL;
	return till_ledger_row_read(ledger, statement, error);
}

static void
bind_entry(sqlite3_stmt *add, const TillEntry *entry)
{
	gsize size;
	const void *body = g_bytes_get_data(entry->body, &size);
	const TillEntryClock *clock = &entry->clock;
	till_database_bind_int(add, 3, entry->seq);
	till_database_bind_blob(add, 4, &entry->txn, sizeof entry->txn);
	till_database_bind_text(add, 5, entry->type);
	till_database_bind_int(add, 6, entry->version);
	till_database_bind_int(add, 9, clock->wall_ms);
	till_database_bind_int(add, 10, clock->mono_ms);
	till_database_bind_text(add, 11, clock->boot);
	till_database_bind_int(add, 12, clock->offset_ms);
	till_database_bind_int(add, 13, clock->uncertainty_ms);
	till_database_bind_text(add, 14, entry->business_date);
	till_database_bind_int(add, 15, entry->shift);
	till_database_bind_text(add, 16, entry->cursor);
	till_database_bind_int(add, 17, (gint64)entry->orig_incarnation);
	till_database_bind_int(add, 18, entry->orig_seq);
	till_database_bind_blob(add, 19, &entry->body_hash, sizeof entry->body_hash);
	till_database_bind_blob(add, 20, &entry->chain, sizeof entry->chain);
	till_database_bind_blob(add, 21, &entry->signature, sizeof entry->signature);
	till_database_bind_blob(add, 22, body, size);
}

gboolean
till_ledger_row_write(TillLedger *ledger, gint64 ordinal, const TillEntry *entry,
		      const char *receipt, gint64 total_minor, GError **error)
{
	sqlite3_stmt *add = till_database_statement(&ledger->database, TILL_LEDGER_ROW_ADD);
	till_database_bind_int(add, 1, till_ledger_position(ordinal, entry->seq));
	till_database_bind_int(add, 2, ordinal);
	till_database_bind_text(add, 7, receipt);
	till_database_bind_int(add, 8, total_minor);
	bind_entry(add, entry);
	return till_database_do(&ledger->database, add, error);
}

void
till_ledger_row_describe(const TillEntry *entry, char **out_receipt, gint64 *out_total_minor)
{
	gsize size;
	const char *text = g_bytes_get_data(entry->body, &size);
	g_autoptr(json_t) body = till_json_parse(text, size, TILL_ENTRY_BODY_MAX, "entry", NULL);
	const char *receipt = json_string_value(json_object_get(body, "receipt"));
	*out_receipt = g_strdup(receipt == NULL ? "" : receipt);
	*out_total_minor = *out_receipt[0] == '\0'
			       ? 0
			       : (gint64)json_integer_value(json_object_get(body, "total_minor"));
}
