/* SPDX-License-Identifier: Apache-2.0 */
#include "tax-draft.h"

#include <string.h>

#define PERCENT_TO_PPM 4 /* places */
#define QUANTITY_PLACES 3

static void
free_tax(gpointer data)
{
	TillTaxEngineTax *tax = data;

	g_free((char *)(gsize)tax->id);
	g_free((char *)(gsize)tax->group);
	g_free(tax);
}

static void
clear_line(gpointer data)
{
	TillTaxEngineLine *line = data;

	g_free((gpointer)(gsize)line->taxes);
}

TillTaxDraft *
till_tax_draft_new(TillVector *vector, guint exponent)
{
	TillTaxDraft *draft = g_new0(TillTaxDraft, 1);

	draft->vector = vector;
	draft->exponent = exponent;
	draft->policy.rounding = TILL_ROUND_HALF_UP;
	draft->policy.step_minor = 1;
	draft->taxes = g_ptr_array_new_with_free_func(free_tax);
	draft->lines = g_array_new(FALSE, FALSE, sizeof(TillTaxEngineLine));
	g_array_set_clear_func(draft->lines, clear_line);
	draft->exempt = g_ptr_array_new();
	return draft;
}

void
till_tax_draft_free(TillTaxDraft *draft)
{
	if (draft == NULL)
		return;
	g_ptr_array_unref(draft->taxes);
	g_array_unref(draft->lines);
	g_ptr_array_unref(draft->exempt);
	g_free(draft);
}

TillTaxEngineTax *
till_tax_draft_tax(TillTaxDraft *draft, const char *id, const char *group, gboolean *out_is_new)
{
	for (guint i = 0; i < draft->taxes->len; i++) {
		TillTaxEngineTax *known = g_ptr_array_index(draft->taxes, i);
		if (strcmp(known->id, id) == 0) {
			if (out_is_new != NULL)
				*out_is_new = FALSE;
			return known;
		}
	}
	TillTaxEngineTax *tax = g_new0(TillTaxEngineTax, 1);
	tax->id = g_strdup(id);
	tax->group = g_strdup(group);
	tax->amount = till_ratio_whole(0);
	tax->base_affected = TRUE;
	g_ptr_array_add(draft->taxes, tax);
	if (out_is_new != NULL)
		*out_is_new = TRUE;
	return tax;
}

TillTaxEngineTax *
till_tax_draft_percent(TillTaxDraft *draft, const char *id, TillRatio percent, gboolean inclusive)
{
	TillTaxEngineTax *tax = till_tax_draft_tax(draft, id, NULL, NULL);

	tax->kind = TILL_TAX_ENGINE_PERCENT;
	tax->rate_ppm = till_vector_scale_ratio(draft->vector, percent, PERCENT_TO_PPM);
	tax->inclusive = inclusive;
	return tax;
}

static TillRatio
to_minor(const TillTaxDraft *draft, TillRatio amount)
{
	TillRatio ten = till_ratio_whole(10);

	for (guint i = 0; i < draft->exponent; i++)
		amount = till_ratio_multiply(amount, ten);
	return amount;
}

void
till_tax_draft_line(TillTaxDraft *draft, TillRatio price, TillRatio quantity,
		    TillRatio discount_percent, TillRatio less, TillTaxEngineTax *const *taxes,
		    guint count)
{
	TillRatio kept = till_ratio_subtract(till_ratio_whole(100), discount_percent);
	TillRatio amount = till_ratio_multiply(till_ratio_multiply(price, quantity),
					       till_ratio_divide(kept, till_ratio_whole(100)));
	gint64 quantity_milli = till_vector_scale_ratio(draft->vector, quantity, QUANTITY_PLACES);
	const TillTaxEngineTax **list = g_new(const TillTaxEngineTax *, count + 1);

	memcpy(list, taxes, sizeof(*list) * count);
	TillTaxEngineLine line = {
	    .amount = to_minor(draft, till_ratio_subtract(amount, less)),
	    .quantity_milli = quantity_milli,
	    .taxes = list,
	    .tax_count = count,
	};
	g_array_append_val(draft->lines, line);
}

TillTaxEngineDocument
till_tax_draft_document(TillTaxDraft *draft)
{
	draft->exemption.tax_ids = (const char *const *)draft->exempt->pdata;
	draft->exemption.tax_id_count = draft->exempt->len;
	return (TillTaxEngineDocument){
	    .policy = draft->policy,
	    .lines = (const TillTaxEngineLine *)(gconstpointer)draft->lines->data,
	    .line_count = draft->lines->len,
	    .exemption = &draft->exemption,
	};
}

TillTaxEngineResult *
till_tax_draft_compute(TillTaxDraft *draft)
{
	g_autoptr(GError) error = NULL;
	TillTaxEngineDocument document = till_tax_draft_document(draft);

	if (!till_vector_open(draft->vector))
		return NULL;
	TillTaxEngineResult *result = till_tax_engine_compute(&document, &error);
	if (result == NULL)
		till_vector_fail(draft->vector, "%s", error->message);
	return result;
}
