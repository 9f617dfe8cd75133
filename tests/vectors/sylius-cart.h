/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "promo-draft.h"
#include "vector.h"

/* The basket of a Sylius case after its steps were played in order; read by the tax cases, the
 * promotion cases and those of the price list alike.
 *
 * Threads: one. */

G_BEGIN_DECLS

#define TILL_SYLIUS_CART_EXPONENT 2

typedef struct {
	const json_t *product; /* borrowed from the case: name, price or variants, categories, … */
	const json_t *variant; /* what has the price: the product itself or its variant */
	const char *name;      /* borrowed */
	gint64 price_minor;    /* of one */
	gint64 quantity;
	gint64 discount_minor; /* ≥ 0, of the whole line: promotions on the item and its part of
				  those on the order */
} TillSyliusLine;

typedef struct {
	TillVector *vector; /* borrowed */
	GArray *lines;      /* of TillSyliusLine */
	const char *code;   /* borrowed: the coupon applied last; NULL: none */
} TillSyliusCart;

/* Plays the steps; the case goes out of scope on a step it does not know. */
TillSyliusCart *till_sylius_cart_new(TillVector *vector);
void till_sylius_cart_free(TillSyliusCart *cart);
/* One of a variant, or of the first variant of a product. FALSE when there is none of that name. */
gboolean till_sylius_cart_add(TillSyliusCart *cart, const char *name, gint64 quantity);

/* Has the promotions of the case (inputs.promotions, catalog_promotions, coupons) fill in
 * discount_minor. NULL when the case is out of scope or failed. */
TillPromoEngineResult *till_sylius_promote_run(TillSyliusCart *cart);
/* What promotions other than those of the price list took off. */
gint64 till_sylius_promote_discount(const TillPromoEngineResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillSyliusCart, till_sylius_cart_free)

G_END_DECLS
