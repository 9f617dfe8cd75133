/* SPDX-License-Identifier: Apache-2.0 */
#include "empty-state.h"

struct _TillEmptyState {
	TillView parent_instance;
};

G_DEFINE_FINAL_TYPE(TillEmptyState, till_empty_state, TILL_TYPE_VIEW)

static void
till_empty_state_class_init(TillEmptyStateClass *class)
{
	till_view_class_set_template(GTK_WIDGET_CLASS(class), "checkout/empty-state.ui");
}

static void
till_empty_state_init(TillEmptyState *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
