/* SPDX-License-Identifier: Apache-2.0 */
#include "state-machine.h"

enum { IDLE, BUSY, FAILED };

static const TillStateRow rows[] = {
    [IDLE] = {"idle", 1 << BUSY},
    [BUSY] = {"busy", 1 << IDLE | 1 << FAILED},
    [FAILED] = {"failed", 0},
};

static void
test_allowed_moves(void)
{
	TillStateMachine machine;
	till_state_machine_init(&machine, rows, G_N_ELEMENTS(rows), IDLE);
	g_assert_cmpstr(till_state_machine_name(&machine), ==, "idle");
	g_assert_true(till_state_machine_can(&machine, BUSY));
	g_assert_false(till_state_machine_can(&machine, FAILED));
	g_assert_false(till_state_machine_can(&machine, IDLE));
	till_state_machine_move(&machine, BUSY);
	till_state_machine_move(&machine, FAILED);
	g_assert_cmpstr(till_state_machine_name(&machine), ==, "failed");
	g_assert_cmpuint(machine.state, ==, FAILED);
}

static void
test_thirty_two_states_fit(void)
{
	TillStateRow ring[32];
	for (guint i = 0; i < G_N_ELEMENTS(ring); i++)
		ring[i] = (TillStateRow){"step", (guint32)1 << ((i + 1) % 32)};
	TillStateMachine machine;
	till_state_machine_init(&machine, ring, G_N_ELEMENTS(ring), 31);
	till_state_machine_move(&machine, 0);
	g_assert_true(till_state_machine_can(&machine, 1));
	g_assert_false(till_state_machine_can(&machine, 31));
}

static void
test_illegal_move_asserts(void)
{
	if (g_test_subprocess()) {
		TillStateMachine machine;
		till_state_machine_init(&machine, rows, G_N_ELEMENTS(rows), IDLE);
		till_state_machine_move(&machine, FAILED);
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_failed();
	g_test_trap_assert_stderr("*till_state_machine_can*");
}

static void
test_move_to_undeclared_state_asserts(void)
{
	if (g_test_subprocess()) {
		static const TillStateRow bad[] = {{"only", 1 << 1}};
		TillStateMachine machine;
		till_state_machine_init(&machine, bad, G_N_ELEMENTS(bad), 0);
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_failed();
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/state-machine/allows-what-the-table-says", test_allowed_moves);
	g_test_add_func("/base/state-machine/thirty-two-states-fit", test_thirty_two_states_fit);
	g_test_add_func("/base/state-machine/an-illegal-move-asserts", test_illegal_move_asserts);
	g_test_add_func("/base/state-machine/a-table-with-an-undeclared-state-asserts",
			test_move_to_undeclared_state_asserts);
	return g_test_run();
}
