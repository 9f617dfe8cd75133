/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "code.h"

/* Lets a code that stays in a camera's view through once.
 *
 * A camera sees the same code in frame after frame, and misses it in some. The gate opens for a
 * code when it is seen for the first time, or after it has not been seen for the time that counts
 * as gone. Codes are told apart by kind and bytes. At most TILL_REPEAT_GATE_CODES are remembered;
 * one more forgets the one that was seen longest ago.
 *
 * Threads: the owner's. The time is handed in, in milliseconds of a clock that never goes back. */

G_BEGIN_DECLS

#define TILL_REPEAT_GATE_CODES 32

typedef struct TillRepeatGate TillRepeatGate;

/* gone_ms: at least 1 (asserted). */
TillRepeatGate *till_repeat_gate_new(gint64 gone_ms);
void till_repeat_gate_free(TillRepeatGate *gate);

/* A frame of at_ms holds this code. TRUE when it is to be told. */
gboolean till_repeat_gate_see(TillRepeatGate *gate, const TillCode *code, gint64 at_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillRepeatGate, till_repeat_gate_free)

G_END_DECLS
