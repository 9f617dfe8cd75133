/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "currency.h"
#include "rounding.h"

/* Amounts as whole minor units. Inside one basket the currency is known once, so most code carries
 * a bare gint64 named *_minor; these functions are the checked arithmetic and the edges of text.
 *
 * Threads: any (pure). FALSE means overflow; outputs are then untouched. */

G_BEGIN_DECLS

/* No single amount in the house is larger (about 92 million million in cents), so sums of a
 * thousand lines cannot overflow 64 bits. Inputs beyond are refused at the edge. */
#define TILL_MONEY_MAX_MINOR G_GINT64_CONSTANT(9007199254740991)

gboolean till_money_add(gint64 a_minor, gint64 b_minor, gint64 *out) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_money_subtract(gint64 a_minor, gint64 b_minor, gint64 *out) G_GNUC_WARN_UNUSED_RESULT;

/* Unit price × quantity in thousandths, rounded once. */
gboolean till_money_times_quantity(gint64 unit_minor, gint64 quantity_milli, TillRounding rounding,
				   gint64 *out) G_GNUC_WARN_UNUSED_RESULT;

/* "12.50" exactly by the currency's exponent; surplus digits must be zero; |amount| bounded. */
gboolean till_money_parse(const char *text, const TillCurrency *currency,
			  gint64 *out_minor) G_GNUC_WARN_UNUSED_RESULT;

/* Plain decimal text "12.50" (no symbol, no grouping): files, receipts' fallback. Caller frees. */
char *till_money_format(gint64 minor, const TillCurrency *currency);

G_END_DECLS
