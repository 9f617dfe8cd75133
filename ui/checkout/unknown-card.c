/* SPDX-License-Identifier: Apache-2.0 */
#include "unknown-card.h"

struct _TillUnknownCard {
	TillView parent_instance;
};

G_DEFINE_FINAL_TYPE(TillUnknownCard, till_unknown_card, TILL_TYPE_VIEW)

static void
till_unknown_card_class_init(TillUnknownCardClass *class)
{
	till_view_class_set_template(GTK_WIDGET_CLASS(class), "checkout/unknown-card.ui");
}

static void
till_unknown_card_init(TillUnknownCard *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
