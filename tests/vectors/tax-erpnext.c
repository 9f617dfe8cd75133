/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "registry.h"
#include "tax-draft.h"

/* ERPNext: every line bears every tax of the document; summed exactly, each figure rounded once,
 * and what the prices and the sum of the parts disagree about is a row of its own. */

#define EXPONENT 2
#define NEAR_PLACES 9 /* of what was a binary number */

static guint
read_taxes(TillTaxDraft *draft, TillTaxEngineTax *taxes[TILL_TAX_ENGINE_TAXES_MAX])
{
	const json_t *list = json_object_get(draft->vector->inputs, "taxes");
	TillVector *vector = draft->vector;
	guint count = 0;

	for (gsize i = 0; i < json_array_size(list) && count < TILL_TAX_ENGINE_TAXES_MAX; i++) {
		const json_t *json = json_array_get(list, i);
		const char *type = till_vector_text_or(json, "type", "");
		gboolean inside = till_vector_flag_or(json, "included_in_price", FALSE);
		g_autofree char *id = g_strdup_printf("tax %u", (guint)i);

		till_vector_known(vector, json, "type rate_percent amount included_in_price");
		TillTaxEngineTax *tax = till_tax_draft_tax(draft, id, NULL, NULL);
		tax->inclusive = inside;
		if (strcmp(type, "percent") == 0) {
			tax->rate_ppm = till_vector_scaled(vector, json, "rate_percent", 4);
		} else if (strcmp(type, "fixed_per_unit") == 0) {
			tax->kind = TILL_TAX_ENGINE_FIXED;
			tax->amount =
			    till_ratio_whole(till_vector_scaled(vector, json, "amount", EXPONENT));
		} else {
			till_vector_out(vector, "tax type \"%s\"", type);
		}
		taxes[count++] = tax;
	}
	return count;
}

static void
discount(TillTaxDraft *draft, TillTaxEngineResult *result)
{
	TillVector *vector = draft->vector;
	const json_t *json = json_object_get(vector->inputs, "order_discount");
	const char *on = till_vector_text_or(json, "on", "");
	TillTaxEngineDocument document = till_tax_draft_document(draft);
	g_autoptr(GError) error = NULL;
	gboolean done = TRUE;

	if (json == NULL)
		return;
	till_vector_known(vector, json, "amount on");
	gint64 amount_minor = till_vector_scaled(vector, json, "amount", EXPONENT);
	if (!till_vector_open(vector))
		return;
	if (strcmp(on, "grand_total") == 0)
		done = till_tax_engine_discount_amount(&document, amount_minor, result, &error);
	else if (strcmp(on, "net_total") == 0 && amount_minor <= result->net_minor)
		done = till_tax_engine_discount(
		    &document,
		    till_ratio_of(result->net_minor - amount_minor, MAX(result->net_minor, 1)),
		    result, &error);
	else
		till_vector_out(vector, "order discount on \"%s\"", on);
	if (!done)
		till_vector_fail(vector, "%s", error->message);
}

static void
check(TillTaxDraft *draft, TillTaxEngineResult *result)
{
	TillVector *vector = draft->vector;
	const json_t *expected = vector->expected;
	gint64 grand_minor = result->total_minor;
	gint64 step_minor =
	    till_vector_scaled_or(vector, vector->inputs, "round_total_to", EXPONENT, 1);

	if (step_minor <= 0 || !till_tax_engine_round_total(result, step_minor, TILL_ROUND_HALF_UP,
							    TILL_TAX_ENGINE_TO_ROW))
		till_vector_out(vector, "a total rounded to no step");
	till_vector_expect(vector, expected, "net_total", result->net_minor, EXPONENT, "the net");
	till_vector_expect(vector, expected, "tax_total", result->tax_minor, EXPONENT, "the tax");
	till_vector_expect(vector, expected, "grand_total", grand_minor, EXPONENT, "the total");
	till_vector_expect(vector, expected, "rounding_adjustment", result->rounding_minor,
			   EXPONENT, "the rounding row");
	if (result->lines->len > 0)
		till_vector_expect_near(
		    vector, expected, "line_net",
		    till_ratio_divide(g_array_index(result->lines, TillTaxEngineLineResult, 0).net,
				      till_ratio_whole(100)),
		    NEAR_PLACES, "the first line's net");
}

void
till_tax_erpnext_run(TillVector *vector)
{
	const json_t *lines = json_object_get(vector->inputs, "lines");
	TillTaxEngineTax *taxes[TILL_TAX_ENGINE_TAXES_MAX];

	till_vector_known(vector, vector->inputs, "lines taxes round_total_to order_discount");
	till_vector_known(vector, vector->expected,
			  "net_total tax_total grand_total rounding_adjustment line_net");
	g_autoptr(TillTaxDraft) draft = till_tax_draft_new(vector, EXPONENT);
	draft->policy.method = TILL_TAX_ENGINE_PER_DOCUMENT;
	draft->policy.difference = TILL_TAX_ENGINE_ROUNDING_ROW;
	guint count = read_taxes(draft, taxes);
	for (gsize i = 0; i < json_array_size(lines); i++) {
		const json_t *line = json_array_get(lines, i);
		till_vector_known(vector, line, "price quantity");
		till_tax_draft_line(draft, till_vector_number(vector, line, "price"),
				    till_vector_number_or(vector, line, "quantity", "1"),
				    till_ratio_whole(0), till_ratio_whole(0), taxes, count);
	}
	g_autoptr(TillTaxEngineResult) result = till_tax_draft_compute(draft);
	if (result == NULL)
		return;
	discount(draft, result);
	check(draft, result);
}
