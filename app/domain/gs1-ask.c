/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "gs1.h"
#include "gtin.h"
#include "quantity.h"
#include "text.h"

#define MILLI_PLACES 3
#define AI_FAMILY 3 /* digits of an identifier before its number of decimal places */

const char *
till_gs1_value(const TillGs1 *gs1, guint index)
{
	g_assert(index < gs1->count);
	return gs1->text + gs1->elements[index].start;
}

const char *
till_gs1_find(const TillGs1 *gs1, const char *ai)
{
	for (guint i = 0; i < gs1->count; i++) {
		if (strcmp(gs1->elements[i].ai, ai) == 0)
			return till_gs1_value(gs1, i);
	}
	return NULL;
}

gboolean
till_gs1_gtin(const TillGs1 *gs1, char *out14)
{
	const char *gtin = till_gs1_find(gs1, "01");

	return gtin != NULL && till_gtin_normalise(gtin, out14) == TILL_GTIN_OK;
}

/* The first element of a family of identifiers; *out_places is the last digit of its own. */
static const char *
find_family(const TillGs1 *gs1, const char *family, guint *out_places)
{
	for (guint i = 0; i < gs1->count; i++) {
		const char *ai = gs1->elements[i].ai;
		if (strlen(ai) != AI_FAMILY + 1 || memcmp(ai, family, AI_FAMILY) != 0)
			continue;
		*out_places = (guint)(ai[AI_FAMILY] - '0');
		return till_gs1_value(gs1, i);
	}
	return NULL;
}

/* digits · 10^(wanted − places), rounded half up. FALSE beyond 64 bits. */
static gboolean
scale(const char *digits, guint places, guint wanted, gint64 *out)
{
	gint64 value, rest = 0;

	if (!till_text_is_digits(digits) || !till_text_parse_int(digits, 0, G_MAXINT64, &value))
		return FALSE;
	for (; places < wanted; places++) {
		if (value > G_MAXINT64 / 10)
			return FALSE;
		value *= 10;
	}
	for (; places > wanted; places--) {
		rest = value % 10;
		value /= 10;
	}
	*out = value + (rest >= 5 ? 1 : 0);
	return TRUE;
}

gboolean
till_gs1_measure(const TillGs1 *gs1, const char *family, gint64 *out_milli)
{
	guint places = 0;
	const char *digits = find_family(gs1, family, &places);

	return digits != NULL && scale(digits, places, MILLI_PLACES, out_milli);
}

gboolean
till_gs1_quantity(const TillGs1 *gs1, gint64 *out_milli, const char **out_unit)
{
	static const struct {
		const char *family;
		const char *unit;
	} measures[] = {{"310", "kg"}, {"315", "l"}, {"311", "m"}};
	const char *pieces = till_gs1_find(gs1, "30");

	for (gsize i = 0; i < G_N_ELEMENTS(measures); i++) {
		if (till_gs1_measure(gs1, measures[i].family, out_milli)) {
			*out_unit = measures[i].unit;
			return TRUE;
		}
	}
	*out_unit = "ea";
	return pieces != NULL && scale(pieces, 0, MILLI_PLACES, out_milli);
}

static const TillCurrency *
find_currency(const char *number)
{
	gsize count;
	const TillCurrency *table = till_currency_table(&count);
	char text[4] = {number[0], number[1], number[2], '\0'};
	gint64 numeric;

	if (!till_text_parse_int(text, 1, 999, &numeric))
		return NULL;
	for (gsize i = 0; i < count; i++) {
		if (table[i].numeric == numeric && !table[i].historical)
			return &table[i];
	}
	return NULL;
}

gboolean
till_gs1_price(const TillGs1 *gs1, const TillCurrency *shop, gint64 *out_minor,
	       const TillCurrency **out_currency)
{
	guint places = 0;
	const TillCurrency *currency = shop;
	const char *digits = find_family(gs1, "392", &places);

	if (digits == NULL) {
		digits = find_family(gs1, "393", &places);
		currency = digits != NULL ? find_currency(digits) : NULL;
		if (currency == NULL)
			return FALSE;
		digits += 3;
	}
	*out_currency = currency;
	return scale(digits, places, currency->exponent, out_minor);
}

static guint
two_digits(const char *text)
{
	return (guint)(text[0] - '0') * 10 + (guint)(text[1] - '0');
}

gboolean
till_gs1_date(const TillGs1 *gs1, const char *ai, guint this_year, GDate *out_date)
{
	const char *text = till_gs1_find(gs1, ai);

	if (text == NULL || strlen(text) != 6 || !till_text_is_digits(text))
		return FALSE;
	guint year = this_year - this_year % 100 + two_digits(text);
	guint month = two_digits(text + 2), day = two_digits(text + 4);
	if (year > this_year + 50)
		year -= 100;
	else if (year + 50 <= this_year)
		year += 100;
	if (month < 1 || month > 12)
		return FALSE;
	if (day == 0)
		day = g_date_get_days_in_month((GDateMonth)month, (GDateYear)year);
	if (!g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
		return FALSE;
	g_date_clear(out_date, 1);
	g_date_set_dmy(out_date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
	return TRUE;
}
