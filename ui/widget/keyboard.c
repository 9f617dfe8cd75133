/* SPDX-License-Identifier: Apache-2.0 */
#include "keyboard.h"

#include <string.h>

#include "key-button.h"

struct _TillKeyboard {
	GtkWidget parent_instance;
	GtkEditable *target; /* weak */
	GtkWidget *hide;
};

G_DEFINE_FINAL_TYPE(TillKeyboard, till_keyboard, GTK_TYPE_WIDGET)

static const char *const rows[] = {"1234567890", "qwertyuiop", "asdfghjkl-", "zxcvbnm.&/"};

static void
type_text(TillKeyboard *self, const char *text)
{
	int position;

	if (self->target == NULL)
		return;
	gtk_editable_delete_selection(self->target);
	position = gtk_editable_get_position(self->target);
	gtk_editable_insert_text(self->target, text, -1, &position);
	gtk_editable_set_position(self->target, position);
}

static void
key_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	type_text(TILL_KEYBOARD(widget), g_variant_get_string(parameter, NULL));
}

static void
erase_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillKeyboard *self = TILL_KEYBOARD(widget);
	int position;

	(void)name;
	(void)parameter;
	if (self->target == NULL)
		return;
	position = gtk_editable_get_position(self->target);
	if (position > 0)
		gtk_editable_delete_text(self->target, position - 1, position);
}

static void
enter_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillKeyboard *self = TILL_KEYBOARD(widget);

	(void)name;
	(void)parameter;
	if (GTK_IS_ENTRY(self->target))
		g_signal_emit_by_name(self->target, "activate");
}

static GtkWidget *
add_key(GtkWidget *row, const char *label, const char *name, const char *action, const char *target)
{
	GtkWidget *button = g_object_new(TILL_TYPE_KEY_BUTTON, "label", label, NULL);

	gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
	if (target != NULL)
		gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "s", target);
	gtk_widget_set_focus_on_click(button, FALSE);
	gtk_widget_set_hexpand(button, TRUE);
	gtk_widget_add_css_class(button, "till-key");
	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
				       -1);
	gtk_box_append(GTK_BOX(row), button);
	return button;
}

static GtkWidget *
add_row(GtkWidget *box)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);

	gtk_box_set_homogeneous(GTK_BOX(row), TRUE);
	gtk_box_append(GTK_BOX(box), row);
	return row;
}

static void
till_keyboard_dispose(GObject *object)
{
	TillKeyboard *self = TILL_KEYBOARD(object);
	GtkWidget *child;

	g_clear_weak_pointer(&self->target);
	while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL)
		gtk_widget_unparent(child);
	G_OBJECT_CLASS(till_keyboard_parent_class)->dispose(object);
}

static void
till_keyboard_class_init(TillKeyboardClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = till_keyboard_dispose;
	gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
	gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
	gtk_widget_class_set_css_name(widget_class, "tillkeyboard");
	gtk_widget_class_install_action(widget_class, "keyboard.key", "s", key_action);
	gtk_widget_class_install_action(widget_class, "keyboard.erase", NULL, erase_action);
	gtk_widget_class_install_action(widget_class, "keyboard.enter", NULL, enter_action);
}

static void
till_keyboard_init(TillKeyboard *self)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
	GtkWidget *row;

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		row = add_row(box);
		for (const char *key = rows[i]; *key != '\0'; key++) {
			char text[2] = {*key, '\0'};

			add_key(row, text, text, "keyboard.key", text);
		}
	}
	row = add_row(box);
	add_key(row, "Erase", "Erase the last letter", "keyboard.erase", NULL);
	add_key(row, "@", "At", "keyboard.key", "@");
	add_key(row, "Space", "Space", "keyboard.key", " ");
	add_key(row, "Enter", "Enter", "keyboard.enter", NULL);
	self->hide = add_key(row, "Hide", "Hide the keyboard", "win.keyboard", NULL);
	gtk_widget_set_parent(box, GTK_WIDGET(self));
}

void
till_keyboard_set_target(TillKeyboard *self, GtkEditable *target)
{
	g_set_weak_pointer(&self->target, target);
}

void
till_keyboard_keep(TillKeyboard *self)
{
	gtk_widget_set_visible(self->hide, FALSE);
}
