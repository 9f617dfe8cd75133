/* SPDX-License-Identifier: Apache-2.0 */
#include "place-sheet.h"

#include "field.h"
#include "flow.h"
#include "keyboard.h"
#include "session-pickups.h"

#define RECENT_MAX 8

struct _TillPlaceSheet {
	TillView parent_instance;
	GtkWidget *count;
	GtkWidget *recent; /* TillFlow of buttons */
	GtkWidget *entry;
	TillKeyboard *keyboard;
};

G_DEFINE_FINAL_TYPE(TillPlaceSheet, till_place_sheet, TILL_TYPE_VIEW)

static void
stage(TillPlaceSheet *self, const char *place)
{
	g_autofree char *name = g_strstrip(g_strdup(place));

	if (*name == '\0') {
		gtk_widget_grab_focus(self->entry);
		return;
	}
	till_session_pickup_stage(till_view_get_session(TILL_VIEW(self)), name);
	gtk_widget_activate_action(GTK_WIDGET(self), "win.close-sheet", NULL);
}

static void
activate_cb(TillPlaceSheet *self)
{
	stage(self, gtk_editable_get_text(GTK_EDITABLE(self->entry)));
}

static void
take_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	activate_cb(TILL_PLACE_SHEET(widget));
}

static void
at_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	g_autofree char *place = g_variant_dup_string(parameter, NULL);

	(void)name;
	stage(TILL_PLACE_SHEET(widget), place);
}

static void
add_recent(TillPlaceSheet *self, const char *place)
{
	GtkWidget *button = gtk_button_new_with_label(place);
	g_autofree char *name = g_strdup_printf("Stage at %s", place);

	gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "place.at");
	gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "s", place);
	gtk_widget_add_css_class(button, "till-large");
	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
				       -1);
	till_flow_append(TILL_FLOW(self->recent), button);
}

/* A place has its code on a label: a scan names it. */
static gboolean
till_place_sheet_scanned(TillView *view, const char *code)
{
	if (till_session_pickups_is_code(code))
		return FALSE;
	gtk_editable_set_text(GTK_EDITABLE(TILL_PLACE_SHEET(view)->entry), code);
	return TRUE;
}

static void
till_place_sheet_attach(TillView *view, TillSession *session)
{
	TillPlaceSheet *self = TILL_PLACE_SHEET(view);
	const TillSessionPickup *pickup = till_session_pickup(session);
	const char *const *places = till_session_pickups_places(session);

	gtk_label_set_text(GTK_LABEL(self->count), pickup ? pickup->name : "");
	for (guint i = 0; places[i] != NULL && i < RECENT_MAX; i++)
		add_recent(self, places[i]);
	gtk_widget_set_visible(self->recent, places[0] != NULL);
}

static void
till_place_sheet_begin(TillView *view)
{
	gtk_widget_grab_focus(TILL_PLACE_SHEET(view)->entry);
}

static void
till_place_sheet_class_init(TillPlaceSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_place_sheet_attach;
	TILL_VIEW_CLASS(class)->begin = till_place_sheet_begin;
	TILL_VIEW_CLASS(class)->scanned = till_place_sheet_scanned;
	g_type_ensure(TILL_TYPE_FIELD);
	g_type_ensure(TILL_TYPE_FLOW);
	g_type_ensure(TILL_TYPE_KEYBOARD);
	till_view_class_set_template(widget_class, "pickups/place-sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillPlaceSheet, count);
	gtk_widget_class_bind_template_child(widget_class, TillPlaceSheet, recent);
	gtk_widget_class_bind_template_child(widget_class, TillPlaceSheet, entry);
	gtk_widget_class_bind_template_child(widget_class, TillPlaceSheet, keyboard);
	gtk_widget_class_bind_template_callback(widget_class, activate_cb);
	gtk_widget_class_install_action(widget_class, "place.take", NULL, take_action);
	gtk_widget_class_install_action(widget_class, "place.at", "s", at_action);
}

static void
till_place_sheet_init(TillPlaceSheet *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	till_keyboard_set_target(self->keyboard, GTK_EDITABLE(self->entry));
	till_keyboard_keep(self->keyboard);
}
