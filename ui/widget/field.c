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

void
till_field_type(TillField *self, const char *text)
{
	int position = gtk_entry_get_text_length(GTK_ENTRY(self));

	gtk_entry_grab_focus_without_selecting(GTK_ENTRY(self));
	gtk_editable_insert_text(GTK_EDITABLE(self), text, -1, &position);
	gtk_editable_set_position(GTK_EDITABLE(self), position);
}
