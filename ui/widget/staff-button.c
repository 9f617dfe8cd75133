/* SPDX-License-Identifier: Apache-2.0 */
#include "staff-button.h"

struct _TillStaffButton {
	TillView parent_instance;
	GtkWidget *button;
};

G_DEFINE_FINAL_TYPE(TillStaffButton, till_staff_button, TILL_TYPE_VIEW)

static void
name_cb(TillStaffButton *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));
	g_autofree char *name = g_strdup_printf("%s, %s. Switch person or lock",
						till_session_get_text(session, "staff-name"),
						till_session_get_text(session, "staff-role"));

	gtk_accessible_update_property(GTK_ACCESSIBLE(self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
				       name, -1);
}

static void
till_staff_button_attach(TillView *view, TillSession *session)
{
	g_signal_connect_object(session, "notify::staff-name", G_CALLBACK(name_cb), view,
				G_CONNECT_SWAPPED);
	name_cb(TILL_STAFF_BUTTON(view));
}

static void
till_staff_button_class_init(TillStaffButtonClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_staff_button_attach;
	till_view_class_set_template(widget_class, "widget/staff-button.ui");
	gtk_widget_class_bind_template_child(widget_class, TillStaffButton, button);
}

static void
till_staff_button_init(TillStaffButton *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
