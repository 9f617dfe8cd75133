/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* Who stands here if it is not the shopper. Their document is looked at when the goods are handed
 * over.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_COLLECTOR_SHEET (till_collector_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillCollectorSheet, till_collector_sheet, TILL, COLLECTOR_SHEET, TillView)

G_END_DECLS
