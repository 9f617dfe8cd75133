/* SPDX-License-Identifier: Apache-2.0 */
#include "line-row.h"

#include "flow.h"
#include "key-button.h"

#define REASONS_MAX 3 /* more are counted: "+2" */

struct _TillLineRow {
	TillRow parent_instance;
	GtkWidget *less;
	GtkWidget *quantity;
	GtkWidget *more;
	TillFlow *chips;
	GPtrArray *reasons; /* of GtkWidget: the chips that say why, borrowed from `chips` */
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
add_reason(TillLineRow *self, const char *words)
{
	GtkWidget *chip = gtk_label_new(words);

	gtk_label_set_wrap(GTK_LABEL(chip), TRUE);
	gtk_label_set_wrap_mode(GTK_LABEL(chip), PANGO_WRAP_WORD_CHAR);
	gtk_label_set_natural_wrap_mode(GTK_LABEL(chip), GTK_NATURAL_WRAP_NONE);
	gtk_label_set_xalign(GTK_LABEL(chip), 0);
	gtk_widget_add_css_class(chip, "till-tag");
	gtk_widget_add_css_class(chip, "till-tag-offer");
	till_flow_append(self->chips, chip);
	g_ptr_array_add(self->reasons, chip);
}

/* One chip for each offer; what is too many for a line is counted, and named in the dialog that
 * says why the line costs what it does. */
static void
show_reasons(TillLineRow *self, TillRowItem *item)
{
	const char *const *reasons = till_row_item_get_reasons(item);
	guint count = 0, shown;

	while (reasons[count] != NULL)
		count++;
	shown = count > REASONS_MAX ? REASONS_MAX - 1 : count;
	for (guint i = 0; i < self->reasons->len; i++)
		gtk_widget_unparent(g_ptr_array_index(self->reasons, i));
	g_ptr_array_set_size(self->reasons, 0);
	for (guint i = 0; i < shown; i++)
		add_reason(self, reasons[i]);
	if (shown < count) {
		g_autofree char *more = g_strdup_printf("+%u", count - shown);

		add_reason(self, more);
	}
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
	show_reasons(self, item);
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
till_line_row_finalize(GObject *object)
{
	g_ptr_array_unref(TILL_LINE_ROW(object)->reasons);
	G_OBJECT_CLASS(till_line_row_parent_class)->finalize(object);
}

static void
till_line_row_class_init(TillLineRowClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	g_type_ensure(TILL_TYPE_FLOW);
	g_type_ensure(TILL_TYPE_KEY_BUTTON);
	G_OBJECT_CLASS(class)->finalize = till_line_row_finalize;
	TILL_ROW_CLASS(class)->changed = till_line_row_changed;
	gtk_widget_class_set_template_from_resource(widget_class,
						    "/org/tillhouse/ui/checkout/line-row.ui");
	gtk_widget_class_bind_template_child(widget_class, TillLineRow, less);
	gtk_widget_class_bind_template_child(widget_class, TillLineRow, quantity);
	gtk_widget_class_bind_template_child(widget_class, TillLineRow, more);
	gtk_widget_class_bind_template_child(widget_class, TillLineRow, chips);
	gtk_widget_class_install_action(widget_class, "line.less", NULL, less_action);
	gtk_widget_class_install_action(widget_class, "line.more", NULL, more_action);
	gtk_widget_class_install_action(widget_class, "line.edit", NULL, edit_action);
}

static void
till_line_row_init(TillLineRow *self)
{
	self->reasons = g_ptr_array_new();
	gtk_widget_init_template(GTK_WIDGET(self));
}
