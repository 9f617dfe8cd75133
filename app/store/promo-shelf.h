/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cache.h"
#include "promo-index.h"

/* The promotions of the cache, read once and kept: 10,000 of them must not cost a scan anything.
 * The feed's changes are taken row by row, a new snapshot begins anew. Private to this layer.
 *
 * A promotion this release cannot read is left out and remembered with the reason: a till that does
 * not understand a condition must not give the discount.
 *
 * Threads: store; the index it hands out is constant and goes anywhere. */

G_BEGIN_DECLS

typedef struct TillPromoShelf TillPromoShelf;

/* Reads every row. */
TillPromoShelf *till_promo_shelf_load(TillCache *cache, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_promo_shelf_free(TillPromoShelf *shelf);

/* What the feed brought, once it is committed; body NULL: it is gone. */
void till_promo_shelf_put(TillPromoShelf *shelf, const char *id, const char *body);

/* By what they need; made anew after a change. Borrowed until the next change. */
TillPromoIndex *till_promo_shelf_index(TillPromoShelf *shelf);

/* What was left out, in words; NULL: nothing. Caller frees. */
char *till_promo_shelf_trouble(const TillPromoShelf *shelf);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillPromoShelf, till_promo_shelf_free)

G_END_DECLS
