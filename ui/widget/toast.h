/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* A sentence that comes up over the screen for some seconds, with an Undo where that is possible.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_TOAST (till_toast_get_type())
G_DECLARE_FINAL_TYPE(TillToast, till_toast, TILL, TOAST, GtkWidget)

/* alert: it went wrong; stays longer and is spoken at once. undo: offers the action win.undo. */
void till_toast_show(TillToast *self, const char *words, gboolean alert, gboolean undo);
void till_toast_hide(TillToast *self);

G_END_DECLS
