/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

#include "session-pickups.h"

/* One line of the order in hand: a box to tick, what it is, where it stands in words, and steps for
 * a line of several pieces. Pressing the row ticks it whole; the actions are the detail's:
 * pickup.tick(line), pickup.step((line, pieces)).
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_TICK_ROW (till_tick_row_get_type())
G_DECLARE_FINAL_TYPE(TillTickRow, till_tick_row, TILL, TICK_ROW, GtkWidget)

GtkWidget *till_tick_row_new(guint line);
guint till_tick_row_get_line(TillTickRow *self);
void till_tick_row_show(TillTickRow *self, const TillSessionPickupLine *line);

G_END_DECLS
