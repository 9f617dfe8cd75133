/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "promo-engine-private.h"

/* Groups of which one promotion applies to each line, but different ones may apply to different
 * lines. Settled before the search: each of them is worked out alone, and of each line only the one
 * that gives most keeps its marks. */

typedef struct {
	TillPromoEngineRun *run;
	guint first, last;
	gint64 *gains; /* per offer and line: what it takes off alone */
} Contest;

static gboolean
takes_part(const Contest *contest, guint i)
{
	const TillPromoEngineOffer *offer = TILL_PROMO_ENGINE_OFFER(contest->run, i);

	return offer->reason == TILL_PROMO_ENGINE_APPLIED && offer->promo->group_lines;
}

static gint64 *
gains_of(const Contest *contest, guint i)
{
	return contest->gains + (gsize)(i - contest->first) * contest->run->count;
}

static void
work_out_alone(Contest *contest, guint i, const TillPromoEngineCell *cells)
{
	TillPromoEngineRun *run = contest->run;
	g_autofree TillPromoEngineCell *copy = g_memdup2(cells, run->count * sizeof *cells);
	gint64 *gains = gains_of(contest, i);

	(void)till_promo_engine_apply(run, TILL_PROMO_ENGINE_OFFER(run, i), copy,
				      TILL_PROMO_ENGINE_ALL);
	for (guint line = 0; line < run->count; line++)
		gains[line] = cells[line].net_minor - copy[line].net_minor;
}

/* Whether j takes the line from i. */
static gboolean
beats(const Contest *contest, guint j, guint i, guint line)
{
	const TillPromo *a = TILL_PROMO_ENGINE_OFFER(contest->run, j)->promo;
	const TillPromo *b = TILL_PROMO_ENGINE_OFFER(contest->run, i)->promo;
	gint64 gain = gains_of(contest, j)[line], own = gains_of(contest, i)[line];
	gboolean before =
	    a->priority != b->priority ? a->priority > b->priority : strcmp(a->id, b->id) < 0;

	if (gain == 0 || strcmp(a->group, b->group) != 0)
		return FALSE;
	if (contest->run->context->policy.choice == TILL_PROMO_ENGINE_FIRST)
		return before || own == 0;
	return gain > own || (gain == own && before);
}

static void
drop_line(TillPromoEngineRun *run, guint i, guint line)
{
	const TillPromoEngineOffer *offer = TILL_PROMO_ENGINE_OFFER(run, i);
	guint rows = offer->promo->need_count + offer->promo->effect_count;

	for (guint row = offer->promo->need_count; row < rows; row++)
		offer->marks[(gsize)row * run->count + line] = 0;
}

void
till_promo_engine_group_settle(TillPromoEngineRun *run, guint first, guint last,
			       const TillPromoEngineCell *cells)
{
	Contest contest = {.run = run, .first = first, .last = last};
	guint members = 0;

	for (guint i = first; i < last; i++)
		members += takes_part(&contest, i);
	if (members < 2)
		return;
	contest.gains = g_new0(gint64, (gsize)(last - first) * run->count + 1);
	for (guint i = first; i < last; i++) {
		if (takes_part(&contest, i))
			work_out_alone(&contest, i, cells);
	}
	for (guint i = first; i < last; i++) {
		for (guint j = first; j < last; j++) {
			if (i == j || !takes_part(&contest, i) || !takes_part(&contest, j))
				continue;
			for (guint line = 0; line < run->count; line++) {
				if (beats(&contest, j, i, line))
					drop_line(run, i, line);
			}
		}
	}
	g_free(contest.gains);
}
