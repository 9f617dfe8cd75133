/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* The pad a PIN is typed on. Digits live in locked memory that is wiped; the widget tree, and so a
 * screen reader or anything else on the accessibility bus, sees only how many there are.
 *
 * Signal "submitted" (): OK was pressed with enough digits.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_PIN_PAD (till_pin_pad_get_type())
G_DECLARE_FINAL_TYPE(TillPinPad, till_pin_pad, TILL, PIN_PAD, GtkWidget)

/* Digits typed on a keyboard; other characters are left out. */
void till_pin_pad_type(TillPinPad *self, const char *text);
/* Takes the last digit away. */
void till_pin_pad_erase(TillPinPad *self);
void till_pin_pad_clear(TillPinPad *self);
void till_pin_pad_submit(TillPinPad *self);
/* What the OK key does, for a screen reader; "OK, sign in" until it is set. */
void till_pin_pad_set_ok_name(TillPinPad *self, const char *name);
void till_pin_pad_begin(TillPinPad *self); /* takes the focus */

/* The digits, borrowed until the next call on the pad; not NUL-terminated. */
const char *till_pin_pad_borrow(TillPinPad *self, gsize *out_length);

G_END_DECLS
