/* SPDX-License-Identifier: Apache-2.0 */
#include "order-goods.h"

#include <string.h>

#include "availability.h"
#include "error.h"

/* One SKU of one store. */
typedef struct {
	char *store_code, *sku;
	gint64 reserved_milli; /* to be added */
	gint64 taken_milli;
} Move;

struct TillOrderGoods {
	TillDb *db;         /* borrowed */
	TillOrderHeld held; /* borrowed */
	GPtrArray *moves;   /* of Move */
};

static void
free_move(gpointer data)
{
	Move *move = data;

	g_free(move->store_code);
	g_free(move->sku);
	g_free(move);
}

TillOrderGoods *
till_order_goods_new(TillDb *db, const TillOrderHeld *held)
{
	TillOrderGoods *goods = g_new0(TillOrderGoods, 1);

	goods->db = db;
	goods->held = *held;
	goods->moves = g_ptr_array_new_with_free_func(free_move);
	return goods;
}

void
till_order_goods_free(TillOrderGoods *goods)
{
	g_ptr_array_unref(goods->moves);
	g_free(goods);
}

static Move *
find_move(TillOrderGoods *goods, const char *store_code, const char *sku)
{
	Move *move;

	for (guint i = 0; i < goods->moves->len; i++) {
		move = g_ptr_array_index(goods->moves, i);
		if (strcmp(move->store_code, store_code) == 0 && strcmp(move->sku, sku) == 0)
			return move;
	}
	move = g_new0(Move, 1);
	move->store_code = g_strdup(store_code);
	move->sku = g_strdup(sku);
	g_ptr_array_add(goods->moves, move);
	return move;
}

static gint64
count_gone(const TillFulfilment *fulfilment, guint index)
{
	return till_order_quantity(fulfilment->life, index, TILL_ORDER_COLLECTED) +
	       till_order_quantity(fulfilment->life, index, TILL_ORDER_SHIPPED);
}

/* --- rows --- */

static gboolean
write_reservation(TillOrderGoods *goods, const TillFulfilment *fulfilment, guint index,
		  GError **error)
{
	const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, index);
	gint64 open = till_order_book_open(fulfilment, index);
	TillDbQuery *query =
	    open > 0
		? till_db_query(goods->db,
				"INSERT INTO reservation (fulfilment, line, store_code, sku, "
				"milli) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (fulfilment, line) "
				"DO UPDATE SET store_code = ?3, sku = ?4, milli = ?5")
		: till_db_query(goods->db,
				"DELETE FROM reservation WHERE fulfilment = ?1 AND line = ?2");
	char id[TILL_UUID_TEXT];

	till_db_bind_text(query, 1, till_uuid_format(&fulfilment->id, id));
	till_db_bind_int(query, 2, line->line);
	if (open > 0) {
		till_db_bind_text(query, 3, fulfilment->store);
		till_db_bind_text(query, 4, line->sku);
		till_db_bind_int(query, 5, open);
	}
	return till_db_run(query, error);
}

static gboolean
read_kept(TillOrderGoods *goods, const char *store_code, const char *sku, gboolean *out,
	  GError **error)
{
	TillDbQuery *query =
	    till_db_query(goods->db, "SELECT count(*) FROM stock WHERE scope = ?1 AND sku = ?2");
	char scope[TILL_CHANGES_SCOPE_MAX];
	gint64 count;

	till_db_bind_text(query, 1, till_changes_scope(store_code, scope));
	till_db_bind_text(query, 2, sku);
	if (!till_db_fetch_int(query, 0, &count, error))
		return FALSE;
	*out = count > 0;
	return TRUE;
}

/* The books' proof of what stock lost to orders. */
static gboolean
write_taken(TillOrderGoods *goods, const TillFulfilment *fulfilment, const TillFulfilmentLine *line,
	    gint64 milli, GError **error)
{
	TillDbQuery *query;
	char id[TILL_UUID_TEXT];
	gboolean kept;

	if (!read_kept(goods, fulfilment->store, line->sku, &kept, error))
		return FALSE;
	if (!kept)
		return TRUE;
	query = till_db_query(
	    goods->db, "INSERT INTO order_taken (fulfilment, line, store_code, sku, milli) VALUES "
		       "(?1, ?2, ?3, ?4, ?5) ON CONFLICT (fulfilment, line) DO UPDATE SET milli = "
		       "milli + excluded.milli");
	till_db_bind_text(query, 1, till_uuid_format(&fulfilment->id, id));
	till_db_bind_int(query, 2, line->line);
	till_db_bind_text(query, 3, fulfilment->store);
	till_db_bind_text(query, 4, line->sku);
	till_db_bind_int(query, 5, milli);
	return till_db_run(query, error);
}

/* --- comparing --- */

/* A part that was moved to another store frees what it held in the first: only what was neither
 * picked nor handed over is moved (order-edit.h), so that nothing was taken there. */
static void
free_before(TillOrderGoods *goods, const TillFulfilment *before)
{
	for (guint i = 0; i < before->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(before->lines, i);
		find_move(goods, before->store, line->sku)->reserved_milli -=
		    till_order_book_open(before, i);
	}
}

static gboolean
compare_line(TillOrderGoods *goods, const TillFulfilment *before, const TillFulfilment *after,
	     guint index, GError **error)
{
	const TillFulfilmentLine *line = g_ptr_array_index(after->lines, index);
	int old = before != NULL ? till_fulfilment_find_line(before, line->line) : -1;
	gint64 open = till_order_book_open(after, index);
	gint64 gone = count_gone(after, index);
	Move *move;

	if (old >= 0) {
		open -= till_order_book_open(before, (guint)old);
		gone -= count_gone(before, (guint)old);
	}
	if (open == 0 && gone == 0)
		return TRUE;
	move = find_move(goods, after->store, line->sku);
	move->reserved_milli += open;
	move->taken_milli += gone;
	return write_reservation(goods, after, index, error) &&
	       (gone == 0 || write_taken(goods, after, line, gone, error));
}

/* A line that an undone step had added is gone again. */
static gboolean
drop_lines(TillOrderGoods *goods, const TillFulfilment *before, const TillFulfilment *after,
	   GError **error)
{
	for (guint i = 0; i < before->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(before->lines, i);
		TillDbQuery *query;
		char id[TILL_UUID_TEXT];
		if (till_fulfilment_find_line(after, line->line) >= 0)
			continue;
		find_move(goods, before->store, line->sku)->reserved_milli -=
		    till_order_book_open(before, i);
		query = till_db_query(
		    goods->db, "DELETE FROM reservation WHERE fulfilment = ?1 AND line = ?2");
		till_db_bind_text(query, 1, till_uuid_format(&before->id, id));
		till_db_bind_int(query, 2, line->line);
		if (!till_db_run(query, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_order_goods_compare(TillOrderGoods *goods, const TillFulfilment *before,
			 const TillFulfilment *after, GError **error)
{
	if (before != NULL && strcmp(before->store, after->store) != 0) {
		free_before(goods, before);
		before = NULL;
	}
	if (before != NULL && !drop_lines(goods, before, after, error))
		return FALSE;
	for (guint i = 0; i < after->lines->len; i++) {
		if (!compare_line(goods, before, after, i, error))
			return FALSE;
	}
	return TRUE;
}

/* --- checking and moving --- */

static gboolean
is_held(const TillOrderGoods *goods, const char *store_code)
{
	return goods->held.changes != NULL && strcmp(goods->held.store_code, store_code) == 0;
}

/* More may be promised only of what is there; less always. */
static gboolean
check_move(TillOrderGoods *goods, const Move *move, GError **error)
{
	gint64 more = move->reserved_milli + move->taken_milli;
	TillAvailability available;

	/* What a till did is a fact, and the held batch knows more than the tables. */
	if (goods->held.changes != NULL) {
		TillBooksStock unused;
		return !is_held(goods, move->store_code) ||
		       till_books_stock(goods->held.books, move->sku, &unused, error);
	}

	if (!till_availability_read(goods->db, move->store_code, move->sku, &available, error))
		return FALSE;
	if (more <= 0 || !available.counted || available.available_milli >= more)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
		    "Store %s cannot promise so much of %s any more.", move->store_code, move->sku);
	return FALSE;
}

gboolean
till_order_goods_write(TillOrderGoods *goods, GError **error)
{
	for (guint i = 0; i < goods->moves->len; i++) {
		if (!check_move(goods, g_ptr_array_index(goods->moves, i), error))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_order_goods_move_in(TillOrderGoods *goods, const char *store_code, TillChanges *changes,
			 GError **error)
{
	g_autoptr(TillBooks) books = till_books_new(goods->db, changes);

	for (guint i = 0; i < goods->moves->len; i++) {
		const Move *move = g_ptr_array_index(goods->moves, i);
		TillBooksStock unused;
		if (strcmp(move->store_code, store_code) != 0)
			continue;
		if (!till_books_stock(books, move->sku, &unused, error))
			return FALSE;
		till_books_move(books, move->sku, -move->taken_milli, move->reserved_milli);
	}
	return till_books_finish(books, error);
}

gint64
till_order_goods_move_held(TillOrderGoods *goods)
{
	gint64 feed_seq = 0;

	for (guint i = 0; i < goods->moves->len; i++) {
		const Move *move = g_ptr_array_index(goods->moves, i);
		if (is_held(goods, move->store_code)) {
			gint64 seq = till_books_move(goods->held.books, move->sku,
						     -move->taken_milli, move->reserved_milli);
			feed_seq = MAX(feed_seq, seq);
		}
	}
	return feed_seq;
}
