/* SPDX-License-Identifier: Apache-2.0 */
#include "rounding.h"

#include <string.h>

/* A product of two 64-bit numbers always fits; ISO C has no name for the type. */
__extension__ typedef __int128 Wide;

static const struct {
	TillRounding rounding;
	const char *name;
} names[] = {
    {TILL_ROUND_HALF_UP, "half-up"},     {TILL_ROUND_HALF_DOWN, "half-down"},
    {TILL_ROUND_HALF_EVEN, "half-even"}, {TILL_ROUND_UP, "up"},
    {TILL_ROUND_DOWN, "down"},           {TILL_ROUND_CEILING, "ceiling"},
    {TILL_ROUND_FLOOR, "floor"},
};

/* Whether the quotient, cut toward zero and with a rest, moves one away from zero. */
static gboolean
moves_away(TillRounding rounding, gboolean negative, gboolean odd, int rest_to_half)
{
	switch (rounding) {
	case TILL_ROUND_HALF_UP:
		return rest_to_half >= 0;
	case TILL_ROUND_HALF_DOWN:
		return rest_to_half > 0;
	case TILL_ROUND_HALF_EVEN:
		return rest_to_half > 0 || (rest_to_half == 0 && odd);
	case TILL_ROUND_UP:
		return TRUE;
	case TILL_ROUND_DOWN:
		return FALSE;
	case TILL_ROUND_CEILING:
		return !negative;
	case TILL_ROUND_FLOOR:
		return negative;
	default:
		g_assert_not_reached();
	}
}

static Wide
divide_rounded(Wide dividend, gint64 divisor, TillRounding rounding)
{
	Wide quotient = dividend / divisor;
	Wide rest = dividend % divisor;
	gboolean negative = dividend < 0;

	if (rest == 0)
		return quotient;
	Wide twice = 2 * (rest < 0 ? -rest : rest);
	int rest_to_half = (twice > divisor) - (twice < divisor);
	if (!moves_away(rounding, negative, quotient % 2 != 0, rest_to_half))
		return quotient;
	return negative ? quotient - 1 : quotient + 1;
}

static gboolean
narrow(Wide value, gint64 *out)
{
	if (value > G_MAXINT64 || value < G_MININT64)
		return FALSE;
	*out = (gint64)value;
	return TRUE;
}

gboolean
till_rounding_scale(gint64 value, gint64 numerator, gint64 denominator, TillRounding rounding,
		    gint64 *out)
{
	if (denominator <= 0)
		return FALSE;
	return narrow(divide_rounded((Wide)value * numerator, denominator, rounding), out);
}

gboolean
till_rounding_to_step(gint64 value, gint64 step, TillRounding rounding, gint64 *out)
{
	if (step <= 0)
		return FALSE;
	return narrow(divide_rounded(value, step, rounding) * step, out);
}

gboolean
till_rounding_parse(const char *name, TillRounding *out)
{
	for (gsize i = 0; name != NULL && i < G_N_ELEMENTS(names); i++) {
		if (strcmp(names[i].name, name) == 0) {
			*out = names[i].rounding;
			return TRUE;
		}
	}
	return FALSE;
}

const char *
till_rounding_name(TillRounding rounding)
{
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		if (names[i].rounding == rounding)
			return names[i].name;
	}
	g_assert_not_reached();
}
