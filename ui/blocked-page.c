/* SPDX-License-Identifier: Apache-2.0 */
#include "blocked-page.h"

#include "error.h"

struct _TillBlockedPage {
	GtkWidget parent_instance;
	GtkWidget *title;
	GtkWidget *words;
	GtkWidget *advice;
	GtkWidget *again;
};

G_DEFINE_FINAL_TYPE(TillBlockedPage, till_blocked_page, GTK_TYPE_WIDGET)

typedef struct {
	TillErrorCode code;
	const char *title;
	const char *advice;
} Case;

static const Case cases[] = {
    {TILL_ERROR_NOT_FOUND, "This till is not set up yet",
     "Ask head office for an enrolment code, then run: tillctl enrol ADDRESS --code CODE"},
    {TILL_ERROR_STATE, "This till is not ready yet",
     "When it has been enrolled and has its first prices, press Try again."},
    {TILL_ERROR_BUSY, "The till is already open",
     "Use the window that is open, or close it first, then press Try again."},
    {TILL_ERROR_CORRUPT, "The till's books are damaged",
     "Nothing was changed. Do not delete anything: close this window and run: tillctl journal "
     "recover"},
    {TILL_ERROR_NEWER, "This program is too old",
     "The till's books were written by a newer release. Install that release, then start again."},
    {TILL_ERROR_FULL, "The disk is full",
     "Free some space, then press Try again. Sales that were paid are safe."},
    {TILL_ERROR_DISK, "The disk does not answer as it should",
     "Check the disk or its cable, then press Try again."},
};

void
till_blocked_page_tell(TillBlockedPage *self, const GError *error)
{
	const Case *found = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		if (g_error_matches(error, TILL_ERROR, (gint)cases[i].code))
			found = &cases[i];
	gtk_label_set_text(GTK_LABEL(self->title),
			   found ? found->title : "The till could not open");
	gtk_label_set_text(GTK_LABEL(self->words), error->message);
	gtk_label_set_text(GTK_LABEL(self->advice),
			   found ? found->advice
				 : "Press Try again. If that does not help, call support.");
	gtk_widget_grab_focus(self->again);
}

static void
till_blocked_page_dispose(GObject *object)
{
	GtkWidget *child;

	while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL)
		gtk_widget_unparent(child);
	G_OBJECT_CLASS(till_blocked_page_parent_class)->dispose(object);
}

static void
till_blocked_page_class_init(TillBlockedPageClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = till_blocked_page_dispose;
	gtk_widget_class_set_template_from_resource(widget_class,
						    "/org/tillhouse/ui/blocked-page.ui");
	gtk_widget_class_bind_template_child(widget_class, TillBlockedPage, title);
	gtk_widget_class_bind_template_child(widget_class, TillBlockedPage, words);
	gtk_widget_class_bind_template_child(widget_class, TillBlockedPage, advice);
	gtk_widget_class_bind_template_child(widget_class, TillBlockedPage, again);
	gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
	gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
till_blocked_page_init(TillBlockedPage *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
