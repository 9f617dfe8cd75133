/* SPDX-License-Identifier: Apache-2.0 */
#include "verb.h"

#include "error.h"
#include "order-lines.h"
#include "order-verb.h"

/* A script has no network of its own: it works on what the last sync left, and says so in what it
 * writes. */

/* ---- The board ---- */

static const char *const groups[TILL_PICKUP_GROUPS] = {"outside", "ready", "to-pick", "ship"};

static json_t *
row_answer(const TillPickupRow *row)
{
	static const char *const expiries[] = {"", "soon", "over"};
	json_t *object = till_order_lines_answer(row->fulfilment);

	till_json_put_text(object, "group", groups[row->group]);
	till_json_put_text(object, "expiry", expiries[row->expiry]);
	till_json_put_int(object, "items", row->items);
	till_json_put_int(object, "items_done", row->items_done);
	till_json_put_int(object, "min_age", row->min_age);
	till_json_put_bool(object, "gift", row->gift);
	till_json_put_bool(object, "split", row->split);
	till_json_put_bool(object, "waiting", row->waiting);
	return object;
}

static gboolean
say_row(const TillPickupRow *row, GError **error)
{
	const TillFulfilment *fulfilment = row->fulfilment;

	return till_verb_say(error, "%-8s %s  %s  %u of %u items%s%s%s%s%s%s", groups[row->group],
			     fulfilment->number, fulfilment->customer_name, row->items_done,
			     row->items, *fulfilment->place != '\0' ? "  " : "", fulfilment->place,
			     *fulfilment->arrival != '\0' ? "  " : "", fulfilment->arrival,
			     row->expiry == TILL_PICKUP_EXPIRY_OVER ? "  expired" : "",
			     row->waiting ? "  not sent yet" : "");
}

static gboolean
show_board(const TillOrderVerb *self, GError **error)
{
	TillPickupBoard *board = till_pickup_desk_board(self->desk, error);
	gboolean said = board != NULL;

	for (guint i = 0; said && i < board->rows->len; i++) {
		const TillPickupRow *row = g_ptr_array_index(board->rows, i);
		if (self->verb->json) {
			g_autoptr(json_t) answer = row_answer(row);
			said = till_verb_print(answer, error);
		} else {
			said = say_row(row, error);
		}
	}
	till_pickup_desk_board_free(board);
	return said;
}

/* ---- Taking back ---- */

static gboolean
undo_last(const TillOrderVerb *self, GError **error)
{
	g_autoptr(GError) failure = NULL;
	TillPickupLast *last = till_pickup_desk_last(self->desk, &failure);

	if (last == NULL && failure == NULL) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_STATE,
				    "No hand-over of this till is less than a minute old; take the "
				    "goods back as a return.");
		return FALSE;
	}
	if (last == NULL) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	g_autoptr(TillOrderStep) step =
	    till_order_verb_make_step(self, TILL_ORDER_STEP_UNDO, &last->order, &last->fulfilment);
	step->reverses = last->txn;
	till_pickup_desk_last_free(last);
	return till_order_verb_do_step(self, step, error);
}

/* ---- Handing over ---- */

static void
set_check(const TillOrderVerb *self, gboolean by_code, TillOrderStep *step)
{
	g_autoptr(GString) check = g_string_new(by_code ? "code" : NULL);

	if (till_order_verb_has(self, "id-checked"))
		g_string_append(check, check->len > 0 ? ",id" : "id");
	if (till_order_verb_has(self, "age-checked"))
		g_string_append(check, check->len > 0 ? ",age" : "age");
	till_order_verb_put_text(&step->check, check->str);
	if (till_order_verb_has(self, "collected-by"))
		till_order_verb_put_text(
		    &step->collected_by,
		    till_arguments_option(self->verb->arguments, "collected-by"));
}

static gboolean
hand_over(const TillOrderVerb *self, const TillFulfilment *fulfilment,
	  const TillPickupChecked *checked, GError **error)
{
	g_autoptr(GPtrArray) lines = till_arguments_all(self->verb->arguments, "line");
	g_autoptr(GPtrArray) refused = till_arguments_all(self->verb->arguments, "refuse");
	g_autoptr(TillOrderStep) step = till_order_verb_make_step(
	    self, TILL_ORDER_STEP_HAND_OVER, &fulfilment->order, &fulfilment->id);

	set_check(self, checked != NULL, step);
	if (checked != NULL)
		step->code_serial = checked->token.serial;
	if (!till_order_lines_move(step, fulfilment, self->reg, lines, TILL_ORDER_STAGED,
				   TILL_ORDER_COLLECTED, error) ||
	    !till_order_lines_move(step, fulfilment, self->reg, refused, TILL_ORDER_STAGED,
				   TILL_ORDER_REFUSED, error))
		return FALSE;
	if (lines->len == 0 && refused->len == 0)
		till_order_lines_move_all(step, fulfilment, TILL_ORDER_STAGED,
					  TILL_ORDER_COLLECTED);
	return till_order_verb_do_step(self, step, error);
}

static gboolean
hand_over_unknown(const TillOrderVerb *self, const TillPickupChecked *checked, GError **error)
{
	g_autoptr(TillOrderStep) step = till_order_verb_make_step(
	    self, TILL_ORDER_STEP_HAND_OVER, &checked->token.order, &checked->token.fulfilment);

	step->unknown = TRUE;
	step->code_serial = checked->token.serial;
	set_check(self, TRUE, step);
	return till_order_verb_do_step(self, step, error);
}

static const char *
name_answer(TillPickupAnswerKind kind)
{
	static const char *const names[] = {"malformed",   "version",   "unknown-key",   "forged",
					    "cancelled",   "collected", "replaced",      "expired",
					    "other-store", "not-ready", "unknown-order", "valid"};

	return names[kind];
}

static gboolean
tell_answer(const TillOrderVerb *self, const TillPickupChecked *checked, GError **error)
{
	g_autoptr(json_t) answer = checked->fulfilment != NULL
				       ? till_order_lines_answer(checked->fulfilment)
				       : json_object();

	if (!self->verb->json)
		return till_verb_say(error, "%s", checked->answer.words);
	till_json_put_text(answer, "answer", name_answer(checked->answer.kind));
	till_json_put_text(answer, "words", checked->answer.words);
	till_json_put_bool(answer, "may_hand_over", checked->answer.may_hand_over);
	till_json_put_bool(answer, "needs_id", checked->answer.needs_id);
	return till_verb_print(answer, error);
}

static gboolean
go_by_code(const TillOrderVerb *self, const TillPickupChecked *checked, GError **error)
{
	if (till_order_verb_has(self, "look"))
		return tell_answer(self, checked, error);
	if (!checked->answer.may_hand_over) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_STATE, checked->answer.words);
		return FALSE;
	}
	return checked->fulfilment != NULL ? hand_over(self, checked->fulfilment, checked, error)
					   : hand_over_unknown(self, checked, error);
}

static gboolean
go_by_number(const TillOrderVerb *self, const char *number, GError **error)
{
	TillPickupOpened *opened = till_pickup_desk_open(self->desk, number, error);
	gboolean done = opened != NULL && hand_over(self, opened->fulfilment, NULL, error);

	till_pickup_desk_opened_free(opened);
	return done;
}

static gboolean
run(const TillOrderVerb *self, GError **error)
{
	const char *what = till_arguments_operand(self->verb->arguments, 0);
	gboolean done;

	if (till_order_verb_has(self, "board"))
		return show_board(self, error);
	if (till_order_verb_has(self, "undo"))
		return undo_last(self, error);
	if (what == NULL) {
		g_set_error_literal(error, TILL_ARGUMENTS_ERROR, 0,
				    "Say what is picked up: its code or its number, --board or "
				    "--undo.");
		return FALSE;
	}
	TillPickupChecked *checked = till_pickup_desk_check(self->desk, what, error);
	if (checked == NULL)
		return FALSE;
	done =
	    checked->is_code ? go_by_code(self, checked, error) : go_by_number(self, what, error);
	till_pickup_desk_checked_free(checked);
	return done;
}

gboolean
till_verb_pickup(const TillVerb *verb, GError **error)
{
	return till_order_verb_run(verb, run, error);
}
