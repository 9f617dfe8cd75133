/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* Makes the program look as the system asks: light or dark, high contrast or not. GTK's own
 * settings are followed, and the desktop portal's, which GTK 4.8 does not read by itself.
 *
 * Threads: main. */

G_BEGIN_DECLS

/* Loads style.css and one of the four palettes, and follows the settings until the display closes.
 */
void till_appearance_install(GdkDisplay *display);

/* The palette for a theme name as GtkSettings tells it: "light", "dark", "contrast",
 * "contrast-dark". Static. */
const char *till_appearance_palette(const char *theme, gboolean dark, gboolean contrast);

G_END_DECLS
