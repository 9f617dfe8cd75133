/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* Why a person changes something: one of the shop's reasons, or words of one's own.
 *
 * Signals: "changed" (); "keyboard" (), the person wants to type on the screen; "done" (), Enter in
 * the field.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_REASON_PICKER (till_reason_picker_get_type())
G_DECLARE_FINAL_TYPE(TillReasonPicker, till_reason_picker, TILL, REASON_PICKER, TillView)

/* NULL-terminated, copied. */
void till_reason_picker_set_known(TillReasonPicker *self, const char *const *reasons);
/* The words typed, or else the reason chosen; "" when there is none. Caller frees. */
char *till_reason_picker_dup(TillReasonPicker *self);
GtkEditable *till_reason_picker_get_entry(TillReasonPicker *self); /* borrowed */

G_END_DECLS
