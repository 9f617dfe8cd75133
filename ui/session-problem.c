/* SPDX-License-Identifier: Apache-2.0 */
#include "session-pickups-private.h"

/* What can go wrong between the shelf and the door, and the step that says so. Which problems make
 * sense follows from where the goods stand. */

typedef struct {
	TillOrderStepKind kind;
	TillOrderState from[3]; /* in this order; unused ones say STATES */
	TillOrderState to;
	const char *reason;
	const char *done; /* told with the name of the item */
} Solution;

#define NOWHERE TILL_ORDER_STATES

static const Solution solutions[TILL_PROBLEM_KINDS] = {
    [TILL_PROBLEM_NOT_FOUND] = {TILL_ORDER_STEP_PICKING,
				{TILL_ORDER_ALLOCATED, NOWHERE, NOWHERE},
				TILL_ORDER_SHORT,
				"not-found",
				"is marked as not found. Say what is to become of it."},
    [TILL_PROBLEM_DAMAGED] = {TILL_ORDER_STEP_PICKING,
			      {TILL_ORDER_PICKED, TILL_ORDER_ALLOCATED, NOWHERE},
			      TILL_ORDER_SHORT,
			      "damaged",
			      "is marked as damaged. Say what is to become of it."},
    [TILL_PROBLEM_FOUND] = {TILL_ORDER_STEP_PICKING,
			    {TILL_ORDER_SHORT, NOWHERE, NOWHERE},
			    TILL_ORDER_ALLOCATED,
			    "",
			    "can be picked again."},
    [TILL_PROBLEM_SUBSTITUTE] = {TILL_ORDER_STEP_PICKING,
				 {TILL_ORDER_SHORT, NOWHERE, NOWHERE},
				 TILL_ORDER_CANCELLED,
				 "not-found",
				 "is replaced. Pick the substitute now."},
    [TILL_PROBLEM_OTHER_STORE] = {TILL_ORDER_STEP_PICKING,
				  {TILL_ORDER_SHORT, NOWHERE, NOWHERE},
				  TILL_ORDER_ORDERED,
				  "not-found",
				  "is asked of another store. The shopper is told."},
    [TILL_PROBLEM_CANCEL_LINE] = {TILL_ORDER_STEP_PICKING,
				  {TILL_ORDER_SHORT, NOWHERE, NOWHERE},
				  TILL_ORDER_CANCELLED,
				  "not-found",
				  "is taken off the order. What was paid for it is given back."},
    [TILL_PROBLEM_PUT_BACK] = {TILL_ORDER_STEP_PUT_BACK,
			       {TILL_ORDER_STAGED, TILL_ORDER_PICKED, NOWHERE},
			       TILL_ORDER_ALLOCATED,
			       "customer",
			       "goes back to the shelf."},
    [TILL_PROBLEM_EXPIRED] = {TILL_ORDER_STEP_PUT_BACK,
			      {TILL_ORDER_STAGED, TILL_ORDER_PICKED, TILL_ORDER_ALLOCATED},
			      TILL_ORDER_CANCELLED,
			      "expired",
			      "goes back to the shelf. What was paid for it is given back."},
};

static gint64
count_solvable(const TillSessionPickups *pickups, TillSessionProblem problem, guint index)
{
	gint64 milli = 0;

	if (problem == TILL_PROBLEM_REFUSED)
		return till_order_quantity(pickups->open->life, index, TILL_ORDER_STAGED);
	for (guint i = 0; i < 3; i++)
		if (solutions[problem].from[i] != NOWHERE)
			milli += till_order_quantity(pickups->open->life, index,
						     solutions[problem].from[i]);
	return milli;
}

/* What the whole order must be like for a problem to make sense. */
static gboolean
makes_sense(TillSession *self, TillSessionProblem problem)
{
	const TillSessionPickups *pickups = self->pickups;
	const TillFulfilment *open = pickups->open;

	if (problem == TILL_PROBLEM_REFUSED || problem == TILL_PROBLEM_COLLECTOR)
		return pickups->pickup->mode == TILL_PICKUP_HAND_OVER;
	if (problem == TILL_PROBLEM_EXPIRED)
		return open->kind != TILL_FULFILMENT_SHIP && open->expires_ms != 0 &&
		       open->expires_ms <= till_session_pickup_now(self);
	return TRUE;
}

GPtrArray *
till_session_problem_lines(TillSession *self, TillSessionProblem problem)
{
	TillSessionPickups *pickups = self->pickups;
	GPtrArray *lines = g_ptr_array_new_with_free_func(till_session_pickup_line_free);

	if (pickups->pickup == NULL || pickups->pickup->mode == TILL_PICKUP_OVER ||
	    !makes_sense(self, problem))
		return lines;
	for (guint i = 0; i < pickups->open->lines->len; i++) {
		gint64 milli = problem == TILL_PROBLEM_COLLECTOR
				   ? till_order_left(pickups->open->life, i)
				   : count_solvable(pickups, problem, i);
		TillSessionPickupLine *line;

		if (milli == 0)
			continue;
		line = till_session_pickup_line(self, pickups->pickup->mode, i);
		line->milli = milli;
		g_ptr_array_add(lines, line);
	}
	return lines;
}

static void
solved_cb(TillSession *self, const TillUuid *txn)
{
	if (txn == NULL)
		return;
	till_session_pickup_update(self);
}

/* The goods were brought out and are not wanted: told with the hand-over, as one step. */
static void
refuse(TillSession *self, guint line)
{
	TillSessionPickups *pickups = self->pickups;
	int index = till_fulfilment_find_line(pickups->open, line);
	TillSessionTick *tick;

	if (index < 0)
		return;
	tick = &g_array_index(pickups->ticks, TillSessionTick, index);
	tick->refused_milli =
	    till_order_quantity(pickups->open->life, (guint)index, TILL_ORDER_STAGED);
	tick->ticked_milli = 0;
	till_session_pickup_update(self);
}

/* From its place the goods go through the picker's basket to the shelf. */
static void
add_way_back(const TillSessionPickups *pickups, guint index, TillOrderStep *step)
{
	const TillFulfilmentLine *line = g_ptr_array_index(pickups->open->lines, index);
	gint64 staged_milli = till_order_quantity(pickups->open->life, index, TILL_ORDER_STAGED);
	gint64 picked_milli = till_order_quantity(pickups->open->life, index, TILL_ORDER_PICKED);

	till_session_pickup_add_move(step, line->line, TILL_ORDER_STAGED, TILL_ORDER_PICKED,
				     staged_milli);
	till_session_pickup_add_move(step, line->line, TILL_ORDER_PICKED, TILL_ORDER_ALLOCATED,
				     staged_milli + picked_milli);
}

static void
add_moves(const TillSessionPickups *pickups, const Solution *solution, guint index,
	  TillOrderStep *step)
{
	const TillFulfilmentLine *line = g_ptr_array_index(pickups->open->lines, index);

	if (solution == &solutions[TILL_PROBLEM_PUT_BACK]) {
		add_way_back(pickups, index, step);
		return;
	}
	for (guint i = 0; i < 3; i++)
		if (solution->from[i] != NOWHERE)
			till_session_pickup_add_move(
			    step, line->line, solution->from[i], solution->to,
			    till_order_quantity(pickups->open->life, index, solution->from[i]));
}

/* The desk gives it its number. */
static void
add_substitute(const TillSessionPickups *pickups, guint index, const TillItem *item,
	       TillOrderStep *step)
{
	const TillFulfilmentLine *line = g_ptr_array_index(pickups->open->lines, index);
	TillOrderStepSubstitute *substitute = &step->substitute;

	g_free(substitute->sku);
	g_free(substitute->name);
	g_free(substitute->variant);
	substitute->sku = g_strdup(item->sku);
	substitute->name = g_strdup(item->name);
	substitute->variant = g_strdup(item->variant);
	substitute->quantity_milli =
	    till_order_quantity(pickups->open->life, index, TILL_ORDER_SHORT);
	substitute->instead_of = line->line;
}

static void
solve(TillSession *self, TillSessionProblem problem, guint line, const TillItem *substitute)
{
	TillSessionPickups *pickups = self->pickups;
	const Solution *solution = &solutions[problem];
	TillOrderStep *step = till_session_pickup_begin(self, solution->kind);
	g_autofree char *title = g_strdup(pickups->open->number);

	g_free(step->reason);
	step->reason = g_strdup(solution->reason);
	for (guint i = 0; i < pickups->open->lines->len; i++) {
		const TillFulfilmentLine *from = g_ptr_array_index(pickups->open->lines, i);

		if (line != 0 && from->line != line)
			continue;
		add_moves(pickups, solution, i, step);
		if (line == 0)
			continue;
		g_free(title);
		title = till_session_pickup_title(from);
		if (substitute != NULL)
			add_substitute(pickups, i, substitute, step);
	}
	pickups->picking = solution->kind == TILL_ORDER_STEP_PICKING;
	if (till_session_pickup_do(self, step, solved_cb))
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE, "%s %s", title, solution->done);
}

void
till_session_problem_solve(TillSession *self, TillSessionProblem problem, guint line,
			   const TillItem *substitute)
{
	if (self->pickups->open == NULL || self->pickups->busy || problem == TILL_PROBLEM_COLLECTOR)
		return;
	if (problem == TILL_PROBLEM_REFUSED)
		refuse(self, line);
	else
		solve(self, problem, line, substitute);
}

/* ---- what may go in its place ---- */

GListModel *
till_session_problem_found(TillSession *self)
{
	return G_LIST_MODEL(self->pickups->found);
}

static void
results_cb(GPtrArray *items, const GError *error, gpointer user)
{
	TillSession *self = user;
	TillSessionPickups *pickups = self->pickups;

	pickups->searches--;
	if (error != NULL)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
	else if (pickups->searches == 0) { /* only the last answer is still wanted */
		g_list_store_remove_all(pickups->found);
		for (guint i = 0; pickups->searching && i < items->len; i++) {
			g_autoptr(TillRowItem) row =
			    till_session_search_row(self, g_ptr_array_index(items, i));

			g_list_store_append(pickups->found, row);
		}
	}
	g_clear_pointer(&items, g_ptr_array_unref);
}

void
till_session_problem_search(TillSession *self, const char *query)
{
	self->pickups->searching = *query != '\0';
	if (!self->pickups->searching) {
		g_list_store_remove_all(self->pickups->found);
		return;
	}
	self->pickups->searches++;
	till_register_search_async(self->reg, query, TILL_SESSION_RESULTS_MAX, self, results_cb,
				   self);
}

static void
scanned_cb(TillRegisterFound *found, const GError *error, gpointer user)
{
	TillSession *self = user;

	if (error != NULL)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
	else if (found->item == NULL)
		till_session_notice(self, TILL_NOTICE_UNKNOWN, FALSE,
				    "%s is not in the catalogue. Scan another item.", found->text);
	else {
		g_autoptr(TillRowItem) row = till_session_search_row(self, found->item);

		g_list_store_remove_all(self->pickups->found);
		g_list_store_append(self->pickups->found, row);
		g_signal_emit_by_name(self, "sound", (guint)TILL_NOTICE_ACCEPTED);
	}
	g_clear_pointer(&found, till_register_found_free);
}

void
till_session_problem_scan(TillSession *self, const char *code)
{
	till_register_find_async(self->reg, code, self, scanned_cb, self);
}
