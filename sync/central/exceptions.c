/* SPDX-License-Identifier: Apache-2.0 */
#include "exceptions.h"

#include <string.h>

#include "crypto.h"
#include "json.h"
#include "outbox-events.h"
#include "text.h"

/* Half a day is how long a store can leave most things lying. */
#define DEADLINE_MS G_GINT64_CONSTANT(43200000)
#define WORDS_MAX 160

static const char *const severities[] = {
    [TILL_EXCEPTION_INFO] = "info",
    [TILL_EXCEPTION_WARNING] = "warning",
    [TILL_EXCEPTION_CRITICAL] = "critical",
};

/* The collection's ids are bounded, a subject (a SKU) may be longer than the room that is left. */
static char *
make_id(const char *code, const char *subject)
{
	char hex[TILL_HASH_TEXT];
	TillHash hash;

	if (strlen(code) + strlen(subject) + 1 <= 64)
		return g_strdup_printf("%s-%s", code, subject);
	till_crypto_hash(subject, strlen(subject), &hash);
	till_crypto_hash_format(&hash, hex);
	return g_strdup_printf("%.31s-%.32s", code, hex);
}

static json_t *
make_row(const TillException *exception)
{
	g_autofree char *id = make_id(exception->code, exception->subject);
	g_autofree char *words = till_text_clean(exception->words, WORDS_MAX);
	json_t *row = json_object();

	json_object_set_new(row, "id", json_string(id));
	json_object_set_new(row, "code", json_string(exception->code));
	json_object_set_new(row, "severity", json_string(severities[exception->severity]));
	json_object_set_new(row, "words", json_string(words));
	json_object_set_new(row, "txn", json_string(exception->txn));
	json_object_set_new(row, "raised_ms", json_integer(exception->raised_ms));
	json_object_set_new(row, "deadline_ms", json_integer(exception->raised_ms + DEADLINE_MS));
	json_object_set_new(row, "resolved", json_false());
	return row;
}

/* The row, and whose it is. */
static gboolean
tell_outbox(const TillChanges *changes, const TillException *exception, json_t *row, GError **error)
{
	const char *colon = strchr(changes->scope, ':');
	const char *store = colon != NULL ? colon + 1 : changes->scope;
	g_autofree char *subject =
	    g_strdup_printf("%s/%s", store, json_string_value(json_object_get(row, "id")));

	till_json_put_text(row, "store", store);
	return till_outbox_events_add(changes->db, "exception.raised", subject, row,
				      exception->raised_ms, error);
}

gboolean
till_exceptions_raise(TillChanges *changes, const TillException *exception, GError **error)
{
	const TillCollection *collection = till_collection_find("exception");
	g_autoptr(json_t) row = make_row(exception);
	gint64 head = changes->head;

	return till_changes_put(changes, collection, row, error) &&
	       (changes->head == head || tell_outbox(changes, exception, row, error));
}

gboolean
till_exceptions_raise_for(TillDb *db, const char *store_code, const TillException *exception,
			  GError **error)
{
	char scope[TILL_CHANGES_SCOPE_MAX];
	TillChanges changes;

	return till_changes_open(db, till_changes_scope(store_code, scope), &changes, error) &&
	       till_exceptions_raise(&changes, exception, error) &&
	       till_changes_close(&changes, error);
}

gboolean
till_exceptions_oversold(TillChanges *changes, const char *sku, const char *txn, gint64 raised_ms,
			 GError **error)
{
	g_autofree char *words = g_strdup_printf(
	    "%s was sold below zero. Recount it, transfer some, or tell the customer.", sku);
	TillException exception = {.code = "STOCK_OVERSOLD",
				   .subject = sku,
				   .severity = TILL_EXCEPTION_WARNING,
				   .words = words,
				   .txn = txn,
				   .raised_ms = raised_ms};

	return till_exceptions_raise(changes, &exception, error);
}

gboolean
till_exceptions_settle(TillChanges *changes, const char *code, const char *subject, GError **error)
{
	const TillCollection *collection = till_collection_find("exception");
	g_autofree char *id = make_id(code, subject);
	TillDbQuery *query = till_db_query(
	    changes->db, "SELECT id, code, severity, words, txn, raised_ms, deadline_ms, "
			 "resolved FROM exception WHERE scope = ?1 AND id = ?2");
	g_autoptr(GError) local = NULL;
	g_autoptr(json_t) row = NULL;

	till_db_bind_text(query, 1, changes->scope);
	till_db_bind_text(query, 2, id);
	if (till_db_step(query, &local)) {
		row = till_changes_row(query, 0, collection);
		till_db_reset(query);
	}
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (row == NULL)
		return TRUE;
	json_object_set_new(row, "resolved", json_true());
	return till_changes_put(changes, collection, row, error);
}
