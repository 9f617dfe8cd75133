/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* The right-hand card: how the lines become what is to pay (totals-list.h), the sum, likely cash
 * amounts, the tender. The sum is always in view; the rest scrolls.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_PAY_PANEL (till_pay_panel_get_type())
G_DECLARE_FINAL_TYPE(TillPayPanel, till_pay_panel, TILL, PAY_PANEL, TillView)

G_END_DECLS
