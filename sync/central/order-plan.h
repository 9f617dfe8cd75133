/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Which store brings what of an order that did not say so.
 *
 * The first store, in the order they are given, that has everything brings everything. If none has
 * and the goods may be split, the store that has most pieces brings what it has, then the one that
 * has most of the rest, and so on; of two that have as many, the first.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_ORDER_PLAN_STORES_MAX 1000

/* Lines of one item share what a store has of it: item counts 0, 1, 2…. */
typedef struct {
	guint item;
	gint64 milli;
} TillOrderPlanNeed;

typedef struct {
	guint store; /* index */
	guint need;  /* index */
	gint64 milli;
} TillOrderPlanPart;

/* available: of each store, of each item: available[store * items + item]; what is below zero
 * counts as nothing. Array of TillOrderPlanPart by store, in the order the stores were chosen, then
 * by need; NULL: it cannot be brought. The caller frees it. */
GArray *till_order_plan_make(const TillOrderPlanNeed *needs, guint count, const gint64 *available,
			     guint stores, guint items, gboolean may_split);

G_END_DECLS
