/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "promo.h"

/* Promotions by what must be in a basket for them to matter: an SKU, a style, a brand, a tag, a
 * category, a coupon; for those that look at no line, the customer's group or segment, or the
 * store. The rest are looked at every time. The cost of a basket follows the promotions that can
 * touch it, not all there are.
 *
 * Each promotion stands under the narrowest thing that it cannot do without: one of its needs, a
 * part of its set, or the lines of its effects.
 *
 * Threads: any; an index is constant once made. */

G_BEGIN_DECLS

typedef struct TillPromoIndex TillPromoIndex;

/* Keeps a reference to each. Of two with one id the higher version stays. */
TillPromoIndex *till_promo_index_new(TillPromo *const *promos, guint count);
TillPromoIndex *till_promo_index_ref(TillPromoIndex *index);
void till_promo_index_unref(TillPromoIndex *index);
guint till_promo_index_count(const TillPromoIndex *index);

/* What the look-up knows of the buyer; lists NULL-terminated or NULL. */
typedef struct {
	const char *store;
	const char *const *groups;
	const char *const *segments;
	const char *const *codes; /* coupons in capitals */
} TillPromoIndexKeys;

/* The promotions that may touch these lines, each once, in order of work. Borrowed from the index;
 * the caller frees the array. */
GPtrArray *till_promo_index_collect(const TillPromoIndex *index, const TillPromoLine *lines,
				    guint count, const TillPromoIndexKeys *keys);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillPromoIndex, till_promo_index_unref)

G_END_DECLS
