/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "changes.h"
#include "id.h"
#include "sale.h"

/* What entries do to the books: sales with their lines and tenders, and stock.
 *
 * Stock is kept in memory for the length of one batch: a SKU that sells a hundred times in it moves
 * once in the database and gives one feed row. Its feed number is reserved at the first touch, so
 * that each entry knows the number under which its effect will show. Stock is only kept for SKUs
 * that have a stock row.
 *
 * Threads: the writer's; a ledger lives inside one transaction. */

G_BEGIN_DECLS

typedef struct TillBooks TillBooks;

/* changes: the store's scope, open; borrowed. */
TillBooks *till_books_new(TillDb *db, TillChanges *changes);
/* Writes what moved. To be called before changes is closed. */
gboolean till_books_finish(TillBooks *books, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_books_free(TillBooks *books);

typedef struct {
	TillUuid txn;
	gint64 terminal;
	const char *store_code;
	const char *business_date;
} TillBooksContext;

typedef struct {
	gint64 feed_seq;     /* highest feed number this sale's stock shows under; 0 */
	GPtrArray *oversold; /* of char*: SKUs that this sale took below zero; borrowed from the
				books' callers */
} TillBooksEffect;

/* Enters a sale that was read and checked. out_effect->oversold is the caller's array, appended to.
 * On failure nothing of the sale is in the books, provided the caller undoes its savepoint. */
gboolean till_books_sale(TillBooks *books, const TillSale *sale, const TillBooksContext *context,
			 TillBooksEffect *out_effect, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
	gboolean kept; /* there is a stock row */
	gint64 on_hand_milli;
	gint64 reserved_milli; /* of it, promised to orders */
} TillBooksStock;

/* What a SKU stands at, with all that this batch did to it. */
gboolean till_books_stock(TillBooks *books, const char *sku, TillBooksStock *out,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds to both, for a SKU that was asked for before; in memory only, so that it cannot fail. The
 * feed number under which it will show; 0 where nothing moved. */
gint64 till_books_move(TillBooks *books, const char *sku, gint64 on_hand_milli,
		       gint64 reserved_milli);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillBooks, till_books_free)

G_END_DECLS
