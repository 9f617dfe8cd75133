/* SPDX-License-Identifier: Apache-2.0 */
#include "inbox.h"

#include <string.h>

#include "error.h"
#include "exceptions.h"
#include "inbox-step.h"
#include "json-arena.h"
#include "past-sales.h"
#include "reading.h"
#include "return-wait.h"
#include "server-log.h"

/* An entry is stored as two rows: the envelope (place in the chain of one incarnation) and the
 * transaction (what it was, what became of it). A transaction may have several envelopes: a clone's
 * rows come again in a new incarnation. All judging happens before the row is written, so the
 * outcome is stored with it. */

/* Entries that are facts of the till's day and change nothing in today's tables. */
static const char *const noted_types[] = {"sign-in", "sign-out", "no-sale",
					  "void",    "training", "override"};

static TillReturnsContext returns_context(TillInbox *inbox);

gboolean
till_inbox_open(TillInbox *inbox, TillCentral *central, const TillTerminal *terminal,
		gboolean careful, GError **error)
{
	char scope[TILL_CHANGES_SCOPE_MAX];

	memset(inbox, 0, sizeof *inbox);
	inbox->central = central;
	inbox->terminal = terminal;
	inbox->careful = careful;
	inbox->now_ms = till_central_now_ms(central);
	if (!till_changes_open(central->db, till_changes_scope(terminal->store_code, scope),
			       &inbox->changes, error) ||
	    !till_past_sales_limit(central->db, terminal->store_code, inbox->now_ms,
				   &inbox->past_limit_ms, error))
		return FALSE;
	inbox->books = till_books_new(central->db, &inbox->changes);
	inbox->offers =
	    till_offers_new(central, &inbox->changes, terminal->store_code, inbox->now_ms);
	return TRUE;
}

void
till_inbox_abandon(TillInbox *inbox)
{
	g_clear_pointer(&inbox->books, till_books_free);
	g_clear_pointer(&inbox->offers, till_offers_free);
}

gboolean
till_inbox_close(TillInbox *inbox, GError **error)
{
	TillReturnsContext context = returns_context(inbox);
	gboolean good = till_return_wait_warn(&context, error) &&
			till_past_sales_trim(&inbox->changes, inbox->past_limit_ms, error) &&
			till_books_finish(inbox->books, error) &&
			till_offers_finish(inbox->offers, error) &&
			till_changes_close(&inbox->changes, error);

	till_inbox_abandon(inbox);
	return good;
}

static TillWireResult *
new_result(gint64 seq, const char *outcome, const char *reason)
{
	TillWireResult *result = g_new0(TillWireResult, 1);

	result->seq = seq;
	result->outcome = g_strdup(outcome);
	result->reason = g_strdup(reason);
	result->exceptions = g_ptr_array_new_with_free_func(g_free);
	return result;
}

static void
set_outcome(TillWireResult *result, const char *outcome, const char *reason)
{
	g_free(result->outcome);
	g_free(result->reason);
	result->outcome = g_strdup(outcome);
	result->reason = g_strdup(reason);
}

/* A held entry always has exactly one exception, named by its transaction. */
static gboolean
raise_held(TillInbox *inbox, const TillUuid *txn, const char *reason, GError **error)
{
	static const struct {
		const char *reason;
		const char *code;
		const char *words;
	} texts[] = {
	    {"NEEDS_UPGRADE", "NEEDS_UPGRADE",
	     "The central is older than a till and keeps an entry unread. Update "
	     "tillhouse-central."},
	    {"UNREADABLE", "UNREADABLE",
	     "An entry of a till cannot be read; its bytes are kept. Ask support to look at it."},
	    {"BODY_PENDING", "BODY_PENDING",
	     "The content of an entry has not arrived yet; the till keeps offering it."},
	    {"ID_CONFLICT", "ID_CONFLICT",
	     "Two different entries carry one transaction id. Ask support to look at it."},
	    {"BAD_SIGNATURE", "FORGED",
	     "An entry is not signed by the till that sent it. Ask support to look at it."},
	    {TILL_RETURNS_WAITS, TILL_RETURNS_WAITS,
	     "A return waits for its sale, which another till has not sent yet. It is entered when "
	     "that till is online."},
	};
	char text[TILL_UUID_TEXT];
	TillException exception = {.severity = TILL_EXCEPTION_CRITICAL,
				   .subject = till_uuid_format(txn, text),
				   .txn = text,
				   .raised_ms = inbox->now_ms};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		if (strcmp(texts[i].reason, reason) == 0) {
			exception.code = texts[i].code;
			if (strcmp(reason, TILL_RETURNS_WAITS) == 0)
				exception.severity = TILL_EXCEPTION_INFO;
			exception.words = texts[i].words;
			return till_exceptions_raise(&inbox->changes, &exception, error);
		}
	}
	g_assert_not_reached();
}

static gboolean
is_same_txn(gconstpointer a, gconstpointer b)
{
	return till_uuid_equal(a, b);
}

static gboolean
is_sale(const TillEntry *entry)
{
	return strcmp(entry->type, TILL_SALE_TYPE) == 0 && entry->version == TILL_SALE_VERSION;
}

/* With the entry's name in the mapped file, so that a crash in here is known after it. */
TillSale *
till_inbox_read(TillCentral *central, const TillEntry *entry)
{
	g_autoptr(GError) error = NULL;
	TillSale *sale;
	int slot;

	if (entry->body == NULL || !is_sale(entry) ||
	    g_ptr_array_find_with_equal_func(central->poison, &entry->txn, is_same_txn, NULL))
		return NULL;
	slot = till_reading_begin(central->reading, &entry->txn);
	till_json_arena_begin();
	sale = till_sale_from_bytes(entry->body, &error);
	till_json_arena_end();
	till_reading_end(central->reading, slot);
	if (sale == NULL)
		till_server_log("unreadable", "reason=\"%s\"", error->message);
	return sale;
}

/* FALSE with error: the database failed. FALSE without: the sale breaks a rule of the tables. */
static gboolean
enter_guarded(TillInbox *inbox, const TillSale *sale, const TillBooksContext *context,
	      TillBooksEffect *effect, GError **error)
{
	TillDb *db = inbox->central->db;
	g_autoptr(GError) local = NULL;
	gboolean entered;

	if (!inbox->careful)
		return till_books_sale(inbox->books, sale, context, effect, error);
	if (!till_db_savepoint(db, "entry", error))
		return FALSE;
	entered = till_books_sale(inbox->books, sale, context, effect, &local);
	if (!till_db_release(db, "entry", entered, error))
		return FALSE;
	if (!entered && g_error_matches(local, TILL_ERROR, TILL_ERROR_STATE))
		till_server_log("unreadable", "reason=\"%s\"", local->message);
	else if (!entered)
		g_propagate_error(error, g_steal_pointer(&local));
	return entered;
}

static gboolean
tell_oversold(TillInbox *inbox, const TillEntry *entry, const GPtrArray *skus,
	      TillWireResult *result, GError **error)
{
	char txn[TILL_UUID_TEXT];

	till_uuid_format(&entry->txn, txn);
	for (guint i = 0; i < skus->len; i++) {
		if (!till_exceptions_oversold(&inbox->changes, g_ptr_array_index(skus, i), txn,
					      inbox->now_ms, error))
			return FALSE;
	}
	if (skus->len > 0)
		g_ptr_array_add(result->exceptions, g_strdup("STOCK_OVERSOLD"));
	return TRUE;
}

/* The store's tills can take it back without the network. */
static gboolean
tell_past(TillInbox *inbox, const TillEntry *entry, const TillSale *sale, GError **error)
{
	g_autoptr(TillSold) sold = NULL;

	if (sale->closed_ms < inbox->past_limit_ms)
		return TRUE;
	sold = till_sold_from_sale(sale, &entry->txn);
	return till_past_sales_put(&inbox->changes, sold, inbox->past_limit_ms, error);
}

/* FALSE only when the database failed. */
static gboolean
enter_sale(TillInbox *inbox, const TillEntry *entry, const TillSale *sale, TillWireResult *result,
	   GError **error)
{
	g_autoptr(GPtrArray) oversold = g_ptr_array_new_with_free_func(g_free);
	TillBooksEffect effect = {.oversold = oversold};
	TillBooksContext context = {.txn = entry->txn,
				    .terminal = inbox->terminal->number,
				    .store_code = inbox->terminal->store_code,
				    .business_date = entry->business_date};
	g_autoptr(GError) local = NULL;

	if (!enter_guarded(inbox, sale, &context, &effect, &local)) {
		if (local != NULL) {
			g_propagate_error(error, g_steal_pointer(&local));
			return FALSE;
		}
		set_outcome(result, "held", "UNREADABLE");
		return TRUE;
	}
	result->feed_seq = effect.feed_seq;
	if (!tell_oversold(inbox, entry, oversold, result, error) ||
	    !till_offers_sale(inbox->offers, entry, sale, result->exceptions, error) ||
	    !tell_past(inbox, entry, sale, error) ||
	    !till_inbox_step_sold(inbox, entry, sale, result, error))
		return FALSE;
	if (result->exceptions->len > 0)
		set_outcome(result, "applied_exceptions", "");
	return TRUE;
}

static TillReturnsContext
returns_context(TillInbox *inbox)
{
	return (TillReturnsContext){.central = inbox->central,
				    .changes = &inbox->changes,
				    .books = inbox->books,
				    .store_code = inbox->terminal->store_code,
				    .terminal = inbox->terminal->number,
				    .now_ms = inbox->now_ms,
				    .careful = inbox->careful};
}

static gboolean
is_noted(const TillEntry *entry)
{
	for (gsize i = 0; i < G_N_ELEMENTS(noted_types); i++) {
		if (strcmp(noted_types[i], entry->type) == 0 && entry->version == 1)
			return TRUE;
	}
	return FALSE;
}

/* Decides what becomes of an entry and does it. FALSE only when the database failed. */
static gboolean
judge_entry(TillInbox *inbox, const TillEntry *entry, TillInboxSeal seal, const TillSale *sale,
	    TillWireResult *result, GError **error)
{
	if (seal == TILL_INBOX_FORGED) {
		set_outcome(result, "held", "BAD_SIGNATURE");
	} else if (entry->body == NULL) {
		set_outcome(result, "held", "BODY_PENDING");
	} else if (seal == TILL_INBOX_DAMAGED) {
		set_outcome(result, "held", "UNREADABLE");
	} else if (is_sale(entry)) {
		if (sale == NULL)
			set_outcome(result, "held", "UNREADABLE");
		else if (!enter_sale(inbox, entry, sale, result, error))
			return FALSE;
	} else if (till_returns_is(entry)) {
		TillReturnsContext context = returns_context(inbox);
		if (!till_returns_enter(&context, entry, result, error))
			return FALSE;
	} else if (till_inbox_step_is(entry)) {
		if (!till_inbox_step_enter(inbox, entry, result, error))
			return FALSE;
	} else if (!is_noted(entry)) {
		set_outcome(result, "held", "NEEDS_UPGRADE");
	}
	if (strcmp(result->outcome, "held") != 0 || till_inbox_step_tells(result->reason))
		return TRUE;
	return raise_held(inbox, &entry->txn, result->reason, error);
}

static gboolean
write_envelope(TillInbox *inbox, const TillEntry *entry, GBytes *conflict_body, GError **error)
{
	TillDbQuery *query = till_db_query(
	    inbox->central->db,
	    "INSERT INTO envelope (terminal, incarnation, seq, txn, body_hash, chain, signature, "
	    "conflict_body, orig_incarnation, orig_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
	    "?9, ?10)");

	till_db_bind_int(query, 1, inbox->terminal->number);
	till_db_bind_int(query, 2, (gint64)entry->incarnation);
	till_db_bind_int(query, 3, entry->seq);
	till_db_bind_blob(query, 4, entry->txn.bytes, sizeof entry->txn.bytes);
	till_db_bind_blob(query, 5, entry->body_hash.bytes, sizeof entry->body_hash.bytes);
	till_db_bind_blob(query, 6, entry->chain.bytes, sizeof entry->chain.bytes);
	till_db_bind_blob(query, 7, entry->signature.bytes, sizeof entry->signature.bytes);
	if (conflict_body != NULL) {
		gsize size;
		const void *data = g_bytes_get_data(conflict_body, &size);
		till_db_bind_blob(query, 8, data, size);
	}
	till_db_bind_int(query, 9, (gint64)entry->orig_incarnation);
	till_db_bind_int(query, 10, entry->orig_seq);
	return till_db_run(query, error);
}

static void
bind_clock(TillDbQuery *query, const TillEntry *entry)
{
	till_db_bind_int(query, 7, entry->clock.wall_ms);
	till_db_bind_int(query, 8, entry->clock.mono_ms);
	till_db_bind_text(query, 9, entry->clock.boot);
	till_db_bind_int(query, 10, entry->clock.offset_ms);
	till_db_bind_int(query, 11, entry->clock.uncertainty_ms);
	till_db_bind_text(query, 12, entry->business_date);
	till_db_bind_int(query, 13, entry->shift);
	till_db_bind_text(query, 14, entry->cursor);
}

static char *
join_codes(const TillWireResult *result)
{
	GString *codes = g_string_new(NULL);

	for (guint i = 0; i < result->exceptions->len; i++)
		g_string_append_printf(codes, "%s%s", i > 0 ? "," : "",
				       (const char *)g_ptr_array_index(result->exceptions, i));
	return g_string_free(codes, FALSE);
}

static gboolean
write_entry(TillInbox *inbox, const TillEntry *entry, const TillWireResult *result, GError **error)
{
	TillDbQuery *query = till_db_query(
	    inbox->central->db,
	    "INSERT INTO entry (txn, terminal, type, version, body_hash, body, wall_ms, mono_ms, "
	    "boot, "
	    "offset_ms, uncertainty_ms, business_date, shift, cursor, arrived_ms, outcome, reason, "
	    "exceptions, feed_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
	    "?14, "
	    "?15, ?16, ?17, ?18, ?19)");
	g_autofree char *codes = join_codes(result);

	till_db_bind_blob(query, 1, entry->txn.bytes, sizeof entry->txn.bytes);
	till_db_bind_int(query, 2, inbox->terminal->number);
	till_db_bind_text(query, 3, entry->type);
	till_db_bind_int(query, 4, entry->version);
	till_db_bind_blob(query, 5, entry->body_hash.bytes, sizeof entry->body_hash.bytes);
	if (entry->body != NULL) {
		gsize size;
		const void *data = g_bytes_get_data(entry->body, &size);
		till_db_bind_blob(query, 6, data, size);
	}
	bind_clock(query, entry);
	till_db_bind_int(query, 15, inbox->now_ms);
	till_db_bind_text(query, 16, result->outcome);
	till_db_bind_text(query, 17, result->reason);
	till_db_bind_text(query, 18, codes);
	till_db_bind_int(query, 19, result->feed_seq);
	return till_db_run(query, error);
}

/* An applied entry comes back as a duplicate, a held one as held again: the till must go on showing
 * it. */
static TillWireResult *
read_result(TillDbQuery *query, gint64 seq)
{
	const char *outcome = till_db_text(query, 1);
	TillWireResult *result = new_result(
	    seq, strcmp(outcome, "held") == 0 ? "held" : "duplicate", till_db_text(query, 2));
	g_auto(GStrv) codes = g_strsplit(till_db_text(query, 3), ",", -1);

	for (char **code = codes; *code != NULL; code++) {
		if (**code != '\0')
			g_ptr_array_add(result->exceptions, g_strdup(*code));
	}
	result->feed_seq = till_db_int(query, 4);
	return result;
}

/* out_hash (nullable): of the body that is known. */
static TillWireResult *
find_before(TillInbox *inbox, const TillUuid *txn, gint64 seq, TillHash *out_hash, GError **error)
{
	TillDbQuery *query = till_db_query(
	    inbox->central->db, "SELECT body_hash, outcome, reason, exceptions, feed_seq "
				"FROM entry WHERE txn = ?1");
	TillWireResult *result = NULL;

	till_db_bind_blob(query, 1, txn->bytes, sizeof txn->bytes);
	if (till_db_step(query, error)) {
		if (out_hash != NULL)
			till_db_copy_blob(query, 0, out_hash->bytes, sizeof out_hash->bytes);
		result = read_result(query, seq);
		till_db_reset(query);
	}
	return result;
}

TillWireResult *
till_inbox_repeat(TillInbox *inbox, const TillUuid *txn, gint64 seq, GError **error)
{
	return find_before(inbox, txn, seq, NULL, error);
}

static gboolean
write_parked(TillInbox *inbox, const TillEntry *entry, GError **error)
{
	TillDbQuery *query = till_db_query(
	    inbox->central->db, "INSERT INTO parked (terminal, body_hash, txn, incarnation, seq) "
				"VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");

	till_db_bind_int(query, 1, inbox->terminal->number);
	till_db_bind_blob(query, 2, entry->body_hash.bytes, sizeof entry->body_hash.bytes);
	till_db_bind_blob(query, 3, entry->txn.bytes, sizeof entry->txn.bytes);
	till_db_bind_int(query, 4, (gint64)entry->incarnation);
	till_db_bind_int(query, 5, entry->seq);
	return till_db_run(query, error);
}

/* A transaction that is here already comes in another envelope. */
static gboolean
take_again(TillInbox *inbox, const TillEntry *entry, const TillHash *known, TillWireResult *result,
	   GError **error)
{
	if (till_crypto_hash_equal(known, &entry->body_hash))
		return write_envelope(inbox, entry, NULL, error);
	set_outcome(result, "held", "ID_CONFLICT");
	return write_envelope(inbox, entry, entry->body, error) &&
	       raise_held(inbox, &entry->txn, "ID_CONFLICT", error);
}

TillWireResult *
till_inbox_take(TillInbox *inbox, const TillEntry *entry, TillInboxSeal seal, const TillSale *sale,
		GError **error)
{
	g_autoptr(GError) local = NULL;
	TillHash known;
	TillWireResult *result = find_before(inbox, &entry->txn, entry->seq, &known, &local);
	TillReturnsContext context = returns_context(inbox);
	gboolean good = local == NULL;

	if (good && result != NULL) {
		good = take_again(inbox, entry, &known, result, &local);
	} else if (good) {
		result = new_result(entry->seq, "applied", "");
		good = judge_entry(inbox, entry, seal, sale, result, &local) &&
		       write_entry(inbox, entry, result, &local) &&
		       write_envelope(inbox, entry, NULL, &local) &&
		       (entry->body != NULL || write_parked(inbox, entry, &local)) &&
		       till_return_wait_release_for(&context, entry, sale, result, &local);
	}
	if (!good) {
		till_messages_free_result(result);
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	return result;
}

static gboolean
update_entry(TillInbox *inbox, const TillEntry *entry, const TillWireResult *result, GError **error)
{
	TillDbQuery *query = till_db_query(inbox->central->db,
					   "UPDATE entry SET body = ?2, outcome = ?3, reason = ?4, "
					   "exceptions = ?5, feed_seq = ?6 WHERE txn = ?1");
	g_autofree char *codes = join_codes(result);
	gsize size;
	const void *data = g_bytes_get_data(entry->body, &size);

	till_db_bind_blob(query, 1, entry->txn.bytes, sizeof entry->txn.bytes);
	till_db_bind_blob(query, 2, data, size);
	till_db_bind_text(query, 3, result->outcome);
	till_db_bind_text(query, 4, result->reason);
	till_db_bind_text(query, 5, codes);
	till_db_bind_int(query, 6, result->feed_seq);
	return till_db_run(query, error);
}

/* The header that came for a body, with what judging needs of it. NULL without error when none did.
 */
static TillEntry *
find_header(TillInbox *inbox, const TillHash *hash, gboolean *out_forged, GError **error)
{
	TillDbQuery *query = till_db_query(
	    inbox->central->db,
	    "SELECT e.txn, e.type, e.version, e.business_date, e.reason, p.seq, p.incarnation, "
	    "e.body IS NULL, e.offset_ms, e.uncertainty_ms FROM parked p JOIN entry e ON e.txn = "
	    "p.txn "
	    "WHERE p.terminal = ?1 AND p.body_hash = ?2");
	TillEntry *entry = NULL;

	till_db_bind_int(query, 1, inbox->terminal->number);
	till_db_bind_blob(query, 2, hash->bytes, sizeof hash->bytes);
	if (till_db_step(query, error)) {
		entry = till_entry_new();
		till_db_copy_blob(query, 0, entry->txn.bytes, sizeof entry->txn.bytes);
		g_strlcpy(entry->type, till_db_text(query, 1), sizeof entry->type);
		entry->version = (int)till_db_int(query, 2);
		g_strlcpy(entry->business_date, till_db_text(query, 3),
			  sizeof entry->business_date);
		*out_forged = strcmp(till_db_text(query, 4), "BAD_SIGNATURE") == 0;
		entry->seq = till_db_int(query, 5);
		entry->incarnation = (guint64)till_db_int(query, 6);
		entry->body_hash = *hash;
		entry->clock.offset_ms = till_db_int(query, 8);
		entry->clock.uncertainty_ms = till_db_int(query, 9);
		/* A body that is here already: an empty one tells the caller so. */
		if (till_db_int(query, 7) == 0)
			entry->body = g_bytes_new_static("", 0);
		till_db_reset(query);
	}
	return entry;
}

/* Sales were priced again up to some number; this one was passed over while its body was missing.
 */
static gboolean
note_late(TillInbox *inbox, const TillEntry *entry, GError **error)
{
	TillDbQuery *query = till_db_query(
	    inbox->central->db, "INSERT INTO reprice_late SELECT number FROM entry WHERE txn = ?1 "
				"AND number <= (SELECT mark FROM reprice) ON CONFLICT DO NOTHING");

	till_db_bind_blob(query, 1, entry->txn.bytes, sizeof entry->txn.bytes);
	return till_db_run(query, error);
}

static TillWireResult *
judge_body(TillInbox *inbox, TillEntry *entry, GBytes *body, gboolean forged, GError **error)
{
	TillWireResult *result = new_result(entry->seq, "applied", "");
	TillReturnsContext context = returns_context(inbox);
	g_autoptr(TillSale) sale = NULL;
	char txn[TILL_UUID_TEXT];

	entry->body = g_bytes_ref(body);
	sale = till_inbox_read(inbox->central, entry);
	if (judge_entry(inbox, entry, forged ? TILL_INBOX_FORGED : TILL_INBOX_GOOD, sale, result,
			error) &&
	    update_entry(inbox, entry, result, error) && note_late(inbox, entry, error) &&
	    till_exceptions_settle(&inbox->changes, "BODY_PENDING",
				   till_uuid_format(&entry->txn, txn), error) &&
	    till_return_wait_release_for(&context, entry, sale, result, error))
		return result;
	till_messages_free_result(result);
	return NULL;
}

TillWireResult *
till_inbox_take_body(TillInbox *inbox, const TillHash *hash, GBytes *body, TillEntry **out_header,
		     GError **error)
{
	g_autoptr(GError) local = NULL;
	gboolean forged = FALSE;
	g_autoptr(TillEntry) entry = find_header(inbox, hash, &forged, &local);
	TillWireResult *result = NULL;

	if (local == NULL && entry == NULL)
		g_set_error(&local, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "No entry of this till waits for these bytes. Push its header first.");
	else if (local == NULL && entry->body != NULL)
		result = till_inbox_repeat(inbox, &entry->txn, entry->seq, &local);
	else if (local == NULL)
		result = judge_body(inbox, entry, body, forged, &local);
	if (result == NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	*out_header = g_steal_pointer(&entry);
	return result;
}
