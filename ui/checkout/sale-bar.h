/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* What may be done with the selected line (discount, why this price, note, remove) and with the
 * sale in hand (park, recall, clear).
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_SALE_BAR (till_sale_bar_get_type())
G_DECLARE_FINAL_TYPE(TillSaleBar, till_sale_bar, TILL, SALE_BAR, TillView)

G_END_DECLS
