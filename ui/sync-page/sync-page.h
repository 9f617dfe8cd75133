/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* The truth about the queue: what waits and how old, last success, what went wrong in words, try
 * now, export to a USB stick, and the exceptions that want a person.
 *
 * Actions "sync.": try-now, export(directory).
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_SYNC_PAGE (till_sync_page_get_type())
G_DECLARE_FINAL_TYPE(TillSyncPage, till_sync_page, TILL, SYNC_PAGE, TillView)

G_END_DECLS
