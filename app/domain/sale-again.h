/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "sale.h"

/* A finished sale priced once more: what its basket was, and where the new figures differ from
 * those that were paid.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* The basket of a sale with its items as they were (items: of TillItem, one for each line,
 * borrowed), with weights, quantities, prices of labels and everything that was done by hand taken
 * from the sale.
 * NULL when a line could not have been sold so: the item had no price, or is sold by weight now.
 * The caller frees it. */
TillBasket *till_sale_again_basket(const TillSale *sale,
				   GPtrArray *items) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
	gint64 amount_minor; /* what was paid less what should have been */
	char *words;         /* owned: "line 2 (TEE-NAV-S): discount 2.00, should be 3.00" */
} TillSaleDifference;

/* Compares every line's list price, discount, taxes and total, what each promotion took off, and
 * the totals, to the unit. FALSE: nothing differs. TRUE: out says where first, and is the caller's
 * to clear. */
gboolean till_sale_again_differs(const TillSale *sale, const TillPriced *again,
				 TillSaleDifference *out) G_GNUC_WARN_UNUSED_RESULT;
void till_sale_difference_clear(TillSaleDifference *difference);

G_END_DECLS
