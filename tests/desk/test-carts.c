/* SPDX-License-Identifier: Apache-2.0 */
#include "cart-desk.h"
#include "pickup-fixture.h"

/* A cart of the web at a till. */

static void
feed_cart(TillStore *store, const char *version, const char *lines)
{
	g_autofree char *row = g_strconcat(
	    "{\"id\":\"c-9\",\"customer\":\"u-1\",\"channel\":\"web\",\"version\":", version,
	    ",\"place\":\"015/01\",\"updated_ms\":5,\"body\":\"{\\\"lines\\\":[", lines,
	    "],\\\"coupons\\\":[\\\"TAKE5\\\"]}\"}", NULL);
	const char *const page[] = {"cart", "c-9", row, NULL};

	till_fixture_feed(store, "chain", page);
}

static void
add_cart(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	feed_cart(store, "3",
		  "{\\\"code\\\":\\\"4006381333931\\\",\\\"quantity_milli\\\":2000,"
		  "\\\"seen_minor\\\":2350},{\\\"code\\\":\\\"SHIRT\\\",\\\"name\\\":"
		  "\\\"Linen shirt\\\"}");
}

static void
edit_cart(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	feed_cart(store, "4",
		  "{\\\"code\\\":\\\"4006381333931\\\",\\\"quantity_milli\\\":3000},"
		  "{\\\"code\\\":\\\"SHIRT\\\",\\\"name\\\":\\\"Linen shirt\\\"}");
}

static void
test_cart(void)
{
	TillPickupFixture fixture = till_pickup_fixture_open();
	TillRegister *reg = fixture.base->reg;
	const TillCartBy by = {"s-1", "Ines Moreau"};
	g_autoptr(GError) error = NULL;

	till_fixture_do(fixture.base->fixture, add_cart);
	g_autoptr(GPtrArray) found = till_cart_desk_find(reg, "u-1", &error);
	g_assert_no_error(error);
	g_assert_cmpuint(found->len, ==, 1);
	const TillCartFound *cart = g_ptr_array_index(found, 0);
	g_assert_cmpstr(cart->place, ==, "015/01");
	g_assert_cmpuint(cart->items, ==, 3);
	TillCartBrought *brought = till_cart_desk_take(reg, "c-9", &by, &error);
	g_assert_no_error(error);
	g_assert_cmpint(brought->version, ==, 3);
	g_assert_cmpuint(brought->lines->len, ==, 1);
	g_assert_cmpuint(brought->missing->len, ==, 1);
	g_assert_cmpuint(brought->coupons->len, ==, 1);
	g_assert_cmpuint(brought->changes->len, ==, 2);
	g_assert_cmpstr(g_ptr_array_index(brought->changes, 0), ==,
			"Organic tee costs 1.00 EUR more than when it was put in the cart");
	g_assert_cmpstr(g_ptr_array_index(brought->changes, 1), ==, "Linen shirt is not sold here");
	g_autoptr(GPtrArray) none = till_cart_desk_changes(reg, brought, &error);
	g_assert_cmpuint(none->len, ==, 0);
	till_fixture_do(fixture.base->fixture, edit_cart);
	g_autoptr(GPtrArray) changes = till_cart_desk_changes(reg, brought, &error);
	g_assert_cmpuint(changes->len, ==, 1);
	g_assert_cmpint(((TillCartLine *)g_ptr_array_index(changes, 0))->quantity_milli, ==, ONE);
	g_assert_true(till_cart_desk_release(reg, "c-9", &by, &error));
	const TillCartParcel parcel = {"u-1", "", cart->cart, by};
	g_assert_true(till_cart_desk_send(reg, &parcel, &error));
	g_assert_null(till_cart_desk_take(reg, "c-8", &by, &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
	till_cart_desk_brought_free(brought);
	till_pickup_fixture_close(&fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/desk/carts/brought-in-edited-and-sent", test_cart);
	return g_test_run();
}
