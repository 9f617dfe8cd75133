/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "price.h"

/* Gifts of promotions: what a promotion gives goes through the sale like anything else, so that
 * stock and books know of it. The gift is scanned, and its pieces cost nothing; what has not been
 * scanned yet is told. Gifts are found in the order of the basket; a price by hand stays.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* Takes what is still to be paid off the pieces that are gifts; after all other discounts. */
void till_price_gift_give(TillPriced *priced);

/* Pieces of an SKU that promotions give and that are not in the basket yet. */
gint64 till_price_gift_missing(const TillPriced *priced, const char *sku);

G_END_DECLS
