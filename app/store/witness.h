/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "crypto.h"

/* What this machine remembers of a terminal's journal head, in a small file outside the home.
 * Private to this layer.
 *
 * Written in place after every commit without a sync (one pwrite of one page, so it costs nothing)
 * and synced about once a minute. A torn or foreign file reads as absent: a witness can only ever
 * add suspicion.
 *
 * Threads: store. */

G_BEGIN_DECLS

typedef struct TillWitness TillWitness;

typedef struct {
	guint64 incarnation; /* 0: nothing seen yet */
	gint64 seq;
	TillHash chain;
} TillWitnessHead;

/* The directory: $TILLHOUSE_STATE_DIR, else $XDG_STATE_HOME/tillhouse, else
 * ~/.local/state/tillhouse. Caller frees. */
char *till_witness_directory(void);

/* Opens or makes the file of a terminal and reads it. */
TillWitness *till_witness_open(const char *directory, const char *terminal_id,
			       TillWitnessHead *out_head, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_witness_free(TillWitness *witness);

gboolean till_witness_write(TillWitness *witness, const TillWitnessHead *head,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Syncs what was written since the last sync; nothing when there is nothing. */
gboolean till_witness_sync(TillWitness *witness, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillWitness, till_witness_free)

G_END_DECLS
