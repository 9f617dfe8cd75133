/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "journal.h"

/* Reading the journal with suspicion: all of it on demand, and at every open the part written since
 * it was last known good. Private to this layer.
 *
 * A fault found at open does not stop selling: it becomes the store's lasting trouble, and
 * till_journal_verify names it.
 *
 * Threads: store. */

G_BEGIN_DECLS

gboolean till_journal_verify_tail(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Notes the current head as known good: what this process wrote, it sealed. */
gboolean till_journal_verify_note(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
