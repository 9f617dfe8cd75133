/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "changes.h"
#include "entry.h"
#include "sale.h"

/* What sales use up of limited offers, and what they took that they should not have.
 *
 * Each use of a promotion or coupon with a limit is one row for ever (a sale that comes again finds
 * its row and counts no more) and counts into promotion_use and coupon_use, which terminals are
 * told of. Counters are kept in memory for the length of one batch: an offer that is used a hundred
 * times in it gives one row of the feed. Offers without a limit are not counted.
 *
 * A sale always stands. An offer that was given outside its time (by the corrected time of the
 * sale, and as the till knew it) or beyond its limits raises PROMO_LATE, a coupon beyond its uses
 * COUPON_OVERUSED; where a code that is good for one sale was used before, that store is told too.
 *
 * Threads: the writer's; lives inside one transaction. */

G_BEGIN_DECLS

typedef struct TillOffers TillOffers;

/* store: the store's scope, open; borrowed, as all else. */
TillOffers *till_offers_new(TillCentral *central, TillChanges *store, const char *store_code,
			    gint64 now_ms);
/* Writes the counters. To be called before store is closed. */
gboolean till_offers_finish(TillOffers *offers, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_offers_free(TillOffers *offers);

/* Counts and judges a sale that has just been entered. Appends the codes of the exceptions it
 * raised (char*, owned by the array), each once. FALSE only when the database failed. */
gboolean till_offers_sale(TillOffers *offers, const TillEntry *entry, const TillSale *sale,
			  GPtrArray *codes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillOffers, till_offers_free)

G_END_DECLS
