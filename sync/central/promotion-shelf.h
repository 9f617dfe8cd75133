/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "db.h"
#include "promo-index.h"

/* The promotions of the chain, read once and kept: 100,000 of them must not be parsed for a quote.
 * Each asking takes what the feed told since; after a bulk change, or when a transaction that was
 * looked at is not kept (forget), they are read anew.
 *
 * A promotion that this release cannot read (the books are older than it) is left out and logged:
 * who does not understand a condition must not give the discount.
 *
 * Threads: the writer's; the index it hands out is constant and goes anywhere. */

G_BEGIN_DECLS

typedef struct TillPromotionShelf TillPromotionShelf;

TillPromotionShelf *till_promotion_shelf_new(void);
void till_promotion_shelf_free(TillPromotionShelf *shelf);

/* All promotions that are in the books now. Borrowed until the next call. NULL with error. */
TillPromoIndex *till_promotion_shelf_index(TillPromotionShelf *shelf, TillDb *db, GError **error);
/* What was read may not be in the books. */
void till_promotion_shelf_forget(TillPromotionShelf *shelf);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillPromotionShelf, till_promotion_shelf_free)

G_END_DECLS
