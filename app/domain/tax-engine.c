/* SPDX-License-Identifier: Apache-2.0 */
#include "tax-engine-private.h"

#include <string.h>

#include "error.h"
#include "money.h"
#include "quantity.h"
#include "tax.h"

/* The document: checks what comes in, has each line worked out, adds up. */

#define RATE_MAX_PPM (10 * TILL_PPM)

gboolean
till_tax_engine_same(const TillTaxEngineTax *a, const TillTaxEngineTax *b)
{
	return a == b || strcmp(a->id, b->id) == 0;
}

TillRatio
till_tax_engine_amount(gint64 unit_price, gint64 parts, gint64 quantity_milli, gint64 discount_ppm)
{
	TillRatio amount = till_ratio_multiply(till_ratio_of(unit_price, parts),
					       till_ratio_of(quantity_milli, TILL_QUANTITY_ONE));

	return till_ratio_multiply(amount, till_ratio_of(TILL_PPM - discount_ppm, TILL_PPM));
}

static gboolean
check_tax(const TillTaxEngineTax *tax, GError **error)
{
	if (tax->rate_ppm >= -RATE_MAX_PPM && tax->rate_ppm <= RATE_MAX_PPM)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "Tax \"%s\" has a rate beyond 1000 %%; correct it at head office.", tax->id);
	return FALSE;
}

static gboolean
check_line(const TillTaxEngineLine *line, GError **error)
{
	if (line->tax_count > TILL_TAX_ENGINE_TAXES_MAX) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "A line has %u taxes; at most %d can be worked out.", line->tax_count,
			    TILL_TAX_ENGINE_TAXES_MAX);
		return FALSE;
	}
	for (guint i = 0; i < line->tax_count; i++) {
		if (!check_tax(line->taxes[i], error))
			return FALSE;
		for (guint other = 0; other < i; other++) {
			if (till_tax_engine_same(line->taxes[i], line->taxes[other])) {
				g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
					    "Tax \"%s\" stands twice on a line; remove one.",
					    line->taxes[i]->id);
				return FALSE;
			}
		}
	}
	return TRUE;
}

static gboolean
check_document(const TillTaxEngineDocument *document, GError **error)
{
	if (document->line_count > TILL_TAX_ENGINE_LINES_MAX) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "A document has %u lines; at most %d can be taxed together.",
			    document->line_count, TILL_TAX_ENGINE_LINES_MAX);
		return FALSE;
	}
	if (document->policy.step_minor <= 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "Tax is to be rounded to steps of %" G_GINT64_FORMAT
			    "; correct the tax policy.",
			    document->policy.step_minor);
		return FALSE;
	}
	for (guint i = 0; i < document->line_count; i++) {
		if (!check_line(&document->lines[i], error))
			return FALSE;
	}
	return TRUE;
}

static void
append_work(TillTaxEngineResult *result, const TillTaxEngineWork *work)
{
	TillTaxEngineLineResult line = {.net = work->net,
					.gross = work->gross,
					.first_share = result->shares->len,
					.share_count = work->count};

	for (guint i = 0; i < work->count; i++) {
		TillTaxEngineShare share = {
		    .tax = work->taxes[i], .base = work->bases[i], .amount = work->amounts[i]};
		g_array_append_val(result->shares, share);
	}
	g_array_append_val(result->lines, line);
}

/* The figures of a line that was rounded while it was worked out. */
static gboolean
take_rounded(const TillTaxEnginePolicy *policy, TillTaxEngineResult *result)
{
	for (guint i = 0; i < result->shares->len; i++) {
		TillTaxEngineShare *share =
		    TILL_TAX_ENGINE_AT(result->shares, TillTaxEngineShare, i);
		if (!till_tax_engine_share_round(share->amount, policy, &share->amount_minor) ||
		    !till_tax_engine_share_round(share->base, policy, &share->base_minor))
			return FALSE;
	}
	for (guint i = 0; i < result->lines->len; i++) {
		TillTaxEngineLineResult *line =
		    TILL_TAX_ENGINE_AT(result->lines, TillTaxEngineLineResult, i);
		if (!till_tax_engine_share_round(line->net, policy, &line->net_minor) ||
		    !till_tax_engine_share_round(line->gross, policy, &line->gross_minor))
			return FALSE;
		line->tax_minor = line->gross_minor - line->net_minor;
	}
	return till_tax_engine_sum_taxes(result) && till_tax_engine_sum(result);
}

static TillTaxEngineShare *
find_or_add_total(GArray *totals, const TillTaxEngineTax *tax, gboolean by_group)
{
	const char *name = by_group && tax->group != NULL ? tax->group : tax->id;

	for (guint i = 0; i < totals->len; i++) {
		TillTaxEngineShare *total = TILL_TAX_ENGINE_AT(totals, TillTaxEngineShare, i);
		const char *other =
		    by_group && total->tax->group != NULL ? total->tax->group : total->tax->id;
		if (total->tax == tax || strcmp(other, name) == 0)
			return total;
	}
	TillTaxEngineShare total = {
	    .tax = tax, .base = till_ratio_whole(0), .amount = till_ratio_whole(0)};
	g_array_append_val(totals, total);
	return TILL_TAX_ENGINE_AT(totals, TillTaxEngineShare, totals->len - 1);
}

/* Totals of one tax from the shares of all lines. */
static gboolean
sum_tax(const TillTaxEngineResult *result, TillTaxEngineShare *total)
{
	TillRatioSum amount = {.started = FALSE}, base = amount;

	total->amount_minor = total->base_minor = 0;
	for (guint i = 0; i < result->shares->len; i++) {
		const TillTaxEngineShare *share =
		    TILL_TAX_ENGINE_AT(result->shares, TillTaxEngineShare, i);
		if (!till_tax_engine_same(share->tax, total->tax))
			continue;
		total->amount_minor += share->amount_minor;
		total->base_minor += share->base_minor;
		till_ratio_sum_add(&amount, share->amount);
		till_ratio_sum_add(&base, share->base);
	}
	total->amount = till_ratio_sum_get(&amount);
	total->base = till_ratio_sum_get(&base);
	return !till_ratio_is_lost(total->amount) && !till_ratio_is_lost(total->base);
}

gboolean
till_tax_engine_sum_taxes(TillTaxEngineResult *result)
{
	g_array_set_size(result->taxes, 0);
	for (guint i = 0; i < result->shares->len; i++)
		find_or_add_total(result->taxes,
				  TILL_TAX_ENGINE_AT(result->shares, TillTaxEngineShare, i)->tax,
				  FALSE);
	for (guint i = 0; i < result->taxes->len; i++) {
		if (!sum_tax(result, TILL_TAX_ENGINE_AT(result->taxes, TillTaxEngineShare, i)))
			return FALSE;
	}
	return TRUE;
}

/* A line counts in a group with the base of the first of its taxes there: two taxes of one group on
 * the same 10.00 are charged on 10.00, not on 20.00. */
static void
sum_groups(TillTaxEngineResult *result, const TillTaxEngineLineResult *line)
{
	for (guint i = 0; i < line->share_count; i++) {
		const TillTaxEngineShare *share =
		    TILL_TAX_ENGINE_AT(result->shares, TillTaxEngineShare, line->first_share + i);
		TillTaxEngineShare *total = find_or_add_total(result->groups, share->tax, TRUE);
		gboolean first = TRUE;

		for (guint before = 0; before < i && first; before++) {
			const TillTaxEngineShare *earlier = TILL_TAX_ENGINE_AT(
			    result->shares, TillTaxEngineShare, line->first_share + before);
			first = find_or_add_total(result->groups, earlier->tax, TRUE) != total;
		}
		if (first)
			total->base_minor += share->base_minor;
		if (!share->tax->reverse_charge)
			total->amount_minor += share->amount_minor;
	}
}

static gboolean
is_bounded(gint64 minor)
{
	return minor >= -TILL_MONEY_MAX_MINOR && minor <= TILL_MONEY_MAX_MINOR;
}

gboolean
till_tax_engine_sum(TillTaxEngineResult *result)
{
	result->net_minor = result->tax_minor = 0;
	g_array_set_size(result->groups, 0);
	for (guint i = 0; i < result->lines->len; i++) {
		const TillTaxEngineLineResult *line =
		    TILL_TAX_ENGINE_AT(result->lines, TillTaxEngineLineResult, i);
		/* Bounded, so that the sums over all lines stay within 64 bits. */
		if (!is_bounded(line->net_minor) || !is_bounded(line->tax_minor))
			return FALSE;
		result->net_minor += line->net_minor;
		result->tax_minor += line->tax_minor;
		sum_groups(result, line);
	}
	result->total_minor = result->net_minor + result->tax_minor + result->rounding_minor;
	return is_bounded(result->total_minor);
}

static void
set_limit_error(GError **error)
{
	g_set_error_literal(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "The taxes of this document are too large to work out; split it.");
}

static TillTaxEngineResult *
create_result(void)
{
	TillTaxEngineResult *result = g_new0(TillTaxEngineResult, 1);

	result->lines = g_array_new(FALSE, FALSE, sizeof(TillTaxEngineLineResult));
	result->shares = g_array_new(FALSE, FALSE, sizeof(TillTaxEngineShare));
	result->taxes = g_array_new(FALSE, FALSE, sizeof(TillTaxEngineShare));
	result->groups = g_array_new(FALSE, FALSE, sizeof(TillTaxEngineShare));
	return result;
}

TillTaxEngineResult *
till_tax_engine_compute(const TillTaxEngineDocument *document, GError **error)
{
	const TillTaxEnginePolicy *policy = &document->policy;

	if (!check_document(document, error))
		return NULL;
	g_autoptr(TillTaxEngineResult) result = create_result();
	for (guint i = 0; i < document->line_count; i++) {
		TillTaxEngineWork work;
		if (!till_tax_engine_line_compute(document, &document->lines[i], &work)) {
			set_limit_error(error);
			return NULL;
		}
		append_work(result, &work);
	}
	if (policy->method == TILL_TAX_ENGINE_PER_DOCUMENT
		? !till_tax_engine_share_document(policy, result)
		: !take_rounded(policy, result)) {
		set_limit_error(error);
		return NULL;
	}
	return g_steal_pointer(&result);
}

void
till_tax_engine_free(TillTaxEngineResult *result)
{
	if (result == NULL)
		return;
	g_array_unref(result->lines);
	g_array_unref(result->shares);
	g_array_unref(result->taxes);
	g_array_unref(result->groups);
	g_free(result);
}

static const TillTaxEngineTax *
find_biggest_tax(const TillTaxEngineResult *result)
{
	const TillTaxEngineShare *biggest = NULL;

	for (guint i = 0; i < result->groups->len; i++) {
		const TillTaxEngineShare *group =
		    TILL_TAX_ENGINE_AT(result->groups, TillTaxEngineShare, i);
		if (!group->tax->reverse_charge &&
		    (biggest == NULL || group->amount_minor > biggest->amount_minor))
			biggest = group;
	}
	return biggest != NULL ? biggest->tax : NULL;
}

/* Puts the difference on the line that pays most of that tax, so that lines and totals agree. */
static gboolean
move_tax(TillTaxEngineResult *result, const TillTaxEngineTax *tax, gint64 difference)
{
	TillTaxEngineLineResult *owner = NULL;
	TillTaxEngineShare *target = NULL;

	for (guint i = 0; i < result->lines->len; i++) {
		TillTaxEngineLineResult *line =
		    TILL_TAX_ENGINE_AT(result->lines, TillTaxEngineLineResult, i);
		for (guint s = 0; s < line->share_count; s++) {
			TillTaxEngineShare *share = TILL_TAX_ENGINE_AT(
			    result->shares, TillTaxEngineShare, line->first_share + s);
			if (till_tax_engine_same(share->tax, tax) &&
			    (target == NULL || share->amount_minor > target->amount_minor)) {
				target = share;
				owner = line;
			}
		}
	}
	target->amount_minor += difference;
	owner->tax_minor += difference;
	owner->gross_minor += difference;
	return till_tax_engine_sum_taxes(result) && till_tax_engine_sum(result);
}

gboolean
till_tax_engine_round_total(TillTaxEngineResult *result, gint64 step_minor, TillRounding rounding,
			    TillTaxEngineTarget target)
{
	TillTaxEnginePolicy policy = {.step_minor = step_minor, .rounding = rounding};
	gint64 total;

	if (step_minor < 1 ||
	    !till_tax_engine_share_round(till_ratio_whole(result->total_minor), &policy, &total))
		return FALSE;
	gint64 difference = total - result->total_minor;
	const TillTaxEngineTax *tax =
	    target == TILL_TAX_ENGINE_TO_BIGGEST_TAX ? find_biggest_tax(result) : NULL;
	if (difference == 0)
		return TRUE;
	if (tax != NULL)
		return move_tax(result, tax, difference);
	result->rounding_minor += difference;
	result->total_minor = total;
	return TRUE;
}

TillRatio
till_tax_engine_reprice(TillRatio price, const TillTaxEngineTax *const *from, guint from_count,
			const TillTaxEngineTax *const *to, guint to_count)
{
	TillTaxEngineStyle inside = {.exact = TRUE}, on_top = {.exact = TRUE, .from_net = TRUE};
	TillTaxEngineWork work;
	static const TillRatio lost = {0, 0};

	if (from_count > TILL_TAX_ENGINE_TAXES_MAX || to_count > TILL_TAX_ENGINE_TAXES_MAX)
		return lost;
	for (guint i = 0; i < from_count; i++) {
		if (!from[i]->inclusive || from[i]->reverse_charge)
			return price;
	}
	if (!till_tax_engine_line_evaluate(price, TILL_QUANTITY_ONE, from, from_count, &inside,
					   &work) ||
	    !till_tax_engine_line_evaluate(work.net, TILL_QUANTITY_ONE, to, to_count, &on_top,
					   &work))
		return lost;
	TillRatio marked = work.net;
	for (guint i = 0; i < to_count; i++) {
		if (to[i]->inclusive && !to[i]->reverse_charge)
			marked = till_ratio_add(marked, work.amounts[i]);
	}
	return marked;
}
