/* SPDX-License-Identifier: Apache-2.0 */
#include "customer-sheet.h"

#include "field.h"
#include "keyboard.h"
#include "row.h"

struct _TillCustomerSheet {
	TillView parent_instance;
	GtkWidget *entry;
	GtkWidget *words;
	GtkWidget *results;
	GtkWidget *list;
	GtkSingleSelection *selection;
	TillKeyboard *keyboard;
	gboolean scanned; /* a card is being looked up */
};

G_DEFINE_FINAL_TYPE(TillCustomerSheet, till_customer_sheet, TILL_TYPE_VIEW)

static void
tell(TillCustomerSheet *self, const char *words)
{
	gtk_label_set_text(GTK_LABEL(self->words), words);
	gtk_widget_set_visible(self->words, *words != '\0');
}

static void
take_customer(TillCustomerSheet *self, guint position)
{
	g_autoptr(TillSession) session = g_object_ref(till_view_get_session(TILL_VIEW(self)));
	const TillCustomer *found = till_session_shopper_found_at(session, position);
	g_autoptr(TillCustomer) customer = found ? till_customer_ref(found) : NULL;

	if (customer == NULL)
		return;
	gtk_widget_activate_action(GTK_WIDGET(self), "win.close-sheet", NULL);
	till_session_shopper_set_customer(session, customer);
}

static void
row_cb(TillCustomerSheet *self, guint position)
{
	take_customer(self, position);
}

static void
take_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillCustomerSheet *self = TILL_CUSTOMER_SHEET(widget);

	(void)name;
	(void)parameter;
	take_customer(self, gtk_single_selection_get_selected(self->selection));
}

/* Enter in the field takes who is chosen in the list. */
static void
activate_cb(TillCustomerSheet *self)
{
	gtk_widget_activate_action(GTK_WIDGET(self), "customer.take", NULL);
}

static void
changed_cb(TillCustomerSheet *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));
	const char *text = gtk_editable_get_text(GTK_EDITABLE(self->entry));

	tell(self, "");
	till_session_shopper_search(session, text);
	if (*text != '\0')
		return;
	gtk_widget_set_visible(self->results, FALSE);
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "customer.take", FALSE);
}

static void
found_cb(TillCustomerSheet *self, guint count)
{
	gboolean scanned = self->scanned;

	self->scanned = FALSE;
	if (scanned && count > 0) {
		gtk_widget_activate_action(GTK_WIDGET(self), "win.close-sheet", NULL);
		return;
	}
	if (scanned) {
		tell(self, "No customer has this card.");
		return;
	}
	gtk_widget_set_visible(self->results, count > 0);
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "customer.take", count > 0);
	tell(self, count > 0 ? "" : "Nobody matches. Try fewer letters, or the phone number.");
	if (count > 0)
		gtk_single_selection_set_selected(self->selection, 0);
}

static gboolean
till_customer_sheet_scanned(TillView *view, const char *code)
{
	TILL_CUSTOMER_SHEET(view)->scanned = TRUE;
	till_session_shopper_scan_card(till_view_get_session(view), code);
	return TRUE;
}

static gboolean
till_customer_sheet_typed(TillView *view, const char *text)
{
	till_field_type(TILL_FIELD(TILL_CUSTOMER_SHEET(view)->entry), text);
	return TRUE;
}

static void
till_customer_sheet_begin(TillView *view)
{
	gtk_widget_grab_focus(TILL_CUSTOMER_SHEET(view)->entry);
}

static void
till_customer_sheet_attach(TillView *view, TillSession *session)
{
	TillCustomerSheet *self = TILL_CUSTOMER_SHEET(view);

	till_session_shopper_search(session, "");
	gtk_single_selection_set_model(self->selection, till_session_shopper_found(session));
	g_signal_connect_object(session, "customers-found", G_CALLBACK(found_cb), view,
				G_CONNECT_SWAPPED);
}

static void
till_customer_sheet_class_init(TillCustomerSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_customer_sheet_attach;
	TILL_VIEW_CLASS(class)->begin = till_customer_sheet_begin;
	TILL_VIEW_CLASS(class)->typed = till_customer_sheet_typed;
	TILL_VIEW_CLASS(class)->scanned = till_customer_sheet_scanned;
	g_type_ensure(TILL_TYPE_KEYBOARD);
	g_type_ensure(TILL_TYPE_FIELD);
	g_type_ensure(TILL_TYPE_PLAIN_ROW);
	till_view_class_set_template(widget_class, "checkout/customer-sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillCustomerSheet, entry);
	gtk_widget_class_bind_template_child(widget_class, TillCustomerSheet, words);
	gtk_widget_class_bind_template_child(widget_class, TillCustomerSheet, results);
	gtk_widget_class_bind_template_child(widget_class, TillCustomerSheet, list);
	gtk_widget_class_bind_template_child(widget_class, TillCustomerSheet, selection);
	gtk_widget_class_bind_template_child(widget_class, TillCustomerSheet, keyboard);
	gtk_widget_class_bind_template_callback(widget_class, activate_cb);
	gtk_widget_class_bind_template_callback(widget_class, changed_cb);
	gtk_widget_class_bind_template_callback(widget_class, row_cb);
	gtk_widget_class_install_action(widget_class, "customer.take", NULL, take_action);
}

static void
till_customer_sheet_init(TillCustomerSheet *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "customer.take", FALSE);
	till_keyboard_keep(self->keyboard);
	till_keyboard_set_target(self->keyboard, GTK_EDITABLE(self->entry));
}
