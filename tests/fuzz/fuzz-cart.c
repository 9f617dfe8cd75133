/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "cart.h"
#include "json.h"
#include "quantity.h"

static char *
write_cart(const TillCart *cart, gsize *size)
{
	g_autoptr(json_t) object = till_cart_json(cart);

	return till_json_write(object, size);
}

static void
run_cart(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillCart) cart = till_cart_parse((const char *)data, size, &error);
	gsize length;

	if (cart == NULL) {
		g_assert_nonnull(error);
		return;
	}
	g_assert_cmpuint(cart->lines->len, <=, TILL_CART_LINES_MAX);
	g_autofree char *once = write_cart(cart, &length);
	g_autoptr(TillCart) again = till_cart_parse(once, length, &error);
	g_assert_no_error(error);
	g_autofree char *twice = write_cart(again, &length);
	g_assert_cmpstr(once, ==, twice);
	g_autoptr(GPtrArray) changes = till_cart_changes(cart, again);
	g_assert_cmpuint(changes->len, ==, 0);
	while (again->lines->len > 0) {
		const TillCartLine *line = g_ptr_array_index(again->lines, 0);
		g_autofree char *code = g_strdup(line->code);
		g_assert_cmpint(till_cart_take(again, code, TILL_QUANTITY_MAX_MILLI), >, 0);
	}
}

static void
run_step(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) body = g_bytes_new(data, size);
	g_autoptr(TillCartStep) step = till_cart_step_from_bytes(body, &error);

	if (step == NULL) {
		g_assert_nonnull(error);
		return;
	}
	g_autoptr(GBytes) once = till_cart_step_to_bytes(step);
	g_autoptr(TillCartStep) again = till_cart_step_from_bytes(once, &error);
	g_assert_no_error(error);
	g_autoptr(GBytes) twice = till_cart_step_to_bytes(again);
	g_assert_true(g_bytes_equal(once, twice));
}

/* The same bytes as a cart and as what a till did with one. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	run_cart(data, size);
	run_step(data, size);
	return 0;
}
