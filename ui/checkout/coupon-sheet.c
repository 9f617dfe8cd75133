/* SPDX-License-Identifier: Apache-2.0 */
#include "coupon-sheet.h"

#include "field.h"
#include "keyboard.h"

struct _TillCouponSheet {
	TillView parent_instance;
	GtkWidget *entry;
	GtkWidget *words;
	TillKeyboard *keyboard;
};

G_DEFINE_FINAL_TYPE(TillCouponSheet, till_coupon_sheet, TILL_TYPE_VIEW)

static void
enter_code(TillCouponSheet *self, const char *code)
{
	/* Held: closing the sheet drops this widget's own. */
	g_autoptr(TillSession) session = g_object_ref(till_view_get_session(TILL_VIEW(self)));

	if (till_session_shopper_enter_coupon(session, code)) {
		gtk_widget_activate_action(GTK_WIDGET(self), "win.close-sheet", NULL);
		return;
	}
	gtk_label_set_text(GTK_LABEL(self->words), till_session_get_text(session, "status"));
	gtk_widget_set_visible(self->words, TRUE);
}

static void
take_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillCouponSheet *self = TILL_COUPON_SHEET(widget);
	g_autofree char *code = g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->entry)));

	(void)name;
	(void)parameter;
	enter_code(self, code);
}

static void
activate_cb(TillCouponSheet *self)
{
	gtk_widget_activate_action(GTK_WIDGET(self), "coupon.take", NULL);
}

static void
changed_cb(TillCouponSheet *self)
{
	g_autofree char *code = g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->entry)));

	gtk_widget_set_visible(self->words, FALSE);
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "coupon.take", *g_strstrip(code) != '\0');
}

static gboolean
till_coupon_sheet_scanned(TillView *view, const char *code)
{
	TillCouponSheet *self = TILL_COUPON_SHEET(view);

	gtk_editable_set_text(GTK_EDITABLE(self->entry), code);
	enter_code(self, code);
	return TRUE;
}

static gboolean
till_coupon_sheet_typed(TillView *view, const char *text)
{
	till_field_type(TILL_FIELD(TILL_COUPON_SHEET(view)->entry), text);
	return TRUE;
}

static void
till_coupon_sheet_begin(TillView *view)
{
	gtk_widget_grab_focus(TILL_COUPON_SHEET(view)->entry);
}

static void
till_coupon_sheet_class_init(TillCouponSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->begin = till_coupon_sheet_begin;
	TILL_VIEW_CLASS(class)->typed = till_coupon_sheet_typed;
	TILL_VIEW_CLASS(class)->scanned = till_coupon_sheet_scanned;
	g_type_ensure(TILL_TYPE_KEYBOARD);
	g_type_ensure(TILL_TYPE_FIELD);
	till_view_class_set_template(widget_class, "checkout/coupon-sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillCouponSheet, entry);
	gtk_widget_class_bind_template_child(widget_class, TillCouponSheet, words);
	gtk_widget_class_bind_template_child(widget_class, TillCouponSheet, keyboard);
	gtk_widget_class_bind_template_callback(widget_class, activate_cb);
	gtk_widget_class_bind_template_callback(widget_class, changed_cb);
	gtk_widget_class_install_action(widget_class, "coupon.take", NULL, take_action);
}

static void
till_coupon_sheet_init(TillCouponSheet *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "coupon.take", FALSE);
	till_keyboard_keep(self->keyboard);
	till_keyboard_set_target(self->keyboard, GTK_EDITABLE(self->entry));
}
