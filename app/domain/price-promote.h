/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "price.h"

/* The step of pricing that takes promotions off; price.c alone includes this.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* Fills in discount_minor and discounts of every line, and promoted. rules->promos is set. FALSE
 * with TILL_ERROR_LIMIT when there is more than can be booked. */
gboolean till_price_promote(TillPriced *priced, const TillPriceRules *rules,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
