/* SPDX-License-Identifier: Apache-2.0 */
#include "shopper-card.h"

struct _TillShopperCard {
	TillView parent_instance;
};

G_DEFINE_FINAL_TYPE(TillShopperCard, till_shopper_card, TILL_TYPE_VIEW)

static void
remove_customer_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	till_session_shopper_set_customer(till_view_get_session(TILL_VIEW(widget)), NULL);
	gtk_widget_activate_action(widget, "win.focus-search", NULL);
}

static void
till_shopper_card_class_init(TillShopperCardClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	till_view_class_set_template(widget_class, "checkout/shopper-card.ui");
	gtk_widget_class_install_action(widget_class, "shopper.remove-customer", NULL,
					remove_customer_action);
}

static void
till_shopper_card_init(TillShopperCard *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
