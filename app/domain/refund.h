/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "price.h"

/* Giving back what was paid for a line, in any number of parts and any order, to the unit.
 *
 * For a line sold as quantity q for N of which r came back before, k more give share(r + k) −
 * share(r), where share(n) = N · n / q rounded half away from zero: the parts of any split add up
 * to N, and none is below zero. The same holds for each tax and each discount. The list amount of a
 * part is what makes it add up (paid − taxes on top + discounts), so that a part is a priced line
 * like any other.
 *
 * Money may also go back without the goods (a mark, a late delivery). That lowers what the rest of
 * the line is worth; from there on shares are those of the rest.
 *
 * Nothing is priced anew: promotions that ended, taxes that changed and prices of today make no
 * difference.
 *
 * Threads: any (pure); a line belongs to whoever made it. */

G_BEGIN_DECLS

typedef enum {
	TILL_REFUND_OK,
	TILL_REFUND_NOTHING, /* nothing at all is asked for */
	TILL_REFUND_PIECES,  /* a part of a piece of what is not weighed */
	TILL_REFUND_GONE,    /* more than there is left to bring back */
	TILL_REFUND_WORTH,   /* more money than what is left is worth */
} TillRefundResult;

typedef struct TillRefundLine TillRefundLine;

/* sold is borrowed and outlives the line. */
TillRefundLine *till_refund_line_new(const TillPricedLine *sold);
void till_refund_line_free(TillRefundLine *line);

const TillPricedLine *till_refund_line_sold(const TillRefundLine *line);
/* What may still come back, and what it is worth. */
gint64 till_refund_line_left_milli(const TillRefundLine *line);
gint64 till_refund_line_left_minor(const TillRefundLine *line);

/* Takes goods back. given (nullable: nobody asks) gets the part as one more line, with the number
 * of the sold one and amounts above zero for what the shopper receives. Only OK changes anything.
 */
TillRefundResult till_refund_line_take(TillRefundLine *line, gint64 quantity_milli,
				       TillPriced *given);
/* Gives money back without goods, its taxes and discounts in proportion; the part has quantity 0.
 */
TillRefundResult till_refund_line_ease(TillRefundLine *line, gint64 amount_minor,
				       TillPriced *given);

/* A sentence for a person. Static. */
const char *till_refund_words(TillRefundResult result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillRefundLine, till_refund_line_free)

G_END_DECLS
