/* SPDX-License-Identifier: Apache-2.0 */
#include "key-button.h"

struct _TillKeyButton {
	GtkButton parent_instance;
};

G_DEFINE_FINAL_TYPE(TillKeyButton, till_key_button, GTK_TYPE_BUTTON)

static void
till_key_button_activate(GtkButton *button)
{
	g_signal_emit_by_name(button, "clicked");
}

static void
till_key_button_class_init(TillKeyButtonClass *class)
{
	GTK_BUTTON_CLASS(class)->activate = till_key_button_activate;
}

static void
till_key_button_init(TillKeyButton *self)
{
	(void)self;
}
