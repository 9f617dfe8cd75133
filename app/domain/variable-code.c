/* SPDX-License-Identifier: Apache-2.0 */
#include "variable-code.h"

#include <string.h>

#include "error.h"
#include "gtin.h"

#define UPC_LENGTH 12
#define EAN_LENGTH 13
#define SHORT_LENGTH 8
#define WEIGHT_DECIMALS 3
#define DIGITS "0123456789"

typedef struct {
	TillVariableKind kind;
	char form[TILL_VARIABLE_TEXT]; /* one character a digit; N, D without their braces */
	guint decimals;
} Pattern;

struct TillVariableCodes {
	guint count;
	Pattern patterns[TILL_VARIABLE_CODES_MAX];
};

/* --- patterns --- */

static gboolean
refuse(const char *text, const char *words, GError **error)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "The pattern \"%.60s\" %s.", text,
		    words);
	return FALSE;
}

static const char *
read_kind(const char *text, TillVariableKind *out)
{
	static const struct {
		const char *name;
		TillVariableKind kind;
	} kinds[] = {{"weight:", TILL_VARIABLE_WEIGHT}, {"price:", TILL_VARIABLE_PRICE}};

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (!g_str_has_prefix(text, kinds[i].name))
			continue;
		*out = kinds[i].kind;
		return text + strlen(kinds[i].name);
	}
	return NULL;
}

/* Copies one character a digit. FALSE: a value that is not N's and then D's between braces, or a
 * character that means nothing. */
static gboolean
read_form(const char *text, Pattern *out)
{
	const char *brace = strchr(text, '{');
	gsize before = brace != NULL ? (gsize)(brace - text) : 0;
	gsize whole = brace != NULL ? strspn(brace + 1, "N") : 0;
	gsize decimals = brace != NULL ? strspn(brace + 1 + whole, "D") : 0;
	gsize after;

	if (whole + decimals == 0 || brace[1 + whole + decimals] != '}')
		return FALSE;
	const char *rest = brace + 2 + whole + decimals;
	after = strlen(rest);
	if (strspn(text, DIGITS ".v") != before || strspn(rest, DIGITS ".v") != after ||
	    before + whole + decimals + after >= sizeof out->form)
		return FALSE;
	g_snprintf(out->form, sizeof out->form, "%.*s%.*s%s", (int)before, text,
		   (int)(whole + decimals), brace + 1, rest);
	out->decimals = (guint)decimals;
	return TRUE;
}

static gsize
count_value(const Pattern *pattern)
{
	gsize count = 0;

	for (const char *p = pattern->form; *p != '\0'; p++)
		count += *p == 'N' || *p == 'D';
	return count;
}

static gboolean
check_pattern(const char *text, const Pattern *pattern, GError **error)
{
	gsize length = strlen(pattern->form);
	const char *verifier = strchr(pattern->form, 'v');
	gsize value = count_value(pattern);

	if (length != SHORT_LENGTH && length != UPC_LENGTH && length != EAN_LENGTH)
		return refuse(text, "has not 8, 12 or 13 digits", error);
	if (length != SHORT_LENGTH && pattern->form[length - 1] != '.')
		return refuse(text, "does not end with a point for the check digit", error);
	if (pattern->kind == TILL_VARIABLE_WEIGHT && pattern->decimals > WEIGHT_DECIMALS)
		return refuse(text, "has a weight with more than three decimals", error);
	if (verifier != NULL && (strchr(verifier + 1, 'v') != NULL || (value != 4 && value != 5)))
		return refuse(text,
			      "has a verifier digit, which goes with a value of four or five "
			      "digits, more than once or with another",
			      error);
	return TRUE;
}

/* A UPC-A is the EAN-13 with a 0 in front. */
static void
widen(char *form)
{
	if (strlen(form) != UPC_LENGTH)
		return;
	memmove(form + 1, form, UPC_LENGTH + 1);
	form[0] = '0';
}

static gboolean
add_pattern(TillVariableCodes *codes, const char *text, GError **error)
{
	Pattern *pattern = &codes->patterns[codes->count];
	const char *form = read_kind(text, &pattern->kind);

	if (form == NULL)
		return refuse(text, "does not begin with weight: or price:", error);
	if (!read_form(form, pattern))
		return refuse(text, "is not made of digits, points and one value like {NNDDD}",
			      error);
	if (!check_pattern(text, pattern, error))
		return FALSE;
	widen(pattern->form);
	codes->count++;
	return TRUE;
}

TillVariableCodes *
till_variable_code_parse(const char *text, GError **error)
{
	g_autoptr(TillVariableCodes) codes = g_atomic_rc_box_new0(TillVariableCodes);
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);

	for (gsize i = 0; parts[i] != NULL; i++) {
		const char *part = g_strstrip(parts[i]);
		if (*part == '\0')
			continue;
		if (codes->count == TILL_VARIABLE_CODES_MAX) {
			refuse(part, "is one more than a store can have", error);
			return NULL;
		}
		if (!add_pattern(codes, part, error))
			return NULL;
	}
	return g_steal_pointer(&codes);
}

TillVariableCodes *
till_variable_code_ref(TillVariableCodes *codes)
{
	return g_atomic_rc_box_acquire(codes);
}

void
till_variable_code_unref(TillVariableCodes *codes)
{
	if (codes != NULL)
		g_atomic_rc_box_release(codes);
}

/* --- verifier digits --- */

/* Products of a digit and its weight, of which only the last digit counts: after the tens are taken
 * off (minus) or put on (plus). */
static const int two_minus[] = {0, 2, 4, 6, 8, 9, 1, 3, 5, 7};
static const int three[] = {0, 3, 6, 9, 2, 5, 8, 1, 4, 7};
static const int five_plus[] = {0, 5, 1, 6, 2, 7, 3, 8, 4, 9};
static const int five_minus[] = {0, 5, 9, 4, 8, 3, 7, 2, 6, 1};

static int
sum_products(const char *digits, gsize length, const int *const *weights)
{
	int sum = 0;

	for (gsize i = 0; i < length; i++)
		sum += weights[i][digits[i] - '0'];
	return sum;
}

char
till_variable_code_verifier(const char *digits, gsize length)
{
	static const int *const four_weights[] = {two_minus, two_minus, three, five_minus};
	static const int *const five_weights[] = {five_plus, two_minus, five_minus, five_plus,
						  two_minus};

	g_assert(length == 4 || length == 5);
	if (length == 4)
		return (char)('0' + sum_products(digits, length, four_weights) * 3 % 10);
	int wanted = (10 - sum_products(digits, length, five_weights) % 10) % 10;
	int digit = 0;
	while (five_minus[digit] != wanted)
		digit++;
	return (char)('0' + digit);
}

/* --- reading --- */

static gboolean
fits(const Pattern *pattern, const char *code)
{
	if (strlen(pattern->form) != strlen(code))
		return FALSE;
	for (gsize i = 0; code[i] != '\0'; i++) {
		if (g_ascii_isdigit(pattern->form[i]) && pattern->form[i] != code[i])
			return FALSE;
	}
	return TRUE;
}

typedef struct {
	char value[TILL_VARIABLE_TEXT];
	char verifier; /* NUL: none */
} Parts;

/* Takes the code apart. The check digit is nobody's. */
static Parts
split(const Pattern *pattern, const char *code, TillVariableCode *out)
{
	gsize last = strlen(code) - 1;
	gsize items = 0, values = 0;
	Parts parts = {.verifier = '\0'};

	memcpy(out->base, code, last + 2);
	for (gsize i = 0; i <= last; i++) {
		char form = pattern->form[i];
		if (form == '.' && i < last)
			out->item[items++] = code[i];
		if (form == 'N' || form == 'D')
			parts.value[values++] = code[i];
		if (form == 'v')
			parts.verifier = code[i];
		if (form == 'N' || form == 'D' || form == 'v')
			out->base[i] = '0';
	}
	if (last + 1 == EAN_LENGTH)
		out->base[last] = till_gtin_check_digit(out->base, last);
	return parts;
}

static gboolean
read_by(const Pattern *pattern, const char *code, TillVariableCode *out)
{
	TillVariableCode read = {.kind = pattern->kind, .decimals = pattern->decimals};

	if (!fits(pattern, code))
		return FALSE;
	Parts parts = split(pattern, code, &read);
	gsize length = strlen(parts.value);
	if (parts.verifier != '\0' &&
	    till_variable_code_verifier(parts.value, length) != parts.verifier)
		return FALSE;
	for (gsize i = 0; i < length; i++)
		read.value = read.value * 10 + (parts.value[i] - '0');
	*out = read;
	return TRUE;
}

gboolean
till_variable_code_read(const TillVariableCodes *codes, const char *code, TillVariableCode *out)
{
	char wide[TILL_VARIABLE_TEXT];
	gsize length = strlen(code);

	*out = (TillVariableCode){.kind = TILL_VARIABLE_NONE};
	if (codes == NULL ||
	    (length != SHORT_LENGTH && length != UPC_LENGTH && length != EAN_LENGTH) ||
	    strspn(code, DIGITS) != length || !till_gtin_check(code))
		return FALSE;
	memcpy(wide, code, length + 1);
	widen(wide);
	for (guint i = 0; i < codes->count; i++) {
		if (read_by(&codes->patterns[i], wide, out))
			return TRUE;
	}
	return FALSE;
}

gboolean
till_variable_code_weight(const TillVariableCode *code, gint64 *out_milli)
{
	gint64 milli = code->value;

	if (code->kind != TILL_VARIABLE_WEIGHT || code->value == 0)
		return FALSE;
	for (guint i = code->decimals; i < WEIGHT_DECIMALS; i++)
		milli *= 10;
	*out_milli = milli;
	return TRUE;
}

gboolean
till_variable_code_price(const TillVariableCode *code, int exponent, gint64 *out_minor)
{
	gint64 minor = code->value;
	int decimals = (int)code->decimals;

	if (code->kind != TILL_VARIABLE_PRICE || code->value == 0)
		return FALSE;
	for (; decimals < exponent; decimals++)
		minor *= 10;
	for (; decimals > exponent; decimals--) {
		if (minor % 10 != 0)
			return FALSE;
		minor /= 10;
	}
	*out_minor = minor;
	return TRUE;
}
