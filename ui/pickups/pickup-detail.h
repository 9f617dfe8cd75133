/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* The order in hand: who, what was paid, the code's state, lines to tick, what stays, and the one
 * thing to do next.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_PICKUP_DETAIL (till_pickup_detail_get_type())
G_DECLARE_FINAL_TYPE(TillPickupDetail, till_pickup_detail, TILL, PICKUP_DETAIL, TillView)

/* Where a camera's picture goes, beside the name: takes it in, or gives it up with NULL. */
void till_pickup_detail_take_camera(TillPickupDetail *self, GtkWidget *camera);

G_END_DECLS
