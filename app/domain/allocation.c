/* SPDX-License-Identifier: Apache-2.0 */
#include "allocation.h"

__extension__ typedef __int128 Wide;

typedef struct {
	gint64 weight;
	gint64 remainder; /* of size · weight / sum: 0 .. sum − 1 */
	gsize index;
} Part;

/* The plan of one sharing, on the size of the amount; the sign is put back at the end. */
typedef struct {
	Part *parts;     /* owned */
	guint64 *shares; /* owned */
	gsize count;
	guint64 left_over;
} Plan;

static void
clear_plan(Plan *plan)
{
	g_free(plan->parts);
	g_free(plan->shares);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Plan, clear_plan)

static gboolean
sum_weights(const gint64 *weights, gsize count, gint64 *out_sum)
{
	gint64 sum = 0;

	for (gsize i = 0; i < count; i++) {
		if (weights[i] < 0 || __builtin_add_overflow(sum, weights[i], &sum))
			return FALSE;
	}
	*out_sum = sum;
	return TRUE;
}

static guint64
take_size(gint64 amount)
{
	return amount < 0 ? (guint64)0 - (guint64)amount : (guint64)amount;
}

/* Gives every part its exact share cut toward zero. With no weight at all, all weigh the same. */
static gboolean
make_plan(gint64 amount, const gint64 *weights, gsize count, Plan *out)
{
	gint64 sum;

	if (count == 0 || count > G_MAXINT32 || !sum_weights(weights, count, &sum))
		return FALSE;
	gboolean equal = sum == 0;
	if (equal)
		sum = (gint64)count;
	out->parts = g_new(Part, count);
	out->shares = g_new(guint64, count);
	out->count = count;
	out->left_over = take_size(amount);
	for (gsize i = 0; i < count; i++) {
		gint64 weight = equal ? 1 : weights[i];
		Wide exact = (Wide)take_size(amount) * weight;
		out->parts[i] = (Part){weight, (gint64)(exact % sum), i};
		out->shares[i] = (guint64)(exact / sum);
		out->left_over -= out->shares[i];
	}
	return TRUE;
}

static void
write_shares(const Plan *plan, gboolean negative, gint64 *out_shares)
{
	for (gsize i = 0; i < plan->count; i++)
		out_shares[i] = (gint64)(negative ? (guint64)0 - plan->shares[i] : plan->shares[i]);
}

static int
compare_index(const Part *left, const Part *right)
{
	return left->index < right->index ? -1 : 1;
}

static int
compare_weight(gconstpointer a, gconstpointer b, gpointer user)
{
	const Part *left = a;
	const Part *right = b;

	(void)user;
	if (left->weight != right->weight)
		return left->weight > right->weight ? -1 : 1;
	return compare_index(left, right);
}

static int
compare_remainder(gconstpointer a, gconstpointer b, gpointer user)
{
	const Part *left = a;
	const Part *right = b;

	if (left->remainder != right->remainder)
		return left->remainder > right->remainder ? -1 : 1;
	return compare_weight(left, right, user);
}

/* Gives the left-over units out, one a part in the given order (NULL: as they stand). There are
 * fewer of them than parts with a remainder, so fewer than parts with a weight. */
static void
give_left_over(Plan *plan, GCompareDataFunc order)
{
	if (plan->left_over > 0 && order != NULL)
		g_qsort_with_data(plan->parts, (int)plan->count, sizeof(Part), order, NULL);
	for (gsize i = 0; plan->left_over > 0; i++) {
		g_assert(i < plan->count);
		if (plan->parts[i].weight == 0)
			continue;
		plan->shares[plan->parts[i].index]++;
		plan->left_over--;
	}
}

static gboolean
share_all(gint64 amount, const gint64 *weights, gsize count, GCompareDataFunc order,
	  gint64 *out_shares)
{
	g_auto(Plan) plan = {0};

	if (!make_plan(amount, weights, count, &plan))
		return FALSE;
	give_left_over(&plan, order);
	write_shares(&plan, amount < 0, out_shares);
	return TRUE;
}

gboolean
till_allocation_share(gint64 amount, const gint64 *weights, gsize count, gint64 *out_shares)
{
	return share_all(amount, weights, count, compare_remainder, out_shares);
}

gboolean
till_allocation_share_first(gint64 amount, const gint64 *weights, gsize count, gint64 *out_shares)
{
	return share_all(amount, weights, count, NULL, out_shares);
}

gboolean
till_allocation_share_heaviest(gint64 amount, const gint64 *weights, gsize count,
			       gint64 *out_shares)
{
	return share_all(amount, weights, count, compare_weight, out_shares);
}

gboolean
till_allocation_share_running(gint64 amount, const gint64 *weights, gsize count, gint64 *out_shares)
{
	g_auto(Plan) plan = {0};
	guint64 rest = take_size(amount);
	guint64 weight_rest = 0;

	if (!make_plan(amount, weights, count, &plan))
		return FALSE;
	for (gsize i = 0; i < count; i++)
		weight_rest += (guint64)plan.parts[i].weight;
	for (gsize i = count; i > 0 && weight_rest > 0; i--) {
		guint64 weight = (guint64)plan.parts[i - 1].weight;
		plan.shares[i - 1] = (guint64)((Wide)rest * (Wide)weight / (Wide)weight_rest);
		rest -= plan.shares[i - 1];
		weight_rest -= weight;
	}
	write_shares(&plan, amount < 0, out_shares);
	return TRUE;
}

gboolean
till_allocation_share_floor(gint64 amount, const gint64 *weights, gsize count, gint64 *out_shares,
			    gint64 *out_rest)
{
	g_auto(Plan) plan = {0};

	if (!make_plan(amount, weights, count, &plan))
		return FALSE;
	write_shares(&plan, amount < 0, out_shares);
	*out_rest = (gint64)(amount < 0 ? (guint64)0 - plan.left_over : plan.left_over);
	return TRUE;
}

static guint64
find_common_divisor(guint64 a, guint64 b)
{
	while (b != 0) {
		guint64 rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

gboolean
till_allocation_share_blocks(gint64 amount, const gint64 *weights, gsize count, gint64 *out_shares,
			     gint64 *out_rest)
{
	g_auto(Plan) plan = {0};
	guint64 divisor = 0;
	guint64 sum = 0;

	if (!make_plan(amount, weights, count, &plan))
		return FALSE;
	for (gsize i = 0; i < count; i++) {
		divisor = find_common_divisor(divisor, (guint64)plan.parts[i].weight);
		sum += (guint64)plan.parts[i].weight;
	}
	g_assert(divisor > 0); /* a plan always has a weight: equal ones when none was given */
	guint64 blocks = take_size(amount) / (sum / divisor);
	plan.left_over = take_size(amount);
	for (gsize i = 0; i < count; i++) {
		plan.shares[i] = blocks * ((guint64)plan.parts[i].weight / divisor);
		plan.left_over -= plan.shares[i];
	}
	write_shares(&plan, amount < 0, out_shares);
	*out_rest = (gint64)(amount < 0 ? (guint64)0 - plan.left_over : plan.left_over);
	return TRUE;
}
