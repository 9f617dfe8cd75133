/* SPDX-License-Identifier: Apache-2.0 */
#include "change-panel.h"

struct _TillChangePanel {
	TillView parent_instance;
	GtkWidget *next;
};

G_DEFINE_FINAL_TYPE(TillChangePanel, till_change_panel, TILL_TYPE_VIEW)

static void
till_change_panel_begin(TillView *view)
{
	gtk_widget_grab_focus(TILL_CHANGE_PANEL(view)->next);
}

static void
till_change_panel_class_init(TillChangePanelClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->begin = till_change_panel_begin;
	till_view_class_set_template(widget_class, "checkout/change-panel.ui");
	gtk_widget_class_bind_template_child(widget_class, TillChangePanel, next);
}

static void
till_change_panel_init(TillChangePanel *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
