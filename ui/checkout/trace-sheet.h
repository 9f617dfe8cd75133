/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* "Why this price?": the steps from the list price of the selected line to what is paid for it, and
 * the promotions that were looked at and gave nothing, with the reason.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_TRACE_SHEET (till_trace_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillTraceSheet, till_trace_sheet, TILL, TRACE_SHEET, TillView)

G_END_DECLS
