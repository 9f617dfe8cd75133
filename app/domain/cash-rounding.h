/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "ratio.h"
#include "rounding.h"

/* Paying in coins that are coarser than the currency.
 *
 * Only what is paid in cash is rounded (or, by policy, the whole total); the difference is a signed
 * row of its own and no tax changes. A refund is the mirror image of its sale: the shopper gets
 * back what was paid. Steps and modes of countries are rows of a table with their sources.
 *
 * Threads: any (pure). Amounts in minor units. */

G_BEGIN_DECLS

#define TILL_CASH_ROUNDING_TENDERS_MAX 64
/* No coin of any country is worth more minor units. */
#define TILL_CASH_ROUNDING_STEP_MAX 1000000

/* One country's practice. Static. */
typedef struct {
	const char *country;  /* ISO 3166-1 alpha-2 */
	const char *currency; /* ISO 4217 */
	const char *variant;  /* "" the usual one, else what sets it apart: "half-up", "1992" */
	gint64 step_minor;
	TillRounding rounding;        /* of what is to be paid */
	TillRounding change_rounding; /* where registers round the change itself */
	const char *source;
} TillCashRoundingRule;

/* The usual rule of a country, or the named variant. currency NULL: any. NULL when the table has
 * none: then cash is not rounded. */
const TillCashRoundingRule *till_cash_rounding_find(const char *country, const char *currency,
						    const char *variant);
/* All rows, for pickers and tests. */
const TillCashRoundingRule *till_cash_rounding_table(gsize *out_count);

typedef enum {
	TILL_CASH_ROUNDING_OK,
	TILL_CASH_ROUNDING_BAD_STEP, /* coins of such a step never make a round sum */
	TILL_CASH_ROUNDING_INEXACT,  /* rounding is needed, and none is allowed */
	TILL_CASH_ROUNDING_LIMIT,
} TillCashRoundingResult;

/* A step makes sense when some power of ten is a multiple of it: 1, 5, 25, 100, but not 3. */
gboolean till_cash_rounding_step_valid(gint64 step_minor);

/* Rounds one amount in minor units. rounding NULL: only an amount that needs none. */
TillCashRoundingResult till_cash_rounding_round(TillRatio amount, gint64 step_minor,
						const TillRounding *rounding, gint64 *out_minor);

/* What a store does. Zeroed: nothing is rounded. */
typedef struct {
	gint64 step_minor; /* 1 or less: no rounding */
	TillRounding rounding;
	gboolean all_tenders; /* the total itself is rounded, whatever pays it */
} TillCashRounding;

/* A tender laid on the total, in order. */
typedef struct {
	gboolean cash;
	gboolean
	    fills; /* in: amount_minor is what is still due, rounded where the policy says so */
	gint64 amount_minor; /* signed like the total */
} TillCashRoundingTender;

/* total + payment_rounding + change_rounding = Σ tenders − change, once it is settled. */
typedef struct {
	gint64 due_minor;       /* the total as asked for: rounded when all tenders are */
	gint64 remaining_minor; /* 0 when settled */
	gint64 change_minor;    /* > 0 to the shopper in a sale, < 0 from the shopper in a return */
	/* The rounding row. It falls on the change when there is some, else on the payment. */
	gint64 payment_rounding_minor;
	gint64 change_rounding_minor;
	gboolean settled;
} TillCashRoundingSettlement;

/* Lays tenders (at most TILL_CASH_ROUNDING_TENDERS_MAX) on a total and fills in the amounts of
 * those that ask for it. A total below zero is a return. FALSE on overflow or a bad step. */
gboolean till_cash_rounding_settle(gint64 total_minor, const TillCashRounding *policy,
				   TillCashRoundingTender *tenders, gsize count,
				   TillCashRoundingSettlement *out) G_GNUC_WARN_UNUSED_RESULT;

/* A sentence for a person. Static. */
const char *till_cash_rounding_words(TillCashRoundingResult result);

G_END_DECLS
