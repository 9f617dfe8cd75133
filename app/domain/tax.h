/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "rounding.h"

/* Tax on a line: one rate for its tax class, inside or on top of the price, rounded per line.
 *
 * The table maps (tax class) to a list of taxes, so that several taxes, compounds and thresholds
 * are more rows, not another design. A line keeps its base and amount per tax; nothing recomputes
 * them.
 *
 * Threads: any (pure); a table is constant once built. */

G_BEGIN_DECLS

#define TILL_PPM 1000000

typedef struct {
	char *id;        /* "us-ny-sales" */
	char *name;      /* "Sales tax 8.875%": shown and printed */
	gint64 rate_ppm; /* 88750 = 8.875 % */
	gboolean inclusive;
} TillTax;

typedef struct TillTaxTable TillTaxTable;

TillTaxTable *till_tax_table_new(TillRounding rounding);
TillTaxTable *till_tax_table_ref(TillTaxTable *table);
void till_tax_table_unref(TillTaxTable *table);
TillRounding till_tax_table_rounding(const TillTaxTable *table);
/* Adds a copy of a tax to a class. FALSE (TILL_ERROR_INVALID) for a rate outside 0..1000 % or a
 * repeated id. */
gboolean till_tax_table_add(TillTaxTable *table, const char *tax_class, const TillTax *tax,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The taxes of a class; an unknown class has none (count 0). Borrowed. */
const TillTax *till_tax_table_find(const TillTaxTable *table, const char *tax_class,
				   guint *out_count);

typedef struct {
	gint64 net_minor; /* without tax */
	gint64 tax_minor;
	gint64 gross_minor; /* with tax: net + tax */
} TillTaxSplit;

/* Splits an amount at one rate. Inclusive: tax is rounded and net is what is left. Exclusive: tax
 * is rounded and added. Negative amounts mirror positive ones. FALSE on overflow. */
gboolean till_tax_split(gint64 amount_minor, gint64 rate_ppm, gboolean inclusive,
			TillRounding rounding, TillTaxSplit *out) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillTaxTable, till_tax_table_unref)

G_END_DECLS
