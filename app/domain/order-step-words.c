/* SPDX-License-Identifier: Apache-2.0 */
#include "order-step.h"

#include "quantity.h"

static gint64
sum_to(const TillOrderStep *step, TillOrderState to)
{
	gint64 milli = 0;

	for (guint i = 0; i < step->moves->len; i++) {
		const TillOrderStepMove *move = &g_array_index(step->moves, TillOrderStepMove, i);
		milli += move->to == to ? move->milli : 0;
	}
	return milli;
}

const char *
till_order_step_event(const TillOrderStep *step)
{
	switch (step->kind) {
	case TILL_ORDER_STEP_PICKING:
		if (step->substitute.line != 0)
			return "substituted";
		return sum_to(step, TILL_ORDER_SHORT) > 0 ? "short" : "picked";
	case TILL_ORDER_STEP_STAGING:
		return "staged";
	case TILL_ORDER_STEP_HAND_OVER:
		return "handed-over";
	case TILL_ORDER_STEP_SHIPPING:
		return "shipped";
	case TILL_ORDER_STEP_PUT_BACK:
		return "put-back";
	case TILL_ORDER_STEP_UNDO:
		return "undone";
	case TILL_ORDER_STEP_NOTE:
		return "note";
	case TILL_ORDER_STEP_KINDS:
	default:
		g_assert_not_reached();
	}
}

/* "2 picked, 1 not found" in the order of the states. */
static void
append_moves(GString *words, const TillOrderStep *step)
{
	static const char *const names[TILL_ORDER_STATES] = {
	    [TILL_ORDER_ORDERED] = "asked of another store",
	    [TILL_ORDER_ALLOCATED] = "back on the shelf",
	    [TILL_ORDER_PICKED] = "picked",
	    [TILL_ORDER_STAGED] = "staged",
	    [TILL_ORDER_COLLECTED] = "handed over",
	    [TILL_ORDER_SHIPPED] = "sent",
	    [TILL_ORDER_SHORT] = "not found",
	    [TILL_ORDER_CANCELLED] = "cancelled",
	    [TILL_ORDER_REFUSED] = "refused at the counter",
	    [TILL_ORDER_RETURNED] = "returned"};

	for (guint state = 0; state < TILL_ORDER_STATES; state++) {
		gint64 milli = sum_to(step, state);
		g_autofree char *quantity = till_quantity_format(milli);
		if (milli > 0)
			g_string_append_printf(words, "%s%s %s", words->len > 0 ? ", " : "",
					       quantity, names[state]);
	}
}

static void
append_if(GString *words, const char *before, const char *text)
{
	if (*text != '\0')
		g_string_append_printf(words, "%s%s", before, text);
}

char *
till_order_step_words(const TillOrderStep *step)
{
	g_autoptr(GString) words = g_string_new(NULL);

	append_moves(words, step);
	if (step->unknown)
		g_string_append(words, "all handed over, by the code's signature");
	if (step->substitute.line != 0) {
		g_autofree char *quantity = till_quantity_format(step->substitute.quantity_milli);
		g_string_append_printf(words, "%s%s of %s in its place", words->len > 0 ? ", " : "",
				       quantity, step->substitute.name);
	}
	if (step->kind == TILL_ORDER_STEP_UNDO)
		g_string_append(words, "the step before taken back");
	append_if(words, " at ", step->place);
	append_if(words, " to ", step->collected_by);
	append_if(words, ", checked by ", step->check);
	append_if(words, " with ", step->carrier);
	append_if(words, ", ", step->tracking);
	append_if(words, ": ", step->reason);
	append_if(words, "", step->words);
	return g_strdup(words->str);
}
