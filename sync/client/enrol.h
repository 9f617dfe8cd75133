/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Enrolment from the terminal's side: checks the central's CA against the code, hands over the
 * public key, stores the identity, pulls the first snapshot.
 *
 * Threads: any but the store's; blocks. */

G_BEGIN_DECLS

typedef struct TillStore TillStore;

/* url: "https://host:port" or "http://127.0.0.1:port" (plain HTTP on loopback only). FALSE with a
 * sentence: code used or expired, wrong CA, no answer, already enrolled. */
gboolean till_enrol_run(TillStore *store, const char *url, const char *code,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
