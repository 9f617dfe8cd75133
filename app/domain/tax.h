/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "rounding.h"
#include "tax-engine.h"

/* The taxes of a store: for each tax class a list of taxes, in the order they are worked out.
 *
 * A table is made for one way of handing goods over ("carry" at a till): taxes that count only for
 * another one are left out when they are added, so that nothing later has to ask. A line keeps its
 * base and amount per tax; nothing recomputes them.
 *
 * What a tax does is that of tax-engine.h. All zero but id, name, rate and inclusive is a plain
 * percentage; a table of nothing else is plain, and its lines can be taxed one by one without the
 * engine.
 *
 * Threads: any (pure); a table is constant once built. */

G_BEGIN_DECLS

#define TILL_PPM 1000000

#define TILL_TAX_CARRY "carry" /* taken home from the counter: what a till sells */

/* Parts a name in two: "Sales tax 8.875% · clothing under $110 exempt". What follows is said where
 * the tax has a threshold and was not charged because of it. */
#define TILL_TAX_REMARK " · "

#define TILL_TAX_AMOUNT_MAX_MILLI G_GINT64_CONSTANT(1000000000000)

typedef struct {
	char *id;        /* "us-ny-sales" */
	char *name;      /* "Sales tax 8.875%": shown and printed */
	gint64 rate_ppm; /* 88750 = 8.875 %; percent and division, below zero is withheld */
	gboolean inclusive;
	TillTaxEngineKind kind;
	gint64 amount_milli; /* fixed: thousandths of a minor unit per unit, ≥ 0 */
	gboolean include_base;
	gboolean base_affected;
	TillTaxEngineThreshold threshold;
	gint64 threshold_minor; /* ≥ 0 */
	gboolean threshold_per_line;
	char *group;      /* taxes whose totals are shown as one; NULL or "": none */
	char *fulfilment; /* "carry", "pickup", "ship"; NULL or "": any */
} TillTax;

/* A tax as tables and files spell it. Borrowed texts. */
typedef struct {
	const char *tax_class;
	const char *kind;      /* till_tax_kind_name */
	const char *threshold; /* till_tax_threshold_name */
	TillTax tax;           /* kind and threshold are taken from the words above */
} TillTaxRow;

typedef struct TillTaxTable TillTaxTable;

/* For what is carried home. */
TillTaxTable *till_tax_table_new(TillRounding rounding);
TillTaxTable *till_tax_table_new_for(TillRounding rounding, const char *fulfilment);
TillTaxTable *till_tax_table_ref(TillTaxTable *table);
void till_tax_table_unref(TillTaxTable *table);
TillRounding till_tax_table_rounding(const TillTaxTable *table);
/* Adds a copy of a tax to a class, or leaves it out when it is for another fulfilment. FALSE
 * (TILL_ERROR_INVALID) for a repeated id, more than TILL_TAX_ENGINE_TAXES_MAX taxes in the class,
 * and figures no tax can have: a rate beyond 1000 %, a share of the price of 100 % or more, a fixed
 * amount or threshold below zero, figures that are not of its kind. */
gboolean till_tax_table_add(TillTaxTable *table, const char *tax_class, const TillTax *tax,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from words; also FALSE, with a sentence, for a kind, threshold or fulfilment that this
 * release does not know: a tax that cannot be worked out must not be left out silently. */
gboolean till_tax_table_add_row(TillTaxTable *table, const TillTaxRow *row,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Nothing but percentages side by side: no other kind, compound, threshold or rate below zero. */
gboolean till_tax_table_is_plain(const TillTaxTable *table);
/* The taxes of a class; an unknown class has none (count 0). Borrowed. */
const TillTax *till_tax_table_find(const TillTaxTable *table, const char *tax_class,
				   guint *out_count);

/* The names of all classes, in order of strcmp, NULL-terminated. Caller frees. */
char **till_tax_table_classes(const TillTaxTable *table);

/* "percent", "division", "fixed"; "", "exempt-below", "only-above"; "line", "unit", "document".
 * FALSE when unknown. */
gboolean till_tax_kind_parse(const char *name, TillTaxEngineKind *out) G_GNUC_WARN_UNUSED_RESULT;
const char *till_tax_kind_name(TillTaxEngineKind kind);
gboolean till_tax_threshold_parse(const char *name,
				  TillTaxEngineThreshold *out) G_GNUC_WARN_UNUSED_RESULT;
const char *till_tax_threshold_name(TillTaxEngineThreshold threshold);
gboolean till_tax_method_parse(const char *name,
			       TillTaxEngineMethod *out) G_GNUC_WARN_UNUSED_RESULT;

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
