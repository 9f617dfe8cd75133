/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* A pad for figures that are no secret: cash handed over, weights, counts. The typed text is plain
 * decimal with '.', whatever sign the locale shows, ready for the domain's exact parsers.
 *
 * Property: text (string). Signal "changed" ().
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_KEYPAD (till_keypad_get_type())
G_DECLARE_FINAL_TYPE(TillKeypad, till_keypad, TILL, KEYPAD, GtkWidget)

/* places: digits allowed behind the decimal sign; 0 takes the sign away. decimal_sign: what is
 * shown. */
void till_keypad_set_places(TillKeypad *self, int places, const char *decimal_sign);
/* What the figure is, for a screen reader: "Cash received". */
void till_keypad_set_name(TillKeypad *self, const char *name);
/* How the figure is shown instead of as typed; NULL: as typed. */
void till_keypad_set_shown(TillKeypad *self, const char *words);
const char *till_keypad_get_text(TillKeypad *self);
/* The next key replaces text. */
void till_keypad_set_text(TillKeypad *self, const char *text);
/* From a keyboard. TRUE when a character of text belongs to a figure. */
gboolean till_keypad_type(TillKeypad *self, const char *text);
void till_keypad_erase(TillKeypad *self);
void till_keypad_begin(TillKeypad *self); /* takes the focus */

G_END_DECLS
