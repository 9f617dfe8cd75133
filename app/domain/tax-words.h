/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "price.h"

/* The taxes of a sale as rows for people: screen, receipt and report say the same.
 *
 * Taxes of one group are one row, under the name of the first that was charged; every other tax is
 * a row of its own, in order of first use. What was not charged says why behind it: "clothing under
 * $110 exempt" (the remark in the tax's name), "exempt by certificate ST-120-77".
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

typedef struct {
	char *title;  /* "Sales tax 8.875%" */
	char *remark; /* "": all of it was charged */
	gboolean inclusive;
	gint64 base_minor; /* what was charged on; a line counts once in a group */
	gint64 amount_minor;
} TillTaxWords;

/* Of TillTaxWords, owned. */
GPtrArray *till_tax_words(const TillPriced *priced);

/* "Sales tax 8.875% · clothing under $110 exempt". Caller frees. */
char *till_tax_words_line(const TillTaxWords *words);

/* The same of one tax of one of its lines. Caller frees. */
char *till_tax_words_one(const TillPriced *priced, const TillPricedTax *tax);

G_END_DECLS
