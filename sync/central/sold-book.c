/* SPDX-License-Identifier: Apache-2.0 */
#include "sold-book.h"

#include <string.h>

#include "error.h"
#include "return.h"

/* An item sold a million times is not walked through for one page. */
#define SCAN_MAX 20000

static gboolean
give_error(GError **error, GError *local)
{
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, local);
	return FALSE;
}

static TillSold *
read_entry(const char *type, GBytes *body, const TillUuid *txn)
{
	if (strcmp(type, TILL_SALE_TYPE) == 0) {
		g_autoptr(TillSale) sale = till_sale_from_bytes(body, NULL);
		return sale != NULL ? till_sold_from_sale(sale, txn) : NULL;
	}
	if (strcmp(type, TILL_RETURN_TYPE) == 0) {
		g_autoptr(TillReturn) entry = till_return_from_bytes(body, NULL);
		return entry != NULL ? till_return_sold(entry, txn) : NULL;
	}
	return NULL;
}

static TillSold *
find_source(TillDb *db, const TillUuid *txn, GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT type, body FROM entry WHERE txn = ?1 AND outcome <> 'held'");
	TillSold *sold = NULL;

	till_db_bind_blob(query, 1, txn->bytes, sizeof txn->bytes);
	if (till_db_step(query, error)) {
		gsize size;
		gconstpointer data = till_db_blob(query, 1, &size);
		g_autoptr(GBytes) body = g_bytes_new(data, size);
		sold = read_entry(till_db_text(query, 0), body, txn);
		till_db_reset(query);
	}
	return sold;
}

/* In the order in which they came: the first had first what there was. */
static gboolean
note_returns(TillDb *db, TillSold *sold, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT e.body FROM return_book r JOIN entry e ON e.txn = r.txn WHERE "
		"r.source = ?1 AND r.source_kind <> 'none' ORDER BY e.number");
	g_autoptr(GError) local = NULL;

	till_db_bind_blob(query, 1, sold->txn.bytes, sizeof sold->txn.bytes);
	while (till_db_step(query, &local)) {
		gsize size;
		gconstpointer data = till_db_blob(query, 0, &size);
		g_autoptr(GBytes) body = g_bytes_new(data, size);
		g_autoptr(TillReturn) entry = till_return_from_bytes(body, NULL);
		if (entry != NULL)
			(void)till_return_note(entry, sold);
	}
	return give_error(error, g_steal_pointer(&local));
}

TillSold *
till_sold_book_find(TillDb *db, const TillUuid *txn, GError **error)
{
	TillSold *sold = find_source(db, txn, error);

	if (sold != NULL && !note_returns(db, sold, error))
		g_clear_pointer(&sold, till_sold_free);
	return sold;
}

TillSold *
till_sold_book_receipt(TillDb *db, const char *receipt, GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT txn FROM sale WHERE receipt = ?1 UNION ALL "
			      "SELECT txn FROM return_book WHERE receipt = ?1 LIMIT 1");
	g_autoptr(GError) local = NULL;
	gboolean found = FALSE;
	TillUuid txn;

	till_db_bind_text(query, 1, receipt);
	if (till_db_step(query, &local)) {
		till_db_copy_blob(query, 0, txn.bytes, sizeof txn.bytes);
		till_db_reset(query);
		found = TRUE;
	}
	if (!give_error(error, g_steal_pointer(&local)))
		return NULL;
	return found ? till_sold_book_find(db, &txn, error) : NULL;
}

/* --- lists --- */

#define SELECT_SALES "SELECT s.txn, s.closed_ms FROM "
#define IN_TIME "s.closed_ms >= ?2 AND s.closed_ms < ?3 "

static TillDbQuery *
ask(TillDb *db, const TillSoldBookQuestion *question)
{
	TillDbQuery *query;

	if (*question->receipt != '\0') {
		query = till_db_query(db, SELECT_SALES
				      "(SELECT txn, closed_ms FROM sale WHERE receipt = ?1 UNION "
				      "ALL SELECT txn, closed_ms FROM return_book WHERE receipt = "
				      "?1) s WHERE " IN_TIME "LIMIT ?4");
		till_db_bind_text(query, 1, question->receipt);
	} else if (*question->customer != '\0') {
		query =
		    till_db_query(db, SELECT_SALES
				  "sale s WHERE s.customer = ?1 AND s.customer <> '' AND " IN_TIME
				  "ORDER BY s.closed_ms DESC LIMIT ?4");
		till_db_bind_text(query, 1, question->customer);
	} else if (*question->sku != '\0') {
		query = till_db_query(
		    db, SELECT_SALES
		    "(SELECT txn FROM sale_line WHERE sku = ?1 ORDER BY txn DESC LIMIT ?5) l "
		    "CROSS JOIN sale s ON s.txn = l.txn WHERE " IN_TIME
		    "GROUP BY s.txn ORDER BY s.closed_ms DESC LIMIT ?4");
		till_db_bind_text(query, 1, question->sku);
		till_db_bind_int(query, 5, SCAN_MAX);
	} else {
		query =
		    till_db_query(db, SELECT_SALES "sale s WHERE s.total_minor = ?1 AND " IN_TIME
						   "ORDER BY s.closed_ms DESC LIMIT ?4");
		till_db_bind_int(query, 1, question->amount_minor);
	}
	return query;
}

typedef struct {
	TillUuid txn;
	gint64 sold_ms;
} Name;

/* Ends a page between two moments, so that the next one, which goes on by time, leaves out none of
 * those that were sold at one. names holds one more than the page. */
static gint64
cut_page(GArray *names, guint limit)
{
	gint64 next_ms = g_array_index(names, Name, limit).sold_ms;
	guint count = limit;

	while (count > 0 && g_array_index(names, Name, count - 1).sold_ms == next_ms)
		count--;
	g_array_set_size(names, count > 0 ? count : limit);
	return count > 0 ? next_ms + 1 : next_ms;
}

static GArray *
list_names(TillDb *db, const TillSoldBookQuestion *question, gint64 *out_before, GError **error)
{
	TillDbQuery *query = ask(db, question);
	GArray *names = g_array_new(FALSE, FALSE, sizeof(Name));
	gint64 to_ms = question->to_ms > 0 ? question->to_ms : G_MAXINT64;
	g_autoptr(GError) local = NULL;

	*out_before = 0;
	if (question->before_ms > 0)
		to_ms = MIN(to_ms, question->before_ms);
	till_db_bind_int(query, 2, question->from_ms);
	till_db_bind_int(query, 3, to_ms);
	till_db_bind_int(query, 4, (gint64)question->limit + 1);
	while (till_db_step(query, &local)) {
		Name name = {.sold_ms = till_db_int(query, 1)};
		till_db_copy_blob(query, 0, name.txn.bytes, sizeof name.txn.bytes);
		g_array_append_val(names, name);
	}
	if (!give_error(error, g_steal_pointer(&local))) {
		g_array_unref(names);
		return NULL;
	}
	if (names->len > question->limit)
		*out_before = cut_page(names, question->limit);
	return names;
}

GPtrArray *
till_sold_book_list(TillDb *db, const TillSoldBookQuestion *question, gint64 *out_before,
		    GError **error)
{
	g_autoptr(GArray) names = list_names(db, question, out_before, error);
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)till_sold_free);

	for (guint i = 0; names != NULL && i < names->len; i++) {
		g_autoptr(GError) local = NULL;
		TillSold *sold =
		    till_sold_book_find(db, &g_array_index(names, Name, i).txn, &local);
		if (sold != NULL)
			g_ptr_array_add(list, sold);
		if (!give_error(error, g_steal_pointer(&local)))
			return NULL;
	}
	return names != NULL ? g_steal_pointer(&list) : NULL;
}
