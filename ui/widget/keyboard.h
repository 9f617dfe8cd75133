/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* An on-screen keyboard for tills without one (a kiosk session has no virtual keyboard of its own).
 * It types into the text field that was given to it.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_KEYBOARD (till_keyboard_get_type())
G_DECLARE_FINAL_TYPE(TillKeyboard, till_keyboard, TILL, KEYBOARD, GtkWidget)

/* target: kept weakly; NULL detaches. */
void till_keyboard_set_target(TillKeyboard *self, GtkEditable *target);
/* In a dialog the keyboard stays: takes away the key that hides it. */
void till_keyboard_keep(TillKeyboard *self);

G_END_DECLS
