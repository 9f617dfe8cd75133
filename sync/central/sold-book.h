/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "db.h"
#include "id.h"
#include "sold.h"

/* What was sold, as it may come back: read from the entries themselves, with all that came back
 * since noted on it. Nothing is kept beside them, so nothing can differ.
 *
 * Threads: the writer's; what is found belongs to whoever asked. */

G_BEGIN_DECLS

/* A sale, or what an exchange gave out. NULL without error: there is no such sale (yet). */
TillSold *till_sold_book_find(TillDb *db, const TillUuid *txn, GError **error);
/* The same by the number on its receipt. */
TillSold *till_sold_book_receipt(TillDb *db, const char *receipt, GError **error);

/* What a find asks for; "" and 0: not asked. One of receipt, customer, sku, amount must be. */
typedef struct {
	const char *receipt;
	const char *customer;
	const char *sku;
	gint64 amount_minor; /* paid altogether */
	gint64 from_ms;      /* included */
	gint64 to_ms;        /* not included; 0: no end */
	gint64 before_ms;    /* goes on with those before it; 0: from the newest */
	guint limit;
} TillSoldBookQuestion;

/* Array of TillSold, the newest first. out_before: where the next page goes on; 0: there is none.
 */
GPtrArray *till_sold_book_list(TillDb *db, const TillSoldBookQuestion *question, gint64 *out_before,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
