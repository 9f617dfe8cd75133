/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "vector.h"

/* The basket of a Sylius case after its steps were played in order; read by the tax cases and the
 * promotion cases alike.
 *
 * Threads: one. */

G_BEGIN_DECLS

#define TILL_SYLIUS_CART_EXPONENT 2

typedef struct {
	const json_t *product; /* borrowed from the case: name, price, categories, tax_category */
	const char *name;      /* borrowed */
	gint64 price_minor;    /* of one */
	gint64 quantity;
	gint64 discount_minor; /* ≥ 0, of the whole line: promotions on the item and its part of
				  those on the order */
} TillSyliusLine;

typedef struct {
	TillVector *vector; /* borrowed */
	GArray *lines;      /* of TillSyliusLine */
} TillSyliusCart;

/* Plays the steps; the case goes out of scope on a step it does not know. */
TillSyliusCart *till_sylius_cart_new(TillVector *vector);
void till_sylius_cart_free(TillSyliusCart *cart);

/* Has the promotions of the case (inputs.promotions, coupons) fill in discount_minor. */
void till_sylius_cart_promote(TillSyliusCart *cart);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillSyliusCart, till_sylius_cart_free)

G_END_DECLS
