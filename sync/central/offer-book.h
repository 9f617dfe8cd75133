/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "db.h"
#include "promo.h"

/* Single promotions of the chain as they are or were, parsed once: what the books need to know of
 * the offers in a sale. (Whoever prices with all of them at once reads past.h.)
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

typedef struct TillOfferBook TillOfferBook;

TillOfferBook *till_offer_book_new(void);
void till_offer_book_free(TillOfferBook *book);

/* The promotion as it is now. NULL without error: there is none, or this release cannot read it.
 * Borrowed until the next call. */
const TillPromo *till_offer_book_now(TillOfferBook *book, TillDb *db, const char *id,
				     GError **error);
/* The same as it was at a number of the chain's feed. */
const TillPromo *till_offer_book_at(TillOfferBook *book, TillDb *db, const char *id, gint64 number,
				    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillOfferBook, till_offer_book_free)

G_END_DECLS
