/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "price-list.h"

/* One sellable thing of the catalogue: a SKU. A style with sizes and colours is several SKUs that
 * share a style code. Immutable once built; reference-counted so that lists and lines share it.
 *
 * Threads: any (atomic reference count, constant content). */

G_BEGIN_DECLS

#define TILL_SKU_MAX 64
#define TILL_NAME_MAX 200

typedef struct TillItem TillItem;
struct TillItem {
	char *sku;
	char *name;         /* "Organic tee" */
	char *variant;      /* "Navy / M"; "" when there is none */
	char *style;        /* the code that variants share; "" when alone */
	char *category;     /* path "Clothing/Tops"; "" when none */
	char *tags;         /* comma-separated, lower case; "" */
	char *brand;        /* "" */
	char *unit;         /* "ea", "kg", "l", "m" */
	gboolean weighed;   /* quantity comes from a scale or is typed; steppers do not apply */
	char *tax_class;    /* "standard", "reduced", "zero", …: key of the tax table */
	gint64 price_minor; /* the price that applies in this store now; see price list below */
	gboolean has_price; /* FALSE: not for sale here until head office sets a price */
	char *price_list;   /* where price_minor came from: "store:014", "base" */
	gint64 stock_milli; /* here, last known; own unsent sales already taken off */
	gboolean has_stock; /* FALSE when stock is not kept for it */
	gboolean active;
	/* Every price that may count for it in this store, whoever buys, whenever, however many;
	 * owned reference. NULL: price_minor is the only one. */
	TillPriceList *prices;
	/* The chain feed's number when all this was read; 0: unknown. */
	gint64 as_of;
};

/* A zeroed, owned item to be filled by one reader before it is shared. */
TillItem *till_item_new(void);
TillItem *till_item_ref(const TillItem *item);
void till_item_unref(TillItem *item);

/* The same item at another price; a new reference when nothing differs. */
TillItem *till_item_with_price(const TillItem *item, gint64 price_minor, const char *price_list);

/* "Organic tee — Navy / M" or the bare name. Caller frees. */
char *till_item_title(const TillItem *item);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillItem, till_item_unref)

G_END_DECLS
