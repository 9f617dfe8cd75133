/* SPDX-License-Identifier: Apache-2.0 */
#include "tax-engine-private.h"

#include <string.h>

#include "quantity.h"
#include "tax.h"

/* One line. Everything is worked out on the size of the amount and mirrored at the end, so that no
 * rounding mode can treat a return differently from its sale. */

typedef struct {
	const TillTaxEngineTax *const *taxes;
	guint count;
	const TillTaxEngineStyle *style;
	TillRatio amount;
	gint64 quantity_milli;
	/* First and last tax of the run of alike neighbours that each tax belongs to. */
	guint run_first[TILL_TAX_ENGINE_TAXES_MAX];
	guint run_last[TILL_TAX_ENGINE_TAXES_MAX];
	/* What the others put on (or take off) the amount before this tax is charged on it. */
	TillRatio extra[TILL_TAX_ENGINE_TAXES_MAX];
	TillTaxEngineWork *out;
} Evaluation;

static gboolean
is_inside(const Evaluation *evaluation, guint index)
{
	const TillTaxEngineTax *tax = evaluation->taxes[index];

	return tax->inclusive && !tax->reverse_charge && !evaluation->style->from_net;
}

static gboolean
has_same_threshold(const TillTaxEngineTax *a, const TillTaxEngineTax *b)
{
	gboolean above = a->threshold == TILL_TAX_ENGINE_ONLY_ABOVE;

	if (!above || b->threshold != TILL_TAX_ENGINE_ONLY_ABOVE)
		return above == (b->threshold == TILL_TAX_ENGINE_ONLY_ABOVE);
	return a->threshold_minor == b->threshold_minor &&
	       a->threshold_per_line == b->threshold_per_line;
}

static gboolean
continues_run(const Evaluation *evaluation, guint index)
{
	const TillTaxEngineTax *tax = evaluation->taxes[index];
	const TillTaxEngineTax *next = evaluation->taxes[index + 1];

	return tax->kind == next->kind && tax->include_base == next->include_base &&
	       tax->reverse_charge == next->reverse_charge &&
	       is_inside(evaluation, index) == is_inside(evaluation, index + 1) &&
	       has_same_threshold(tax, next) && !(tax->include_base && next->base_affected);
}

static void
find_runs(Evaluation *evaluation)
{
	guint first = 0;

	for (guint i = 0; i < evaluation->count; i++) {
		evaluation->run_first[i] = first;
		if (i + 1 < evaluation->count && continues_run(evaluation, i))
			continue;
		for (guint member = first; member <= i; member++)
			evaluation->run_last[member] = i;
		first = i + 1;
	}
}

/* Tells the taxes outside its run about a tax that is now known. */
static void
pass_on(Evaluation *evaluation, guint index)
{
	const TillTaxEngineTax *tax = evaluation->taxes[index];
	TillRatio amount = evaluation->out->amounts[index];
	gboolean inside = is_inside(evaluation, index);

	if (tax->reverse_charge)
		return;
	for (guint i = 0; i < evaluation->count; i++) {
		gboolean later = i > evaluation->run_last[index];
		gboolean charged =
		    later && tax->include_base && evaluation->taxes[i]->base_affected;

		if (!later && i >= evaluation->run_first[index])
			continue;
		if (inside && !charged)
			evaluation->extra[i] = till_ratio_subtract(evaluation->extra[i], amount);
		else if (!inside && charged)
			evaluation->extra[i] = till_ratio_add(evaluation->extra[i], amount);
	}
}

static TillRatio
sum_run_rates(const Evaluation *evaluation, guint index)
{
	gint64 sum_ppm = 0;

	for (guint i = evaluation->run_first[index]; i <= evaluation->run_last[index]; i++)
		sum_ppm += evaluation->taxes[i]->rate_ppm;
	return till_ratio_of(sum_ppm, TILL_PPM);
}

static TillRatio
count_units(gint64 quantity_milli)
{
	return till_ratio_of(quantity_milli, TILL_QUANTITY_ONE);
}

/* What a tax on the part above a threshold leaves free, on a line of this quantity. */
static TillRatio
get_free_part(const Evaluation *evaluation, const TillTaxEngineTax *tax)
{
	if (tax->threshold != TILL_TAX_ENGINE_ONLY_ABOVE || evaluation->style->no_thresholds)
		return till_ratio_whole(0);
	TillRatio free_part = till_ratio_whole(tax->threshold_minor);
	return tax->threshold_per_line || evaluation->quantity_milli == 0
		   ? free_part
		   : till_ratio_multiply(free_part, count_units(evaluation->quantity_milli));
}

/* Lost when a rate leaves no base. */
static TillRatio
work_out_amount(const Evaluation *evaluation, guint index)
{
	const TillTaxEngineTax *tax = evaluation->taxes[index];
	TillRatio one = till_ratio_whole(1);

	if (tax->kind == TILL_TAX_ENGINE_FIXED)
		return till_ratio_multiply(tax->amount, count_units(evaluation->quantity_milli));
	TillRatio base = till_ratio_add(evaluation->amount, evaluation->extra[index]);
	base = till_ratio_subtract(base, get_free_part(evaluation, tax));
	TillRatio amount = till_ratio_multiply(base, till_ratio_of(tax->rate_ppm, TILL_PPM));
	TillRatio rates = sum_run_rates(evaluation, index);
	gboolean inside = is_inside(evaluation, index);
	if (tax->kind == TILL_TAX_ENGINE_PERCENT)
		return inside ? till_ratio_divide(amount, till_ratio_add(one, rates)) : amount;
	return inside ? amount : till_ratio_divide(amount, till_ratio_subtract(one, rates));
}

static gboolean
take(const TillTaxEngineStyle *style, TillRatio *value)
{
	gint64 rounded;

	if (till_ratio_is_lost(*value))
		return FALSE;
	if (style->exact)
		return TRUE;
	if (!till_ratio_round(*value, style->step_minor, style->rounding, &rounded))
		return FALSE;
	*value = till_ratio_whole(rounded);
	return TRUE;
}

static gboolean
settle_tax(Evaluation *evaluation, guint index)
{
	TillRatio amount = work_out_amount(evaluation, index);

	if (!take(evaluation->style, &amount))
		return FALSE;
	evaluation->out->amounts[index] = amount;
	pass_on(evaluation, index);
	return TRUE;
}

/* Fixed ones need no base; those inside the price are taken out from the last to the first, those
 * on top put on from the first to the last. */
static gboolean
settle_taxes(Evaluation *evaluation)
{
	for (guint i = 0; i < evaluation->count; i++) {
		if (evaluation->taxes[i]->kind == TILL_TAX_ENGINE_FIXED &&
		    !settle_tax(evaluation, i))
			return FALSE;
	}
	for (guint i = evaluation->count; i-- > 0;) {
		if (evaluation->taxes[i]->kind != TILL_TAX_ENGINE_FIXED &&
		    is_inside(evaluation, i) && !settle_tax(evaluation, i))
			return FALSE;
	}
	for (guint i = 0; i < evaluation->count; i++) {
		if (evaluation->taxes[i]->kind != TILL_TAX_ENGINE_FIXED &&
		    !is_inside(evaluation, i) && !settle_tax(evaluation, i))
			return FALSE;
	}
	return TRUE;
}

static void
find_base(Evaluation *evaluation, guint index)
{
	TillTaxEngineWork *out = evaluation->out;
	TillRatio base = till_ratio_add(evaluation->amount, evaluation->extra[index]);

	if (is_inside(evaluation, index)) {
		for (guint i = evaluation->run_first[index]; i <= evaluation->run_last[index]; i++)
			base = till_ratio_subtract(base, out->amounts[i]);
	}
	out->bases[index] =
	    till_ratio_subtract(base, get_free_part(evaluation, evaluation->taxes[index]));
}

gboolean
till_tax_engine_line_evaluate(TillRatio amount, gint64 quantity_milli,
			      const TillTaxEngineTax *const *taxes, guint count,
			      const TillTaxEngineStyle *style, TillTaxEngineWork *out)
{
	Evaluation evaluation = {.taxes = taxes,
				 .count = count,
				 .style = style,
				 .amount = amount,
				 .quantity_milli = quantity_milli,
				 .out = out};

	if (!take(style, &evaluation.amount))
		return FALSE;
	for (guint i = 0; i < count; i++) {
		evaluation.extra[i] = till_ratio_whole(0);
		out->taxes[i] = taxes[i];
	}
	out->count = count;
	find_runs(&evaluation);
	if (!settle_taxes(&evaluation))
		return FALSE;
	out->net = evaluation.amount;
	for (guint i = 0; i < count; i++) {
		find_base(&evaluation, i);
		if (till_ratio_is_lost(out->bases[i]))
			return FALSE;
		if (is_inside(&evaluation, i))
			out->net = till_ratio_subtract(out->net, out->amounts[i]);
	}
	out->gross = out->net;
	for (guint i = 0; i < count; i++) {
		if (!taxes[i]->reverse_charge)
			out->gross = till_ratio_add(out->gross, out->amounts[i]);
	}
	return !till_ratio_is_lost(out->net) && !till_ratio_is_lost(out->gross);
}

static gboolean
names(const char *const *list, guint count, const char *name)
{
	for (guint i = 0; name != NULL && i < count; i++) {
		if (strcmp(list[i], name) == 0)
			return TRUE;
	}
	return FALSE;
}

gboolean
till_tax_engine_covers(const TillTaxEngineExemption *exemption, const TillTaxEngineTax *tax)
{
	return exemption != NULL &&
	       (exemption->all || names(exemption->tax_ids, exemption->tax_id_count, tax->id) ||
		names(exemption->tax_classes, exemption->tax_class_count, tax->tax_class));
}

/* The threshold is held against the marked price. */
static gboolean
passes_threshold(const TillTaxEngineTax *tax, TillRatio amount, gint64 quantity_milli)
{
	TillRatio marked = amount;

	if (tax->threshold == TILL_TAX_ENGINE_NO_THRESHOLD)
		return TRUE;
	if (!tax->threshold_per_line && quantity_milli > 0)
		marked = till_ratio_divide(amount, count_units(quantity_milli));
	if (till_ratio_is_lost(marked))
		return TRUE; /* reported by the evaluation, which meets the same amount */
	int side = till_ratio_compare(marked, till_ratio_whole(tax->threshold_minor));
	return tax->threshold == TILL_TAX_ENGINE_EXEMPT_BELOW ? side >= 0 : side > 0;
}

typedef struct {
	const TillTaxEngineTax *taxes[TILL_TAX_ENGINE_TAXES_MAX];
	guint count;
} TaxList;

/* An amount ≥ 0 of one line or one unit, all the rules applied. */
static gboolean
compute_size(const TillTaxEngineDocument *document, const TillTaxEngineLine *line, TillRatio amount,
	     gint64 quantity_milli, TillTaxEngineWork *out)
{
	const TillTaxEnginePolicy *policy = &document->policy;
	TillTaxEngineStyle style = {.exact = policy->method == TILL_TAX_ENGINE_PER_DOCUMENT,
				    .step_minor = policy->step_minor,
				    .rounding = policy->rounding};
	TaxList all = {0}, kept = {0};
	gboolean takes_off = FALSE;

	for (guint i = 0; i < line->tax_count; i++) {
		const TillTaxEngineTax *tax = line->taxes[i];
		gboolean exempt = till_tax_engine_covers(document->exemption, tax);
		if (!passes_threshold(tax, amount, quantity_milli))
			continue;
		all.taxes[all.count++] = tax;
		if (!exempt)
			kept.taxes[kept.count++] = tax;
		takes_off |= exempt && tax->inclusive && !policy->exempt_keeps_price;
	}
	if (takes_off) {
		if (!till_tax_engine_line_evaluate(amount, quantity_milli, all.taxes, all.count,
						   &style, out))
			return FALSE;
		amount = out->net;
		style.from_net = TRUE;
	}
	return till_tax_engine_line_evaluate(amount, quantity_milli, kept.taxes, kept.count, &style,
					     out);
}

/* to += work · count, tax by tax. */
static void
add_work(TillTaxEngineWork *to, const TillTaxEngineWork *work, gint64 count)
{
	TillRatio times = till_ratio_whole(count);

	for (guint i = 0; i < work->count; i++) {
		guint at = 0;
		while (at < to->count && to->taxes[at] != work->taxes[i])
			at++;
		if (at == to->count) {
			to->taxes[at] = work->taxes[i];
			to->bases[at] = to->amounts[at] = till_ratio_whole(0);
			to->count++;
		}
		to->bases[at] =
		    till_ratio_add(to->bases[at], till_ratio_multiply(work->bases[i], times));
		to->amounts[at] =
		    till_ratio_add(to->amounts[at], till_ratio_multiply(work->amounts[i], times));
	}
	to->net = till_ratio_add(to->net, till_ratio_multiply(work->net, times));
	to->gross = till_ratio_add(to->gross, till_ratio_multiply(work->gross, times));
}

static gboolean
compute_units(const TillTaxEngineDocument *document, const TillTaxEngineLine *line,
	      TillRatio amount, gint64 units, TillTaxEngineWork *out)
{
	const TillTaxEnginePolicy *policy = &document->policy;
	TillTaxEngineWork sum = {.net = till_ratio_whole(0), .gross = till_ratio_whole(0)};
	TillTaxEngineWork unit;
	gint64 whole;

	if (!till_ratio_round(amount, policy->step_minor, policy->rounding, &whole))
		return FALSE;
	gint64 steps = whole / policy->step_minor;
	gint64 dearer = steps % units;
	for (gint64 more = 0; more <= (dearer > 0 ? 1 : 0); more++) {
		TillRatio price = till_ratio_whole((steps / units + more) * policy->step_minor);
		if (!compute_size(document, line, price, TILL_QUANTITY_ONE, &unit))
			return FALSE;
		add_work(&sum, &unit, more == 1 ? dearer : units - dearer);
	}
	*out = sum;
	return TRUE;
}

static void
mirror(TillTaxEngineWork *work)
{
	for (guint i = 0; i < work->count; i++) {
		work->bases[i] = till_ratio_negate(work->bases[i]);
		work->amounts[i] = till_ratio_negate(work->amounts[i]);
	}
	work->net = till_ratio_negate(work->net);
	work->gross = till_ratio_negate(work->gross);
}

/* A line is below zero by its amount; one of no amount, by its quantity. */
static gboolean
is_negative(const TillTaxEngineLine *line)
{
	int sign = till_ratio_sign(line->amount);

	return sign < 0 || (sign == 0 && line->quantity_milli < 0);
}

static gint64
take_size(gint64 value)
{
	return value < 0 ? -value : value;
}

gboolean
till_tax_engine_line_compute(const TillTaxEngineDocument *document, const TillTaxEngineLine *line,
			     TillTaxEngineWork *out)
{
	if (till_ratio_is_lost(line->amount))
		return FALSE;
	gboolean negative = is_negative(line);
	gint64 quantity_milli = take_size(line->quantity_milli);
	gint64 units =
	    quantity_milli % TILL_QUANTITY_ONE == 0 ? quantity_milli / TILL_QUANTITY_ONE : 1;
	TillRatio amount = negative ? till_ratio_negate(line->amount) : line->amount;
	gboolean done = document->policy.method == TILL_TAX_ENGINE_PER_UNIT && units > 1
			    ? compute_units(document, line, amount, units, out)
			    : compute_size(document, line, amount, quantity_milli, out);
	if (done && negative)
		mirror(out);
	return done;
}

gboolean
till_tax_engine_line_levy(const TillTaxEngineDocument *document, const TillTaxEngineLine *line,
			  const TillTaxEngineTax *const *taxes, guint count, TillTaxEngineWork *out)
{
	const TillTaxEnginePolicy *policy = &document->policy;
	TillTaxEngineStyle style = {.exact = policy->method == TILL_TAX_ENGINE_PER_DOCUMENT,
				    .step_minor = policy->step_minor,
				    .rounding = policy->rounding,
				    .from_net = TRUE,
				    .no_thresholds = TRUE};

	if (!till_tax_engine_line_evaluate(till_ratio_whole(0), take_size(line->quantity_milli),
					   taxes, count, &style, out))
		return FALSE;
	if (is_negative(line))
		mirror(out);
	return TRUE;
}
