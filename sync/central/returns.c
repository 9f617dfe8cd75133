/* SPDX-License-Identifier: Apache-2.0 */
#include "returns.h"

#include <string.h>

#include "error.h"
#include "exceptions.h"
#include "json-arena.h"
#include "money.h"
#include "order-record.h"
#include "past-sales.h"
#include "reading.h"
#include "return-rows.h"
#include "return-wait.h"
#include "server-log.h"
#include "sold-book.h"

static gboolean
give_error(GError **error, GError *local)
{
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, local);
	return FALSE;
}

static gboolean
is_same_txn(gconstpointer a, gconstpointer b)
{
	return till_uuid_equal(a, b);
}

static gboolean
is_zero(const TillUuid *id)
{
	static const TillUuid zero;

	return till_uuid_equal(id, &zero);
}

TillReturn *
till_returns_read(TillCentral *central, const TillEntry *entry)
{
	g_autoptr(GError) error = NULL;
	TillReturn *done;
	int slot;

	if (entry->body == NULL ||
	    g_ptr_array_find_with_equal_func(central->poison, &entry->txn, is_same_txn, NULL))
		return NULL;
	slot = till_reading_begin(central->reading, &entry->txn);
	till_json_arena_begin();
	done = till_return_from_bytes(entry->body, &error);
	till_json_arena_end();
	till_reading_end(central->reading, slot);
	if (done == NULL)
		till_server_log("unreadable", "reason=\"%s\"", error->message);
	return done;
}

/* --- what it is about --- */

typedef struct {
	gboolean found;
	TillUuid txn;
	TillSold *sold;         /* owned; NULL: an order, or nothing is known of it */
	TillOrderRecord *order; /* owned; NULL: none */
} Source;

static void
clear_source(Source *source)
{
	g_clear_pointer(&source->sold, till_sold_free);
	g_clear_pointer(&source->order, till_order_record_free);
}

static gboolean
find_sale(TillDb *db, const TillReturn *done, Source *out, GError **error)
{
	g_autoptr(GError) local = NULL;

	if (!is_zero(&done->source_txn))
		out->sold = till_sold_book_find(db, &done->source_txn, &local);
	else if (*done->source_receipt != '\0')
		out->sold = till_sold_book_receipt(db, done->source_receipt, &local);
	out->found = out->sold != NULL;
	if (out->found)
		out->txn = out->sold->txn;
	return give_error(error, g_steal_pointer(&local));
}

static gboolean
find_order(TillDb *db, const TillReturn *done, Source *out, GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT record FROM order_book WHERE id = ?1 OR number = ?2");
	g_autoptr(GError) local = NULL;
	char id[TILL_UUID_TEXT];

	till_db_bind_text(query, 1, till_uuid_format(&done->source_txn, id));
	till_db_bind_text(query, 2, done->source_order);
	if (till_db_step(query, &local)) {
		const char *text = till_db_text(query, 0);
		out->order = till_order_record_parse(text, strlen(text), NULL);
		till_db_reset(query);
	}
	out->found = out->order != NULL;
	if (out->found)
		out->txn = out->order->id;
	return give_error(error, g_steal_pointer(&local));
}

static gboolean
find_source(TillDb *db, const TillReturn *done, Source *out, GError **error)
{
	switch (done->source) {
	case TILL_SOLD_SALE:
		return find_sale(db, done, out, error);
	case TILL_SOLD_ORDER:
		return find_order(db, done, out, error);
	case TILL_SOLD_NONE:
	case TILL_SOLD_KINDS:
	default:
		out->found = TRUE;
		return TRUE;
	}
}

/* More of an order's line than there is, with what came back before. */
static gboolean
is_order_over(TillDb *db, const TillReturn *done, const Source *source, gboolean *out,
	      GError **error)
{
	for (guint i = 0; i < done->parts->len; i++) {
		const TillReturnPart *part = g_ptr_array_index(done->parts, i);
		const TillPricedLine *given = g_ptr_array_index(done->given->lines, i);
		const TillOrderRecordLine *line = till_order_record_line(source->order, part->of);
		TillDbQuery *query = till_db_query(
		    db, "SELECT sum(l.quantity_milli) FROM return_book r JOIN return_line l ON "
			"l.txn = r.txn WHERE r.source = ?1 AND r.source_kind <> 'none' AND "
			"l.source_line = ?2");
		gint64 before;
		till_db_bind_blob(query, 1, source->txn.bytes, sizeof source->txn.bytes);
		till_db_bind_int(query, 2, part->of);
		if (!till_db_fetch_int(query, 0, &before, error))
			return FALSE;
		if (line == NULL ||
		    before + given->quantity_milli > line->quantity_milli - line->cancelled_milli)
			*out = TRUE;
	}
	return TRUE;
}

/* Notes the return on its source, and whether more came back than was left. */
static gboolean
judge(TillDb *db, const TillReturn *done, Source *source, gboolean *out_over, GError **error)
{
	*out_over = FALSE;
	if (source->order != NULL)
		return is_order_over(db, done, source, out_over, error);
	if (source->sold != NULL)
		*out_over = !till_return_note(done, source->sold);
	return TRUE;
}

/* --- other stores --- */

/* Another store's scope: one that is open already, or opened for this. */
typedef struct {
	TillChanges own;
	TillChanges *changes; /* borrowed, or &own */
} OtherScope;

static gboolean
open_scope(const TillReturnsContext *context, const char *store_code, OtherScope *out,
	   GError **error)
{
	char scope[TILL_CHANGES_SCOPE_MAX];

	for (const TillReturnsContext *at = context; at != NULL; at = at->outer) {
		if (strcmp(at->store_code, store_code) == 0) {
			out->changes = at->changes;
			return TRUE;
		}
	}
	out->changes = &out->own;
	return till_changes_open(context->central->db, till_changes_scope(store_code, scope),
				 &out->own, error);
}

static gboolean
close_scope(OtherScope *scope, GError **error)
{
	return scope->changes != &scope->own || till_changes_close(&scope->own, error);
}

static gboolean
has_store(TillDb *db, const char *code, gboolean *out, GError **error)
{
	TillDbQuery *query = till_db_query(db, "SELECT count(*) FROM store WHERE code = ?1");
	gint64 count;

	till_db_bind_text(query, 1, code);
	if (!till_db_fetch_int(query, 0, &count, error))
		return FALSE;
	*out = count > 0;
	return TRUE;
}

/* --- telling --- */

static gboolean
raise_over(const TillReturnsContext *context, const TillEntry *entry, const TillReturn *done,
	   const char *store_code, GError **error)
{
	g_autofree char *words = g_strdup_printf(
	    "%s gave back more of %s than was left. Compare both returns, count the goods, and ask "
	    "the customer.",
	    done->receipt, *done->source_receipt != '\0' ? done->source_receipt : "an order");
	char txn[TILL_UUID_TEXT];
	TillException exception = {.code = TILL_RETURNS_OVER,
				   .subject = till_uuid_format(&entry->txn, txn),
				   .severity = TILL_EXCEPTION_CRITICAL,
				   .words = words,
				   .txn = txn,
				   .raised_ms = context->now_ms};
	OtherScope scope;

	return open_scope(context, store_code, &scope, error) &&
	       till_exceptions_raise(scope.changes, &exception, error) &&
	       close_scope(&scope, error);
}

static gboolean
raise_intent(const TillReturnsContext *context, const TillEntry *entry, const TillReturn *done,
	     const TillReturnRefund *refund, GError **error)
{
	g_autofree char *amount = till_money_format(refund->amount_minor, done->given->currency);
	g_autofree char *words =
	    g_strdup_printf("Refund %s %s to the card of payment %s (return %s).", amount,
			    done->given->currency->code, refund->reference, done->receipt);
	char txn[TILL_UUID_TEXT];
	g_autofree char *subject =
	    g_strdup_printf("%s-%u", till_uuid_format(&entry->txn, txn), refund->payment);
	TillException exception = {.code = TILL_RETURNS_INTENT,
				   .subject = subject,
				   .severity = TILL_EXCEPTION_INFO,
				   .words = words,
				   .txn = txn,
				   .raised_ms = context->now_ms};

	return till_exceptions_raise(context->changes, &exception, error);
}

static gboolean
tell_intents(const TillReturnsContext *context, const TillEntry *entry, const TillReturn *done,
	     TillReturnsEffect *effect, GError **error)
{
	gboolean any = FALSE;

	for (guint i = 0; i < done->refunds->len; i++) {
		const TillReturnRefund *refund = g_ptr_array_index(done->refunds, i);
		if (!refund->intent)
			continue;
		any = TRUE;
		if (!raise_intent(context, entry, done, refund, error))
			return FALSE;
	}
	if (any)
		g_ptr_array_add(effect->codes, g_strdup(TILL_RETURNS_INTENT));
	return TRUE;
}

/* The store that sold it; "": it is the one that took it back, or none of ours. */
static gboolean
find_seller(const TillReturnsContext *context, const TillReturn *done, const Source *source,
	    const char **out, GError **error)
{
	const char *code = source->sold != NULL ? source->sold->store : done->source_store;
	gboolean there = FALSE;

	*out = "";
	if (*code == '\0' || strcmp(code, context->store_code) == 0)
		return TRUE;
	if (!has_store(context->central->db, code, &there, error))
		return FALSE;
	if (there)
		*out = code;
	return TRUE;
}

static gboolean
put_past(const TillReturnsContext *context, const char *store_code, const TillSold *sold,
	 GError **error)
{
	OtherScope scope;
	gint64 limit_ms;

	return till_past_sales_limit(context->central->db, store_code, context->now_ms, &limit_ms,
				     error) &&
	       open_scope(context, store_code, &scope, error) &&
	       till_past_sales_put(scope.changes, sold, limit_ms, error) &&
	       close_scope(&scope, error);
}

static gboolean
tell_stores(const TillReturnsContext *context, const TillEntry *entry, const TillReturn *done,
	    const Source *source, gboolean is_over, GError **error)
{
	g_autoptr(TillSold) taken = till_return_sold(done, &entry->txn);
	const char *seller;

	if (!find_seller(context, done, source, &seller, error))
		return FALSE;
	if (is_over && (!raise_over(context, entry, done, context->store_code, error) ||
			(*seller != '\0' && !raise_over(context, entry, done, seller, error))))
		return FALSE;
	if (source->sold != NULL &&
	    (!put_past(context, context->store_code, source->sold, error) ||
	     (*seller != '\0' && !put_past(context, seller, source->sold, error))))
		return FALSE;
	return taken == NULL || put_past(context, context->store_code, taken, error);
}

/* --- the books --- */

static void
move(const TillReturnsContext *context, const char *sku, gint64 milli, TillReturnsEffect *effect)
{
	gint64 seq = till_books_move(context->books, sku, milli, 0);

	effect->feed_seq = MAX(effect->feed_seq, seq);
}

static gboolean
take_out(const TillReturnsContext *context, const TillEntry *entry, const TillPricedLine *line,
	 TillReturnsEffect *effect, gboolean *inout_oversold, GError **error)
{
	TillBooksStock before, after;
	char txn[TILL_UUID_TEXT];

	if (!till_books_stock(context->books, line->item->sku, &before, error))
		return FALSE;
	move(context, line->item->sku, -line->quantity_milli, effect);
	if (!till_books_stock(context->books, line->item->sku, &after, error))
		return FALSE;
	if (before.on_hand_milli < 0 || after.on_hand_milli >= 0)
		return TRUE;
	*inout_oversold = TRUE;
	return till_exceptions_oversold(context->changes, line->item->sku,
					till_uuid_format(&entry->txn, txn), context->now_ms, error);
}

/* In memory, after all rows are written. */
static gboolean
move_stock(const TillReturnsContext *context, const TillEntry *entry, const TillReturn *done,
	   TillReturnsEffect *effect, GError **error)
{
	gboolean oversold = FALSE;

	for (guint i = 0; i < done->given->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(done->given->lines, i);
		const TillReturnPart *part = g_ptr_array_index(done->parts, i);
		if (part->disposition == TILL_RETURN_TO_SHELF)
			move(context, line->item->sku, line->quantity_milli, effect);
	}
	for (guint i = 0; done->taken != NULL && i < done->taken->lines->len; i++) {
		if (!take_out(context, entry, g_ptr_array_index(done->taken->lines, i), effect,
			      &oversold, error))
			return FALSE;
	}
	if (oversold)
		g_ptr_array_add(effect->codes, g_strdup("STOCK_OVERSOLD"));
	return TRUE;
}

/* FALSE with error: the database failed. FALSE without: it breaks a rule of the tables. */
static gboolean
write_guarded(const TillReturnsContext *context, const TillEntry *entry, const TillReturn *done,
	      const Source *source, gboolean is_over, GError **error)
{
	TillDb *db = context->central->db;
	g_autoptr(GError) local = NULL;
	gboolean written;

	if (!context->careful)
		return till_return_rows_write(context, entry, done, &source->txn, is_over, error);
	if (!till_db_savepoint(db, "return", error))
		return FALSE;
	written = till_return_rows_write(context, entry, done, &source->txn, is_over, &local);
	if (!till_db_release(db, "return", written, error))
		return FALSE;
	if (!written && g_error_matches(local, TILL_ERROR, TILL_ERROR_STATE))
		till_server_log("unreadable", "reason=\"%s\"", local->message);
	else if (!written)
		g_propagate_error(error, g_steal_pointer(&local));
	return written;
}

static gboolean
enter(const TillReturnsContext *context, const TillEntry *entry, const TillReturn *done,
      Source *source, TillReturnsEffect *effect, GError **error)
{
	g_autoptr(GError) local = NULL;
	gboolean is_over;

	if (!judge(context->central->db, done, source, &is_over, error))
		return FALSE;
	if (!write_guarded(context, entry, done, source, is_over, &local))
		return give_error(error, g_steal_pointer(&local));
	effect->outcome = TILL_RETURNS_APPLIED;
	if (is_over)
		g_ptr_array_add(effect->codes, g_strdup(TILL_RETURNS_OVER));
	return move_stock(context, entry, done, effect, error) &&
	       till_return_rows_aside(context, done, error) &&
	       till_return_rows_credit(context, entry, done, error) &&
	       tell_intents(context, entry, done, effect, error) &&
	       tell_stores(context, entry, done, source, is_over, error);
}

gboolean
till_returns_take(const TillReturnsContext *context, const TillEntry *entry, const TillReturn *done,
		  TillReturnsEffect *effect, GError **error)
{
	Source source = {.found = FALSE};
	gboolean good = find_source(context->central->db, done, &source, error);

	effect->outcome = TILL_RETURNS_UNREADABLE;
	if (good && source.found)
		good = enter(context, entry, done, &source, effect, error);
	else if (good) {
		effect->outcome = TILL_RETURNS_WAIT;
		good = till_return_wait_note(context, entry, done, error);
	}
	clear_source(&source);
	return good;
}

gboolean
till_returns_is(const TillEntry *entry)
{
	return strcmp(entry->type, TILL_RETURN_TYPE) == 0 && entry->version == TILL_RETURN_VERSION;
}

static void
set_outcome(TillWireResult *result, const char *outcome, const char *reason)
{
	g_free(result->outcome);
	g_free(result->reason);
	result->outcome = g_strdup(outcome);
	result->reason = g_strdup(reason);
}

gboolean
till_returns_enter(const TillReturnsContext *context, const TillEntry *entry,
		   TillWireResult *result, GError **error)
{
	g_autoptr(TillReturn) done = till_returns_read(context->central, entry);
	TillReturnsEffect effect = {.outcome = TILL_RETURNS_UNREADABLE,
				    .codes = result->exceptions};

	if (done != NULL && !till_returns_take(context, entry, done, &effect, error))
		return FALSE;
	result->feed_seq = effect.feed_seq;
	if (effect.outcome == TILL_RETURNS_UNREADABLE)
		set_outcome(result, "held", "UNREADABLE");
	else if (effect.outcome == TILL_RETURNS_WAIT)
		set_outcome(result, "held", TILL_RETURNS_WAITS);
	else if (result->exceptions->len > 0)
		set_outcome(result, "applied_exceptions", "");
	return TRUE;
}
