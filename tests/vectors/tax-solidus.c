/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "registry.h"
#include "tax-draft.h"

/* Solidus: rates by category, inside or on top; the order's tax is summed, then rounded. */

#define EXPONENT 2

static guint
read_rates(TillTaxDraft *draft, const json_t *rates, const char *category,
	   TillTaxEngineTax *taxes[TILL_TAX_ENGINE_TAXES_MAX])
{
	guint count = 0;

	for (gsize i = 0; i < json_array_size(rates) && count < TILL_TAX_ENGINE_TAXES_MAX; i++) {
		const json_t *rate = json_array_get(rates, i);
		g_autofree char *id = g_strdup_printf("rate %u", (guint)i);
		if (strcmp(till_vector_text_or(rate, "category", ""), category) != 0)
			continue;
		TillRatio percent = till_ratio_multiply(
		    till_vector_number(draft->vector, rate, "rate"), till_ratio_whole(100));
		taxes[count++] = till_tax_draft_percent(
		    draft, id, percent, till_vector_flag_or(rate, "included_in_price", FALSE));
	}
	return count;
}

static void
read_line(TillTaxDraft *draft, const json_t *line, const json_t *rates)
{
	TillTaxEngineTax *taxes[TILL_TAX_ENGINE_TAXES_MAX];
	TillVector *vector = draft->vector;

	till_vector_known(vector, line, "price quantity category adjustment");
	guint count = read_rates(draft, rates, till_vector_text_or(line, "category", ""), taxes);
	till_tax_draft_line(
	    draft, till_vector_number(vector, line, "price"),
	    till_vector_number_or(vector, line, "quantity", "1"), till_ratio_whole(0),
	    till_ratio_negate(till_vector_number_or(vector, line, "adjustment", "0")), taxes,
	    count);
}

static gint64
sum_tax(const TillTaxEngineResult *result, gboolean inclusive)
{
	gint64 sum = 0;

	for (guint i = 0; i < result->taxes->len; i++) {
		const TillTaxEngineShare *total =
		    &g_array_index(result->taxes, TillTaxEngineShare, i);
		if (total->tax->inclusive == inclusive)
			sum += total->amount_minor;
	}
	return sum;
}

void
till_tax_solidus_run(TillVector *vector)
{
	const json_t *rates = json_object_get(vector->inputs, "rates");
	const json_t *lines = json_object_get(vector->inputs, "lines");

	till_vector_known(vector, vector->inputs, "lines rates");
	till_vector_known(vector, vector->expected, "tax included_tax total");
	g_autoptr(TillTaxDraft) draft = till_tax_draft_new(vector, EXPONENT);
	draft->policy.method = TILL_TAX_ENGINE_PER_DOCUMENT;
	for (gsize i = 0; i < json_array_size(rates); i++)
		till_vector_known(vector, json_array_get(rates, i),
				  "category rate included_in_price");
	for (gsize i = 0; i < json_array_size(lines); i++)
		read_line(draft, json_array_get(lines, i), rates);
	g_autoptr(TillTaxEngineResult) result = till_tax_draft_compute(draft);
	if (result == NULL)
		return;
	till_vector_expect(vector, vector->expected, "tax", sum_tax(result, FALSE), EXPONENT,
			   "the tax added");
	till_vector_expect(vector, vector->expected, "included_tax", sum_tax(result, TRUE),
			   EXPONENT, "the tax inside");
	till_vector_expect(vector, vector->expected, "total", result->total_minor, EXPONENT,
			   "the total");
}
