/* SPDX-License-Identifier: Apache-2.0 */
#include "price-setting.h"

#include <string.h>

#include "error.h"
#include "till-test.h"

static void
apply(TillPriceRules *rules, const char *name, const char *value)
{
	g_autoptr(GError) error = NULL;
	gboolean applied = till_price_setting_apply(rules, name, value, &error);

	g_assert_no_error(error);
	g_assert_true(applied);
}

static void
test_settings_reach_the_rules(void)
{
	TillPriceRules rules = {.currency = till_currency_find("USD")};

	apply(&rules, "rounding", "half-even");
	apply(&rules, "tax_rounding", "down");
	apply(&rules, "tax_method", "document");
	apply(&rules, "tax_exempt_keeps_price", "true");
	apply(&rules, "receipt_footer", "not ours");
	g_assert_cmpint(rules.rounding, ==, TILL_ROUND_HALF_EVEN);
	g_assert_cmpint(rules.tax_policy.rounding, ==, TILL_ROUND_DOWN);
	g_assert_cmpint(rules.tax_policy.method, ==, TILL_TAX_ENGINE_PER_DOCUMENT);
	g_assert_true(rules.tax_policy.exempt_keeps_price);
	apply(&rules, "tax_exempt_keeps_price", "false");
	g_assert_false(rules.tax_policy.exempt_keeps_price);
	till_price_rules_clear(&rules);
}

static void
test_settings_of_promotions(void)
{
	TillPriceRules rules = {.currency = till_currency_find("USD")};
	const TillPromoEnginePolicy *policy = &rules.promo_policy;

	apply(&rules, "promo_rounding", "down");
	apply(&rules, "promo_round_per_unit", "true");
	apply(&rules, "promo_choice", "first");
	apply(&rules, "promo_percent", "price");
	apply(&rules, "promo_spread", "first-lines");
	apply(&rules, "promo_limited", "on-limited");
	apply(&rules, "promo_minimum_line", "0.05");
	apply(&rules, "promo_never_tags", " Gift-Card, final-sale,");
	g_assert_cmpint(policy->rounding, ==, TILL_ROUND_DOWN);
	g_assert_true(policy->round_per_unit);
	g_assert_cmpint(policy->choice, ==, TILL_PROMO_ENGINE_FIRST);
	g_assert_cmpint(policy->percent, ==, TILL_PROMO_ENGINE_OF_PRICE);
	g_assert_cmpint(policy->spread, ==, TILL_PROMO_ENGINE_FIRST_LINES);
	g_assert_cmpint(policy->limited, ==, TILL_PROMO_ENGINE_ON_LIMITED);
	g_assert_cmpint(policy->minimum_line_minor, ==, 5);
	g_assert_cmpstr(rules.never_tags[0], ==, "gift-card");
	g_assert_cmpstr(rules.never_tags[1], ==, "final-sale");
	g_assert_null(rules.never_tags[2]);
	apply(&rules, "promo_never_tags", "other");
	g_assert_null(rules.never_tags[1]);
	till_price_rules_clear(&rules);
}

static void
test_cash_by_country_and_by_hand(void)
{
	TillPriceRules rules = {.currency = till_currency_find("CHF")};
	GError *error = NULL;

	apply(&rules, "cash_rounding_country", "CH");
	g_assert_cmpint(rules.cash_rounding.step_minor, ==, 5);
	g_assert_false(rules.cash_rounding.all_tenders);
	apply(&rules, "cash_rounding_minor", "10");
	apply(&rules, "cash_rounding_mode", "down");
	apply(&rules, "cash_rounding_all", "true");
	g_assert_cmpint(rules.cash_rounding.step_minor, ==, 10);
	g_assert_cmpint(rules.cash_rounding.rounding, ==, TILL_ROUND_DOWN);
	g_assert_true(rules.cash_rounding.all_tenders);
	g_assert_false(till_price_setting_apply(&rules, "cash_rounding_minor", "3", &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "a coin in minor units");
	g_assert_false(till_price_setting_apply(&rules, "cash_rounding_country", "SE", &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "in this currency");
}

static void
test_every_setting_refuses_nonsense(void)
{
	for (const char *const *name = till_price_setting_names(); *name != NULL; name++) {
		TillPriceRules rules = {.currency = till_currency_find("USD")};
		GError *error = NULL;
		/* Any word may be a tag. */
		const char *nonsense = strcmp(*name, "promo_never_tags") == 0 ? " , " : "at will";
		g_assert_false(till_price_setting_apply(&rules, *name, nonsense, &error));
		till_test_assert_error(error, TILL_ERROR_INVALID, *name);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/price-setting/settings-reach-the-rules",
			test_settings_reach_the_rules);
	g_test_add_func("/domain/price-setting/promotions-are-worked-out-as-set",
			test_settings_of_promotions);
	g_test_add_func("/domain/price-setting/cash-by-country-and-by-hand",
			test_cash_by_country_and_by_hand);
	g_test_add_func("/domain/price-setting/every-setting-refuses-nonsense",
			test_every_setting_refuses_nonsense);
	return g_test_run();
}
