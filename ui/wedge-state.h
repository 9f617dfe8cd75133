/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Tells a scanner that types ("keyboard wedge") from a person who types.
 *
 * A scanner sends a code as a burst of keys and ends it with Return, KP_Enter or Tab. So printable
 * keys are held back; a burst that ends with such a suffix, is long and fast enough, is a scan and
 * its suffix is swallowed, so that a scan's Return never presses a button. Anything else is given
 * back, in order, to whatever has the focus. Times come from the events, so a slow machine does not
 * change the answer.
 *
 * Threads: any (pure); the held text may be a PIN and is wiped whenever it leaves. */

G_BEGIN_DECLS

#define TILL_WEDGE_HOLD_MS 60     /* a key waits no longer than this for the next one */
#define TILL_WEDGE_LAST_GAP_MS 50 /* the suffix follows the last character within this */
#define TILL_WEDGE_MEAN_GAP_MS 35 /* mean gap of a burst, suffix included */
#define TILL_WEDGE_CHARS_MIN 4    /* shorter bursts are typing */
#define TILL_WEDGE_BYTES_MAX 1024 /* longer ones are not codes */

typedef enum {
	TILL_WEDGE_KEY_CHAR,     /* a printable character, no Ctrl, Alt or Super */
	TILL_WEDGE_KEY_SUFFIX,   /* Return, KP_Enter, Tab */
	TILL_WEDGE_KEY_MODIFIER, /* Shift and the like: part of the next key */
	TILL_WEDGE_KEY_OTHER,    /* arrows, function keys, shortcuts */
} TillWedgeKey;

/* What the caller does with the key, as bits, in this order. */
typedef enum {
	TILL_WEDGE_PASS = 0,
	TILL_WEDGE_REPLAY = 1 << 0,  /* first give `out` (held text) to the focus */
	TILL_WEDGE_SWALLOW = 1 << 1, /* the key itself goes no further */
	TILL_WEDGE_SCAN = 1 << 2,    /* `out` is a scanned code */
} TillWedgeVerdict;

typedef struct {
	char held[TILL_WEDGE_BYTES_MAX + 1];
	gsize length;                       /* bytes held */
	guint chars;                        /* characters held */
	gint64 first_ms;                    /* time of the first held key */
	gint64 last_ms;                     /* time of the last held key */
	gint64 scanned_ms;                  /* when the last scan ended; -1: none yet */
	char out[TILL_WEDGE_BYTES_MAX + 1]; /* what REPLAY or SCAN is about */
} TillWedgeState;

void till_wedge_state_init(TillWedgeState *state);

/* A key went down. character: of a CHAR, else 0. Time in milliseconds of the event clock. */
TillWedgeVerdict till_wedge_state_key(TillWedgeState *state, TillWedgeKey key, gunichar character,
				      gint64 time_ms);

/* TILL_WEDGE_HOLD_MS passed without a key: REPLAY when something was held. */
TillWedgeVerdict till_wedge_state_idle(TillWedgeState *state);

/* Wipes `out` once it has been used. */
void till_wedge_state_wipe(TillWedgeState *state);

G_END_DECLS
