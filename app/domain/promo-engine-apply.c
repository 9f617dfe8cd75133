/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "promo-engine-private.h"
#include "quantity.h"
#include "ratio.h"
#include "tax.h"

/* Amounts and pieces are bounded at the edge (2^53 and 10^7), so products are taken in 128 bits and
 * brought back by a minimum with an amount that is there. */

static gint64
scale(gint64 value, gint64 numerator, gint64 denominator, TillRounding rounding)
{
	gint64 out = 0;

	if (!till_rounding_scale(value, numerator, denominator, rounding, &out))
		g_assert_not_reached();
	return out;
}

static gint64
multiply_up_to(gint64 value, gint64 times, gint64 most)
{
	gint64 product;

	return __builtin_mul_overflow(value, times, &product) ? most : MIN(product, most);
}

gint64
till_promo_engine_apply_part(gint64 amount, gint64 k, gint64 of)
{
	return k >= of ? amount : scale(amount, k, of, TILL_ROUND_HALF_UP);
}

/* --- what decides a step of a scale --- */

static gint64
sum_marked(const TillPromoEngineRun *run, const guint8 *marks, const TillPromoEngineCell *cells,
	   gboolean pieces)
{
	gint64 sum = 0;

	for (guint i = 0; i < run->count; i++) {
		if (marks == NULL || marks[i] != 0)
			sum += pieces ? run->pieces[i] : cells[i].net_minor;
	}
	return sum;
}

static gint64
measure(const TillPromoEngineRun *run, const TillPromoEffect *effect, const guint8 *marks,
	const TillPromoEngineCell *cells, guint line)
{
	switch (effect->tier_by) {
	case TILL_PROMO_TIER_LINE_QUANTITY:
		return run->pieces[line];
	case TILL_PROMO_TIER_LINE_AMOUNT:
		return cells[line].net_minor;
	case TILL_PROMO_TIER_ITEMS_QUANTITY:
		return sum_marked(run, marks, cells, TRUE);
	case TILL_PROMO_TIER_ITEMS_AMOUNT:
		return sum_marked(run, marks, cells, FALSE);
	case TILL_PROMO_TIER_BASKET_AMOUNT:
		return sum_marked(run, NULL, cells, FALSE);
	case TILL_PROMO_TIER_NONE:
	default:
		return 0;
	}
}

gint64
till_promo_engine_apply_value(const TillPromoEngineRun *run, const TillPromoEffect *effect,
			      const guint8 *marks, const TillPromoEngineCell *cells, guint line)
{
	gint64 value = effect->value;

	if (effect->tier_count == 0)
		return value;
	gint64 reached = measure(run, effect, marks, cells, line);
	for (guint i = 0; i < effect->tier_count && effect->tiers[i].from <= reached; i++)
		value = effect->tiers[i].value;
	return value;
}

static gboolean
is_by_line(const TillPromoEffect *effect)
{
	return effect->tier_by == TILL_PROMO_TIER_LINE_QUANTITY ||
	       effect->tier_by == TILL_PROMO_TIER_LINE_AMOUNT;
}

/* --- lines --- */

/* An amount per unit is per kilogram on a weighed line. */
static gint64
value_of_pieces(const TillPromoEngineRun *run, gint64 value, guint line, gint64 pieces, gint64 most)
{
	const TillPromoLine *from = &run->lines[line];
	gint64 scaled;

	if (!from->weighed)
		return multiply_up_to(value, pieces, most);
	return till_rounding_scale(value, from->quantity_milli, TILL_QUANTITY_ONE,
				   run->context->policy.rounding, &scaled)
		   ? MIN(scaled, most)
		   : most;
}

gint64
till_promo_engine_apply_kind(const TillPromoEngineRun *run, const TillPromoEffect *effect,
			     gint64 value, guint line, gint64 pieces, gint64 base, gboolean each)
{
	const TillPromoEnginePolicy *policy = &run->context->policy;

	if (value < 0 || pieces <= 0)
		return 0;
	switch (effect->kind) {
	case TILL_PROMO_PERCENT:
		if (run->on_shelf)
			return base -
			       MIN(base, pieces * scale(base, TILL_PPM - value, TILL_PPM * pieces,
							policy->rounding));
		if (policy->round_per_unit)
			return MIN(
			    base, pieces * scale(base, value, TILL_PPM * pieces, policy->rounding));
		return scale(base, value, TILL_PPM, policy->rounding);
	case TILL_PROMO_AMOUNT:
		return each ? value_of_pieces(run, value, line, pieces, base) : MIN(value, base);
	case TILL_PROMO_FIXED_PRICE:
		return base -
		       (each ? value_of_pieces(run, value, line, pieces, base) : MIN(value, base));
	case TILL_PROMO_GIFT:
	case TILL_PROMO_POINTS:
	default:
		return 0;
	}
}

static gint64
take_off(TillPromoEngineCell *cell, gint64 amount, gboolean from_used)
{
	if (from_used)
		cell->used_minor -= MIN(amount, cell->used_minor);
	else if (cell->used_minor > 0)
		cell->used_minor -=
		    scale(amount, cell->used_minor, cell->net_minor, TILL_ROUND_HALF_UP);
	cell->net_minor -= amount;
	cell->used_minor = MIN(cell->used_minor, cell->net_minor);
	return amount;
}

gint64
till_promo_engine_apply_take(const TillPromoEngineRun *run, TillPromoEngineCell *cells, guint line,
			     gint64 amount, gboolean from_used)
{
	amount = MIN(amount, cells[line].net_minor - run->floors[line]);
	return amount > 0 ? take_off(&cells[line], amount, from_used) : 0;
}

gint64
till_promo_engine_apply_plan(TillPromoEngineRun *run, const TillPromoEffect *effect,
			     TillPromoEngineCell *cells, gboolean from_used)
{
	const gint64 *amounts = run->plan;
	gint64 sum = 0, taken = 0;

	for (guint i = 0; i < run->count; i++) {
		run->plan[i] =
		    CLAMP(run->plan[i], 0, MAX(cells[i].net_minor - run->floors[i], (gint64)0));
		sum += run->plan[i];
	}
	if (effect->cap_minor > 0 && sum > effect->cap_minor) {
		memcpy(run->weights, run->plan, run->count * sizeof *run->weights);
		memcpy(run->caps, run->plan, run->count * sizeof *run->caps);
		(void)till_promo_engine_spread(run, effect->cap_minor);
		amounts = run->shares;
	}
	for (guint i = 0; i < run->count; i++)
		taken += till_promo_engine_apply_take(run, cells, i, amounts[i], from_used);
	return taken;
}

/* What a number of units of a line costs: not all of them are reduced. */
static gint64
cost_of_pieces(const TillPromoEngineRun *run, TillPromoKind kind, const TillPromoEngineCell *cells,
	       guint line, gint64 pieces)
{
	gint64 all = run->pieces[line], net = cells[line].net_minor;
	gint64 list = run->lines[line].amount_minor;

	if (kind == TILL_PROMO_PERCENT && !run->on_shelf &&
	    run->context->policy.percent == TILL_PROMO_ENGINE_OF_PRICE)
		return till_promo_engine_apply_part(run->prices[line], pieces, all);
	if (pieces >= all || run->context->policy.limited == TILL_PROMO_ENGINE_EVENLY)
		return till_promo_engine_apply_part(net, pieces, all);
	return MAX(till_promo_engine_apply_part(list, pieces, all) - (list - net), (gint64)0);
}

typedef struct {
	const TillPromoEngineRun *run;
	const TillPromoEngineCell *cells;
	int sign; /* 1: cheapest first */
} Order;

static int
compare_lines(gconstpointer a, gconstpointer b, gpointer data)
{
	const Order *order = data;
	guint left = *(const guint *)a, right = *(const guint *)b;
	TillWide x = (TillWide)order->cells[left].net_minor * order->run->pieces[right];
	TillWide y = (TillWide)order->cells[right].net_minor * order->run->pieces[left];

	if (x != y)
		return x < y ? -order->sign : order->sign;
	return left < right ? -1 : 1;
}

/* Marked lines with anything left to pay, by the price of a unit. */
static guint
sort_lines(TillPromoEngineRun *run, const guint8 *marks, const TillPromoEngineCell *cells, int sign)
{
	Order order = {.run = run, .cells = cells, .sign = sign};
	guint count = 0;

	for (guint i = 0; i < run->count; i++) {
		if (marks[i] != 0 && run->pieces[i] > 0 && cells[i].net_minor > 0)
			run->order[count++] = i;
	}
	if (sign != 0)
		g_qsort_with_data(run->order, (int)count, sizeof *run->order, compare_lines,
				  &order);
	return count;
}

static gint64
apply_lines(TillPromoEngineRun *run, const TillPromo *promo, const TillPromoEffect *effect,
	    const guint8 *marks, TillPromoEngineCell *cells)
{
	gint64 left = promo->units > 0 ? promo->units : G_MAXINT64;
	gint64 before = MAX(effect->from_unit, 1) - 1;
	guint count = sort_lines(run, marks, cells, promo->units > 0 ? -1 : 0);
	gboolean each = effect->target == TILL_PROMO_ON_UNITS;
	gint64 value = till_promo_engine_apply_value(run, effect, marks, cells, 0);

	memset(run->plan, 0, run->count * sizeof *run->plan);
	for (guint i = 0; i < count && left > 0; i++) {
		guint line = run->order[i];
		gint64 pieces = MIN(run->pieces[line] - before, left);
		if (effect->units > 0)
			pieces = MIN(pieces, effect->units);
		if (pieces <= 0)
			continue;
		if (is_by_line(effect))
			value = till_promo_engine_apply_value(run, effect, marks, cells, line);
		gint64 base = cost_of_pieces(run, effect->kind, cells, line, pieces);
		run->plan[line] =
		    till_promo_engine_apply_kind(run, effect, value, line, pieces, base, each);
		left -= run->plan[line] > 0 ? pieces : 0;
	}
	return till_promo_engine_apply_plan(run, effect, cells, FALSE);
}

static gint64
apply_cheapest(TillPromoEngineRun *run, const TillPromoEffect *effect, const guint8 *marks,
	       TillPromoEngineCell *cells)
{
	gint64 left = MAX(effect->units, 1);
	guint count = sort_lines(run, marks, cells, 1);
	gint64 value = till_promo_engine_apply_value(run, effect, marks, cells, 0);

	memset(run->plan, 0, run->count * sizeof *run->plan);
	for (guint i = 0; i < count && left > 0; i++) {
		guint line = run->order[i];
		gint64 pieces = MIN(run->pieces[line], left);
		gint64 base =
		    till_promo_engine_apply_part(cells[line].net_minor, pieces, run->pieces[line]);
		run->plan[line] =
		    till_promo_engine_apply_kind(run, effect, value, line, pieces, base, TRUE);
		left -= pieces;
	}
	return till_promo_engine_apply_plan(run, effect, cells, FALSE);
}

static gint64
apply_basket(TillPromoEngineRun *run, const TillPromoEffect *effect, const guint8 *marks,
	     TillPromoEngineCell *cells)
{
	gint64 base = sum_marked(run, marks, cells, FALSE), taken = 0;
	gint64 value = till_promo_engine_apply_value(run, effect, marks, cells, 0);
	gint64 amount = 0;

	if (value < 0)
		return 0;
	if (effect->kind == TILL_PROMO_PERCENT)
		amount = scale(base, value, TILL_PPM, run->context->policy.rounding);
	else if (effect->kind == TILL_PROMO_AMOUNT)
		amount = MIN(value, base);
	else if (effect->kind == TILL_PROMO_FIXED_PRICE)
		amount = base - MIN(value, base);
	if (effect->cap_minor > 0)
		amount = MIN(amount, effect->cap_minor);
	for (guint i = 0; i < run->count; i++) {
		run->weights[i] = marks[i] != 0 ? cells[i].net_minor : 0;
		run->caps[i] = cells[i].net_minor - run->floors[i];
	}
	(void)till_promo_engine_spread(run, amount);
	for (guint i = 0; i < run->count; i++)
		taken += till_promo_engine_apply_take(run, cells, i, run->shares[i], FALSE);
	return taken;
}

/* --- a promotion --- */

static gint64
untaxed_of(const TillPromoLine *line, gint64 net_minor)
{
	return line->amount_minor > 0
		   ? scale(line->untaxed_minor, net_minor, line->amount_minor, TILL_ROUND_HALF_UP)
		   : 0;
}

void
till_promo_engine_apply_missing(const TillPromoEngineRun *run, const TillPromoEngineOffer *offer,
				guint need, const TillPromoEngineCell *cells, gint64 *out_pieces,
				gint64 *out_minor)
{
	const TillPromoNeed *asked = &offer->promo->needs[need];
	const guint8 *marks = till_promo_engine_need_marks(run, offer, need);
	gint64 pieces = 0, amount = 0;

	for (guint i = 0; i < run->count; i++) {
		if (marks[i] == 0)
			continue;
		gint64 here = cells[i].net_minor;
		if (asked->basis == TILL_PROMO_BASIS_LIST)
			here = run->lines[i].amount_minor;
		else if (asked->basis == TILL_PROMO_BASIS_UNTAXED)
			here = untaxed_of(&run->lines[i], here);
		pieces = asked->one_line ? MAX(pieces, run->pieces[i]) : pieces + run->pieces[i];
		amount = asked->one_line ? MAX(amount, here) : amount + here;
	}
	*out_pieces = MAX(asked->quantity - pieces, (gint64)0);
	*out_minor = MAX(asked->amount_minor - amount, (gint64)0);
}

static gboolean
is_met(const TillPromoEngineRun *run, const TillPromoEngineOffer *offer,
       const TillPromoEngineCell *cells)
{
	for (guint i = 0; i < offer->promo->need_count; i++) {
		gint64 pieces, minor;
		till_promo_engine_apply_missing(run, offer, i, cells, &pieces, &minor);
		if (pieces > 0 || minor > 0)
			return FALSE;
	}
	return TRUE;
}

static void
apply_effect(TillPromoEngineRun *run, const TillPromoEngineOffer *offer, guint index,
	     TillPromoEngineCell *cells, gint64 sets, TillPromoEngineOutcome *outcome)
{
	const TillPromoEffect *effect = &offer->promo->effects[index];
	const guint8 *marks = till_promo_engine_effect_marks(run, offer, index);
	gint64 made = 1;

	if (effect->target == TILL_PROMO_ON_SET) {
		outcome->amount_minor +=
		    till_promo_engine_set_apply(run, effect, marks, cells, sets, &made);
		outcome->sets += made;
	} else if (effect->target == TILL_PROMO_ON_CHEAPEST) {
		outcome->amount_minor += apply_cheapest(run, effect, marks, cells);
	} else if (effect->target == TILL_PROMO_ON_BASKET) {
		outcome->amount_minor += apply_basket(run, effect, marks, cells);
	} else {
		outcome->amount_minor += apply_lines(run, offer->promo, effect, marks, cells);
	}
	if (effect->kind == TILL_PROMO_GIFT)
		outcome->gifts[index] = made * effect->gift_quantity;
	outcome->acted |=
	    outcome->gifts[index] > 0 || outcome->amount_minor > 0 ||
	    (effect->kind == TILL_PROMO_POINTS && sum_marked(run, marks, cells, FALSE) > 0);
}

/* Gives what the budget has left, over the lines as they would have been reduced. */
static void
cut_to_budget(TillPromoEngineRun *run, gint64 budget, TillPromoEngineCell *cells,
	      TillPromoEngineOutcome *outcome)
{
	for (guint i = 0; i < run->count; i++) {
		run->weights[i] = run->caps[i] = run->saved[i].net_minor - cells[i].net_minor;
		cells[i].net_minor = run->saved[i].net_minor;
		cells[i].used_minor = run->saved[i].used_minor;
	}
	outcome->amount_minor = till_promo_engine_spread(run, budget);
	for (guint i = 0; i < run->count; i++)
		take_off(&cells[i], run->shares[i], FALSE);
}

TillPromoEngineOutcome
till_promo_engine_apply(TillPromoEngineRun *run, const TillPromoEngineOffer *offer,
			TillPromoEngineCell *cells, gint64 sets)
{
	const TillPromo *promo = offer->promo;
	TillPromoEngineOutcome outcome = {.reason = TILL_PROMO_ENGINE_NEEDS};

	if (!is_met(run, offer, cells))
		return outcome;
	if (promo->per_basket > 0)
		sets = MIN(sets, promo->per_basket);
	memcpy(run->saved, cells, run->count * sizeof *cells);
	run->on_shelf = promo->stage == TILL_PROMO_SHELF;
	for (guint i = 0; i < promo->effect_count; i++)
		apply_effect(run, offer, i, cells, sets, &outcome);
	outcome.reason = outcome.acted ? TILL_PROMO_ENGINE_APPLIED : TILL_PROMO_ENGINE_NO_LINES;
	if (outcome.amount_minor > offer->budget_left) {
		if (promo->budget_cut && offer->budget_left > 0)
			cut_to_budget(run, offer->budget_left, cells, &outcome);
		else
			outcome = (TillPromoEngineOutcome){.reason = TILL_PROMO_ENGINE_BUDGET};
	}
	if (!outcome.acted)
		memcpy(cells, run->saved, run->count * sizeof *cells);
	return outcome;
}
