/* SPDX-License-Identifier: Apache-2.0 */
#include "pin-pad.h"

#include <sodium.h>

#include "key-button.h"
#include "staff.h"

struct _TillPinPad {
	GtkWidget parent_instance;
	GtkWidget *shown; /* takes the focus and says how many; a plain label cannot */
	GtkWidget *dots;
	GtkWidget *ok;
	char *digits; /* TILL_PIN_MAX bytes from sodium_malloc */
	gsize length;
};

enum {
	SIGNAL_SUBMITTED,
	SIGNAL_COUNT,
};

static guint signals[SIGNAL_COUNT];

G_DEFINE_FINAL_TYPE(TillPinPad, till_pin_pad, GTK_TYPE_WIDGET)

static void
show_length(TillPinPad *self)
{
	GString *dots = g_string_new(NULL);
	g_autofree char *words = NULL;

	for (gsize i = 0; i < MAX(self->length, TILL_PIN_MIN); i++)
		g_string_append(dots, i < self->length ? "●" : "○");
	gtk_label_set_text(GTK_LABEL(self->dots), dots->str);
	g_string_free(dots, TRUE);
	words = g_strdup_printf("PIN, %u digits entered", (guint)self->length);
	gtk_accessible_update_property(GTK_ACCESSIBLE(self->shown), GTK_ACCESSIBLE_PROPERTY_LABEL,
				       words, -1);
	gtk_widget_set_sensitive(self->ok, self->length >= TILL_PIN_MIN);
}

void
till_pin_pad_type(TillPinPad *self, const char *text)
{
	for (; *text != '\0'; text++)
		if (g_ascii_isdigit(*text) && self->length < TILL_PIN_MAX)
			self->digits[self->length++] = *text;
	show_length(self);
}

void
till_pin_pad_erase(TillPinPad *self)
{
	if (self->length > 0)
		self->digits[--self->length] = 0;
	show_length(self);
}

void
till_pin_pad_clear(TillPinPad *self)
{
	sodium_memzero(self->digits, TILL_PIN_MAX);
	self->length = 0;
	show_length(self);
}

void
till_pin_pad_submit(TillPinPad *self)
{
	if (self->length >= TILL_PIN_MIN)
		g_signal_emit(self, signals[SIGNAL_SUBMITTED], 0);
}

void
till_pin_pad_set_ok_name(TillPinPad *self, const char *name)
{
	gtk_accessible_update_property(GTK_ACCESSIBLE(self->ok), GTK_ACCESSIBLE_PROPERTY_LABEL,
				       name, -1);
}

void
till_pin_pad_begin(TillPinPad *self)
{
	gtk_widget_grab_focus(self->shown);
}

const char *
till_pin_pad_borrow(TillPinPad *self, gsize *out_length)
{
	*out_length = self->length;
	return self->digits;
}

static void
digit_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	till_pin_pad_type(TILL_PIN_PAD(widget), g_variant_get_string(parameter, NULL));
}

static void
erase_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	till_pin_pad_erase(TILL_PIN_PAD(widget));
}

static void
submit_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	till_pin_pad_submit(TILL_PIN_PAD(widget));
}

static void
till_pin_pad_dispose(GObject *object)
{
	GtkWidget *child;

	while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL)
		gtk_widget_unparent(child);
	G_OBJECT_CLASS(till_pin_pad_parent_class)->dispose(object);
}

static void
till_pin_pad_finalize(GObject *object)
{
	sodium_free(TILL_PIN_PAD(object)->digits);
	G_OBJECT_CLASS(till_pin_pad_parent_class)->finalize(object);
}

static void
till_pin_pad_class_init(TillPinPadClass *class)
{
	GObjectClass *object_class = G_OBJECT_CLASS(class);
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	g_type_ensure(TILL_TYPE_KEY_BUTTON);
	object_class->dispose = till_pin_pad_dispose;
	object_class->finalize = till_pin_pad_finalize;
	signals[SIGNAL_SUBMITTED] = g_signal_new("submitted", TILL_TYPE_PIN_PAD, G_SIGNAL_RUN_LAST,
						 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
	gtk_widget_class_set_template_from_resource(widget_class,
						    "/org/tillhouse/ui/widget/pin-pad.ui");
	gtk_widget_class_bind_template_child(widget_class, TillPinPad, shown);
	gtk_widget_class_bind_template_child(widget_class, TillPinPad, dots);
	gtk_widget_class_bind_template_child(widget_class, TillPinPad, ok);
	gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
	gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
	gtk_widget_class_install_action(widget_class, "pad.digit", "s", digit_action);
	gtk_widget_class_install_action(widget_class, "pad.erase", NULL, erase_action);
	gtk_widget_class_install_action(widget_class, "pad.submit", NULL, submit_action);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_BackSpace, 0, "pad.erase", NULL);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Return, 0, "pad.submit", NULL);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_KP_Enter, 0, "pad.submit", NULL);
}

static void
till_pin_pad_init(TillPinPad *self)
{
	g_assert(sodium_init() >= 0);
	self->digits = sodium_malloc(TILL_PIN_MAX);
	g_assert(self->digits != NULL);
	gtk_widget_init_template(GTK_WIDGET(self));
	till_pin_pad_clear(self);
}
