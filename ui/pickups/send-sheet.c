/* SPDX-License-Identifier: Apache-2.0 */
#include "send-sheet.h"

#include "field.h"
#include "keyboard.h"
#include "session-pickups.h"

struct _TillSendSheet {
	TillView parent_instance;
	GtkWidget *name;
	GtkWidget *carrier;
	GtkWidget *tracking;
	TillKeyboard *keyboard;
};

G_DEFINE_FINAL_TYPE(TillSendSheet, till_send_sheet, TILL_TYPE_VIEW)

static char *
get_words(GtkWidget *entry)
{
	return g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(entry))));
}

static void
activate_cb(TillSendSheet *self)
{
	g_autofree char *carrier = get_words(self->carrier);
	g_autofree char *tracking = get_words(self->tracking);

	if (*carrier == '\0') {
		gtk_widget_grab_focus(self->carrier);
		return;
	}
	till_session_pickup_send(till_view_get_session(TILL_VIEW(self)), carrier, tracking);
	gtk_widget_activate_action(GTK_WIDGET(self), "win.close-sheet", NULL);
}

static void
next_cb(TillSendSheet *self)
{
	gtk_widget_grab_focus(self->tracking);
}

static void
take_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	activate_cb(TILL_SEND_SHEET(widget));
}

/* The keyboard types where the person last was. */
static void
focus_cb(GtkEventController *controller, TillSendSheet *self)
{
	till_keyboard_set_target(self->keyboard,
				 GTK_EDITABLE(gtk_event_controller_get_widget(controller)));
}

static void
watch_focus(TillSendSheet *self, GtkWidget *entry)
{
	GtkEventController *controller = gtk_event_controller_focus_new();

	g_signal_connect(controller, "enter", G_CALLBACK(focus_cb), self);
	gtk_widget_add_controller(entry, controller);
}

/* The only code on a parcel is its number. */
static gboolean
till_send_sheet_scanned(TillView *view, const char *code)
{
	gtk_editable_set_text(GTK_EDITABLE(TILL_SEND_SHEET(view)->tracking), code);
	return TRUE;
}

static void
till_send_sheet_attach(TillView *view, TillSession *session)
{
	const TillSessionPickup *pickup = till_session_pickup(session);

	gtk_label_set_text(GTK_LABEL(TILL_SEND_SHEET(view)->name), pickup ? pickup->summary : "");
}

static void
till_send_sheet_begin(TillView *view)
{
	gtk_widget_grab_focus(TILL_SEND_SHEET(view)->carrier);
}

static void
till_send_sheet_class_init(TillSendSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_send_sheet_attach;
	TILL_VIEW_CLASS(class)->begin = till_send_sheet_begin;
	TILL_VIEW_CLASS(class)->scanned = till_send_sheet_scanned;
	g_type_ensure(TILL_TYPE_FIELD);
	g_type_ensure(TILL_TYPE_KEYBOARD);
	till_view_class_set_template(widget_class, "pickups/send-sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillSendSheet, name);
	gtk_widget_class_bind_template_child(widget_class, TillSendSheet, carrier);
	gtk_widget_class_bind_template_child(widget_class, TillSendSheet, tracking);
	gtk_widget_class_bind_template_child(widget_class, TillSendSheet, keyboard);
	gtk_widget_class_bind_template_callback(widget_class, activate_cb);
	gtk_widget_class_bind_template_callback(widget_class, next_cb);
	gtk_widget_class_install_action(widget_class, "send.take", NULL, take_action);
}

static void
till_send_sheet_init(TillSendSheet *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	till_keyboard_set_target(self->keyboard, GTK_EDITABLE(self->carrier));
	till_keyboard_keep(self->keyboard);
	watch_focus(self, self->carrier);
	watch_focus(self, self->tracking);
}
