/* SPDX-License-Identifier: Apache-2.0 */
#include "allocation.h"

#include <string.h>

#include "currency.h"
#include "quantity.h"
#include "registry.h"

/* Sharing an amount over lines: the ways in which libraries hand out what is left over. */

#define PARTS_MAX 256

typedef struct {
	gint64 amount;
	gint64 step;
	guint exponent; /* of the figures in the case */
	gint64 weights[PARTS_MAX];
	gint64 shares[PARTS_MAX + 1]; /* one more where the rest is a part of its own */
	gsize count;
} Sharing;

static TillWide
find_common_factor(TillWide a, TillWide b)
{
	while (b != 0) {
		TillWide rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/* Fractions ("1/3", "0.5") to whole weights in the same proportion. */
static void
make_weights(TillVector *vector, const TillRatio *ratios, Sharing *sharing)
{
	TillWide common = 1;

	for (gsize i = 0; i < sharing->count; i++) {
		TillWide factor = find_common_factor(common, ratios[i].denominator);
		if (__builtin_mul_overflow(common, ratios[i].denominator / factor, &common) ||
		    common > G_MAXINT64) {
			till_vector_out(vector, "weights without a common measure");
			return;
		}
	}
	TillRatio scale = till_ratio_whole((gint64)common);
	for (gsize i = 0; i < sharing->count; i++) {
		if (!till_ratio_round(till_ratio_multiply(ratios[i], scale), 1, TILL_ROUND_DOWN,
				      &sharing->weights[i]))
			till_vector_out(vector, "weights beyond the product's bounds");
	}
}

static TillRatio
read_weight(TillVector *vector, const json_t *item)
{
	if (!json_is_object(item))
		return till_vector_number(vector, item, NULL);
	till_vector_known(vector, item, "price quantity");
	return till_ratio_multiply(till_vector_number(vector, item, "price"),
				   till_vector_number_or(vector, item, "quantity", "1"));
}

static void
read_weights(TillVector *vector, Sharing *sharing)
{
	static const char *const keys[] = {"ratios", "weights", "lines"};
	TillRatio ratios[PARTS_MAX];
	const json_t *list = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(keys) && list == NULL; i++)
		list = json_object_get(vector->inputs, keys[i]);
	gboolean equal = list == NULL;
	gint64 count = equal ? till_vector_scaled(vector, vector->inputs, "equal_parts", 0)
			     : (gint64)json_array_size(list);
	if (count < 1 || count > PARTS_MAX) {
		till_vector_out(vector, "no parts, or too many");
		return;
	}
	sharing->count = (gsize)count;
	for (gsize i = 0; i < sharing->count; i++)
		ratios[i] =
		    equal ? till_ratio_whole(1) : read_weight(vector, json_array_get(list, i));
	if (till_vector_open(vector))
		make_weights(vector, ratios, sharing);
}

static void
read_amount(TillVector *vector, Sharing *sharing)
{
	const char *code = till_vector_text_or(vector->inputs, "currency", NULL);
	const TillCurrency *currency = code != NULL ? till_currency_find(code) : NULL;

	if (code != NULL && currency == NULL)
		till_vector_out(vector, "currency \"%s\" is not in ISO 4217", code);
	if (json_object_get(vector->inputs, "amount_minor") != NULL) {
		sharing->amount = till_vector_scaled(vector, vector->inputs, "amount_minor", 0);
	} else {
		sharing->exponent = currency != NULL ? currency->exponent : 2;
		sharing->amount =
		    till_vector_scaled(vector, vector->inputs, "amount", sharing->exponent);
	}
	sharing->step = till_vector_scaled_or(vector, vector->inputs, "step_minor", 0, 1);
	if (sharing->step <= 0 || sharing->amount % MAX(sharing->step, 1) != 0)
		till_vector_out(vector, "an amount that coins of its step cannot make");
	else
		sharing->amount /= sharing->step;
}

typedef gboolean (*Share)(gint64 amount, const gint64 *weights, gsize count, gint64 *out_shares);
typedef gboolean (*ShareWithRest)(gint64 amount, const gint64 *weights, gsize count,
				  gint64 *out_shares, gint64 *out_rest);

static const struct {
	const char *method;
	Share share;
	ShareWithRest share_with_rest; /* the rest is one part more, at the end */
} methods[] = {
    {"FloorToFirst", till_allocation_share_first, NULL},
    {"FloorToLargestRemainder", till_allocation_share, NULL},
    {"FloorToLargestRatio", till_allocation_share_heaviest, NULL},
    {"FloorSeparate", NULL, till_allocation_share_floor},
    {"BlockSeparate", NULL, till_allocation_share_blocks},
    {"ToFirst", till_allocation_share_first, NULL},
    {"Separate", NULL, till_allocation_share_floor},
};

static gboolean
share(TillVector *vector, Sharing *sharing)
{
	const char *method = till_vector_text_or(vector->inputs, "method", NULL);

	if (method == NULL && till_vector_has_tag(vector, "left_over_to_first"))
		return till_allocation_share_running(sharing->amount, sharing->weights,
						     sharing->count, sharing->shares);
	if (method == NULL)
		return till_allocation_share(sharing->amount, sharing->weights, sharing->count,
					     sharing->shares);
	for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
		if (strcmp(methods[i].method, method) != 0)
			continue;
		if (methods[i].share != NULL)
			return methods[i].share(sharing->amount, sharing->weights, sharing->count,
						sharing->shares);
		sharing->count++;
		return methods[i].share_with_rest(sharing->amount, sharing->weights,
						  sharing->count - 1, sharing->shares,
						  &sharing->shares[sharing->count - 1]);
	}
	till_vector_out(vector, "sharing method \"%s\"", method);
	return TRUE;
}

static int
compare_shares(gconstpointer a, gconstpointer b, gpointer user)
{
	const gint64 *left = a;
	const gint64 *right = b;

	(void)user;
	return (*left > *right) - (*left < *right);
}

static void
check(TillVector *vector, Sharing *sharing)
{
	const json_t *parts = json_object_get(vector->expected, "parts");
	guint exponent = sharing->exponent;
	gint64 expected[PARTS_MAX + 1];

	if (parts == NULL) {
		parts = json_object_get(vector->expected, "parts_minor");
		exponent = 0;
	}
	if (json_array_size(parts) != sharing->count) {
		till_vector_fail(vector, "%u parts, expected %u", (guint)sharing->count,
				 (guint)json_array_size(parts));
		return;
	}
	for (gsize i = 0; i < sharing->count; i++) {
		sharing->shares[i] *= sharing->step;
		expected[i] = till_vector_scaled(vector, json_array_get(parts, i), NULL, exponent);
	}
	if (!till_vector_flag_or(vector->expected, "order_matters", TRUE)) {
		g_qsort_with_data(expected, (int)sharing->count, sizeof(gint64), compare_shares,
				  NULL);
		g_qsort_with_data(sharing->shares, (int)sharing->count, sizeof(gint64),
				  compare_shares, NULL);
	}
	for (gsize i = 0; i < sharing->count; i++) {
		if (sharing->shares[i] != expected[i])
			till_vector_fail(
			    vector, "part %u is %" G_GINT64_FORMAT ", expected %" G_GINT64_FORMAT,
			    (guint)i + 1, sharing->shares[i], expected[i]);
	}
}

void
till_allocation_run(TillVector *vector)
{
	Sharing sharing = {0};

	till_vector_known(
	    vector, vector->inputs,
	    "amount amount_minor currency step_minor ratios weights lines equal_parts method");
	till_vector_known(vector, vector->expected, "parts parts_minor order_matters");
	read_amount(vector, &sharing);
	if (till_vector_open(vector))
		read_weights(vector, &sharing);
	if (!till_vector_open(vector))
		return;
	if (!share(vector, &sharing))
		till_vector_fail(vector, "cannot be shared");
	if (till_vector_open(vector))
		check(vector, &sharing);
}
