/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <pthread.h>
#include <string.h>

#define DECIMAL_EXPONENT_MAX 18

/* Folding has two ways to one answer. Nearly every product name is written with ASCII and the Latin
 * letters up to U+017F, where each character folds by itself: those go through a table, made once
 * by the long way. Any other character sends the whole text the long way, through Unicode's tables.
 */

#define LATIN_FIRST 0x80
#define LATIN_COUNT 0x100 /* U+0080 to U+017F: two bytes each, lead byte 0xC2 to 0xC5 */
#define LATIN_ROOM 8
#define GROWTH_MAX 3 /* "¼" is two bytes and becomes "1⁄4", five */
#define SHORT_TEXT 256

static char latin[LATIN_COUNT][LATIN_ROOM];
static pthread_once_t latin_once = PTHREAD_ONCE_INIT;

/* Appends at out, keeping one space between words and none in front. 0 vanishes. */
static char *
append_folded(char *out, const char *start, char c)
{
	if (c == 0 || (c == ' ' && (out == start || out[-1] == ' ')))
		return out;
	*out = c;
	return out + 1;
}

/* How an ASCII byte folds: lower case, ' ' for white space, 0 for control characters. */
static char
fold_ascii(guint8 byte)
{
	if (g_ascii_isspace((char)byte) || byte == '\v')
		return ' ';
	if (byte < 0x20 || byte == 0x7f)
		return 0;
	return g_ascii_tolower((char)byte);
}

/* Letters that people type without their stroke or as two, but that Unicode does not decompose. */
static const char *
substitute(gunichar c)
{
	switch (c) {
	case 0x00DF: /* ß */
		return "ss";
	case 0x00F8: /* ø */
		return "o";
	case 0x0142: /* ł */
		return "l";
	case 0x0111: /* đ */
		return "d";
	case 0x00E6: /* æ */
		return "ae";
	case 0x0153: /* œ */
		return "oe";
	default:
		return NULL;
	}
}

static gboolean
is_invisible(gunichar c)
{
	GUnicodeType type = g_unichar_type(c);
	return g_unichar_ismark(c) || type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT;
}

static void
append_folded_char(GString *folded, gunichar c)
{
	const char *instead = substitute(c);
	if (instead != NULL) {
		g_string_append(folded, instead);
	} else if (g_unichar_isspace(c) || c == '\v') {
		if (folded->len > 0 && folded->str[folded->len - 1] != ' ')
			g_string_append_c(folded, ' ');
	} else if (!is_invisible(c)) {
		/* GLib folds one Cherokee case to the other and back; lower case settles it. */
		g_string_append_unichar(folded, g_unichar_tolower(c));
	}
}

static char *
fold_unicode(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *apart = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL);
	g_autofree char *lower = g_utf8_casefold(apart, -1);
	/* Folding can bring composed letters back (İ, the Greek iota below), so take apart again.
	 */
	g_autofree char *again = g_utf8_normalize(lower, -1, G_NORMALIZE_ALL);
	GString *folded = g_string_sized_new(strlen(again));
	for (const char *c = again; *c != '\0'; c = g_utf8_next_char(c))
		append_folded_char(folded, g_utf8_get_char(c));
	if (folded->len > 0 && folded->str[folded->len - 1] == ' ')
		g_string_truncate(folded, folded->len - 1);
	return g_string_free(folded, FALSE);
}

/* Between two letters, because a character that folds to a space would vanish at an end. */
static void
fill_latin(void)
{
	for (gunichar i = 0; i < LATIN_COUNT; i++) {
		char text[LATIN_ROOM] = "x";
		int length = g_unichar_to_utf8(LATIN_FIRST + i, text + 1);
		text[1 + length] = 'x';
		g_autofree char *folded = fold_unicode(text);
		gsize size = strlen(folded) - 2;
		g_assert(size < LATIN_ROOM);
		memcpy(latin[i], folded + 1, size);
	}
}

/* Folds into out, which has GROWTH_MAX times the bytes of text. FALSE when the text needs the long
 * way. */
static gboolean
fold_latin(const char *text, char *out)
{
	const char *start = out;
	for (const guint8 *c = (const guint8 *)text; *c != 0; c++) {
		if (*c < 0x80) {
			out = append_folded(out, start, fold_ascii(*c));
			continue;
		}
		if (c[0] < 0xC2 || c[0] > 0xC5 || (c[1] & 0xC0) != 0x80)
			return FALSE;
		guint place = ((c[0] & 0x1Fu) << 6 | (c[1] & 0x3Fu)) - LATIN_FIRST;
		for (const char *letter = latin[place]; *letter != '\0'; letter++)
			out = append_folded(out, start, *letter);
		c++;
	}
	if (out != start && out[-1] == ' ')
		out--;
	*out = '\0';
	return TRUE;
}

char *
till_text_fold(const char *text)
{
	g_assert(text != NULL);
	pthread_once(&latin_once, fill_latin);
	gsize length = strlen(text);
	if (length < SHORT_TEXT) {
		char folded[SHORT_TEXT * GROWTH_MAX];
		return fold_latin(text, folded) ? g_strdup(folded) : fold_unicode(text);
	}
	g_autofree char *folded = g_malloc(length * GROWTH_MAX + 1);
	return fold_latin(text, folded) ? g_steal_pointer(&folded) : fold_unicode(text);
}

/* Characters that would turn the writing direction or break the line of whoever shows the text. */
static gboolean
is_unsafe(gunichar c)
{
	return g_unichar_type(c) == G_UNICODE_CONTROL || c == 0x061C ||
	       (c >= 0x200E && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

char *
till_text_clean(const char *text, gsize max_chars)
{
	g_assert(text != NULL);
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *clean = g_string_new(NULL);
	gsize count = 0;
	for (const char *c = valid; *c != '\0' && count < max_chars; c = g_utf8_next_char(c)) {
		gunichar letter = g_utf8_get_char(c);
		if (letter == '\t' || letter == '\n')
			letter = ' ';
		if (is_unsafe(letter))
			continue;
		g_string_append_unichar(clean, letter);
		count++;
	}
	return g_string_free(clean, FALSE);
}

static const char *
skip_sign(const char *text, gboolean *out_negative)
{
	*out_negative = text[0] == '-';
	return text[0] == '-' || text[0] == '+' ? text + 1 : text;
}

/* value = value * 10 - digit. Counting below zero reaches G_MININT64, which has no positive twin.
 */
static gboolean
push_digit(gint64 *value, char digit)
{
	return !__builtin_mul_overflow(*value, 10, value) &&
	       !__builtin_sub_overflow(*value, (gint64)(digit - '0'), value);
}

/* Turns the value counted below zero into the one meant. */
static gboolean
apply_sign(gint64 below_zero, gboolean negative, gint64 *out)
{
	if (!negative && below_zero == G_MININT64)
		return FALSE;
	*out = negative ? below_zero : -below_zero;
	return TRUE;
}

/* The digits after the point: exponent of them count, missing ones are 0, more must be 0. */
static gboolean
push_fraction(const char *digits, int exponent, gint64 *value)
{
	for (int i = 0; i < exponent; i++) {
		char digit = '0';
		if (*digits != '\0')
			digit = *digits++;
		if (!g_ascii_isdigit(digit) || !push_digit(value, digit))
			return FALSE;
	}
	while (*digits == '0')
		digits++;
	return *digits == '\0';
}

gboolean
till_text_parse_decimal(const char *text, int exponent, gint64 *out)
{
	g_assert(exponent >= 0 && exponent <= DECIMAL_EXPONENT_MAX);
	if (text == NULL)
		return FALSE;
	gboolean negative;
	gint64 value = 0;
	const char *rest = skip_sign(text, &negative);
	if (!g_ascii_isdigit(*rest))
		return FALSE;
	for (; g_ascii_isdigit(*rest); rest++) {
		if (!push_digit(&value, *rest))
			return FALSE;
	}
	if (*rest == '.') {
		rest++;
		if (!g_ascii_isdigit(*rest))
			return FALSE;
	} else if (*rest != '\0') {
		return FALSE;
	}
	return push_fraction(rest, exponent, &value) && apply_sign(value, negative, out);
}

char *
till_text_format_decimal(gint64 value, int exponent)
{
	g_assert(exponent >= 0 && exponent <= DECIMAL_EXPONENT_MAX);
	const char *sign = value < 0 ? "-" : "";
	guint64 magnitude = value < 0 ? -(guint64)value : (guint64)value;
	guint64 unit = 1;
	for (int i = 0; i < exponent; i++)
		unit *= 10;
	if (exponent == 0)
		return g_strdup_printf("%s%" G_GUINT64_FORMAT, sign, magnitude);
	return g_strdup_printf("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT, sign,
			       magnitude / unit, exponent, magnitude % unit);
}

gboolean
till_text_parse_int(const char *text, gint64 min, gint64 max, gint64 *out)
{
	gint64 value;
	if (text == NULL || strchr(text, '.') != NULL || !till_text_parse_decimal(text, 0, &value))
		return FALSE;
	if (value < min || value > max)
		return FALSE;
	*out = value;
	return TRUE;
}

gboolean
till_text_is_digits(const char *text)
{
	if (text == NULL || text[0] == '\0')
		return FALSE;
	return text[strspn(text, "0123456789")] == '\0';
}
