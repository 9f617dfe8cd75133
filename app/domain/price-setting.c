/* SPDX-License-Identifier: Apache-2.0 */
#include "price-setting.h"

#include <string.h>

#include "error.h"
#include "money.h"
#include "text.h"

#define NEVER_TAGS_MAX 50

static gboolean
take_rounding(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	return till_rounding_parse(value, &rules->rounding);
}

static gboolean
take_tax_rounding(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	return till_rounding_parse(value, &rules->tax_policy.rounding);
}

static gboolean
take_tax_method(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
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
take_exempt_keeps_price(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	return take_boolean(value, &rules->tax_policy.exempt_keeps_price);
}

static gboolean
take_promo_rounding(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	return till_rounding_parse(value, &rules->promo_policy.rounding);
}

static gboolean
take_round_per_unit(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	return take_boolean(value, &rules->promo_policy.round_per_unit);
}

/* The place of a word among those that there are. */
static gboolean
take_word(const char *value, const char *const *words, guint *out_index)
{
	for (guint i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], value) != 0)
			continue;
		*out_index = i;
		return TRUE;
	}
	return FALSE;
}

static gboolean
take_choice(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	static const char *const words[] = {
	    [TILL_PROMO_ENGINE_BEST] = "best", [TILL_PROMO_ENGINE_FIRST] = "first", NULL};

	return take_word(value, words, &rules->promo_policy.choice);
}

static gboolean
take_percent(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	static const char *const words[] = {
	    [TILL_PROMO_ENGINE_OF_REST] = "rest", [TILL_PROMO_ENGINE_OF_PRICE] = "price", NULL};

	return take_word(value, words, &rules->promo_policy.percent);
}

static gboolean
take_spread(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	static const char *const words[] = {[TILL_PROMO_ENGINE_LARGEST_REMAINDER] =
						"largest-remainder",
					    [TILL_PROMO_ENGINE_FIRST_LINES] = "first-lines",
					    NULL};

	return take_word(value, words, &rules->promo_policy.spread);
}

static gboolean
take_limited(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	static const char *const words[] = {[TILL_PROMO_ENGINE_EVENLY] = "evenly",
					    [TILL_PROMO_ENGINE_ON_LIMITED] = "on-limited",
					    NULL};

	return take_word(value, words, &rules->promo_policy.limited);
}

static gboolean
take_minimum_line(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	gint64 minor;

	if (rules->currency == NULL || !till_money_parse(value, rules->currency, &minor) ||
	    minor < 0)
		return FALSE;
	rules->promo_policy.minimum_line_minor = minor;
	return TRUE;
}

static gboolean
take_never_tags(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	g_autofree char *lower = g_utf8_strdown(value, -1);
	g_auto(GStrv) parts = g_strsplit(lower, ",", -1);
	g_autoptr(GPtrArray) tags = g_ptr_array_new_with_free_func(g_free);

	for (char **part = parts; *part != NULL; part++) {
		if (*g_strstrip(*part) != '\0')
			g_ptr_array_add(tags, g_strdup(*part));
	}
	if (tags->len == 0 || tags->len > NEVER_TAGS_MAX)
		return FALSE;
	g_ptr_array_add(tags, NULL);
	g_strfreev(rules->never_tags);
	rules->never_tags = (char **)g_ptr_array_free(g_steal_pointer(&tags), FALSE);
	return TRUE;
}

static gboolean
take_variable_codes(TillPriceRules *rules, const char *value, GError **error)
{
	TillVariableCodes *codes = till_variable_code_parse(value, error);

	if (codes == NULL)
		return FALSE;
	g_clear_pointer(&rules->variable_codes, till_variable_code_unref);
	rules->variable_codes = codes;
	return TRUE;
}

static gboolean
take_cash_country(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	const TillCashRoundingRule *rule = till_cash_rounding_find(
	    value, rules->currency != NULL ? rules->currency->code : NULL, "");

	if (rule == NULL)
		return FALSE;
	rules->cash_rounding.step_minor = rule->step_minor;
	rules->cash_rounding.rounding = rule->rounding;
	return TRUE;
}

static gboolean
take_cash_step(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	gint64 step;

	if (!till_text_parse_int(value, 1, TILL_CASH_ROUNDING_STEP_MAX, &step) ||
	    !till_cash_rounding_step_valid(step))
		return FALSE;
	rules->cash_rounding.step_minor = step;
	return TRUE;
}

static gboolean
take_cash_mode(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	return till_rounding_parse(value, &rules->cash_rounding.rounding);
}

static gboolean
take_cash_all(TillPriceRules *rules, const char *value, GError **error G_GNUC_UNUSED)
{
	return take_boolean(value, &rules->cash_rounding.all_tenders);
}

static const struct {
	gboolean (*take)(TillPriceRules *rules, const char *value, GError **error);
	const char *words; /* what a good value is */
} takers[] = {
    {take_rounding, "a way to round, like half-up"},
    {take_tax_rounding, "a way to round, like half-up"},
    {take_tax_method, "line, unit or document"},
    {take_exempt_keeps_price, "true or false"},
    {take_promo_rounding, "a way to round, like half-up"},
    {take_round_per_unit, "true or false"},
    {take_choice, "best or first"},
    {take_percent, "rest or price"},
    {take_spread, "largest-remainder or first-lines"},
    {take_limited, "evenly or on-limited"},
    {take_minimum_line, "an amount in the store's currency, like 0.01"},
    {take_never_tags, "1 to 50 tags, like gift-card,final-sale"},
    {take_cash_country, "a country that rounds cash in this currency, like CH"},
    {take_cash_step, "a coin in minor units, like 5"},
    {take_cash_mode, "a way to round, like half-up"},
    {take_cash_all, "true or false"},
    {take_variable_codes, "a list of patterns"},
};

static const char *const names[] = {
    "rounding",
    "tax_rounding",
    "tax_method",
    "tax_exempt_keeps_price",
    "promo_rounding",
    "promo_round_per_unit",
    "promo_choice",
    "promo_percent",
    "promo_spread",
    "promo_limited",
    "promo_minimum_line",
    "promo_never_tags",
    "cash_rounding_country",
    "cash_rounding_minor",
    "cash_rounding_mode",
    "cash_rounding_all",
    "variable_codes",
    NULL,
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
		g_autoptr(GError) why = NULL;
		if (strcmp(names[i], name) != 0 || takers[i].take(rules, value, &why))
			continue;
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "The setting %s is \"%.60s\", not %s. %s%sSet it at the central.", name,
			    value, takers[i].words, why != NULL ? why->message : "",
			    why != NULL ? " " : "");
		return FALSE;
	}
	return TRUE;
}
