/* SPDX-License-Identifier: Apache-2.0 */
#include "tax-engine-private.h"

#include "error.h"

/* A discount on a finished document.
 *
 * The shopper is promised "10 % off the total", so the total is what is scaled and rounded; every
 * tax follows in proportion. Levies (a deposit, a recycling fee and the VAT on it) are owed
 * whatever the price, so they stand aside: figure' = round((figure − levy) · keep) + levy. */

typedef struct {
	const TillTaxEnginePolicy *policy;
	TillTaxEngineResult *result;
	TillRatio keep;
	/* The levies, in the order of result->shares, lines and taxes; whole units. owned */
	GArray *shares; /* of TillRatio: amounts */
	GArray *bases;  /* of TillRatio */
	GArray *lines;  /* of TillRatio: gross */
	gint64 total;
} Discount;

static void
clear_discount(Discount *discount)
{
	g_clear_pointer(&discount->shares, g_array_unref);
	g_clear_pointer(&discount->bases, g_array_unref);
	g_clear_pointer(&discount->lines, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Discount, clear_discount)

static gboolean
find_levies(const TillTaxEngineDocument *document, Discount *discount)
{
	TillTaxEngineResult *result = discount->result;
	TillRatioSum total = {.started = FALSE};

	discount->shares = g_array_new(FALSE, FALSE, sizeof(TillRatio));
	discount->bases = g_array_new(FALSE, FALSE, sizeof(TillRatio));
	discount->lines = g_array_new(FALSE, FALSE, sizeof(TillRatio));
	for (guint i = 0; i < result->lines->len; i++) {
		const TillTaxEngineLineResult *line =
		    TILL_TAX_ENGINE_AT(result->lines, TillTaxEngineLineResult, i);
		const TillTaxEngineTax *taxes[TILL_TAX_ENGINE_TAXES_MAX];
		TillTaxEngineWork work;

		for (guint s = 0; s < line->share_count; s++)
			taxes[s] = TILL_TAX_ENGINE_AT(result->shares, TillTaxEngineShare,
						      line->first_share + s)
				       ->tax;
		if (!till_tax_engine_line_levy(document, &document->lines[i], taxes,
					       line->share_count, &work))
			return FALSE;
		g_array_append_vals(discount->shares, work.amounts, work.count);
		g_array_append_vals(discount->bases, work.bases, work.count);
		g_array_append_val(discount->lines, work.gross);
		till_ratio_sum_add(&total, work.gross);
	}
	return till_tax_engine_share_round(till_ratio_sum_get(&total), discount->policy,
					   &discount->total);
}

/* figure scaled but for its levy; no rounding. */
static TillRatio
scale(const Discount *discount, TillRatio figure, TillRatio levy)
{
	return till_ratio_add(
	    till_ratio_multiply(till_ratio_subtract(figure, levy), discount->keep), levy);
}

static gboolean
scale_rounded(const Discount *discount, gint64 figure, TillRatio levy, gint64 *out)
{
	gint64 fixed, scaled;

	if (!till_tax_engine_share_round(levy, discount->policy, &fixed) ||
	    !till_tax_engine_share_round(
		till_ratio_multiply(till_ratio_whole(figure - fixed), discount->keep),
		discount->policy, &scaled))
		return FALSE;
	*out = scaled + fixed;
	return TRUE;
}

/* The base of a fixed tax says how much was sold, not for how much. */
static gboolean
scale_tax(Discount *discount, TillTaxEngineShare *total)
{
	TillTaxEngineResult *result = discount->result;
	TillRatioSum amount = {.started = FALSE}, base = amount;
	gint64 step_minor = discount->policy->step_minor;

	for (guint i = 0; i < result->shares->len; i++) {
		TillTaxEngineShare *share =
		    TILL_TAX_ENGINE_AT(result->shares, TillTaxEngineShare, i);
		if (!till_tax_engine_same(share->tax, total->tax))
			continue;
		TillRatio levy = g_array_index(discount->shares, TillRatio, i);
		TillRatio carried = g_array_index(discount->bases, TillRatio, i);
		share->amount = scale(discount, till_ratio_whole(share->amount_minor), levy);
		share->base = scale(discount, till_ratio_whole(share->base_minor), carried);
		till_ratio_sum_add(&amount, levy);
		till_ratio_sum_add(&base, carried);
	}
	if (!scale_rounded(discount, total->amount_minor, till_ratio_sum_get(&amount),
			   &total->amount_minor) ||
	    !till_tax_engine_share_tax(result, total, TILL_TAX_ENGINE_SHARE_AMOUNT, step_minor))
		return FALSE;
	if (total->tax->kind == TILL_TAX_ENGINE_FIXED)
		return TRUE;
	return scale_rounded(discount, total->base_minor, till_ratio_sum_get(&base),
			     &total->base_minor) &&
	       till_tax_engine_share_tax(result, total, TILL_TAX_ENGINE_SHARE_BASE, step_minor);
}

/* Scales the lines to a new total, by their grosses or their nets. */
static gboolean
scale_lines(Discount *discount, gint64 total, gboolean gross)
{
	TillTaxEngineResult *result = discount->result;
	g_autofree TillRatio *figures = g_new(TillRatio, result->lines->len);

	for (guint i = 0; i < result->lines->len; i++) {
		const TillTaxEngineLineResult *line =
		    TILL_TAX_ENGINE_AT(result->lines, TillTaxEngineLineResult, i);
		figures[i] =
		    gross ? scale(discount, till_ratio_whole(line->gross_minor),
				  g_array_index(discount->lines, TillRatio, i))
			  : till_ratio_multiply(till_ratio_whole(line->net_minor), discount->keep);
	}
	if (!till_tax_engine_share_lines(result, figures, total, gross,
					 discount->policy->step_minor))
		return FALSE;
	for (guint i = 0; i < result->lines->len; i++) {
		TillTaxEngineLineResult *line =
		    TILL_TAX_ENGINE_AT(result->lines, TillTaxEngineLineResult, i);
		line->net = till_ratio_whole(line->net_minor);
		line->gross = till_ratio_whole(line->gross_minor);
	}
	return TRUE;
}

static gboolean
apply(Discount *discount)
{
	const TillTaxEnginePolicy *policy = discount->policy;
	TillTaxEngineResult *result = discount->result;
	gboolean row = policy->method == TILL_TAX_ENGINE_PER_DOCUMENT &&
		       policy->difference == TILL_TAX_ENGINE_ROUNDING_ROW &&
		       !till_tax_engine_share_has_top(result);
	gint64 total, net;

	if (!scale_rounded(discount, result->total_minor, till_ratio_whole(discount->total),
			   &total) ||
	    !scale_rounded(discount, result->net_minor, till_ratio_whole(0), &net))
		return FALSE;
	for (guint i = 0; i < result->taxes->len; i++) {
		if (!scale_tax(discount, TILL_TAX_ENGINE_AT(result->taxes, TillTaxEngineShare, i)))
			return FALSE;
	}
	result->rounding_minor = 0;
	if (!scale_lines(discount, row ? net : total, !row) || !till_tax_engine_sum(result))
		return FALSE;
	result->rounding_minor = total - result->total_minor;
	result->total_minor = total;
	return TRUE;
}

static void
set_limit_error(GError **error)
{
	g_set_error_literal(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "The discount on this document is too large to work out; split it.");
}

gboolean
till_tax_engine_discount(const TillTaxEngineDocument *document, TillRatio keep,
			 TillTaxEngineResult *result, GError **error)
{
	g_auto(Discount) discount = {.policy = &document->policy, .result = result, .keep = keep};

	if (till_ratio_is_lost(keep) || till_ratio_sign(keep) < 0 ||
	    till_ratio_compare(keep, till_ratio_whole(1)) > 0) {
		g_set_error_literal(
		    error, TILL_ERROR, TILL_ERROR_INVALID,
		    "A discount takes off between nothing and all of a total; correct "
		    "the percentage.");
		return FALSE;
	}
	if (!find_levies(document, &discount) || !apply(&discount)) {
		set_limit_error(error);
		return FALSE;
	}
	return TRUE;
}

gboolean
till_tax_engine_discount_amount(const TillTaxEngineDocument *document, gint64 amount_minor,
				TillTaxEngineResult *result, GError **error)
{
	g_auto(Discount) discount = {.policy = &document->policy, .result = result};

	if (!find_levies(document, &discount)) {
		set_limit_error(error);
		return FALSE;
	}
	gint64 open_minor = result->total_minor - discount.total;
	if (amount_minor < 0 || amount_minor > open_minor || open_minor <= 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "A discount of %" G_GINT64_FORMAT " is more than the %" G_GINT64_FORMAT
			    " that can be discounted (minor units).",
			    amount_minor, open_minor);
		return FALSE;
	}
	discount.keep = till_ratio_of(open_minor - amount_minor, open_minor);
	if (!apply(&discount)) {
		set_limit_error(error);
		return FALSE;
	}
	return TRUE;
}
