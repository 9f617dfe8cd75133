/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "currency.h"

/* Which column of a product file means what: the layouts of several programs as one table of header
 * names.
 *
 * Headers are compared in lower case with everything but letters and digits as "_"; a language mark
 * ("name:en") is dropped, and only the first language of a column is read. A layout is recognised
 * by columns that only it has; columns it does not name are ignored and told. Adding a program's
 * layout means adding rows, not code.
 *
 * Threads: any (constant; a map is its owner's). */

G_BEGIN_DECLS

typedef enum {
	TILL_LAYOUT_IGNORE,
	TILL_LAYOUT_SKU,
	TILL_LAYOUT_VARIANT_ID, /* stands in for an empty SKU */
	TILL_LAYOUT_NAME,
	TILL_LAYOUT_VARIANT, /* several are joined by " / " */
	TILL_LAYOUT_STYLE,
	TILL_LAYOUT_CATEGORY,
	TILL_LAYOUT_TAGS, /* several are joined */
	TILL_LAYOUT_BRAND,
	TILL_LAYOUT_UNIT,
	TILL_LAYOUT_WEIGHED,
	TILL_LAYOUT_TAX_CLASS,
	TILL_LAYOUT_TAXABLE, /* false: class "zero" */
	TILL_LAYOUT_PLU,
	TILL_LAYOUT_BARCODE, /* several columns, and several in one, separated by '|' */
	TILL_LAYOUT_PRICE,   /* in the currency of the import */
	TILL_LAYOUT_STOCK,
	TILL_LAYOUT_ACTIVE, /* a yes/no, or a status word */
	TILL_LAYOUT_STOCKED,
	TILL_LAYOUT_FACETS, /* "category:A|category:B|brand:C" */
} TillLayoutField;

typedef struct {
	const char *header; /* as normalised */
	TillLayoutField field;
} TillLayoutAlias;

typedef struct {
	const char *name;               /* in words: "Shopify product export" */
	const char *const *signature;   /* NULL-terminated: all must be there */
	const char *const *required;    /* NULL-terminated: the rest that must be there */
	const TillLayoutAlias *aliases; /* ends with header NULL */
	const char *price_prefix; /* nullable: "<prefix><currency>" is a price; other words behind
				     it are a fault */
	gboolean continues;       /* an empty name means: another variant of the row before */
	gboolean loose_sku; /* that program lets SKUs repeat: later ones get their variant added */
	const char *unit;   /* default */
	gboolean weighed;   /* default */
	gboolean stocked;   /* default */
	gboolean active;    /* default */
} TillLayout;

typedef struct {
	const TillLayout *layout;
	TillLayoutField fields[200]; /* of each column */
	guint count;
	GString *ignored; /* names of columns without a meaning here, comma-separated */
} TillLayoutMap;

/* Recognises the header. FALSE: faults holds sentences (char*) about it. cells: count header names.
 */
gboolean till_layout_match(const char *const *cells, guint count, const TillCurrency *currency,
			   TillLayoutMap *out, GPtrArray *faults) G_GNUC_WARN_UNUSED_RESULT;
void till_layout_clear(TillLayoutMap *map);

/* "Variant SKU" → "variant_sku". Caller frees. */
char *till_layout_normalise(const char *header);

G_END_DECLS
