/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "row.h"

/* A row of the board: an order as a card with its wait or state in a pill, or the heading of those
 * below it.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_BOARD_ROW (till_board_row_get_type())
G_DECLARE_FINAL_TYPE(TillBoardRow, till_board_row, TILL, BOARD_ROW, TillRow)

G_END_DECLS
