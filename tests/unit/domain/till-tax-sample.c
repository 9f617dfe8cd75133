/* SPDX-License-Identifier: Apache-2.0 */
#include "till-tax-sample.h"

TillTaxEngineTax
till_tax_sample_percent(const char *id, gint64 rate_ppm, gboolean inclusive)
{
	return (TillTaxEngineTax){.id = id,
				  .rate_ppm = rate_ppm,
				  .amount = {0, 1},
				  .inclusive = inclusive,
				  .base_affected = TRUE};
}

TillTaxEngineTax
till_tax_sample_fixed(const char *id, gint64 amount_minor)
{
	return (TillTaxEngineTax){.id = id,
				  .kind = TILL_TAX_ENGINE_FIXED,
				  .amount = {amount_minor, 1},
				  .base_affected = TRUE};
}

TillTaxEnginePolicy
till_tax_sample_policy(TillTaxEngineMethod method)
{
	return (TillTaxEnginePolicy){
	    .method = method, .rounding = TILL_ROUND_HALF_UP, .step_minor = 1};
}

TillTaxEngineLine
till_tax_sample_line(gint64 price, gint64 parts, gint64 quantity_milli,
		     const TillTaxEngineTax *const *taxes, guint count)
{
	return (TillTaxEngineLine){.amount =
				       till_tax_engine_amount(price, parts, quantity_milli, 0),
				   .quantity_milli = quantity_milli,
				   .taxes = taxes,
				   .tax_count = count};
}

TillTaxEngineResult *
till_tax_sample_compute(TillTaxEnginePolicy policy, const TillTaxEngineLine *lines, guint count,
			const TillTaxEngineExemption *exemption)
{
	g_autoptr(GError) error = NULL;
	TillTaxEngineDocument document = {policy, lines, count, exemption};
	TillTaxEngineResult *result = till_tax_engine_compute(&document, &error);

	g_assert_no_error(error);
	return result;
}

const TillTaxEngineLineResult *
till_tax_sample_get_line(const TillTaxEngineResult *result, guint index)
{
	return &g_array_index(result->lines, TillTaxEngineLineResult, index);
}

const TillTaxEngineShare *
till_tax_sample_get_share(const TillTaxEngineResult *result, guint index)
{
	return &g_array_index(result->shares, TillTaxEngineShare, index);
}

/* Every sum that the header promises. */
void
till_tax_sample_check_sums(const TillTaxEngineResult *result)
{
	gint64 net = 0, tax = 0, amounts = 0, totals = 0;

	for (guint i = 0; i < result->lines->len; i++) {
		const TillTaxEngineLineResult *line = till_tax_sample_get_line(result, i);
		gint64 own = 0;
		for (guint s = 0; s < line->share_count; s++) {
			const TillTaxEngineShare *share =
			    till_tax_sample_get_share(result, line->first_share + s);
			own += share->tax->reverse_charge ? 0 : share->amount_minor;
		}
		g_assert_cmpint(own, ==, line->tax_minor);
		g_assert_cmpint(line->net_minor + line->tax_minor, ==, line->gross_minor);
		net += line->net_minor;
		tax += line->tax_minor;
	}
	for (guint i = 0; i < result->taxes->len; i++) {
		const TillTaxEngineShare *total =
		    &g_array_index(result->taxes, TillTaxEngineShare, i);
		totals += total->tax->reverse_charge ? 0 : total->amount_minor;
	}
	for (guint i = 0; i < result->groups->len; i++)
		amounts += g_array_index(result->groups, TillTaxEngineShare, i).amount_minor;
	g_assert_cmpint(net, ==, result->net_minor);
	g_assert_cmpint(tax, ==, result->tax_minor);
	g_assert_cmpint(totals, ==, tax);
	g_assert_cmpint(amounts, ==, tax);
	g_assert_cmpint(net + tax + result->rounding_minor, ==, result->total_minor);
}
