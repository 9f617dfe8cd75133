/* SPDX-License-Identifier: Apache-2.0 */
#include "rounding.h"

#include <string.h>

#include "registry.h"

/* Rounding numbers by places or by steps. Odoo's numbers are binary: they are read to the 15
 * significant digits such a number holds, which is how the product reads sheets and scripts. */

#define BINARY_DIGITS 15
#define PLACES_MAX 15

static gboolean
read_binary(TillVector *vector, const json_t *value, TillRatio *out)
{
	const char *text = json_string_value(value);

	if (text == NULL) {
		*out = till_vector_number(vector, value, NULL);
		return till_vector_open(vector);
	}
	if (till_ratio_parse(text, BINARY_DIGITS, out))
		return TRUE;
	till_vector_out(vector, "a number that cannot be read");
	return FALSE;
}

/* The step as 1 / scale · unit: figures are multiplied by scale and rounded to multiples of unit.
 */
static gboolean
read_step(TillVector *vector, TillRatio *out_scale, gint64 *out_unit)
{
	TillRatio step;
	gint64 whole;

	if (json_object_get(vector->inputs, "digits") != NULL) {
		gint64 digits = till_vector_scaled(vector, vector->inputs, "digits", 0);
		step = till_ratio_whole(1);
		for (gint64 i = 0; i < digits && digits <= PLACES_MAX; i++)
			step = till_ratio_divide(step, till_ratio_whole(10));
		if (digits < 0 || digits > PLACES_MAX)
			till_vector_out(vector, "rounding to %d places", (int)digits);
	} else if (!read_binary(vector, json_object_get(vector->inputs, "step"), &step)) {
		return FALSE;
	}
	*out_scale = till_ratio_whole(1);
	for (guint i = 0; i <= PLACES_MAX && till_vector_open(vector); i++) {
		TillRatio scaled = till_ratio_multiply(step, *out_scale);
		if (till_ratio_round(scaled, 1, TILL_ROUND_DOWN, &whole) && whole > 0 &&
		    till_ratio_compare(scaled, till_ratio_whole(whole)) == 0) {
			*out_unit = whole;
			return TRUE;
		}
		*out_scale = till_ratio_multiply(*out_scale, till_ratio_whole(10));
	}
	till_vector_out(vector, "a step that is no decimal number");
	return FALSE;
}

static gboolean
round_value(TillVector *vector, const json_t *value, TillRounding rounding, TillRatio *out)
{
	TillRatio number, scale;
	gint64 unit, rounded;

	if (!read_binary(vector, value, &number) || !read_step(vector, &scale, &unit))
		return FALSE;
	if (!till_ratio_round(till_ratio_multiply(number, scale), unit, rounding, &rounded)) {
		till_vector_fail(vector, "the number does not fit");
		return FALSE;
	}
	*out = till_ratio_divide(till_ratio_whole(rounded), scale);
	return TRUE;
}

static void
run_compare(TillVector *vector, const json_t *pair)
{
	TillRatio left, right;

	if (!round_value(vector, json_array_get(pair, 0), TILL_ROUND_HALF_UP, &left) ||
	    !round_value(vector, json_array_get(pair, 1), TILL_ROUND_HALF_UP, &right))
		return;
	till_vector_expect(vector, vector->expected, "sign", till_ratio_compare(left, right), 0,
			   "the comparison");
}

void
till_rounding_run(TillVector *vector)
{
	const json_t *pair = json_object_get(vector->inputs, "compare");
	const json_t *is_zero = json_object_get(vector->expected, "is_zero");
	g_autofree char *mode =
	    g_ascii_strdown(till_vector_text_or(vector->inputs, "mode", "HALF-UP"), -1);
	TillRounding rounding;
	TillRatio value;

	till_vector_known(vector, vector->inputs, "value mode digits step compare");
	till_vector_known(vector, vector->expected, "value is_zero sign");
	if (!till_rounding_parse(mode, &rounding))
		till_vector_out(vector, "rounding mode \"%s\"", mode);
	if (!till_vector_open(vector))
		return;
	if (pair != NULL) {
		run_compare(vector, pair);
		return;
	}
	if (!round_value(vector, json_object_get(vector->inputs, "value"), rounding, &value))
		return;
	if (is_zero != NULL && json_is_true(is_zero) != (till_ratio_sign(value) == 0))
		till_vector_fail(vector, json_is_true(is_zero) ? "not zero" : "zero");
	till_vector_expect_near(
	    vector, vector->expected, "value", value,
	    MIN(till_vector_decimals(json_object_get(vector->expected, "value")) + 1, 9),
	    "the number");
}
