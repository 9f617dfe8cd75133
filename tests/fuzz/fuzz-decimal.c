/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "money.h"
#include "quantity.h"
#include "tender.h"
#include "text.h"

#define EXPONENTS 19

static void
check_decimal(const char *text, int exponent)
{
	gint64 value, again;

	if (!till_text_parse_decimal(text, exponent, &value))
		return;
	g_autofree char *shown = till_text_format_decimal(value, exponent);
	g_assert_true(till_text_parse_decimal(shown, exponent, &again));
	g_assert_cmpint(value, ==, again);
}

static void
check_money(const char *text, const char *code)
{
	gint64 minor;

	if (!till_money_parse(text, till_currency_find(code), &minor))
		return;
	g_assert_cmpint(minor, <=, TILL_MONEY_MAX_MINOR);
	g_assert_cmpint(minor, >=, -TILL_MONEY_MAX_MINOR);
}

static void
check_quantity(const char *text)
{
	gint64 milli, again;

	if (!till_quantity_parse(text, &milli))
		return;
	g_assert_cmpint(milli, >=, 0);
	g_assert_cmpint(milli, <=, TILL_QUANTITY_MAX_MILLI);
	g_autofree char *shown = till_quantity_format(milli);
	g_assert_true(till_quantity_parse(shown, &again));
	g_assert_cmpint(milli, ==, again);
}

/* The first byte picks the number of places, the rest is the text. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	TillTender tender;

	if (size == 0)
		return 0;
	g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
	check_decimal(text, data[0] % EXPONENTS);
	check_money(text, "USD");
	check_money(text, "JPY");
	check_money(text, "CLF");
	check_quantity(text);
	if (till_tender_parse(text, &tender, NULL))
		g_assert_cmpint(tender.tendered_minor, >, 0);
	return 0;
}
