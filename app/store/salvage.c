/* SPDX-License-Identifier: Apache-2.0 */
#include "salvage.h"

#include <string.h>

#include "salvage-record.h"

#define ORDINAL_MAX 8388607
#define SEQ_MAX ((G_GINT64_CONSTANT(1) << TILL_LEDGER_SEQ_BITS) - 1)

/* Columns of a journal record, as its CREATE TABLE has them. */
enum {
	COLUMN_POSITION,
	COLUMN_ORDINAL,
	COLUMN_SEQ,
	COLUMN_TXN,
	COLUMN_TYPE,
	COLUMN_VERSION,
	COLUMN_RECEIPT,
	COLUMN_TOTAL,
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

#define JOURNAL_SHAPE "riiUtitiiitiititiiBBSb"
#define INCARNATION_SHAPE "ritniBtti"
#define IDENTITY_SHAPE "rttttttBt"
#define INDEX_SHAPE "ii"

typedef struct {
	TillSalvageTable table;
	gboolean has_rowid;
	const char *shape;
} Shape;

/* Columns that a later schema added are absent in older rows. */
static const Shape SHAPES[] = {
    {TILL_SALVAGE_ACK, TRUE, "riiti"},       {TILL_SALVAGE_ACK, TRUE, "riitii"},
    {TILL_SALVAGE_MOVE, FALSE, "iti"},       {TILL_SALVAGE_USE, FALSE, "iittii"},
    {TILL_SALVAGE_PARKED, FALSE, "tttiiit"}, {TILL_SALVAGE_PARKED, FALSE, "tttiiiti"},
    {TILL_SALVAGE_SIGNIN, FALSE, "tii"},     {TILL_SALVAGE_NOTE, FALSE, "tt"},
    {TILL_SALVAGE_STEP, TRUE, "rU"},
};

/* An incarnation's number and ordinal, as an index of the table holds them. */
typedef struct {
	guint64 id;
	gint64 ordinal;
} Pair;

typedef struct {
	TillSalvage *salvage;
	const TillPublicKey *key; /* nullable */
	GHashTable *positions;    /* of gint64: rows that have been taken */
	GArray *pairs;            /* of Pair */
} Collect;

/* ---- Rows to entries ---- */

static gboolean
copy_text(const TillSalvageRecord *record, guint column, char *out, gsize size)
{
	const TillSalvageValue *value = &record->values[column];
	if (value->size >= size)
		return FALSE;
	memcpy(out, value->data, value->size);
	out[value->size] = '\0';
	return TRUE;
}

static void
copy_blob(const TillSalvageRecord *record, guint column, void *out)
{
	memcpy(out, record->values[column].data, record->values[column].size);
}

static gint64
integer(const TillSalvageRecord *record, guint column)
{
	return record->values[column].integer;
}

/* Without its incarnation; NULL when a value is longer than any that we write. */
static TillEntry *
make_entry(const TillSalvageRecord *record)
{
	g_autoptr(TillEntry) entry = till_entry_new();
	TillEntryClock *clock = &entry->clock;
	entry->seq = integer(record, COLUMN_SEQ);
	entry->version = (int)integer(record, COLUMN_VERSION);
	clock->wall_ms = integer(record, COLUMN_WALL);
	clock->mono_ms = integer(record, COLUMN_MONO);
	clock->offset_ms = integer(record, COLUMN_OFFSET);
	clock->uncertainty_ms = integer(record, COLUMN_UNCERTAINTY);
	entry->shift = integer(record, COLUMN_SHIFT);
	entry->orig_incarnation = (guint64)integer(record, COLUMN_ORIG_INCARNATION);
	entry->orig_seq = integer(record, COLUMN_ORIG_SEQ);
	copy_blob(record, COLUMN_TXN, &entry->txn);
	copy_blob(record, COLUMN_BODY_HASH, &entry->body_hash);
	copy_blob(record, COLUMN_CHAIN, &entry->chain);
	copy_blob(record, COLUMN_SIGNATURE, &entry->signature);
	const TillSalvageValue *body = &record->values[COLUMN_BODY];
	if (integer(record, COLUMN_VERSION) != entry->version ||
	    !copy_text(record, COLUMN_TYPE, entry->type, sizeof entry->type) ||
	    !copy_text(record, COLUMN_BOOT, clock->boot, sizeof clock->boot) ||
	    !copy_text(record, COLUMN_DATE, entry->business_date, sizeof entry->business_date) ||
	    !copy_text(record, COLUMN_CURSOR, entry->cursor, sizeof entry->cursor) ||
	    body->size > TILL_ENTRY_BODY_MAX)
		return NULL;
	entry->body = g_bytes_new(body->data, body->size);
	return g_steal_pointer(&entry);
}

/* Whatever does not depend on the row before. */
static gboolean
is_sound_alone(const TillEntry *entry, const TillPublicKey *key)
{
	TillHash chain;
	TillHash nothing = {{0}};
	TillEntry copy = *entry;
	if (!till_entry_type_valid(entry->type))
		return FALSE;
	/* With a chain value made to fit, what is left to find fault with is the entry's own. */
	till_entry_chain(&nothing, entry->seq, &entry->txn, entry->type, entry->version,
			 &entry->body_hash, &chain);
	copy.chain = chain;
	if (till_entry_fault(&copy, &nothing) != NULL)
		return FALSE;
	return key == NULL ||
	       till_crypto_verify(key, &entry->chain, sizeof entry->chain, &entry->signature);
}

/* ---- Collecting by shape ---- */

static void
take_journal(Collect *collect, const TillSalvageRecord *record)
{
	gint64 ordinal = integer(record, COLUMN_ORDINAL);
	gint64 seq = integer(record, COLUMN_SEQ);
	if (ordinal < 1 || ordinal > ORDINAL_MAX || seq < 1 || seq > SEQ_MAX ||
	    record->rowid != till_ledger_position(ordinal, seq) ||
	    g_hash_table_contains(collect->positions, &record->rowid))
		return;
	g_autoptr(TillEntry) entry = make_entry(record);
	if (entry == NULL || !is_sound_alone(entry, collect->key))
		return;
	TillSalvageRow row = {ordinal, seq, entry->txn, entry->chain, record->place, TRUE};
	g_array_append_val(collect->salvage->rows, row);
	g_hash_table_add(collect->positions, g_memdup2(&record->rowid, sizeof record->rowid));
}

static void
take_incarnation(Collect *collect, const TillSalvageRecord *record)
{
	if (record->rowid < 1 || record->rowid > ORDINAL_MAX ||
	    till_salvage_incarnation(collect->salvage, record->rowid) != NULL)
		return;
	TillSalvageIncarnation row = {.own = {.ordinal = record->rowid,
					      .id = (guint64)integer(record, 1),
					      .parent = (guint64)integer(record, 3),
					      .parent_seq = integer(record, 4)}};
	copy_blob(record, 5, &row.own.parent_chain);
	if (row.own.id == 0 || !copy_text(record, 2, row.own.letters, sizeof row.own.letters) ||
	    !copy_text(record, 7, row.own.fingerprint, sizeof row.own.fingerprint))
		return;
	row.reason = till_salvage_record_text(record, 6);
	row.started_ms = integer(record, 8);
	g_array_append_val(collect->salvage->incarnations, row);
}

static void
take_identity(Collect *collect, const TillSalvageRecord *record)
{
	if (record->rowid != 1 || collect->salvage->identity != NULL)
		return;
	TillIdentity *identity = g_new0(TillIdentity, 1);
	identity->store_id = till_salvage_record_text(record, 1);
	identity->terminal_id = till_salvage_record_text(record, 2);
	identity->store_code = till_salvage_record_text(record, 3);
	identity->till_number = till_salvage_record_text(record, 4);
	identity->server_url = till_salvage_record_text(record, 5);
	identity->server_id = till_salvage_record_text(record, 6);
	copy_blob(record, 7, &identity->server_key);
	identity->ca_pem = till_salvage_record_text(record, 8);
	collect->salvage->identity = identity;
}

static void
free_record(gpointer data)
{
	till_salvage_record_clear(data);
	g_free(data);
}

/* The values point into the payload, which the copy shares. */
static void
take_record(GPtrArray *table, const TillSalvageRecord *record)
{
	TillSalvageRecord *copy = g_memdup2(record, sizeof *record);
	g_byte_array_ref(copy->payload);
	g_ptr_array_add(table, copy);
}

static void
take_other(Collect *collect, const TillSalvageRecord *record)
{
	for (gsize i = 0; i < G_N_ELEMENTS(SHAPES); i++) {
		const Shape *shape = &SHAPES[i];
		if (record->has_rowid == shape->has_rowid &&
		    till_salvage_record_fits(record, shape->shape)) {
			take_record(collect->salvage->tables[shape->table], record);
			return;
		}
	}
	if (record->has_rowid || !till_salvage_record_fits(record, INDEX_SHAPE))
		return;
	Pair pair = {(guint64)integer(record, 0), integer(record, 1)};
	if (pair.id != 0 && pair.ordinal >= 1 && pair.ordinal <= ORDINAL_MAX)
		g_array_append_val(collect->pairs, pair);
}

static void
take_row(const TillSalvageRecord *record, gpointer user)
{
	Collect *collect = user;
	/* Journal rows are never deleted, whatever a damaged free list says. */
	if (record->has_rowid && till_salvage_record_fits(record, JOURNAL_SHAPE))
		take_journal(collect, record);
	else if (record->is_free)
		return;
	else if (record->has_rowid && till_salvage_record_fits(record, INCARNATION_SHAPE))
		take_incarnation(collect, record);
	else if (record->has_rowid && till_salvage_record_fits(record, IDENTITY_SHAPE))
		take_identity(collect, record);
	else
		take_other(collect, record);
}

/* ---- Judging ---- */

static gint
compare_rows(gconstpointer a, gconstpointer b)
{
	const TillSalvageRow *left = a;
	const TillSalvageRow *right = b;
	gint64 first = till_ledger_position(left->ordinal, left->seq);
	gint64 second = till_ledger_position(right->ordinal, right->seq);
	return first < second ? -1 : first > second;
}

static gint
compare_incarnations(gconstpointer a, gconstpointer b)
{
	const TillSalvageIncarnation *left = a;
	const TillSalvageIncarnation *right = b;
	return left->own.ordinal < right->own.ordinal ? -1 : left->own.ordinal > right->own.ordinal;
}

static gboolean
follows(TillSalvage *salvage, const TillSalvageRow *row, const TillHash *before)
{
	TillSalvageRecord record;
	if (!till_salvage_file_read(salvage->file, row->place, &record))
		return FALSE;
	g_autoptr(TillEntry) entry = make_entry(&record);
	till_salvage_record_clear(&record);
	return entry != NULL && till_entry_fault(entry, before) == NULL;
}

static TillSalvageRow *
first_row(TillSalvage *salvage, gint64 ordinal)
{
	for (guint i = 0; i < salvage->rows->len; i++) {
		TillSalvageRow *row = &g_array_index(salvage->rows, TillSalvageRow, i);
		if (row->ordinal == ordinal)
			return row;
	}
	return NULL;
}

static void
name_incarnation(TillSalvageIncarnation *incarnation, guint64 id)
{
	TillIncarnation own = till_ledger_continue(NULL, incarnation->own.ordinal, id, "");
	incarnation->own = own;
}

/* Its first row vouches for an id; without it nothing does, and the next best is an index that says
 * so. */
static void
try_id(TillSalvage *salvage, TillSalvageIncarnation *incarnation, guint64 id)
{
	const TillSalvageRow *first = first_row(salvage, incarnation->own.ordinal);
	TillHash genesis;
	till_entry_genesis(id, &genesis);
	if (incarnation->own.id != 0 ||
	    (first != NULL && first->seq == 1 && !follows(salvage, first, &genesis)))
		return;
	name_incarnation(incarnation, id);
}

/* Every ordinal that has rows gets an incarnation, be it without an id. */
static void
find_lost_incarnations(Collect *collect)
{
	TillSalvage *salvage = collect->salvage;
	for (guint i = 0; i < salvage->rows->len; i++) {
		const TillSalvageRow *row = &g_array_index(salvage->rows, TillSalvageRow, i);
		if (till_salvage_incarnation(salvage, row->ordinal) != NULL)
			continue;
		TillSalvageIncarnation lost = {.own = {.ordinal = row->ordinal},
					       .reason = g_strdup("its row was lost")};
		g_array_append_val(salvage->incarnations, lost);
	}
	for (guint i = 0; i < collect->pairs->len; i++) {
		const Pair *pair = &g_array_index(collect->pairs, Pair, i);
		TillSalvageIncarnation *known = till_salvage_incarnation(salvage, pair->ordinal);
		if (known != NULL)
			try_id(salvage, known, pair->id);
	}
	g_array_sort(salvage->incarnations, compare_incarnations);
}

/* A row that does not follow from the one before has a damaged field, but its chain value, being
 * signed, can still vouch for the next. */
static void
judge_rows(TillSalvage *salvage)
{
	TillHash before;
	const TillSalvageRow *previous = NULL;
	for (guint i = 0; i < salvage->rows->len; i++) {
		TillSalvageRow *row = &g_array_index(salvage->rows, TillSalvageRow, i);
		const TillSalvageIncarnation *own = till_salvage_incarnation(salvage, row->ordinal);
		gboolean has_before = previous != NULL && previous->ordinal == row->ordinal &&
				      previous->seq + 1 == row->seq;
		if (has_before)
			before = previous->chain;
		else if (row->seq == 1 && own->own.id != 0)
			till_entry_genesis(own->own.id, &before);
		if (has_before || (row->seq == 1 && own->own.id != 0))
			row->is_sound = follows(salvage, row, &before);
		previous = row;
	}
}

/* The rows of each incarnation that keep their place. */
static void
find_heads(TillSalvage *salvage)
{
	for (guint i = 0; i < salvage->incarnations->len; i++) {
		TillSalvageIncarnation *row =
		    &g_array_index(salvage->incarnations, TillSalvageIncarnation, i);
		row->own.seq = 0;
		till_entry_genesis(row->own.id, &row->own.chain);
	}
	for (guint i = 0; i < salvage->rows->len; i++) {
		const TillSalvageRow *row = &g_array_index(salvage->rows, TillSalvageRow, i);
		TillSalvageIncarnation *own = till_salvage_incarnation(salvage, row->ordinal);
		own->last = MAX(own->last, row->seq);
		if (own->own.id == 0 || !row->is_sound || row->seq != own->own.seq + 1)
			continue;
		own->own.seq = row->seq;
		own->own.chain = row->chain;
	}
}

static void
note_last(TillSalvage *salvage, gint64 ordinal, gint64 seq)
{
	TillSalvageIncarnation *own = till_salvage_incarnation(salvage, ordinal);
	if (own != NULL)
		own->last = MAX(own->last, seq);
}

static void
note_incarnation_last(TillSalvage *salvage, guint64 id, gint64 seq)
{
	for (guint i = 0; i < salvage->incarnations->len; i++) {
		TillSalvageIncarnation *row =
		    &g_array_index(salvage->incarnations, TillSalvageIncarnation, i);
		if (row->own.id == id)
			row->last = MAX(row->last, seq);
	}
}

/* Acknowledgements and children tell of rows that are gone. */
static void
find_lasts(TillSalvage *salvage)
{
	GPtrArray *acks = salvage->tables[TILL_SALVAGE_ACK];
	for (guint i = 0; i < acks->len; i++) {
		const TillSalvageRecord *ack = g_ptr_array_index(acks, i);
		if (ack->rowid > 0)
			note_last(salvage, ack->rowid >> TILL_LEDGER_SEQ_BITS,
				  ack->rowid & SEQ_MAX);
	}
	for (guint i = 0; i < salvage->incarnations->len; i++) {
		const TillIncarnation *own =
		    &g_array_index(salvage->incarnations, TillSalvageIncarnation, i).own;
		if (own->parent != 0)
			note_incarnation_last(salvage, own->parent, own->parent_seq);
	}
}

static void
count(TillSalvage *salvage)
{
	salvage->sound = 0;
	salvage->unreadable = 0;
	for (guint i = 0; i < salvage->rows->len; i++)
		salvage->sound += g_array_index(salvage->rows, TillSalvageRow, i).is_sound;
	for (guint i = 0; i < salvage->incarnations->len; i++)
		salvage->unreadable +=
		    g_array_index(salvage->incarnations, TillSalvageIncarnation, i).last;
	salvage->unreadable -= salvage->sound;
}

static void
judge(TillSalvage *salvage)
{
	judge_rows(salvage);
	find_heads(salvage);
	find_lasts(salvage);
	count(salvage);
}

/* ---- The whole ---- */

static void
clear_incarnation(gpointer data)
{
	g_free(((TillSalvageIncarnation *)data)->reason);
}

TillSalvage *
till_salvage_read(const char *path, const char *log, const TillPublicKey *key, GError **error)
{
	g_autoptr(TillSalvageFile) file = till_salvage_file_open(path, log, error);
	if (file == NULL)
		return NULL;
	TillSalvage *salvage = g_new0(TillSalvage, 1);
	salvage->file = g_steal_pointer(&file);
	salvage->rows = g_array_new(FALSE, FALSE, sizeof(TillSalvageRow));
	salvage->incarnations = g_array_new(FALSE, FALSE, sizeof(TillSalvageIncarnation));
	g_array_set_clear_func(salvage->incarnations, clear_incarnation);
	for (guint i = 0; i < TILL_SALVAGE_TABLES; i++)
		salvage->tables[i] = g_ptr_array_new_with_free_func(free_record);
	g_autoptr(GHashTable) positions =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
	Collect collect = {salvage, key, positions, pairs};
	till_salvage_file_each(salvage->file, take_row, &collect);
	g_array_sort(salvage->rows, compare_rows);
	find_lost_incarnations(&collect);
	judge(salvage);
	return salvage;
}

void
till_salvage_free(TillSalvage *salvage)
{
	if (salvage == NULL)
		return;
	for (guint i = 0; i < TILL_SALVAGE_TABLES; i++)
		g_ptr_array_unref(salvage->tables[i]);
	g_array_unref(salvage->rows);
	g_array_unref(salvage->incarnations);
	till_identity_free(salvage->identity);
	till_salvage_file_free(salvage->file);
	g_free(salvage);
}

void
till_salvage_meet_witness(TillSalvage *salvage, guint64 incarnation, gint64 seq)
{
	if (incarnation == 0)
		return;
	for (guint i = 0; i < salvage->incarnations->len; i++) {
		TillSalvageIncarnation *row =
		    &g_array_index(salvage->incarnations, TillSalvageIncarnation, i);
		const TillSalvageRow *first = first_row(salvage, row->own.ordinal);
		if (row->own.id == 0 && first != NULL && first->seq == 1)
			try_id(salvage, row, incarnation);
	}
	judge(salvage);
	note_incarnation_last(salvage, incarnation, seq);
	count(salvage);
}

TillEntry *
till_salvage_entry(TillSalvage *salvage, const TillSalvageRow *row)
{
	TillSalvageRecord record;
	if (!till_salvage_file_read(salvage->file, row->place, &record))
		return NULL;
	TillEntry *entry = make_entry(&record);
	till_salvage_record_clear(&record);
	if (entry != NULL)
		entry->incarnation = till_salvage_incarnation(salvage, row->ordinal)->own.id;
	return entry;
}

TillSalvageIncarnation *
till_salvage_incarnation(TillSalvage *salvage, gint64 ordinal)
{
	for (guint i = 0; i < salvage->incarnations->len; i++) {
		TillSalvageIncarnation *row =
		    &g_array_index(salvage->incarnations, TillSalvageIncarnation, i);
		if (row->own.ordinal == ordinal)
			return row;
	}
	return NULL;
}
