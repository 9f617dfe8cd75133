/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* A change of the selected line's price by hand, or a percentage off every line: figure, reason,
 * old and new price as one types. What goes beyond the limits of the person signed in asks another
 * one for approval, in place.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_DISCOUNT_SHEET (till_discount_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillDiscountSheet, till_discount_sheet, TILL, DISCOUNT_SHEET, TillView)

G_END_DECLS
