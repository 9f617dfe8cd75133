/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "promo-engine-private.h"
#include "ratio.h"

/* Matching units to the parts of a set.
 *
 * A line can stand in several parts, so taking the unit one would like best may leave another part
 * without any. Whether the parts still to be filled can be, is Hall's condition: every group of
 * parts needs as many free units that can stand in any of them. Free units are counted by the set
 * of parts they can stand in (at most 2^6 kinds), so the check costs nothing worth mention, and a
 * part takes of each line only as many as the condition leaves. */

#define KINDS (1u << TILL_PROMO_PARTS_MAX)

typedef struct {
	guint line, part;
	gint64 pieces;
	gint64 amount;
} Pick;

typedef struct {
	TillPromoEngineRun *run;
	const TillPromoEffect *effect;
	const guint8 *marks;
	TillPromoEngineCell *cells;
	gint64 free[KINDS]; /* pieces not used up, by the parts they can stand in */
	guint *dearest;     /* lines that can stand in a part, dearest unit first */
	guint dearest_count;
	GArray *picks; /* of Pick: the set being made */
} Work;

static gint64
free_pieces(const Work *work, guint line)
{
	return work->run->pieces[line] - work->cells[line].used;
}

static gint64
available(const Work *work, guint parts)
{
	guint kinds = 1u << work->effect->part_count;
	gint64 sum = 0;

	for (guint kind = 1; kind < kinds; kind++)
		sum += (kind & parts) != 0 ? work->free[kind] : 0;
	return sum;
}

static gint64
needed(const Work *work, guint parts)
{
	gint64 sum = 0;

	for (guint i = 0; i < work->effect->part_count; i++)
		sum += (parts & (1u << i)) != 0 ? work->effect->parts[i].quantity : 0;
	return sum;
}

/* The pieces missing to one more set. */
static gint64
find_shortage(const Work *work)
{
	guint all = 1u << work->effect->part_count;
	gint64 shortage = 0;

	for (guint parts = 1; parts < all; parts++)
		shortage = MAX(shortage, needed(work, parts) - available(work, parts));
	return shortage;
}

/* How many pieces of a kind can go without one of the parts after `part` going short. */
static gint64
find_slack(const Work *work, guint part, guint kind)
{
	guint all = 1u << work->effect->part_count, later = (all - 1) & ~((2u << part) - 1);
	gint64 slack = G_MAXINT64;

	for (guint parts = 1; parts < all; parts++) {
		if ((parts & later) == parts && (parts & kind) != 0)
			slack = MIN(slack, available(work, parts) - needed(work, parts));
	}
	return slack;
}

static void
pick_from_line(Work *work, guint part, guint line, gint64 *left)
{
	TillPromoEngineCell *cell = &work->cells[line];
	guint kind = work->marks[line];
	gint64 there = free_pieces(work, line);
	gint64 pieces = MIN(*left, there);

	if ((kind & (1u << part)) == 0 || pieces <= 0)
		return;
	pieces = MIN(pieces, find_slack(work, part, kind));
	if (pieces <= 0)
		return;
	Pick pick = {.line = line,
		     .part = part,
		     .pieces = pieces,
		     .amount = till_promo_engine_apply_part(cell->net_minor - cell->used_minor,
							    pieces, there)};
	g_array_append_val(work->picks, pick);
	cell->used += pieces;
	cell->used_minor += pick.amount;
	work->free[kind] -= pieces;
	*left -= pieces;
}

static void
pick_part(Work *work, guint part)
{
	gint64 left = work->effect->parts[part].quantity;
	guint count = work->dearest_count;

	switch (work->effect->parts[part].pick) {
	case TILL_PROMO_PICK_CHEAPEST:
		for (guint i = count; i > 0 && left > 0; i--)
			pick_from_line(work, part, work->dearest[i - 1], &left);
		return;
	case TILL_PROMO_PICK_FIRST:
		for (guint i = 0; i < work->run->count && left > 0; i++)
			pick_from_line(work, part, i, &left);
		return;
	case TILL_PROMO_PICK_DEAREST:
	default:
		for (guint i = 0; i < count && left > 0; i++)
			pick_from_line(work, part, work->dearest[i], &left);
	}
}

static gboolean
pick_set(Work *work)
{
	g_array_set_size(work->picks, 0);
	if (find_shortage(work) > 0)
		return FALSE;
	for (guint i = 0; i < work->effect->part_count; i++)
		pick_part(work, i);
	return TRUE;
}

static void
put_back(Work *work)
{
	for (guint i = 0; i < work->picks->len; i++) {
		const Pick *pick = &g_array_index(work->picks, Pick, i);
		work->cells[pick->line].used -= pick->pieces;
		work->cells[pick->line].used_minor -= pick->amount;
		work->free[work->marks[pick->line]] += pick->pieces;
	}
}

/* --- which of the units are reduced --- */

static gboolean
has_reward_part(const TillPromoEffect *effect)
{
	for (guint i = 0; i < effect->part_count; i++) {
		if (effect->parts[i].reward)
			return TRUE;
	}
	return FALSE;
}

static int
compare_picks(gconstpointer a, gconstpointer b)
{
	const Pick *left = a, *right = b;
	TillWide x = (TillWide)left->amount * right->pieces;
	TillWide y = (TillWide)right->amount * left->pieces;

	if (x != y)
		return x < y ? -1 : 1;
	/* Of equal units the later line's is the cheaper one: it was added to complete the set. */
	return left->line != right->line ? (left->line > right->line ? -1 : 1) : 0;
}

/* Adds the rewarded units of the set to rewards and reward_pieces. Returns what they cost. */
static gint64
add_rewards(Work *work)
{
	TillPromoEngineRun *run = work->run;
	gboolean marked = has_reward_part(work->effect);
	gint64 left = work->effect->cheapest > 0 ? work->effect->cheapest : G_MAXINT64;
	gint64 sum = 0;

	if (work->effect->cheapest > 0)
		g_array_sort(work->picks, compare_picks);
	for (guint i = 0; i < work->picks->len && left > 0; i++) {
		const Pick *pick = &g_array_index(work->picks, Pick, i);
		if (marked && !work->effect->parts[pick->part].reward)
			continue;
		gint64 pieces = MIN(pick->pieces, left);
		gint64 amount = till_promo_engine_apply_part(pick->amount, pieces, pick->pieces);
		run->rewards[pick->line] += amount;
		run->reward_pieces[pick->line] += pieces;
		sum += amount;
		left -= pieces;
	}
	return sum;
}

static void
clear_rewards(TillPromoEngineRun *run)
{
	memset(run->rewards, 0, run->count * sizeof *run->rewards);
	memset(run->reward_pieces, 0, run->count * sizeof *run->reward_pieces);
}

/* A percentage, or what counts for each unit: rounded once per line over all sets. */
static gint64
reduce_each(Work *work, gint64 value)
{
	TillPromoEngineRun *run = work->run;

	for (guint i = 0; i < run->count; i++)
		run->plan[i] = till_promo_engine_apply_kind(
		    run, work->effect, value, i, run->reward_pieces[i], run->rewards[i], TRUE);
	return till_promo_engine_apply_plan(run, work->effect, work->cells, TRUE);
}

/* An amount off one set, or its price. */
static gint64
reduce_set(Work *work, gint64 value, gint64 cost, gint64 most)
{
	TillPromoEngineRun *run = work->run;
	gint64 amount =
	    work->effect->kind == TILL_PROMO_FIXED_PRICE ? cost - value : MIN(value, cost);
	gint64 taken = 0;

	if (value < 0 || MIN(amount, most) <= 0)
		return 0;
	for (guint i = 0; i < run->count; i++) {
		run->weights[i] = run->rewards[i];
		run->caps[i] = MIN(run->rewards[i], work->cells[i].net_minor - run->floors[i]);
	}
	(void)till_promo_engine_spread(run, MIN(amount, most));
	for (guint i = 0; i < run->count; i++)
		taken += till_promo_engine_apply_take(run, work->cells, i, run->shares[i], TRUE);
	return taken;
}

/* --- public --- */

typedef struct {
	const Work *work;
} Order;

static int
compare_lines(gconstpointer a, gconstpointer b, gpointer data)
{
	const Work *work = ((const Order *)data)->work;
	guint left = *(const guint *)a, right = *(const guint *)b;
	const TillPromoEngineCell *x = &work->cells[left], *y = &work->cells[right];
	TillWide cost = (TillWide)(x->net_minor - x->used_minor) * free_pieces(work, right);
	TillWide other = (TillWide)(y->net_minor - y->used_minor) * free_pieces(work, left);

	if (cost != other)
		return cost > other ? -1 : 1;
	return left < right ? -1 : 1;
}

static void
open_work(Work *work)
{
	TillPromoEngineRun *run = work->run;
	Order order = {.work = work};

	work->dearest = run->order;
	for (guint i = 0; i < run->count; i++) {
		if (work->marks[i] == 0 || free_pieces(work, i) <= 0)
			continue;
		work->dearest[work->dearest_count++] = i;
		work->free[work->marks[i]] += free_pieces(work, i);
	}
	g_qsort_with_data(work->dearest, (int)work->dearest_count, sizeof *work->dearest,
			  compare_lines, &order);
}

static gboolean
is_each(const TillPromoEffect *effect)
{
	return effect->each ||
	       (effect->kind != TILL_PROMO_AMOUNT && effect->kind != TILL_PROMO_FIXED_PRICE);
}

gint64
till_promo_engine_set_apply(TillPromoEngineRun *run, const TillPromoEffect *effect,
			    const guint8 *marks, TillPromoEngineCell *cells, gint64 sets_max,
			    gint64 *out_sets)
{
	Work work = {.run = run, .effect = effect, .marks = marks, .cells = cells};
	gint64 value = till_promo_engine_apply_value(run, effect, marks, cells, 0);
	gboolean each = is_each(effect);
	gint64 sets = 0, taken = 0;

	open_work(&work);
	work.picks = g_array_new(FALSE, FALSE, sizeof(Pick));
	sets_max = MIN(sets_max, TILL_PROMO_SETS_MAX);
	clear_rewards(run);
	while (sets < sets_max && pick_set(&work)) {
		if (!each)
			clear_rewards(run);
		gint64 cost = add_rewards(&work);
		if (!each) {
			gint64 most =
			    effect->cap_minor > 0 ? effect->cap_minor - taken : G_MAXINT64;
			gint64 amount = reduce_set(&work, value, cost, most);
			if (amount == 0) {
				put_back(&work);
				break;
			}
			taken += amount;
		}
		sets++;
	}
	if (each)
		taken = reduce_each(&work, value);
	g_array_free(work.picks, TRUE);
	*out_sets = sets;
	return taken;
}

gint64
till_promo_engine_set_missing(TillPromoEngineRun *run, const TillPromoEffect *effect,
			      const guint8 *marks, const TillPromoEngineCell *cells)
{
	g_autofree TillPromoEngineCell *copy = g_memdup2(cells, run->count * sizeof *cells);
	Work work = {.run = run, .effect = effect, .marks = marks, .cells = copy};

	open_work(&work);
	return work.dearest_count > 0 ? find_shortage(&work) : G_MAXINT64;
}
