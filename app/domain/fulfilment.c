/* SPDX-License-Identifier: Apache-2.0 */
#include "fulfilment.h"

#include <string.h>

#include "error.h"

static const char *const kind_names[TILL_FULFILMENT_KINDS] = {"pickup", "ship", "carry-out"};
static const char *const state_names[TILL_FULFILMENT_STATES] = {"to-pick", "picking", "ready",
								"part",    "done",    "cancelled"};

/* ---- Life ---- */

static void
free_line(gpointer data)
{
	TillFulfilmentLine *line = data;

	g_free(line->sku);
	g_free(line->name);
	g_free(line->variant);
	g_free(line);
}

static void
free_hand_over(gpointer data)
{
	TillFulfilmentHandOver *hand_over = data;

	g_free(hand_over->store);
	g_free(hand_over->till);
	g_free(hand_over->staff);
	g_free(hand_over->collected_by);
	g_free(hand_over->check);
	g_array_unref(hand_over->parts);
	g_free(hand_over);
}

TillFulfilment *
till_fulfilment_new(void)
{
	TillFulfilment *fulfilment = g_new0(TillFulfilment, 1);

	fulfilment->number = g_strdup("");
	fulfilment->customer_name = g_strdup("");
	fulfilment->store = g_strdup("");
	fulfilment->arrival = g_strdup("");
	fulfilment->place = g_strdup("");
	fulfilment->lines = g_ptr_array_new_with_free_func(free_line);
	fulfilment->life = till_order_new();
	fulfilment->hand_overs = g_ptr_array_new_with_free_func(free_hand_over);
	return fulfilment;
}

void
till_fulfilment_free(TillFulfilment *fulfilment)
{
	if (fulfilment == NULL)
		return;
	g_free(fulfilment->number);
	g_free(fulfilment->customer_name);
	g_free(fulfilment->store);
	g_free(fulfilment->arrival);
	g_free(fulfilment->place);
	g_ptr_array_unref(fulfilment->lines);
	till_order_free(fulfilment->life);
	g_ptr_array_unref(fulfilment->hand_overs);
	g_free(fulfilment);
}

static gpointer
copy_line(gconstpointer data, gpointer user G_GNUC_UNUSED)
{
	const TillFulfilmentLine *line = data;
	TillFulfilmentLine *copy = g_new(TillFulfilmentLine, 1);

	*copy = *line;
	copy->sku = g_strdup(line->sku);
	copy->name = g_strdup(line->name);
	copy->variant = g_strdup(line->variant);
	return copy;
}

static gpointer
copy_hand_over(gconstpointer data, gpointer user G_GNUC_UNUSED)
{
	const TillFulfilmentHandOver *hand_over = data;
	TillFulfilmentHandOver *copy = g_new(TillFulfilmentHandOver, 1);

	*copy = *hand_over;
	copy->store = g_strdup(hand_over->store);
	copy->till = g_strdup(hand_over->till);
	copy->staff = g_strdup(hand_over->staff);
	copy->collected_by = g_strdup(hand_over->collected_by);
	copy->check = g_strdup(hand_over->check);
	copy->parts = g_array_copy(hand_over->parts);
	return copy;
}

static void
append_all(GPtrArray *to, const GPtrArray *from, gpointer (*copy)(gconstpointer, gpointer))
{
	for (guint i = 0; i < from->len; i++)
		g_ptr_array_add(to, copy(g_ptr_array_index(from, i), NULL));
}

TillFulfilment *
till_fulfilment_copy(const TillFulfilment *fulfilment)
{
	TillFulfilment *copy = g_new(TillFulfilment, 1);

	*copy = *fulfilment;
	copy->number = g_strdup(fulfilment->number);
	copy->customer_name = g_strdup(fulfilment->customer_name);
	copy->store = g_strdup(fulfilment->store);
	copy->arrival = g_strdup(fulfilment->arrival);
	copy->place = g_strdup(fulfilment->place);
	copy->lines = g_ptr_array_new_with_free_func(free_line);
	append_all(copy->lines, fulfilment->lines, copy_line);
	copy->hand_overs = g_ptr_array_new_with_free_func(free_hand_over);
	append_all(copy->hand_overs, fulfilment->hand_overs, copy_hand_over);
	copy->life = till_order_new();
	for (guint line = 0; line < fulfilment->lines->len; line++) {
		gint64 milli[TILL_ORDER_STATES];
		for (guint state = 0; state < TILL_ORDER_STATES; state++)
			milli[state] = till_order_quantity(fulfilment->life, line, state);
		if (till_order_restore_line(copy->life, milli, NULL) != TILL_ORDER_OK)
			g_assert_not_reached();
	}
	return copy;
}

gboolean
till_fulfilment_restore_line(TillFulfilment *fulfilment, const TillFulfilmentLine *line,
			     const gint64 *milli)
{
	if (till_fulfilment_find_line(fulfilment, line->line) >= 0 ||
	    till_order_restore_line(fulfilment->life, milli, NULL) != TILL_ORDER_OK)
		return FALSE;
	g_ptr_array_add(fulfilment->lines, copy_line(line, NULL));
	return TRUE;
}

gboolean
till_fulfilment_add_line(TillFulfilment *fulfilment, const TillFulfilmentLine *line, gint64 milli)
{
	const gint64 standing[TILL_ORDER_STATES] = {[TILL_ORDER_ALLOCATED] = milli};

	return till_fulfilment_restore_line(fulfilment, line, standing);
}

TillFulfilmentHandOver *
till_fulfilment_add_hand_over(TillFulfilment *fulfilment)
{
	TillFulfilmentHandOver *hand_over;

	if (fulfilment->hand_overs->len == TILL_FULFILMENT_HAND_OVERS_MAX)
		return NULL;
	hand_over = g_new0(TillFulfilmentHandOver, 1);
	hand_over->parts = g_array_new(FALSE, TRUE, sizeof(TillOrderPart));
	g_ptr_array_add(fulfilment->hand_overs, hand_over);
	return hand_over;
}

/* ---- What is asked ---- */

int
till_fulfilment_find_line(const TillFulfilment *fulfilment, guint line)
{
	for (guint i = 0; i < fulfilment->lines->len; i++) {
		const TillFulfilmentLine *at = g_ptr_array_index(fulfilment->lines, i);
		if (at->line == line)
			return (int)i;
	}
	return -1;
}

gint64
till_fulfilment_count(const TillFulfilment *fulfilment, TillOrderState state)
{
	gint64 milli = 0;

	for (guint i = 0; i < fulfilment->lines->len; i++)
		milli += till_order_quantity(fulfilment->life, i, state);
	return milli;
}

TillFulfilmentState
till_fulfilment_state(const TillFulfilment *fulfilment)
{
	static const TillOrderState given[] = {TILL_ORDER_COLLECTED, TILL_ORDER_SHIPPED,
					       TILL_ORDER_REFUSED, TILL_ORDER_RETURNED};
	static const TillOrderState begun[] = {TILL_ORDER_PICKED, TILL_ORDER_STAGED,
					       TILL_ORDER_SHORT};
	gint64 given_milli = 0;
	gint64 begun_milli = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(given); i++)
		given_milli += till_fulfilment_count(fulfilment, given[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(begun); i++)
		begun_milli += till_fulfilment_count(fulfilment, begun[i]);
	if (till_order_is_done(fulfilment->life))
		return given_milli > 0 ? TILL_FULFILMENT_DONE : TILL_FULFILMENT_CANCELLED;
	if (till_order_is_ready(fulfilment->life))
		return TILL_FULFILMENT_READY;
	if (given_milli > 0)
		return TILL_FULFILMENT_PART;
	return begun_milli > 0 ? TILL_FULFILMENT_PICKING : TILL_FULFILMENT_TO_PICK;
}

gint64
till_fulfilment_min_age(const TillFulfilment *fulfilment)
{
	gint64 age = 0;

	for (guint i = 0; i < fulfilment->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, i);
		if (till_order_quantity(fulfilment->life, i, TILL_ORDER_STAGED) > 0)
			age = MAX(age, line->min_age);
	}
	return age;
}

const char *
till_fulfilment_kind_name(TillFulfilmentKind kind)
{
	g_assert(kind < TILL_FULFILMENT_KINDS);
	return kind_names[kind];
}

const char *
till_fulfilment_state_name(TillFulfilmentState state)
{
	g_assert(state < TILL_FULFILMENT_STATES);
	return state_names[state];
}

gboolean
till_fulfilment_find_kind(const char *name, TillFulfilmentKind *out)
{
	for (guint kind = 0; kind < TILL_FULFILMENT_KINDS; kind++) {
		if (strcmp(kind_names[kind], name) == 0) {
			*out = kind;
			return TRUE;
		}
	}
	return FALSE;
}
