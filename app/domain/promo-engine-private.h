/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "promo-engine.h"

/* What the files of the promotion engine share; nobody else includes this.
 *
 * A run looks at promotions stage by stage. An offer is a promotion whose standing conditions hold,
 * with the lines it touches marked once; a state is what the lines cost at one moment. Applying an
 * offer to a state is pure, so that the search can try offers on copies of it.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* One line at one moment. Units used up by sets cost used_minor of net_minor. */
typedef struct {
	gint64 net_minor;
	gint64 used_minor;
	gint64 used; /* pieces */
} TillPromoEngineCell;

typedef struct {
	const TillPromo *promo; /* borrowed */
	const char *code;       /* borrowed; the coupon that let it in; NULL: none */
	TillPromoEngineReason reason;
	gint64 budget_left; /* G_MAXINT64: no limit */
	/* Per need, then per effect, count bytes: 1 when the line matches; for a set the bits of
	 * the parts it can stand in. NULL until the stage is reached. */
	guint8 *marks;
	gboolean competes;
	gint64 bound_minor; /* no state makes it give more */
} TillPromoEngineOffer;

typedef struct {
	const TillPromoLine *lines;            /* borrowed */
	const TillPromoEngineContext *context; /* borrowed */
	guint count;
	gint64 *pieces; /* per line */
	gint64 *floors; /* per line: what it may not go below */
	gint64 *prices; /* per line: what it costs at the prices on the shelf */
	gboolean *reduced;
	gboolean *never;
	GArray *offers;    /* of TillPromoEngineOffer, in order of work */
	gboolean on_shelf; /* the offer being applied makes prices: they are rounded, of one unit */
	guint64 steps_left; /* applications the search may still try */
	gboolean exact;
	/* Working room for one application; nobody keeps anything in it. */
	gint64 *weights, *shares, *caps, *plan, *rewards, *reward_pieces;
	guint *order;
	TillPromoEngineCell *saved;
} TillPromoEngineRun;

/* What one application did. */
typedef struct {
	gint64 amount_minor;
	gint64 sets;
	gint64 gifts[TILL_PROMO_EFFECTS_MAX]; /* pieces */
	gboolean acted;                       /* gave an amount, a gift or points */
	TillPromoEngineReason reason;
} TillPromoEngineOutcome;

#define TILL_PROMO_ENGINE_ALL G_MAXINT64

#define TILL_PROMO_ENGINE_OFFER(run, index)                                                        \
	(&g_array_index((run)->offers, TillPromoEngineOffer, (index)))

/* The row of marks of a need or an effect. */
const guint8 *till_promo_engine_need_marks(const TillPromoEngineRun *run,
					   const TillPromoEngineOffer *offer, guint need);
const guint8 *till_promo_engine_effect_marks(const TillPromoEngineRun *run,
					     const TillPromoEngineOffer *offer, guint effect);
/* Whether all that the policy and the promotion exclude lets it touch a line. */
gboolean till_promo_engine_may_touch(const TillPromoEngineRun *run, const TillPromo *promo,
				     guint line, gint64 unit_minor);

/* Applies an offer to cells with at most sets sets. What the line costs is changed; on any outcome
 * but APPLIED cells are as before. */
TillPromoEngineOutcome till_promo_engine_apply(TillPromoEngineRun *run,
					       const TillPromoEngineOffer *offer,
					       TillPromoEngineCell *cells, gint64 sets);
/* What is missing to a need; both zero when it is met. */
void till_promo_engine_apply_missing(const TillPromoEngineRun *run,
				     const TillPromoEngineOffer *offer, guint need,
				     const TillPromoEngineCell *cells, gint64 *out_pieces,
				     gint64 *out_minor);
/* What k free or limited pieces of a line cost: its part of amount for `of` pieces. */
gint64 till_promo_engine_apply_part(gint64 amount, gint64 k, gint64 of);
/* The value of an effect with its tiers, where quantity and amount are those of the line; < 0:
 * nothing. */
gint64 till_promo_engine_apply_value(const TillPromoEngineRun *run, const TillPromoEffect *effect,
				     const guint8 *marks, const TillPromoEngineCell *cells,
				     guint line);
/* A percentage, amount or fixed price on pieces of a line that cost base together. each: an amount
 * or price counts for every piece. */
gint64 till_promo_engine_apply_kind(const TillPromoEngineRun *run, const TillPromoEffect *effect,
				    gint64 value, guint line, gint64 pieces, gint64 base,
				    gboolean each);
/* Takes run->plan off the lines, all of it or as much as the effect's cap allows; from_used as
 * below. Returns what was taken. */
gint64 till_promo_engine_apply_plan(TillPromoEngineRun *run, const TillPromoEffect *effect,
				    TillPromoEngineCell *cells, gboolean from_used);
/* Takes an amount off a line, not below its floor; returns what was taken. from_used: off the units
 * that sets used up; else off all units alike. */
gint64 till_promo_engine_apply_take(const TillPromoEngineRun *run, TillPromoEngineCell *cells,
				    guint line, gint64 amount, gboolean from_used);

/* Shares amount over run->weights, no share above run->caps; run->shares gets them. Returns what
 * could be placed. */
gint64 till_promo_engine_spread(TillPromoEngineRun *run, gint64 amount);

/* An effect on sets. Returns the discount; out_sets: sets made. */
gint64 till_promo_engine_set_apply(TillPromoEngineRun *run, const TillPromoEffect *effect,
				   const guint8 *marks, TillPromoEngineCell *cells, gint64 sets_max,
				   gint64 *out_sets);
/* Pieces missing to one more set; G_MAXINT64 when no part is there at all. */
gint64 till_promo_engine_set_missing(TillPromoEngineRun *run, const TillPromoEffect *effect,
				     const guint8 *marks, const TillPromoEngineCell *cells);

/* Settles groups that count line by line: a line keeps the marks of one promotion of each. */
void till_promo_engine_group_settle(TillPromoEngineRun *run, guint first, guint last,
				    const TillPromoEngineCell *cells);

/* Chooses for the offers first to last (not included): out_sets[i] for offer first + i is 0 when it
 * is left out, else how many sets it may make. cells is the state before them. */
void till_promo_engine_choose(TillPromoEngineRun *run, guint first, guint last,
			      const TillPromoEngineCell *cells, gint64 *out_sets);

/* The coupons entered, in capitals; caller frees. */
char **till_promo_engine_reason_codes(const TillPromoEngineContext *context);
/* Judges all that does not depend on the basket: fills in reason, code and budget_left. */
void till_promo_engine_reason_judge(const TillPromoEngineContext *context, char **codes,
				    TillPromoEngineOffer *offer);
/* The answer to each coupon, from what the offers came to. */
void till_promo_engine_reason_answer(const TillPromoEngineRun *run, char **codes,
				     TillPromoEngineResult *result);

G_END_DECLS
