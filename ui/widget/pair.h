/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* Two widgets side by side while there is room, one above the other when there is not: how rows and
 * bars survive a small screen or letters twice as large without a cut word.
 *
 * Room is measured in ems, so that large text counts as a small screen. The first child takes what
 * the second leaves. With a threshold of 0 the two stand side by side, close together, whenever
 * neither has to wrap for it. A child that is not shown leaves all of it to the other.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_PAIR (till_pair_get_type())
G_DECLARE_FINAL_TYPE(TillPair, till_pair, TILL, PAIR, GtkWidget)

/* Properties: threshold-em (int, side by side from this width on), spacing (int, px), percent (int,
 * the second child's part of the width; 0: what it would like). The children are the first two
 * added in the template. */

G_END_DECLS
