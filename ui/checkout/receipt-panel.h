/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* The receipt of the sale just paid, as it would be printed.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_RECEIPT_PANEL (till_receipt_panel_get_type())
G_DECLARE_FINAL_TYPE(TillReceiptPanel, till_receipt_panel, TILL, RECEIPT_PANEL, TillView)

G_END_DECLS
