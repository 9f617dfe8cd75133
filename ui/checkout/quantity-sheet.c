/* SPDX-License-Identifier: Apache-2.0 */
#include "quantity-sheet.h"

#include <string.h>

#include "keypad.h"
#include "money.h"
#include "quantity.h"

struct _TillQuantitySheet {
	TillView parent_instance;
	TillKeypad *keypad;
	GtkWidget *title;
	GtkWidget *price;
	GtkWidget *worth;
	GtkWidget *done;
	TillItem *item; /* owned reference */
	guint line_id;  /* 0: answers a weighing */
};

G_DEFINE_FINAL_TYPE(TillQuantitySheet, till_quantity_sheet, TILL_TYPE_VIEW)

static gint64
read_quantity(TillQuantitySheet *self)
{
	g_autofree char *text = g_strdup(till_keypad_get_text(self->keypad));
	gsize length = strlen(text);
	gint64 quantity_milli = 0;

	if (length > 0 && text[length - 1] == '.')
		text[length - 1] = '\0';
	if (!till_quantity_parse(text, &quantity_milli))
		return 0;
	return quantity_milli;
}

/* As typed, with the unit behind it: "0.64 kg". */
static void
show_typed(TillQuantitySheet *self)
{
	const char *text = till_keypad_get_text(self->keypad);
	g_autofree char *words = g_strdup_printf("%s %s", *text ? text : "0", self->item->unit);

	if (self->item->weighed)
		till_keypad_set_shown(self->keypad, words);
}

static void
changed_cb(TillQuantitySheet *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));
	TillFormat *format = till_session_get_format(session);
	g_autofree char *worth = NULL;
	gint64 quantity_milli;
	gint64 minor = 0;

	if (self->item == NULL)
		return;
	quantity_milli = read_quantity(self);
	if (quantity_milli > 0 &&
	    !till_money_times_quantity(self->item->price_minor, quantity_milli,
				       till_session_get_shop(session)->rules.rounding, &minor))
		quantity_milli = 0;
	show_typed(self);
	worth = till_format_money(format, minor);
	gtk_label_set_text(GTK_LABEL(self->worth), worth);
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "quantity.take", quantity_milli > 0);
}

static void
take_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillQuantitySheet *self = TILL_QUANTITY_SHEET(widget);
	g_autoptr(TillSession) session = g_object_ref(till_view_get_session(TILL_VIEW(widget)));
	gint64 quantity_milli = read_quantity(self);
	guint line_id = self->line_id;

	(void)name;
	(void)parameter;
	if (line_id == 0)
		till_session_scan_weight(session, quantity_milli);
	else
		till_session_basket_set_quantity(session, line_id, quantity_milli);
	gtk_widget_activate_action(widget, "win.close-sheet", NULL);
}

static void
take_item(TillQuantitySheet *self, TillSession *session)
{
	const TillItem *item = till_session_scan_weighing(session);
	const TillBasketLine *line = NULL;

	if (item == NULL) {
		self->line_id = till_session_basket_selected(session);
		line = till_session_basket_line(session, self->line_id);
		item = line ? line->item : NULL;
	}
	if (item != NULL)
		self->item = till_item_ref(item);
	if (line != NULL) {
		g_autofree char *quantity = till_quantity_format(line->quantity_milli);

		till_keypad_set_text(self->keypad, quantity);
	}
}

static void
till_quantity_sheet_attach(TillView *view, TillSession *session)
{
	TillQuantitySheet *self = TILL_QUANTITY_SHEET(view);
	TillFormat *format = till_session_get_format(session);
	g_autofree char *title = NULL;
	g_autofree char *money = NULL;
	g_autofree char *price = NULL;
	g_autofree char *name = NULL;

	take_item(self, session);
	if (self->item == NULL)
		return;
	title = till_item_title(self->item);
	money = till_format_money(format, self->item->price_minor);
	price = g_strdup_printf("%s / %s", money, self->item->weighed ? self->item->unit : "piece");
	name = g_strdup_printf("%s in %s", self->item->weighed ? "Weight" : "Quantity",
			       self->item->weighed ? self->item->unit : "pieces");
	gtk_label_set_text(GTK_LABEL(self->title), title);
	gtk_label_set_text(GTK_LABEL(self->price), price);
	gtk_button_set_label(GTK_BUTTON(self->done),
			     self->line_id == 0 ? "Add to sale" : "Set quantity");
	till_keypad_set_name(self->keypad, name);
	till_keypad_set_places(self->keypad, self->item->weighed ? 3 : 0,
			       till_format_decimal_sign(format));
	changed_cb(self);
}

static gboolean
till_quantity_sheet_typed(TillView *view, const char *text)
{
	return till_keypad_type(TILL_QUANTITY_SHEET(view)->keypad, text);
}

static void
till_quantity_sheet_begin(TillView *view)
{
	till_keypad_begin(TILL_QUANTITY_SHEET(view)->keypad);
}

static void
till_quantity_sheet_finalize(GObject *object)
{
	g_clear_pointer(&TILL_QUANTITY_SHEET(object)->item, till_item_unref);
	G_OBJECT_CLASS(till_quantity_sheet_parent_class)->finalize(object);
}

static void
till_quantity_sheet_class_init(TillQuantitySheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->finalize = till_quantity_sheet_finalize;
	TILL_VIEW_CLASS(class)->attach = till_quantity_sheet_attach;
	TILL_VIEW_CLASS(class)->typed = till_quantity_sheet_typed;
	TILL_VIEW_CLASS(class)->begin = till_quantity_sheet_begin;
	g_type_ensure(TILL_TYPE_KEYPAD);
	till_view_class_set_template(widget_class, "checkout/quantity-sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillQuantitySheet, keypad);
	gtk_widget_class_bind_template_child(widget_class, TillQuantitySheet, title);
	gtk_widget_class_bind_template_child(widget_class, TillQuantitySheet, price);
	gtk_widget_class_bind_template_child(widget_class, TillQuantitySheet, worth);
	gtk_widget_class_bind_template_child(widget_class, TillQuantitySheet, done);
	gtk_widget_class_bind_template_callback(widget_class, changed_cb);
	gtk_widget_class_install_action(widget_class, "quantity.take", NULL, take_action);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Return, 0, "quantity.take", NULL);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_KP_Enter, 0, "quantity.take",
					    NULL);
}

static void
till_quantity_sheet_init(TillQuantitySheet *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
