/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* A tax certificate for this sale: its number, until when it counts, and which taxes it frees from.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_EXEMPT_SHEET (till_exempt_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillExemptSheet, till_exempt_sheet, TILL, EXEMPT_SHEET, TillView)

G_END_DECLS
