/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* Keeps what a stack does not show out of the accessibility tree. GTK 4.8 leaves every page of a
 * GtkStack in it, so that a screen reader would read the sign-in aloud behind the checkout.
 *
 * Threads: main. */

G_BEGIN_DECLS

/* Follows the stack's visible child and its pages for as long as the stack lives. */
void till_pages_watch(GtkStack *stack);

G_END_DECLS
