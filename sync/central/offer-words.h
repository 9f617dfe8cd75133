/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Words for a person about an offer that was given although it should not have been: what happened,
 * on which receipt, and what to do. Short enough for an exception whatever the names are.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

typedef enum {
	TILL_OFFER_GOOD,
	TILL_OFFER_EARLY,         /* before it began */
	TILL_OFFER_ENDED,         /* after it had ended */
	TILL_OFFER_USES,          /* more often than it may be given */
	TILL_OFFER_CUSTOMER_USES, /* more often than one customer may have it */
	TILL_OFFER_BUDGET,
	TILL_OFFER_CODE_USES, /* of one coupon code */
	TILL_OFFER_CODE_CUSTOMER_USES,
} TillOfferFault;

typedef struct {
	TillOfferFault fault;
	const char *receipt;
	const char *store;  /* its code */
	const char *name;   /* of the promotion, or the coupon's code */
	const char *amount; /* what was taken off too much, as plain text */
} TillOfferCase;

/* Caller frees. Not for TILL_OFFER_GOOD. */
char *till_offer_words(const TillOfferCase *offer);

G_END_DECLS
