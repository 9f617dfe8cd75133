/* SPDX-License-Identifier: Apache-2.0 */
#include "sheet.h"

struct _TillSheet {
	GtkWidget parent_instance;
	GtkWidget *card;
	GtkWidget *title;
	TillView *content; /* borrowed from the card */
};

G_DEFINE_FINAL_TYPE(TillSheet, till_sheet, GTK_TYPE_WIDGET)

static void
till_sheet_dispose(GObject *object)
{
	GtkWidget *child;

	while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL)
		gtk_widget_unparent(child);
	G_OBJECT_CLASS(till_sheet_parent_class)->dispose(object);
}

static void
till_sheet_class_init(TillSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = till_sheet_dispose;
	gtk_widget_class_set_template_from_resource(widget_class, "/org/tillhouse/ui/sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillSheet, card);
	gtk_widget_class_bind_template_child(widget_class, TillSheet, title);
	gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
	gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
}

static void
till_sheet_init(TillSheet *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	gtk_widget_set_hexpand(GTK_WIDGET(self), TRUE);
}

GtkWidget *
till_sheet_new(const char *title, TillView *content)
{
	TillSheet *self = g_object_new(TILL_TYPE_SHEET, NULL);

	self->content = content;
	gtk_label_set_text(GTK_LABEL(self->title), title);
	gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
				       GTK_ACCESSIBLE_PROPERTY_MODAL, TRUE, -1);
	gtk_box_append(GTK_BOX(self->card), GTK_WIDGET(content));
	return GTK_WIDGET(self);
}

TillView *
till_sheet_get_content(TillSheet *self)
{
	return self->content;
}
