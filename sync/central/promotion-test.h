/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

#include "central.h"
#include "promo.h"

/* What a promotion that is not in the books would have done to the sales there were: each of the
 * last ones is priced again by its own rules (repricer.h) with the promotion beside those there
 * were (in the place of one with its id). Nothing is written.
 *
 * Its dates do not count, or it could not be tried before it begins; weekdays, hours, stores,
 * customers and all else do. Limits over several sales (uses, budget) are those of each sale alone.
 *
 * Threads: any but the writer's; blocks, and asks the writer for small pieces. */

G_BEGIN_DECLS

#define TILL_PROMOTION_TEST_LAST 1000 /* sales looked at unless told */
#define TILL_PROMOTION_TEST_LAST_MAX 1000000

typedef struct {
	guint last;        /* sales */
	const char *store; /* only of this store; NULL: all */
} TillPromotionTestOptions;

/* A promotion from a text: itself or {"promotions": [it]}. TILL_ERROR_INVALID with the field. */
TillPromo *till_promotion_test_read(const char *text, gsize size,
				    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* {promotion, sales, touched, unjudged,
 *  totals[{currency, sales, discount_minor, change_minor}]   of the sales touched; change: what the
 *    shoppers would have paid more (below zero: less)
 *  lines[{sku, name, currency, sales, quantity_milli, discount_minor}]   the most reduced first
 *  samples[{receipt, currency, before_minor, after_minor, discount_minor,
 *    lines[{sku, name, before_minor, after_minor}]}]}
 * The caller owns it. */
json_t *till_promotion_test_run(TillCentral *central, const TillPromo *promo,
				const TillPromotionTestOptions *options,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
