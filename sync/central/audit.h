/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"

/* The central audits its own books: are the numbers gapless, do the chains hold, do the tables say
 * what the entries say, does stock follow from what came and what was sold, has each held entry its
 * exception?
 *
 * Threads: the writer's; reads everything, so it takes its time. */

G_BEGIN_DECLS

typedef struct {
	gint64 sales;
	gint64 refunds;
	gint64 held;
	GPtrArray *problems; /* of char*, owned; at most 100 */
} TillAudit;

gboolean till_audit_run(TillCentral *central, TillAudit *out,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_audit_clear(TillAudit *audit);

G_END_DECLS
