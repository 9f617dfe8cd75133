/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* A quantity by keypad: the weight of an item that waits for one, else the quantity of the selected
 * line.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_QUANTITY_SHEET (till_quantity_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillQuantitySheet, till_quantity_sheet, TILL, QUANTITY_SHEET, TillView)

G_END_DECLS
