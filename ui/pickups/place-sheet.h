/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* Where picked goods are put: a place used lately by one press, any other by its name.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_PLACE_SHEET (till_place_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillPlaceSheet, till_place_sheet, TILL, PLACE_SHEET, TillView)

G_END_DECLS
