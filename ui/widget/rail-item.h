/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* One surface in the rail: icon, name, and in a badge how much there waits for a person. It does
 * the action win.surface of its surface and is pressed in while that one is shown.
 *
 * Construct properties: surface ("pickups"), title ("Pickups"), symbol (icon name), key ("F2").
 * Property badge (uint): 0 shows none, above 99 it says 99+.
 * Property waiting (text): what the badge counts, for those who hear it: "outside".
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_RAIL_ITEM (till_rail_item_get_type())
G_DECLARE_FINAL_TYPE(TillRailItem, till_rail_item, TILL, RAIL_ITEM, GtkToggleButton)

void till_rail_item_set_badge(TillRailItem *self, guint badge);

G_END_DECLS
