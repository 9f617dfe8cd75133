/* SPDX-License-Identifier: Apache-2.0 */
#include "price-setting.h"

#include <string.h>

#include "error.h"

static gboolean
take_rounding(TillPriceRules *rules, const char *value)
{
	return till_rounding_parse(value, &rules->rounding);
}

static gboolean
take_tax_rounding(TillPriceRules *rules, const char *value)
{
	return till_rounding_parse(value, &rules->tax_policy.rounding);
}

static gboolean
take_tax_method(TillPriceRules *rules, const char *value)
{
	return till_tax_method_parse(value, &rules->tax_policy.method);
}

static gboolean
take_boolean(const char *value, gboolean *out)
{
	gboolean is_true = strcmp(value, "true") == 0;

	if (!is_true && strcmp(value, "false") != 0)
		return FALSE;
	*out = is_true;
	return TRUE;
}

static gboolean
take_exempt_keeps_price(TillPriceRules *rules, const char *value)
{
	return take_boolean(value, &rules->tax_policy.exempt_keeps_price);
}

static const struct {
	gboolean (*take)(TillPriceRules *rules, const char *value);
	const char *words; /* what a good value is */
} takers[] = {
    {take_rounding, "a way to round, like half-up"},
    {take_tax_rounding, "a way to round, like half-up"},
    {take_tax_method, "line, unit or document"},
    {take_exempt_keeps_price, "true or false"},
};

static const char *const names[] = {
    "rounding", "tax_rounding", "tax_method", "tax_exempt_keeps_price", NULL,
};

G_STATIC_ASSERT(G_N_ELEMENTS(names) == G_N_ELEMENTS(takers) + 1);

const char *const *
till_price_setting_names(void)
{
	return names;
}

gboolean
till_price_setting_apply(TillPriceRules *rules, const char *name, const char *value, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(takers); i++) {
		if (strcmp(names[i], name) != 0 || takers[i].take(rules, value))
			continue;
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "The setting %s is \"%.60s\", not %s. Set it at the central.", name,
			    value, takers[i].words);
		return FALSE;
	}
	return TRUE;
}
