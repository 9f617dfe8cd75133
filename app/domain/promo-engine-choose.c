/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "promo-engine-private.h"
#include "tax.h"

/* The choice among promotions that exclude each other.
 *
 * Without an exclusive promotion all that stack may apply; beside an exclusive one only those that
 * stand beside everything. Each of these ways ("modes") is searched on its own. Within a mode the
 * offers are taken in the order of work: one that nothing contends with applies whenever it can;
 * where there is a contender, the search tries it (for sets: with every number of them) and
 * tries without it. A branch is left when even the most that the rest could give does not reach the
 * best total so far. The first branch is simply "in order, as much as possible", so whatever the
 * budget of steps, the answer is at least that. */

#define RANKS 64 /* ties are told apart by the first of this many offers */

typedef struct {
	TillPromoEngineRun *run;
	guint first, count;
	gboolean *allowed; /* in the mode being searched */
	guint *rank;       /* place by priority, then id */
	guint *group;      /* number of the group; 0: none */
	guint *taken;      /* per group: offers of it that apply in this branch */
	gint64 *bound;     /* the most that offers from here on can give */
	gint64 *sets;      /* the branch being tried */
	gint64 *best_sets;
	gint64 best_minor; /* what is still to be paid then */
	guint64 best_mask; /* who applies, the first rank in the highest bit */
	gboolean found, found_here;
	gboolean branching;
} Search;

static TillPromoEngineOffer *
offer_at(const Search *search, guint i)
{
	return TILL_PROMO_ENGINE_OFFER(search->run, search->first + i);
}

static gint64
sum_cells(const TillPromoEngineRun *run, const TillPromoEngineCell *cells)
{
	gint64 sum = 0;

	for (guint i = 0; i < run->count; i++)
		sum += cells[i].net_minor;
	return sum;
}

/* --- who contends with whom --- */

static gboolean
wants_same_units(const TillPromoEngineRun *run, const TillPromoEngineOffer *a,
		 const TillPromoEngineOffer *b)
{
	for (guint i = 0; i < a->promo->effect_count; i++) {
		if (a->promo->effects[i].target != TILL_PROMO_ON_SET)
			continue;
		const guint8 *left = till_promo_engine_effect_marks(run, a, i);
		for (guint j = 0; j < b->promo->effect_count; j++) {
			if (b->promo->effects[j].target != TILL_PROMO_ON_SET)
				continue;
			const guint8 *right = till_promo_engine_effect_marks(run, b, j);
			for (guint line = 0; line < run->count; line++) {
				if (left[line] != 0 && right[line] != 0)
					return TRUE;
			}
		}
	}
	return FALSE;
}

static gboolean
contends(const Search *search, guint i, guint j)
{
	const TillPromoEngineOffer *a = offer_at(search, i), *b = offer_at(search, j);

	if (a->reason != TILL_PROMO_ENGINE_APPLIED || b->reason != TILL_PROMO_ENGINE_APPLIED)
		return FALSE;
	return (search->group[i] != 0 && search->group[i] == search->group[j]) ||
	       wants_same_units(search->run, a, b);
}

static void
find_contenders(Search *search)
{
	for (guint i = 0; i < search->count; i++) {
		for (guint j = i + 1; j < search->count; j++) {
			if (contends(search, i, j))
				offer_at(search, i)->competes = offer_at(search, j)->competes =
				    TRUE;
		}
	}
}

static void
number_groups(Search *search)
{
	g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < search->count; i++) {
		char *name = offer_at(search, i)->promo->group;
		if (name == NULL || *name == '\0' || offer_at(search, i)->promo->group_lines)
			continue;
		guint number = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, name));
		if (number == 0) {
			number = g_hash_table_size(numbers) + 1;
			g_hash_table_insert(numbers, name, GUINT_TO_POINTER(number));
		}
		search->group[i] = number;
	}
}

static int
compare_ranks(gconstpointer a, gconstpointer b, gpointer data)
{
	const Search *search = data;
	const TillPromo *left = offer_at(search, *(const guint *)a)->promo;
	const TillPromo *right = offer_at(search, *(const guint *)b)->promo;

	if (left->priority != right->priority)
		return left->priority > right->priority ? -1 : 1;
	return strcmp(left->id, right->id);
}

static guint *
sort_by_rank(Search *search)
{
	guint *order = g_new(guint, search->count);

	for (guint i = 0; i < search->count; i++)
		order[i] = i;
	g_qsort_with_data(order, (int)search->count, sizeof *order, compare_ranks, search);
	for (guint i = 0; i < search->count; i++)
		search->rank[order[i]] = i;
	return order;
}

static guint64
bit_of(const Search *search, guint i)
{
	return search->rank[i] < RANKS ? G_GUINT64_CONSTANT(1) << (RANKS - 1 - search->rank[i]) : 0;
}

/* --- bounds --- */

static gint64
largest_value(const TillPromoEffect *effect)
{
	gint64 value = MAX(effect->value, (gint64)0);

	for (guint i = 0; i < effect->tier_count; i++)
		value = MAX(value, effect->tiers[i].value);
	return value;
}

static gint64
times_up_to(gint64 value, gint64 times, gint64 most)
{
	gint64 product;

	return __builtin_mul_overflow(value, times, &product) ? most : MIN(product, most);
}

/* Loose, but never too small: roundings count a unit for each piece. */
static gint64
bound_effect(const TillPromoEngineRun *run, const TillPromoEffect *effect, const guint8 *marks,
	     const TillPromoEngineCell *cells)
{
	gint64 value = largest_value(effect), touched = 0, amount = 0, pieces = 0;
	gint64 most;

	for (guint i = 0; i < run->count; i++) {
		if (marks[i] == 0)
			continue;
		gint64 times = effect->target == TILL_PROMO_ON_LINES || run->lines[i].weighed
				   ? 1
				   : run->pieces[i];
		touched += cells[i].net_minor;
		pieces += run->pieces[i] + 1;
		amount += run->lines[i].weighed ? cells[i].net_minor
						: times_up_to(value, times, cells[i].net_minor);
	}
	most = touched;
	if (effect->kind == TILL_PROMO_PERCENT) {
		gint64 part = touched;
		if (run->context->policy.percent == TILL_PROMO_ENGINE_OF_REST &&
		    till_rounding_scale(touched, value, TILL_PPM, TILL_ROUND_UP, &part))
			most = MIN(touched, part + pieces);
	} else if (effect->kind == TILL_PROMO_AMOUNT) {
		most = effect->target == TILL_PROMO_ON_BASKET ? MIN(value, touched) : amount;
	} else if (effect->kind != TILL_PROMO_FIXED_PRICE) {
		most = 0;
	}
	return effect->cap_minor > 0 ? MIN(most, effect->cap_minor) : most;
}

static void
find_bounds(Search *search, const TillPromoEngineCell *cells)
{
	for (guint i = 0; i < search->count; i++) {
		TillPromoEngineOffer *offer = offer_at(search, i);
		offer->bound_minor = 0;
		if (offer->reason != TILL_PROMO_ENGINE_APPLIED)
			continue;
		for (guint e = 0; e < offer->promo->effect_count; e++)
			offer->bound_minor += bound_effect(
			    search->run, &offer->promo->effects[e],
			    till_promo_engine_effect_marks(search->run, offer, e), cells);
		offer->bound_minor = MIN(offer->bound_minor, offer->budget_left);
	}
}

/* From the last offer to the first; of a group only the largest counts. */
static void
sum_bounds(Search *search)
{
	g_autofree gint64 *largest = g_new0(gint64, search->count + 1);
	gint64 sum = 0;

	search->bound[search->count] = 0;
	for (guint i = search->count; i > 0; i--) {
		guint group = search->group[i - 1];
		gint64 bound = search->allowed[i - 1] ? offer_at(search, i - 1)->bound_minor : 0;
		if (group != 0) {
			sum += MAX(bound - largest[group], (gint64)0);
			largest[group] = MAX(bound, largest[group]);
		} else {
			sum += bound;
		}
		search->bound[i - 1] = sum;
	}
}

/* --- the search --- */

static void
note_best(Search *search, const TillPromoEngineCell *cells, guint64 mask)
{
	gint64 left = sum_cells(search->run, cells);

	search->found_here = TRUE;
	if (search->found && (left > search->best_minor ||
			      (left == search->best_minor && mask <= search->best_mask)))
		return;
	search->found = TRUE;
	search->best_minor = left;
	search->best_mask = mask;
	memcpy(search->best_sets, search->sets, search->count * sizeof *search->sets);
}

/* Whether this branch need not be followed. */
static gboolean
is_hopeless(Search *search, const TillPromoEngineCell *cells, guint at)
{
	if (!search->found_here)
		return FALSE;
	if (search->run->steps_left == 0) {
		search->run->exact = FALSE;
		return TRUE;
	}
	return sum_cells(search->run, cells) - search->bound[at] > search->best_minor;
}

static void explore(Search *search, guint at, TillPromoEngineCell *cells, guint64 mask);

/* One offer with a given number of sets, then all that follow. Returns the sets it made, 0 when it
 * gave nothing. */
static gint64
try_offer(Search *search, guint at, const TillPromoEngineCell *cells, gint64 sets, guint64 mask)
{
	TillPromoEngineRun *run = search->run;
	g_autofree TillPromoEngineCell *copy = g_memdup2(cells, run->count * sizeof *cells);
	TillPromoEngineOutcome outcome =
	    till_promo_engine_apply(run, offer_at(search, at), copy, sets);

	run->steps_left -= run->steps_left > 0 ? 1 : 0;
	if (!outcome.acted)
		return 0;
	search->sets[at] = sets;
	search->taken[search->group[at]]++;
	explore(search, at + 1, copy, mask | bit_of(search, at));
	search->taken[search->group[at]]--;
	search->sets[at] = 0;
	return MAX(outcome.sets, 1);
}

static void
branch(Search *search, guint at, const TillPromoEngineCell *cells, guint64 mask)
{
	gint64 sets = try_offer(search, at, cells, TILL_PROMO_ENGINE_ALL, mask);

	while (--sets > 0 && !is_hopeless(search, cells, at))
		(void)try_offer(search, at, cells, sets, mask);
}

static gboolean
is_open(const Search *search, guint at)
{
	guint group = search->group[at];

	return search->allowed[at] && (group == 0 || search->taken[group] == 0);
}

/* cells is changed. */
static void
explore(Search *search, guint at, TillPromoEngineCell *cells, guint64 mask)
{
	g_autofree guint *entered = g_new0(guint, search->count + 1);
	guint count = 0;

	for (; at < search->count; at++) {
		search->sets[at] = 0;
		if (!is_open(search, at))
			continue;
		if (is_hopeless(search, cells, at))
			break;
		if (search->branching && offer_at(search, at)->competes) {
			branch(search, at, cells, mask);
			continue;
		}
		TillPromoEngineOutcome outcome = till_promo_engine_apply(
		    search->run, offer_at(search, at), cells, TILL_PROMO_ENGINE_ALL);
		if (!outcome.acted)
			continue;
		search->sets[at] = TILL_PROMO_ENGINE_ALL;
		search->taken[search->group[at]]++;
		entered[count++] = search->group[at];
		mask |= bit_of(search, at);
	}
	if (at == search->count)
		note_best(search, cells, mask);
	while (count > 0)
		search->taken[entered[--count]]--;
}

/* mode: the exclusive offer that stands alone; count: none does. */
static void
search_mode(Search *search, guint mode, const TillPromoEngineCell *cells)
{
	g_autofree TillPromoEngineCell *copy = g_memdup2(cells, search->run->count * sizeof *cells);

	for (guint i = 0; i < search->count; i++) {
		const TillPromoEngineOffer *offer = offer_at(search, i);
		TillPromoStacking stacking = offer->promo->stacking;
		search->allowed[i] = offer->reason == TILL_PROMO_ENGINE_APPLIED &&
				     (i == mode || stacking == TILL_PROMO_ALWAYS ||
				      (mode == search->count && stacking == TILL_PROMO_STACKS));
		search->sets[i] = 0;
	}
	sum_bounds(search);
	search->found_here = FALSE;
	explore(search, 0, copy, 0);
}

static gboolean
is_exclusive(const Search *search, guint i)
{
	const TillPromoEngineOffer *offer = offer_at(search, i);

	return offer->reason == TILL_PROMO_ENGINE_APPLIED &&
	       offer->promo->stacking == TILL_PROMO_EXCLUSIVE;
}

static void
search_best(Search *search, const guint *order, const TillPromoEngineCell *cells)
{
	search->branching = TRUE;
	search_mode(search, search->count, cells);
	for (guint i = 0; i < search->count; i++) {
		if (is_exclusive(search, order[i]))
			search_mode(search, order[i], cells);
	}
}

/* The first exclusive one that gives anything stands; else all in order. */
static void
search_first(Search *search, const guint *order, const TillPromoEngineCell *cells)
{
	for (guint i = 0; i < search->count; i++) {
		if (!is_exclusive(search, order[i]))
			continue;
		search->found = FALSE;
		search_mode(search, order[i], cells);
		if (search->best_sets[order[i]] != 0)
			return;
	}
	search->found = FALSE;
	search_mode(search, search->count, cells);
}

void
till_promo_engine_choose(TillPromoEngineRun *run, guint first, guint last,
			 const TillPromoEngineCell *cells, gint64 *out_sets)
{
	guint count = last - first;
	g_autofree gboolean *allowed = g_new0(gboolean, count + 1);
	g_autofree guint *numbers = g_new0(guint, 3 * (gsize)count + 3);
	g_autofree gint64 *amounts = g_new0(gint64, 2 * (gsize)count + 2);
	Search search = {
	    .run = run,
	    .first = first,
	    .count = count,
	    .allowed = allowed,
	    .rank = numbers,
	    .group = numbers + count,
	    .taken = numbers + 2 * (gsize)count,
	    .bound = amounts,
	    .sets = amounts + count + 1,
	    .best_sets = out_sets,
	};
	g_autofree guint *order = sort_by_rank(&search);

	number_groups(&search);
	if (run->context->policy.choice == TILL_PROMO_ENGINE_FIRST) {
		search_first(&search, order, cells);
		return;
	}
	find_contenders(&search);
	find_bounds(&search, cells);
	search_best(&search, order, cells);
}
