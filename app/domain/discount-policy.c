/* SPDX-License-Identifier: Apache-2.0 */
#include "discount-policy.h"

#include <string.h>

#include "money.h"
#include "tax.h"
#include "text.h"

#define PERCENT_DIGITS                                                                             \
	4 /* a hundredth of a percent and finer: ppm are percent with four digits                  \
	   */
#define ASSOCIATE_PPM 100000
#define ASSOCIATE_UNITS 20
#define TEXT_MAX 2000

static const char default_reasons[] = "damaged,price match,goodwill,display item";

static gint64
units_to_minor(gint64 units, const TillCurrency *currency)
{
	for (guint i = 0; i < currency->exponent; i++)
		units *= 10;
	return units;
}

void
till_discount_policy_init(TillDiscountPolicy *policy, const TillCurrency *currency)
{
	policy->limits[TILL_ROLE_ASSOCIATE] =
	    (TillManualLimit){ASSOCIATE_PPM, units_to_minor(ASSOCIATE_UNITS, currency)};
	policy->limits[TILL_ROLE_CURBSIDE] = (TillManualLimit){0, 0};
	policy->limits[TILL_ROLE_MANAGER] = (TillManualLimit){G_MAXINT64, G_MAXINT64};
	policy->reasons = g_strsplit(default_reasons, ",", -1);
}

void
till_discount_policy_clear(TillDiscountPolicy *policy)
{
	g_clear_pointer(&policy->reasons, g_strfreev);
}

/* One part of "10%,20.00" into its bound. */
static gboolean
take_part(TillManualLimit *limit, char *part, const TillCurrency *currency)
{
	gsize length = strlen(part);
	gint64 value;

	if (length > 0 && part[length - 1] == '%') {
		part[length - 1] = '\0';
		if (limit->percent_ppm != G_MAXINT64 ||
		    !till_text_parse_decimal(g_strchomp(part), PERCENT_DIGITS, &value) ||
		    value < 0 || value > TILL_PPM)
			return FALSE;
		limit->percent_ppm = value;
		return TRUE;
	}
	if (limit->amount_minor != G_MAXINT64 || !till_money_parse(part, currency, &value) ||
	    value < 0)
		return FALSE;
	limit->amount_minor = value;
	return TRUE;
}

static gboolean
parse_limit(const char *text, const TillCurrency *currency, TillManualLimit *out)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", 3);
	TillManualLimit limit = {G_MAXINT64, G_MAXINT64};

	if (strcmp(text, "unlimited") == 0) {
		*out = limit;
		return TRUE;
	}
	if (strcmp(text, "none") == 0) {
		*out = (TillManualLimit){0, 0};
		return TRUE;
	}
	for (guint i = 0; parts[i] != NULL; i++) {
		if (!take_part(&limit, g_strstrip(parts[i]), currency))
			return FALSE;
	}
	*out = limit;
	return TRUE;
}

gboolean
till_discount_policy_set_limit(TillDiscountPolicy *policy, TillRole role, const char *text,
			       const TillCurrency *currency)
{
	g_autofree char *trimmed = g_strstrip(g_strdup(text));

	return *trimmed == '\0' || parse_limit(trimmed, currency, &policy->limits[role]);
}

gboolean
till_discount_policy_set_reasons(TillDiscountPolicy *policy, const char *text)
{
	g_autoptr(GPtrArray) reasons = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);

	if (strlen(text) > TEXT_MAX)
		return FALSE;
	for (guint i = 0; parts[i] != NULL; i++) {
		const char *reason = g_strstrip(parts[i]);
		if (*reason == '\0')
			continue;
		if (strlen(reason) > TILL_MANUAL_REASON_MAX ||
		    reasons->len == TILL_DISCOUNT_REASONS_MAX)
			return FALSE;
		g_ptr_array_add(reasons, g_strdup(reason));
	}
	if (reasons->len == 0)
		return TRUE;
	g_ptr_array_add(reasons, NULL);
	g_strfreev(policy->reasons);
	policy->reasons = (char **)g_ptr_array_free(g_steal_pointer(&reasons), FALSE);
	return TRUE;
}

char *
till_discount_policy_limit_name(TillRole role)
{
	return g_strconcat("discount_limit.", till_staff_role_name(role), NULL);
}

gboolean
till_discount_policy_needs_approval(const TillDiscountPolicy *policy, TillRole role,
				    gint64 list_minor, gint64 paid_minor)
{
	return till_manual_needs_approval(&policy->limits[role], list_minor, paid_minor);
}

void
till_discount_policy_measure(const TillPricedLine *line, gint64 *out_list_minor,
			     gint64 *out_paid_minor)
{
	const TillManual *manual = &line->manual;

	*out_list_minor = *out_paid_minor = line->list_minor;
	if (manual->kind == TILL_MANUAL_NONE)
		return;
	/* The fraction of a unit that rounding moves decides no limit. A product that cannot be
	 * formed is beyond every one. */
	if (manual->kind == TILL_MANUAL_PRICE &&
	    !till_money_times_quantity(manual->original_minor, line->quantity_milli,
				       TILL_ROUND_HALF_UP, out_list_minor))
		*out_list_minor = G_MAXINT64;
	g_autofree char *id = g_strdup_printf(TILL_PRICE_MANUAL_PREFIX "%u", line->line_id);
	for (guint i = 0; i < line->discounts->len; i++) {
		const TillPricedDiscount *discount =
		    &g_array_index(line->discounts, TillPricedDiscount, i);
		if (strcmp(discount->promotion, id) == 0)
			*out_paid_minor -= discount->amount_minor;
	}
}

static char *
format_percent(gint64 ppm)
{
	char *text = till_text_format_decimal(ppm, PERCENT_DIGITS);
	gsize length = strlen(text);

	while (text[length - 1] == '0')
		text[--length] = '\0';
	if (text[length - 1] == '.')
		text[length - 1] = '\0';
	return text;
}

char *
till_discount_policy_words(const TillManualLimit *limit, const TillCurrency *currency)
{
	gboolean any_percent = limit->percent_ppm >= TILL_PPM;

	if (limit->percent_ppm == 0 || limit->amount_minor == 0)
		return g_strdup("nothing");
	g_autofree char *percent = format_percent(any_percent ? 0 : limit->percent_ppm);
	if (limit->amount_minor == G_MAXINT64)
		return any_percent ? g_strdup("anything") : g_strdup_printf("%s %%", percent);
	g_autofree char *amount = till_money_format(limit->amount_minor, currency);
	return any_percent ? g_steal_pointer(&amount)
			   : g_strdup_printf("%s %% and %s", percent, amount);
}
