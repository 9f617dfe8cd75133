/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "quantity.h"

/* List prices: for each SKU rows of several lists, each from a quantity on and for a time. The list
 * that stands first in the asked order and has a row that counts, decides; of its rows the one with
 * the largest quantity reached, then the one that began last, then the lowest price.
 *
 * The usual order: the customer's groups ("group:gold"), the store ("store:014"), "base".
 *
 * Threads: any; constant once filled, reference-counted. */

G_BEGIN_DECLS

#define TILL_PRICE_LIST_BASE "base"

typedef struct {
	const char *list; /* borrowed from the table */
	gint64 min_quantity_milli;
	gint64 valid_from_ms;
	gint64 valid_to_ms; /* not included; 0: open end */
	gint64 price_minor;
} TillPriceRow;

typedef struct TillPriceList TillPriceList;

TillPriceList *till_price_list_new(void);
TillPriceList *till_price_list_ref(TillPriceList *lists);
void till_price_list_unref(TillPriceList *lists);

/* Copies the row and its list's name. FALSE (TILL_ERROR_INVALID) when it ends before it begins, has
 * a quantity below zero or a price out of bounds. */
gboolean till_price_list_add(TillPriceList *lists, const char *sku, const TillPriceRow *row,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The row that counts; order is NULL-terminated. NULL: none, the item has no price here. Borrowed.
 */
const TillPriceRow *till_price_list_find(const TillPriceList *lists, const char *sku,
					 gint64 quantity_milli, gint64 now_ms,
					 const char *const *order);

/* Every row of an SKU, in the order they were added; NULL and 0 when there is none. Borrowed. */
const TillPriceRow *till_price_list_rows(const TillPriceList *lists, const char *sku,
					 guint *out_count);

/* "group:…" for each group, "store:…", "base": the usual order. Both may be NULL. Caller frees. */
char **till_price_list_order(const char *const *groups, const char *store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillPriceList, till_price_list_unref)

G_END_DECLS
