/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* Children one after the other, like words: what has no more room on a line goes to the next one.
 * Each child gets the width it likes, at most all there is (its words then wrap), and stands in the
 * middle of its line. So chips and small buttons are never cut, whatever the size of the text.
 *
 * Property: spacing (int, px), between children and between lines.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_FLOW (till_flow_get_type())
G_DECLARE_FINAL_TYPE(TillFlow, till_flow, TILL, FLOW, GtkWidget)

void till_flow_append(TillFlow *self, GtkWidget *child);

G_END_DECLS
