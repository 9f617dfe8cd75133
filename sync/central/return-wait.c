/* SPDX-License-Identifier: Apache-2.0 */
#include "return-wait.h"

#include <string.h>

#include "exceptions.h"

#define WARN_AFTER_MS G_GINT64_CONSTANT(86400000)

static gboolean
give_error(GError **error, GError *local)
{
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, local);
	return FALSE;
}

gboolean
till_return_wait_note(const TillReturnsContext *context, const TillEntry *entry,
		      const TillReturn *done, GError **error)
{
	TillDbQuery *query = till_db_query(
	    context->central->db, "INSERT INTO return_wait (txn, store_code, source, receipt, "
				  "since_ms) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");

	till_db_bind_blob(query, 1, entry->txn.bytes, sizeof entry->txn.bytes);
	till_db_bind_text(query, 2, context->store_code);
	till_db_bind_blob(query, 3, done->source_txn.bytes, sizeof done->source_txn.bytes);
	till_db_bind_text(query, 4, done->source_receipt);
	till_db_bind_int(query, 5, context->now_ms);
	return till_db_run(query, error);
}

/* One that waited, as its entry was kept. */
typedef struct {
	TillEntry *entry; /* owned */
	gint64 terminal;
	char store_code[17];
} Waiting;

static void
clear_waiting(gpointer data)
{
	till_entry_free(((Waiting *)data)->entry);
}

static GArray *
list_waiting(TillDb *db, const TillUuid *txn, const char *receipt, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT e.txn, e.type, e.version, e.body, e.business_date, e.terminal, "
		"w.store_code FROM return_wait w JOIN entry e ON e.txn = w.txn WHERE w.txn IN "
		"(SELECT txn FROM return_wait WHERE source = ?1 UNION ALL SELECT txn FROM "
		"return_wait WHERE receipt = ?2 AND receipt <> '') ORDER BY e.number");
	GArray *list = g_array_new(FALSE, TRUE, sizeof(Waiting));
	g_autoptr(GError) local = NULL;

	g_array_set_clear_func(list, clear_waiting);
	till_db_bind_blob(query, 1, txn->bytes, sizeof txn->bytes);
	till_db_bind_text(query, 2, receipt);
	while (till_db_step(query, &local)) {
		Waiting waiting = {.entry = till_entry_new(), .terminal = till_db_int(query, 5)};
		gsize size;
		gconstpointer data = till_db_blob(query, 3, &size);
		till_db_copy_blob(query, 0, waiting.entry->txn.bytes, sizeof(TillUuid));
		g_strlcpy(waiting.entry->type, till_db_text(query, 1), sizeof waiting.entry->type);
		waiting.entry->version = (int)till_db_int(query, 2);
		waiting.entry->body = g_bytes_new(data, size);
		g_strlcpy(waiting.entry->business_date, till_db_text(query, 4),
			  sizeof waiting.entry->business_date);
		g_strlcpy(waiting.store_code, till_db_text(query, 6), sizeof waiting.store_code);
		g_array_append_val(list, waiting);
	}
	if (give_error(error, g_steal_pointer(&local)))
		return list;
	g_array_unref(list);
	return NULL;
}

static gboolean
settle_wait(const TillReturnsContext *context, const TillEntry *entry,
	    const TillReturnsEffect *effect, GError **error)
{
	TillDbQuery *query =
	    till_db_query(context->central->db,
			  "UPDATE entry SET outcome = ?2, reason = '', exceptions = ?3, feed_seq = "
			  "?4 WHERE txn = ?1");
	g_autofree char *codes = NULL;
	char txn[TILL_UUID_TEXT];

	g_ptr_array_add(effect->codes, NULL);
	codes = g_strjoinv(",", (char **)effect->codes->pdata);
	till_db_bind_blob(query, 1, entry->txn.bytes, sizeof entry->txn.bytes);
	till_db_bind_text(query, 2, *codes != '\0' ? "applied_exceptions" : "applied");
	till_db_bind_text(query, 3, codes);
	till_db_bind_int(query, 4, effect->feed_seq);
	if (!till_db_run(query, error))
		return FALSE;
	query = till_db_query(context->central->db, "DELETE FROM return_wait WHERE txn = ?1");
	till_db_bind_blob(query, 1, entry->txn.bytes, sizeof entry->txn.bytes);
	return till_db_run(query, error) &&
	       till_exceptions_settle(context->changes, TILL_RETURNS_WAITS,
				      till_uuid_format(&entry->txn, txn), error);
}

static gboolean
release_one(const TillReturnsContext *context, const Waiting *waiting, GError **error)
{
	g_autoptr(GPtrArray) codes = g_ptr_array_new_with_free_func(g_free);
	TillReturnsEffect effect = {.codes = codes};
	g_autoptr(TillReturn) done = till_returns_read(context->central, waiting->entry);

	if (done == NULL)
		return TRUE;
	if (!till_returns_take(context, waiting->entry, done, &effect, error))
		return FALSE;
	if (effect.outcome != TILL_RETURNS_APPLIED)
		return TRUE;
	return settle_wait(context, waiting->entry, &effect, error) &&
	       till_return_wait_release(context, &waiting->entry->txn, done->receipt, error);
}

/* In the scope of the store whose entry it is, with a stock of its own where that is another. */
static gboolean
release_there(const TillReturnsContext *context, const Waiting *waiting, GError **error)
{
	TillReturnsContext there = *context;
	char scope[TILL_CHANGES_SCOPE_MAX];
	g_autoptr(TillBooks) books = NULL;
	TillChanges changes;

	there.terminal = waiting->terminal;
	for (const TillReturnsContext *at = context; at != NULL; at = at->outer) {
		if (strcmp(at->store_code, waiting->store_code) != 0)
			continue;
		there.changes = at->changes;
		there.books = at->books;
		there.store_code = at->store_code;
		there.outer = at == context ? context->outer : context;
		return release_one(&there, waiting, error);
	}
	if (!till_changes_open(context->central->db, till_changes_scope(waiting->store_code, scope),
			       &changes, error))
		return FALSE;
	books = till_books_new(context->central->db, &changes);
	there.changes = &changes;
	there.books = books;
	there.store_code = waiting->store_code;
	there.outer = context;
	return release_one(&there, waiting, error) && till_books_finish(books, error) &&
	       till_changes_close(&changes, error);
}

gboolean
till_return_wait_release(const TillReturnsContext *context, const TillUuid *txn,
			 const char *receipt, GError **error)
{
	g_autoptr(GArray) list = list_waiting(context->central->db, txn, receipt, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		if (!release_there(context, &g_array_index(list, Waiting, i), error))
			return FALSE;
	}
	return list != NULL;
}

gboolean
till_return_wait_release_for(const TillReturnsContext *context, const TillEntry *entry,
			     const TillSale *sale, const TillWireResult *result, GError **error)
{
	if (strcmp(result->outcome, "held") == 0 || (sale == NULL && !till_returns_is(entry)))
		return TRUE;
	return till_return_wait_release(context, &entry->txn, sale != NULL ? sale->receipt : "",
					error);
}

static gboolean
warn(const TillReturnsContext *context, const TillUuid *txn, GError **error)
{
	char text[TILL_UUID_TEXT];
	TillException exception = {
	    .code = TILL_RETURNS_WAITS,
	    .subject = till_uuid_format(txn, text),
	    .severity = TILL_EXCEPTION_WARNING,
	    .words = "A return has waited a day for its sale. Find the till that sold it and bring "
		     "it online, or ask support.",
	    .txn = text,
	    .raised_ms = context->now_ms};
	TillDbQuery *query = till_db_query(context->central->db,
					   "UPDATE return_wait SET is_warned = 1 WHERE txn = ?1");

	till_db_bind_blob(query, 1, txn->bytes, sizeof txn->bytes);
	return till_db_run(query, error) &&
	       till_exceptions_raise(context->changes, &exception, error);
}

gboolean
till_return_wait_warn(const TillReturnsContext *context, GError **error)
{
	TillDbQuery *query = till_db_query(
	    context->central->db, "SELECT txn FROM return_wait WHERE store_code = ?1 AND since_ms "
				  "< ?2 AND is_warned = 0 LIMIT 100");
	g_autoptr(GArray) late = g_array_new(FALSE, FALSE, sizeof(TillUuid));
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, context->store_code);
	till_db_bind_int(query, 2, context->now_ms - WARN_AFTER_MS);
	while (till_db_step(query, &local)) {
		TillUuid txn;
		till_db_copy_blob(query, 0, txn.bytes, sizeof txn.bytes);
		g_array_append_val(late, txn);
	}
	for (guint i = 0; local == NULL && i < late->len; i++) {
		if (!warn(context, &g_array_index(late, TillUuid, i), error))
			return FALSE;
	}
	return give_error(error, g_steal_pointer(&local));
}
