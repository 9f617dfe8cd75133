/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "row.h"

/* One line of the sale: words, stepper, price, total. Its buttons ask the checkout view by action
 * ("checkout.step", "checkout.edit"), naming the line by its id.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_LINE_ROW (till_line_row_get_type())
G_DECLARE_FINAL_TYPE(TillLineRow, till_line_row, TILL, LINE_ROW, TillRow)

G_END_DECLS
