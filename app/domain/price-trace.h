/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "price.h"

/* A priced basket in words and as JSON: what a screen answers to "Why this price?", what `tillctl
 * price` prints and what the quote endpoint sends. All three are made here, so that they cannot
 * differ.
 *
 * JSON: {currency, lines[{line, code, sku, title, quantity_milli, unit_minor, price_list,
 *   embedded_minor?, list_minor, discount_minor, exempted_minor?, tax_minor, total_minor,
 * discounts[{id, version, name, code?, amount_minor}], taxes[as in a sale: sale-tax.h], manual?,
 *   trace[{step, words, amount_minor, left_minor}]}],
 *   discounts[…], taxes[…], list_minor, discount_minor, exempted_minor?, tax_minor,
 *   total_minor, items_milli,
 *   coupons[{code, applied, reason, words, promotion?}], hints[words], gifts[{promotion, sku,
 *   quantity}], points[{promotion, rate_ppm, amount_minor}],
 *   considered[{promotion, name, reason, words}], exact}
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

typedef enum {
	TILL_PRICE_STEP_LIST,     /* price × quantity, and where the price stands */
	TILL_PRICE_STEP_OVERRIDE, /* another price by hand */
	TILL_PRICE_STEP_DISCOUNT, /* a promotion, or a discount by hand; amount below zero */
	TILL_PRICE_STEP_TAX,      /* inside (left stays) or on top */
	TILL_PRICE_STEP_TOTAL,    /* what the shopper pays for the line */
} TillPriceStepKind;

typedef struct {
	TillPriceStepKind kind;
	char *words; /* "2 × 24.00 by list base" */
	gint64 amount_minor;
	gint64 left_minor; /* after this step */
} TillPriceStep;

/* How a line came to its total, in the order of work. Array of TillPriceStep; caller frees. */
GArray *till_price_trace_line(const TillPriced *priced, guint index);

/* The name of a step in JSON: "list", "override", "discount", "tax", "total". Static. */
const char *till_price_trace_step_name(TillPriceStepKind kind);

/* trace: with trace and considered. Never NULL. */
json_t *till_price_trace_json(const TillPriced *priced, gboolean trace);

/* A word for scripts: "applied", "expired", "needs", … Static. */
const char *till_price_trace_reason(TillPromoEngineReason reason);

G_END_DECLS
