/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* A coupon's code, typed or scanned. A code that no promotion knows stays in the field with a
 * sentence; any other closes the dialog and is listed in the totals, counted or refused.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_COUPON_SHEET (till_coupon_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillCouponSheet, till_coupon_sheet, TILL, COUPON_SHEET, TillView)

G_END_DECLS
