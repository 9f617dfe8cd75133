/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "options.h"

/* The verb serve: everything started in order, until SIGTERM or SIGINT, everything stopped in the
 * reverse order.
 *
 * Threads: main. */

G_BEGIN_DECLS

gboolean till_serve_run(TillCentral *central, const TillOptions *options,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
