/* SPDX-License-Identifier: Apache-2.0 */
#include "state-machine.h"

#define STATES_MAX 32

void
till_state_machine_init(TillStateMachine *machine, const TillStateRow *rows, guint count,
			guint initial)
{
	g_assert(machine != NULL && rows != NULL);
	g_assert(count > 0 && count <= STATES_MAX);
	g_assert(initial < count);
	for (guint i = 0; i < count; i++) {
		g_assert(rows[i].name != NULL);
		g_assert(count == STATES_MAX || (rows[i].next >> count) == 0);
	}
	machine->rows = rows;
	machine->count = count;
	machine->state = initial;
}

gboolean
till_state_machine_can(const TillStateMachine *machine, guint next)
{
	g_assert(next < machine->count);
	return (machine->rows[machine->state].next & ((guint32)1 << next)) != 0;
}

void
till_state_machine_move(TillStateMachine *machine, guint next)
{
	g_assert(till_state_machine_can(machine, next));
	machine->state = next;
}

const char *
till_state_machine_name(const TillStateMachine *machine)
{
	return machine->rows[machine->state].name;
}
