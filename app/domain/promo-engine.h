/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "promo-index.h"
#include "promo.h"
#include "rounding.h"

/* What promotions do to a basket, and why.
 *
 * In: lines at their list amounts (price list and manual prices are settled before), who buys where
 * and when, the coupons entered. Out: each discount with its share per line, what each line costs
 * then, gifts, points, and the answers to "why not".
 *
 * Always true of a result:
 *   - the shares of a discount sum to it; a line's net is its list amount less its shares, never
 *     below zero, below its minimum, or below the policy's minimum for a line;
 *   - a unit used up by a set of one promotion is in no set of another;
 *   - the order in which promotions are handed over changes nothing.
 *
 * Promotions that exclude each other (exclusive, of one group, sets that want the same units) are
 * chosen so that the shopper pays least: every choice of promotions and of how many sets each makes
 * is weighed, in the order of work, dearest units first. Of equal totals the one with the promotion
 * of higher priority, then lower id, is taken. Groups that count line by line are settled first, by
 * what each promotion would take off a line alone. The search counts its steps, not its time: with
 * the budget used up the best found so far stands, which is never worse than taking them in order,
 * and the result says it is not exact.
 *
 * Threads: any (pure). Results are constant once made, reference-counted, and hold references to
 * promotions. */

G_BEGIN_DECLS

typedef enum {
	TILL_PROMO_ENGINE_BEST,  /* of those that exclude each other: the best total */
	TILL_PROMO_ENGINE_FIRST, /* the first in order of priority that gives anything */
} TillPromoEngineChoice;

/* Where minor units go that cannot be shared evenly over lines. */
typedef enum {
	TILL_PROMO_ENGINE_LARGEST_REMAINDER,
	TILL_PROMO_ENGINE_FIRST_LINES,
} TillPromoEngineSpread;

/* What a limited number of units of a line costs after earlier discounts. */
typedef enum {
	TILL_PROMO_ENGINE_EVENLY,     /* its part of what the line still costs */
	TILL_PROMO_ENGINE_ON_LIMITED, /* those units carry all earlier discounts of the line */
} TillPromoEngineLimited;

/* What percentages on units and lines are taken of. */
typedef enum {
	TILL_PROMO_ENGINE_OF_REST,  /* what earlier discounts left */
	TILL_PROMO_ENGINE_OF_PRICE, /* the price on the shelf: two of 10 % make 20 % */
} TillPromoEnginePercent;

typedef struct {
	TillRounding rounding;   /* of discounts; of a shelf promotion the price is rounded */
	gboolean round_per_unit; /* a percentage is rounded for one unit, then multiplied */
	TillPromoEngineChoice choice;
	TillPromoEngineSpread spread;
	TillPromoEngineLimited limited;
	TillPromoEnginePercent percent;
	gint64 minimum_line_minor; /* no line goes below; 0 */
	/* Lines with one of these tags are touched by no promotion (gift cards, final sale).
	 * Borrowed, NULL-terminated or NULL. */
	const char *const *never_tags;
	guint64 steps; /* of the search; 0: 20,000 */
} TillPromoEnginePolicy;

/* A coupon that was entered, with what is known of its use before. Borrowed. */
typedef struct {
	const char *code;
	gint64 uses;
	gint64 customer_uses;
} TillPromoEngineCoupon;

/* What is known of a promotion's use before; absent: none. Borrowed. */
typedef struct {
	const char *promotion; /* id */
	gint64 uses;
	gint64 customer_uses;
	gint64 spent_minor;
} TillPromoEngineUsage;

/* All borrowed; lists of texts NULL-terminated or NULL. */
typedef struct {
	gint64 now_ms;
	guint weekday; /* local: 0 Monday … 6 Sunday */
	guint minute;  /* local, of the day */
	const char *currency;
	const char *channel;
	const char *store;
	const char *customer; /* NULL: unknown */
	const char *const *groups;
	const char *const *segments;
	gint64 purchases; /* the customer's finished ones before this */
	const TillPromoEngineCoupon *coupons;
	guint coupon_count;
	const TillPromoEngineUsage *usage;
	guint usage_count;
	TillPromoEnginePolicy policy;
} TillPromoEngineContext;

/* Why a promotion or a coupon did not work. */
typedef enum {
	TILL_PROMO_ENGINE_APPLIED,
	TILL_PROMO_ENGINE_UNKNOWN, /* no promotion has this code */
	TILL_PROMO_ENGINE_NOT_YET,
	TILL_PROMO_ENGINE_EXPIRED,
	TILL_PROMO_ENGINE_NOT_NOW,  /* weekday or hour */
	TILL_PROMO_ENGINE_NOT_HERE, /* store, channel, currency */
	TILL_PROMO_ENGINE_NOT_FOR_CUSTOMER,
	TILL_PROMO_ENGINE_NO_CUSTOMER, /* needs a known customer */
	TILL_PROMO_ENGINE_NO_COUPON,
	TILL_PROMO_ENGINE_USED_UP,
	TILL_PROMO_ENGINE_USED_BY_CUSTOMER,
	TILL_PROMO_ENGINE_BUDGET,   /* what is left of its budget is too little */
	TILL_PROMO_ENGINE_NEEDS,    /* the basket does not hold what it needs */
	TILL_PROMO_ENGINE_NO_LINES, /* nothing in the basket it could reduce */
	TILL_PROMO_ENGINE_BEATEN,   /* excluded by a better one */
} TillPromoEngineReason;

typedef struct {
	guint line; /* index */
	gint64 amount_minor;
} TillPromoEngineShare;

typedef struct {
	TillPromo *promo; /* owned reference */
	char *code;       /* owned: the coupon; NULL: none */
	gint64 amount_minor;
	gint64 sets; /* complete sets; 0 when it has none */
	guint first_share;
	guint share_count; /* only lines with an amount */
} TillPromoEngineDiscount;

typedef struct {
	TillPromo *promo; /* owned reference */
	const char *sku;  /* of the promotion */
	gint64 quantity;
} TillPromoEngineGift;

typedef struct {
	TillPromo *promo; /* owned reference */
	gint64 rate_ppm;
	gint64 amount_minor; /* of its lines, after all discounts */
} TillPromoEnginePoints;

/* A promotion looked at that gave nothing; near_pieces and near_minor: what was missing. */
typedef struct {
	TillPromo *promo; /* owned reference */
	TillPromoEngineReason reason;
	gint64 near_pieces;
	gint64 near_minor;
} TillPromoEngineRefusal;

typedef struct {
	char *code; /* owned, in capitals */
	TillPromoEngineReason reason;
	TillPromo *promo; /* owned reference; NULL when unknown */
} TillPromoEngineCouponAnswer;

typedef struct {
	gint64 list_minor;
	gint64 net_minor;
	gboolean reduced; /* was, or a shelf promotion made it so */
} TillPromoEngineLine;

typedef struct {
	GArray *lines;     /* of TillPromoEngineLine, one for each line */
	GArray *discounts; /* of TillPromoEngineDiscount, in order of work */
	GArray *shares;    /* of TillPromoEngineShare */
	GArray *gifts;     /* of TillPromoEngineGift */
	GArray *points;    /* of TillPromoEnginePoints */
	GArray *refusals;  /* of TillPromoEngineRefusal, in order of work */
	GArray *coupons;   /* of TillPromoEngineCouponAnswer, as entered */
	gint64 list_minor;
	gint64 discount_minor;
	gint64 net_minor;
	gboolean exact; /* FALSE: the search ran out of steps */
} TillPromoEngineResult;

/* NULL with TILL_ERROR_LIMIT when a line's amount is below zero or beyond TILL_MONEY_MAX_MINOR. */
TillPromoEngineResult *till_promo_engine_run(const TillPromoIndex *index,
					     const TillPromoLine *lines, guint count,
					     const TillPromoEngineContext *context,
					     GError **error) G_GNUC_WARN_UNUSED_RESULT;
TillPromoEngineResult *till_promo_engine_ref(TillPromoEngineResult *result);
void till_promo_engine_unref(TillPromoEngineResult *result);

/* A sentence for a person: why a coupon or promotion did not work. Static. */
const char *till_promo_engine_words(TillPromoEngineReason reason);
/* "1 more for 3 for 2 on tees", "4.00 more for …" by the currency's exponent; NULL when the refusal
 * is no near miss: more than 2 pieces or more than a quarter of the amount it needs is missing.
 * Caller frees. */
char *till_promo_engine_near_words(const TillPromoEngineRefusal *refusal, guint exponent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillPromoEngineResult, till_promo_engine_unref)

G_END_DECLS
