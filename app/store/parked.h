/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "basket.h"
#include "store.h"

/* Sales put aside: kept in the ledger with the items and prices they had, recalled on this till.
 * A recalled sale is off the list but stays in the ledger until the next sale is committed or
 * parked, in the same transaction: whatever stops the till in between, the sale is on the list
 * again at the next start.
 *
 * Threads: store. */

G_BEGIN_DECLS

typedef struct {
	char *id;    /* UUID text */
	char *label; /* words of the associate; "" */
	char *staff_name;
	gint64 parked_ms;
	guint line_count;
	gint64 total_minor;
} TillParkedRow;

void till_parked_row_free(gpointer row);

gboolean till_parked_add(TillStore *store, const TillBasket *basket, const char *label,
			 const char *staff_name, gint64 total_minor,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *till_parked_list(TillStore *store, GError **error);
/* The basket; the row is off the list. TILL_ERROR_NOT_FOUND. */
TillBasket *till_parked_take(TillStore *store, const char *id,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
