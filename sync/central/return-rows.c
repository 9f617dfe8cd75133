/* SPDX-License-Identifier: Apache-2.0 */
#include "return-rows.h"

#include <string.h>

#include "json.h"

static const TillReturnPart *
part_of(const TillReturn *done, guint index)
{
	return g_ptr_array_index(done->parts, index);
}

static gboolean
is_kept(const TillReturnsContext *context, const char *sku, gboolean *out, GError **error)
{
	TillBooksStock stock;

	if (!till_books_stock(context->books, sku, &stock, error))
		return FALSE;
	*out = stock.kept;
	return TRUE;
}

static gboolean
write_heading(const TillReturnsContext *context, const TillEntry *entry, const TillReturn *done,
	      const TillUuid *source, gboolean is_over, GError **error)
{
	TillDbQuery *query = till_db_query(
	    context->central->db,
	    "INSERT INTO return_book (txn, terminal, store_code, receipt, source_kind, source, "
	    "staff_id, approved_by, customer, policy_version, business_date, closed_ms, currency, "
	    "fee_minor, value_minor, is_over) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
	    "?11, ?12, ?13, ?14, ?15, ?16)");

	till_db_bind_blob(query, 1, entry->txn.bytes, sizeof entry->txn.bytes);
	till_db_bind_int(query, 2, context->terminal);
	till_db_bind_text(query, 3, context->store_code);
	till_db_bind_text(query, 4, done->receipt);
	till_db_bind_text(query, 5, till_sold_kind_name(done->source));
	till_db_bind_blob(query, 6, source->bytes, sizeof source->bytes);
	till_db_bind_text(query, 7, done->staff_id);
	till_db_bind_text(query, 8, done->approved_by);
	till_db_bind_text(query, 9, done->customer_id);
	till_db_bind_int(query, 10, done->policy_version);
	till_db_bind_text(query, 11, entry->business_date);
	till_db_bind_int(query, 12, done->closed_ms);
	till_db_bind_text(query, 13, done->given->currency->code);
	till_db_bind_int(query, 14, done->fee_minor);
	till_db_bind_int(query, 15, done->value_minor);
	till_db_bind_int(query, 16, is_over);
	return till_db_run(query, error);
}

static gboolean
write_line(const TillReturnsContext *context, const TillEntry *entry, const TillReturn *done,
	   guint index, GError **error)
{
	const TillPricedLine *line = g_ptr_array_index(done->given->lines, index);
	const TillReturnPart *part = part_of(done, index);
	gboolean shelf = part->disposition == TILL_RETURN_TO_SHELF;
	gboolean kept;
	TillDbQuery *query;

	if (!is_kept(context, line->item->sku, &kept, error))
		return FALSE;
	query = till_db_query(
	    context->central->db,
	    "INSERT INTO return_line (txn, line, source_line, sku, quantity_milli, moved_milli, "
	    "aside_milli, disposition, condition, reason, row, fee_minor, tax_minor, total_minor) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
	till_db_bind_blob(query, 1, entry->txn.bytes, sizeof entry->txn.bytes);
	till_db_bind_int(query, 2, part->line);
	till_db_bind_int(query, 3, part->of);
	till_db_bind_text(query, 4, line->item->sku);
	till_db_bind_int(query, 5, line->quantity_milli);
	till_db_bind_int(query, 6, shelf && kept ? line->quantity_milli : 0);
	till_db_bind_int(query, 7, shelf ? 0 : line->quantity_milli);
	till_db_bind_text(query, 8, till_return_disposition_names[part->disposition]);
	till_db_bind_text(query, 9, till_return_condition_names[part->condition]);
	till_db_bind_text(query, 10, part->reason);
	till_db_bind_text(query, 11, part->row);
	till_db_bind_int(query, 12, part->fee_minor);
	till_db_bind_int(query, 13, line->tax_minor);
	till_db_bind_int(query, 14, line->total_minor);
	return till_db_run(query, error);
}

static gboolean
write_taken(const TillReturnsContext *context, const TillEntry *entry, const TillReturn *done,
	    GError **error)
{
	for (guint i = 0; done->taken != NULL && i < done->taken->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(done->taken->lines, i);
		gboolean kept;
		TillDbQuery *query;
		if (!is_kept(context, line->item->sku, &kept, error))
			return FALSE;
		query = till_db_query(
		    context->central->db,
		    "INSERT INTO return_taken (txn, line, sku, quantity_milli, moved_milli, "
		    "tax_minor, total_minor) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
		till_db_bind_blob(query, 1, entry->txn.bytes, sizeof entry->txn.bytes);
		till_db_bind_int(query, 2, line->line_id);
		till_db_bind_text(query, 3, line->item->sku);
		till_db_bind_int(query, 4, line->quantity_milli);
		till_db_bind_int(query, 5, kept ? line->quantity_milli : 0);
		till_db_bind_int(query, 6, line->tax_minor);
		till_db_bind_int(query, 7, line->total_minor);
		if (!till_db_run(query, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
write_refund(const TillReturnsContext *context, const TillEntry *entry, const TillUuid *source,
	     const TillReturnRefund *refund, guint ordinal, gboolean carried, GError **error)
{
	TillDbQuery *query = till_db_query(
	    context->central->db,
	    "INSERT INTO return_refund (txn, ordinal, source, payment, kind, reference, "
	    "is_carried, as_kind, is_intent, value_minor, amount_minor, code) VALUES (?1, ?2, ?3, "
	    "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");

	till_db_bind_blob(query, 1, entry->txn.bytes, sizeof entry->txn.bytes);
	till_db_bind_int(query, 2, ordinal);
	till_db_bind_blob(query, 3, source->bytes, sizeof source->bytes);
	till_db_bind_int(query, 4, refund->payment);
	till_db_bind_text(query, 5, refund->kind);
	till_db_bind_text(query, 6, refund->reference);
	till_db_bind_int(query, 7, carried);
	till_db_bind_text(query, 8, refund->as);
	till_db_bind_int(query, 9, refund->intent);
	till_db_bind_int(query, 10, refund->value_minor);
	till_db_bind_int(query, 11, refund->amount_minor);
	till_db_bind_text(query, 12, refund->code);
	return till_db_run(query, error);
}

gboolean
till_return_rows_write(const TillReturnsContext *context, const TillEntry *entry,
		       const TillReturn *done, const TillUuid *source, gboolean is_over,
		       GError **error)
{
	guint ordinal = 0;

	if (!write_heading(context, entry, done, source, is_over, error))
		return FALSE;
	for (guint i = 0; i < done->given->lines->len; i++) {
		if (!write_line(context, entry, done, i, error))
			return FALSE;
	}
	for (guint i = 0; i < done->refunds->len; i++) {
		if (!write_refund(context, entry, source, g_ptr_array_index(done->refunds, i),
				  ordinal++, FALSE, error))
			return FALSE;
	}
	for (guint i = 0; i < done->carried->len; i++) {
		if (!write_refund(context, entry, source, g_ptr_array_index(done->carried, i),
				  ordinal++, TRUE, error))
			return FALSE;
	}
	return write_taken(context, entry, done, error);
}

/* --- credit --- */

static gboolean
sum_credit(TillDb *db, const char *code, gint64 *out_issued, gint64 *out_balance, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0), "
		"coalesce(sum(amount_minor), 0) FROM credit_row WHERE code = ?1");

	till_db_bind_text(query, 1, code);
	if (!till_db_step(query, error))
		return FALSE;
	*out_issued = till_db_int(query, 0);
	*out_balance = till_db_int(query, 1);
	till_db_reset(query);
	return TRUE;
}

static gboolean
issue(const TillReturnsContext *context, TillChanges *chain, const TillEntry *entry,
      const TillReturn *done, guint ordinal, GError **error)
{
	const TillReturnRefund *refund = g_ptr_array_index(done->refunds, ordinal);
	TillDbQuery *query = till_db_query(context->central->db,
					   "INSERT INTO credit_row (code, txn, ordinal, at_ms, "
					   "amount_minor) VALUES (?1, ?2, ?3, ?4, ?5)");
	g_autoptr(json_t) row = json_object();
	gint64 issued, balance;

	till_db_bind_text(query, 1, refund->code);
	till_db_bind_blob(query, 2, entry->txn.bytes, sizeof entry->txn.bytes);
	till_db_bind_int(query, 3, ordinal);
	till_db_bind_int(query, 4, done->closed_ms);
	till_db_bind_int(query, 5, refund->amount_minor);
	if (!till_db_run(query, error) ||
	    !sum_credit(context->central->db, refund->code, &issued, &balance, error))
		return FALSE;
	till_json_put_text(row, "code", refund->code);
	till_json_put_int(row, "amount_minor", issued);
	till_json_put_int(row, "balance_minor", balance);
	till_json_put_text(row, "currency", done->given->currency->code);
	till_json_put_int(row, "issued_ms", done->closed_ms);
	return till_changes_put(chain, till_collection_find("credit"), row, error);
}

static gboolean
is_credit(const TillReturnRefund *refund)
{
	return strcmp(refund->as, "credit") == 0 && *refund->code != '\0';
}

gboolean
till_return_rows_credit(const TillReturnsContext *context, const TillEntry *entry,
			const TillReturn *done, GError **error)
{
	TillChanges chain;
	gboolean open = FALSE;

	for (guint i = 0; i < done->refunds->len; i++) {
		if (!is_credit(g_ptr_array_index(done->refunds, i)))
			continue;
		if (!open &&
		    !till_changes_open(context->central->db, TILL_CHANGES_CHAIN, &chain, error))
			return FALSE;
		open = TRUE;
		if (!issue(context, &chain, entry, done, i, error))
			return FALSE;
	}
	return !open || till_changes_close(&chain, error);
}

/* --- aside --- */

static gboolean
add_aside(TillChanges *changes, const char *sku, const char *disposition, gint64 milli,
	  GError **error)
{
	TillDbQuery *query =
	    till_db_query(changes->db, "SELECT milli FROM stock_aside WHERE scope = ?1 AND "
				       "sku = ?2 AND disposition = ?3");
	g_autoptr(json_t) row = json_object();
	gint64 there;

	till_db_bind_text(query, 1, changes->scope);
	till_db_bind_text(query, 2, sku);
	till_db_bind_text(query, 3, disposition);
	if (!till_db_fetch_int(query, 0, &there, error))
		return FALSE;
	till_json_put_text(row, "sku", sku);
	till_json_put_text(row, "disposition", disposition);
	till_json_put_int(row, "milli", there + milli);
	return till_changes_put(changes, till_collection_find("stock_aside"), row, error);
}

gboolean
till_return_rows_aside(const TillReturnsContext *context, const TillReturn *done, GError **error)
{
	for (guint i = 0; i < done->given->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(done->given->lines, i);
		TillReturnDisposition disposition = part_of(done, i)->disposition;
		if (disposition != TILL_RETURN_TO_SHELF && line->quantity_milli > 0 &&
		    !add_aside(context->changes, line->item->sku,
			       till_return_disposition_names[disposition], line->quantity_milli,
			       error))
			return FALSE;
	}
	return TRUE;
}
