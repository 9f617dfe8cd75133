/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recover.h"
#include "salvage.h"

/* The half of a recovery that writes the new ledger. Private to recover.c and recover-build.c.
 *
 * Threads: one at a time. */

G_BEGIN_DECLS

typedef struct {
	TillSalvage *salvage; /* with an identity */
	const TillSigningKey *key;
	const TillClock *clock;
} TillRecoverSource;

/* Makes the ledger at path, which must not exist, checked and closed. out_head: the new
 * incarnation. Counts go into recovery. After a failure what was written is gone. */
gboolean till_recover_build(const TillRecoverSource *source, const char *path,
			    TillIncarnation *out_head, TillRecovery *recovery,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
