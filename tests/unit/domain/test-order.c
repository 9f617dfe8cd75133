/* SPDX-License-Identifier: Apache-2.0 */
#include "order.h"

#include <string.h>

#include "quantity.h"
#include "till-test.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillOrder, till_order_free)

#define SEQUENCES 100000
#define ONE TILL_QUANTITY_ONE

/* An order with lines of so many pieces, all of them staged. */
static TillOrder *
make_staged(const gint64 *milli, guint count)
{
	static const TillOrderState path[] = {TILL_ORDER_ORDERED, TILL_ORDER_ALLOCATED,
					      TILL_ORDER_PICKED, TILL_ORDER_STAGED};
	TillOrder *order = till_order_new();

	for (guint i = 0; i < count; i++) {
		g_assert_cmpint(till_order_add_line(order, milli[i], NULL), ==, TILL_ORDER_OK);
		for (guint k = 0; k + 1 < G_N_ELEMENTS(path); k++) {
			TillOrderMove move = {
			    .line = i, .from = path[k], .to = path[k + 1], .milli = milli[i]};
			g_assert_cmpint(till_order_move(order, &move, NULL), ==, TILL_ORDER_OK);
		}
	}
	return order;
}

static TillOrderResult
move(TillOrder *order, TillOrderState from, TillOrderState to, gint64 milli)
{
	TillOrderMove step = {.from = from, .to = to, .milli = milli};

	return till_order_move(order, &step, NULL);
}

static void
check_line(const TillOrder *order, guint line, TillOrderState state, gint64 milli)
{
	g_assert_cmpint(till_order_quantity(order, line, state), ==, milli);
}

static void
test_happy_path(void)
{
	const gint64 two = 2 * ONE;
	g_autoptr(TillOrder) order = make_staged(&two, 1);
	const TillOrderPart part = {.collected_milli = two};
	guint step = 0, count;

	g_assert_true(till_order_is_ready(order));
	g_assert_cmpint(till_order_hand_over(order, &part, 1, 5, &step), ==, TILL_ORDER_OK);
	check_line(order, 0, TILL_ORDER_COLLECTED, two);
	g_assert_true(till_order_is_done(order));
	g_assert_false(till_order_is_ready(order));
	const TillOrderMove *moves = till_order_moves(order, &count);
	g_assert_cmpuint(count, ==, 4);
	g_assert_cmpuint(moves[3].step, ==, step);
	g_assert_cmpint(moves[3].at_ms, ==, 5);
}

static void
test_short_pick_and_cancel(void)
{
	g_autoptr(TillOrder) order = till_order_new();

	g_assert_cmpint(till_order_add_line(order, 3 * ONE, NULL), ==, TILL_ORDER_OK);
	g_assert_cmpint(move(order, TILL_ORDER_ORDERED, TILL_ORDER_ALLOCATED, 3 * ONE), ==,
			TILL_ORDER_OK);
	g_assert_cmpint(move(order, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED, 2 * ONE), ==,
			TILL_ORDER_OK);
	g_assert_cmpint(move(order, TILL_ORDER_ALLOCATED, TILL_ORDER_SHORT, ONE), ==,
			TILL_ORDER_OK);
	g_assert_cmpint(move(order, TILL_ORDER_PICKED, TILL_ORDER_STAGED, 2 * ONE), ==,
			TILL_ORDER_OK);
	g_assert_false(till_order_is_ready(order));
	g_assert_cmpint(till_order_left(order, 0), ==, 3 * ONE);
	g_assert_cmpint(move(order, TILL_ORDER_SHORT, TILL_ORDER_CANCELLED, ONE), ==,
			TILL_ORDER_OK);
	g_assert_true(till_order_is_ready(order));
	g_assert_cmpint(till_order_left(order, 0), ==, 2 * ONE);
}

static void
test_refusals(void)
{
	g_autoptr(TillOrder) order = till_order_new();
	const TillOrderMove no_line = {.line = 9, .to = TILL_ORDER_ALLOCATED, .milli = 1};
	const TillOrderMove no_state = {.from = TILL_ORDER_STATES, .milli = 1};
	guint count;

	g_assert_cmpint(till_order_add_line(order, 0, NULL), ==, TILL_ORDER_QUANTITY);
	g_assert_cmpint(till_order_add_line(order, TILL_QUANTITY_MAX_MILLI + 1, NULL), ==,
			TILL_ORDER_QUANTITY);
	g_assert_cmpint(till_order_add_line(order, ONE, NULL), ==, TILL_ORDER_OK);
	g_assert_cmpint(move(order, TILL_ORDER_ORDERED, TILL_ORDER_STAGED, ONE), ==,
			TILL_ORDER_NOT_MOVED);
	g_assert_cmpint(move(order, TILL_ORDER_ORDERED, TILL_ORDER_ORDERED, ONE), ==,
			TILL_ORDER_NOT_MOVED);
	g_assert_cmpint(move(order, TILL_ORDER_ORDERED, TILL_ORDER_ALLOCATED, ONE + 1), ==,
			TILL_ORDER_TOO_MUCH);
	g_assert_cmpint(move(order, TILL_ORDER_ORDERED, TILL_ORDER_ALLOCATED, -ONE), ==,
			TILL_ORDER_QUANTITY);
	g_assert_cmpint(move(order, TILL_ORDER_ORDERED, TILL_ORDER_ALLOCATED, 0), ==,
			TILL_ORDER_QUANTITY);
	g_assert_cmpint(till_order_move(order, &no_line, NULL), ==, TILL_ORDER_NO_LINE);
	g_assert_cmpint(till_order_move(order, &no_state, NULL), ==, TILL_ORDER_NOT_MOVED);
	check_line(order, 0, TILL_ORDER_ORDERED, ONE);
	(void)till_order_moves(order, &count);
	g_assert_cmpuint(count, ==, 0);
}

static void
test_hand_over_in_parts(void)
{
	const gint64 milli[] = {2 * ONE, 640, ONE};
	g_autoptr(TillOrder) order = make_staged(milli, 3);
	const TillOrderPart first[] = {{0, ONE, 0}, {1, 640, 0}};
	const TillOrderPart second[] = {{0, 0, ONE}, {2, ONE, 0}};

	g_assert_cmpint(till_order_hand_over(order, first, 2, 0, NULL), ==, TILL_ORDER_OK);
	g_assert_cmpint(till_order_left(order, 0), ==, ONE);
	g_assert_cmpint(till_order_left(order, 1), ==, 0);
	g_assert_true(till_order_is_ready(order));
	g_assert_cmpint(till_order_hand_over(order, second, 2, 0, NULL), ==, TILL_ORDER_OK);
	check_line(order, 0, TILL_ORDER_COLLECTED, ONE);
	check_line(order, 0, TILL_ORDER_REFUSED, 0);
	check_line(order, 0, TILL_ORDER_RETURNED, ONE);
	g_assert_true(till_order_is_done(order));
}

static void
test_hand_over_is_whole_or_nothing(void)
{
	const gint64 milli[] = {ONE, ONE};
	g_autoptr(TillOrder) order = make_staged(milli, 2);
	const TillOrderPart too_much[] = {{0, ONE, 0}, {1, ONE, ONE}};
	const TillOrderPart twice[] = {{0, ONE, 0}, {0, ONE, 0}};
	const TillOrderPart nothing[] = {{0, 0, 0}};
	const TillOrderPart no_line[] = {{0, ONE, 0}, {2, ONE, 0}};
	const TillOrderPart negative[] = {{0, ONE, 0}, {1, -ONE, ONE}};
	guint before, after;

	(void)till_order_moves(order, &before);
	g_assert_cmpint(till_order_hand_over(order, too_much, 2, 0, NULL), ==, TILL_ORDER_TOO_MUCH);
	g_assert_cmpint(till_order_hand_over(order, twice, 2, 0, NULL), ==, TILL_ORDER_TOO_MUCH);
	g_assert_cmpint(till_order_hand_over(order, nothing, 1, 0, NULL), ==,
			TILL_ORDER_EMPTY_STEP);
	g_assert_cmpint(till_order_hand_over(order, nothing, 0, 0, NULL), ==,
			TILL_ORDER_EMPTY_STEP);
	g_assert_cmpint(till_order_hand_over(order, no_line, 2, 0, NULL), ==, TILL_ORDER_NO_LINE);
	g_assert_cmpint(till_order_hand_over(order, negative, 2, 0, NULL), ==, TILL_ORDER_QUANTITY);
	(void)till_order_moves(order, &after);
	g_assert_cmpuint(before, ==, after);
	check_line(order, 0, TILL_ORDER_STAGED, ONE);
	check_line(order, 1, TILL_ORDER_STAGED, ONE);
}

static void
test_undo_is_a_linked_step(void)
{
	const gint64 milli[] = {2 * ONE, ONE};
	g_autoptr(TillOrder) order = make_staged(milli, 2);
	const TillOrderPart parts[] = {{0, ONE, ONE}, {1, ONE, 0}};
	guint step, reversal, count;

	g_assert_cmpint(till_order_hand_over(order, parts, 2, 1000, &step), ==, TILL_ORDER_OK);
	g_assert_cmpint(till_order_undo(order, step, 1000 + TILL_ORDER_UNDO_MS + 1, NULL), ==,
			TILL_ORDER_TOO_LATE);
	g_assert_cmpint(till_order_undo(order, step, 1000 + TILL_ORDER_UNDO_MS, &reversal), ==,
			TILL_ORDER_OK);
	check_line(order, 0, TILL_ORDER_STAGED, 2 * ONE);
	check_line(order, 1, TILL_ORDER_STAGED, ONE);
	const TillOrderMove *moves = till_order_moves(order, &count);
	g_assert_cmpuint(moves[count - 1].reverses, ==, step);
	g_assert_cmpuint(moves[count - 1].step, ==, reversal);
	g_assert_cmpint(till_order_undo(order, step, 1000, NULL), ==, TILL_ORDER_UNDONE);
	g_assert_cmpint(till_order_undo(order, reversal, 1000, NULL), ==, TILL_ORDER_NO_STEP);
	g_assert_cmpint(till_order_undo(order, 0, 1000, NULL), ==, TILL_ORDER_NO_STEP);
	g_assert_cmpint(till_order_undo(order, 999, 1000, NULL), ==, TILL_ORDER_NO_STEP);
	/* After the undo the same goods can be handed over again. */
	g_assert_cmpint(till_order_hand_over(order, parts, 2, 2000, &step), ==, TILL_ORDER_OK);
}

static void
test_what_moved_on_is_not_undone(void)
{
	const gint64 one = ONE;
	g_autoptr(TillOrder) order = make_staged(&one, 1);
	const TillOrderPart part = {.collected_milli = ONE};
	guint step;

	g_assert_cmpint(till_order_hand_over(order, &part, 1, 0, &step), ==, TILL_ORDER_OK);
	g_assert_cmpint(move(order, TILL_ORDER_COLLECTED, TILL_ORDER_RETURNED, ONE), ==,
			TILL_ORDER_OK);
	g_assert_cmpint(till_order_undo(order, step, 0, NULL), ==, TILL_ORDER_MOVED_ON);
	check_line(order, 0, TILL_ORDER_RETURNED, ONE);
}

/* A line comes back from a record as it stood, and its steps go on from there. */
static void
test_restored_lines(void)
{
	g_autoptr(TillOrder) order = till_order_new();
	const gint64 standing[TILL_ORDER_STATES] = {
	    [TILL_ORDER_STAGED] = 2 * ONE, [TILL_ORDER_COLLECTED] = ONE, [TILL_ORDER_SHORT] = 500};
	const gint64 none[TILL_ORDER_STATES] = {0};
	const gint64 negative[TILL_ORDER_STATES] = {
	    [TILL_ORDER_STAGED] = ONE, [TILL_ORDER_SHORT] = -1};
	const gint64 large[TILL_ORDER_STATES] = {
	    [TILL_ORDER_STAGED] = TILL_QUANTITY_MAX_MILLI, [TILL_ORDER_SHORT] = 1};
	guint line = 9, count;

	g_assert_cmpint(till_order_restore_line(order, none, NULL), ==, TILL_ORDER_QUANTITY);
	g_assert_cmpint(till_order_restore_line(order, negative, NULL), ==, TILL_ORDER_QUANTITY);
	g_assert_cmpint(till_order_restore_line(order, large, NULL), ==, TILL_ORDER_QUANTITY);
	g_assert_cmpint(till_order_restore_line(order, standing, &line), ==, TILL_ORDER_OK);
	g_assert_cmpuint(line, ==, 0);
	g_assert_cmpint(till_order_ordered(order, 0), ==, 3 * ONE + 500);
	check_line(order, 0, TILL_ORDER_STAGED, 2 * ONE);
	(void)till_order_moves(order, &count);
	g_assert_cmpuint(count, ==, 0);
	g_assert_cmpint(move(order, TILL_ORDER_SHORT, TILL_ORDER_ALLOCATED, 500), ==,
			TILL_ORDER_OK);
}

static void
test_undo_of_a_step_done_elsewhere(void)
{
	g_autoptr(TillOrder) order = till_order_new();
	const gint64 standing[TILL_ORDER_STATES] = {
	    [TILL_ORDER_COLLECTED] = ONE, [TILL_ORDER_RETURNED] = ONE};
	const TillOrderMove moves[] = {
	    {.from = TILL_ORDER_STAGED, .to = TILL_ORDER_COLLECTED, .milli = ONE, .at_ms = 1000},
	    {.from = TILL_ORDER_STAGED, .to = TILL_ORDER_REFUSED, .milli = ONE, .at_ms = 1000},
	    {.from = TILL_ORDER_REFUSED, .to = TILL_ORDER_RETURNED, .milli = ONE, .at_ms = 1000}};
	const TillOrderMove strange = {
	    .from = TILL_ORDER_RETURNED, .to = TILL_ORDER_STAGED, .milli = ONE, .at_ms = 1000};
	guint step;

	g_assert_cmpint(till_order_restore_line(order, standing, NULL), ==, TILL_ORDER_OK);
	g_assert_cmpint(till_order_undo_moves(order, moves, 0, 1000, NULL), ==, TILL_ORDER_NO_STEP);
	g_assert_cmpint(till_order_undo_moves(order, &strange, 1, 1000, NULL), ==,
			TILL_ORDER_NOT_MOVED);
	g_assert_cmpint(till_order_undo_moves(order, moves, 3, 1001 + TILL_ORDER_UNDO_MS, NULL), ==,
			TILL_ORDER_TOO_LATE);
	check_line(order, 0, TILL_ORDER_COLLECTED, ONE);
	g_assert_cmpint(till_order_undo_moves(order, moves, 3, 1000 + TILL_ORDER_UNDO_MS, &step),
			==, TILL_ORDER_OK);
	g_assert_cmpuint(step, ==, 1);
	check_line(order, 0, TILL_ORDER_STAGED, 2 * ONE);
	g_assert_cmpint(till_order_undo_moves(order, moves, 3, 1000, NULL), ==,
			TILL_ORDER_MOVED_ON);
	check_line(order, 0, TILL_ORDER_STAGED, 2 * ONE);
}

static void
test_moves_together(void)
{
	const gint64 milli[] = {ONE, ONE};
	g_autoptr(TillOrder) order = make_staged(milli, 2);
	TillOrderMove moves[] = {
	    {.line = 0, .from = TILL_ORDER_STAGED, .to = TILL_ORDER_PICKED, .milli = ONE},
	    {.line = 1, .from = TILL_ORDER_STAGED, .to = TILL_ORDER_PICKED, .milli = 2 * ONE}};

	g_assert_cmpint(till_order_move_all(order, moves, 0, NULL), ==, TILL_ORDER_EMPTY_STEP);
	g_assert_cmpint(till_order_move_all(order, moves, 2, NULL), ==, TILL_ORDER_TOO_MUCH);
	check_line(order, 0, TILL_ORDER_STAGED, ONE);
	moves[1].milli = ONE;
	g_assert_cmpint(till_order_move_all(order, moves, 2, NULL), ==, TILL_ORDER_OK);
	check_line(order, 1, TILL_ORDER_PICKED, ONE);
}

static void
test_state_names(void)
{
	TillOrderState state;

	for (guint i = 0; i < TILL_ORDER_STATES; i++) {
		g_assert_true(till_order_find_state(till_order_state_name(i), &state));
		g_assert_cmpint(state, ==, (int)i);
	}
	g_assert_false(till_order_find_state("lost", &state));
}

static void
test_limits(void)
{
	g_autoptr(TillOrder) order = till_order_new();
	TillOrderResult result = TILL_ORDER_OK;
	guint count = 0;

	for (guint i = 0; i < TILL_ORDER_LINES_MAX; i++)
		g_assert_cmpint(till_order_add_line(order, ONE, NULL), ==, TILL_ORDER_OK);
	g_assert_cmpint(till_order_add_line(order, ONE, NULL), ==, TILL_ORDER_FULL);
	for (guint i = 0; result == TILL_ORDER_OK; i++)
		result = i % 2 ? move(order, TILL_ORDER_ALLOCATED, TILL_ORDER_ORDERED, ONE)
			       : move(order, TILL_ORDER_ORDERED, TILL_ORDER_ALLOCATED, ONE);
	g_assert_cmpint(result, ==, TILL_ORDER_FULL);
	(void)till_order_moves(order, &count);
	g_assert_cmpuint(count, ==, TILL_ORDER_MOVES_MAX);
}

/* Every state can be reached, and from every state that is no end an end can be reached. */
static void
test_table_has_no_dead_ends(void)
{
	gboolean reached[TILL_ORDER_STATES] = {[TILL_ORDER_ORDERED] = TRUE};
	gboolean ends[TILL_ORDER_STATES] = {
	    [TILL_ORDER_CANCELLED] = TRUE, [TILL_ORDER_RETURNED] = TRUE};

	for (guint round = 0; round < TILL_ORDER_STATES; round++) {
		for (guint from = 0; from < TILL_ORDER_STATES; from++) {
			for (guint to = 0; to < TILL_ORDER_STATES; to++) {
				gboolean may = till_order_may_move(from, to);
				reached[to] = reached[to] || (may && reached[from]);
				ends[from] = ends[from] || (may && ends[to]);
			}
		}
	}
	for (guint state = 0; state < TILL_ORDER_STATES; state++) {
		g_assert_true(reached[state]);
		g_assert_true(ends[state]);
		g_assert_cmpuint(strlen(till_order_state_name(state)), >, 0);
	}
	g_assert_false(till_order_may_move(TILL_ORDER_COLLECTED, TILL_ORDER_STAGED));
	g_assert_false(till_order_may_move(TILL_ORDER_CANCELLED, TILL_ORDER_ORDERED));
}

/* ---- Any sequence of moves ---- */

static void
check_sums(const TillOrder *order)
{
	for (guint line = 0; line < till_order_count(order); line++) {
		gint64 sum = 0;
		for (guint state = 0; state < TILL_ORDER_STATES; state++) {
			gint64 milli = till_order_quantity(order, line, state);
			g_assert_cmpint(milli, >=, 0);
			sum += milli;
		}
		g_assert_cmpint(sum, ==, till_order_ordered(order, line));
		g_assert_cmpint(till_order_left(order, line), <=, sum);
	}
}

/* The quantities are what the moves say, counted again from the start. */
static void
check_replay(const TillOrder *order)
{
	gint64 milli[3][TILL_ORDER_STATES] = {0};
	guint count;
	const TillOrderMove *moves = till_order_moves(order, &count);

	for (guint i = 0; i < till_order_count(order); i++)
		milli[i][TILL_ORDER_ORDERED] = till_order_ordered(order, i);
	for (guint i = 0; i < count; i++) {
		milli[moves[i].line][moves[i].from] -= moves[i].milli;
		milli[moves[i].line][moves[i].to] += moves[i].milli;
		g_assert_true(moves[i].reverses != 0 ||
			      till_order_may_move(moves[i].from, moves[i].to));
	}
	for (guint i = 0; i < till_order_count(order); i++) {
		for (guint state = 0; state < TILL_ORDER_STATES; state++)
			check_line(order, i, state, milli[i][state]);
	}
}

/* From a state where something stands, along an arrow if chance finds one. */
static void
choose_move(TillTestRandom *random, const TillOrder *order, TillOrderMove *step)
{
	gint64 milli = 0;

	for (guint tries = 0; tries < 40 && milli == 0; tries++) {
		step->from = (guint)till_test_random_range(random, 0, TILL_ORDER_STATES - 1);
		milli = till_order_quantity(order, step->line, step->from);
	}
	for (guint tries = 0; tries < 10; tries++) {
		step->to = (guint)till_test_random_range(random, 0, TILL_ORDER_STATES - 1);
		if (till_order_may_move(step->from, step->to))
			break;
	}
	step->milli = till_test_random_range(random, 1, MAX(milli, 1));
}

static void
spoil_move(TillTestRandom *random, TillOrderMove *step)
{
	step->line = (guint)till_test_random_range(random, 0, 3);
	step->from = (guint)till_test_random_range(random, 0, TILL_ORDER_STATES);
	step->to = (guint)till_test_random_range(random, 0, TILL_ORDER_STATES);
	step->milli = till_test_random_range(random, -1, 4) * ONE;
}

static TillOrderResult
act_at_random(TillTestRandom *random, TillOrder *order)
{
	gint64 at_ms = till_test_random_range(random, 0, 90000);

	switch (till_test_random_range(random, 0, 7)) {
	case 0:
		return till_order_undo(order, (guint)till_test_random_range(random, 0, 12), at_ms,
				       NULL);
	case 1: {
		TillOrderPart parts[2];
		for (guint i = 0; i < 2; i++)
			parts[i] = (TillOrderPart){(guint)till_test_random_range(random, 0, 3),
						   till_test_random_range(random, -1, 3) * ONE,
						   till_test_random_range(random, 0, 1) * ONE};
		return till_order_hand_over(order, parts, 2, at_ms, NULL);
	}
	default: {
		TillOrderMove step = {.line = (guint)till_test_random_range(random, 0, 2),
				      .at_ms = at_ms};
		choose_move(random, order, &step);
		if (till_test_random_range(random, 0, 7) == 0)
			spoil_move(random, &step);
		return till_order_move(order, &step, NULL);
	}
	}
}

static void
test_any_sequence_adds_up(void)
{
	TillTestRandom random;
	guint done = 0;

	till_test_random_init(&random, 2024);
	for (guint sequence = 0; sequence < SEQUENCES; sequence++) {
		const gint64 milli[] = {2 * ONE, 3 * ONE, ONE};
		g_autoptr(TillOrder) order = NULL;
		if (sequence % 2) {
			order = make_staged(milli, 3);
		} else {
			order = till_order_new();
			for (guint i = 0; i < 3; i++)
				(void)till_order_add_line(order, milli[i], NULL);
		}
		for (guint i = 0; i < 24; i++) {
			TillOrderResult result = act_at_random(&random, order);
			done += result == TILL_ORDER_OK ? 1 : 0;
			g_assert_nonnull(till_order_words(result));
			check_sums(order);
		}
		check_replay(order);
	}
	g_test_message("%u moves were taken", done);
	g_assert_cmpuint(done, >, 8 * SEQUENCES);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/order/happy-path", test_happy_path);
	g_test_add_func("/domain/order/short-pick-and-cancel", test_short_pick_and_cancel);
	g_test_add_func("/domain/order/refusals-change-nothing", test_refusals);
	g_test_add_func("/domain/order/hand-over-in-parts", test_hand_over_in_parts);
	g_test_add_func("/domain/order/hand-over-is-whole-or-nothing",
			test_hand_over_is_whole_or_nothing);
	g_test_add_func("/domain/order/undo-is-a-linked-step", test_undo_is_a_linked_step);
	g_test_add_func("/domain/order/what-moved-on-is-not-undone",
			test_what_moved_on_is_not_undone);
	g_test_add_func("/domain/order/restored-lines", test_restored_lines);
	g_test_add_func("/domain/order/undo-of-a-step-done-elsewhere",
			test_undo_of_a_step_done_elsewhere);
	g_test_add_func("/domain/order/moves-together", test_moves_together);
	g_test_add_func("/domain/order/state-names", test_state_names);
	g_test_add_func("/domain/order/limits", test_limits);
	g_test_add_func("/domain/order/table-has-no-dead-ends", test_table_has_no_dead_ends);
	g_test_add_func("/domain/order/any-sequence-adds-up", test_any_sequence_adds_up);
	return g_test_run();
}
