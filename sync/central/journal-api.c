/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api.h"
#include "id.h"
#include "messages.h"
#include "text.h"

static TillEntry *
read_row(TillDbQuery *query, guint64 incarnation)
{
	TillEntry *entry = till_entry_new();
	gconstpointer body;
	gsize size;

	entry->incarnation = incarnation;
	entry->seq = till_db_int(query, 0);
	till_db_copy_blob(query, 1, entry->txn.bytes, sizeof entry->txn.bytes);
	till_db_copy_blob(query, 2, entry->body_hash.bytes, sizeof entry->body_hash.bytes);
	till_db_copy_blob(query, 3, entry->chain.bytes, sizeof entry->chain.bytes);
	till_db_copy_blob(query, 4, entry->signature.bytes, sizeof entry->signature.bytes);
	entry->orig_incarnation = (guint64)till_db_int(query, 5);
	entry->orig_seq = till_db_int(query, 6);
	g_strlcpy(entry->type, till_db_text(query, 7), sizeof entry->type);
	entry->version = (int)till_db_int(query, 8);
	if (!till_db_is_null(query, 9)) {
		body = till_db_blob(query, 9, &size);
		entry->body = g_bytes_new(body, size);
	}
	entry->clock.wall_ms = till_db_int(query, 10);
	entry->clock.mono_ms = till_db_int(query, 11);
	g_strlcpy(entry->clock.boot, till_db_text(query, 12), sizeof entry->clock.boot);
	entry->clock.offset_ms = till_db_int(query, 13);
	entry->clock.uncertainty_ms = till_db_int(query, 14);
	g_strlcpy(entry->business_date, till_db_text(query, 15), sizeof entry->business_date);
	entry->shift = till_db_int(query, 16);
	g_strlcpy(entry->cursor, till_db_text(query, 17), sizeof entry->cursor);
	return entry;
}

/* A page: TILL_WIRE_BATCH_ENTRIES rows, or fewer when their bodies fill TILL_WIRE_BATCH_BYTES. */
static GPtrArray *
read_rows(TillDb *db, const TillTerminal *terminal, guint64 incarnation, gint64 after,
	  GError **error)
{
	TillDbQuery *query = till_db_query(
	    db,
	    "SELECT v.seq, v.txn, v.body_hash, v.chain, v.signature, v.orig_incarnation, "
	    "v.orig_seq, "
	    "e.type, e.version, coalesce(v.conflict_body, e.body), e.wall_ms, e.mono_ms, e.boot, "
	    "e.offset_ms, e.uncertainty_ms, e.business_date, e.shift, e.cursor "
	    "FROM envelope v JOIN entry e ON e.txn = v.txn "
	    "WHERE v.terminal = ?1 AND v.incarnation = ?2 AND v.seq > ?3 ORDER BY v.seq LIMIT ?4");
	GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	gsize bytes = 0;

	till_db_bind_int(query, 1, terminal->number);
	till_db_bind_int(query, 2, (gint64)incarnation);
	till_db_bind_int(query, 3, after);
	till_db_bind_int(query, 4, TILL_WIRE_BATCH_ENTRIES);
	while (bytes < TILL_WIRE_BATCH_BYTES && till_db_step(query, error)) {
		TillEntry *entry = read_row(query, incarnation);
		bytes += entry->body != NULL ? g_bytes_get_size(entry->body) : 0;
		g_ptr_array_add(entries, entry);
	}
	till_db_reset(query);
	return entries;
}

gboolean
till_journal_api_list(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(GPtrArray) entries = NULL;
	g_autoptr(GError) error = NULL;
	guint64 incarnation;
	gint64 after;
	gsize size;
	char *text;

	if (!till_id_incarnation_parse(till_request_query(request, "incarnation"), &incarnation) ||
	    !till_text_parse_int(till_request_query(request, "after"), 0, G_MAXINT64, &after)) {
		till_response_problem(response, TILL_PROBLEM_INVALID,
				      "Say which incarnation (13 letters) and after which number.");
		return TRUE;
	}
	entries = read_rows(central->db, &request->terminal, incarnation, after, &error);
	if (error != NULL) {
		till_response_error(response, error);
		return TRUE;
	}
	text = till_messages_write_journal(entries, &size);
	response->status = 200;
	response->content_type = "application/json";
	response->body = g_bytes_new_take(text, size);
	return TRUE;
}
