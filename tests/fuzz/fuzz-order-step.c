/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "order-step.h"
#include "quantity.h"

static void
check_moves(const TillOrderStep *step)
{
	g_assert_cmpuint(step->moves->len, <=, TILL_ORDER_STEP_MOVES_MAX);
	for (guint i = 0; i < step->moves->len; i++) {
		const TillOrderStepMove *move = &g_array_index(step->moves, TillOrderStepMove, i);
		g_assert_true(till_order_step_may_move(step->kind, move->from, move->to));
		g_assert_true(move->line >= 1 && move->line <= TILL_ORDER_LINES_MAX);
		g_assert_true(move->milli >= 1 && move->milli <= TILL_QUANTITY_MAX_MILLI);
	}
}

static void
run_as(TillOrderStepKind kind, GBytes *body)
{
	g_autoptr(GError) error = NULL;
	const char *type = till_order_step_type(kind);
	g_autoptr(TillOrderStep) step = till_order_step_from_bytes(type, body, &error);

	if (step == NULL) {
		g_assert_nonnull(error);
		return;
	}
	check_moves(step);
	g_autoptr(GBytes) once = till_order_step_to_bytes(step);
	g_autoptr(TillOrderStep) again = till_order_step_from_bytes(type, once, &error);
	g_assert_no_error(error);
	g_autoptr(GBytes) twice = till_order_step_to_bytes(again);
	g_assert_true(g_bytes_equal(once, twice));
}

/* The same body as every kind of step: what is taken moves by the table only and has one form. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) body = g_bytes_new(data, size);

	for (guint kind = 0; kind < TILL_ORDER_STEP_KINDS; kind++)
		run_as(kind, body);
	return 0;
}
