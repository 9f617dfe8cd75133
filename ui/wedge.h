/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* Catches the keyboard scanner at a window, whatever has the focus (see wedge-state.h for how).
 *
 * Keys are seen in the capture phase, before any widget. A scan goes to `scan`; typing that was
 * held back goes to the focused text field, or to `typed` when the focus is on no text field.
 *
 * Threads: main. */

G_BEGIN_DECLS

typedef struct TillWedge TillWedge;

/* text is borrowed and wiped after the call: it may be a PIN, so it is handed over by plain calls
 * and never through a signal, which would copy it. */
typedef void (*TillWedgeText)(const char *text, gpointer user);

/* The wedge puts a controller on window and lives as long as it. user outlives the window. */
void till_wedge_install(GtkWindow *window, TillWedgeText scan, TillWedgeText typed, gpointer user);

G_END_DECLS
