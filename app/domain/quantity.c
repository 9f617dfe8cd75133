/* SPDX-License-Identifier: Apache-2.0 */
#include "quantity.h"

#include "text.h"

#define PLACES 3

/* Longest text that can be a quantity: leading zeros are a typing slip, not a reason to read on. */
#define TEXT_MAX 24

gboolean
till_quantity_parse(const char *text, gint64 *out_milli)
{
	char padded[TEXT_MAX + 2];
	gint64 milli;

	/* A quantity carries no sign: giving back is another kind of entry, not a negative number.
	 */
	if (text == NULL || (!g_ascii_isdigit(*text) && *text != '.'))
		return FALSE;
	if (*text == '.' && !g_ascii_isdigit(text[1]))
		return FALSE;
	if (g_snprintf(padded, sizeof padded, "0%s", text) > TEXT_MAX)
		return FALSE;
	if (!till_text_parse_decimal(padded, PLACES, &milli) || milli > TILL_QUANTITY_MAX_MILLI)
		return FALSE;
	*out_milli = milli;
	return TRUE;
}

char *
till_quantity_format(gint64 quantity_milli)
{
	if (quantity_milli % TILL_QUANTITY_ONE == 0)
		return g_strdup_printf("%" G_GINT64_FORMAT, quantity_milli / TILL_QUANTITY_ONE);
	return till_text_format_decimal(quantity_milli, PLACES);
}
