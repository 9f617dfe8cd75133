/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "health.h"
#include "store.h"

/* Is the central there, for us? One signed request that changes nothing on either side: the feed
 * after our cursor.
 *
 * Online means that the answer is the central's own and that it accepts this terminal: a captive
 * portal's page, a stranger's certificate and a revoked terminal are all not online, each with its
 * reason.
 *
 * Threads: the store's creator; blocks for at most timeout_ms. */

G_BEGIN_DECLS

/* Fills health: counts and cursor from the ledger, then online, state and reason by asking. FALSE
 * only when the store itself fails. */
gboolean till_probe_run(TillStore *store, gint64 timeout_ms, TillHealth *out_health,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
