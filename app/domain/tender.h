/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "cash-rounding.h"
#include "currency.h"

/* What pays for a sale. Cash is the one kind that gives change; the others come with their devices.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_TENDERS_MAX 20

typedef enum {
	TILL_TENDER_CASH,
} TillTenderKind;

typedef struct {
	TillTenderKind kind;
	gint64 tendered_minor; /* handed over, > 0 */
	gint64 amount_minor;   /* counted towards the sale: tendered less change */
} TillTender;

typedef enum {
	TILL_TENDER_OK,
	TILL_TENDER_SHORT,   /* less than the total */
	TILL_TENDER_INVALID, /* zero, negative or absurdly large */
} TillTenderResult;

/* Settles total over tenders: fills amount_minor of each (change comes off cash, last first) and
 * the change. A total of 0 needs no tender. */
TillTenderResult till_tender_settle(gint64 total_minor, TillTender *tenders, gsize count,
				    gint64 *out_change_minor);

typedef struct {
	gint64 change_minor;
	gint64 rounding_minor; /* signed: Σ amounts = total + rounding */
} TillTenderSettlement;

/* The same where cash is rounded (cash-rounding.h; NULL: it is not). A total that is rounded away
 * whole needs no tender either. */
TillTenderResult till_tender_settle_rounded(gint64 total_minor, const TillCashRounding *policy,
					    TillTender *tenders, gsize count,
					    TillTenderSettlement *out);
/* What a total comes to when all of it is paid in cash; the total itself where it cannot be
 * rounded.
 */
gint64 till_tender_in_cash(gint64 total_minor, const TillCashRounding *policy);

/* "cash:20000" (minor units). FALSE with a sentence when malformed or of an unknown kind. */
gboolean till_tender_parse(const char *text, TillTender *out,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *till_tender_name(TillTenderKind kind); /* "cash" */
/* The kind of a name; FALSE when this release knows none. */
gboolean till_tender_find(const char *name, TillTenderKind *out) G_GNUC_WARN_UNUSED_RESULT;

/* Amounts a shopper is likely to hand over: the exact total first, then rising rounded amounts that
 * the currency's notes make natural. Writes at most count (≥ 1) distinct values; returns how many.
 */
gsize till_tender_quick_cash(gint64 total_minor, const TillCurrency *currency, gint64 *out_minor,
			     gsize count);

const char *till_tender_words(TillTenderResult result);

G_END_DECLS
