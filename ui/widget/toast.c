/* SPDX-License-Identifier: Apache-2.0 */
#include "toast.h"

#define SECONDS 6
#define SECONDS_ALERT 10

struct _TillToast {
	GtkWidget parent_instance;
	GtkWidget *revealer;
	GtkWidget *label;
	GtkWidget *undo;
	GtkWidget *box;
	guint timer;
};

G_DEFINE_FINAL_TYPE(TillToast, till_toast, GTK_TYPE_WIDGET)

void
till_toast_hide(TillToast *self)
{
	g_clear_handle_id(&self->timer, g_source_remove);
	gtk_revealer_set_reveal_child(GTK_REVEALER(self->revealer), FALSE);
	gtk_accessible_update_state(GTK_ACCESSIBLE(self->box), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE,
				    -1);
	gtk_widget_set_can_target(GTK_WIDGET(self), FALSE);
}

static gboolean
timeout_cb(gpointer user)
{
	TillToast *self = user;

	self->timer = 0;
	till_toast_hide(self);
	return G_SOURCE_REMOVE;
}

void
till_toast_show(TillToast *self, const char *words, gboolean alert, gboolean undo)
{
	g_clear_handle_id(&self->timer, g_source_remove);
	gtk_label_set_text(GTK_LABEL(self->label), words);
	gtk_widget_set_visible(self->undo, undo);
	if (alert)
		gtk_widget_add_css_class(self->box, "alert");
	else
		gtk_widget_remove_css_class(self->box, "alert");
	gtk_widget_set_can_target(GTK_WIDGET(self), TRUE);
	gtk_accessible_reset_state(GTK_ACCESSIBLE(self->box), GTK_ACCESSIBLE_STATE_HIDDEN);
	gtk_revealer_set_reveal_child(GTK_REVEALER(self->revealer), TRUE);
	self->timer = g_timeout_add_seconds(alert ? SECONDS_ALERT : SECONDS, timeout_cb, self);
}

static void
hide_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	till_toast_hide(TILL_TOAST(widget));
}

static void
till_toast_dispose(GObject *object)
{
	GtkWidget *child;

	g_clear_handle_id(&TILL_TOAST(object)->timer, g_source_remove);
	while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL)
		gtk_widget_unparent(child);
	G_OBJECT_CLASS(till_toast_parent_class)->dispose(object);
}

static void
till_toast_class_init(TillToastClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = till_toast_dispose;
	gtk_widget_class_set_template_from_resource(widget_class,
						    "/org/tillhouse/ui/widget/toast.ui");
	gtk_widget_class_bind_template_child(widget_class, TillToast, revealer);
	gtk_widget_class_bind_template_child(widget_class, TillToast, label);
	gtk_widget_class_bind_template_child(widget_class, TillToast, undo);
	gtk_widget_class_bind_template_child(widget_class, TillToast, box);
	gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
	gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
	gtk_widget_class_install_action(widget_class, "toast.hide", NULL, hide_action);
}

static void
till_toast_init(TillToast *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	till_toast_hide(self);
}
