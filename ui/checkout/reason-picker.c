/* SPDX-License-Identifier: Apache-2.0 */
#include "reason-picker.h"

#include "field.h"
#include "flow.h"

struct _TillReasonPicker {
	TillView parent_instance;
	TillFlow *known;
	GPtrArray *toggles; /* of GtkToggleButton, one for each reason, borrowed */
	char **reasons;     /* in the order of toggles */
	GtkWidget *own;
};

enum {
	SIGNAL_CHANGED,
	SIGNAL_KEYBOARD,
	SIGNAL_DONE,
	SIGNAL_COUNT,
};

static guint signals[SIGNAL_COUNT];

G_DEFINE_FINAL_TYPE(TillReasonPicker, till_reason_picker, TILL_TYPE_VIEW)

static void
let_go(TillReasonPicker *self, const GtkToggleButton *kept)
{
	for (guint i = 0; i < self->toggles->len; i++)
		if (g_ptr_array_index(self->toggles, i) != kept)
			gtk_toggle_button_set_active(g_ptr_array_index(self->toggles, i), FALSE);
}

/* One reason at a time; words of one's own take its place. */
static void
toggled_cb(TillReasonPicker *self, GtkToggleButton *toggle)
{
	if (gtk_toggle_button_get_active(toggle)) {
		let_go(self, toggle);
		gtk_editable_set_text(GTK_EDITABLE(self->own), "");
	}
	g_signal_emit(self, signals[SIGNAL_CHANGED], 0);
}

static void
own_changed_cb(TillReasonPicker *self)
{
	if (*gtk_editable_get_text(GTK_EDITABLE(self->own)) != '\0')
		let_go(self, NULL);
	g_signal_emit(self, signals[SIGNAL_CHANGED], 0);
}

static void
own_activate_cb(TillReasonPicker *self)
{
	g_signal_emit(self, signals[SIGNAL_DONE], 0);
}

static void
keyboard_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	g_signal_emit(widget, signals[SIGNAL_KEYBOARD], 0);
}

static void
add_toggle(TillReasonPicker *self, const char *reason)
{
	g_autofree char *words = till_format_capital(reason);
	GtkWidget *toggle = gtk_toggle_button_new_with_label(words);

	gtk_widget_add_css_class(toggle, "till-choice");
	gtk_widget_set_focus_on_click(toggle, FALSE);
	g_signal_connect_object(toggle, "toggled", G_CALLBACK(toggled_cb), self, G_CONNECT_SWAPPED);
	till_flow_append(self->known, toggle);
	g_ptr_array_add(self->toggles, toggle);
}

void
till_reason_picker_set_known(TillReasonPicker *self, const char *const *reasons)
{
	g_autoptr(GStrvBuilder) copy = g_strv_builder_new();

	for (guint i = 0; i < self->toggles->len; i++)
		gtk_widget_unparent(g_ptr_array_index(self->toggles, i));
	g_ptr_array_set_size(self->toggles, 0);
	for (guint i = 0; reasons[i] != NULL; i++) {
		g_strv_builder_add(copy, reasons[i]);
		add_toggle(self, reasons[i]);
	}
	g_strfreev(self->reasons);
	self->reasons = g_strv_builder_end(copy);
}

char *
till_reason_picker_dup(TillReasonPicker *self)
{
	char *own = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->own))));

	if (*own != '\0')
		return own;
	g_free(own);
	for (guint i = 0; i < self->toggles->len; i++)
		if (gtk_toggle_button_get_active(g_ptr_array_index(self->toggles, i)))
			return g_strdup(self->reasons[i]);
	return g_strdup("");
}

GtkEditable *
till_reason_picker_get_entry(TillReasonPicker *self)
{
	return GTK_EDITABLE(self->own);
}

static void
till_reason_picker_finalize(GObject *object)
{
	g_ptr_array_unref(TILL_REASON_PICKER(object)->toggles);
	g_strfreev(TILL_REASON_PICKER(object)->reasons);
	G_OBJECT_CLASS(till_reason_picker_parent_class)->finalize(object);
}

static guint
install_signal(const char *name)
{
	return g_signal_new(name, TILL_TYPE_REASON_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
			    G_TYPE_NONE, 0);
}

static void
till_reason_picker_class_init(TillReasonPickerClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->finalize = till_reason_picker_finalize;
	g_type_ensure(TILL_TYPE_FIELD);
	g_type_ensure(TILL_TYPE_FLOW);
	signals[SIGNAL_CHANGED] = install_signal("changed");
	signals[SIGNAL_KEYBOARD] = install_signal("keyboard");
	signals[SIGNAL_DONE] = install_signal("done");
	till_view_class_set_template(widget_class, "checkout/reason-picker.ui");
	gtk_widget_class_bind_template_child(widget_class, TillReasonPicker, known);
	gtk_widget_class_bind_template_child(widget_class, TillReasonPicker, own);
	gtk_widget_class_bind_template_callback(widget_class, own_changed_cb);
	gtk_widget_class_bind_template_callback(widget_class, own_activate_cb);
	gtk_widget_class_install_action(widget_class, "reason.keyboard", NULL, keyboard_action);
}

static void
till_reason_picker_init(TillReasonPicker *self)
{
	self->toggles = g_ptr_array_new();
	gtk_widget_init_template(GTK_WIDGET(self));
}
