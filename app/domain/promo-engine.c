/* SPDX-License-Identifier: Apache-2.0 */
#include "promo-engine.h"

#include <string.h>

#include "error.h"
#include "money.h"
#include "promo-engine-private.h"
#include "quantity.h"

#define STEPS_DEFAULT 20000

/* --- a run --- */

static const char *const *
strings(char **texts)
{
	return (const char *const *)texts;
}

static gboolean
has_any_tag(const TillPromoLine *line, const char *const *tags)
{
	for (guint i = 0; tags != NULL && line->tags != NULL && tags[i] != NULL; i++) {
		if (g_strv_contains(line->tags, tags[i]))
			return TRUE;
	}
	return FALSE;
}

static gint64
find_floor(const TillPromoLine *line, gint64 pieces, gint64 least)
{
	gint64 minimum = 0;

	if (line->minimum_unit_minor > 0 &&
	    !till_rounding_scale(line->minimum_unit_minor,
				 line->weighed ? line->quantity_milli : pieces * TILL_QUANTITY_ONE,
				 TILL_QUANTITY_ONE, TILL_ROUND_HALF_UP, &minimum))
		minimum = line->amount_minor;
	return MIN(MAX(minimum, least), line->amount_minor);
}

static TillPromoEngineRun *
create_run(const TillPromoLine *lines, guint count, const TillPromoEngineContext *context)
{
	TillPromoEngineRun *run = g_new0(TillPromoEngineRun, 1);
	guint64 steps = context->policy.steps;

	run->lines = lines;
	run->count = count;
	run->context = context;
	run->pieces = g_new0(gint64, 9 * (gsize)count + 1);
	run->floors = run->pieces + count;
	run->weights = run->floors + count;
	run->shares = run->weights + count;
	run->caps = run->shares + count;
	run->plan = run->caps + count;
	run->rewards = run->plan + count;
	run->reward_pieces = run->rewards + count;
	run->prices = run->reward_pieces + count;
	run->reduced = g_new0(gboolean, 2 * (gsize)count + 1);
	run->never = run->reduced + count;
	run->order = g_new0(guint, count + 1);
	run->saved = g_new0(TillPromoEngineCell, count + 1);
	run->offers = g_array_new(FALSE, FALSE, sizeof(TillPromoEngineOffer));
	run->steps_left = steps > 0 ? steps : STEPS_DEFAULT;
	run->exact = TRUE;
	for (guint i = 0; i < count; i++) {
		run->pieces[i] = till_promo_pieces(&lines[i]);
		run->floors[i] =
		    find_floor(&lines[i], run->pieces[i], context->policy.minimum_line_minor);
		run->reduced[i] = lines[i].reduced;
		run->never[i] =
		    lines[i].locked || has_any_tag(&lines[i], context->policy.never_tags);
	}
	return run;
}

static void
free_run(TillPromoEngineRun *run)
{
	for (guint i = 0; i < run->offers->len; i++)
		g_free(TILL_PROMO_ENGINE_OFFER(run, i)->marks);
	g_array_free(run->offers, TRUE);
	g_free(run->pieces);
	g_free(run->reduced);
	g_free(run->order);
	g_free(run->saved);
	g_free(run);
}

const guint8 *
till_promo_engine_need_marks(const TillPromoEngineRun *run, const TillPromoEngineOffer *offer,
			     guint need)
{
	return offer->marks + (gsize)need * run->count;
}

const guint8 *
till_promo_engine_effect_marks(const TillPromoEngineRun *run, const TillPromoEngineOffer *offer,
			       guint effect)
{
	return offer->marks + (gsize)(offer->promo->need_count + effect) * run->count;
}

gboolean
till_promo_engine_may_touch(const TillPromoEngineRun *run, const TillPromo *promo, guint line,
			    gint64 unit_minor)
{
	gboolean reduced = run->reduced[line];

	if (run->never[line] || (promo->skip_reduced && reduced))
		return FALSE;
	return !promo->has_excluded ||
	       !till_promo_items_match(&promo->excluded, &run->lines[line], unit_minor, reduced);
}

/* The price of a unit as it stands: a shelf promotion may have changed it. */
static gint64
find_unit(const TillPromoEngineRun *run, const TillPromoEngineCell *cells, guint line)
{
	const TillPromoLine *from = &run->lines[line];
	gint64 unit = from->unit_minor;

	if (cells[line].net_minor != from->amount_minor && from->quantity_milli > 0 &&
	    !till_rounding_scale(cells[line].net_minor, TILL_QUANTITY_ONE, from->quantity_milli,
				 TILL_ROUND_HALF_UP, &unit))
		unit = from->unit_minor;
	return unit;
}

static guint8
mark_line(const TillPromoEngineRun *run, const TillPromoEffect *effect, guint line, gint64 unit)
{
	const TillPromoLine *from = &run->lines[line];
	guint8 mark = 0;

	if (effect->part_count == 0)
		return till_promo_items_match(&effect->items, from, unit, run->reduced[line]) ? 1
											      : 0;
	for (guint i = 0; i < effect->part_count; i++) {
		if (till_promo_items_match(&effect->parts[i].items, from, unit, run->reduced[line]))
			mark |= (guint8)(1u << i);
	}
	return mark;
}

static void
mark_offer(const TillPromoEngineRun *run, TillPromoEngineOffer *offer, const gint64 *units)
{
	const TillPromo *promo = offer->promo;
	guint8 *mark;

	offer->marks =
	    g_new0(guint8, (gsize)(promo->need_count + promo->effect_count) * run->count + 1);
	mark = offer->marks;
	for (guint i = 0; i < promo->need_count; i++) {
		for (guint line = 0; line < run->count; line++)
			*mark++ = till_promo_items_match(&promo->needs[i].items, &run->lines[line],
							 units[line], run->reduced[line])
				      ? 1
				      : 0;
	}
	for (guint i = 0; i < promo->effect_count; i++) {
		for (guint line = 0; line < run->count; line++)
			*mark++ = till_promo_engine_may_touch(run, promo, line, units[line])
				      ? mark_line(run, &promo->effects[i], line, units[line])
				      : 0;
	}
}

/* --- the result --- */

static void
record_shares(const TillPromoEngineRun *run, const TillPromoEngineOffer *offer,
	      const TillPromoEngineCell *before, const TillPromoEngineCell *after,
	      const TillPromoEngineOutcome *outcome, TillPromoEngineResult *result)
{
	TillPromoEngineDiscount discount = {.promo = till_promo_ref(offer->promo),
					    .code = g_strdup(offer->code),
					    .sets = outcome->sets,
					    .first_share = result->shares->len};

	for (guint i = 0; i < run->count; i++) {
		TillPromoEngineShare share = {
		    .line = i, .amount_minor = before[i].net_minor - after[i].net_minor};
		if (share.amount_minor == 0)
			continue;
		g_array_append_val(result->shares, share);
		discount.amount_minor += share.amount_minor;
		if (offer->promo->stage == TILL_PROMO_SHELF)
			run->reduced[i] = TRUE;
	}
	discount.share_count = result->shares->len - discount.first_share;
	g_array_append_val(result->discounts, discount);
}

static void
record_gifts(const TillPromoEngineOffer *offer, const TillPromoEngineOutcome *outcome,
	     TillPromoEngineResult *result)
{
	for (guint i = 0; i < offer->promo->effect_count; i++) {
		if (outcome->gifts[i] == 0)
			continue;
		TillPromoEngineGift gift = {.promo = till_promo_ref(offer->promo),
					    .sku = offer->promo->effects[i].gift_sku,
					    .quantity = outcome->gifts[i]};
		g_array_append_val(result->gifts, gift);
	}
}

/* Points count on what the lines cost in the end, so they wait until all is done. */
static void
record_points(const TillPromoEngineRun *run, const TillPromoEngineCell *cells,
	      TillPromoEngineResult *result)
{
	for (guint i = 0; i < run->offers->len; i++) {
		const TillPromoEngineOffer *offer = TILL_PROMO_ENGINE_OFFER(run, i);
		for (guint e = 0; e < offer->promo->effect_count; e++) {
			const TillPromoEffect *effect = &offer->promo->effects[e];
			TillPromoEnginePoints points = {.rate_ppm = effect->value};
			if (effect->kind != TILL_PROMO_POINTS || offer->marks == NULL ||
			    offer->reason != TILL_PROMO_ENGINE_APPLIED)
				continue;
			const guint8 *marks = till_promo_engine_effect_marks(run, offer, e);
			for (guint line = 0; line < run->count; line++)
				points.amount_minor += marks[line] != 0 ? cells[line].net_minor : 0;
			points.rate_ppm =
			    till_promo_engine_apply_value(run, effect, marks, cells, 0);
			points.promo = till_promo_ref(offer->promo);
			g_array_append_val(result->points, points);
		}
	}
}

static void
find_near(TillPromoEngineRun *run, const TillPromoEngineOffer *offer,
	  const TillPromoEngineCell *cells, TillPromoEngineRefusal *refusal)
{
	gboolean unmet = FALSE;

	for (guint i = 0; i < offer->promo->need_count; i++) {
		gint64 pieces, minor;
		till_promo_engine_apply_missing(run, offer, i, cells, &pieces, &minor);
		refusal->near_pieces = MAX(refusal->near_pieces, pieces);
		refusal->near_minor = MAX(refusal->near_minor, minor);
		unmet |= pieces > 0 || minor > 0;
	}
	for (guint i = 0; !unmet && i < offer->promo->effect_count; i++) {
		const TillPromoEffect *effect = &offer->promo->effects[i];
		if (effect->target == TILL_PROMO_ON_SET)
			refusal->near_pieces = till_promo_engine_set_missing(
			    run, effect, till_promo_engine_effect_marks(run, offer, i), cells);
	}
	if (refusal->near_pieces == G_MAXINT64)
		refusal->near_pieces = 0;
}

static void
record_refusal(TillPromoEngineRun *run, const TillPromoEngineOffer *offer,
	       const TillPromoEngineCell *cells, TillPromoEngineResult *result)
{
	TillPromoEngineRefusal refusal = {.promo = till_promo_ref(offer->promo),
					  .reason = offer->reason};

	if (offer->reason == TILL_PROMO_ENGINE_NEEDS || offer->reason == TILL_PROMO_ENGINE_NO_LINES)
		find_near(run, offer, cells, &refusal);
	g_array_append_val(result->refusals, refusal);
}

/* What was chosen, once more and for the record. */
static void
replay(TillPromoEngineRun *run, guint index, gint64 sets, TillPromoEngineCell *cells,
       TillPromoEngineResult *result)
{
	TillPromoEngineOffer *offer = TILL_PROMO_ENGINE_OFFER(run, index);
	g_autofree TillPromoEngineCell *after = NULL;

	if (offer->reason != TILL_PROMO_ENGINE_APPLIED) {
		record_refusal(run, offer, cells, result);
		return;
	}
	after = g_memdup2(cells, run->count * sizeof *cells);
	TillPromoEngineOutcome outcome =
	    till_promo_engine_apply(run, offer, after, sets > 0 ? sets : TILL_PROMO_ENGINE_ALL);
	if (!outcome.acted || sets == 0) {
		offer->reason = outcome.acted ? TILL_PROMO_ENGINE_BEATEN : outcome.reason;
		record_refusal(run, offer, cells, result);
		return;
	}
	if (outcome.amount_minor > 0)
		record_shares(run, offer, cells, after, &outcome, result);
	record_gifts(offer, &outcome, result);
	memcpy(cells, after, run->count * sizeof *cells);
}

static void
run_offers(TillPromoEngineRun *run, guint first, guint last, TillPromoEngineCell *cells,
	   TillPromoEngineResult *result)
{
	g_autofree gint64 *sets = g_new0(gint64, last - first + 1);
	g_autofree gint64 *units = g_new(gint64, run->count + 1);

	if (first == last)
		return;
	for (guint i = 0; i < run->count; i++) {
		units[i] = find_unit(run, cells, i);
		run->prices[i] = cells[i].net_minor;
	}
	for (guint i = first; i < last; i++)
		mark_offer(run, TILL_PROMO_ENGINE_OFFER(run, i), units);
	till_promo_engine_group_settle(run, first, last, cells);
	till_promo_engine_choose(run, first, last, cells, sets);
	for (guint i = first; i < last; i++)
		replay(run, i, sets[i - first], cells, result);
}

/* --- public --- */

static void
clear_discount(gpointer data)
{
	TillPromoEngineDiscount *discount = data;

	till_promo_unref(discount->promo);
	g_free(discount->code);
}

static void
clear_gift(gpointer data)
{
	till_promo_unref(((TillPromoEngineGift *)data)->promo);
}

static void
clear_points(gpointer data)
{
	till_promo_unref(((TillPromoEnginePoints *)data)->promo);
}

static void
clear_refusal(gpointer data)
{
	till_promo_unref(((TillPromoEngineRefusal *)data)->promo);
}

static void
clear_answer(gpointer data)
{
	TillPromoEngineCouponAnswer *answer = data;

	till_promo_unref(answer->promo);
	g_free(answer->code);
}

static GArray *
create_array(gsize size, GDestroyNotify clear)
{
	GArray *array = g_array_new(FALSE, FALSE, (guint)size);

	if (clear != NULL)
		g_array_set_clear_func(array, clear);
	return array;
}

static TillPromoEngineResult *
create_result(void)
{
	TillPromoEngineResult *result = g_atomic_rc_box_new0(TillPromoEngineResult);

	result->lines = create_array(sizeof(TillPromoEngineLine), NULL);
	result->discounts = create_array(sizeof(TillPromoEngineDiscount), clear_discount);
	result->shares = create_array(sizeof(TillPromoEngineShare), NULL);
	result->gifts = create_array(sizeof(TillPromoEngineGift), clear_gift);
	result->points = create_array(sizeof(TillPromoEnginePoints), clear_points);
	result->refusals = create_array(sizeof(TillPromoEngineRefusal), clear_refusal);
	result->coupons = create_array(sizeof(TillPromoEngineCouponAnswer), clear_answer);
	return result;
}

static void
clear_result(gpointer data)
{
	TillPromoEngineResult *result = data;

	g_array_free(result->lines, TRUE);
	g_array_free(result->discounts, TRUE);
	g_array_free(result->shares, TRUE);
	g_array_free(result->gifts, TRUE);
	g_array_free(result->points, TRUE);
	g_array_free(result->refusals, TRUE);
	g_array_free(result->coupons, TRUE);
}

TillPromoEngineResult *
till_promo_engine_ref(TillPromoEngineResult *result)
{
	return g_atomic_rc_box_acquire(result);
}

void
till_promo_engine_unref(TillPromoEngineResult *result)
{
	if (result != NULL)
		g_atomic_rc_box_release_full(result, clear_result);
}

static gboolean
check_lines(const TillPromoLine *lines, guint count, GError **error)
{
	gint64 sum = 0;

	for (guint i = 0; i < count; i++) {
		const TillPromoLine *line = &lines[i];
		if (line->amount_minor < 0 || line->amount_minor > TILL_MONEY_MAX_MINOR ||
		    line->quantity_milli < 0 || line->quantity_milli > TILL_QUANTITY_MAX_MILLI ||
		    sum > TILL_MONEY_MAX_MINOR - line->amount_minor) {
			g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
				    "Line %u is larger than any amount promotions can be worked "
				    "out for; check its quantity and price.",
				    i + 1);
			return FALSE;
		}
		sum += line->amount_minor;
	}
	return TRUE;
}

static void
record_lines(const TillPromoEngineRun *run, const TillPromoEngineCell *cells,
	     TillPromoEngineResult *result)
{
	for (guint i = 0; i < run->count; i++) {
		TillPromoEngineLine line = {.list_minor = run->lines[i].amount_minor,
					    .net_minor = cells[i].net_minor,
					    .reduced = run->reduced[i]};
		g_array_append_val(result->lines, line);
		result->list_minor += line.list_minor;
		result->net_minor += line.net_minor;
	}
	result->discount_minor = result->list_minor - result->net_minor;
	result->exact = run->exact;
}

static void
add_offers(TillPromoEngineRun *run, const TillPromoIndex *index, char **codes)
{
	const TillPromoEngineContext *context = run->context;
	const TillPromoIndexKeys keys = {
	    .store = context->store,
	    .groups = context->groups,
	    .segments = context->segments,
	    .codes = strings(codes),
	};
	g_autoptr(GPtrArray) promos =
	    till_promo_index_collect(index, run->lines, run->count, &keys);

	for (guint i = 0; i < promos->len; i++) {
		TillPromoEngineOffer offer = {.promo = g_ptr_array_index(promos, i),
					      .budget_left = G_MAXINT64};
		till_promo_engine_reason_judge(context, codes, &offer);
		g_array_append_val(run->offers, offer);
	}
}

TillPromoEngineResult *
till_promo_engine_run(const TillPromoIndex *index, const TillPromoLine *lines, guint count,
		      const TillPromoEngineContext *context, GError **error)
{
	g_autoptr(TillPromoEngineResult) result = create_result();
	g_auto(GStrv) codes = till_promo_engine_reason_codes(context);
	g_autofree TillPromoEngineCell *cells = g_new0(TillPromoEngineCell, count + 1);
	TillPromoEngineRun *run;
	guint shelf = 0;

	if (!check_lines(lines, count, error))
		return NULL;
	run = create_run(lines, count, context);
	for (guint i = 0; i < count; i++)
		cells[i].net_minor = lines[i].amount_minor;
	add_offers(run, index, codes);
	while (shelf < run->offers->len &&
	       TILL_PROMO_ENGINE_OFFER(run, shelf)->promo->stage == TILL_PROMO_SHELF)
		shelf++;
	run_offers(run, 0, shelf, cells, result);
	run_offers(run, shelf, run->offers->len, cells, result);
	record_points(run, cells, result);
	record_lines(run, cells, result);
	till_promo_engine_reason_answer(run, codes, result);
	free_run(run);
	return g_steal_pointer(&result);
}
