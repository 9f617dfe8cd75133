/* SPDX-License-Identifier: Apache-2.0 */
#include "order-plan.h"

/* The work under way: what is still needed, what is still there. */
typedef struct {
	const TillOrderPlanNeed *needs;
	guint count;
	guint stores, items;
	gint64 *left;  /* of each need */
	gint64 *stock; /* of each store and item */
	GArray *parts;
} Plan;

static gint64 *
find_stock(const Plan *plan, guint store, guint item)
{
	return &plan->stock[(gsize)store * plan->items + item];
}

/* How much a store could bring of all that is left; nothing is changed. */
static gint64
count_pieces(const Plan *plan, guint store)
{
	g_autofree gint64 *left = g_new(gint64, plan->items);
	gint64 pieces = 0;

	for (guint i = 0; i < plan->items; i++)
		left[i] = *find_stock(plan, store, i);
	for (guint i = 0; i < plan->count; i++) {
		gint64 milli = MIN(plan->left[i], left[plan->needs[i].item]);
		left[plan->needs[i].item] -= milli;
		pieces += milli;
	}
	return pieces;
}

static void
take(Plan *plan, guint store)
{
	for (guint i = 0; i < plan->count; i++) {
		gint64 *stock = find_stock(plan, store, plan->needs[i].item);
		TillOrderPlanPart part = {store, i, MIN(plan->left[i], *stock)};
		if (part.milli == 0)
			continue;
		*stock -= part.milli;
		plan->left[i] -= part.milli;
		g_array_append_val(plan->parts, part);
	}
}

static gint64
count_left(const Plan *plan)
{
	gint64 sum = 0;

	for (guint i = 0; i < plan->count; i++)
		sum += plan->left[i];
	return sum;
}

/* FALSE: what is left cannot be brought. */
static gboolean
fill(Plan *plan, gboolean may_split)
{
	gint64 wanted = count_left(plan);

	while (wanted > 0) {
		guint best = 0;
		gint64 most = 0;
		for (guint i = 0; i < plan->stores; i++) {
			gint64 pieces = count_pieces(plan, i);
			if (pieces > most) {
				best = i;
				most = pieces;
			}
		}
		if (most == 0 || (most < wanted && !may_split))
			return FALSE;
		take(plan, best);
		wanted -= most;
	}
	return TRUE;
}

GArray *
till_order_plan_make(const TillOrderPlanNeed *needs, guint count, const gint64 *available,
		     guint stores, guint items, gboolean may_split)
{
	Plan plan = {.needs = needs, .count = count, .stores = stores, .items = items};
	gboolean good;

	plan.left = g_new(gint64, count);
	plan.stock = g_new(gint64, (gsize)stores * items);
	plan.parts = g_array_new(FALSE, FALSE, sizeof(TillOrderPlanPart));
	for (guint i = 0; i < count; i++)
		plan.left[i] = needs[i].milli;
	for (gsize i = 0; i < (gsize)stores * items; i++)
		plan.stock[i] = MAX(available[i], 0);
	good = fill(&plan, may_split);
	g_free(plan.left);
	g_free(plan.stock);
	if (good)
		return plan.parts;
	g_array_unref(plan.parts);
	return NULL;
}
