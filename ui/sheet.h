/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* A dialog inside the window: a card over a veil. It stays in the one window so that scans are
 * still caught there, and so that kiosks without a window manager can show it.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_SHEET (till_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillSheet, till_sheet, TILL, SHEET, GtkWidget)

/* content is taken over. */
GtkWidget *till_sheet_new(const char *title, TillView *content);
TillView *till_sheet_get_content(TillSheet *self); /* borrowed */

G_END_DECLS
