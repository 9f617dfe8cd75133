/* SPDX-License-Identifier: Apache-2.0 */
#include "pages.h"

static void
update_cb(GtkStack *stack)
{
	GtkWidget *shown = gtk_stack_get_visible_child(stack);

	for (GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(stack)); child != NULL;
	     child = gtk_widget_get_next_sibling(child)) {
		GtkStackPage *page = gtk_stack_get_page(stack, child);

		gtk_accessible_update_state(GTK_ACCESSIBLE(child), GTK_ACCESSIBLE_STATE_HIDDEN,
					    child != shown, -1);
		gtk_accessible_update_state(GTK_ACCESSIBLE(page), GTK_ACCESSIBLE_STATE_HIDDEN,
					    child != shown, -1);
	}
}

void
till_pages_watch(GtkStack *stack)
{
	g_autoptr(GtkSelectionModel) pages = gtk_stack_get_pages(stack);

	g_signal_connect(stack, "notify::visible-child", G_CALLBACK(update_cb), NULL);
	g_signal_connect_object(pages, "items-changed", G_CALLBACK(update_cb), stack,
				G_CONNECT_SWAPPED | G_CONNECT_AFTER);
	g_object_set_data_full(G_OBJECT(stack), "till-pages", g_object_ref(pages), g_object_unref);
	update_cb(stack);
}
