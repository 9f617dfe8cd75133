/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "returns.h"

/* Returns whose sale is still in some till's queue: they wait, are entered when it comes, and after
 * a day somebody is asked to look.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

gboolean till_return_wait_note(const TillReturnsContext *context, const TillEntry *entry,
			       const TillReturn *done, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Enters what waited for an entry that was taken just now, if it was applied and is a sale (given
 * then) or an exchange; its own row must stand by then. */
gboolean till_return_wait_release_for(const TillReturnsContext *context, const TillEntry *entry,
				      const TillSale *sale, const TillWireResult *result,
				      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Enters what waited for a transaction that has come (receipt: on it), whichever store it is of. */
gboolean till_return_wait_release(const TillReturnsContext *context, const TillUuid *txn,
				  const char *receipt, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Speaks up about what has waited a day. */
gboolean till_return_wait_warn(const TillReturnsContext *context,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
