/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Three short sounds, each also visible: accepted scan, unknown code, needs attention. A till
 * without a sound card is silent and nothing else.
 *
 * Sounds are played on a worker of their own, because a sound server may be slow to answer.
 *
 * Threads: main. */

G_BEGIN_DECLS

/* In the order of TillNotice. */
typedef enum {
	TILL_SOUND_ACCEPTED,
	TILL_SOUND_UNKNOWN,
	TILL_SOUND_ATTENTION,
	TILL_SOUND_COUNT,
} TillSoundName;

typedef struct TillSound TillSound;

TillSound *till_sound_new(void);
void till_sound_free(TillSound *sound);
/* Never waits, never fails. */
void till_sound_play(TillSound *sound, TillSoundName name);

G_END_DECLS
