/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "json.h"
#include "price-uses.h"
#include "promo-engine.h"
#include "shopper.h"
#include "tax-engine.h"

/* Everything besides the lines and the rules that a price depends on: the moment, the place, the
 * shopper, and what was known of the use of limited offers. A sale carries it as "pricing", so that
 * the central can work out the same price years later:
 *
 *   {at_ms, weekday, minute, channel, store, chain, shop, shopper?{customer?, coupons?,
 * exemption?}, coupon_uses?[{code, uses, customer_uses}], promotion_uses?[{id, uses, customer_uses,
 * spent_minor}]}
 *
 * chain and shop are the cursors ("epoch.seq") of the rules that priced it; "" when unknown.
 *
 * Threads: any (pure); constant once made, reference-counted. */

G_BEGIN_DECLS

#define TILL_CHANNEL_STORE "store"
#define TILL_PRICE_CURSOR_MAX 64

typedef struct {
	gint64 now_ms;
	guint weekday; /* local: 0 Monday … 6 Sunday */
	guint minute;  /* local, of the day */
	const char *channel;
	const char *store; /* its code */
	/* The version of the rules, by cursor; NULL counts as "". */
	const char *chain_cursor;
	const char *shop_cursor;
} TillPriceMoment;

typedef struct TillPriceContext TillPriceContext;

/* Copies what it is given. uses (nullable): of all offers; only what this shopper's coupons and
 * customer need is kept. */
TillPriceContext *till_price_context_new(const TillPriceMoment *moment, const TillShopper *shopper,
					 const TillPriceUses *uses);
TillPriceContext *till_price_context_ref(TillPriceContext *context);
void till_price_context_unref(TillPriceContext *context);

const TillPriceMoment *till_price_context_moment(const TillPriceContext *context);
const TillShopper *till_price_context_shopper(const TillPriceContext *context);
/* For the engines; borrowed from the context. */
const TillPromoEngineContext *till_price_context_engine(const TillPriceContext *context);
/* NULL when no certificate counts. */
const TillTaxEngineExemption *till_price_context_exemption(const TillPriceContext *context);

/* looked_at (nullable: all): the promotions whose use mattered; use of others is left out. */
json_t *till_price_context_write(const TillPriceContext *context,
				 const TillPromoEngineResult *looked_at);
/* Reads a field of an object; NULL when absent. Faults go to the reader. */
TillPriceContext *till_price_context_read(TillJsonReader *parent, const char *field);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillPriceContext, till_price_context_unref)

G_END_DECLS
