/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "desk-fixture.h"
#include "error.h"

/* The till's side of offers: rules for a shopper, the moment, and coupons that are good once. */

#define PROMOTION(id, rest)                                                                        \
	"{\"id\":\"" id "\",\"body\":\"{\\\"id\\\":\\\"" id                                        \
	"\\\",\\\"name\\\":\\\"Five off\\\"," rest                                                 \
	"\\\"effects\\\":[{\\\"kind\\\":\\\"amount\\\",\\\"on\\\":\\\"basket\\\","                 \
	"\\\"amount_minor\\\":500}]}\"}"

static void
add_offers(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	const char *const page[] = {
	    "promotion",
	    "once",
	    PROMOTION("once", "\\\"coupon\\\":{\\\"codes\\\":[\\\"TAKE5\\\"],\\\"uses\\\":1},"),
	    "promotion",
	    "each",
	    PROMOTION("each", "\\\"coupon\\\":{\\\"codes\\\":[\\\"MINE\\\"],"
			      "\\\"uses_per_customer\\\":1},"),
	    "customer",
	    "c-1",
	    "{\"id\":\"c-1\",\"name\":\"Dana Kowalski\",\"loyalty\":\"JR-77\",\"groups\":\"gold\"}",
	    "customer",
	    "c-2",
	    "{\"id\":\"c-2\",\"name\":\"Daniel Mora\"}",
	    "price",
	    "group:gold\x1fTEE-1\x1f"
	    "0\x1f"
	    "0",
	    "{\"list\":\"group:gold\",\"sku\":\"TEE-1\",\"price_minor\":2000}",
	    NULL};
	till_fixture_feed(store, "chain", page);
}

static TillDeskFixture *
open_desk(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	till_fixture_do(desk->fixture, add_offers);
	return desk;
}

/* A tee for a customer ("": nobody) with a coupon, priced as a screen does: by the rules of this
 * shopper. */
static TillPriced *
price(TillDeskFixture *desk, const char *customer_id, const char *code)
{
	GError *error = NULL;
	TillRegisterShop *shop = till_register_shop(desk->reg, &error);
	TillRegisterFound *found = till_register_find(desk->reg, "TEE-1", &error);
	g_autoptr(TillBasket) basket = till_basket_new();
	TillShopper *shopper = till_basket_shopper(basket);
	g_assert_no_error(error);
	g_assert_cmpint(till_basket_add(basket, found->item, "", 0, NULL), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_shopper_add_coupon(shopper, code), ==, TILL_SHOPPER_OK);
	if (*customer_id != '\0') {
		g_autoptr(TillCustomer) customer =
		    till_register_customer(desk->reg, customer_id, &error);
		g_assert_nonnull(customer);
		till_shopper_set_customer(shopper, customer);
	}
	till_price_rules_clear(&shop->rules);
	g_assert_true(till_register_rules(desk->reg, shopper, &shop->rules, &error));
	TillPriced *priced = till_register_price(desk->reg, shop, basket, &error);
	g_assert_no_error(error);
	till_register_found_free(found);
	till_register_shop_free(shop);
	return priced;
}

static TillPromoEngineReason
reason(const TillPriced *priced)
{
	return g_array_index(priced->promoted->coupons, TillPromoEngineCouponAnswer, 0).reason;
}

static TillRegisterSold *
sell(TillDeskFixture *desk, TillPriced *priced, GError **error)
{
	TillTender tender = {.kind = TILL_TENDER_CASH, .tendered_minor = 5000};
	TillRegisterPayment payment = {.priced = priced,
				       .tenders = &tender,
				       .tender_count = 1,
				       .staff_id = "s-1",
				       .staff_name = "Ines"};
	return till_register_sell(desk->reg, &payment, error);
}

static void
sell_well(TillDeskFixture *desk, TillPriced *priced)
{
	GError *error = NULL;
	TillRegisterSold *sold = sell(desk, priced, &error);
	g_assert_no_error(error);
	g_assert_cmpint(sold->result, ==, TILL_TENDER_OK);
	till_register_sold_free(sold);
}

static void
test_a_coupon_is_good_once(void)
{
	TillDeskFixture *desk = open_desk();
	GError *error = NULL;
	g_autoptr(TillPriced) aside = price(desk, "", "take5");
	TillPriced *first = price(desk, "", "TAKE5");
	g_assert_cmpint(first->total_minor, ==, 1950);
	g_assert_cmpint(reason(first), ==, TILL_PROMO_ENGINE_APPLIED);
	sell_well(desk, first);
	/* Whoever reads the rules again sees it; whoever does not is stopped. */
	g_autoptr(TillPriced) second = price(desk, "", "TAKE5");
	g_assert_cmpint(reason(second), ==, TILL_PROMO_ENGINE_USED_UP);
	g_assert_cmpint(second->total_minor, ==, 2450);
	g_assert_null(sell(desk, g_steal_pointer(&aside), &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "Coupon TAKE5 was used in the meantime");
	till_register_free(desk->reg);
	till_fixture_close(desk->fixture);
	till_desk_fixture_open(desk);
	g_autoptr(TillPriced) third = price(desk, "", "TAKE5");
	g_assert_cmpint(reason(third), ==, TILL_PROMO_ENGINE_USED_UP);
	sell_well(desk, g_steal_pointer(&third));
	till_desk_fixture_free(desk);
}

static void
test_a_coupon_once_for_each(void)
{
	TillDeskFixture *desk = open_desk();
	GError *error = NULL;
	g_autoptr(TillPriced) aside = price(desk, "c-1", "MINE");
	/* The card's code finds her as well; gold members pay 20.00. */
	TillPriced *first = price(desk, "JR-77", "MINE");
	g_assert_cmpint(first->total_minor, ==, 1500);
	sell_well(desk, first);
	g_autoptr(TillPriced) again = price(desk, "c-1", "MINE");
	g_assert_cmpint(reason(again), ==, TILL_PROMO_ENGINE_USED_BY_CUSTOMER);
	g_assert_null(sell(desk, g_steal_pointer(&aside), &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "Coupon MINE");
	TillPriced *other = price(desk, "c-2", "MINE");
	g_assert_cmpint(other->total_minor, ==, 1950);
	sell_well(desk, other);
	till_desk_fixture_free(desk);
}

/* A sale that is tried again is the same sale, not a second use. */
static void
test_tried_again_is_no_second_use(void)
{
	TillDeskFixture *desk = open_desk();
	GError *error = NULL;
	TillUuidSource uuids = {0};
	TillUuid txn = till_uuid_next(&uuids, TILL_FIXTURE_NOW_MS);
	g_autofree char *receipt = NULL;
	for (guint i = 0; i < 2; i++) {
		TillTender tender = {.kind = TILL_TENDER_CASH, .tendered_minor = 5000};
		TillRegisterPayment payment = {.tenders = &tender,
					       .tender_count = 1,
					       .staff_id = "s-1",
					       .staff_name = "Ines",
					       .txn = txn};
		payment.priced = price(desk, "", i == 0 ? "TAKE5" : "take5");
		TillRegisterSold *sold = till_register_sell(desk->reg, &payment, &error);
		g_assert_no_error(error);
		if (receipt != NULL)
			g_assert_cmpstr(receipt, ==, sold->receipt);
		else
			receipt = g_strdup(sold->receipt);
		till_register_sold_free(sold);
	}
	till_desk_fixture_free(desk);
}

static void
test_the_moment_is_the_stores(void)
{
	TillDeskFixture *desk = open_desk();
	GError *error = NULL;
	TillRegisterShop *shop = till_register_shop(desk->reg, &error);
	g_assert_no_error(error);
	TillPriceMoment moment;
	/* Monday 2026-11-23, 10:00 in UTC; Paris is an hour ahead. */
	till_register_moment(desk->reg, shop, &moment);
	g_assert_cmpint(moment.now_ms, ==, TILL_FIXTURE_NOW_MS);
	g_assert_cmpuint(moment.weekday, ==, 0);
	g_assert_cmpuint(moment.minute, ==, 11 * 60);
	g_assert_cmpstr(moment.channel, ==, "store");
	g_assert_cmpstr(moment.store, ==, "014");
	till_test_clock_advance(&desk->fixture->clock, 13 * 3600 * 1000);
	till_register_moment(desk->reg, shop, &moment);
	g_assert_cmpuint(moment.weekday, ==, 1);
	g_assert_cmpuint(moment.minute, ==, 0);
	till_register_shop_free(shop);
	till_desk_fixture_free(desk);
}

typedef struct {
	gboolean done;
	guint promotions;
	gint64 uses;
} Rules;

static void
rules_cb(const TillPriceRules *rules, const GError *error, gpointer user)
{
	Rules *told = user;
	g_assert_no_error(error);
	told->promotions = till_promo_index_count(rules->promos);
	told->uses = till_price_uses_find(rules->uses, TILL_PRICE_USES_COUPON, "TAKE5", "").uses;
	told->done = TRUE;
}

static void
customers_cb(GPtrArray *customers, const GError *error, gpointer user)
{
	guint *count = user;
	g_assert_no_error(error);
	*count = customers->len;
	g_ptr_array_unref(customers);
}

static void
customer_cb(TillCustomer *customer, const GError *error, gpointer user)
{
	gboolean *done = user;
	g_assert_no_error(error);
	g_assert_cmpstr(customer->name, ==, "Dana Kowalski");
	till_customer_unref(customer);
	*done = TRUE;
}

static void
test_the_screen_is_answered_later(void)
{
	TillDeskFixture *desk = open_desk();
	TillShopper shopper = {0};
	Rules told = {.done = FALSE};
	guint count = 0;
	gboolean done = FALSE;
	till_shopper_add_coupon(&shopper, "TAKE5");
	sell_well(desk, price(desk, "", "TAKE5"));
	till_register_rules_async(desk->reg, &shopper, NULL, rules_cb, &told);
	/* The question is copied. */
	till_shopper_clear(&shopper);
	till_register_customers_async(desk->reg, "dan", NULL, customers_cb, &count);
	till_register_customer_async(desk->reg, "JR-77", NULL, customer_cb, &done);
	till_test_wait(&done);
	g_assert_true(told.done);
	g_assert_cmpuint(told.promotions, ==, 2);
	g_assert_cmpint(told.uses, ==, 1);
	g_assert_cmpuint(count, ==, 2);
	till_desk_fixture_free(desk);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/desk/offers/a-coupon-is-good-once", test_a_coupon_is_good_once);
	g_test_add_func("/desk/offers/a-coupon-once-for-each", test_a_coupon_once_for_each);
	g_test_add_func("/desk/offers/tried-again-is-no-second-use",
			test_tried_again_is_no_second_use);
	g_test_add_func("/desk/offers/the-moment-is-the-stores", test_the_moment_is_the_stores);
	g_test_add_func("/desk/offers/the-screen-is-answered-later",
			test_the_screen_is_answered_later);
	return g_test_run();
}
