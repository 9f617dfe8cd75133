/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* A text field whose "activate" assistive technology can press too: GTK 4.8 offers that action for
 * a GtkEntry, and then does nothing.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_FIELD (till_field_get_type())
G_DECLARE_FINAL_TYPE(TillField, till_field, TILL, FIELD, GtkEntry)

/* Typing that had no place to go: takes the focus and puts text at the end. */
void till_field_type(TillField *self, const char *text);

G_END_DECLS
