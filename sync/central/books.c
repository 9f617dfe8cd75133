/* SPDX-License-Identifier: Apache-2.0 */
#include "books.h"

#include "json.h"

/* Bounds the memory of one batch: 100 sales of 500 lines at worst. */
typedef struct {
	char *sku;
	gboolean kept;
	gint64 on_hand_milli;
	gint64 reserved_milli;
	gint64 feed_seq; /* 0: not moved in this batch */
} Stock;

struct TillBooks {
	TillDb *db;           /* borrowed */
	TillChanges *changes; /* borrowed */
	GHashTable *stock;    /* SKU → Stock */
	GPtrArray *moved;     /* of Stock, borrowed, in order of feed number */
};

static void
free_stock(gpointer data)
{
	Stock *stock = data;

	g_free(stock->sku);
	g_free(stock);
}

TillBooks *
till_books_new(TillDb *db, TillChanges *changes)
{
	TillBooks *books = g_new0(TillBooks, 1);

	books->db = db;
	books->changes = changes;
	books->stock = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_stock);
	books->moved = g_ptr_array_new();
	return books;
}

void
till_books_free(TillBooks *books)
{
	if (books == NULL)
		return;
	g_ptr_array_unref(books->moved);
	g_hash_table_unref(books->stock);
	g_free(books);
}

static Stock *
find_stock(TillBooks *books, const char *sku, GError **error)
{
	Stock *stock = g_hash_table_lookup(books->stock, sku);
	g_autoptr(GError) local = NULL;
	TillDbQuery *query;

	if (stock != NULL)
		return stock;
	query = till_db_query(books->db,
			      "SELECT on_hand_milli, reserved_milli FROM stock WHERE scope = ?1 "
			      "AND sku = ?2");
	till_db_bind_text(query, 1, books->changes->scope);
	till_db_bind_text(query, 2, sku);
	stock = g_new0(Stock, 1);
	if (till_db_step(query, &local)) {
		stock->kept = TRUE;
		stock->on_hand_milli = till_db_int(query, 0);
		stock->reserved_milli = till_db_int(query, 1);
		till_db_reset(query);
	}
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		g_free(stock);
		return NULL;
	}
	stock->sku = g_strdup(sku);
	g_hash_table_insert(books->stock, stock->sku, stock);
	return stock;
}

static gboolean
write_sale(TillBooks *books, const TillSale *sale, const TillBooksContext *context, GError **error)
{
	TillDbQuery *query = till_db_query(
	    books->db,
	    "INSERT INTO sale (txn, terminal, store_code, receipt, staff_id, business_date, "
	    "closed_ms, currency, list_minor, discount_minor, tax_minor, total_minor, "
	    "change_minor, rounding_minor, customer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
	    "?10, ?11, ?12, ?13, ?14, ?15)");
	const TillPriced *priced = sale->priced;
	const TillCustomer *customer =
	    priced->context != NULL ? till_price_context_shopper(priced->context)->customer : NULL;

	till_db_bind_blob(query, 1, context->txn.bytes, sizeof context->txn.bytes);
	till_db_bind_int(query, 2, context->terminal);
	till_db_bind_text(query, 3, context->store_code);
	till_db_bind_text(query, 4, sale->receipt);
	till_db_bind_text(query, 5, sale->staff_id);
	till_db_bind_text(query, 6, context->business_date);
	till_db_bind_int(query, 7, sale->closed_ms);
	till_db_bind_text(query, 8, priced->currency->code);
	till_db_bind_int(query, 9, priced->list_minor);
	till_db_bind_int(query, 10, priced->discount_minor);
	till_db_bind_int(query, 11, priced->tax_minor);
	till_db_bind_int(query, 12, priced->total_minor);
	till_db_bind_int(query, 13, sale->change_minor);
	till_db_bind_int(query, 14, sale->rounding_minor);
	till_db_bind_text(query, 15, customer != NULL ? customer->id : "");
	return till_db_run(query, error);
}

/* What is sent or fetched elsewhere leaves another place, when its order is handed over. */
static gboolean
is_moved(const Stock *stock, const TillPricedLine *line)
{
	return stock->kept && line->delivery.kind == TILL_DELIVERY_CARRY_OUT;
}

static gboolean
write_lines(TillBooks *books, const TillSale *sale, const TillBooksContext *context, GError **error)
{
	for (guint i = 0; i < sale->priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(sale->priced->lines, i);
		const Stock *stock = find_stock(books, line->item->sku, error);
		TillDbQuery *query;
		if (stock == NULL)
			return FALSE;
		query = till_db_query(
		    books->db,
		    "INSERT INTO sale_line (txn, line, sku, quantity_milli, moved_milli, "
		    "unit_minor, list_minor, discount_minor, tax_minor, total_minor) "
		    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
		till_db_bind_blob(query, 1, context->txn.bytes, sizeof context->txn.bytes);
		till_db_bind_int(query, 2, i);
		till_db_bind_text(query, 3, line->item->sku);
		till_db_bind_int(query, 4, line->quantity_milli);
		till_db_bind_int(query, 5, is_moved(stock, line) ? line->quantity_milli : 0);
		till_db_bind_int(query, 6, line->unit_minor);
		till_db_bind_int(query, 7, line->list_minor);
		till_db_bind_int(query, 8, line->discount_minor);
		till_db_bind_int(query, 9, line->tax_minor);
		till_db_bind_int(query, 10, line->total_minor);
		if (!till_db_run(query, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
write_tenders(TillBooks *books, const TillSale *sale, const TillBooksContext *context,
	      GError **error)
{
	for (gsize i = 0; i < sale->tender_count; i++) {
		const TillTender *tender = &sale->tenders[i];
		TillDbQuery *query = till_db_query(
		    books->db,
		    "INSERT INTO sale_tender (txn, ordinal, kind, tendered_minor, amount_minor) "
		    "VALUES (?1, ?2, ?3, ?4, ?5)");
		till_db_bind_blob(query, 1, context->txn.bytes, sizeof context->txn.bytes);
		till_db_bind_int(query, 2, (gint64)i);
		till_db_bind_text(query, 3, till_tender_name(tender->kind));
		till_db_bind_int(query, 4, tender->tendered_minor);
		till_db_bind_int(query, 5, tender->amount_minor);
		if (!till_db_run(query, error))
			return FALSE;
	}
	return TRUE;
}

static void
note_moved(TillBooks *books, Stock *stock)
{
	if (stock->feed_seq != 0)
		return;
	stock->feed_seq = till_changes_reserve(books->changes);
	g_ptr_array_add(books->moved, stock);
}

gboolean
till_books_stock(TillBooks *books, const char *sku, TillBooksStock *out, GError **error)
{
	const Stock *stock = find_stock(books, sku, error);

	if (stock == NULL)
		return FALSE;
	*out = (TillBooksStock){.kept = stock->kept,
				.on_hand_milli = stock->on_hand_milli,
				.reserved_milli = stock->reserved_milli};
	return TRUE;
}

gint64
till_books_move(TillBooks *books, const char *sku, gint64 on_hand_milli, gint64 reserved_milli)
{
	Stock *stock = g_hash_table_lookup(books->stock, sku);

	g_assert(stock != NULL);
	if (!stock->kept || (on_hand_milli == 0 && reserved_milli == 0))
		return 0;
	stock->on_hand_milli += on_hand_milli;
	stock->reserved_milli += reserved_milli;
	note_moved(books, stock);
	return stock->feed_seq;
}

/* In memory only, after all rows of the sale are written: nothing here can fail. */
static void
move_stock(TillBooks *books, const TillSale *sale, TillBooksEffect *effect)
{
	for (guint i = 0; i < sale->priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(sale->priced->lines, i);
		Stock *stock = g_hash_table_lookup(books->stock, line->item->sku);
		gboolean was_there = stock->on_hand_milli >= 0;
		if (!is_moved(stock, line))
			continue;
		stock->on_hand_milli -= line->quantity_milli;
		note_moved(books, stock);
		effect->feed_seq = MAX(effect->feed_seq, stock->feed_seq);
		if (was_there && stock->on_hand_milli < 0)
			g_ptr_array_add(effect->oversold, g_strdup(stock->sku));
	}
}

gboolean
till_books_sale(TillBooks *books, const TillSale *sale, const TillBooksContext *context,
		TillBooksEffect *out_effect, GError **error)
{
	if (!write_sale(books, sale, context, error) || !write_lines(books, sale, context, error) ||
	    !write_tenders(books, sale, context, error))
		return FALSE;
	move_stock(books, sale, out_effect);
	return TRUE;
}

gboolean
till_books_finish(TillBooks *books, GError **error)
{
	for (guint i = 0; i < books->moved->len; i++) {
		const Stock *stock = g_ptr_array_index(books->moved, i);
		TillDbQuery *query = till_db_query(
		    books->db, "UPDATE stock SET on_hand_milli = ?3, reserved_milli = ?4 WHERE "
			       "scope = ?1 AND sku = ?2");
		g_autoptr(json_t) value = json_object();
		till_db_bind_text(query, 1, books->changes->scope);
		till_db_bind_text(query, 2, stock->sku);
		till_db_bind_int(query, 3, stock->on_hand_milli);
		till_db_bind_int(query, 4, stock->reserved_milli);
		json_object_set_new(value, "on_hand_milli", json_integer(stock->on_hand_milli));
		json_object_set_new(value, "reserved_milli", json_integer(stock->reserved_milli));
		json_object_set_new(value, "sku", json_string(stock->sku));
		if (!till_db_run(query, error) ||
		    !till_changes_tell(books->changes, stock->feed_seq, "stock", stock->sku, value,
				       error))
			return FALSE;
	}
	return TRUE;
}
