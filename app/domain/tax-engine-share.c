/* SPDX-License-Identifier: Apache-2.0 */
#include "tax-engine-private.h"

/* From exact figures to whole units that add up.
 *
 * Rounding per document means: what the authority sees is one sum per tax, rounded once. The lines
 * then have to agree with it, so each total is shared back over the exact figures it came from. */

gboolean
till_tax_engine_share_round(TillRatio value, const TillTaxEnginePolicy *policy, gint64 *out)
{
	gint64 size;

	if (till_ratio_is_lost(value))
		return FALSE;
	gboolean negative = till_ratio_sign(value) < 0;
	if (!till_ratio_round(negative ? till_ratio_negate(value) : value, policy->step_minor,
			      policy->rounding, &size))
		return FALSE;
	*out = negative ? -size : size;
	return TRUE;
}

typedef struct {
	TillRatio rest; /* above the multiple of step below it */
	TillRatio size;
	guint index;
} Claim;

static int
compare_claim(gconstpointer a, gconstpointer b, gpointer user)
{
	const Claim *left = a;
	const Claim *right = b;
	int order = till_ratio_compare(right->rest, left->rest);

	(void)user;
	if (order == 0)
		order = till_ratio_compare(right->size, left->size);
	if (order == 0)
		order = left->index < right->index ? -1 : 1;
	return order;
}

static TillRatio
take_size(TillRatio ratio)
{
	return till_ratio_sign(ratio) < 0 ? till_ratio_negate(ratio) : ratio;
}

/* Figures below their multiple of step, and the claims of those that are not zero. */
static gboolean
make_claims(const TillRatio *figures, guint count, gboolean mirrored, gint64 step_minor,
	    gint64 *out_floors, GArray *claims)
{
	for (guint i = 0; i < count; i++) {
		if (till_ratio_is_lost(figures[i]))
			return FALSE;
		TillRatio figure = mirrored ? till_ratio_negate(figures[i]) : figures[i];
		if (!till_ratio_round(figure, step_minor, TILL_ROUND_FLOOR, &out_floors[i]))
			return FALSE;
		Claim claim = {till_ratio_subtract(figure, till_ratio_whole(out_floors[i])),
			       take_size(figure), i};
		if (till_ratio_is_lost(claim.rest))
			return FALSE;
		if (till_ratio_sign(claim.size) != 0)
			g_array_append_val(claims, claim);
	}
	for (guint i = 0; claims->len == 0 && i < count; i++) {
		Claim claim = {till_ratio_whole(0), till_ratio_whole(0), i};
		g_array_append_val(claims, claim);
		break;
	}
	return TRUE;
}

/* Below zero it is taken back, from the smallest claims first. Several rounds are needed only when
 * the total is not that of the figures. */
static void
hand_out(const GArray *claims, gint64 steps, gint64 step_minor, gint64 *out)
{
	gint64 count = claims->len;
	gint64 each = steps / count * step_minor;
	gint64 rest = steps % count;

	for (guint i = 0; i < claims->len; i++) {
		gint64 *part = &out[TILL_TAX_ENGINE_AT(claims, Claim, i)->index];
		*part += each;
		if (i < rest)
			*part += step_minor;
		else if (i >= count + rest)
			*part -= step_minor;
	}
}

gboolean
till_tax_engine_share_back(const TillRatio *figures, guint count, gint64 total, gint64 step_minor,
			   gint64 *out)
{
	g_autoptr(GArray) claims = g_array_new(FALSE, FALSE, sizeof(Claim));
	gboolean mirrored = total < 0;
	gint64 sum = 0;

	if (count == 0)
		return total == 0;
	if (!make_claims(figures, count, mirrored, step_minor, out, claims))
		return FALSE;
	for (guint i = 0; i < count; i++) {
		if (__builtin_add_overflow(sum, out[i], &sum))
			return FALSE;
	}
	gint64 steps = ((mirrored ? -total : total) - sum) / step_minor;
	if (steps != 0)
		g_qsort_with_data(claims->data, (int)claims->len, sizeof(Claim), compare_claim,
				  NULL);
	hand_out(claims, steps, step_minor, out);
	for (guint i = 0; mirrored && i < count; i++)
		out[i] = -out[i];
	return TRUE;
}

gboolean
till_tax_engine_share_tax(TillTaxEngineResult *result, const TillTaxEngineShare *total,
			  TillTaxEngineShareKind kind, gint64 step_minor)
{
	gboolean amounts = kind == TILL_TAX_ENGINE_SHARE_AMOUNT;
	g_autofree TillRatio *figures = g_new(TillRatio, result->shares->len);
	g_autofree guint *places = g_new(guint, result->shares->len);
	g_autofree gint64 *parts = g_new(gint64, result->shares->len);
	guint count = 0;

	for (guint i = 0; i < result->shares->len; i++) {
		const TillTaxEngineShare *share =
		    TILL_TAX_ENGINE_AT(result->shares, TillTaxEngineShare, i);
		if (!till_tax_engine_same(share->tax, total->tax))
			continue;
		figures[count] = amounts ? share->amount : share->base;
		places[count++] = i;
	}
	if (!till_tax_engine_share_back(figures, count,
					amounts ? total->amount_minor : total->base_minor,
					step_minor, parts))
		return FALSE;
	for (guint i = 0; i < count; i++) {
		TillTaxEngineShare *share =
		    TILL_TAX_ENGINE_AT(result->shares, TillTaxEngineShare, places[i]);
		if (amounts)
			share->amount_minor = parts[i];
		else
			share->base_minor = parts[i];
	}
	return TRUE;
}

/* Rounds the totals of each tax: amount first; inside a price the base is what is left. */
static gboolean
round_taxes(const TillTaxEnginePolicy *policy, TillTaxEngineResult *result)
{
	for (guint i = 0; i < result->taxes->len; i++) {
		TillTaxEngineShare *total =
		    TILL_TAX_ENGINE_AT(result->taxes, TillTaxEngineShare, i);
		gboolean inside = total->tax->inclusive && !total->tax->reverse_charge &&
				  policy->difference == TILL_TAX_ENGINE_NET_IS_REST;
		TillRatio base = inside ? till_ratio_add(total->base, total->amount) : total->base;

		if (!till_tax_engine_share_round(total->amount, policy, &total->amount_minor) ||
		    !till_tax_engine_share_round(base, policy, &total->base_minor))
			return FALSE;
		if (inside)
			total->base_minor -= total->amount_minor;
		if (!till_tax_engine_share_tax(result, total, TILL_TAX_ENGINE_SHARE_AMOUNT,
					       policy->step_minor) ||
		    !till_tax_engine_share_tax(result, total, TILL_TAX_ENGINE_SHARE_BASE,
					       policy->step_minor))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_tax_engine_share_has_top(const TillTaxEngineResult *result)
{
	for (guint i = 0; i < result->taxes->len; i++) {
		const TillTaxEngineShare *total =
		    TILL_TAX_ENGINE_AT(result->taxes, TillTaxEngineShare, i);
		if (!total->tax->inclusive && !total->tax->reverse_charge &&
		    till_ratio_sign(total->amount) != 0)
			return TRUE;
	}
	return FALSE;
}

gboolean
till_tax_engine_share_lines(TillTaxEngineResult *result, const TillRatio *figures, gint64 total,
			    gboolean gross, gint64 step_minor)
{
	g_autofree gint64 *parts = g_new(gint64, result->lines->len);

	if (!till_tax_engine_share_back(figures, result->lines->len, total, step_minor, parts))
		return FALSE;
	for (guint i = 0; i < result->lines->len; i++) {
		TillTaxEngineLineResult *line =
		    TILL_TAX_ENGINE_AT(result->lines, TillTaxEngineLineResult, i);
		line->tax_minor = 0;
		for (guint s = 0; s < line->share_count; s++) {
			const TillTaxEngineShare *share = TILL_TAX_ENGINE_AT(
			    result->shares, TillTaxEngineShare, line->first_share + s);
			if (!share->tax->reverse_charge)
				line->tax_minor += share->amount_minor;
		}
		line->net_minor = gross ? parts[i] - line->tax_minor : parts[i];
		line->gross_minor = line->net_minor + line->tax_minor;
	}
	return TRUE;
}

static gboolean
share_lines(TillTaxEngineResult *result, gint64 total, gboolean gross, gint64 step_minor)
{
	g_autofree TillRatio *figures = g_new(TillRatio, result->lines->len);

	for (guint i = 0; i < result->lines->len; i++) {
		const TillTaxEngineLineResult *line =
		    TILL_TAX_ENGINE_AT(result->lines, TillTaxEngineLineResult, i);
		figures[i] = gross ? line->gross : line->net;
	}
	return till_tax_engine_share_lines(result, figures, total, gross, step_minor);
}

gboolean
till_tax_engine_share_document(const TillTaxEnginePolicy *policy, TillTaxEngineResult *result)
{
	TillRatioSum net = {.started = FALSE}, gross = net;
	gint64 net_minor, gross_minor;

	for (guint i = 0; i < result->lines->len; i++) {
		const TillTaxEngineLineResult *line =
		    TILL_TAX_ENGINE_AT(result->lines, TillTaxEngineLineResult, i);
		till_ratio_sum_add(&net, line->net);
		till_ratio_sum_add(&gross, line->gross);
	}
	if (!till_tax_engine_sum_taxes(result) || !round_taxes(policy, result) ||
	    !till_tax_engine_share_round(till_ratio_sum_get(&net), policy, &net_minor) ||
	    !till_tax_engine_share_round(till_ratio_sum_get(&gross), policy, &gross_minor))
		return FALSE;
	gboolean on_top = till_tax_engine_share_has_top(result);
	gboolean rest = !on_top && policy->difference == TILL_TAX_ENGINE_NET_IS_REST;
	if (!share_lines(result, rest ? gross_minor : net_minor, rest, policy->step_minor) ||
	    !till_tax_engine_sum(result))
		return FALSE;
	/* With a tax on top nobody has seen the total before: it is the sum of its parts. */
	if (!on_top && !rest)
		result->rounding_minor = gross_minor - result->net_minor - result->tax_minor;
	result->total_minor = result->net_minor + result->tax_minor + result->rounding_minor;
	return TRUE;
}
