/* SPDX-License-Identifier: Apache-2.0 */
#include "order.h"

#include <string.h>

#include "quantity.h"
#include "state-machine.h"

/* Quantities move by this table and by nothing else; undoing is a move against an arrow and is
 * bound to the step it undoes. */
static const TillStateRow rows[TILL_ORDER_STATES] = {
    [TILL_ORDER_ORDERED] = {"ordered", 1 << TILL_ORDER_ALLOCATED | 1 << TILL_ORDER_CANCELLED},
    [TILL_ORDER_ALLOCATED] = {"allocated", 1 << TILL_ORDER_PICKED | 1 << TILL_ORDER_SHORT |
					       1 << TILL_ORDER_CANCELLED | 1 << TILL_ORDER_ORDERED},
    /* Put back on the shelf, it is still promised. */
    [TILL_ORDER_PICKED] = {"picked", 1 << TILL_ORDER_STAGED | 1 << TILL_ORDER_ALLOCATED |
					 1 << TILL_ORDER_SHORT | 1 << TILL_ORDER_CANCELLED},
    [TILL_ORDER_STAGED] = {"staged", 1 << TILL_ORDER_COLLECTED | 1 << TILL_ORDER_SHIPPED |
					 1 << TILL_ORDER_REFUSED | 1 << TILL_ORDER_PICKED |
					 1 << TILL_ORDER_CANCELLED},
    [TILL_ORDER_COLLECTED] = {"collected", 1 << TILL_ORDER_RETURNED},
    [TILL_ORDER_SHIPPED] = {"shipped", 1 << TILL_ORDER_RETURNED},
    /* Another store is asked for it, or it is given up, or found after all. */
    [TILL_ORDER_SHORT] = {"short", 1 << TILL_ORDER_ORDERED | 1 << TILL_ORDER_ALLOCATED |
				       1 << TILL_ORDER_CANCELLED},
    [TILL_ORDER_CANCELLED] = {"cancelled", 0},
    [TILL_ORDER_REFUSED] = {"refused", 1 << TILL_ORDER_RETURNED},
    [TILL_ORDER_RETURNED] = {"returned", 0},
};

typedef struct {
	gint64 ordered_milli;
	gint64 milli[TILL_ORDER_STATES];
} Line;

struct TillOrder {
	GArray *lines; /* of Line */
	GArray *moves; /* of TillOrderMove */
	guint last_step;
};

TillOrder *
till_order_new(void)
{
	TillOrder *order = g_new0(TillOrder, 1);

	order->lines = g_array_new(FALSE, TRUE, sizeof(Line));
	order->moves = g_array_new(FALSE, TRUE, sizeof(TillOrderMove));
	return order;
}

void
till_order_free(TillOrder *order)
{
	if (order == NULL)
		return;
	g_array_unref(order->lines);
	g_array_unref(order->moves);
	g_free(order);
}

static Line *
get_line(const TillOrder *order, guint line)
{
	g_assert(line < order->lines->len);
	return &g_array_index(order->lines, Line, line);
}

static const TillOrderMove *
get_move(const TillOrder *order, guint index)
{
	return &g_array_index(order->moves, TillOrderMove, index);
}

TillOrderResult
till_order_restore_line(TillOrder *order, const gint64 *milli, guint *out_line)
{
	Line line = {0};

	for (guint state = 0; state < TILL_ORDER_STATES; state++) {
		if (milli[state] < 0 || milli[state] > TILL_QUANTITY_MAX_MILLI)
			return TILL_ORDER_QUANTITY;
		line.milli[state] = milli[state];
		line.ordered_milli += milli[state];
	}
	if (line.ordered_milli == 0 || line.ordered_milli > TILL_QUANTITY_MAX_MILLI)
		return TILL_ORDER_QUANTITY;
	if (order->lines->len == TILL_ORDER_LINES_MAX)
		return TILL_ORDER_FULL;
	if (out_line != NULL)
		*out_line = order->lines->len;
	g_array_append_val(order->lines, line);
	return TILL_ORDER_OK;
}

TillOrderResult
till_order_add_line(TillOrder *order, gint64 milli, guint *out_line)
{
	const gint64 standing[TILL_ORDER_STATES] = {[TILL_ORDER_ORDERED] = milli};

	return till_order_restore_line(order, standing, out_line);
}

guint
till_order_count(const TillOrder *order)
{
	return order->lines->len;
}

gint64
till_order_quantity(const TillOrder *order, guint line, TillOrderState state)
{
	g_assert(state < TILL_ORDER_STATES);
	return get_line(order, line)->milli[state];
}

gint64
till_order_ordered(const TillOrder *order, guint line)
{
	return get_line(order, line)->ordered_milli;
}

gboolean
till_order_may_move(TillOrderState from, TillOrderState to)
{
	TillStateMachine machine;

	till_state_machine_init(&machine, rows, TILL_ORDER_STATES, from);
	return till_state_machine_can(&machine, to);
}

/* ---- Steps ---- */

static void
assert_adds_up(const Line *line)
{
	gint64 sum = 0;

	for (guint state = 0; state < TILL_ORDER_STATES; state++) {
		g_assert(line->milli[state] >= 0);
		sum += line->milli[state];
	}
	g_assert(sum == line->ordered_milli);
}

/* Moves that passed every check but whether enough stands there; the books change only with the
 * last of them. */
static TillOrderResult
take_step(TillOrder *order, TillOrderMove *moves, guint count, guint *out_step)
{
	guint done = 0;

	if (count > TILL_ORDER_MOVES_MAX - order->moves->len)
		return TILL_ORDER_FULL;
	for (; done < count; done++) {
		Line *line = get_line(order, moves[done].line);
		if (line->milli[moves[done].from] < moves[done].milli)
			break;
		line->milli[moves[done].from] -= moves[done].milli;
		line->milli[moves[done].to] += moves[done].milli;
	}
	if (done < count) {
		while (done-- > 0) {
			Line *line = get_line(order, moves[done].line);
			line->milli[moves[done].to] -= moves[done].milli;
			line->milli[moves[done].from] += moves[done].milli;
		}
		return TILL_ORDER_TOO_MUCH;
	}
	order->last_step++;
	for (guint i = 0; i < count; i++) {
		moves[i].step = order->last_step;
		assert_adds_up(get_line(order, moves[i].line));
	}
	g_array_append_vals(order->moves, moves, count);
	if (out_step != NULL)
		*out_step = order->last_step;
	return TILL_ORDER_OK;
}

static TillOrderResult
check_move(const TillOrder *order, const TillOrderMove *move)
{
	if (move->line >= order->lines->len)
		return TILL_ORDER_NO_LINE;
	if (move->milli <= 0 || move->milli > TILL_QUANTITY_MAX_MILLI)
		return TILL_ORDER_QUANTITY;
	if (move->from >= TILL_ORDER_STATES || move->to >= TILL_ORDER_STATES ||
	    !till_order_may_move(move->from, move->to))
		return TILL_ORDER_NOT_MOVED;
	return TILL_ORDER_OK;
}

static TillOrderResult
append_move(const TillOrder *order, GArray *moves, const TillOrderMove *move)
{
	TillOrderResult result = check_move(order, move);
	const TillOrderMove copy = {move->line, move->from, move->to,   move->milli,
				    0,          0,          move->at_ms};

	if (result == TILL_ORDER_OK)
		g_array_append_val(moves, copy);
	return result;
}

static TillOrderMove *
first_of(GArray *moves)
{
	return (TillOrderMove *)(gpointer)moves->data;
}

TillOrderResult
till_order_move_all(TillOrder *order, const TillOrderMove *moves, guint count, guint *out_step)
{
	g_autoptr(GArray) step = g_array_new(FALSE, TRUE, sizeof(TillOrderMove));

	for (guint i = 0; i < count; i++) {
		TillOrderResult result = append_move(order, step, &moves[i]);
		if (result != TILL_ORDER_OK)
			return result;
	}
	if (step->len == 0)
		return TILL_ORDER_EMPTY_STEP;
	return take_step(order, first_of(step), step->len, out_step);
}

TillOrderResult
till_order_move(TillOrder *order, const TillOrderMove *move, guint *out_step)
{
	return till_order_move_all(order, move, 1, out_step);
}

static TillOrderResult
append_part(const TillOrder *order, GArray *moves, const TillOrderPart *part, gint64 at_ms)
{
	const TillOrderMove collected = {
	    part->line, TILL_ORDER_STAGED, TILL_ORDER_COLLECTED, part->collected_milli, 0, 0,
	    at_ms};
	const TillOrderMove refused = {
	    part->line, TILL_ORDER_STAGED, TILL_ORDER_REFUSED, part->refused_milli, 0, 0, at_ms};
	const TillOrderMove returned = {
	    part->line, TILL_ORDER_REFUSED, TILL_ORDER_RETURNED, part->refused_milli, 0, 0, at_ms};
	TillOrderResult result = TILL_ORDER_OK;

	if (part->collected_milli != 0)
		result = append_move(order, moves, &collected);
	if (result == TILL_ORDER_OK && part->refused_milli != 0)
		result = append_move(order, moves, &refused);
	if (result == TILL_ORDER_OK && part->refused_milli != 0)
		result = append_move(order, moves, &returned);
	return result;
}

TillOrderResult
till_order_hand_over(TillOrder *order, const TillOrderPart *parts, guint count, gint64 at_ms,
		     guint *out_step)
{
	g_autoptr(GArray) moves = g_array_new(FALSE, TRUE, sizeof(TillOrderMove));

	for (guint i = 0; i < count; i++) {
		TillOrderResult result = append_part(order, moves, &parts[i], at_ms);
		if (result != TILL_ORDER_OK)
			return result;
	}
	if (moves->len == 0)
		return TILL_ORDER_EMPTY_STEP;
	return take_step(order, first_of(moves), moves->len, out_step);
}

/* A clock that was set back does not make a step any older. */
static TillOrderResult
append_back(GArray *reversal, const TillOrderMove *move, guint reverses, gint64 at_ms)
{
	const TillOrderMove back = {move->line, move->to, move->from, move->milli,
				    0,          reverses, at_ms};

	if (at_ms - move->at_ms > TILL_ORDER_UNDO_MS)
		return TILL_ORDER_TOO_LATE;
	g_array_append_val(reversal, back);
	return TILL_ORDER_OK;
}

static TillOrderResult
take_reversal(TillOrder *order, GArray *reversal, guint *out_step)
{
	TillOrderResult result = take_step(order, first_of(reversal), reversal->len, out_step);

	return result == TILL_ORDER_TOO_MUCH ? TILL_ORDER_MOVED_ON : result;
}

/* The moves of a step backwards, the last one first. */
static TillOrderResult
collect_reversal(const TillOrder *order, guint step, gint64 at_ms, GArray *reversal)
{
	for (guint i = order->moves->len; i > 0; i--) {
		const TillOrderMove *move = get_move(order, i - 1);
		if (move->reverses == step)
			return TILL_ORDER_UNDONE;
		if (move->step != step)
			continue;
		if (move->reverses != 0)
			return TILL_ORDER_NO_STEP;
		TillOrderResult result = append_back(reversal, move, step, at_ms);
		if (result != TILL_ORDER_OK)
			return result;
	}
	return reversal->len > 0 ? TILL_ORDER_OK : TILL_ORDER_NO_STEP;
}

TillOrderResult
till_order_undo(TillOrder *order, guint step, gint64 at_ms, guint *out_step)
{
	g_autoptr(GArray) reversal = g_array_new(FALSE, TRUE, sizeof(TillOrderMove));

	if (step == 0)
		return TILL_ORDER_NO_STEP;
	TillOrderResult result = collect_reversal(order, step, at_ms, reversal);
	if (result != TILL_ORDER_OK)
		return result;
	return take_reversal(order, reversal, out_step);
}

TillOrderResult
till_order_undo_moves(TillOrder *order, const TillOrderMove *moves, guint count, gint64 at_ms,
		      guint *out_step)
{
	g_autoptr(GArray) reversal = g_array_new(FALSE, TRUE, sizeof(TillOrderMove));

	for (guint i = count; i > 0; i--) {
		TillOrderResult result = check_move(order, &moves[i - 1]);
		if (result == TILL_ORDER_OK)
			result = append_back(reversal, &moves[i - 1], 0, at_ms);
		if (result != TILL_ORDER_OK)
			return result;
	}
	return count > 0 ? take_reversal(order, reversal, out_step) : TILL_ORDER_NO_STEP;
}

/* ---- What is asked ---- */

gint64
till_order_left(const TillOrder *order, guint line)
{
	static const TillOrderState open[] = {TILL_ORDER_ORDERED, TILL_ORDER_ALLOCATED,
					      TILL_ORDER_PICKED, TILL_ORDER_STAGED,
					      TILL_ORDER_SHORT};
	gint64 left = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(open); i++)
		left += get_line(order, line)->milli[open[i]];
	return left;
}

gboolean
till_order_is_done(const TillOrder *order)
{
	for (guint i = 0; i < order->lines->len; i++) {
		if (till_order_left(order, i) > 0)
			return FALSE;
	}
	return TRUE;
}

gboolean
till_order_is_ready(const TillOrder *order)
{
	for (guint i = 0; i < order->lines->len; i++) {
		if (till_order_left(order, i) != get_line(order, i)->milli[TILL_ORDER_STAGED])
			return FALSE;
	}
	return !till_order_is_done(order);
}

const TillOrderMove *
till_order_moves(const TillOrder *order, guint *out_count)
{
	*out_count = order->moves->len;
	return (const TillOrderMove *)(gconstpointer)order->moves->data;
}

const char *
till_order_state_name(TillOrderState state)
{
	g_assert(state < TILL_ORDER_STATES);
	return rows[state].name;
}

gboolean
till_order_find_state(const char *name, TillOrderState *out)
{
	for (guint state = 0; state < TILL_ORDER_STATES; state++) {
		if (strcmp(rows[state].name, name) == 0) {
			*out = state;
			return TRUE;
		}
	}
	return FALSE;
}

const char *
till_order_words(TillOrderResult result)
{
	switch (result) {
	case TILL_ORDER_OK:
		return "Done.";
	case TILL_ORDER_NO_LINE:
		return "The order has no such line; open it again.";
	case TILL_ORDER_QUANTITY:
		return "This quantity is not possible; type a number from 0.001 to 9,999,999.";
	case TILL_ORDER_NOT_MOVED:
		return "The line is not at that point; look at where it stands and take the next "
		       "step from there.";
	case TILL_ORDER_TOO_MUCH:
		return "There is not that much there; count again, or take less.";
	case TILL_ORDER_FULL:
		return "This order can hold no more; put the rest on a new one.";
	case TILL_ORDER_NO_STEP:
		return "There is nothing to undo.";
	case TILL_ORDER_UNDONE:
		return "This was undone already.";
	case TILL_ORDER_TOO_LATE:
		return "This can be undone for a minute only; take the goods back as a return.";
	case TILL_ORDER_MOVED_ON:
		return "The goods have moved on since; undo the later step first.";
	case TILL_ORDER_EMPTY_STEP:
		return "Nothing was chosen; scan what is handed over.";
	default:
		g_assert_not_reached();
	}
}
