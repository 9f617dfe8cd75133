/* SPDX-License-Identifier: Apache-2.0 */
#include "price-setting.h"

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
	TillPriceRules rules = {0};

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
}

static void
test_every_setting_refuses_nonsense(void)
{
	for (const char *const *name = till_price_setting_names(); *name != NULL; name++) {
		TillPriceRules rules = {0};
		GError *error = NULL;
		g_assert_false(till_price_setting_apply(&rules, *name, "at will", &error));
		till_test_assert_error(error, TILL_ERROR_INVALID, *name);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/price-setting/settings-reach-the-rules",
			test_settings_reach_the_rules);
	g_test_add_func("/domain/price-setting/every-setting-refuses-nonsense",
			test_every_setting_refuses_nonsense);
	return g_test_run();
}
