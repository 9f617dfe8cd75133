/* SPDX-License-Identifier: Apache-2.0 */
#include "pay-panel.h"

#include "totals-list.h"

#define QUICK_COUNT 4

struct _TillPayPanel {
	TillView parent_instance;
	GtkWidget *saved;
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
	gtk_widget_set_visible(self->saved, *till_session_get_text(session, "saved") != '\0');
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
	g_type_ensure(TILL_TYPE_TOTALS_LIST);
	till_view_class_set_template(widget_class, "checkout/pay-panel.ui");
	gtk_widget_class_bind_template_child(widget_class, TillPayPanel, saved);
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
