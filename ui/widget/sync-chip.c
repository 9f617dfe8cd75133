/* SPDX-License-Identifier: Apache-2.0 */
#include "sync-chip.h"

struct _TillSyncChip {
	TillView parent_instance;
	GtkWidget *button;
	char *state; /* the class that is set now */
};

G_DEFINE_FINAL_TYPE(TillSyncChip, till_sync_chip, TILL_TYPE_VIEW)

static void
words_cb(TillSyncChip *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));
	g_autofree char *name =
	    g_strdup_printf("Sync: %s", till_session_get_text(session, "chip-words"));

	gtk_accessible_update_property(GTK_ACCESSIBLE(self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
				       name, -1);
}

static void
state_cb(TillSyncChip *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));

	if (self->state != NULL)
		gtk_widget_remove_css_class(self->button, self->state);
	g_free(self->state);
	self->state = g_strdup(till_session_get_text(session, "chip-state"));
	gtk_widget_add_css_class(self->button, self->state);
}

static void
till_sync_chip_attach(TillView *view, TillSession *session)
{
	g_signal_connect_object(session, "notify::chip-words", G_CALLBACK(words_cb), view,
				G_CONNECT_SWAPPED);
	g_signal_connect_object(session, "notify::chip-state", G_CALLBACK(state_cb), view,
				G_CONNECT_SWAPPED);
	words_cb(TILL_SYNC_CHIP(view));
	state_cb(TILL_SYNC_CHIP(view));
}

static void
till_sync_chip_finalize(GObject *object)
{
	g_free(TILL_SYNC_CHIP(object)->state);
	G_OBJECT_CLASS(till_sync_chip_parent_class)->finalize(object);
}

static void
till_sync_chip_class_init(TillSyncChipClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->finalize = till_sync_chip_finalize;
	TILL_VIEW_CLASS(class)->attach = till_sync_chip_attach;
	till_view_class_set_template(widget_class, "widget/sync-chip.ui");
	gtk_widget_class_bind_template_child(widget_class, TillSyncChip, button);
}

static void
till_sync_chip_init(TillSyncChip *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
