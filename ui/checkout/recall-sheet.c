/* SPDX-License-Identifier: Apache-2.0 */
#include "recall-sheet.h"

#include "row.h"

struct _TillRecallSheet {
	TillView parent_instance;
	GtkWidget *list;
	GtkWidget *hint;
	GtkSingleSelection *selection;
};

G_DEFINE_FINAL_TYPE(TillRecallSheet, till_recall_sheet, TILL_TYPE_VIEW)

static void
recall_row(TillRecallSheet *self, TillRowItem *row)
{
	g_autoptr(TillSession) session = g_object_ref(till_view_get_session(TILL_VIEW(self)));
	g_autofree char *id = NULL;

	if (row == NULL)
		return;
	id = g_strdup(till_row_item_get(row, TILL_ROW_KEY));
	gtk_widget_activate_action(GTK_WIDGET(self), "win.close-sheet", NULL);
	till_session_basket_recall(session, id);
}

static void
activate_cb(TillRecallSheet *self, guint position)
{
	g_autoptr(TillRowItem) row = g_list_model_get_item(G_LIST_MODEL(self->selection), position);

	recall_row(self, row);
}

static void
take_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillRecallSheet *self = TILL_RECALL_SHEET(widget);
	g_autoptr(TillRowItem) row = NULL;

	(void)name;
	(void)parameter;
	row = gtk_single_selection_get_selected_item(self->selection);
	if (row != NULL)
		g_object_ref(row);
	recall_row(self, row);
}

static void
till_recall_sheet_attach(TillView *view, TillSession *session)
{
	TillRecallSheet *self = TILL_RECALL_SHEET(view);

	gtk_single_selection_set_model(self->selection, till_session_basket_parked(session));
	gtk_widget_set_visible(self->hint,
			       g_list_model_get_n_items(till_session_get_lines(session)) > 0);
}

static void
till_recall_sheet_begin(TillView *view)
{
	gtk_widget_child_focus(TILL_RECALL_SHEET(view)->list, GTK_DIR_TAB_FORWARD);
}

static void
till_recall_sheet_class_init(TillRecallSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_recall_sheet_attach;
	TILL_VIEW_CLASS(class)->begin = till_recall_sheet_begin;
	g_type_ensure(TILL_TYPE_PLAIN_ROW);
	till_view_class_set_template(widget_class, "checkout/recall-sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillRecallSheet, list);
	gtk_widget_class_bind_template_child(widget_class, TillRecallSheet, hint);
	gtk_widget_class_bind_template_child(widget_class, TillRecallSheet, selection);
	gtk_widget_class_bind_template_callback(widget_class, activate_cb);
	gtk_widget_class_install_action(widget_class, "recall.take", NULL, take_action);
}

static void
till_recall_sheet_init(TillRecallSheet *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
