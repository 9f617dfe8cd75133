/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "cash-rounding.h"
#include "return-policy.h"
#include "return.h"
#include "sold.h"

/* What a return would give back: the one answer that a till's screen, its command line and the
 * central's POST /v1/returns/quote show, and that the entry is made of.
 *
 * Order of work: how much of each line may come back (refund.h); what the policy says of it; its
 * share of what was paid, less fees; goods taken instead; then the payments that it goes back to.
 *
 * Payments are served in the policy's order: card by reference, gift card, credit, cash, each up to
 * what it paid less what it gave back. What the policy allows as credit only, or the shopper wants
 * as credit, becomes one credit but counts against the payments all the same, so that no more comes
 * back than was paid, whatever the order. Of an exchange, what can only be exchanged pays first,
 * then credit, then money.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_RETURN_ASKS_MAX 500

/* One line that is brought back. Borrowed. */
typedef struct {
	guint line; /* of the source */
	gint64 milli;
	TillReturnCondition condition;
	const char *reason;   /* "" */
	gboolean is_disposed; /* disposition is the associate's choice, not the policy's */
	TillReturnDisposition disposition;
} TillReturnAsk;

/* The item as today's catalogue knows it, for rules that go by category or tag; NULL: not known any
 * more. The caller owns the reference. */
typedef TillItem *(*TillReturnFindItem)(gpointer user, const char *sku);

/* All borrowed. */
typedef struct {
	const TillSold *sold;
	TillReturnReceipt by;
	const TillReturnPolicy *policy;
	const TillReturnAsk *asks;
	guint ask_count;
	const TillPriced *taken; /* nullable: what is taken instead, priced */
	gboolean as_credit;      /* the shopper wants credit */
	gboolean offline;        /* what came back elsewhere is not known for sure */
	gint64 now_ms;
	const TillCashRounding *cash_rounding; /* nullable */
	TillReturnFindItem find_item;          /* nullable */
	gpointer user;
} TillReturnRequest;

typedef struct {
	guint line;
	gint64 left_milli;       /* that may come back */
	gint64 days;             /* since it was sold or delivered */
	TillReturnAnswer answer; /* its row and words are borrowed from the policy */
	gint64 amount_minor;     /* that would be given back, before the fee */
	char *refusal;           /* why not, for a person; NULL: it may */
	TillReturnDisposition disposition;
} TillReturnLine;

typedef struct {
	GPtrArray *lines;  /* of TillReturnLine: one for each ask, in order */
	TillPriced *given; /* what may come back, lines numbered from 1; the caller may take it */
	GPtrArray *parts;  /* of TillReturnPart: one for each line of given */
	gint64 fee_minor, value_minor;
	gint64 taken_minor;
	gint64 give_minor;            /* money and credit to the shopper */
	gint64 pay_minor;             /* that the shopper pays on top */
	GPtrArray *carried, *refunds; /* of TillReturnRefund */
	gint64 lost_minor;  /* can only be exchanged and was not: take more goods; else 0 */
	gboolean may;       /* every line may come back, and nothing is lost */
	char *trouble;      /* owned; why it may not as a whole, for a person; NULL */
	gboolean approval;  /* somebody with the right must agree */
	char *approval_why; /* owned; "" */
} TillReturnQuote;

/* NULL with TILL_ERROR_INVALID when a line is not of the source, or nothing is asked. */
TillReturnQuote *till_return_quote(const TillReturnRequest *request,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_return_quote_free(TillReturnQuote *quote);

/* What may come back and under which rule, of a line that nobody has asked about yet (a new one, in
 * one piece): for the list before anything is chosen. The caller frees with
 * till_return_quote_line_free. */
TillReturnLine *till_return_quote_line(const TillReturnRequest *request, guint index);
void till_return_quote_line_free(gpointer line);

/* A line for line exchange of the same style: the new item at the price, promotions and taxes of
 * the line it replaces. returned: as the quote gives it. Appended to taken. */
void till_return_quote_swap(TillPriced *taken, const TillPricedLine *returned, TillItem *item,
			    const char *code);

/* The answer as JSON, the same from central and tillctl. New reference. */
json_t *till_return_quote_json(const TillReturnQuote *quote);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillReturnQuote, till_return_quote_free)

G_END_DECLS
