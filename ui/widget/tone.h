/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* The colour of a pill, a chip or a card: "good", "warn", "bad", "info", "plain". It never says
 * anything that the words beside it do not.
 *
 * Threads: main. */

G_BEGIN_DECLS

/* Sets the class of that tone on widget and takes the others off; NULL counts as "plain". */
void till_tone_set(GtkWidget *widget, const char *tone);

G_END_DECLS
