/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

#include "session.h"
#include "sound.h"

/* The one window: shows what the till can do now (starting, blocked, sign-in, desk), catches the
 * scanner, holds dialogs and messages, locks after five minutes without a touch.
 *
 * Actions "win.": surface(name), sheet(name), close-sheet, back, undo, lock, keyboard,
 * focus-search, cash; discount and why (about the selected line), customer, coupon, exempt.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_WINDOW (till_window_get_type())
G_DECLARE_FINAL_TYPE(TillWindow, till_window, TILL, WINDOW, GtkApplicationWindow)

#define TILL_WINDOW_IDLE_LOCK_S 300

/* sound: borrowed, nullable, outlives the window. */
TillWindow *till_window_new(GtkApplication *application, TillSound *sound);

/* The till is open: shows the sign-in. */
void till_window_set_session(TillWindow *self, TillSession *session);
TillSession *till_window_get_session(TillWindow *self); /* borrowed; NULL before that */
/* The till cannot work: shows why and what to do. */
void till_window_block(TillWindow *self, const GError *error);
/* A scan or typing as the wedge would hand it over; tests call it too. */
void till_window_scan(TillWindow *self, const char *code);
void till_window_typed(TillWindow *self, const char *text);

G_END_DECLS
