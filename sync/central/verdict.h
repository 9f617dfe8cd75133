/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "messages.h"

/* What a hello means: where each incarnation of a terminal goes on, and whether the machine that
 * speaks is the one we know.
 *
 * A head is compared with what the central holds of that incarnation. A terminal behind us with an
 * equal chain was restored from a backup; unequal chains are a clone, or a restored one that went
 * on selling. A new incarnation that starts below its parent's head was restored before it spoke. A
 * machine (fingerprint) that speaks again after another one has spoken means that two copies live.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* The central's chain value at seq of the incarnation in question. FALSE when it holds no such row.
 */
typedef gboolean (*TillVerdictChain)(gpointer user, gint64 seq, TillHash *out_chain);

/* server_seq: the central's head, 0 when it knows nothing of the incarnation. */
TillWireHeadAnswer till_verdict_head(const TillWireHead *head, gint64 server_seq,
				     TillVerdictChain chain, gpointer user);

typedef enum {
	TILL_VERDICT_SAME,     /* nothing to say */
	TILL_VERDICT_RESTORED, /* rows of it are here that it has lost */
	TILL_VERDICT_CLONE,    /* two copies live */
} TillVerdictMachine;

typedef struct {
	gboolean fingerprint_is_last;  /* the one that spoke last time */
	gboolean fingerprint_is_known; /* spoke at some time */
	gboolean first_hello;          /* nobody has spoken yet */
	gboolean any_rollback;
	gboolean any_fork;
} TillVerdictSigns;

TillVerdictMachine till_verdict_machine(const TillVerdictSigns *signs);

G_END_DECLS
