/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "basket-file.h"
#include "error.h"
#include "receipt.h"
#include "sale.h"
#include "till-sample.h"
#include "till-test.h"

static void
test_a_place_to_fetch_at_is_needed(void)
{
	TillDelivery delivery = {0};

	g_assert_false(till_delivery_make(TILL_DELIVERY_PICKUP, "", &delivery));
	g_assert_false(till_delivery_make(TILL_DELIVERY_SHIP, "12345678901234567", &delivery));
	g_assert_cmpint(delivery.kind, ==, TILL_DELIVERY_CARRY_OUT);
	g_assert_true(till_delivery_make(TILL_DELIVERY_SHIP, "", &delivery));
	g_autofree char *home = till_delivery_words(&delivery);
	g_assert_cmpstr(home, ==, "Sent home");
	g_assert_true(till_delivery_make(TILL_DELIVERY_PICKUP, "021", &delivery));
	g_autofree char *there = till_delivery_words(&delivery);
	g_assert_cmpstr(there, ==, "To be fetched at store 021");
	g_assert_true(till_delivery_make(TILL_DELIVERY_CARRY_OUT, "021", &delivery));
	g_assert_cmpstr(delivery.store, ==, "");
	g_assert_null(till_delivery_words(&delivery));
}

/* A line that is sent home, and a piece of the same item that is carried out. */
static TillBasket *
create_basket(void)
{
	TillBasket *basket = till_basket_new();
	g_autoptr(TillItem) item = till_sample_item("TEE", 1000);
	TillDelivery delivery;
	guint first, second;

	g_assert_cmpint(till_basket_add(basket, item, "4001", 1000, &first), ==, TILL_BASKET_OK);
	g_assert_true(till_delivery_make(TILL_DELIVERY_SHIP, "021", &delivery));
	g_assert_cmpint(till_basket_set_delivery(basket, first, &delivery), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, item, "4001", 1000, &second), ==, TILL_BASKET_OK);
	g_assert_cmpuint(first, !=, second);
	g_assert_cmpint(till_basket_set_delivery(basket, 99, &delivery), ==, TILL_BASKET_NO_LINE);
	return basket;
}

static void
test_it_stays_on_the_line_into_the_sale(void)
{
	g_autoptr(TillBasket) basket = create_basket();
	TillPriceRules rules = till_sample_rules();
	g_autoptr(GError) error = NULL;
	TillPriced *priced = till_price_basket(basket, &rules, &error);
	g_assert_no_error(error);
	g_autoptr(TillSale) sale = till_sample_sale(priced, 5000);
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	g_autoptr(TillSale) back = till_sale_from_bytes(body, &error);
	g_assert_no_error(error);
	const TillPricedLine *first = g_ptr_array_index(back->priced->lines, 0);
	const TillPricedLine *second = g_ptr_array_index(back->priced->lines, 1);
	TillReceiptStyle style = {.shop_name = "Juniper & Rye", .local_time = "now", .columns = 42};
	g_autofree char *text = till_receipt_text(back, &style);

	g_assert_cmpint(first->delivery.kind, ==, TILL_DELIVERY_SHIP);
	g_assert_cmpstr(first->delivery.store, ==, "021");
	g_assert_cmpint(second->delivery.kind, ==, TILL_DELIVERY_CARRY_OUT);
	g_assert_nonnull(strstr(text, "Sent home"));
	till_price_rules_clear(&rules);
}

static void
test_only_what_goes_the_same_way_is_counted_up(void)
{
	g_autoptr(TillBasket) basket = create_basket();
	g_autoptr(TillItem) item = till_sample_item("TEE", 1000);
	TillDelivery home, there;
	guint id;

	g_assert_true(till_delivery_make(TILL_DELIVERY_SHIP, "021", &home));
	g_assert_true(till_delivery_make(TILL_DELIVERY_PICKUP, "021", &there));
	g_assert_cmpint(till_basket_add_delivered(basket, item, "4001", 1000, &home, &id), ==,
			TILL_BASKET_OK);
	g_assert_cmpuint(till_basket_count(basket), ==, 2);
	g_assert_cmpint(till_basket_find(basket, id)->quantity_milli, ==, 2000);
	g_assert_cmpint(till_basket_add_delivered(basket, item, "4001", 1000, &there, &id), ==,
			TILL_BASKET_OK);
	g_assert_cmpuint(till_basket_count(basket), ==, 3);
	g_assert_cmpint(till_basket_find(basket, id)->delivery.kind, ==, TILL_DELIVERY_PICKUP);
}

static TillBasketFile *
parse(const char *quoted, GError **error)
{
	g_autofree char *text = g_strdelimit(g_strdup(quoted), "'", '"');

	return till_basket_file_parse(text, strlen(text), error);
}

static void
test_a_basket_file_says_it(void)
{
	g_autoptr(GError) error = NULL;
	TillBasketFile *file = parse(
	    "{'lines':[{'code':'4001','fulfilment':{'kind':'pickup','store':'021'}}]}", &error);

	g_assert_no_error(error);
	const TillBasketFileLine *line = g_ptr_array_index(file->lines, 0);
	g_assert_cmpint(line->delivery.kind, ==, TILL_DELIVERY_PICKUP);
	till_basket_file_free(file);
	g_assert_null(parse("{'lines':[{'code':'4001','fulfilment':{'kind':'pickup'}}]}", &error));
	g_assert_nonnull(strstr(error->message, "store"));
	g_clear_error(&error);
	g_assert_null(parse("{'lines':[{'code':'4001','fulfilment':{'kind':'drone'}}]}", &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/delivery/a-place-to-fetch-at-is-needed",
			test_a_place_to_fetch_at_is_needed);
	g_test_add_func("/domain/delivery/it-stays-on-the-line-into-the-sale",
			test_it_stays_on_the_line_into_the_sale);
	g_test_add_func("/domain/delivery/only-what-goes-the-same-way-is-counted-up",
			test_only_what_goes_the_same_way_is_counted_up);
	g_test_add_func("/domain/delivery/a-basket-file-says-it", test_a_basket_file_says_it);
	return g_test_run();
}
