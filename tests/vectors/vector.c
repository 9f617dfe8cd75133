/* SPDX-License-Identifier: Apache-2.0 */
#include "vector.h"

#include <string.h>

#define REAL_DIGITS 15

gboolean
till_vector_open(const TillVector *vector)
{
	return vector->outcome == TILL_VECTOR_PASSED;
}

gboolean
till_vector_has_tag(const TillVector *vector, const char *tag)
{
	for (gsize i = 0; i < json_array_size(vector->tags); i++) {
		const char *text = json_string_value(json_array_get(vector->tags, i));
		if (text != NULL && strcmp(text, tag) == 0)
			return TRUE;
	}
	return FALSE;
}

static void G_GNUC_PRINTF(3, 0)
    conclude(TillVector *vector, TillVectorOutcome outcome, const char *format, va_list arguments)
{
	if (!till_vector_open(vector))
		return;
	vector->outcome = outcome;
	vector->words = g_strdup_vprintf(format, arguments);
}

void
till_vector_out(TillVector *vector, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	conclude(vector, TILL_VECTOR_OUT_OF_SCOPE, format, arguments);
	va_end(arguments);
}

void
till_vector_fail(TillVector *vector, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	conclude(vector, TILL_VECTOR_FAILED, format, arguments);
	va_end(arguments);
}

void
till_vector_known(TillVector *vector, const json_t *object, const char *known)
{
	g_auto(GStrv) names = g_strsplit(known, " ", -1);
	const char *key;
	json_t *value;

	if (!json_is_object(object)) {
		till_vector_out(vector, "no object where one was awaited");
		return;
	}
	json_object_foreach((json_t *)(gsize)object, key, value)
	{
		if (!g_strv_contains((const char *const *)names, key))
			till_vector_out(vector, "unknown field \"%s\"", key);
	}
}

static gboolean
read_number(const json_t *value, TillRatio *out)
{
	g_autofree char *text = NULL;

	if (json_is_string(value))
		return till_ratio_parse(json_string_value(value), 0, out);
	if (json_is_integer(value)) {
		*out = till_ratio_whole(json_integer_value(value));
		return TRUE;
	}
	if (!json_is_real(value))
		return FALSE;
	text = g_strdup_printf("%.17g", json_real_value(value));
	return till_ratio_parse(text, REAL_DIGITS, out);
}

static const json_t *
find(const json_t *object, const char *key)
{
	return key != NULL ? json_object_get(object, key) : object;
}

TillRatio
till_vector_number(TillVector *vector, const json_t *object, const char *key)
{
	TillRatio number = till_ratio_whole(0);

	if (!read_number(find(object, key), &number))
		till_vector_out(vector, "no number in \"%s\"", key != NULL ? key : "list");
	return number;
}

TillRatio
till_vector_number_or(TillVector *vector, const json_t *object, const char *key,
		      const char *fallback)
{
	TillRatio number = till_ratio_whole(0);

	if (json_object_get(object, key) != NULL)
		return till_vector_number(vector, object, key);
	if (!till_ratio_parse(fallback, 0, &number))
		g_assert_not_reached();
	return number;
}

static TillRatio
raise_ten(guint exponent)
{
	gint64 power = 1;

	g_assert(exponent <= 18);
	while (exponent-- > 0)
		power *= 10;
	return till_ratio_whole(power);
}

gint64
till_vector_scale_ratio(TillVector *vector, TillRatio ratio, guint exponent)
{
	TillRatio scaled = till_ratio_multiply(ratio, raise_ten(exponent));
	gint64 whole = 0;

	if (!till_ratio_round(scaled, 1, TILL_ROUND_DOWN, &whole))
		till_vector_out(vector, "a figure beyond the product's bounds");
	else if (till_ratio_compare(scaled, till_ratio_whole(whole)) != 0)
		till_vector_out(vector, "a figure finer than %u places", exponent);
	return whole;
}

gint64
till_vector_scaled(TillVector *vector, const json_t *object, const char *key, guint exponent)
{
	return till_vector_scale_ratio(vector, till_vector_number(vector, object, key), exponent);
}

gint64
till_vector_scaled_or(TillVector *vector, const json_t *object, const char *key, guint exponent,
		      gint64 fallback)
{
	return json_object_get(object, key) != NULL
		   ? till_vector_scaled(vector, object, key, exponent)
		   : fallback;
}

guint
till_vector_decimals(const json_t *value)
{
	const char *text = json_string_value(value);
	const char *point = text != NULL ? strchr(text, '.') : NULL;

	return point != NULL ? (guint)strlen(point + 1) : 0;
}

const char *
till_vector_text_or(const json_t *object, const char *key, const char *fallback)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : fallback;
}

gboolean
till_vector_flag_or(const json_t *object, const char *key, gboolean fallback)
{
	const json_t *value = json_object_get(object, key);

	return value != NULL ? json_is_true(value) : fallback;
}

static void
fail_figure(TillVector *vector, const char *what, TillRatio actual, TillRatio expected,
	    guint decimals)
{
	g_autofree char *ours = till_ratio_format(actual, MIN(decimals, 12));
	g_autofree char *theirs = till_ratio_format(expected, MIN(decimals, 12));

	till_vector_fail(vector, "%s is %s, expected %s", what, ours, theirs);
}

void
till_vector_expect(TillVector *vector, const json_t *object, const char *key, gint64 actual,
		   guint exponent, const char *what)
{
	if (key != NULL && json_object_get(object, key) == NULL)
		return;
	TillRatio expected = till_vector_number(vector, object, key);
	TillRatio ours = till_ratio_divide(till_ratio_whole(actual), raise_ten(exponent));
	if (!till_vector_open(vector))
		return;
	if (till_ratio_compare(ours, expected) != 0)
		fail_figure(vector, what, ours, expected,
			    MAX(exponent, till_vector_decimals(find(object, key))));
}

void
till_vector_expect_near(TillVector *vector, const json_t *object, const char *key, TillRatio actual,
			guint decimals, const char *what)
{
	gint64 ours = 0, theirs = 0;

	if (key != NULL && json_object_get(object, key) == NULL)
		return;
	TillRatio expected = till_vector_number(vector, object, key);
	if (!till_vector_open(vector))
		return;
	TillRatio scale = raise_ten(decimals);
	if (!till_ratio_round(till_ratio_multiply(actual, scale), 1, TILL_ROUND_HALF_UP, &ours) ||
	    !till_ratio_round(till_ratio_multiply(expected, scale), 1, TILL_ROUND_HALF_UP, &theirs))
		till_vector_fail(vector, "%s does not fit", what);
	else if (ours != theirs)
		fail_figure(vector, what, actual, expected, decimals);
}

void
till_vector_expect_exact(TillVector *vector, const json_t *object, const char *key,
			 TillRatio actual, guint decimals, const char *what)
{
	guint written = till_vector_decimals(find(object, key));

	till_vector_expect_near(vector, object, key, actual, MIN(MAX(decimals, written), 12), what);
}
