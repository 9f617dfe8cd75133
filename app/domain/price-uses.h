/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* How often limited offers and coupons were used before, as far as whoever prices knows: by
 * everybody (customer "") and by single customers. A till has what the central last told it and
 * adds its own sales that the central has not counted yet.
 *
 * Threads: any; constant once filled, reference-counted. */

G_BEGIN_DECLS

typedef enum {
	TILL_PRICE_USES_PROMOTION, /* key: its id */
	TILL_PRICE_USES_COUPON,    /* key: the code in capitals */
} TillPriceUsesKind;

typedef struct {
	gint64 uses;
	gint64 spent_minor;
} TillPriceUse;

typedef struct TillPriceUses TillPriceUses;

TillPriceUses *till_price_uses_new(void);
TillPriceUses *till_price_uses_ref(TillPriceUses *uses);
void till_price_uses_unref(TillPriceUses *uses);

/* Adds to what is known; the numbers may be negative (a use that was taken back), a sum below zero
 * counts as none. Only while it is filled. customer: "" for everybody. */
void till_price_uses_add(TillPriceUses *uses, TillPriceUsesKind kind, const char *key,
			 const char *customer, const TillPriceUse *use);
/* Zeros when nothing is known. uses may be NULL. */
TillPriceUse till_price_uses_find(const TillPriceUses *uses, TillPriceUsesKind kind,
				  const char *key, const char *customer);

/* Every promotion of which a use by everybody is known, in order of strcmp. Borrowed texts; caller
 * frees the array. */
GPtrArray *till_price_uses_promotions(const TillPriceUses *uses);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillPriceUses, till_price_uses_unref)

G_END_DECLS
