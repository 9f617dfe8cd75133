/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* The right-hand card: subtotal, each tax in words, what is to pay, likely cash amounts, the
 * tender.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_PAY_PANEL (till_pay_panel_get_type())
G_DECLARE_FINAL_TYPE(TillPayPanel, till_pay_panel, TILL, PAY_PANEL, TillView)

G_END_DECLS
