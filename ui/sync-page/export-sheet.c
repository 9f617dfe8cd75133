/* SPDX-License-Identifier: Apache-2.0 */
#include "export-sheet.h"

struct _TillExportSheet {
	TillView parent_instance;
	GtkWidget *sticks; /* GtkBox of buttons */
	GtkWidget *none;
	GVolumeMonitor *monitor; /* owned */
};

G_DEFINE_FINAL_TYPE(TillExportSheet, till_export_sheet, TILL_TYPE_VIEW)

static void
add_stick(TillExportSheet *self, GMount *mount)
{
	g_autoptr(GFile) root = g_mount_get_root(mount);
	g_autofree char *path = g_file_get_path(root);
	g_autofree char *name = g_mount_get_name(mount);
	GtkWidget *button;

	if (path == NULL)
		return;
	button = gtk_button_new_with_label(name);
	gtk_widget_add_css_class(button, "till-plain");
	gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "export.take");
	gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "s", path);
	gtk_box_append(GTK_BOX(self->sticks), button);
}

static void
mounts_cb(TillExportSheet *self)
{
	GList *mounts = g_volume_monitor_get_mounts(self->monitor);
	GtkWidget *child;

	while ((child = gtk_widget_get_first_child(self->sticks)) != NULL)
		gtk_box_remove(GTK_BOX(self->sticks), child);
	for (GList *link = mounts; link != NULL; link = link->next)
		add_stick(self, link->data);
	gtk_widget_set_visible(self->none, mounts == NULL);
	g_list_free_full(mounts, g_object_unref);
}

static void
take_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	g_autoptr(TillSession) session = g_object_ref(till_view_get_session(TILL_VIEW(widget)));

	(void)name;
	till_session_books_export(session, g_variant_get_string(parameter, NULL));
	gtk_widget_activate_action(widget, "win.close-sheet", NULL);
}

static void
till_export_sheet_finalize(GObject *object)
{
	g_clear_object(&TILL_EXPORT_SHEET(object)->monitor);
	G_OBJECT_CLASS(till_export_sheet_parent_class)->finalize(object);
}

static void
till_export_sheet_class_init(TillExportSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->finalize = till_export_sheet_finalize;
	till_view_class_set_template(widget_class, "sync-page/export-sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillExportSheet, sticks);
	gtk_widget_class_bind_template_child(widget_class, TillExportSheet, none);
	gtk_widget_class_install_action(widget_class, "export.take", "s", take_action);
}

static void
till_export_sheet_init(TillExportSheet *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	self->monitor = g_volume_monitor_get();
	g_signal_connect_object(self->monitor, "mount-added", G_CALLBACK(mounts_cb), self,
				G_CONNECT_SWAPPED);
	g_signal_connect_object(self->monitor, "mount-removed", G_CALLBACK(mounts_cb), self,
				G_CONNECT_SWAPPED);
	mounts_cb(self);
}
