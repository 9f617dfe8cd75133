/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* The whole window when the till cannot work: not enrolled, home held by another program, ledger
 * damaged. Says what happened and what to do.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_BLOCKED_PAGE (till_blocked_page_get_type())
G_DECLARE_FINAL_TYPE(TillBlockedPage, till_blocked_page, TILL, BLOCKED_PAGE, GtkWidget)

/* The title and the advice follow from the error's code; its message stands between them. */
void till_blocked_page_tell(TillBlockedPage *self, const GError *error);

G_END_DECLS
