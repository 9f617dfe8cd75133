/* SPDX-License-Identifier: Apache-2.0 */
#include "help-page.h"

struct _TillHelpPage {
	TillView parent_instance;
};

G_DEFINE_FINAL_TYPE(TillHelpPage, till_help_page, TILL_TYPE_VIEW)

static void
till_help_page_class_init(TillHelpPageClass *class)
{
	till_view_class_set_template(GTK_WIDGET_CLASS(class), "help/help-page.ui");
}

static void
till_help_page_init(TillHelpPage *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
