/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* States and their allowed moves as a table. An illegal move is a programmer's error and asserts; a
 * failed operation is a declared state of its own.
 *
 * Threads: those of the owner. */

G_BEGIN_DECLS

typedef struct {
	const char *name;
	guint32 next; /* bit n set: a move to state n is allowed */
} TillStateRow;

typedef struct {
	const TillStateRow *rows; /* borrowed, static */
	guint count;              /* at most 32 */
	guint state;
} TillStateMachine;

void till_state_machine_init(TillStateMachine *machine, const TillStateRow *rows, guint count,
			     guint initial);
gboolean till_state_machine_can(const TillStateMachine *machine, guint next);
void till_state_machine_move(TillStateMachine *machine, guint next);
const char *till_state_machine_name(const TillStateMachine *machine);

G_END_DECLS
