/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "basket-file.h"
#include "central.h"
#include "price.h"

/* A basket priced with the till's own engine from the central's tables: what any channel is told or
 * billed is what the counter would ask.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

typedef struct {
	TillCentral *central;   /* borrowed, as the texts */
	const char *store_code; /* whose prices and taxes */
	const char *channel;
	const char *fulfilment; /* how the goods are handed over: tax.h */
	TillPriceMoment moment; /* filled in: when it was priced */
	TillPriceRules rules;   /* used while pricing */
} TillQuote;

/* NULL with TILL_ERROR_INVALID or TILL_ERROR_NOT_FOUND that names what cannot be priced. */
TillPriced *till_quote_price(TillQuote *quote, const TillBasketFile *file,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
