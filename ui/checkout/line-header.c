/* SPDX-License-Identifier: Apache-2.0 */
#include "line-header.h"

struct _TillLineHeader {
	TillView parent_instance;
};

G_DEFINE_FINAL_TYPE(TillLineHeader, till_line_header, TILL_TYPE_VIEW)

static void
till_line_header_class_init(TillLineHeaderClass *class)
{
	till_view_class_set_template(GTK_WIDGET_CLASS(class), "checkout/line-header.ui");
}

static void
till_line_header_init(TillLineHeader *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
