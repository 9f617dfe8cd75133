/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <string.h>

#include "ledger-row.h"
#include "outbox.h"
#include "recover-private.h"
#include "salvage-record.h"
#include "store-private.h"

/* What a note says of the damaged file is not true of the new one. */
static const char *const NOTES_LEFT[] = {"integrity_checked_ms", "verified_position", NULL};

typedef struct {
	const TillRecoverSource *source;
	TillLedger ledger;
	TillRecovery *out;
	GHashTable *newest; /* transaction to ordinal: of each fact's last sound envelope */
	GHashTable *moved;  /* position to position: rows under a new envelope */
	TillIncarnation fresh;
} Build;

/* ---- Small rows ---- */

/* A row that breaks a rule of the database, as a doubled one does, is left out. */
static gboolean
insert(Build *build, sqlite3_stmt *add, GError **error)
{
	g_autoptr(GError) failure = NULL;
	if (till_database_do(&build->ledger.database, add, &failure))
		return TRUE;
	if (g_error_matches(failure, TILL_ERROR, TILL_ERROR_INVALID))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

/* Binds the columns from first on as they are; a text is bound with its length. */
static void
bind_columns(sqlite3_stmt *add, const TillSalvageRecord *record, guint first, guint columns)
{
	for (guint i = 0; i < columns; i++) {
		const TillSalvageValue *value = &record->values[first + i];
		if (value->kind == TILL_SALVAGE_INTEGER) {
			till_database_bind_int(add, (int)i + 1, value->integer);
			continue;
		}
		int result = sqlite3_bind_text64(add, (int)i + 1, (const char *)value->data,
						 value->size, SQLITE_STATIC, SQLITE_UTF8);
		g_assert(result == SQLITE_OK);
	}
}

/* Where a row of the old journal stands now; 0: nowhere. */
static gint64
new_position(Build *build, gint64 position)
{
	const gint64 *moved = g_hash_table_lookup(build->moved, &position);
	if (moved != NULL)
		return *moved;
	const TillSalvageIncarnation *own =
	    till_salvage_incarnation(build->source->salvage, position >> TILL_LEDGER_SEQ_BITS);
	if (own == NULL || own->own.id == 0)
		return 0;
	gint64 head = till_ledger_position(own->own.ordinal, own->own.seq);
	return position > till_ledger_position(own->own.ordinal, 0) && position <= head ? position
											: 0;
}

static gboolean
has_later(Build *build, const TillSalvageRow *row)
{
	const gint64 *newest = g_hash_table_lookup(build->newest, &row->txn);
	return newest != NULL && *newest > row->ordinal;
}

static const TillSalvageRow *
find_row(TillSalvage *salvage, gint64 position)
{
	guint low = 0;
	guint high = salvage->rows->len;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		const TillSalvageRow *row = &g_array_index(salvage->rows, TillSalvageRow, middle);
		gint64 found = till_ledger_position(row->ordinal, row->seq);
		if (found == position)
			return row;
		if (found < position)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Only rows that kept their place keep their acknowledgement: the central has the others under
 * another envelope and says so. "Replaced" holds only while the later envelope is there. */
static gboolean
write_ack(Build *build, const TillSalvageRecord *ack, GError **error)
{
	const TillSalvageRow *row = find_row(build->source->salvage, ack->rowid);
	gint64 outcome = ack->values[1].integer;
	if (row == NULL || new_position(build, ack->rowid) != ack->rowid ||
	    (outcome == TILL_LEDGER_OUTCOME_REPLACED && !has_later(build, row)))
		return TRUE;
	sqlite3_stmt *put = till_database_statement(&build->ledger.database, TILL_LEDGER_ACK_PUT);
	bind_columns(put, ack, 0, ack->count);
	till_database_bind_int(put, 1, ack->rowid);
	if (ack->count < 6)
		till_database_bind_int(put, 6, 0);
	return insert(build, put, error);
}

static gboolean
write_move(Build *build, const TillSalvageRecord *move, GError **error)
{
	gint64 position = new_position(build, move->values[0].integer);
	if (position == 0)
		return TRUE;
	sqlite3_stmt *add = till_database_statement(&build->ledger.database, TILL_LEDGER_MOVE_ADD);
	g_autofree char *sku = till_salvage_record_text(move, 1);
	till_database_bind_text(add, 1, sku);
	till_database_bind_int(add, 2, position);
	till_database_bind_int(add, 3, move->values[2].integer);
	return insert(build, add, error);
}

static gboolean
write_use(Build *build, const TillSalvageRecord *use, GError **error)
{
	gint64 position = new_position(build, use->values[0].integer);
	if (position == 0)
		return TRUE;
	sqlite3_stmt *add = till_database_statement(&build->ledger.database, TILL_LEDGER_USE_ADD);
	bind_columns(add, use, 0, use->count);
	till_database_bind_int(add, 1, position);
	return insert(build, add, error);
}

static gboolean
write_step(Build *build, const TillSalvageRecord *step, GError **error)
{
	gint64 position = new_position(build, step->rowid);
	if (position == 0)
		return TRUE;
	sqlite3_stmt *add = till_database_statement(&build->ledger.database, TILL_LEDGER_STEP_ADD);
	till_database_bind_int(add, 1, position);
	till_database_bind_blob(add, 2, step->values[1].data, step->values[1].size);
	return insert(build, add, error);
}

static gboolean
write_parked(Build *build, const TillSalvageRecord *parked, GError **error)
{
	sqlite3_stmt *add =
	    till_database_statement(&build->ledger.database, TILL_LEDGER_PARKED_ADD);
	bind_columns(add, parked, 0, 7);
	build->out->parked++;
	return insert(build, add, error);
}

static gboolean
write_signin(Build *build, const TillSalvageRecord *signin, GError **error)
{
	sqlite3_stmt *set =
	    till_database_statement(&build->ledger.database, TILL_LEDGER_SIGNIN_SET);
	bind_columns(set, signin, 0, signin->count);
	return insert(build, set, error);
}

static gboolean
write_note(Build *build, const TillSalvageRecord *note, GError **error)
{
	g_autofree char *name = till_salvage_record_text(note, 0);
	if (g_strv_contains(NOTES_LEFT, name))
		return TRUE;
	sqlite3_stmt *set = till_database_statement(&build->ledger.database, TILL_LEDGER_NOTE_SET);
	bind_columns(set, note, 0, note->count);
	return insert(build, set, error);
}

static gboolean
write_tables(Build *build, GError **error)
{
	static gboolean (*const writers[TILL_SALVAGE_TABLES])(Build *, const TillSalvageRecord *,
							      GError **) = {
	    [TILL_SALVAGE_ACK] = write_ack,       [TILL_SALVAGE_MOVE] = write_move,
	    [TILL_SALVAGE_USE] = write_use,       [TILL_SALVAGE_STEP] = write_step,
	    [TILL_SALVAGE_PARKED] = write_parked, [TILL_SALVAGE_SIGNIN] = write_signin,
	    [TILL_SALVAGE_NOTE] = write_note,
	};
	for (guint i = 0; i < TILL_SALVAGE_TABLES; i++) {
		GPtrArray *table = build->source->salvage->tables[i];
		for (guint j = 0; j < table->len; j++) {
			if (!writers[i](build, g_ptr_array_index(table, j), error))
				return FALSE;
		}
	}
	return TRUE;
}

/* ---- Incarnations ---- */

static gboolean
write_incarnations(Build *build, GError **error)
{
	GArray *rows = build->source->salvage->incarnations;
	for (guint i = 0; i < rows->len; i++) {
		const TillSalvageIncarnation *row = &g_array_index(rows, TillSalvageIncarnation, i);
		if (row->own.id == 0)
			continue;
		TillIncarnation own = row->own;
		/* A parent that is lost cannot be referred to. */
		if (own.parent != 0 && till_ledger_find(&build->ledger, own.parent) == NULL)
			own.parent = 0;
		if (!till_ledger_add_incarnation(&build->ledger, &own, row->reason, row->started_ms,
						 error) ||
		    !till_ledger_load(&build->ledger, error))
			return FALSE;
	}
	return TRUE;
}

/* The letters in receipt numbers of incarnations that are not known any more. */
static GHashTable *
lost_letters(TillSalvage *salvage)
{
	GHashTable *letters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < salvage->rows->len; i++) {
		const TillSalvageRow *row = &g_array_index(salvage->rows, TillSalvageRow, i);
		g_autofree char *receipt = NULL;
		gint64 total_minor;
		if (till_salvage_incarnation(salvage, row->ordinal)->own.id != 0)
			continue;
		g_autoptr(TillEntry) entry = till_salvage_entry(salvage, row);
		if (entry == NULL)
			continue;
		till_ledger_row_describe(entry, &receipt, &total_minor);
		g_auto(GStrv) parts = g_strsplit(receipt, "-", -1);
		guint count = g_strv_length(parts);
		if (count >= 4)
			g_hash_table_add(letters, g_strdup(parts[count - 2]));
	}
	return letters;
}

static gint64
next_ordinal(const TillSalvage *salvage)
{
	if (salvage->incarnations->len == 0)
		return TILL_LEDGER_ORDINAL_STEP;
	const TillSalvageIncarnation *last = &g_array_index(
	    salvage->incarnations, TillSalvageIncarnation, salvage->incarnations->len - 1);
	return (last->own.ordinal / TILL_LEDGER_ORDINAL_STEP + 1) * TILL_LEDGER_ORDINAL_STEP;
}

static gboolean
begin_incarnation(Build *build, GError **error)
{
	TillSalvage *salvage = build->source->salvage;
	g_autoptr(GHashTable) letters = lost_letters(salvage);
	g_autofree char *fingerprint = till_identity_fingerprint_of(build->ledger.path);
	const TillIncarnation *newest = till_ledger_current(&build->ledger);
	const TillIncarnation *parent =
	    newest == NULL ? NULL : &till_salvage_incarnation(salvage, newest->ordinal)->own;
	do {
		build->fresh = till_ledger_continue(parent, next_ordinal(salvage),
						    till_ledger_mint(&build->ledger), fingerprint);
	} while (g_hash_table_contains(letters, build->fresh.letters));
	build->fresh.seq = 0;
	till_entry_genesis(build->fresh.id, &build->fresh.chain);
	return till_ledger_add_incarnation(&build->ledger, &build->fresh,
					   "recovered from a damaged file",
					   till_clock_wall_ms(build->source->clock), error) &&
	       till_ledger_load(&build->ledger, error);
}

/* ---- The journal ---- */

static void
find_newest(Build *build)
{
	GArray *rows = build->source->salvage->rows;
	/* In the order of ordinals: the last one written wins. */
	for (guint i = 0; i < rows->len; i++) {
		const TillSalvageRow *row = &g_array_index(rows, TillSalvageRow, i);
		if (row->is_sound)
			g_hash_table_replace(build->newest, g_memdup2(&row->txn, sizeof row->txn),
					     g_memdup2(&row->ordinal, sizeof row->ordinal));
	}
}

static gboolean
write_entry(Build *build, gint64 ordinal, const TillEntry *entry, GError **error)
{
	g_autofree char *receipt = NULL;
	gint64 total_minor;
	till_ledger_row_describe(entry, &receipt, &total_minor);
	return till_ledger_row_write(&build->ledger, ordinal, entry, receipt, total_minor, error);
}

static TillEntry *
take_entry(Build *build, const TillSalvageRow *row, GError **error)
{
	TillEntry *entry = till_salvage_entry(build->source->salvage, row);
	if (entry == NULL)
		g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
			    "The damaged ledger.db gives other bytes at every reading. Copy the "
			    "home to another disk and recover it there.");
	return entry;
}

/* As after a fork: a new envelope around the same bytes, which remembers the first one. */
static gboolean
renumber(Build *build, const TillSalvageRow *row, GError **error)
{
	g_autoptr(TillEntry) entry = take_entry(build, row, error);
	if (entry == NULL)
		return FALSE;
	if (entry->orig_incarnation == 0 && entry->incarnation != 0) {
		entry->orig_incarnation = entry->incarnation;
		entry->orig_seq = entry->seq;
	}
	entry->incarnation = build->fresh.id;
	entry->seq = build->fresh.seq + 1;
	till_entry_seal(entry, &build->fresh.chain);
	till_crypto_sign(build->source->key, &entry->chain, sizeof entry->chain, &entry->signature);
	if (!write_entry(build, build->fresh.ordinal, entry, error))
		return FALSE;
	gint64 from = till_ledger_position(row->ordinal, row->seq);
	gint64 to = till_ledger_position(build->fresh.ordinal, entry->seq);
	g_hash_table_insert(build->moved, g_memdup2(&from, sizeof from), g_memdup2(&to, sizeof to));
	build->fresh.seq = entry->seq;
	build->fresh.chain = entry->chain;
	build->out->renumbered++;
	return TRUE;
}

static gboolean
keep(Build *build, const TillSalvageRow *row, GError **error)
{
	g_autoptr(TillEntry) entry = take_entry(build, row, error);
	return entry != NULL && write_entry(build, row->ordinal, entry, error);
}

static gboolean
write_rows(Build *build, GError **error)
{
	TillSalvage *salvage = build->source->salvage;
	for (guint i = 0; i < salvage->rows->len; i++) {
		const TillSalvageRow *row = &g_array_index(salvage->rows, TillSalvageRow, i);
		const TillIncarnation *own = &till_salvage_incarnation(salvage, row->ordinal)->own;
		if (!row->is_sound)
			continue;
		gboolean is_kept = own->id != 0 && row->seq <= own->seq;
		if (is_kept ? !keep(build, row, error)
			    : !has_later(build, row) && !renumber(build, row, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
write_all(TillDatabase *database, gpointer data, GError **error)
{
	Build *build = data;
	(void)database;
	find_newest(build);
	return till_identity_write(&build->ledger, build->source->salvage->identity, error) &&
	       write_incarnations(build, error) && begin_incarnation(build, error) &&
	       write_rows(build, error) && write_tables(build, error);
}

static guint
hash_txn(gconstpointer txn)
{
	guint32 words;
	/* The last bytes of an id are random. */
	memcpy(&words, (const guint8 *)txn + sizeof(TillUuid) - sizeof words, sizeof words);
	return words;
}

static gboolean
equal_txn(gconstpointer a, gconstpointer b)
{
	return till_uuid_equal(a, b);
}

gboolean
till_recover_build(const TillRecoverSource *source, const char *path, TillIncarnation *out_head,
		   TillRecovery *recovery, GError **error)
{
	g_autoptr(GHashTable) newest = g_hash_table_new_full(hash_txn, equal_txn, g_free, g_free);
	g_autoptr(GHashTable) moved =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	Build build = {.source = source, .out = recovery, .newest = newest, .moved = moved};
	if (!till_ledger_open(&build.ledger, path, till_clock_wall_ms(source->clock), error))
		return FALSE;
	gboolean is_built =
	    till_database_transact(&build.ledger.database, write_all, &build, error) &&
	    till_database_check(&build.ledger.database, TRUE, error);
	till_ledger_close(&build.ledger);
	if (is_built) {
		*out_head = build.fresh;
		return TRUE;
	}
	g_autofree char *log = g_strconcat(path, "-wal", NULL);
	(void)g_unlink(log);
	(void)g_unlink(path);
	return FALSE;
}
