/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "registry.h"
#include "tax-draft.h"

/* Vendure: prices of a channel with tax inside or on top, surcharges of either kind beside them,
 * taxes of a line or the same ones for all lines; rounded per line. */

#define EXPONENT 0 /* the figures are minor units */

static void
read_position(TillTaxDraft *draft, const json_t *json, const char *price_key, gboolean inside)
{
	TillVector *vector = draft->vector;
	const json_t *shared = json_object_get(vector->inputs, "tax_lines");
	TillTaxEngineTax *taxes[TILL_TAX_ENGINE_TAXES_MAX];
	guint count = 0;

	for (gsize i = 0; i < json_array_size(shared) && count < TILL_TAX_ENGINE_TAXES_MAX; i++) {
		const json_t *line = json_array_get(shared, i);
		till_vector_known(vector, line, "description rate_percent");
		taxes[count++] = till_tax_draft_percent(
		    draft, till_vector_text_or(line, "description", ""),
		    till_vector_number(vector, line, "rate_percent"), inside);
	}
	if (json_object_get(json, "tax_percent") != NULL) {
		TillRatio percent = till_vector_number(vector, json, "tax_percent");
		g_autofree char *rate = till_ratio_format(percent, 4);
		g_autofree char *id = g_strdup_printf("%s %s", rate, inside ? "inside" : "on top");
		if (count > 0)
			till_vector_out(vector, "a line's own tax beside those of all lines");
		taxes[count++] = till_tax_draft_percent(draft, id, percent, inside);
	}
	till_tax_draft_line(draft, till_vector_number(vector, json, price_key),
			    till_vector_number_or(vector, json, "quantity", "1"),
			    till_ratio_whole(0), till_ratio_whole(0), taxes, count);
}

static gboolean
matches(TillVector *vector, const TillTaxEngineShare *total, const json_t *json)
{
	const char *words = till_vector_text_or(json, "description", "");

	return strcmp(total->tax->id, words) == 0 ||
	       (json_object_get(vector->inputs, "tax_lines") == NULL &&
		total->tax->rate_ppm == till_vector_scaled(vector, json, "rate_percent", 4));
}

static void
check_summary(TillVector *vector, const TillTaxEngineResult *result)
{
	const json_t *list = json_object_get(vector->expected, "tax_summary");

	for (gsize i = 0; i < json_array_size(list); i++) {
		const json_t *json = json_array_get(list, i);
		gint64 base = 0, tax = 0;
		till_vector_known(vector, json, "description rate_percent base_minor tax_minor");
		for (guint t = 0; t < result->taxes->len; t++) {
			const TillTaxEngineShare *total =
			    &g_array_index(result->taxes, TillTaxEngineShare, t);
			if (matches(vector, total, json)) {
				if (total->tax->rate_ppm !=
				    till_vector_scaled(vector, json, "rate_percent", 4))
					till_vector_fail(vector, "another rate");
				base += total->base_minor;
				tax += total->amount_minor;
			}
		}
		till_vector_expect(vector, json, "base_minor", base, EXPONENT, "a base");
		till_vector_expect(vector, json, "tax_minor", tax, EXPONENT, "a tax");
	}
}

void
till_tax_vendure_run(TillVector *vector)
{
	const json_t *lines = json_object_get(vector->inputs, "lines");
	const json_t *surcharges = json_object_get(vector->inputs, "surcharges");
	gboolean inside = till_vector_flag_or(vector->inputs, "prices_include_tax", FALSE);

	till_vector_known(vector, vector->inputs, "prices_include_tax lines surcharges tax_lines");
	till_vector_known(vector, vector->expected,
			  "subtotal_minor subtotal_with_tax_minor tax_summary");
	g_autoptr(TillTaxDraft) draft = till_tax_draft_new(vector, EXPONENT);
	for (gsize i = 0; i < json_array_size(lines); i++) {
		till_vector_known(vector, json_array_get(lines, i),
				  "unit_price_minor tax_percent quantity");
		read_position(draft, json_array_get(lines, i), "unit_price_minor", inside);
	}
	for (gsize i = 0; i < json_array_size(surcharges); i++) {
		const json_t *surcharge = json_array_get(surcharges, i);
		till_vector_known(vector, surcharge,
				  "description price_minor price_includes_tax tax_percent");
		read_position(draft, surcharge, "price_minor",
			      till_vector_flag_or(surcharge, "price_includes_tax", FALSE));
	}
	g_autoptr(TillTaxEngineResult) result = till_tax_draft_compute(draft);
	if (result == NULL)
		return;
	till_vector_expect(vector, vector->expected, "subtotal_minor", result->net_minor, EXPONENT,
			   "the net");
	till_vector_expect(vector, vector->expected, "subtotal_with_tax_minor", result->total_minor,
			   EXPONENT, "the total");
	check_summary(vector, result);
}
