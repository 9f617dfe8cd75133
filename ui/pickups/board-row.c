/* SPDX-License-Identifier: Apache-2.0 */
#include "board-row.h"

#include "tone.h"

struct _TillBoardRow {
	TillRow parent_instance;
	GtkWidget *pill;
};

G_DEFINE_FINAL_TYPE(TillBoardRow, till_board_row, TILL_TYPE_ROW)

static void
till_board_row_changed(TillRow *row, TillRowItem *item)
{
	till_tone_set(TILL_BOARD_ROW(row)->pill, till_row_item_get(item, TILL_ROW_TONE));
}

static void
till_board_row_class_init(TillBoardRowClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_ROW_CLASS(class)->changed = till_board_row_changed;
	gtk_widget_class_set_template_from_resource(widget_class,
						    "/org/tillhouse/ui/pickups/board-row.ui");
	gtk_widget_class_bind_template_child(widget_class, TillBoardRow, pill);
}

static void
till_board_row_init(TillBoardRow *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
