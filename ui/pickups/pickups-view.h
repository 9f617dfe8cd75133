/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* Pickups: the board beside the order in hand, or one after the other where there is room for one
 * only; what a code said over both.
 *
 * Property single (boolean): one at a time. Property in-detail (boolean, read-only): one at a time,
 * and it is the order.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_PICKUPS_VIEW (till_pickups_view_get_type())
G_DECLARE_FINAL_TYPE(TillPickupsView, till_pickups_view, TILL, PICKUPS_VIEW, TillView)

void till_pickups_view_set_single(TillPickupsView *self, gboolean single);
gboolean till_pickups_view_in_detail(TillPickupsView *self);

G_END_DECLS
