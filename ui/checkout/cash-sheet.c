/* SPDX-License-Identifier: Apache-2.0 */
#include "cash-sheet.h"

#include <string.h>

#include "keypad.h"
#include "money.h"

struct _TillCashSheet {
	TillView parent_instance;
	TillKeypad *keypad;
	GtkWidget *change_name;
	GtkWidget *change;
};

G_DEFINE_FINAL_TYPE(TillCashSheet, till_cash_sheet, TILL_TYPE_VIEW)

/* What was typed; 0 when nothing or nothing sensible. */
static gint64
read_amount(TillCashSheet *self)
{
	TillFormat *format = till_session_get_format(till_view_get_session(TILL_VIEW(self)));
	g_autofree char *text = g_strdup(till_keypad_get_text(self->keypad));
	gsize length = strlen(text);
	gint64 minor = 0;

	if (length > 0 && text[length - 1] == '.')
		text[length - 1] = '\0';
	if (!till_money_parse(text, till_format_currency(format), &minor))
		return 0;
	return minor;
}

static void
changed_cb(TillCashSheet *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));
	const TillPriced *priced = till_session_get_priced(session);
	TillFormat *format = till_session_get_format(session);
	gint64 received_minor = read_amount(self);
	g_autofree char *shown = till_format_money(format, received_minor);
	g_autofree char *change = NULL;
	gint64 change_minor;

	if (priced == NULL)
		return;
	change_minor = received_minor - till_session_pay_due(session);
	change = till_format_money(format, change_minor < 0 ? -change_minor : change_minor);
	till_keypad_set_shown(self->keypad, shown);
	gtk_label_set_text(GTK_LABEL(self->change_name),
			   change_minor < 0 ? "Still to pay" : "Change");
	gtk_label_set_text(GTK_LABEL(self->change), change);
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "cash.take",
				      change_minor >= 0 && till_session_pay_possible(session));
}

static void
take_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	gint64 received_minor = read_amount(TILL_CASH_SHEET(widget));
	/* Held: closing the sheet drops this widget's own. */
	g_autoptr(TillSession) session = g_object_ref(till_view_get_session(TILL_VIEW(widget)));

	(void)name;
	(void)parameter;
	gtk_widget_activate_action(widget, "win.close-sheet", NULL);
	till_session_pay_cash(session, received_minor);
}

static gboolean
till_cash_sheet_typed(TillView *view, const char *text)
{
	return till_keypad_type(TILL_CASH_SHEET(view)->keypad, text);
}

static void
till_cash_sheet_begin(TillView *view)
{
	till_keypad_begin(TILL_CASH_SHEET(view)->keypad);
}

static void
till_cash_sheet_attach(TillView *view, TillSession *session)
{
	TillCashSheet *self = TILL_CASH_SHEET(view);
	TillFormat *format = till_session_get_format(session);

	till_keypad_set_name(self->keypad, "Cash received");
	till_keypad_set_places(self->keypad, till_format_currency(format)->exponent,
			       till_format_decimal_sign(format));
	g_signal_connect_object(session, "changed", G_CALLBACK(changed_cb), view,
				G_CONNECT_SWAPPED);
	changed_cb(self);
}

static void
till_cash_sheet_class_init(TillCashSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_cash_sheet_attach;
	TILL_VIEW_CLASS(class)->typed = till_cash_sheet_typed;
	TILL_VIEW_CLASS(class)->begin = till_cash_sheet_begin;
	g_type_ensure(TILL_TYPE_KEYPAD);
	till_view_class_set_template(widget_class, "checkout/cash-sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillCashSheet, keypad);
	gtk_widget_class_bind_template_child(widget_class, TillCashSheet, change_name);
	gtk_widget_class_bind_template_child(widget_class, TillCashSheet, change);
	gtk_widget_class_bind_template_callback(widget_class, changed_cb);
	gtk_widget_class_install_action(widget_class, "cash.take", NULL, take_action);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Return, 0, "cash.take", NULL);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_KP_Enter, 0, "cash.take", NULL);
}

static void
till_cash_sheet_init(TillCashSheet *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
