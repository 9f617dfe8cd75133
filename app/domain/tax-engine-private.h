/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tax-engine.h"

/* What the files of the tax engine share; nobody else includes this.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* One line while it is worked out: its taxes that apply, in order, with their figures. */
typedef struct {
	const TillTaxEngineTax *taxes[TILL_TAX_ENGINE_TAXES_MAX]; /* borrowed */
	TillRatio bases[TILL_TAX_ENGINE_TAXES_MAX];
	TillRatio amounts[TILL_TAX_ENGINE_TAXES_MAX];
	guint count;
	TillRatio net;
	TillRatio gross;
} TillTaxEngineWork;

/* How figures are taken while a line is worked out. */
typedef struct {
	gboolean exact; /* no rounding at all; else to multiples of step */
	gint64 step_minor;
	TillRounding rounding;
	gboolean from_net; /* the amount is the net: every tax stands on top of it */
	gboolean no_thresholds;
} TillTaxEngineStyle;

/* Works out taxes over an amount ≥ 0 for a quantity ≥ 0. FALSE when figures do not fit or the taxes
 * make up more than the price. */
gboolean till_tax_engine_line_evaluate(TillRatio amount, gint64 quantity_milli,
				       const TillTaxEngineTax *const *taxes, guint count,
				       const TillTaxEngineStyle *style, TillTaxEngineWork *out);
/* One line under the document's policy: exemptions, thresholds, units, sign. */
gboolean till_tax_engine_line_compute(const TillTaxEngineDocument *document,
				      const TillTaxEngineLine *line, TillTaxEngineWork *out);
/* What of a line's taxes is there whatever the price: the fixed ones and what is charged on them.
 */
gboolean till_tax_engine_line_levy(const TillTaxEngineDocument *document,
				   const TillTaxEngineLine *line,
				   const TillTaxEngineTax *const *taxes, guint count,
				   TillTaxEngineWork *out);

/* Rounds on the size, so that a figure below zero mirrors the one above. */
gboolean till_tax_engine_share_round(TillRatio value, const TillTaxEnginePolicy *policy,
				     gint64 *out);
/* Shares total over count figures so that each stays near its own and all add up to it: largest
 * remainder, ties to the larger, then the earlier; a figure of zero gets nothing while another is
 * there. FALSE when a figure does not fit. */
gboolean till_tax_engine_share_back(const TillRatio *figures, guint count, gint64 total,
				    gint64 step_minor, gint64 *out);
/* From the lines' exact figures (result->lines and shares) to whole units by document. */
gboolean till_tax_engine_share_document(const TillTaxEnginePolicy *policy,
					TillTaxEngineResult *result);
/* Whether some tax stands on top of the prices, so that nobody has seen the total before. */
gboolean till_tax_engine_share_has_top(const TillTaxEngineResult *result);
/* Shares a total over figures (one a line): the lines' nets, or their grosses; the other follows
 * from the taxes they have. */
gboolean till_tax_engine_share_lines(TillTaxEngineResult *result, const TillRatio *figures,
				     gint64 total, gboolean gross, gint64 step_minor);
/* Gives every tax of the document (result->taxes) its part on each line. which: amount or base. */
typedef enum {
	TILL_TAX_ENGINE_SHARE_AMOUNT,
	TILL_TAX_ENGINE_SHARE_BASE,
} TillTaxEngineShareKind;
gboolean till_tax_engine_share_tax(TillTaxEngineResult *result, const TillTaxEngineShare *total,
				   TillTaxEngineShareKind kind, gint64 step_minor);

gboolean till_tax_engine_same(const TillTaxEngineTax *a, const TillTaxEngineTax *b);
/* Replaces taxes by the sums of shares (exact and whole). FALSE when a sum does not fit. */
gboolean till_tax_engine_sum_taxes(TillTaxEngineResult *result);
/* Replaces tax, groups and total from the lines and shares. net and rounding of the lines' sums. */
gboolean till_tax_engine_sum(TillTaxEngineResult *result);

#define TILL_TAX_ENGINE_AT(array, type, index) (&g_array_index((array), type, (index)))

G_END_DECLS
