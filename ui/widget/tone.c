/* SPDX-License-Identifier: Apache-2.0 */
#include "tone.h"

static const char *const tones[] = {"good", "warn", "bad", "info", "plain"};

void
till_tone_set(GtkWidget *widget, const char *tone)
{
	if (tone == NULL || *tone == '\0')
		tone = "plain";
	for (guint i = 0; i < G_N_ELEMENTS(tones); i++)
		if (g_str_equal(tones[i], tone))
			gtk_widget_add_css_class(widget, tones[i]);
		else
			gtk_widget_remove_css_class(widget, tones[i]);
}
