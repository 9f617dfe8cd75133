/* SPDX-License-Identifier: Apache-2.0 */
#include "error.h"
#include "order-lines.h"
#include "order-verb.h"

static json_t *
events_answer(const GPtrArray *events)
{
	json_t *list = json_array();

	for (guint i = 0; i < events->len; i++) {
		const TillPickupEvent *event = g_ptr_array_index(events, i);
		json_t *object = json_object();
		till_json_put_int(object, "at_ms", event->at_ms);
		till_json_put_text(object, "channel", event->channel);
		till_json_put_text(object, "who", event->who);
		till_json_put_text(object, "kind", event->kind);
		till_json_put_text(object, "words", event->words);
		till_json_put_bool(object, "waiting", event->waiting);
		json_array_append_new(list, object);
	}
	return list;
}

static gboolean
show_order(const TillOrderVerb *self, const TillPickupOpened *opened, GError **error)
{
	if (self->verb->json) {
		g_autoptr(json_t) answer = till_order_lines_answer(opened->fulfilment);
		json_object_set_new(answer, "events", events_answer(opened->events));
		till_json_put_bool(answer, "waiting", opened->waiting);
		if (opened->record != NULL)
			json_object_set_new(answer, "record",
					    till_order_record_json(opened->record));
		return till_verb_print(answer, error);
	}
	if (!till_order_lines_say(opened->fulfilment, error))
		return FALSE;
	for (guint i = 0; i < opened->events->len; i++) {
		const TillPickupEvent *event = g_ptr_array_index(opened->events, i);
		g_autofree char *time = till_clock_format_utc(event->at_ms);
		if (!till_verb_say(error, "  %s  %s  %s%s%s", time, event->kind, event->words,
				   *event->who != '\0' ? ", " : "", event->who))
			return FALSE;
	}
	return TRUE;
}

static gboolean
fill_pick(const TillOrderVerb *self, const TillFulfilment *fulfilment, TillOrderStep *step,
	  GError **error)
{
	g_autoptr(GPtrArray) lines = till_arguments_all(self->verb->arguments, "line");
	g_autoptr(GPtrArray) shorts = till_arguments_all(self->verb->arguments, "short");
	g_autoptr(GPtrArray) cancels = till_arguments_all(self->verb->arguments, "cancel");

	if (shorts->len > 0)
		till_order_verb_put_text(&step->reason, "not-found");
	if (!till_order_lines_move(step, fulfilment, self->reg, lines, TILL_ORDER_ALLOCATED,
				   TILL_ORDER_PICKED, error) ||
	    !till_order_lines_move(step, fulfilment, self->reg, shorts, TILL_ORDER_ALLOCATED,
				   TILL_ORDER_SHORT, error) ||
	    !till_order_lines_move(step, fulfilment, self->reg, cancels, TILL_ORDER_SHORT,
				   TILL_ORDER_CANCELLED, error))
		return FALSE;
	if (lines->len + shorts->len + cancels->len == 0)
		till_order_lines_move_all(step, fulfilment, TILL_ORDER_ALLOCATED,
					  TILL_ORDER_PICKED);
	return TRUE;
}

/* Back to where they came from, and still promised; or given up. */
static void
fill_put_back(const TillOrderVerb *self, const TillFulfilment *fulfilment, TillOrderStep *step)
{
	const char *reason = till_arguments_option(self->verb->arguments, "reason");

	till_order_verb_put_text(&step->reason, reason != NULL ? reason : "customer");
	if (till_order_verb_has(self, "give-up")) {
		till_order_lines_move_all(step, fulfilment, TILL_ORDER_STAGED,
					  TILL_ORDER_CANCELLED);
		till_order_lines_move_all(step, fulfilment, TILL_ORDER_PICKED,
					  TILL_ORDER_CANCELLED);
		till_order_lines_move_all(step, fulfilment, TILL_ORDER_ALLOCATED,
					  TILL_ORDER_CANCELLED);
		return;
	}
	/* What was in the basket before leaves it first. */
	till_order_lines_move_all(step, fulfilment, TILL_ORDER_PICKED, TILL_ORDER_ALLOCATED);
	guint picked = step->moves->len;
	till_order_lines_move_all(step, fulfilment, TILL_ORDER_STAGED, TILL_ORDER_PICKED);
	guint staged = step->moves->len;
	for (guint i = picked; i < staged; i++) {
		const TillOrderStepMove move = g_array_index(step->moves, TillOrderStepMove, i);
		till_order_step_add_move(step, move.line, TILL_ORDER_PICKED, TILL_ORDER_ALLOCATED,
					 move.milli);
	}
}

static void
put_option(const TillOrderVerb *self, const char *option, char **field)
{
	const char *value = till_arguments_option(self->verb->arguments, option);

	if (value != NULL)
		till_order_verb_put_text(field, value);
}

static gboolean
fill(const TillOrderVerb *self, const TillFulfilment *fulfilment, TillOrderStep *step,
     GError **error)
{
	switch (step->kind) {
	case TILL_ORDER_STEP_PICKING:
		return fill_pick(self, fulfilment, step, error);
	case TILL_ORDER_STEP_STAGING:
		till_order_lines_move_all(step, fulfilment, TILL_ORDER_PICKED, TILL_ORDER_STAGED);
		put_option(self, "place", &step->place);
		return TRUE;
	case TILL_ORDER_STEP_SHIPPING:
		till_order_lines_move_all(step, fulfilment, TILL_ORDER_STAGED, TILL_ORDER_SHIPPED);
		put_option(self, "carrier", &step->carrier);
		put_option(self, "tracking", &step->tracking);
		return TRUE;
	case TILL_ORDER_STEP_PUT_BACK:
		fill_put_back(self, fulfilment, step);
		return TRUE;
	case TILL_ORDER_STEP_NOTE:
		put_option(self, "words", &step->words);
		return TRUE;
	case TILL_ORDER_STEP_HAND_OVER:
	case TILL_ORDER_STEP_UNDO:
	case TILL_ORDER_STEP_KINDS:
	default:
		g_assert_not_reached();
	}
}

static gboolean
find_kind(const char *action, TillOrderStepKind *out, GError **error)
{
	static const struct {
		const char *name;
		TillOrderStepKind kind;
	} actions[] = {{"pick", TILL_ORDER_STEP_PICKING},
		       {"stage", TILL_ORDER_STEP_STAGING},
		       {"ship", TILL_ORDER_STEP_SHIPPING},
		       {"put-back", TILL_ORDER_STEP_PUT_BACK},
		       {"note", TILL_ORDER_STEP_NOTE}};

	for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
		if (g_str_equal(actions[i].name, action)) {
			*out = actions[i].kind;
			return TRUE;
		}
	}
	g_set_error(error, TILL_ARGUMENTS_ERROR, 0,
		    "\"%.40s\" is nothing that is done with an order; write pick, stage, ship, "
		    "put-back or note.",
		    action);
	return FALSE;
}

static gboolean
run_order(const TillOrderVerb *self, GError **error)
{
	const char *action = till_arguments_operand(self->verb->arguments, 1);
	TillOrderStepKind kind = TILL_ORDER_STEP_NOTE;

	if (action != NULL && !find_kind(action, &kind, error))
		return FALSE;
	TillPickupOpened *opened = till_pickup_desk_open(
	    self->desk, till_arguments_operand(self->verb->arguments, 0), error);
	if (opened == NULL)
		return FALSE;
	g_autoptr(TillOrderStep) step = till_order_verb_make_step(
	    self, kind, &opened->fulfilment->order, &opened->fulfilment->id);
	gboolean done = action == NULL ? show_order(self, opened, error)
				       : fill(self, opened->fulfilment, step, error) &&
					     till_order_verb_do_step(self, step, error);
	till_pickup_desk_opened_free(opened);
	return done;
}

gboolean
till_verb_order(const TillVerb *verb, GError **error)
{
	return till_order_verb_run(verb, run_order, error);
}
