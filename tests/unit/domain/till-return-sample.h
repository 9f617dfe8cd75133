/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "return-quote.h"

/* Sales that come back, and a policy, for the tests of returns.
 *
 * Threads: the test's own. */

G_BEGIN_DECLS

/* final sale (tag "final-sale") stays sold. R-2: defective, two years, to the vendor. R-3:
 * opened, 14 days, 15 % fee and approval. R-4: thirty days with a proof. R-5: to ninety days as
 * credit. R-6: worn only as exchange. R-7: no receipt, new, credit. Cash above 500.00 becomes
 * credit, from 200.00 on needs approval; offline to 200.00. */
TillReturnPolicy *till_return_sample_policy(void);

/* A line of a sale with one tax of 8.875 % on top and one discount, both on priced; to be summed by
 * the caller. */
void till_return_sample_line(TillPriced *priced, const char *sku, gint64 quantity_milli,
			     gint64 list_minor, gint64 discount_minor);

/* A sale of random goods, paid by random tenders, cash rounded to step_minor. */
TillSold *till_return_sample_sold(GRand *random, gint64 step_minor);

/* Three shirts (60.00 less 20.00) and a mug (10.00), with tax, paid half by card and the rest in
 * cash: 54.44. */
TillSold *till_return_sample_small(void);

/* The entry a till makes of a quote; ids made up. */
TillReturn *till_return_sample_entry(const TillReturnRequest *request, TillReturnQuote *quote);

G_END_DECLS
