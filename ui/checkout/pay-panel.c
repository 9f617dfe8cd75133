/* SPDX-License-Identifier: Apache-2.0 */
#include "pay-panel.h"

#include "tax-words.h"

#define QUICK_COUNT 4

struct _TillPayPanel {
	TillView parent_instance;
	GtkWidget *taxes; /* GtkBox: a row for each tax */
	GtkWidget *quick; /* the two boxes of buttons: */
	GtkWidget *quick_low;
	GtkWidget *quick_high;
	GtkWidget *cash;
};

G_DEFINE_FINAL_TYPE(TillPayPanel, till_pay_panel, TILL_TYPE_VIEW)

static void
empty_box(GtkWidget *box)
{
	GtkWidget *child;

	while ((child = gtk_widget_get_first_child(box)) != NULL)
		gtk_box_remove(GTK_BOX(box), child);
}

static void
add_tax(TillPayPanel *self, TillFormat *format, const TillTaxWords *tax)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
	g_autofree char *line = till_tax_words_line(tax);
	g_autofree char *words = g_strdup_printf("%s%s", line, tax->inclusive ? " · included" : "");
	g_autofree char *amount = till_format_money(format, tax->amount_minor);
	GtkWidget *name = gtk_label_new(words);
	GtkWidget *figure = gtk_label_new(amount);

	gtk_label_set_wrap(GTK_LABEL(name), TRUE);
	gtk_label_set_xalign(GTK_LABEL(name), 0);
	gtk_widget_set_hexpand(name, TRUE);
	gtk_widget_add_css_class(name, "till-soft");
	gtk_widget_add_css_class(figure, "till-figure");
	gtk_box_append(GTK_BOX(row), name);
	gtk_box_append(GTK_BOX(row), figure);
	gtk_box_append(GTK_BOX(self->taxes), row);
}

static void
show_taxes(TillPayPanel *self, TillSession *session)
{
	const TillPriced *priced = till_session_get_priced(session);

	empty_box(self->taxes);
	if (priced == NULL)
		return;
	g_autoptr(GPtrArray) taxes = till_tax_words(priced);
	for (guint i = 0; i < taxes->len; i++)
		add_tax(self, till_session_get_format(session), g_ptr_array_index(taxes, i));
}

static void
add_quick(GtkWidget *box, TillFormat *format, gint64 minor)
{
	g_autofree char *money = till_format_money_short(format, minor);
	g_autofree char *name = g_strdup_printf("Cash %s", money);
	GtkWidget *button = gtk_button_new_with_label(money);

	gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "pay.quick");
	gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "x", minor);
	gtk_widget_add_css_class(button, "till-quick");
	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
				       -1);
	gtk_box_append(GTK_BOX(box), button);
}

static void
show_quick(TillPayPanel *self, TillSession *session)
{
	gint64 amounts[QUICK_COUNT];
	gsize count = till_session_pay_quick(session, amounts, QUICK_COUNT);

	empty_box(self->quick_low);
	empty_box(self->quick_high);
	for (gsize i = 0; i < count; i++)
		add_quick(i < QUICK_COUNT / 2 ? self->quick_low : self->quick_high,
			  till_session_get_format(session), amounts[i]);
	gtk_widget_set_visible(self->quick, count > 0);
}

static void
changed_cb(TillPayPanel *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));
	gboolean busy = till_session_get_phase(session) == TILL_PHASE_BUSY;

	if (till_session_get_format(session) == NULL)
		return;
	show_taxes(self, session);
	/* While the sale is being saved the amounts stay, unpressable, so that nothing jumps. */
	gtk_widget_set_sensitive(self->quick, !busy);
	if (!busy)
		show_quick(self, session);
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "pay.cash",
				      till_session_pay_possible(session));
	gtk_accessible_update_state(GTK_ACCESSIBLE(self->cash), GTK_ACCESSIBLE_STATE_BUSY, busy,
				    -1);
}

static void
quick_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	till_session_pay_cash(till_view_get_session(TILL_VIEW(widget)),
			      g_variant_get_int64(parameter));
}

static void
cash_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	gtk_widget_activate_action(widget, "win.sheet", "s", "cash");
}

static void
till_pay_panel_attach(TillView *view, TillSession *session)
{
	g_signal_connect_object(session, "changed", G_CALLBACK(changed_cb), view,
				G_CONNECT_SWAPPED);
	changed_cb(TILL_PAY_PANEL(view));
}

static void
till_pay_panel_class_init(TillPayPanelClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_pay_panel_attach;
	till_view_class_set_template(widget_class, "checkout/pay-panel.ui");
	gtk_widget_class_bind_template_child(widget_class, TillPayPanel, taxes);
	gtk_widget_class_bind_template_child(widget_class, TillPayPanel, quick);
	gtk_widget_class_bind_template_child(widget_class, TillPayPanel, quick_low);
	gtk_widget_class_bind_template_child(widget_class, TillPayPanel, quick_high);
	gtk_widget_class_bind_template_child(widget_class, TillPayPanel, cash);
	gtk_widget_class_install_action(widget_class, "pay.quick", "x", quick_action);
	gtk_widget_class_install_action(widget_class, "pay.cash", NULL, cash_action);
}

static void
till_pay_panel_init(TillPayPanel *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "pay.cash", FALSE);
}
