/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "price-context.h"
#include "price-trace.h"
#include "promo-json.h"
#include "sale.h"
#include "till-sample.h"
#include "till-test.h"

#define NOON_MS G_GINT64_CONSTANT(1764158400000)

static const TillPriceMoment noon = {
    .now_ms = NOON_MS, .weekday = 2, .minute = 720, .channel = TILL_CHANNEL_STORE, .store = "014"};

static TillCustomer *
create_customer(void)
{
	TillCustomer *customer = till_customer_new();

	customer->id = g_strdup("c-0001");
	customer->name = g_strdup("Amelia Hart");
	customer->email = g_strdup("amelia.hart@mail.example");
	customer->phone = g_strdup("+1 555 0142");
	customer->loyalty = g_strdup("JR100001");
	g_strfreev(customer->groups);
	customer->groups = till_customer_split(" gold ,, staff");
	g_strfreev(customer->segments);
	customer->segments = till_customer_split("runner");
	customer->purchases = 3;
	return customer;
}

static void
test_masks_show_little(void)
{
	g_autofree char *email = till_customer_mask_email("amelia.hart@mail.example");
	g_autofree char *phone = till_customer_mask_phone("+1 555 0142");
	g_autofree char *bare = till_customer_bare_phone("+1 (555) 01-42");
	g_autofree char *none = till_customer_mask_email("nonsense");
	g_autofree char *code = till_customer_mask_code("JR100001");
	g_autofree char *short_code = till_customer_mask_code("c-1");
	g_autofree char *no_code = till_customer_mask_code("");
	g_autofree char *small = till_customer_mask_phone("142");

	g_assert_cmpstr(bare, ==, "+15550142");
	g_assert_cmpstr(email, ==, "a•••@mail.example");
	g_assert_cmpstr(phone, ==, "••• 0142");
	g_assert_cmpstr(none, ==, "");
	g_assert_cmpstr(code, ==, "••• 0001");
	g_assert_cmpstr(short_code, ==, "••• 1");
	g_assert_cmpstr(no_code, ==, "");
	g_assert_cmpstr(small, ==, "");
}

static void
test_coupons_are_kept_once(void)
{
	TillShopper shopper = {0};
	guint count;

	g_assert_cmpint(till_shopper_add_coupon(&shopper, " welcome10\n"), ==, TILL_SHOPPER_OK);
	g_assert_cmpint(till_shopper_add_coupon(&shopper, "WELCOME10"), ==, TILL_SHOPPER_TWICE);
	g_assert_cmpint(till_shopper_add_coupon(&shopper, "two words"), ==, TILL_SHOPPER_BAD);
	g_assert_cmpint(till_shopper_add_coupon(&shopper, "a\x1b[31m"), ==, TILL_SHOPPER_BAD);
	g_assert_cmpint(till_shopper_add_coupon(&shopper, "\xff"), ==, TILL_SHOPPER_BAD);
	g_assert_cmpint(till_shopper_add_coupon(&shopper, ""), ==, TILL_SHOPPER_BAD);
	for (int i = 1; i < TILL_SHOPPER_COUPONS_MAX; i++) {
		g_autofree char *code = g_strdup_printf("C%d", i);
		g_assert_cmpint(till_shopper_add_coupon(&shopper, code), ==, TILL_SHOPPER_OK);
	}
	g_assert_cmpint(till_shopper_add_coupon(&shopper, "MORE"), ==, TILL_SHOPPER_FULL);
	g_assert_true(till_shopper_remove_coupon(&shopper, "welcome10"));
	g_assert_false(till_shopper_remove_coupon(&shopper, "welcome10"));
	g_assert_cmpstr(till_shopper_coupons(&shopper, &count)[0], ==, "C1");
	g_assert_cmpuint(count, ==, TILL_SHOPPER_COUPONS_MAX - 1);
	till_shopper_clear(&shopper);
}

static void
test_certificate_ends(void)
{
	TillShopper shopper = {0};
	char number[] = "NY-ST-119";
	char empty[] = " ";
	TillExemption exemption = {.certificate = number, .valid_to_ms = NOON_MS};
	TillExemption nameless = {.certificate = empty};

	g_assert_false(till_shopper_set_exemption(&shopper, &nameless));
	g_assert_true(till_shopper_set_exemption(&shopper, &exemption));
	g_assert_true(till_shopper_is_exempt(&shopper, NOON_MS - 1));
	g_assert_false(till_shopper_is_exempt(&shopper, NOON_MS));
	g_assert_true(till_shopper_set_exemption(&shopper, NULL));
	g_assert_false(till_shopper_is_exempt(&shopper, 0));
	till_shopper_clear(&shopper);
}

/* A group price, a coupon limited to one use, and an offer for a segment. */
static TillPriceRules
create_rules(void)
{
	static const char json[] =
	    "{\"promotions\":[{\"id\":\"five\",\"name\":\"5.00 "
	    "off\",\"coupon\":{\"codes\":[\"FIVE\"],"
	    "\"uses\":1},\"effects\":[{\"kind\":\"amount\",\"on\":\"basket\",\"amount_minor\":500}]"
	    "},"
	    "{\"id\":\"run\",\"name\":\"Runners 10 %\",\"who\":{\"segments\":[\"runner\"]},"
	    "\"effects\":[{\"kind\":\"percent\",\"rate_ppm\":100000}]},"
	    "{\"id\":\"cap\",\"name\":\"First hundred\",\"limits\":{\"uses\":100},"
	    "\"effects\":[{\"kind\":\"amount\",\"on\":\"basket\",\"amount_minor\":100}]}]}";
	TillPriceRules rules = till_sample_rules();
	g_autoptr(GError) error = NULL;
	json_t *object = json_loads(json, 0, NULL);
	g_autoptr(GPtrArray) promos = till_promo_json_read_list(object, "rules", &error);

	g_assert_no_error(error);
	json_decref(object);
	rules.promos = till_promo_index_new((TillPromo *const *)promos->pdata, promos->len);
	rules.uses = till_price_uses_new();
	g_strlcpy(rules.chain_cursor, "e.42", sizeof rules.chain_cursor);
	return rules;
}

static TillBasket *
create_basket(void)
{
	TillBasket *basket = till_basket_new();
	g_autoptr(TillItem) tee = till_sample_item("tee", 3000);
	TillPriceRow gold = {.list = "group:gold", .price_minor = 2500};
	g_autoptr(TillCustomer) customer = create_customer();

	tee->prices = till_price_list_new();
	tee->as_of = 41;
	g_assert_true(till_price_list_add(tee->prices, "tee", &gold, NULL));
	g_assert_cmpint(till_basket_add(basket, tee, "", 1000, NULL), ==, TILL_BASKET_OK);
	till_shopper_set_customer(till_basket_shopper(basket), customer);
	g_assert_cmpint(till_shopper_add_coupon(till_basket_shopper(basket), "five"), ==,
			TILL_SHOPPER_OK);
	return basket;
}

static TillPriced *
price_basket(const TillBasket *basket, const TillPriceRules *rules)
{
	g_autoptr(GError) error = NULL;
	TillPriced *priced = till_price_for(basket, rules, &noon, &error);

	g_assert_no_error(error);
	return priced;
}

static void
test_shopper_decides_the_price(void)
{
	TillPriceRules rules = create_rules();
	g_autoptr(TillBasket) basket = create_basket();
	g_autoptr(TillPriced) priced = price_basket(basket, &rules);

	/* 25.00 for gold, less 10 %, 5.00 and 1.00. */
	g_assert_cmpint(priced->list_minor, ==, 2500);
	g_assert_cmpint(priced->discount_minor, ==, 250 + 500 + 100);
	till_shopper_set_customer(till_basket_shopper(basket), NULL);
	g_autoptr(TillPriced) stranger = price_basket(basket, &rules);
	g_assert_cmpint(stranger->list_minor, ==, 3000);
	g_assert_cmpint(stranger->discount_minor, ==, 600);
	till_price_rules_clear(&rules);
}

static void
test_no_personal_offers_for_who_refused_them(void)
{
	TillPriceRules rules = create_rules();
	g_autoptr(TillBasket) basket = create_basket();
	g_autoptr(TillCustomer) customer = create_customer();

	customer->offers = FALSE;
	till_shopper_set_customer(till_basket_shopper(basket), customer);
	g_autoptr(TillPriced) priced = price_basket(basket, &rules);
	g_assert_cmpint(priced->list_minor, ==, 2500);
	g_assert_cmpint(priced->discount_minor, ==, 600);
	till_price_rules_clear(&rules);
}

static void
test_known_use_uses_up(void)
{
	TillPriceRules rules = create_rules();
	g_autoptr(TillBasket) basket = create_basket();
	TillPriceUse one = {.uses = 1, .spent_minor = 500};
	TillPriceUse hundred = {.uses = 100};
	TillPriceUse back = {.uses = -1};

	till_price_uses_add(rules.uses, TILL_PRICE_USES_COUPON, "FIVE", "", &one);
	till_price_uses_add(rules.uses, TILL_PRICE_USES_PROMOTION, "cap", "", &hundred);
	g_autoptr(TillPriced) priced = price_basket(basket, &rules);
	g_assert_cmpint(priced->discount_minor, ==, 250);
	g_assert_cmpint(
	    g_array_index(priced->promoted->coupons, TillPromoEngineCouponAnswer, 0).reason, ==,
	    TILL_PROMO_ENGINE_USED_UP);
	till_price_uses_add(rules.uses, TILL_PRICE_USES_PROMOTION, "cap", "", &back);
	g_autoptr(TillPriced) again = price_basket(basket, &rules);
	g_assert_cmpint(again->discount_minor, ==, 350);
	till_price_rules_clear(&rules);
}

static void
test_certificate_frees_from_tax(void)
{
	TillPriceRules rules = create_rules();
	g_autoptr(TillBasket) basket = create_basket();
	char number[] = "NY-ST-119";
	TillExemption exemption = {.certificate = number};

	g_autoptr(TillPriced) taxed = price_basket(basket, &rules);
	g_assert_cmpint(taxed->tax_minor, >, 0);
	g_assert_true(till_shopper_set_exemption(till_basket_shopper(basket), &exemption));
	g_autoptr(TillPriced) exempt = price_basket(basket, &rules);
	g_assert_cmpint(exempt->tax_minor, ==, 0);
	g_assert_cmpint(exempt->total_minor, ==, taxed->total_minor - taxed->tax_minor);
	till_price_rules_clear(&rules);
}

/* What a sale carries is enough to come to the same price again. */
static void
test_sale_keeps_what_its_price_depends_on(void)
{
	TillPriceRules rules = create_rules();
	g_autoptr(TillBasket) basket = create_basket();
	char number[] = "NY-ST-119";
	TillExemption exemption = {.certificate = number, .valid_to_ms = NOON_MS + 1};
	TillPriceUse some = {.uses = 7};
	g_autoptr(GError) error = NULL;

	g_assert_true(till_shopper_set_exemption(till_basket_shopper(basket), &exemption));
	till_price_uses_add(rules.uses, TILL_PRICE_USES_PROMOTION, "cap", "", &some);
	till_price_uses_add(rules.uses, TILL_PRICE_USES_PROMOTION, "other", "", &some);
	g_autoptr(TillSale) sale = till_sample_sale(price_basket(basket, &rules), 5000);
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	g_autoptr(TillSale) read = till_sale_from_bytes(body, &error);
	g_assert_no_error(error);
	TillPriceContext *context = read->priced->context;
	g_assert_nonnull(context);
	const TillPriceMoment *moment = till_price_context_moment(context);
	g_assert_cmpstr(moment->chain_cursor, ==, "e.42");
	g_assert_cmpint(((TillPricedLine *)g_ptr_array_index(read->priced->lines, 0))->item->as_of,
			==, 41);
	g_assert_cmpuint(till_price_context_engine(context)->usage_count, ==, 1);
	g_autoptr(TillPriced) again = till_price_again(basket, &rules, context, &error);
	g_assert_no_error(error);
	g_assert_cmpint(again->total_minor, ==, sale->priced->total_minor);
	g_autoptr(GBytes) twice = till_sale_to_bytes(read);
	g_assert_true(g_bytes_equal(body, twice));
	/* A sale says nothing about the person but the number. */
	g_assert_null(
	    g_strstr_len(g_bytes_get_data(body, NULL), (gssize)g_bytes_get_size(body), "Amelia"));
	till_price_rules_clear(&rules);
}

static void
test_trace_adds_up(void)
{
	TillPriceRules rules = create_rules();
	g_autoptr(TillBasket) basket = create_basket();
	g_autoptr(TillPriced) priced = price_basket(basket, &rules);
	g_autoptr(GArray) steps = till_price_trace_line(priced, 0);
	gint64 left = 0;

	for (guint i = 0; i + 1 < steps->len; i++) {
		const TillPriceStep *step = &g_array_index(steps, TillPriceStep, i);
		left += step->amount_minor;
		g_assert_cmpint(step->left_minor, ==, left);
	}
	g_assert_cmpint(g_array_index(steps, TillPriceStep, steps->len - 1).amount_minor, ==, left);
	g_assert_cmpint(left, ==, priced->total_minor);
	json_t *json = till_price_trace_json(priced, TRUE);
	g_assert_cmpint(json_integer_value(json_object_get(json, "total_minor")), ==,
			priced->total_minor);
	json_t *coupon = json_array_get(json_object_get(json, "coupons"), 0);
	g_assert_true(json_is_true(json_object_get(coupon, "applied")));
	json_decref(json);
	till_price_rules_clear(&rules);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/shopper/masks-show-little", test_masks_show_little);
	g_test_add_func("/domain/shopper/coupons-are-kept-once", test_coupons_are_kept_once);
	g_test_add_func("/domain/shopper/certificate-ends", test_certificate_ends);
	g_test_add_func("/domain/shopper/shopper-decides-the-price",
			test_shopper_decides_the_price);
	g_test_add_func("/domain/shopper/no-personal-offers-for-who-refused-them",
			test_no_personal_offers_for_who_refused_them);
	g_test_add_func("/domain/shopper/known-use-uses-up", test_known_use_uses_up);
	g_test_add_func("/domain/shopper/certificate-frees-from-tax",
			test_certificate_frees_from_tax);
	g_test_add_func("/domain/shopper/sale-keeps-what-its-price-depends-on",
			test_sale_keeps_what_its_price_depends_on);
	g_test_add_func("/domain/shopper/trace-adds-up", test_trace_adds_up);
	return g_test_run();
}
