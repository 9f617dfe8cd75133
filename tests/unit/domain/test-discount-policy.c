/* SPDX-License-Identifier: Apache-2.0 */
#include "discount-policy.h"

#include <string.h>

#include "till-sample.h"
#include "till-test.h"

static TillDiscountPolicy
make_policy(const char *currency)
{
	TillDiscountPolicy policy;

	till_discount_policy_init(&policy, till_currency_find(currency));
	return policy;
}

static void
test_defaults(void)
{
	TillDiscountPolicy policy = make_policy("EUR");

	g_assert_cmpint(policy.limits[TILL_ROLE_ASSOCIATE].percent_ppm, ==, 100000);
	g_assert_cmpint(policy.limits[TILL_ROLE_ASSOCIATE].amount_minor, ==, 2000);
	g_assert_cmpint(policy.limits[TILL_ROLE_CURBSIDE].amount_minor, ==, 0);
	g_assert_cmpuint(g_strv_length(policy.reasons), ==, 4);
	g_assert_cmpstr(policy.reasons[1], ==, "price match");
	/* 10 % of 24.50 are 2.45. */
	g_assert_false(
	    till_discount_policy_needs_approval(&policy, TILL_ROLE_ASSOCIATE, 2450, 2205));
	g_assert_true(
	    till_discount_policy_needs_approval(&policy, TILL_ROLE_ASSOCIATE, 2450, 2204));
	/* 10 % of 300.00 are within the percentage, not within the amount. */
	g_assert_true(
	    till_discount_policy_needs_approval(&policy, TILL_ROLE_ASSOCIATE, 30000, 27000));
	g_assert_false(
	    till_discount_policy_needs_approval(&policy, TILL_ROLE_ASSOCIATE, 30000, 28000));
	g_assert_true(till_discount_policy_needs_approval(&policy, TILL_ROLE_CURBSIDE, 2450, 2449));
	g_assert_false(
	    till_discount_policy_needs_approval(&policy, TILL_ROLE_CURBSIDE, 2450, 2450));
	g_assert_false(till_discount_policy_needs_approval(&policy, TILL_ROLE_MANAGER, 2450, 0));
	till_discount_policy_clear(&policy);
	/* The same 20 units in a currency without minor units. */
	policy = make_policy("JPY");
	g_assert_cmpint(policy.limits[TILL_ROLE_ASSOCIATE].amount_minor, ==, 20);
	till_discount_policy_clear(&policy);
}

static void
test_limits_are_read(void)
{
	static const struct {
		const char *text;
		gboolean good;
		gint64 percent_ppm;
		gint64 amount_minor;
		const char *words;
	} cases[] = {
	    {"10%,20.00", TRUE, 100000, 2000, "10 % and 20.00"},
	    {" 7.5 % , 5 ", TRUE, 75000, 500, "7.5 % and 5.00"},
	    {"20.00,10%", TRUE, 100000, 2000, "10 % and 20.00"},
	    {"15%", TRUE, 150000, G_MAXINT64, "15 %"},
	    {"50.00", TRUE, G_MAXINT64, 5000, "50.00"},
	    {"100%,1", TRUE, 1000000, 100, "1.00"},
	    {"unlimited", TRUE, G_MAXINT64, G_MAXINT64, "anything"},
	    {"none", TRUE, 0, 0, "nothing"},
	    {"0", TRUE, G_MAXINT64, 0, "nothing"},
	    {"0.0001%", TRUE, 1, G_MAXINT64, "0.0001 %"},
	    {"101%", FALSE, 0, 0, NULL},
	    {"-5%", FALSE, 0, 0, NULL},
	    {"-5", FALSE, 0, 0, NULL},
	    {"10%,20%", FALSE, 0, 0, NULL},
	    {"1,2", FALSE, 0, 0, NULL},
	    {"10%,", FALSE, 0, 0, NULL},
	    {"10%,20.00,3", FALSE, 0, 0, NULL},
	    {"20.005", FALSE, 0, 0, NULL},
	    {"a lot", FALSE, 0, 0, NULL},
	};
	const TillCurrency *euro = till_currency_find("EUR");

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		TillDiscountPolicy policy = make_policy("EUR");
		TillManualLimit *limit = &policy.limits[TILL_ROLE_CURBSIDE];
		*limit = (TillManualLimit){7, 7};
		gboolean good = till_discount_policy_set_limit(&policy, TILL_ROLE_CURBSIDE,
							       cases[i].text, euro);
		g_assert_cmpint(good, ==, cases[i].good);
		g_assert_cmpint(limit->percent_ppm, ==, good ? cases[i].percent_ppm : 7);
		g_assert_cmpint(limit->amount_minor, ==, good ? cases[i].amount_minor : 7);
		if (good) {
			g_autofree char *words = till_discount_policy_words(limit, euro);
			g_assert_cmpstr(words, ==, cases[i].words);
		}
		till_discount_policy_clear(&policy);
	}
}

static void
test_an_unset_limit_keeps_the_default(void)
{
	TillDiscountPolicy policy = make_policy("EUR");
	g_autofree char *name = till_discount_policy_limit_name(TILL_ROLE_ASSOCIATE);

	g_assert_cmpstr(name, ==, "discount_limit.associate");
	g_assert_true(till_discount_policy_set_limit(&policy, TILL_ROLE_ASSOCIATE, "  ",
						     till_currency_find("EUR")));
	g_assert_cmpint(policy.limits[TILL_ROLE_ASSOCIATE].amount_minor, ==, 2000);
	till_discount_policy_clear(&policy);
}

static void
test_reasons_are_read(void)
{
	TillDiscountPolicy policy = make_policy("EUR");
	g_autofree char *long_reason = g_strnfill(TILL_MANUAL_REASON_MAX + 1, 'x');
	g_autofree char *many = g_strnfill(2 * (TILL_DISCOUNT_REASONS_MAX + 1), ',');

	g_assert_true(till_discount_policy_set_reasons(&policy, " stain , , torn seam "));
	g_assert_cmpuint(g_strv_length(policy.reasons), ==, 2);
	g_assert_cmpstr(policy.reasons[0], ==, "stain");
	g_assert_cmpstr(policy.reasons[1], ==, "torn seam");
	g_assert_true(till_discount_policy_set_reasons(&policy, " , "));
	g_assert_cmpstr(policy.reasons[0], ==, "stain");
	g_assert_false(till_discount_policy_set_reasons(&policy, long_reason));
	for (gsize i = 0; many[i] != '\0'; i += 2)
		many[i] = 'r';
	g_assert_false(till_discount_policy_set_reasons(&policy, many));
	g_assert_cmpuint(g_strv_length(policy.reasons), ==, 2);
	till_discount_policy_clear(&policy);
}

/* Three tees at 20.00 with a change by hand. */
static void
measure(TillManualKind kind, gint64 value, gint64 *list_minor, gint64 *paid_minor)
{
	static char reason[] = "stain", staff[] = "ana", nobody[] = "";
	TillManual manual = {kind, value, 0, reason, staff, nobody};
	TillPriceRules rules = till_sample_rules();
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) tee = till_sample_item("tee", 2000);
	g_autoptr(GError) error = NULL;
	guint line;

	g_assert_cmpint(till_basket_add(basket, tee, "", 3000, &line), ==, TILL_BASKET_OK);
	if (kind != TILL_MANUAL_NONE)
		g_assert_cmpint(till_basket_set_manual(basket, line, &manual), ==, TILL_BASKET_OK);
	g_autoptr(TillPriced) priced = till_price_basket(basket, &rules, &error);
	g_assert_no_error(error);
	till_discount_policy_measure(g_ptr_array_index(priced->lines, 0), list_minor, paid_minor);
	till_price_rules_clear(&rules);
}

static void
test_a_change_is_measured_over_the_line(void)
{
	static const struct {
		TillManualKind kind;
		gint64 value, paid_minor;
	} cases[] = {
	    {TILL_MANUAL_NONE, 0, 6000},       {TILL_MANUAL_PRICE, 1500, 4500},
	    {TILL_MANUAL_AMOUNT, 700, 5300},   {TILL_MANUAL_PERCENT, 250000, 4500},
	    {TILL_MANUAL_PERCENT, 1000000, 0},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		gint64 list_minor, paid_minor;
		measure(cases[i].kind, cases[i].value, &list_minor, &paid_minor);
		g_assert_cmpint(list_minor, ==, 6000);
		g_assert_cmpint(paid_minor, ==, cases[i].paid_minor);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/discount-policy/defaults", test_defaults);
	g_test_add_func("/domain/discount-policy/limits-are-read", test_limits_are_read);
	g_test_add_func("/domain/discount-policy/an-unset-limit-keeps-the-default",
			test_an_unset_limit_keeps_the_default);
	g_test_add_func("/domain/discount-policy/reasons-are-read", test_reasons_are_read);
	g_test_add_func("/domain/discount-policy/a-change-is-measured-over-the-line",
			test_a_change_is_measured_over_the_line);
	return g_test_run();
}
