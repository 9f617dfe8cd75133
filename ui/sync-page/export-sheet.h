/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* Which USB stick takes the unsent sales: one button for each that is plugged in, followed live.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_EXPORT_SHEET (till_export_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillExportSheet, till_export_sheet, TILL, EXPORT_SHEET, TillView)

G_END_DECLS
