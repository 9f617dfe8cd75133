/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "basket.h"
#include "price.h"
#include "sale.h"

/* Small made-up goods, rules and sales for the tests of the domain.
 *
 * Threads: the test's own. */

G_BEGIN_DECLS

/* A piece item with every text set and a price; change fields before it is shared. */
TillItem *till_sample_item(const char *sku, gint64 price_minor);

/* An item sold by the kilogram. */
TillItem *till_sample_weighed(const char *sku, gint64 price_minor);

/* USD and half-up. Class "standard" has 8.875 % on top, "reduced" 7 % and "full" 20 % inside the
 * price, "double" 5 % and 9.975 % on top, "stacked" 10 % and 4 % inside; "zero" has no tax. Clear
 * after use. */
TillPriceRules till_sample_rules(void);

/* Pays priced (taken) in cash with one tender. */
TillSale *till_sample_sale(TillPriced *priced, gint64 tendered_minor);

/* Two tees, 0.640 kg of coffee and a mug with a note, paid with 100.00. */
TillSale *till_sample_small_sale(void);

G_END_DECLS
