/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "return-policy.h"
#include "return.h"

/* Which payments a return goes back to, and in what form; return-quote.h says by which order.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* All borrowed. Values are of goods, less fees, by what the policy allows for them. */
typedef struct {
	const TillSold *sold;
	const TillReturnPolicy *policy;
	const TillCashRounding *cash_rounding; /* nullable */
	gint64 taken_minor;                    /* what is taken instead costs so much */
	gint64 original_minor, credit_minor, exchange_minor;
} TillReturnPay;

typedef struct {
	GPtrArray *carried, *refunds; /* of TillReturnRefund: the caller's */
	gint64 give_minor;            /* money and credit to the shopper */
	gint64 pay_minor;             /* that the shopper pays on top */
	gint64 lost_minor;            /* could only be exchanged and was not */
	gint64 unpaid_minor;          /* no payment is left for it */
	gboolean approval;            /* cash beyond what needs none */
} TillReturnPaid;

TillReturnPaid till_return_pay(const TillReturnPay *pay);

G_END_DECLS
