/* SPDX-License-Identifier: Apache-2.0 */
#include "repeat-gate.h"

typedef struct {
	TillCode *code; /* owned; NULL: free */
	gint64 seen_ms; /* last */
} Seen;

struct TillRepeatGate {
	gint64 gone_ms;
	Seen seen[TILL_REPEAT_GATE_CODES];
};

TillRepeatGate *
till_repeat_gate_new(gint64 gone_ms)
{
	TillRepeatGate *gate = g_new0(TillRepeatGate, 1);

	g_assert(gone_ms > 0);
	gate->gone_ms = gone_ms;
	return gate;
}

void
till_repeat_gate_free(TillRepeatGate *gate)
{
	if (gate == NULL)
		return;
	for (guint i = 0; i < TILL_REPEAT_GATE_CODES; i++)
		till_code_free(gate->seen[i].code);
	g_free(gate);
}

/* The place of a code, or the one that it may take: a free one, else the longest unseen. */
static Seen *
find(TillRepeatGate *gate, const TillCode *code)
{
	Seen *oldest = &gate->seen[0];

	for (guint i = 0; i < TILL_REPEAT_GATE_CODES; i++) {
		Seen *seen = &gate->seen[i];
		if (seen->code != NULL && till_code_equal(seen->code, code))
			return seen;
		if (oldest->code != NULL && (seen->code == NULL || seen->seen_ms < oldest->seen_ms))
			oldest = seen;
	}
	g_clear_pointer(&oldest->code, till_code_free);
	return oldest;
}

gboolean
till_repeat_gate_see(TillRepeatGate *gate, const TillCode *code, gint64 at_ms)
{
	Seen *seen = find(gate, code);
	gboolean is_new = seen->code == NULL || at_ms - seen->seen_ms >= gate->gone_ms;

	if (seen->code == NULL)
		seen->code = till_code_new(code->kind, code->bytes, code->size, code->gs1);
	seen->seen_ms = at_ms;
	return is_new;
}
