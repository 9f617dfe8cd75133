/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* What the central tells a terminal, as named collections of rows: the one list from which the feed
 * is applied to the cache, the snapshot is built, and imports are checked.
 *
 * A feed entry is {collection, key, put|delete, value}; value is a JSON object whose keys are
 * exactly the columns below (absent = default, unknown = ignored, so that an older till survives a
 * newer central). The cache table of the same name has the same columns. Keys of several columns
 * are joined by U+001F in the order of the table.
 *
 * chain scope: the same for every store. store scope: one store's own rows.
 *
 * Threads: any (constant). */

G_BEGIN_DECLS

typedef enum {
	TILL_COLUMN_TEXT,
	TILL_COLUMN_INTEGER,
	TILL_COLUMN_BOOLEAN, /* JSON true/false, stored 1/0 */
} TillColumnKind;

typedef struct {
	const char *name;
	const char *text_default; /* NULL: required */
	gsize max_bytes;          /* of a text */
	gint64 int_default;
	TillColumnKind kind;
	gboolean required; /* of any kind: it has no default */
} TillColumn;

typedef struct {
	const char *name;     /* collection and table */
	gboolean store_scope; /* FALSE: chain scope */
	guint key_columns;    /* the first n columns are the key */
	const TillColumn *columns;
	guint column_count;
} TillCollection;

/* item, barcode, price, tax, staff, setting, stock, customer, promotion, promotion_use, coupon_use,
 * exception; cart, pickup_key; sales_order, fulfilment, order_event (an order stands in the scope
 * of each store that has a part in it); return_policy, terminal_key, past_sale (in the scope of the
 * store that sold or handed over), credit, stock_aside. */
const TillCollection *till_collection_find(const char *name);
const TillCollection *till_collection_table(gsize *out_count);

#define TILL_COLLECTION_KEY_SEPARATOR "\x1f"

G_END_DECLS
