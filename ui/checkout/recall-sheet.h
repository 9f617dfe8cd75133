/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* The parked sales; a tap or Enter takes one up again.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_RECALL_SHEET (till_recall_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillRecallSheet, till_recall_sheet, TILL, RECALL_SHEET, TillView)

G_END_DECLS
