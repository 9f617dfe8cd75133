/* SPDX-License-Identifier: Apache-2.0 */
#include "field.h"

struct _TillField {
	GtkEntry parent_instance;
};

G_DEFINE_FINAL_TYPE(TillField, till_field, GTK_TYPE_ENTRY)

static void
till_field_class_init(TillFieldClass *class)
{
	gtk_widget_class_set_activate_signal_from_name(GTK_WIDGET_CLASS(class), "activate");
}

static void
till_field_init(TillField *self)
{
	(void)self;
}
