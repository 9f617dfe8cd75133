/* SPDX-License-Identifier: Apache-2.0 */
#include "collector-sheet.h"

#include "field.h"
#include "keyboard.h"
#include "session-pickups.h"

struct _TillCollectorSheet {
	TillView parent_instance;
	GtkWidget *entry;
	TillKeyboard *keyboard;
};

G_DEFINE_FINAL_TYPE(TillCollectorSheet, till_collector_sheet, TILL_TYPE_VIEW)

/* An empty name gives it back to the shopper. */
static void
activate_cb(TillCollectorSheet *self)
{
	g_autofree char *name =
	    g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->entry))));

	till_session_pickup_set_collector(till_view_get_session(TILL_VIEW(self)), name);
	gtk_widget_activate_action(GTK_WIDGET(self), "win.close-sheet", NULL);
}

static void
take_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	activate_cb(TILL_COLLECTOR_SHEET(widget));
}

static void
till_collector_sheet_attach(TillView *view, TillSession *session)
{
	TillCollectorSheet *self = TILL_COLLECTOR_SHEET(view);

	gtk_editable_set_text(GTK_EDITABLE(self->entry), till_session_pickup_collector(session));
}

static void
till_collector_sheet_begin(TillView *view)
{
	gtk_widget_grab_focus(TILL_COLLECTOR_SHEET(view)->entry);
}

static void
till_collector_sheet_class_init(TillCollectorSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_collector_sheet_attach;
	TILL_VIEW_CLASS(class)->begin = till_collector_sheet_begin;
	g_type_ensure(TILL_TYPE_FIELD);
	g_type_ensure(TILL_TYPE_KEYBOARD);
	till_view_class_set_template(widget_class, "pickups/collector-sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillCollectorSheet, entry);
	gtk_widget_class_bind_template_child(widget_class, TillCollectorSheet, keyboard);
	gtk_widget_class_bind_template_callback(widget_class, activate_cb);
	gtk_widget_class_install_action(widget_class, "collector.take", NULL, take_action);
}

static void
till_collector_sheet_init(TillCollectorSheet *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	till_keyboard_set_target(self->keyboard, GTK_EDITABLE(self->entry));
	till_keyboard_keep(self->keyboard);
}
