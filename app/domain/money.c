/* SPDX-License-Identifier: Apache-2.0 */
#include "money.h"

#include "quantity.h"
#include "text.h"

gboolean
till_money_add(gint64 a_minor, gint64 b_minor, gint64 *out)
{
	gint64 sum;

	if (__builtin_add_overflow(a_minor, b_minor, &sum))
		return FALSE;
	*out = sum;
	return TRUE;
}

gboolean
till_money_subtract(gint64 a_minor, gint64 b_minor, gint64 *out)
{
	gint64 difference;

	if (__builtin_sub_overflow(a_minor, b_minor, &difference))
		return FALSE;
	*out = difference;
	return TRUE;
}

gboolean
till_money_times_quantity(gint64 unit_minor, gint64 quantity_milli, TillRounding rounding,
			  gint64 *out)
{
	return till_rounding_scale(unit_minor, quantity_milli, TILL_QUANTITY_ONE, rounding, out);
}

gboolean
till_money_parse(const char *text, const TillCurrency *currency, gint64 *out_minor)
{
	gint64 minor;

	if (text == NULL || !till_text_parse_decimal(text, currency->exponent, &minor))
		return FALSE;
	if (minor > TILL_MONEY_MAX_MINOR || minor < -TILL_MONEY_MAX_MINOR)
		return FALSE;
	*out_minor = minor;
	return TRUE;
}

char *
till_money_format(gint64 minor, const TillCurrency *currency)
{
	return till_text_format_decimal(minor, currency->exponent);
}
