/* SPDX-License-Identifier: Apache-2.0 */
#include "fulfilment.h"

#include "error.h"

/* A step is done on a copy that then takes the place of the fulfilment, so that one that fails half
 * way leaves no trace. */

static gboolean
refuse(TillOrderResult result, GError **error)
{
	g_set_error_literal(error, TILL_ERROR, TILL_ERROR_STATE, till_order_words(result));
	return FALSE;
}

static void
add_move(GArray *moves, guint index, TillOrderState from, TillOrderState to, gint64 milli,
	 gint64 at_ms)
{
	const TillOrderMove move = {index, from, to, milli, 0, 0, at_ms};

	if (milli > 0)
		g_array_append_val(moves, move);
}

/* ---- What a step moves ---- */

/* Goods that were refused at the counter are a return in the same step. */
static TillOrderResult
list_moves(const TillFulfilment *fulfilment, const TillOrderStep *step, GArray *out)
{
	for (guint i = 0; i < step->moves->len; i++) {
		const TillOrderStepMove *move = &g_array_index(step->moves, TillOrderStepMove, i);
		int index = till_fulfilment_find_line(fulfilment, move->line);
		if (index < 0)
			return TILL_ORDER_NO_LINE;
		add_move(out, (guint)index, move->from, move->to, move->milli, step->at_ms);
		if (move->to == TILL_ORDER_REFUSED)
			add_move(out, (guint)index, TILL_ORDER_REFUSED, TILL_ORDER_RETURNED,
				 move->milli, step->at_ms);
	}
	return TILL_ORDER_OK;
}

/* The till gave out what was there without seeing the order: the goods take the whole way. */
static void
list_unknown(const TillFulfilment *fulfilment, gint64 at_ms, GArray *out)
{
	for (guint i = 0; i < fulfilment->lines->len; i++) {
		const TillOrder *life = fulfilment->life;
		gint64 milli = till_order_quantity(life, i, TILL_ORDER_ALLOCATED);
		add_move(out, i, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED, milli, at_ms);
		milli += till_order_quantity(life, i, TILL_ORDER_PICKED);
		add_move(out, i, TILL_ORDER_PICKED, TILL_ORDER_STAGED, milli, at_ms);
		milli += till_order_quantity(life, i, TILL_ORDER_STAGED);
		add_move(out, i, TILL_ORDER_STAGED, TILL_ORDER_COLLECTED, milli, at_ms);
	}
}

static const TillOrderMove *
first_of(const GArray *moves)
{
	return (const TillOrderMove *)(gconstpointer)moves->data;
}

/* ---- What it says besides ---- */

static TillOrderResult
add_substitute(TillFulfilment *fulfilment, const TillOrderStepSubstitute *substitute)
{
	int index = till_fulfilment_find_line(fulfilment, substitute->instead_of);
	TillFulfilmentLine line = {.line = substitute->line,
				   .sku = substitute->sku,
				   .name = substitute->name,
				   .variant = substitute->variant,
				   .substitute_for = substitute->instead_of};

	if (substitute->line == 0)
		return TILL_ORDER_OK;
	if (index < 0 || till_fulfilment_find_line(fulfilment, line.line) >= 0)
		return TILL_ORDER_NO_LINE;
	const TillFulfilmentLine *instead_of = g_ptr_array_index(fulfilment->lines, (guint)index);
	line.min_age = instead_of->min_age;
	return till_fulfilment_add_line(fulfilment, &line, substitute->quantity_milli)
		   ? TILL_ORDER_OK
		   : TILL_ORDER_FULL;
}

static TillOrderPart *
part_of(GArray *parts, guint line)
{
	const TillOrderPart none = {.line = line};

	for (guint i = 0; i < parts->len; i++) {
		TillOrderPart *part = &g_array_index(parts, TillOrderPart, i);
		if (part->line == line)
			return part;
	}
	g_array_append_val(parts, none);
	return &g_array_index(parts, TillOrderPart, parts->len - 1);
}

static TillOrderResult
write_hand_over(TillFulfilment *fulfilment, const TillOrderStep *step, const GArray *moves,
		const TillUuid *txn)
{
	TillFulfilmentHandOver *hand_over = till_fulfilment_add_hand_over(fulfilment);

	if (hand_over == NULL)
		return TILL_ORDER_FULL;
	hand_over->txn = *txn;
	hand_over->at_ms = step->at_ms;
	hand_over->store = g_strdup(step->store);
	hand_over->till = g_strdup(step->till);
	hand_over->staff = g_strdup(step->staff_name);
	hand_over->collected_by = g_strdup(step->collected_by);
	hand_over->check = g_strdup(step->check);
	for (guint i = 0; i < moves->len; i++) {
		const TillOrderMove *move = &first_of(moves)[i];
		if (move->to == TILL_ORDER_COLLECTED)
			part_of(hand_over->parts, move->line)->collected_milli += move->milli;
		if (move->to == TILL_ORDER_REFUSED)
			part_of(hand_over->parts, move->line)->refused_milli += move->milli;
	}
	fulfilment->arrived_ms = 0;
	g_free(fulfilment->arrival);
	fulfilment->arrival = g_strdup("");
	return TILL_ORDER_OK;
}

/* ---- Doing and undoing ---- */

static TillOrderResult
apply(TillFulfilment *fulfilment, const TillOrderStep *step, const TillUuid *txn)
{
	g_autoptr(GArray) moves = g_array_new(FALSE, TRUE, sizeof(TillOrderMove));
	TillOrderResult result = add_substitute(fulfilment, &step->substitute);

	if (result == TILL_ORDER_OK && step->unknown)
		list_unknown(fulfilment, step->at_ms, moves);
	else if (result == TILL_ORDER_OK)
		result = list_moves(fulfilment, step, moves);
	if (result == TILL_ORDER_OK && (moves->len > 0 || step->substitute.line == 0))
		result = till_order_move_all(fulfilment->life, first_of(moves), moves->len, NULL);
	if (result == TILL_ORDER_OK && step->kind == TILL_ORDER_STEP_HAND_OVER)
		result = write_hand_over(fulfilment, step, moves, txn);
	if (result == TILL_ORDER_OK && step->kind == TILL_ORDER_STEP_STAGING) {
		g_free(fulfilment->place);
		fulfilment->place = g_strdup(step->place);
	}
	return result;
}

static TillFulfilmentHandOver *
find_hand_over(const TillFulfilment *fulfilment, const TillUuid *txn)
{
	for (guint i = fulfilment->hand_overs->len; i > 0; i--) {
		TillFulfilmentHandOver *at = g_ptr_array_index(fulfilment->hand_overs, i - 1);
		if (till_uuid_equal(&at->txn, txn))
			return at;
	}
	return NULL;
}

/* What was given out unseen comes back as far as is known: to be ready for its shopper. */
static void
list_parts(const TillFulfilmentHandOver *hand_over, GArray *out)
{
	for (guint i = 0; i < hand_over->parts->len; i++) {
		const TillOrderPart *part = &g_array_index(hand_over->parts, TillOrderPart, i);
		add_move(out, part->line, TILL_ORDER_STAGED, TILL_ORDER_COLLECTED,
			 part->collected_milli, hand_over->at_ms);
	}
}

static TillOrderResult
cancel_substitute(TillFulfilment *fulfilment, const TillOrderStep *original, gint64 at_ms)
{
	const TillOrderStepSubstitute *substitute = &original->substitute;
	int index = till_fulfilment_find_line(fulfilment, substitute->line);
	TillOrderMove move = {.line = (guint)index,
			      .from = TILL_ORDER_ALLOCATED,
			      .to = TILL_ORDER_CANCELLED,
			      .milli = substitute->quantity_milli,
			      .at_ms = at_ms};

	if (substitute->line == 0)
		return TILL_ORDER_OK;
	if (index < 0)
		return TILL_ORDER_NO_LINE;
	if (at_ms - original->at_ms > TILL_ORDER_UNDO_MS)
		return TILL_ORDER_TOO_LATE;
	TillOrderResult result = till_order_move(fulfilment->life, &move, NULL);
	return result == TILL_ORDER_TOO_MUCH ? TILL_ORDER_MOVED_ON : result;
}

static TillOrderResult
take_back(TillFulfilment *fulfilment, const TillOrderStep *undo, const TillOrderStep *original)
{
	g_autoptr(GArray) moves = g_array_new(FALSE, TRUE, sizeof(TillOrderMove));
	gboolean given = original->kind == TILL_ORDER_STEP_HAND_OVER;
	TillFulfilmentHandOver *hand_over =
	    given ? find_hand_over(fulfilment, &undo->reverses) : NULL;
	TillOrderResult result = TILL_ORDER_OK;

	if (given && hand_over == NULL)
		return TILL_ORDER_NO_STEP;
	if (hand_over != NULL && hand_over->undone)
		return TILL_ORDER_UNDONE;
	if (hand_over != NULL && original->unknown)
		list_parts(hand_over, moves);
	else
		result = list_moves(fulfilment, original, moves);
	if (result == TILL_ORDER_OK && (moves->len > 0 || original->substitute.line == 0))
		result = till_order_undo_moves(fulfilment->life, first_of(moves), moves->len,
					       undo->at_ms, NULL);
	if (result == TILL_ORDER_OK)
		result = cancel_substitute(fulfilment, original, undo->at_ms);
	if (result == TILL_ORDER_OK && hand_over != NULL)
		hand_over->undone = TRUE;
	return result;
}

/* Whether the copy may take the place of what it was made from; then it does. */
static gboolean
settle(TillFulfilment *fulfilment, TillFulfilment *next, gint64 at_ms, GError **error)
{
	TillFulfilment was = *fulfilment;
	gsize size;

	next->version++;
	next->updated_ms = MAX(next->updated_ms, at_ms);
	g_free(till_fulfilment_body(next, &size));
	if (size > TILL_FULFILMENT_BODY_MAX)
		return refuse(TILL_ORDER_FULL, error);
	*fulfilment = *next;
	*next = was;
	return TRUE;
}

static gboolean
is_about(const TillFulfilment *fulfilment, const TillOrderStep *step, GError **error)
{
	if (till_uuid_equal(&fulfilment->id, &step->fulfilment) &&
	    till_uuid_equal(&fulfilment->order, &step->order))
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
		    "This step is about another order than %s; open the right one.",
		    fulfilment->number);
	return FALSE;
}

gboolean
till_fulfilment_do(TillFulfilment *fulfilment, const TillOrderStep *step, const TillUuid *txn,
		   GError **error)
{
	if (!is_about(fulfilment, step, error))
		return FALSE;
	if (step->kind == TILL_ORDER_STEP_NOTE)
		return TRUE;
	if (step->kind == TILL_ORDER_STEP_UNDO)
		return refuse(TILL_ORDER_NO_STEP, error);
	g_autoptr(TillFulfilment) next = till_fulfilment_copy(fulfilment);
	TillOrderResult result = apply(next, step, txn);
	if (result != TILL_ORDER_OK)
		return refuse(result, error);
	return settle(fulfilment, next, step->at_ms, error);
}

gboolean
till_fulfilment_undo(TillFulfilment *fulfilment, const TillOrderStep *undo,
		     const TillOrderStep *original, GError **error)
{
	if (!is_about(fulfilment, undo, error) || !is_about(fulfilment, original, error))
		return FALSE;
	if (original->kind == TILL_ORDER_STEP_NOTE || original->kind == TILL_ORDER_STEP_UNDO)
		return refuse(TILL_ORDER_NO_STEP, error);
	g_autoptr(TillFulfilment) next = till_fulfilment_copy(fulfilment);
	TillOrderResult result = take_back(next, undo, original);
	if (result != TILL_ORDER_OK)
		return refuse(result, error);
	return settle(fulfilment, next, undo->at_ms, error);
}
