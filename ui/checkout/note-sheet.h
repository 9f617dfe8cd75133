/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* A note on the selected line; it is printed on the receipt.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_NOTE_SHEET (till_note_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillNoteSheet, till_note_sheet, TILL, NOTE_SHEET, TillView)

G_END_DECLS
