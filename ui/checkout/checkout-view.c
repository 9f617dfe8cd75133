/* SPDX-License-Identifier: Apache-2.0 */
#include "checkout-view.h"

#include <string.h>

#include "change-panel.h"
#include "empty-state.h"
#include "line-header.h"
#include "line-row.h"
#include "pages.h"
#include "pair.h"
#include "pay-panel.h"
#include "receipt-panel.h"
#include "sale-bar.h"
#include "shopper-card.h"
#include "unknown-card.h"

struct _TillCheckoutView {
	TillView parent_instance;
	GtkWidget *list;
	GtkSingleSelection *selection;
	GtkWidget *change_panel;
	GtkStack *lines_stack;
	GtkStack *pay_stack;
	gboolean following; /* the selection is being set from the session */
	TillPhase phase;    /* seen last */
};

G_DEFINE_FINAL_TYPE(TillCheckoutView, till_checkout_view, TILL_TYPE_VIEW)

static guint
find_position(GListModel *lines, guint line_id)
{
	for (guint i = 0; i < g_list_model_get_n_items(lines); i++) {
		g_autoptr(TillRowItem) row = g_list_model_get_item(lines, i);

		if (till_row_item_get_id(row) == line_id)
			return i;
	}
	return GTK_INVALID_LIST_POSITION;
}

/* The line that was touched last is selected and in view. */
static void
follow_selected(TillCheckoutView *self, TillSession *session)
{
	guint position =
	    find_position(till_session_get_lines(session), till_session_basket_selected(session));

	self->following = TRUE;
	gtk_single_selection_set_selected(self->selection, position);
	self->following = FALSE;
	if (position != GTK_INVALID_LIST_POSITION)
		gtk_widget_activate_action(self->list, "list.scroll-to-item", "u", position);
}

static void
update_actions(TillCheckoutView *self, TillSession *session)
{
	GtkWidget *widget = GTK_WIDGET(self);
	gboolean selling = till_session_get_phase(session) == TILL_PHASE_SELLING;
	gboolean lines = selling && g_list_model_get_n_items(till_session_get_lines(session)) > 0;
	gboolean selected = lines && till_session_basket_selected(session) != 0;
	guint parked = g_list_model_get_n_items(till_session_basket_parked(session));

	gtk_widget_action_set_enabled(widget, "checkout.void", selected);
	gtk_widget_action_set_enabled(widget, "checkout.note", selected);
	gtk_widget_action_set_enabled(widget, "checkout.discount", selected);
	gtk_widget_action_set_enabled(widget, "checkout.why", selected);
	gtk_widget_action_set_enabled(widget, "checkout.park", lines);
	gtk_widget_action_set_enabled(
	    widget, "checkout.clear",
	    lines || (selling && !till_shopper_is_plain(till_session_shopper(session))));
	gtk_widget_action_set_enabled(widget, "checkout.recall", parked > 0);
}

static void
changed_cb(TillCheckoutView *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));
	TillPhase phase = till_session_get_phase(session);

	follow_selected(self, session);
	update_actions(self, session);
	if (phase == TILL_PHASE_PAID && self->phase != phase)
		till_view_begin(TILL_VIEW(self->change_panel));
	if (phase == TILL_PHASE_SELLING && self->phase == TILL_PHASE_PAID)
		gtk_widget_activate_action(GTK_WIDGET(self), "win.focus-search", NULL);
	self->phase = phase;
}

static void
selected_cb(TillCheckoutView *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));
	TillRowItem *row = gtk_single_selection_get_selected_item(self->selection);

	if (self->following || session == NULL)
		return;
	till_session_basket_select(session, row ? till_row_item_get_id(row) : 0);
	update_actions(self, session);
}

static void
activate_cb(TillCheckoutView *self, guint position)
{
	(void)position;
	gtk_widget_activate_action(
	    GTK_WIDGET(self), "checkout.edit", "u",
	    till_session_basket_selected(till_view_get_session(TILL_VIEW(self))));
}

/* ---- actions ---- */

static void
step_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	guint line_id;
	int pieces;

	(void)name;
	g_variant_get(parameter, "(ui)", &line_id, &pieces);
	till_session_basket_step(till_view_get_session(TILL_VIEW(widget)), line_id, pieces);
}

static void
step_selected_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillSession *session = till_view_get_session(TILL_VIEW(widget));

	(void)name;
	till_session_basket_step(session, till_session_basket_selected(session),
				 g_variant_get_int32(parameter));
}

static void
edit_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillSession *session = till_view_get_session(TILL_VIEW(widget));

	(void)name;
	if (till_session_basket_line(session, g_variant_get_uint32(parameter)) == NULL)
		return;
	till_session_basket_select(session, g_variant_get_uint32(parameter));
	gtk_widget_activate_action(widget, "win.sheet", "s", "quantity");
}

static void
line_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillSession *session = till_view_get_session(TILL_VIEW(widget));

	(void)parameter;
	if (g_str_equal(name, "checkout.void"))
		till_session_basket_void(session, till_session_basket_selected(session));
	else
		gtk_widget_activate_action(widget, "win.sheet", "s", strchr(name, '.') + 1);
}

static void
sale_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillSession *session = till_view_get_session(TILL_VIEW(widget));

	(void)parameter;
	if (g_str_equal(name, "checkout.park"))
		till_session_basket_park(session);
	else if (g_str_equal(name, "checkout.clear"))
		till_session_basket_clear(session);
	else if (g_str_equal(name, "checkout.next"))
		till_session_pay_next(session);
	else
		gtk_widget_activate_action(widget, "win.sheet", "s", "recall");
}

static void
unknown_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)parameter;
	if (g_str_equal(name, "checkout.search-unknown"))
		gtk_widget_activate_action(widget, "win.focus-search", NULL);
	till_session_scan_dismiss(till_view_get_session(TILL_VIEW(widget)));
}

/* ---- view ---- */

static gboolean
till_checkout_view_back(TillView *view)
{
	TillSession *session = till_view_get_session(view);

	if (*till_session_get_text(session, "unknown-words") == '\0')
		return FALSE;
	till_session_scan_dismiss(session);
	return TRUE;
}

static gboolean
till_checkout_view_typed(TillView *view, const char *text)
{
	int pieces = 0;

	for (const char *key = text; *key != '\0'; key++) {
		if (*key != '+' && *key != '-')
			return FALSE;
		pieces += *key == '+' ? 1 : -1;
	}
	gtk_widget_activate_action(GTK_WIDGET(view), "checkout.step-selected", "i", pieces);
	return TRUE;
}

static void
till_checkout_view_attach(TillView *view, TillSession *session)
{
	TillCheckoutView *self = TILL_CHECKOUT_VIEW(view);

	gtk_single_selection_set_model(self->selection, till_session_get_lines(session));
	g_signal_connect_object(session, "changed", G_CALLBACK(changed_cb), view,
				G_CONNECT_SWAPPED);
	g_signal_connect_object(session, "parked-changed", G_CALLBACK(changed_cb), view,
				G_CONNECT_SWAPPED);
	changed_cb(self);
}

static void
install_actions(GtkWidgetClass *class)
{
	static const char *const line[] = {"checkout.void", "checkout.note", "checkout.discount",
					   "checkout.why"};
	static const char *const sale[] = {"checkout.park", "checkout.clear", "checkout.next",
					   "checkout.recall"};

	gtk_widget_class_install_action(class, "checkout.step", "(ui)", step_action);
	gtk_widget_class_install_action(class, "checkout.step-selected", "i", step_selected_action);
	gtk_widget_class_install_action(class, "checkout.edit", "u", edit_action);
	for (guint i = 0; i < G_N_ELEMENTS(line); i++)
		gtk_widget_class_install_action(class, line[i], NULL, line_action);
	for (guint i = 0; i < G_N_ELEMENTS(sale); i++)
		gtk_widget_class_install_action(class, sale[i], NULL, sale_action);
	gtk_widget_class_install_action(class, "checkout.search-unknown", NULL, unknown_action);
	gtk_widget_class_install_action(class, "checkout.dismiss-unknown", NULL, unknown_action);
}

/* Templates name these types before any C code has. */
static void
ensure_types(void)
{
	g_type_ensure(TILL_TYPE_PAIR);
	g_type_ensure(TILL_TYPE_CHANGE_PANEL);
	g_type_ensure(TILL_TYPE_EMPTY_STATE);
	g_type_ensure(TILL_TYPE_LINE_HEADER);
	g_type_ensure(TILL_TYPE_LINE_ROW);
	g_type_ensure(TILL_TYPE_PAY_PANEL);
	g_type_ensure(TILL_TYPE_RECEIPT_PANEL);
	g_type_ensure(TILL_TYPE_SALE_BAR);
	g_type_ensure(TILL_TYPE_SHOPPER_CARD);
	g_type_ensure(TILL_TYPE_UNKNOWN_CARD);
}

static void
till_checkout_view_class_init(TillCheckoutViewClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_checkout_view_attach;
	TILL_VIEW_CLASS(class)->back = till_checkout_view_back;
	TILL_VIEW_CLASS(class)->typed = till_checkout_view_typed;
	ensure_types();
	till_view_class_set_template(widget_class, "checkout/checkout-view.ui");
	gtk_widget_class_bind_template_child(widget_class, TillCheckoutView, list);
	gtk_widget_class_bind_template_child(widget_class, TillCheckoutView, selection);
	gtk_widget_class_bind_template_child(widget_class, TillCheckoutView, change_panel);
	gtk_widget_class_bind_template_child(widget_class, TillCheckoutView, lines_stack);
	gtk_widget_class_bind_template_child(widget_class, TillCheckoutView, pay_stack);
	gtk_widget_class_bind_template_callback(widget_class, selected_cb);
	gtk_widget_class_bind_template_callback(widget_class, activate_cb);
	install_actions(widget_class);
}

static void
till_checkout_view_init(TillCheckoutView *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	till_pages_watch(self->lines_stack);
	till_pages_watch(self->pay_stack);
}
