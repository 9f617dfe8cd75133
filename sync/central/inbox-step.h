/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "inbox.h"

/* The entries of tills about orders and carts, on their way through the inbox: read with their name
 * in the mapped file (reading.h), done in a savepoint when the inbox is careful.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

gboolean till_inbox_step_is(const TillEntry *entry);

/* Does it, or holds it: result says which. FALSE with TILL_ERROR_STATE: it breaks a rule of the
 * tables, and the inbox was not careful; with another error: the database failed. */
gboolean till_inbox_step_enter(TillInbox *inbox, const TillEntry *entry, TillWireResult *result,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether an entry that is held for this reason has its exception already. */
gboolean till_inbox_step_tells(const char *reason);

/* What a sale is besides: what it sold leaves the cart that it came of, and what is not carried out
 * is an order. */
gboolean till_inbox_step_sold(TillInbox *inbox, const TillEntry *entry, const TillSale *sale,
			      TillWireResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
