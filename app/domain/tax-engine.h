/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "ratio.h"
#include "rounding.h"

/* The taxes of a whole document: a sale, a return, an order.
 *
 * In: lines, each with the exact amount that is paid for it as marked (after every discount), its
 * quantity and its taxes in the order they are worked out. Out: base and amount per line and tax,
 * net and gross per line, totals per tax and per group, all in whole minor units. What may differ
 * between countries and retailers is a field of the policy or of the tax.
 *
 * Always true of a result:
 *   line:      net + Σ its taxes = gross
 *   document:  Σ net = net, Σ taxes = tax, net + tax + rounding = total
 * A line below zero is the mirror image of the same line above zero, under every rounding mode;
 * "up" and "ceiling" mean away from zero here, "down" and "floor" toward it. The order of lines
 * changes no total.
 *
 * Several taxes on one line. Neighbours that are alike and do not charge one another share one base
 * and, inside a price, are taken out together: 10 % and 10 % inside 120 are 10 and 10. Otherwise:
 *   - a tax inside the price is no part of the base of the others, except that a later tax is
 *     charged on it when the first says include_base and the later one says base_affected;
 *   - a tax on top joins the base of a later tax under the same two conditions.
 *
 * Threads: any (pure). Results are owned by the caller and point to the taxes of the document,
 * which must outlive them. */

G_BEGIN_DECLS

#define TILL_TAX_ENGINE_TAXES_MAX 16   /* on one line */
#define TILL_TAX_ENGINE_LINES_MAX 2000 /* units count as lines when rounding per unit */

typedef enum {
	TILL_TAX_ENGINE_PERCENT,  /* rate of the base */
	TILL_TAX_ENGINE_DIVISION, /* rate is the tax's share of the price with tax (Brazil's ICMS)
				   */
	TILL_TAX_ENGINE_FIXED,    /* amount per unit: deposit, sugar, recycling */
} TillTaxEngineKind;

/* The price that is marked on one unit, or the amount of the line, decides. */
typedef enum {
	TILL_TAX_ENGINE_NO_THRESHOLD,
	TILL_TAX_ENGINE_EXEMPT_BELOW, /* below: no tax; from there on the whole is taxed */
	TILL_TAX_ENGINE_ONLY_ABOVE,   /* only the part above is taxed */
} TillTaxEngineThreshold;

typedef struct {
	const char *id;        /* borrowed; the same id is the same tax, once a line */
	const char *group;     /* borrowed; totals shown together. NULL: the id */
	const char *tax_class; /* borrowed; what a certificate may name. NULL: none */
	TillTaxEngineKind kind;
	gint64 rate_ppm;  /* percent and division; may be negative (withholding) */
	TillRatio amount; /* fixed: minor units per unit */
	gboolean inclusive;
	gboolean include_base;  /* later taxes may be charged on top of this one */
	gboolean base_affected; /* charged on earlier ones that say include_base */
	/* Owed by the buyer, not collected: shown with its amount, adds nothing and is in no price.
	 */
	gboolean reverse_charge;
	TillTaxEngineThreshold threshold;
	gboolean threshold_per_line; /* FALSE: per unit */
	gint64 threshold_minor;
} TillTaxEngineTax;

typedef struct {
	TillRatio
	    amount; /* minor units, as marked: with the taxes that are inside, discounts off */
	gint64
	    quantity_milli; /* its size counts for fixed taxes, thresholds and rounding per unit */
	const TillTaxEngineTax *const *taxes; /* borrowed; in order of working out */
	guint tax_count;
} TillTaxEngineLine;

typedef enum {
	TILL_TAX_ENGINE_PER_LINE, /* each tax of each line is rounded */
	/* Each tax of each single unit is rounded, then the units are added up. What cannot be
	 * divided by the number of units puts one minor unit more on the first ones. Fractions of a
	 * unit (weighed goods) count as one unit. */
	TILL_TAX_ENGINE_PER_UNIT,
	/* Each tax is summed exactly over the document and rounded once; then the rounded total is
	 * shared back to the lines by largest remainder. */
	TILL_TAX_ENGINE_PER_DOCUMENT,
} TillTaxEngineMethod;

/* Rounding per document, every tax inside the price: total, taxes and net are each rounded, so one
 * of them has to give way. */
typedef enum {
	TILL_TAX_ENGINE_NET_IS_REST,  /* net = total − taxes */
	TILL_TAX_ENGINE_ROUNDING_ROW, /* all three are kept; the difference is the rounding row */
} TillTaxEngineDifference;

typedef struct {
	TillTaxEngineMethod method;
	TillRounding rounding;
	gint64 step_minor; /* amounts are rounded to multiples of it; 1 in most countries */
	TillTaxEngineDifference difference;
	/* What an exempt tax leaves that was inside the price: FALSE the shopper pays the net, TRUE
	 * the marked price stays and all of it is net. */
	gboolean exempt_keeps_price;
} TillTaxEnginePolicy;

/* What a certificate covers. Both lists are borrowed; all: everything. */
typedef struct {
	gboolean all;
	const char *const *tax_ids;
	guint tax_id_count;
	const char *const *tax_classes;
	guint tax_class_count;
} TillTaxEngineExemption;

typedef struct {
	TillTaxEnginePolicy policy;
	const TillTaxEngineLine *lines; /* borrowed */
	guint line_count;
	const TillTaxEngineExemption *exemption; /* borrowed; NULL: none */
} TillTaxEngineDocument;

/* One tax of one line, or its total over the document, or a group's. */
typedef struct {
	const TillTaxEngineTax *tax; /* a group's: its first tax */
	gint64 base_minor;
	gint64 amount_minor; /* reverse charge: what the buyer owes; not in tax_minor */
	/* Before any rounding of the document; the rounded figures where rounding is per line. */
	TillRatio base;
	TillRatio amount;
} TillTaxEngineShare;

typedef struct {
	gint64 net_minor;
	gint64 tax_minor;
	gint64 gross_minor;
	TillRatio net; /* as above */
	TillRatio gross;
	guint first_share; /* in shares of the result */
	guint share_count; /* taxes that applied: exempt ones and those below a threshold are absent
			    */
} TillTaxEngineLineResult;

typedef struct {
	GArray *lines;  /* of TillTaxEngineLineResult, one for each line */
	GArray *shares; /* of TillTaxEngineShare */
	GArray *taxes;  /* of TillTaxEngineShare: totals, in order of first use */
	GArray *groups; /* the same by group, whole units only: a line counts with its first base */
	gint64 net_minor;
	gint64 tax_minor;
	gint64 rounding_minor; /* its own row, signed */
	gint64 total_minor;    /* net + tax + rounding */
} TillTaxEngineResult;

/* Whether a certificate (NULL: none) covers a tax. */
gboolean till_tax_engine_covers(const TillTaxEngineExemption *exemption,
				const TillTaxEngineTax *tax);

/* The amount of a line: unit price (in parts of a minor unit: 1000 for thousandths) × quantity,
 * less discount_ppm of it. No rounding. */
TillRatio till_tax_engine_amount(gint64 unit_price, gint64 parts, gint64 quantity_milli,
				 gint64 discount_ppm);

/* NULL with TILL_ERROR_LIMIT when a figure leaves the bounds (also a division tax on top that would
 * be the whole price), TILL_ERROR_INVALID when a line has too many taxes or one twice, a rate is
 * beyond 1000 % or the policy has no step. */
TillTaxEngineResult *till_tax_engine_compute(const TillTaxEngineDocument *document,
					     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_tax_engine_free(TillTaxEngineResult *result);

/* A discount on the whole document at its total: of what the shopper would pay, `keep` (0 to 1,
 * else TILL_ERROR_INVALID) stays. Total, every tax and every base are scaled and rounded once each;
 * net is what is left, or is scaled too where the policy keeps a rounding row; the figures are
 * shared back to lines by largest remainder. Fixed taxes and what is charged on them are not
 * discounted. result is that of document, not yet rounded to coins, and is changed; after an error
 * it is of no use. */
gboolean till_tax_engine_discount(const TillTaxEngineDocument *document, TillRatio keep,
				  TillTaxEngineResult *result,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same by an amount off the total (≥ 0). TILL_ERROR_INVALID when more than can be discounted.
 */
gboolean till_tax_engine_discount_amount(const TillTaxEngineDocument *document, gint64 amount_minor,
					 TillTaxEngineResult *result,
					 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Where the difference goes when a total is rounded to what can be paid. */
typedef enum {
	TILL_TAX_ENGINE_TO_ROW,         /* the rounding row */
	TILL_TAX_ENGINE_TO_BIGGEST_TAX, /* the group of the biggest tax, its first tax */
} TillTaxEngineTarget;

/* Rounds the total to a multiple of step_minor. FALSE when that is no step (< 1) or a figure does
 * not fit. */
gboolean till_tax_engine_round_total(TillTaxEngineResult *result, gint64 step_minor,
				     TillRounding rounding,
				     TillTaxEngineTarget target) G_GNUC_WARN_UNUSED_RESULT;

/* A marked price carried over to other taxes. When all the old taxes are inside the price, the net
 * stays and those of the new ones that are inside are put on it; any other price stays as it is.
 * Lost when it cannot be worked out. */
TillRatio till_tax_engine_reprice(TillRatio price, const TillTaxEngineTax *const *from,
				  guint from_count, const TillTaxEngineTax *const *to,
				  guint to_count);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillTaxEngineResult, till_tax_engine_free)

G_END_DECLS
