/* SPDX-License-Identifier: Apache-2.0 */
#include "registry.h"
#include "tax-draft.h"

/* Medusa keeps fractions: what is compared is the engine's exact figures, before the document is
 * rounded. Every position is worked out twice, before and after its discounts. */

#define NEAR_PLACES 9 /* Medusa's figures are binary numbers */

typedef struct {
	TillRatio net, tax, gross;
} Figures;

typedef struct {
	Figures before, after;
} Position;

typedef struct {
	TillVector *vector;
	const json_t *json;
	const char *price_key;
	Position figures;
} Reading;

static Figures
get_nothing(void)
{
	TillRatio zero = till_ratio_whole(0);

	return (Figures){zero, zero, zero};
}

static Figures
add(Figures a, Figures b)
{
	return (Figures){till_ratio_add(a.net, b.net), till_ratio_add(a.tax, b.tax),
			 till_ratio_add(a.gross, b.gross)};
}

static Figures
subtract(Figures a, Figures b)
{
	return (Figures){till_ratio_subtract(a.net, b.net), till_ratio_subtract(a.tax, b.tax),
			 till_ratio_subtract(a.gross, b.gross)};
}

/* One line of a document of its own; the shares are handed back for the taxes of the position. */
static TillTaxEngineResult *
compute(Reading *reading, TillTaxDraft *draft, TillRatio price, TillRatio quantity, gboolean inside,
	Figures *out)
{
	const json_t *list = json_object_get(reading->json, "tax_lines");
	TillTaxEngineTax *taxes[TILL_TAX_ENGINE_TAXES_MAX];
	guint count = 0;

	for (gsize i = 0; i < json_array_size(list) && count < TILL_TAX_ENGINE_TAXES_MAX; i++) {
		g_autofree char *id = g_strdup_printf("tax %u", (guint)i);
		till_vector_known(reading->vector, json_array_get(list, i), "rate");
		taxes[count++] = till_tax_draft_percent(
		    draft, id, till_vector_number(reading->vector, json_array_get(list, i), "rate"),
		    inside);
	}
	draft->policy.method = TILL_TAX_ENGINE_PER_DOCUMENT;
	till_tax_draft_line(draft, price, quantity, till_ratio_whole(0), till_ratio_whole(0), taxes,
			    count);
	TillTaxEngineResult *result = till_tax_draft_compute(draft);
	if (result == NULL)
		return NULL;
	const TillTaxEngineLineResult *line =
	    &g_array_index(result->lines, TillTaxEngineLineResult, 0);
	*out = (Figures){line->net, till_ratio_subtract(line->gross, line->net), line->gross};
	return result;
}

static void
expect(Reading *reading, const json_t *expected, const char *prefix, const char *key,
       TillRatio actual)
{
	g_autofree char *name = g_strconcat(prefix, key, NULL);

	till_vector_expect_near(reading->vector, expected, name, actual, NEAR_PLACES, name);
}

static void
expect_position(Reading *reading, const json_t *expected, const char *prefix, Position position)
{
	Figures off = subtract(position.before, position.after);
	g_autofree char *original = g_strconcat("original_", prefix, NULL);

	expect(reading, expected, prefix, "subtotal", position.before.net);
	expect(reading, expected, prefix, "total", position.after.gross);
	expect(reading, expected, prefix, "tax_total", position.after.tax);
	expect(reading, expected, prefix, "discount_subtotal", off.net);
	expect(reading, expected, prefix, "discount_total", off.gross);
	expect(reading, expected, prefix, "discount_tax_total", off.tax);
	expect(reading, expected, original, "subtotal", position.before.net);
	expect(reading, expected, original, "total", position.before.gross);
	expect(reading, expected, original, "tax_total", position.before.tax);
}

/* What was given is told again. */
static void
check_echo(TillVector *vector, const json_t *given, const json_t *told)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(gsize)told, key, value)
	{
		const json_t *ours = json_object_get(given, key);
		if (ours != NULL && !json_is_array(ours) && !json_equal(ours, value))
			till_vector_fail(vector, "\"%s\" is not what was given", key);
	}
}

static void
check_taxes(Reading *reading, const json_t *list, const TillTaxEngineResult *before,
	    const TillTaxEngineResult *after)
{
	for (guint i = 0; i < json_array_size(list); i++) {
		const json_t *json = json_array_get(list, i);
		till_vector_known(reading->vector, json, "rate total subtotal");
		if (i >= before->shares->len || i >= after->shares->len) {
			till_vector_fail(reading->vector, "a tax is missing");
			return;
		}
		check_echo(reading->vector,
			   json_array_get(json_object_get(reading->json, "tax_lines"), i), json);
		expect(reading, json, "", "subtotal",
		       g_array_index(before->shares, TillTaxEngineShare, i).amount);
		expect(reading, json, "", "total",
		       g_array_index(after->shares, TillTaxEngineShare, i).amount);
	}
}

/* Discounts are amounts without tax. */
static TillRatio
read_discounts(Reading *reading, const json_t *expected)
{
	const json_t *list = json_object_get(reading->json, "adjustments");
	TillRatio sum = till_ratio_whole(0);

	for (gsize i = 0; i < json_array_size(list); i++) {
		const json_t *json = json_array_get(list, i);
		const json_t *told = json_array_get(expected, i);
		g_autoptr(TillTaxDraft) draft = till_tax_draft_new(reading->vector, 0);
		Figures figures;

		till_vector_known(reading->vector, json, "amount");
		TillRatio amount = till_vector_number(reading->vector, json, "amount");
		sum = till_ratio_add(sum, amount);
		g_autoptr(TillTaxEngineResult) result =
		    compute(reading, draft, amount, till_ratio_whole(1), FALSE, &figures);
		if (result == NULL || told == NULL)
			continue;
		till_vector_known(reading->vector, told, "amount total subtotal");
		check_echo(reading->vector, json, told);
		expect(reading, told, "", "subtotal", figures.net);
		expect(reading, told, "", "total", figures.gross);
	}
	return sum;
}

static void
read_position(Reading *reading, const json_t *expected)
{
	TillVector *vector = reading->vector;
	g_autoptr(TillTaxDraft) first = till_tax_draft_new(vector, 0);
	g_autoptr(TillTaxDraft) second = till_tax_draft_new(vector, 0);
	gboolean inside = till_vector_flag_or(reading->json, "is_tax_inclusive", FALSE);

	till_vector_known(vector, reading->json,
			  "unit_price amount quantity is_tax_inclusive tax_lines adjustments");
	till_vector_known(vector, expected,
			  "unit_price amount quantity is_tax_inclusive tax_lines adjustments "
			  "subtotal total original_subtotal original_total discount_subtotal "
			  "discount_total discount_tax_total tax_total original_tax_total");
	check_echo(vector, reading->json, expected);
	TillRatio off = read_discounts(reading, json_object_get(expected, "adjustments"));
	g_autoptr(TillTaxEngineResult) before =
	    compute(reading, first, till_vector_number(vector, reading->json, reading->price_key),
		    till_vector_number_or(vector, reading->json, "quantity", "1"), inside,
		    &reading->figures.before);
	if (before == NULL)
		return;
	g_autoptr(TillTaxEngineResult) after =
	    compute(reading, second, till_ratio_subtract(reading->figures.before.net, off),
		    till_ratio_whole(1), FALSE, &reading->figures.after);
	if (after == NULL)
		return;
	check_taxes(reading, json_object_get(expected, "tax_lines"), before, after);
	expect_position(reading, expected, "", reading->figures);
}

static Position
read_positions(TillVector *vector, const char *key, const char *price_key)
{
	const json_t *list = json_object_get(json_object_get(vector->inputs, "cart"), key);
	const json_t *expected = json_object_get(vector->expected, key);
	Position sum = {get_nothing(), get_nothing()};

	for (gsize i = 0; i < json_array_size(list) && till_vector_open(vector); i++) {
		Reading reading = {.vector = vector,
				   .json = json_array_get(list, i),
				   .price_key = price_key,
				   .figures = {get_nothing(), get_nothing()}};
		read_position(&reading, json_array_get(expected, i));
		sum.before = add(sum.before, reading.figures.before);
		sum.after = add(sum.after, reading.figures.after);
	}
	return sum;
}

#define TOTALS(prefix)                                                                             \
	prefix "total " prefix "subtotal " prefix "tax_total " prefix "discount_total " prefix     \
	       "discount_subtotal " prefix "discount_tax_total "                                   \
	       "original_" prefix "total original_" prefix "subtotal original_" prefix             \
	       "tax_total "

void
till_tax_medusa_run(TillVector *vector)
{
	till_vector_known(vector, vector->inputs, "cart");
	till_vector_known(vector, json_object_get(vector->inputs, "cart"),
			  "items shipping_methods");
	till_vector_known(vector, vector->expected,
			  "items shipping_methods " TOTALS("") TOTALS("item_") TOTALS("shipping_"));
	Reading reading = {.vector = vector};
	Position items = read_positions(vector, "items", "unit_price");
	Position shipping = read_positions(vector, "shipping_methods", "amount");
	Position all = {add(items.before, shipping.before), add(items.after, shipping.after)};
	expect_position(&reading, vector->expected, "item_", items);
	expect_position(&reading, vector->expected, "shipping_", shipping);
	expect_position(&reading, vector->expected, "", all);
}
