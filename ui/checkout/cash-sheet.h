/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* Any amount of cash: a keypad, what is to pay, the change it will make.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_CASH_SHEET (till_cash_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillCashSheet, till_cash_sheet, TILL, CASH_SHEET, TillView)

G_END_DECLS
