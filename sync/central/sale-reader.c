/* SPDX-License-Identifier: Apache-2.0 */
#include "sale-reader.h"

#include <string.h>

#include "entry.h"
#include "inbox.h"

#define COLUMNS                                                                                    \
	"e.number, e.txn, e.version, t.store_code, e.body, e.type = 'sale' AND e.outcome <> "      \
	"'held' FROM entry e JOIN terminal t ON t.number = e.terminal "

static const char *const texts[] = {
    [TILL_SALE_READER_AFTER] =
	"SELECT " COLUMNS "WHERE e.number > ?1 AND (?2 = '' OR t.store_code = ?2) "
	"ORDER BY e.number LIMIT ?3",
    [TILL_SALE_READER_LATE] =
	"SELECT " COLUMNS "JOIN reprice_late l ON l.number = e.number WHERE e.number > ?1 "
	"AND (?2 = '' OR t.store_code = ?2) ORDER BY e.number LIMIT ?3",
    [TILL_SALE_READER_BEFORE] =
	"SELECT " COLUMNS "WHERE e.number < ?1 AND (?2 = '' OR t.store_code = ?2) "
	"ORDER BY e.number DESC LIMIT ?3",
};

/* A sale as it lies in the books. */
typedef struct {
	gint64 number;
	TillEntry *entry; /* owned */
	char *store_code; /* owned */
} Raw;

typedef struct {
	TillSaleReaderBatch *batch;
	GArray *raws; /* of Raw */
	GError *error;
} Visit;

static void
clear_raw(gpointer data)
{
	Raw *raw = data;

	till_entry_free(raw->entry);
	g_free(raw->store_code);
}

static void
clear_sale(gpointer data)
{
	TillRepricerSale *sale = data;

	g_free(sale->store_code);
	till_sale_free(sale->sale);
}

static void
take_raw(TillDbQuery *query, GArray *raws)
{
	Raw raw = {.number = till_db_int(query, 0), .entry = till_entry_new()};
	gsize size;
	gconstpointer body = till_db_blob(query, 4, &size);

	till_db_copy_blob(query, 1, raw.entry->txn.bytes, sizeof raw.entry->txn.bytes);
	g_strlcpy(raw.entry->type, TILL_SALE_TYPE, sizeof raw.entry->type);
	raw.entry->version = (int)till_db_int(query, 2);
	raw.entry->body = g_bytes_new(body, size);
	raw.store_code = g_strdup(till_db_text(query, 3));
	g_array_append_val(raws, raw);
}

static gboolean
visit_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Visit *visit = data;
	TillSaleReaderBatch *batch = visit->batch;
	TillDbQuery *query = till_db_query(central->db, texts[batch->order]);

	till_db_bind_int(query, 1, batch->number);
	till_db_bind_text(query, 2, batch->store != NULL ? batch->store : "");
	till_db_bind_int(query, 3, TILL_SALE_READER_BATCH);
	while (till_db_step(query, &visit->error)) {
		batch->last = till_db_int(query, 0);
		g_array_append_val(batch->numbers, batch->last);
		if (till_db_int(query, 5) != 0 && !till_db_is_null(query, 4))
			take_raw(query, visit->raws);
	}
	return TRUE;
}

gboolean
till_sale_reader_next(TillCentral *central, TillSaleReaderBatch *batch, GError **error)
{
	Visit visit = {.batch = batch};
	gboolean good;

	batch->last = batch->number;
	batch->numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
	batch->sales = g_array_new(FALSE, FALSE, sizeof(TillRepricerSale));
	g_array_set_clear_func(batch->sales, clear_sale);
	visit.raws = g_array_new(FALSE, FALSE, sizeof(Raw));
	g_array_set_clear_func(visit.raws, clear_raw);
	good = till_writer_call(central->writer, visit_run, &visit, error);
	if (good && visit.error != NULL) {
		g_propagate_error(error, visit.error);
		good = FALSE;
	}
	for (guint i = 0; good && i < visit.raws->len; i++) {
		Raw *raw = &g_array_index(visit.raws, Raw, i);
		TillRepricerSale sale = {.txn = raw->entry->txn, .number = raw->number};
		sale.store_code = g_steal_pointer(&raw->store_code);
		sale.sale = till_inbox_read(central, raw->entry);
		g_array_append_val(batch->sales, sale);
	}
	g_array_unref(visit.raws);
	return good;
}

void
till_sale_reader_clear(TillSaleReaderBatch *batch)
{
	g_clear_pointer(&batch->numbers, g_array_unref);
	g_clear_pointer(&batch->sales, g_array_unref);
}
