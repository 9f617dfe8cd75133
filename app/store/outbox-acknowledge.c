/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "error.h"
#include "outbox.h"
#include "overlay.h"
#include "sale.h"
#include "store-private.h"

typedef struct {
	TillStore *store;
	const TillAck *acks;
	gsize count;
	const char *signature;
	gint64 settled;       /* rows that were pending and no longer are */
	gint64 sales_settled; /* sales among them */
} Batch;

static gboolean
refuse(const TillAck *ack, const char *words, GError **error)
{
	char text[14];
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "The central acknowledged entry %s-%" G_GINT64_FORMAT
		    ", %s. Nothing was recorded; call support.",
		    till_id_incarnation_format(ack->incarnation, text), ack->seq, words);
	return FALSE;
}

/* The central may only acknowledge what we have, under the number we gave it. */
static gboolean
check_ack(Batch *batch, const TillAck *ack, gint64 position, GError **error)
{
	TillDatabase *database = &batch->store->ledger.database;
	sqlite3_stmt *find = till_database_statement(database, TILL_LEDGER_ACK_FIND);
	till_database_bind_int(find, 1, position);
	int step = till_database_step(database, find, error);
	if (step == SQLITE_DONE)
		return refuse(ack, "which this till never wrote", error);
	TillUuid txn;
	if (step != SQLITE_ROW || !till_database_blob(find, 0, &txn, sizeof txn, error))
		return FALSE;
	gboolean was_pending = sqlite3_column_int(find, 2) < 0;
	gboolean is_sale = strcmp(till_database_text(find, 1), TILL_SALE_TYPE) == 0;
	sqlite3_reset(find);
	if (!till_uuid_equal(&txn, &ack->txn))
		return refuse(ack, "which is another transaction here", error);
	batch->settled += was_pending;
	batch->sales_settled += was_pending && is_sale;
	return TRUE;
}

static gboolean
write_ack(Batch *batch, const TillAck *ack, GError **error)
{
	TillStore *store = batch->store;
	TillDatabase *database = &store->ledger.database;
	const TillIncarnation *known = till_ledger_find(&store->ledger, ack->incarnation);
	if (known == NULL || ack->seq < 1 || ack->seq > known->seq)
		return refuse(ack, "which this till never wrote", error);
	gint64 position = till_ledger_position(known->ordinal, ack->seq);
	if (!check_ack(batch, ack, position, error))
		return FALSE;
	sqlite3_stmt *put = till_database_statement(database, TILL_LEDGER_ACK_PUT);
	till_database_bind_int(put, 1, position);
	till_database_bind_int(put, 2, ack->outcome);
	till_database_bind_int(put, 3, ack->feed_seq);
	till_database_bind_text(put, 4, ack->reason == NULL ? "" : ack->reason);
	till_database_bind_int(put, 5, till_clock_wall_ms(store->clock));
	till_database_bind_int(put, 6, ack->chain_seq);
	return till_database_do(database, put, error);
}

static gboolean
write_signature(Batch *batch, GError **error)
{
	const TillAck *last = &batch->acks[batch->count - 1];
	TillLedger *ledger = &batch->store->ledger;
	sqlite3_stmt *put =
	    till_database_statement(&ledger->database, TILL_LEDGER_ACK_SIGNATURE_PUT);
	till_database_bind_int(put, 1, till_ledger_find(ledger, last->incarnation)->ordinal);
	till_database_bind_int(put, 2, last->seq);
	till_database_bind_text(put, 3, batch->signature);
	return till_database_do(&ledger->database, put, error);
}

static gboolean
write_acks(TillDatabase *database, gpointer data, GError **error)
{
	Batch *batch = data;
	(void)database;
	for (gsize i = 0; i < batch->count; i++) {
		if (!write_ack(batch, &batch->acks[i], error))
			return FALSE;
	}
	return batch->signature == NULL || *batch->signature == '\0' ||
	       write_signature(batch, error);
}

gboolean
till_outbox_acknowledge(TillStore *store, const TillAck *acks, gsize count,
			const char *server_signature, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return FALSE;
	if (count == 0)
		return TRUE;
	TillLedger *ledger = &store->ledger;
	Batch batch = {.store = store, .acks = acks, .count = count, .signature = server_signature};
	if (!till_database_transact(&ledger->database, write_acks, &batch, error))
		return FALSE;
	if (ledger->counts_known) {
		ledger->pending -= batch.settled;
		ledger->sales_pending -= batch.sales_settled;
	}
	for (gsize i = 0; i < count; i++) {
		if (till_overlay_is_ended(store, &acks[i]))
			till_overlay_forget(store);
	}
	for (guint i = 0; i < ledger->incarnations->len; i++) {
		TillIncarnation *row = &g_array_index(ledger->incarnations, TillIncarnation, i);
		if (row->settled < row->seq && !till_ledger_settle(ledger, row, error))
			return FALSE;
	}
	return TRUE;
}
