/* SPDX-License-Identifier: Apache-2.0 */
#include "sylius-cart.h"

#include <string.h>

static const json_t *
find_named(const json_t *list, const char *name)
{
	for (gsize i = 0; i < json_array_size(list); i++) {
		if (strcmp(till_vector_text_or(json_array_get(list, i), "name", ""), name) == 0)
			return json_array_get(list, i);
	}
	return NULL;
}

/* A product by its name or that of one of its variants; out_variant: what has the price. */
static const json_t *
find_product(const TillVector *vector, const char *name, const json_t **out_variant)
{
	const json_t *products = json_object_get(vector->inputs, "products");
	const json_t *product = find_named(products, name);

	if (product != NULL) {
		const json_t *variants = json_object_get(product, "variants");
		*out_variant =
		    json_array_size(variants) > 0 ? json_array_get(variants, 0) : product;
		return product;
	}
	for (gsize i = 0; i < json_array_size(products); i++) {
		product = json_array_get(products, i);
		*out_variant = find_named(json_object_get(product, "variants"), name);
		if (*out_variant != NULL)
			return product;
	}
	return NULL;
}

static TillSyliusLine *
find_line(TillSyliusCart *cart, const char *name, guint *out_index)
{
	for (guint i = 0; i < cart->lines->len; i++) {
		TillSyliusLine *line = &g_array_index(cart->lines, TillSyliusLine, i);
		if (strcmp(line->name, name) == 0) {
			*out_index = i;
			return line;
		}
	}
	return NULL;
}

gboolean
till_sylius_cart_add(TillSyliusCart *cart, const char *name, gint64 quantity)
{
	const json_t *variant = NULL;
	const json_t *product = find_product(cart->vector, name, &variant);
	guint index;
	TillSyliusLine *known = find_line(cart, name, &index);

	if (known != NULL) {
		known->quantity += quantity;
		return TRUE;
	}
	if (product == NULL)
		return FALSE;
	TillSyliusLine line = {
	    .product = product,
	    .variant = variant,
	    .name = name,
	    .price_minor =
		till_vector_scaled(cart->vector, variant, "price", TILL_SYLIUS_CART_EXPONENT),
	    .quantity = quantity,
	};
	g_array_append_val(cart->lines, line);
	return TRUE;
}

static void
play(TillSyliusCart *cart, const json_t *step)
{
	const char *op = till_vector_text_or(step, "op", "");
	const char *name = till_vector_text_or(step, "product", "");
	gint64 quantity = till_vector_scaled_or(cart->vector, step, "quantity", 0, 1);
	guint index;

	till_vector_known(cart->vector, step, "op product quantity code");
	if (!till_vector_open(cart->vector))
		return;
	if (strcmp(op, "add") == 0) {
		if (!till_sylius_cart_add(cart, name, quantity))
			till_vector_out(cart->vector, "a product that is not in the case");
		return;
	}
	if (strcmp(op, "apply_coupon") == 0) {
		cart->code = till_vector_text_or(step, "code", "");
		return;
	}
	if (strcmp(op, "remove_coupon") == 0) {
		cart->code = NULL;
		return;
	}
	TillSyliusLine *line = find_line(cart, name, &index);
	if (strcmp(op, "remove") == 0 && line != NULL)
		g_array_remove_index(cart->lines, index);
	else if (strcmp(op, "set_quantity") == 0 && line != NULL)
		line->quantity = quantity;
	else
		till_vector_out(cart->vector, "basket step \"%s\"", op);
}

TillSyliusCart *
till_sylius_cart_new(TillVector *vector)
{
	const json_t *steps = json_object_get(vector->inputs, "cart_steps");
	TillSyliusCart *cart = g_new0(TillSyliusCart, 1);

	cart->vector = vector;
	cart->lines = g_array_new(FALSE, FALSE, sizeof(TillSyliusLine));
	for (gsize i = 0; i < json_array_size(steps); i++)
		play(cart, json_array_get(steps, i));
	return cart;
}

void
till_sylius_cart_free(TillSyliusCart *cart)
{
	if (cart == NULL)
		return;
	g_array_unref(cart->lines);
	g_free(cart);
}
