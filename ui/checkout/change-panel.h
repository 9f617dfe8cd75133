/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* After payment: change due, large, until the next sale starts.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_CHANGE_PANEL (till_change_panel_get_type())
G_DECLARE_FINAL_TYPE(TillChangePanel, till_change_panel, TILL, CHANGE_PANEL, TillView)

G_END_DECLS
