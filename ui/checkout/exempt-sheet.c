/* SPDX-License-Identifier: Apache-2.0 */
#include "exempt-sheet.h"

#include "field.h"
#include "flow.h"
#include "keyboard.h"

struct _TillExemptSheet {
	TillView parent_instance;
	GtkWidget *certificate;
	GtkWidget *until;
	GtkWidget *words;
	TillFlow *classes;
	GtkWidget *all;     /* the toggle for every tax */
	GPtrArray *toggles; /* of GtkWidget, one for each class, borrowed */
	char **class_names; /* in the order of toggles */
	TillKeyboard *keyboard;
};

G_DEFINE_FINAL_TYPE(TillExemptSheet, till_exempt_sheet, TILL_TYPE_VIEW)

static void
tell(TillExemptSheet *self, const char *words)
{
	gtk_label_set_text(GTK_LABEL(self->words), words);
	gtk_widget_set_visible(self->words, *words != '\0');
}

/* The first moment after a local day: "2027-12-31". 0: no end; FALSE when it is no date. */
static gboolean
read_until(TillExemptSheet *self, gint64 *out_ms)
{
	const char *zone_name =
	    till_session_get_shop(till_view_get_session(TILL_VIEW(self)))->time_zone;
	g_autofree char *text = g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->until)));
	g_autofree char *moment = NULL;
	g_autoptr(GTimeZone) zone = NULL;
	g_autoptr(GDateTime) day = NULL;
	g_autoptr(GDateTime) next = NULL;

	*out_ms = 0;
	if (*g_strstrip(text) == '\0')
		return TRUE;
	zone = g_time_zone_new_identifier(zone_name);
	if (zone == NULL)
		zone = g_time_zone_new_local();
	moment = g_strdup_printf("%sT00:00:00", text);
	day = g_date_time_new_from_iso8601(moment, zone);
	if (day == NULL)
		return FALSE;
	next = g_date_time_add_days(day, 1);
	*out_ms = g_date_time_to_unix(next) * 1000;
	return TRUE;
}

static char **
read_classes(TillExemptSheet *self)
{
	g_autoptr(GStrvBuilder) chosen = g_strv_builder_new();

	for (guint i = 0; i < self->toggles->len; i++)
		if (gtk_toggle_button_get_active(
			GTK_TOGGLE_BUTTON(g_ptr_array_index(self->toggles, i))))
			g_strv_builder_add(chosen, self->class_names[i]);
	return g_strv_builder_end(chosen);
}

static void
take(TillExemptSheet *self, TillSession *session, TillExemption *exemption)
{
	if (!till_session_shopper_set_exemption(session, exemption)) {
		tell(self, "Type the number of the certificate.");
		return;
	}
	gtk_widget_activate_action(GTK_WIDGET(self), "win.close-sheet", NULL);
}

static void
take_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillExemptSheet *self = TILL_EXEMPT_SHEET(widget);
	g_autoptr(TillSession) session = g_object_ref(till_view_get_session(TILL_VIEW(widget)));
	g_autofree char *number = g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->certificate)));
	g_auto(GStrv) classes = read_classes(self);
	gboolean all = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->all));
	TillExemption exemption = {.certificate = number, .tax_classes = all ? NULL : classes};

	(void)name;
	(void)parameter;
	if (!read_until(self, &exemption.valid_to_ms))
		tell(self, "That is no date. Type it as year-month-day: 2027-12-31.");
	else if (!all && classes[0] == NULL)
		tell(self, "Choose what the certificate frees from.");
	else
		take(self, session, &exemption);
}

static void
activate_cb(TillExemptSheet *self)
{
	gtk_widget_activate_action(GTK_WIDGET(self), "exempt.take", NULL);
}

static void
changed_cb(TillExemptSheet *self)
{
	g_autofree char *number = g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->certificate)));

	tell(self, "");
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "exempt.take", *g_strstrip(number) != '\0');
}

/* The on-screen keyboard types where the person is. */
static void
certificate_focus_cb(TillExemptSheet *self)
{
	till_keyboard_set_target(self->keyboard, GTK_EDITABLE(self->certificate));
}

static void
until_focus_cb(TillExemptSheet *self)
{
	till_keyboard_set_target(self->keyboard, GTK_EDITABLE(self->until));
}

/* ---- which taxes ---- */

/* Every tax, or some: choosing one side lets go of the other. */
static void
toggled_cb(TillExemptSheet *self, GtkToggleButton *toggle)
{
	if (!gtk_toggle_button_get_active(toggle))
		return;
	tell(self, "");
	if (GTK_WIDGET(toggle) != self->all) {
		gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->all), FALSE);
		return;
	}
	for (guint i = 0; i < self->toggles->len; i++)
		gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(g_ptr_array_index(self->toggles, i)),
					     FALSE);
}

static GtkWidget *
add_toggle(TillExemptSheet *self, const char *words)
{
	GtkWidget *toggle = gtk_toggle_button_new_with_label(words);

	gtk_widget_add_css_class(toggle, "till-choice");
	gtk_widget_set_focus_on_click(toggle, FALSE);
	g_signal_connect_object(toggle, "toggled", G_CALLBACK(toggled_cb), self, G_CONNECT_SWAPPED);
	till_flow_append(self->classes, toggle);
	return toggle;
}

static void
add_classes(TillExemptSheet *self, const TillExemption *current)
{
	self->all = add_toggle(self, "All taxes");
	for (guint i = 0; self->class_names[i] != NULL; i++) {
		g_autofree char *words = till_format_capital(self->class_names[i]);
		GtkWidget *toggle = add_toggle(self, words);

		g_ptr_array_add(self->toggles, toggle);
		if (current->tax_classes != NULL &&
		    g_strv_contains((const char *const *)current->tax_classes,
				    self->class_names[i]))
			gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(toggle), TRUE);
	}
	if (current->tax_classes == NULL)
		gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->all), TRUE);
}

/* ---- view ---- */

static void
till_exempt_sheet_attach(TillView *view, TillSession *session)
{
	TillExemptSheet *self = TILL_EXEMPT_SHEET(view);
	const TillExemption *current = &till_session_shopper(session)->exemption;

	self->class_names = till_session_shopper_tax_classes(session);
	add_classes(self, current);
	if (current->certificate != NULL)
		gtk_editable_set_text(GTK_EDITABLE(self->certificate), current->certificate);
}

static gboolean
till_exempt_sheet_typed(TillView *view, const char *text)
{
	till_field_type(TILL_FIELD(TILL_EXEMPT_SHEET(view)->certificate), text);
	return TRUE;
}

/* A certificate may carry its number as a barcode. */
static gboolean
till_exempt_sheet_scanned(TillView *view, const char *code)
{
	gtk_editable_set_text(GTK_EDITABLE(TILL_EXEMPT_SHEET(view)->certificate), code);
	till_session_notice(till_view_get_session(view), TILL_NOTICE_ACCEPTED, FALSE,
			    "The number of the certificate is in. Check it, then sell tax-exempt.");
	return TRUE;
}

static void
till_exempt_sheet_begin(TillView *view)
{
	gtk_widget_grab_focus(TILL_EXEMPT_SHEET(view)->certificate);
}

static void
till_exempt_sheet_finalize(GObject *object)
{
	TillExemptSheet *self = TILL_EXEMPT_SHEET(object);

	g_ptr_array_unref(self->toggles);
	g_strfreev(self->class_names);
	G_OBJECT_CLASS(till_exempt_sheet_parent_class)->finalize(object);
}

static void
till_exempt_sheet_class_init(TillExemptSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->finalize = till_exempt_sheet_finalize;
	TILL_VIEW_CLASS(class)->attach = till_exempt_sheet_attach;
	TILL_VIEW_CLASS(class)->begin = till_exempt_sheet_begin;
	TILL_VIEW_CLASS(class)->typed = till_exempt_sheet_typed;
	TILL_VIEW_CLASS(class)->scanned = till_exempt_sheet_scanned;
	g_type_ensure(TILL_TYPE_KEYBOARD);
	g_type_ensure(TILL_TYPE_FIELD);
	g_type_ensure(TILL_TYPE_FLOW);
	till_view_class_set_template(widget_class, "checkout/exempt-sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillExemptSheet, certificate);
	gtk_widget_class_bind_template_child(widget_class, TillExemptSheet, until);
	gtk_widget_class_bind_template_child(widget_class, TillExemptSheet, classes);
	gtk_widget_class_bind_template_child(widget_class, TillExemptSheet, words);
	gtk_widget_class_bind_template_child(widget_class, TillExemptSheet, keyboard);
	gtk_widget_class_bind_template_callback(widget_class, activate_cb);
	gtk_widget_class_bind_template_callback(widget_class, changed_cb);
	gtk_widget_class_bind_template_callback(widget_class, certificate_focus_cb);
	gtk_widget_class_bind_template_callback(widget_class, until_focus_cb);
	gtk_widget_class_install_action(widget_class, "exempt.take", NULL, take_action);
}

static void
till_exempt_sheet_init(TillExemptSheet *self)
{
	self->toggles = g_ptr_array_new();
	gtk_widget_init_template(GTK_WIDGET(self));
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "exempt.take", FALSE);
	till_keyboard_keep(self->keyboard);
	till_keyboard_set_target(self->keyboard, GTK_EDITABLE(self->certificate));
}
