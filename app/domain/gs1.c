/* SPDX-License-Identifier: Apache-2.0 */
#include "gs1.h"

#include <string.h>

#include "aim.h"
#include "gs1-check.h"
#include "gs1-table.h"
#include "gtin.h"

#define FUTURE_PARTS "X1-90"
#define COMPOSITE "|]e0"

static gboolean
is_identifier(const char *ai)
{
	gsize length = strlen(ai);

	return length >= 2 && length <= 4 && strspn(ai, "0123456789") == length;
}

static TillGs1Result
check_again(const char *known, const char *value, gsize length)
{
	gboolean same = strlen(known) == length && memcmp(known, value, length) == 0;

	return same ? TILL_GS1_OK : TILL_GS1_CONTRADICTS;
}

TillGs1Result
till_gs1_add(TillGs1 *gs1, const char *ai, const char *value, gsize length, TillGs1Flags flags)
{
	const TillGs1Row *row = till_gs1_table_exact(ai);
	const char *known = till_gs1_find(gs1, ai);

	if (row == NULL && ((flags & TILL_GS1_FUTURE) == 0 || !is_identifier(ai)))
		return TILL_GS1_UNKNOWN;
	TillGs1Result result =
	    till_gs1_check(row != NULL ? row->parts : FUTURE_PARTS, value, length);
	if (result != TILL_GS1_OK)
		return result;
	if (known != NULL)
		return check_again(known, value, length);
	if (gs1->count == TILL_GS1_ELEMENTS_MAX || gs1->used + length + 1 > sizeof gs1->text)
		return TILL_GS1_TOO_LONG;
	TillGs1Element *element = &gs1->elements[gs1->count++];
	g_strlcpy(element->ai, ai, sizeof element->ai);
	element->start = (guint16)gs1->used;
	element->length = (guint16)length;
	memcpy(gs1->text + gs1->used, value, length);
	gs1->used += length;
	gs1->text[gs1->used++] = '\0';
	return TILL_GS1_OK;
}

/* The element at text, which is not empty; *out_end is where the next begins. */
static TillGs1Result
read_element(const char *text, TillGs1 *gs1, const char **out_end)
{
	gsize length = strcspn(text, "\x1d");
	const TillGs1Row *row = till_gs1_table_find(text, length);
	char ai[5] = "";

	if (row == NULL)
		return TILL_GS1_UNKNOWN;
	memcpy(ai, text, strlen(row->from));
	text += strlen(ai);
	length -= strlen(ai);
	gsize fixed = till_gs1_table_fixed(ai, row);
	if (fixed > 0)
		length = MIN(length, fixed);
	*out_end = text + length;
	if (**out_end == TILL_GS1_SEPARATOR)
		(*out_end)++;
	return till_gs1_add(gs1, ai, text, length, TILL_GS1_STRICT);
}

TillGs1Result
till_gs1_read_elements(const char *text, TillGs1 *out_gs1)
{
	TillGs1Result result = TILL_GS1_EMPTY;

	memset(out_gs1, 0, sizeof *out_gs1);
	if (strnlen(text, TILL_GS1_TEXT_MAX + 1) > TILL_GS1_TEXT_MAX)
		return TILL_GS1_TOO_LONG;
	while (*text != '\0') {
		result = read_element(text, out_gs1, &text);
		if (result != TILL_GS1_OK)
			return result;
	}
	return result;
}

/* Data up to the next bracket that is no part of it, without the strokes that mark those that are.
 */
static const char *
read_bracketed_value(const char *text, char *value, gsize *out_length)
{
	gsize length = 0;

	for (; *text != '\0' && *text != '('; text++) {
		if (text[0] == '\\' && text[1] == '(')
			text++;
		value[length++] = *text;
	}
	*out_length = length;
	return text;
}

TillGs1Result
till_gs1_read_brackets(const char *text, TillGs1Flags flags, TillGs1 *out_gs1)
{
	char value[TILL_GS1_TEXT_MAX + 1];

	memset(out_gs1, 0, sizeof *out_gs1);
	if (strnlen(text, TILL_GS1_TEXT_MAX + 1) > TILL_GS1_TEXT_MAX)
		return TILL_GS1_TOO_LONG;
	if (*text != '(')
		return TILL_GS1_BRACKETS;
	while (*text == '(') {
		const char *close = strchr(text, ')');
		char ai[5] = "";
		gsize length;
		if (close == NULL)
			return TILL_GS1_BRACKETS;
		if (close - text - 1 > 4)
			return TILL_GS1_UNKNOWN;
		memcpy(ai, text + 1, (gsize)(close - text - 1));
		text = read_bracketed_value(close + 1, value, &length);
		TillGs1Result result = till_gs1_add(out_gs1, ai, value, length, flags);
		if (result != TILL_GS1_OK)
			return result;
	}
	return TILL_GS1_OK;
}

/* "2112345678900|]e0…": the number of the bars, and what a composite part above them adds. */
static TillGs1Result
read_digits(const char *text, gsize wanted, TillGs1 *out_gs1)
{
	gsize length = strcspn(text, "|");
	char digits[TILL_GTIN_TEXT] = "", gtin14[TILL_GTIN_TEXT];
	TillGs1 above = {0};
	TillGs1Result result = TILL_GS1_OK;

	if (length != wanted)
		return TILL_GS1_LENGTH;
	memcpy(digits, text, length);
	if (till_gtin_normalise(digits, gtin14) != TILL_GTIN_OK)
		return TILL_GS1_CHECK_DIGIT;
	if (text[length] == '|' && !g_str_has_prefix(text + length, COMPOSITE))
		return TILL_GS1_NONE;
	if (text[length] == '|')
		result = till_gs1_read_elements(text + length + strlen(COMPOSITE), &above);
	if (result == TILL_GS1_OK)
		result = till_gs1_add(out_gs1, "01", gtin14, strlen(gtin14), TILL_GS1_STRICT);
	for (guint i = 0; result == TILL_GS1_OK && i < above.count; i++)
		result = till_gs1_add(out_gs1, above.elements[i].ai, till_gs1_value(&above, i),
				      above.elements[i].length, TILL_GS1_STRICT);
	return result;
}

TillGs1Result
till_gs1_read(const char *text, TillGs1Flags flags, TillGs1 *out_gs1)
{
	const TillAim *aim = till_aim_find(text);

	memset(out_gs1, 0, sizeof *out_gs1);
	if (aim != NULL)
		text += TILL_AIM_LENGTH;
	if (aim != NULL && aim->content == TILL_AIM_ELEMENTS)
		return till_gs1_read_elements(text, out_gs1);
	if (aim != NULL && aim->content == TILL_AIM_DIGITS)
		return read_digits(text, aim->digits, out_gs1);
	if (*text == TILL_GS1_SEPARATOR)
		return till_gs1_read_elements(text + 1, out_gs1);
	if (*text == '(')
		return till_gs1_read_brackets(text, flags, out_gs1);
	if (g_ascii_strncasecmp(text, "http", 4) == 0)
		return till_gs1_read_link(text, flags, out_gs1);
	return TILL_GS1_NONE;
}

char *
till_gs1_elements(const TillGs1 *gs1)
{
	GString *text = g_string_new(NULL);
	gboolean needs = TRUE;

	for (guint i = 0; i < gs1->count; i++) {
		const char *ai = gs1->elements[i].ai;
		const TillGs1Row *row = till_gs1_table_exact(ai);
		if (needs)
			g_string_append_c(text, TILL_GS1_SEPARATOR);
		g_string_append(text, ai);
		g_string_append(text, till_gs1_value(gs1, i));
		needs = row == NULL || till_gs1_table_fixed(ai, row) == 0;
	}
	return g_string_free(text, FALSE);
}

char *
till_gs1_brackets(const TillGs1 *gs1, gsize limit)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < gs1->count; i++) {
		gsize before = text->len;
		g_string_append_printf(text, "(%s)", gs1->elements[i].ai);
		for (const char *value = till_gs1_value(gs1, i); *value != '\0'; value++) {
			if (*value == '(')
				g_string_append_c(text, '\\');
			g_string_append_c(text, *value);
		}
		if (text->len > limit) {
			g_string_truncate(text, before);
			break;
		}
	}
	return g_string_free(text, FALSE);
}

const char *
till_gs1_words(TillGs1Result result)
{
	switch (result) {
	case TILL_GS1_OK:
		return "The code is right.";
	case TILL_GS1_NONE:
		return "This is no GS1 code; scan the bars of the item instead.";
	case TILL_GS1_EMPTY:
		return "A field of this code is empty; scan it again.";
	case TILL_GS1_LENGTH:
		return "A field of this code is too short or too long; scan it again.";
	case TILL_GS1_UNKNOWN:
		return "This code has a field that is not known here; scan the bars of the item "
		       "instead.";
	case TILL_GS1_CHARACTER:
		return "This code holds a character that cannot be in it; scan it again.";
	case TILL_GS1_CHECK_DIGIT:
		return "A check digit of this code does not match; scan it again.";
	case TILL_GS1_DATE:
		return "This code holds a day that does not exist; scan the bars of the item "
		       "instead, and tell the supplier.";
	case TILL_GS1_VALUE:
		return "A field of this code holds what cannot be; scan the bars of the item "
		       "instead, and tell the supplier.";
	case TILL_GS1_CONTRADICTS:
		return "This code says two different things of one item; scan one symbol at a "
		       "time.";
	case TILL_GS1_TOO_LONG:
		return "This code is longer than any on goods; scan the bars of the item instead.";
	case TILL_GS1_BRACKETS:
		return "The brackets of this code do not match; type it as printed.";
	case TILL_GS1_LINK:
		return "This link is damaged; scan it again.";
	case TILL_GS1_NO_KEY:
		return "This link names no item; scan the bars of the item instead.";
	case TILL_GS1_PATH:
	case TILL_GS1_NO_ATTRIBUTE:
		return "This link has its fields in the wrong places; scan the bars of the item "
		       "instead, and tell the supplier.";
	case TILL_GS1_COMPRESSED:
		return "This link is compressed, which is not read here; scan the bars of the item "
		       "instead.";
	default:
		g_assert_not_reached();
	}
}
