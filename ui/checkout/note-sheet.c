/* SPDX-License-Identifier: Apache-2.0 */
#include "note-sheet.h"

#include "field.h"
#include "keyboard.h"

struct _TillNoteSheet {
	TillView parent_instance;
	GtkWidget *title;
	GtkWidget *entry;
	TillKeyboard *keyboard;
	guint line_id;
};

G_DEFINE_FINAL_TYPE(TillNoteSheet, till_note_sheet, TILL_TYPE_VIEW)

static void
take_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillNoteSheet *self = TILL_NOTE_SHEET(widget);

	(void)name;
	(void)parameter;
	till_session_basket_set_note(till_view_get_session(TILL_VIEW(self)), self->line_id,
				     gtk_editable_get_text(GTK_EDITABLE(self->entry)));
	gtk_widget_activate_action(widget, "win.close-sheet", NULL);
}

static void
activate_cb(TillNoteSheet *self)
{
	take_action(GTK_WIDGET(self), NULL, NULL);
}

static void
till_note_sheet_attach(TillView *view, TillSession *session)
{
	TillNoteSheet *self = TILL_NOTE_SHEET(view);
	const TillBasketLine *line;
	g_autofree char *title = NULL;

	self->line_id = till_session_basket_selected(session);
	line = till_session_basket_line(session, self->line_id);
	if (line == NULL)
		return;
	title = till_item_title(line->item);
	gtk_label_set_text(GTK_LABEL(self->title), title);
	gtk_editable_set_text(GTK_EDITABLE(self->entry), line->note);
}

static void
till_note_sheet_begin(TillView *view)
{
	gtk_widget_grab_focus(TILL_NOTE_SHEET(view)->entry);
}

static void
till_note_sheet_class_init(TillNoteSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_note_sheet_attach;
	TILL_VIEW_CLASS(class)->begin = till_note_sheet_begin;
	g_type_ensure(TILL_TYPE_KEYBOARD);
	g_type_ensure(TILL_TYPE_FIELD);
	till_view_class_set_template(widget_class, "checkout/note-sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillNoteSheet, title);
	gtk_widget_class_bind_template_child(widget_class, TillNoteSheet, entry);
	gtk_widget_class_bind_template_child(widget_class, TillNoteSheet, keyboard);
	gtk_widget_class_bind_template_callback(widget_class, activate_cb);
	gtk_widget_class_install_action(widget_class, "note.take", NULL, take_action);
}

static void
till_note_sheet_init(TillNoteSheet *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	till_keyboard_keep(self->keyboard);
	till_keyboard_set_target(self->keyboard, GTK_EDITABLE(self->entry));
}
