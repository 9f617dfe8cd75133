/* SPDX-License-Identifier: Apache-2.0 */
#include "keypad.h"

#include <string.h>

#include "key-button.h"

#define DIGITS_MAX 12

struct _TillKeypad {
	GtkWidget parent_instance;
	GtkWidget *shown; /* takes the focus and says the figure; a plain label cannot */
	GtkWidget *display;
	GtkWidget *sign;
	GString *text;
	char *decimal_sign;
	char *name;
	int places;
	gboolean fresh; /* the next key replaces the text */
};

enum {
	SIGNAL_CHANGED,
	SIGNAL_COUNT,
};

static guint signals[SIGNAL_COUNT];

G_DEFINE_FINAL_TYPE(TillKeypad, till_keypad, GTK_TYPE_WIDGET)

void
till_keypad_set_shown(TillKeypad *self, const char *words)
{
	g_autofree char *spoken = NULL;
	g_autoptr(GString) typed = g_string_new(self->text->len ? self->text->str : "0");

	if (words == NULL) {
		g_string_replace(typed, ".", self->decimal_sign, 0);
		words = typed->str;
	}
	gtk_label_set_text(GTK_LABEL(self->display), words);
	spoken = g_strdup_printf("%s: %s", self->name, words);
	gtk_accessible_update_property(GTK_ACCESSIBLE(self->shown), GTK_ACCESSIBLE_PROPERTY_LABEL,
				       spoken, -1);
}

static void
tell_changed(TillKeypad *self)
{
	till_keypad_set_shown(self, NULL);
	g_signal_emit(self, signals[SIGNAL_CHANGED], 0);
}

/* A figure that is full takes no more: what is shown is what was meant. */
static gboolean
has_room(TillKeypad *self)
{
	const char *point = strchr(self->text->str, '.');

	if (point != NULL && (int)strlen(point + 1) >= self->places)
		return FALSE;
	return self->text->len < DIGITS_MAX;
}

static gboolean
take_character(TillKeypad *self, char character)
{
	gboolean sign = character == '.' || character == ',';

	if (!sign && !g_ascii_isdigit(character))
		return FALSE;
	if (self->fresh)
		g_string_truncate(self->text, 0);
	self->fresh = FALSE;
	if (sign && self->places > 0 && strchr(self->text->str, '.') == NULL)
		g_string_append(self->text, self->text->len ? "." : "0.");
	else if (!sign && strcmp(self->text->str, "0") == 0)
		self->text->str[0] = character;
	else if (!sign && has_room(self))
		g_string_append_c(self->text, character);
	return TRUE;
}

gboolean
till_keypad_type(TillKeypad *self, const char *text)
{
	gboolean taken = FALSE;

	for (; *text != '\0'; text++)
		taken |= take_character(self, *text);
	if (taken)
		tell_changed(self);
	return taken;
}

void
till_keypad_erase(TillKeypad *self)
{
	if (self->fresh)
		g_string_truncate(self->text, 0);
	else if (self->text->len > 0)
		g_string_truncate(self->text, self->text->len - 1);
	self->fresh = FALSE;
	tell_changed(self);
}

const char *
till_keypad_get_text(TillKeypad *self)
{
	return self->text->str;
}

void
till_keypad_set_text(TillKeypad *self, const char *text)
{
	g_string_assign(self->text, text);
	self->fresh = TRUE;
	tell_changed(self);
}

void
till_keypad_set_places(TillKeypad *self, int places, const char *decimal_sign)
{
	self->places = places;
	g_free(self->decimal_sign);
	self->decimal_sign = g_strdup(decimal_sign);
	gtk_button_set_label(GTK_BUTTON(self->sign), decimal_sign);
	gtk_widget_set_sensitive(self->sign, places > 0);
}

void
till_keypad_set_name(TillKeypad *self, const char *name)
{
	g_free(self->name);
	self->name = g_strdup(name);
	till_keypad_set_shown(self, NULL);
}

void
till_keypad_begin(TillKeypad *self)
{
	gtk_widget_grab_focus(self->shown);
}

static void
key_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	till_keypad_type(TILL_KEYPAD(widget), g_variant_get_string(parameter, NULL));
}

static void
erase_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	till_keypad_erase(TILL_KEYPAD(widget));
}

static void
till_keypad_dispose(GObject *object)
{
	GtkWidget *child;

	while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL)
		gtk_widget_unparent(child);
	G_OBJECT_CLASS(till_keypad_parent_class)->dispose(object);
}

static void
till_keypad_finalize(GObject *object)
{
	TillKeypad *self = TILL_KEYPAD(object);

	g_string_free(self->text, TRUE);
	g_free(self->decimal_sign);
	g_free(self->name);
	G_OBJECT_CLASS(till_keypad_parent_class)->finalize(object);
}

static void
till_keypad_class_init(TillKeypadClass *class)
{
	GObjectClass *object_class = G_OBJECT_CLASS(class);
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	g_type_ensure(TILL_TYPE_KEY_BUTTON);
	object_class->dispose = till_keypad_dispose;
	object_class->finalize = till_keypad_finalize;
	signals[SIGNAL_CHANGED] = g_signal_new("changed", TILL_TYPE_KEYPAD, G_SIGNAL_RUN_LAST, 0,
					       NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget_class,
						    "/org/tillhouse/ui/widget/keypad.ui");
	gtk_widget_class_bind_template_child(widget_class, TillKeypad, shown);
	gtk_widget_class_bind_template_child(widget_class, TillKeypad, display);
	gtk_widget_class_bind_template_child(widget_class, TillKeypad, sign);
	gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
	gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
	gtk_widget_class_install_action(widget_class, "keypad.key", "s", key_action);
	gtk_widget_class_install_action(widget_class, "keypad.erase", NULL, erase_action);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_BackSpace, 0, "keypad.erase",
					    NULL);
}

static void
till_keypad_init(TillKeypad *self)
{
	self->text = g_string_new(NULL);
	self->decimal_sign = g_strdup(".");
	self->name = g_strdup("Figure");
	self->places = 2;
	gtk_widget_init_template(GTK_WIDGET(self));
}
