/* SPDX-License-Identifier: Apache-2.0 */
#include "sale-bar.h"

#include "pair.h"

struct _TillSaleBar {
	TillView parent_instance;
};

G_DEFINE_FINAL_TYPE(TillSaleBar, till_sale_bar, TILL_TYPE_VIEW)

static void
till_sale_bar_class_init(TillSaleBarClass *class)
{
	g_type_ensure(TILL_TYPE_PAIR);
	till_view_class_set_template(GTK_WIDGET_CLASS(class), "checkout/sale-bar.ui");
}

static void
till_sale_bar_init(TillSaleBar *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
