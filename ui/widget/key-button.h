/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* A button for keys that are pressed in quick succession. GtkButton answers a key or an assistive
 * technology a quarter of a second late and drops what comes meanwhile, so that "11" would be "1".
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_KEY_BUTTON (till_key_button_get_type())
G_DECLARE_FINAL_TYPE(TillKeyButton, till_key_button, TILL, KEY_BUTTON, GtkButton)

G_END_DECLS
