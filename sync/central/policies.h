/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "changes.h"
#include "return-policy.h"

/* The return policy in the books: judged before it comes in, versioned, what it was kept (past.h).
 *
 * There is one, "returns", for every channel. Its body is the whole policy as canonical JSON
 * (return-policy.h); the version rises whenever the content changes, so that a return that names
 * it names what it was judged by.
 *
 * Threads: the writer's but for till_policies_faults. */

G_BEGIN_DECLS

#define TILL_POLICIES_RETURNS "returns"
#define TILL_POLICIES_BODY_MAX 65536 /* bytes of the canonical text */

/* Every fault of what somebody wrote, row by row, as sentences (char*, owned by the array); empty:
 * it is a policy. Threads: any. */
GPtrArray *till_policies_faults(const json_t *object);

/* Judges a policy and writes it; object is borrowed. TILL_ERROR_INVALID: it is no policy;
 * TILL_ERROR_STATE: its version does not fit what is in the books. Anything else is the
 * database's. */
gboolean till_policies_put(TillChanges *changes, const json_t *object, gint64 *out_version,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The policy that counts. NULL with TILL_ERROR_NOT_FOUND when none was imported. The caller owns
 * the reference. */
TillReturnPolicy *till_policies_find(TillDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Its text as it stands in the books. The caller frees it; errors as above. */
char *till_policies_text(TillDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
