/* SPDX-License-Identifier: Apache-2.0 */
#include "line-row.h"

#include "key-button.h"

struct _TillLineRow {
	TillRow parent_instance;
	GtkWidget *less;
	GtkWidget *quantity;
	GtkWidget *more;
};

G_DEFINE_FINAL_TYPE(TillLineRow, till_line_row, TILL_TYPE_ROW)

static void
name_button(GtkWidget *button, const char *format, TillRowItem *item)
{
	const char *title = till_row_item_get(item, TILL_ROW_TITLE);
	g_autofree char *name = g_strdup_printf("%s %s", format, title);

	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
				       -1);
}

static void
till_line_row_changed(TillRow *row, TillRowItem *item)
{
	TillLineRow *self = TILL_LINE_ROW(row);
	g_autofree char *quantity =
	    g_strdup_printf("Quantity %s of", till_row_item_get(item, TILL_ROW_QUANTITY));

	name_button(self->less, "One less", item);
	name_button(self->more, "One more", item);
	name_button(self->quantity, quantity, item);
}

static guint
get_line_id(GtkWidget *widget)
{
	TillRowItem *item = till_row_get_item(TILL_ROW(widget));

	return item ? till_row_item_get_id(item) : 0;
}

static void
less_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	gtk_widget_activate_action(widget, "checkout.step", "(ui)", get_line_id(widget), -1);
}

static void
more_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	gtk_widget_activate_action(widget, "checkout.step", "(ui)", get_line_id(widget), 1);
}

static void
edit_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	gtk_widget_activate_action(widget, "checkout.edit", "u", get_line_id(widget));
}

static void
till_line_row_class_init(TillLineRowClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	g_type_ensure(TILL_TYPE_KEY_BUTTON);
	TILL_ROW_CLASS(class)->changed = till_line_row_changed;
	gtk_widget_class_set_template_from_resource(widget_class,
						    "/org/tillhouse/ui/checkout/line-row.ui");
	gtk_widget_class_bind_template_child(widget_class, TillLineRow, less);
	gtk_widget_class_bind_template_child(widget_class, TillLineRow, quantity);
	gtk_widget_class_bind_template_child(widget_class, TillLineRow, more);
	gtk_widget_class_install_action(widget_class, "line.less", NULL, less_action);
	gtk_widget_class_install_action(widget_class, "line.more", NULL, more_action);
	gtk_widget_class_install_action(widget_class, "line.edit", NULL, edit_action);
}

static void
till_line_row_init(TillLineRow *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
