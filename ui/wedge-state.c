/* SPDX-License-Identifier: Apache-2.0 */
#include "wedge-state.h"

#include <string.h>

void
till_wedge_state_init(TillWedgeState *state)
{
	memset(state, 0, sizeof *state);
	state->scanned_ms = -1;
}

static void
release_held(TillWedgeState *state)
{
	memcpy(state->out, state->held, state->length + 1);
	explicit_bzero(state->held, sizeof state->held);
	state->length = 0;
	state->chars = 0;
}

static TillWedgeVerdict
replay_held(TillWedgeState *state)
{
	if (state->chars == 0)
		return TILL_WEDGE_PASS;
	release_held(state);
	return TILL_WEDGE_REPLAY;
}

static void
hold_character(TillWedgeState *state, gunichar character, gint64 time_ms)
{
	if (state->chars == 0)
		state->first_ms = time_ms;
	state->length += (gsize)g_unichar_to_utf8(character, state->held + state->length);
	state->held[state->length] = '\0';
	state->chars++;
	state->last_ms = time_ms;
}

/* Slow bursts cannot become a scan any more, so people who type fast do not wait for their letters.
 */
static gboolean
is_typing(const TillWedgeState *state, gint64 time_ms)
{
	if (time_ms - state->last_ms > TILL_WEDGE_HOLD_MS || time_ms < state->last_ms)
		return TRUE;
	return state->chars >= TILL_WEDGE_CHARS_MIN &&
	       time_ms - state->first_ms >= (gint64)state->chars * TILL_WEDGE_MEAN_GAP_MS;
}

static gboolean
is_scan(const TillWedgeState *state, gint64 time_ms)
{
	return state->chars >= TILL_WEDGE_CHARS_MIN && time_ms >= state->last_ms &&
	       time_ms - state->last_ms < TILL_WEDGE_LAST_GAP_MS &&
	       time_ms - state->first_ms < (gint64)state->chars * TILL_WEDGE_MEAN_GAP_MS;
}

static TillWedgeVerdict
take_character(TillWedgeState *state, gunichar character, gint64 time_ms)
{
	TillWedgeVerdict verdict = TILL_WEDGE_PASS;

	if (state->chars > 0 &&
	    (is_typing(state, time_ms) || state->length + 6 > TILL_WEDGE_BYTES_MAX))
		verdict = replay_held(state);
	hold_character(state, character, time_ms);
	return verdict | TILL_WEDGE_SWALLOW;
}

static TillWedgeVerdict
take_suffix(TillWedgeState *state, gint64 time_ms)
{
	if (is_scan(state, time_ms)) {
		release_held(state);
		state->scanned_ms = time_ms;
		return TILL_WEDGE_SCAN | TILL_WEDGE_SWALLOW;
	}
	/* Some scanners end with CR and LF: the second one is part of the same scan. */
	if (state->chars == 0 && state->scanned_ms >= 0 && time_ms >= state->scanned_ms &&
	    time_ms - state->scanned_ms < TILL_WEDGE_LAST_GAP_MS)
		return TILL_WEDGE_SWALLOW;
	return replay_held(state);
}

TillWedgeVerdict
till_wedge_state_key(TillWedgeState *state, TillWedgeKey key, gunichar character, gint64 time_ms)
{
	switch (key) {
	case TILL_WEDGE_KEY_CHAR:
		return take_character(state, character, time_ms);
	case TILL_WEDGE_KEY_SUFFIX:
		return take_suffix(state, time_ms);
	case TILL_WEDGE_KEY_MODIFIER:
		return TILL_WEDGE_PASS;
	case TILL_WEDGE_KEY_OTHER:
		return replay_held(state);
	}
	g_assert_not_reached();
}

TillWedgeVerdict
till_wedge_state_idle(TillWedgeState *state)
{
	return replay_held(state);
}

void
till_wedge_state_wipe(TillWedgeState *state)
{
	explicit_bzero(state->out, sizeof state->out);
}
