/* SPDX-License-Identifier: Apache-2.0 */
#include "receipt-panel.h"

struct _TillReceiptPanel {
	TillView parent_instance;
};

G_DEFINE_FINAL_TYPE(TillReceiptPanel, till_receipt_panel, TILL_TYPE_VIEW)

static void
till_receipt_panel_class_init(TillReceiptPanelClass *class)
{
	till_view_class_set_template(GTK_WIDGET_CLASS(class), "checkout/receipt-panel.ui");
}

static void
till_receipt_panel_init(TillReceiptPanel *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
