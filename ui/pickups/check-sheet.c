/* SPDX-License-Identifier: Apache-2.0 */
#include "check-sheet.h"

#include "session-pickups.h"

struct _TillCheckSheet {
	TillView parent_instance;
	GtkWidget *name;
	GtkWidget *who_title;
	GtkWidget *by_id, *by_id_words; /* one of these two */
	GtkWidget *by_name, *by_name_words;
	GtkWidget *other, *other_words;
	GtkWidget *age, *age_words;
	TillSessionPickupCheck check;
};

G_DEFINE_FINAL_TYPE(TillCheckSheet, till_check_sheet, TILL_TYPE_VIEW)

static gboolean
is_on(GtkWidget *button)
{
	return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(button));
}

static void
ticked_cb(TillCheckSheet *self)
{
	gboolean who = !self->check.who || is_on(self->by_id) || is_on(self->by_name);
	gboolean other = !self->check.other || is_on(self->other);
	gboolean age = self->check.min_age == 0 || is_on(self->age);

	gtk_widget_action_set_enabled(GTK_WIDGET(self), "check.take", who && other && age);
}

static void
take_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillCheckSheet *self = TILL_CHECK_SHEET(widget);
	g_autoptr(TillSession) session = g_object_ref(till_view_get_session(TILL_VIEW(self)));
	const char *how = !self->check.who ? NULL : is_on(self->by_id) ? "id" : "name";
	gboolean age = self->check.min_age > 0;

	(void)name;
	(void)parameter;
	gtk_widget_activate_action(widget, "win.close-sheet", NULL);
	till_session_pickup_hand_over(session, how, age);
}

static void
show_tick(GtkWidget *button, GtkWidget *label, gboolean shown, char *words)
{
	g_autofree char *owned = words;

	gtk_widget_set_visible(button, shown);
	gtk_label_set_text(GTK_LABEL(label), owned);
	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, owned,
				       -1);
}

static void
till_check_sheet_attach(TillView *view, TillSession *session)
{
	TillCheckSheet *self = TILL_CHECK_SHEET(view);
	const TillSessionPickup *pickup = till_session_pickup(session);
	const char *collector = till_session_pickup_collector(session);

	till_session_pickup_check(session, &self->check);
	gtk_label_set_text(GTK_LABEL(self->name), *collector ? collector
						  : pickup   ? pickup->name
							     : "");
	gtk_widget_set_visible(self->who_title, self->check.who);
	show_tick(self->by_id, self->by_id_words, self->check.who,
		  g_strdup("Their document has the name on the order"));
	show_tick(self->by_name, self->by_name_words, self->check.who,
		  g_strdup("They said name and order number"));
	show_tick(self->other, self->other_words, self->check.other,
		  g_strdup_printf("The document says %s", collector));
	show_tick(self->age, self->age_words, self->check.min_age > 0,
		  g_strdup_printf("Their document says %" G_GINT64_FORMAT
				  " years or older: born on %s or before",
				  self->check.min_age,
				  self->check.born_until ? self->check.born_until : ""));
	ticked_cb(self);
}

static void
till_check_sheet_begin(TillView *view)
{
	gtk_widget_child_focus(GTK_WIDGET(view), GTK_DIR_TAB_FORWARD);
}

static void
till_check_sheet_finalize(GObject *object)
{
	till_session_pickup_check_clear(&TILL_CHECK_SHEET(object)->check);
	G_OBJECT_CLASS(till_check_sheet_parent_class)->finalize(object);
}

static void
till_check_sheet_class_init(TillCheckSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->finalize = till_check_sheet_finalize;
	TILL_VIEW_CLASS(class)->attach = till_check_sheet_attach;
	TILL_VIEW_CLASS(class)->begin = till_check_sheet_begin;
	till_view_class_set_template(widget_class, "pickups/check-sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillCheckSheet, name);
	gtk_widget_class_bind_template_child(widget_class, TillCheckSheet, who_title);
	gtk_widget_class_bind_template_child(widget_class, TillCheckSheet, by_id);
	gtk_widget_class_bind_template_child(widget_class, TillCheckSheet, by_id_words);
	gtk_widget_class_bind_template_child(widget_class, TillCheckSheet, by_name);
	gtk_widget_class_bind_template_child(widget_class, TillCheckSheet, by_name_words);
	gtk_widget_class_bind_template_child(widget_class, TillCheckSheet, other);
	gtk_widget_class_bind_template_child(widget_class, TillCheckSheet, other_words);
	gtk_widget_class_bind_template_child(widget_class, TillCheckSheet, age);
	gtk_widget_class_bind_template_child(widget_class, TillCheckSheet, age_words);
	gtk_widget_class_bind_template_callback(widget_class, ticked_cb);
	gtk_widget_class_install_action(widget_class, "check.take", NULL, take_action);
}

static void
till_check_sheet_init(TillCheckSheet *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(self->by_name),
				    GTK_TOGGLE_BUTTON(self->by_id));
}
