/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

#include "sound.h"
#include "window.h"

/* The GTK application: style, icons, keys, the window, and the moment when the till is opened.
 *
 * It is not unique on the session bus: what makes a second start impossible is the lock in the
 * home.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_APPLICATION (till_application_get_type())
G_DECLARE_FINAL_TYPE(TillApplication, till_application, TILL, APPLICATION, GtkApplication)

/* Opens the till; runs after the first frame, and again when a person presses "Try again". */
typedef void (*TillApplicationOpen)(TillApplication *self, gpointer user);

/* sound: borrowed, nullable. fullscreen: for kiosks. */
TillApplication *till_application_new(TillApplicationOpen open, gpointer user, TillSound *sound,
				      gboolean fullscreen);
TillWindow *till_application_get_window(TillApplication *self); /* NULL before activation */

/* Makes resources, style and icons known; tests call it without an application. */
void till_application_load_assets(GdkDisplay *display);

G_END_DECLS
