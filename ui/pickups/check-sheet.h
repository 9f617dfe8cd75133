/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* What has to be looked at before the goods go: who it is, whose document, how old. Each is ticked
 * by the person who looked.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_CHECK_SHEET (till_check_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillCheckSheet, till_check_sheet, TILL, CHECK_SHEET, TillView)

G_END_DECLS
