/* SPDX-License-Identifier: Apache-2.0 */
#include "desk-page.h"

#include "checkout-view.h"
#include "field.h"
#include "help-page.h"
#include "keyboard.h"
#include "pages.h"
#include "pair.h"
#include "pickups-view.h"
#include "rail-item.h"
#include "row.h"
#include "session-pickups.h"
#include "staff-button.h"
#include "sync-chip.h"
#include "sync-page.h"

#define GOODS_HINT "Scan, or type a name, SKU or barcode"

#define HANDHELD_WIDTH 700 /* px: narrower and upright is held in a hand */
#define TWO_COLUMNS_EM 44  /* a board beside an order needs that much */

struct _TillDeskPage {
	TillView parent_instance;
	GtkWidget *rail;
	GtkWidget *back;
	GtkWidget *pickups_item;
	GtkWidget *pickups;
	gboolean handheld;
	GtkWidget *entry;
	GtkWidget *surfaces; /* GtkStack */
	GtkWidget *checkout;
	GtkWidget *results_card;
	GtkWidget *results;
	GtkSingleSelection *selection;
	GtkWidget *keyboard_revealer;
	TillKeyboard *keyboard;
};

G_DEFINE_FINAL_TYPE(TillDeskPage, till_desk_page, TILL_TYPE_VIEW)

static TillView *
get_surface(TillDeskPage *self)
{
	return TILL_VIEW(gtk_stack_get_visible_child(GTK_STACK(self->surfaces)));
}

/* What was typed for one surface says nothing to another. */
static void
give_field(TillDeskPage *self, TillView *surface)
{
	const char *hint = till_view_search_hint(surface);

	gtk_editable_set_text(GTK_EDITABLE(self->entry), "");
	gtk_entry_set_placeholder_text(GTK_ENTRY(self->entry), hint ? hint : GOODS_HINT);
}

/* Without a rail, and in a column that shows one thing, there must be a way back by touch. */
static void
show_back(TillDeskPage *self)
{
	TillView *surface = get_surface(self);
	gboolean pickups = GTK_WIDGET(surface) == self->pickups;

	gtk_widget_set_visible(
	    self->back, pickups ? till_pickups_view_in_detail(TILL_PICKUPS_VIEW(self->pickups))
				: self->handheld);
}

static int
get_em(TillDeskPage *self)
{
	const PangoFontDescription *font =
	    pango_context_get_font_description(gtk_widget_get_pango_context(self->entry));

	return MAX(pango_font_description_get_size(font) / PANGO_SCALE, 1);
}

/* Sheets and keys are smaller there. */
static void
mark_handheld(GtkWidget *window, gboolean handheld)
{
	if (handheld)
		gtk_widget_add_css_class(window, "handheld");
	else
		gtk_widget_remove_css_class(window, "handheld");
}

void
till_desk_page_set_room(TillDeskPage *self, int width, int height)
{
	gboolean handheld = width < HANDHELD_WIDTH && width < height;

	till_pickups_view_set_single(TILL_PICKUPS_VIEW(self->pickups),
				     handheld || width / get_em(self) < TWO_COLUMNS_EM);
	if (self->handheld != handheld) {
		self->handheld = handheld;
		gtk_widget_set_visible(self->rail, !handheld);
		mark_handheld(GTK_WIDGET(gtk_widget_get_root(GTK_WIDGET(self))), handheld);
		if (handheld)
			gtk_widget_activate_action(GTK_WIDGET(self), "win.surface", "s", "pickups");
	}
	show_back(self);
}

gboolean
till_desk_page_is_handheld(TillDeskPage *self)
{
	return self->handheld;
}

void
till_desk_page_show(TillDeskPage *self, const char *surface)
{
	gtk_stack_set_visible_child_name(GTK_STACK(self->surfaces), surface);
	give_field(self, get_surface(self));
	show_back(self);
	till_view_begin(get_surface(self));
	if (g_str_equal(surface, "checkout") || till_view_search_hint(get_surface(self)) != NULL)
		till_desk_page_focus_search(self);
}

void
till_desk_page_focus_search(TillDeskPage *self)
{
	gtk_entry_grab_focus_without_selecting(GTK_ENTRY(self->entry));
}

void
till_desk_page_toggle_keyboard(TillDeskPage *self)
{
	GtkRevealer *revealer = GTK_REVEALER(self->keyboard_revealer);
	gboolean show = !gtk_revealer_get_reveal_child(revealer);

	gtk_widget_set_visible(self->keyboard_revealer, TRUE);
	gtk_revealer_set_reveal_child(revealer, show);
	if (show)
		till_desk_page_focus_search(self);
}

/* Folded away it is gone for screen readers too. */
static void
keyboard_folded_cb(TillDeskPage *self)
{
	GtkRevealer *revealer = GTK_REVEALER(self->keyboard_revealer);

	if (!gtk_revealer_get_child_revealed(revealer) && !gtk_revealer_get_reveal_child(revealer))
		gtk_widget_set_visible(self->keyboard_revealer, FALSE);
}

/* ---- search ---- */

static void
results_changed_cb(TillDeskPage *self)
{
	guint count = g_list_model_get_n_items(G_LIST_MODEL(self->selection));

	gtk_widget_set_visible(self->results_card, count > 0);
	if (count > 0)
		gtk_single_selection_set_selected(self->selection, 0);
}

static void
search_changed_cb(TillDeskPage *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));
	const char *text = gtk_editable_get_text(GTK_EDITABLE(self->entry));

	if (session != NULL && !till_view_search(get_surface(self), text))
		till_session_search_run(session, text);
}

static void
clear_search(TillDeskPage *self)
{
	gtk_editable_set_text(GTK_EDITABLE(self->entry), "");
}

static void
search_activate_cb(TillDeskPage *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));
	g_autofree char *text = g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->entry)));

	g_strstrip(text);
	if (till_view_enter(get_surface(self), text))
		return;
	till_session_search_enter(session, text,
				  gtk_single_selection_get_selected(self->selection));
}

/* A sale that took something up from the search needs the words no more. */
static void
notice_cb(TillDeskPage *self, guint kind)
{
	if (kind != TILL_NOTICE_ACCEPTED)
		return;
	clear_search(self);
	if (!g_str_equal(gtk_stack_get_visible_child_name(GTK_STACK(self->surfaces)), "checkout"))
		gtk_widget_activate_action(GTK_WIDGET(self), "win.surface", "s", "checkout");
}

static void
ask_weight_cb(TillDeskPage *self)
{
	clear_search(self);
}

static void
result_cb(TillDeskPage *self, guint position)
{
	g_autoptr(TillRowItem) row = g_list_model_get_item(G_LIST_MODEL(self->selection), position);

	if (row != NULL)
		till_session_scan_item(till_view_get_session(TILL_VIEW(self)),
				       till_row_item_get_item(row), "");
	till_desk_page_focus_search(self);
}

/* Up and Down walk the results while the field keeps the focus; without results, Down leads into
 * a surface that the field searches. */
static gboolean
search_key_cb(TillDeskPage *self, guint keyval)
{
	guint count = g_list_model_get_n_items(G_LIST_MODEL(self->selection));
	guint position = gtk_single_selection_get_selected(self->selection);
	TillView *surface = get_surface(self);

	if (count == 0 && keyval == GDK_KEY_Down && till_view_search_hint(surface) != NULL)
		return gtk_widget_child_focus(GTK_WIDGET(surface), GTK_DIR_TAB_FORWARD);
	if (count == 0 || (keyval != GDK_KEY_Down && keyval != GDK_KEY_Up))
		return GDK_EVENT_PROPAGATE;
	if (keyval == GDK_KEY_Down && position + 1 < count)
		position++;
	else if (keyval == GDK_KEY_Up && position > 0)
		position--;
	gtk_single_selection_set_selected(self->selection, position);
	gtk_widget_activate_action(self->results, "list.scroll-to-item", "u", position);
	return GDK_EVENT_STOP;
}

/* ---- view ---- */

static gboolean
till_desk_page_back(TillView *view)
{
	TillDeskPage *self = TILL_DESK_PAGE(view);
	TillView *surface = get_surface(self);
	GtkWidget *home;

	if (gtk_revealer_get_reveal_child(GTK_REVEALER(self->keyboard_revealer))) {
		till_desk_page_toggle_keyboard(self);
		return TRUE;
	}
	if (*gtk_editable_get_text(GTK_EDITABLE(self->entry)) != '\0') {
		clear_search(self);
		return TRUE;
	}
	if (till_view_back(surface))
		return TRUE;
	home = self->handheld ? self->pickups : self->checkout;
	if (GTK_WIDGET(surface) == home)
		return FALSE;
	gtk_widget_activate_action(GTK_WIDGET(self), "win.surface", "s",
				   self->handheld ? "pickups" : "checkout");
	return TRUE;
}

static gboolean
till_desk_page_typed(TillView *view, const char *text)
{
	TillDeskPage *self = TILL_DESK_PAGE(view);

	if (!till_view_typed(get_surface(self), text))
		till_field_type(TILL_FIELD(self->entry), text);
	return TRUE;
}

static gboolean
till_desk_page_scanned(TillView *view, const char *code)
{
	return till_view_scanned(get_surface(TILL_DESK_PAGE(view)), code);
}

static gboolean
till_desk_page_undo(TillView *view)
{
	return till_view_undo(get_surface(TILL_DESK_PAGE(view)));
}

static void
till_desk_page_begin(TillView *view)
{
	till_desk_page_focus_search(TILL_DESK_PAGE(view));
}

static void
pickups_cb(TillDeskPage *self)
{
	till_rail_item_set_badge(
	    TILL_RAIL_ITEM(self->pickups_item),
	    till_session_pickups_outside(till_view_get_session(TILL_VIEW(self))));
}

static void
till_desk_page_attach(TillView *view, TillSession *session)
{
	TillDeskPage *self = TILL_DESK_PAGE(view);

	gtk_single_selection_set_model(self->selection, till_session_search_results(session));
	g_signal_connect_object(till_session_search_results(session), "items-changed",
				G_CALLBACK(results_changed_cb), view,
				G_CONNECT_SWAPPED | G_CONNECT_AFTER);
	g_signal_connect_object(session, "notice", G_CALLBACK(notice_cb), view, G_CONNECT_SWAPPED);
	g_signal_connect_object(session, "ask-weight", G_CALLBACK(ask_weight_cb), view,
				G_CONNECT_SWAPPED);
	g_signal_connect_object(session, "pickups-changed", G_CALLBACK(pickups_cb), view,
				G_CONNECT_SWAPPED);
	g_signal_connect_object(session, "pickup-changed", G_CALLBACK(show_back), view,
				G_CONNECT_SWAPPED | G_CONNECT_AFTER);
	pickups_cb(self);
}

static void
ensure_types(void)
{
	g_type_ensure(TILL_TYPE_CHECKOUT_VIEW);
	g_type_ensure(TILL_TYPE_FIELD);
	g_type_ensure(TILL_TYPE_HELP_PAGE);
	g_type_ensure(TILL_TYPE_KEYBOARD);
	g_type_ensure(TILL_TYPE_PAIR);
	g_type_ensure(TILL_TYPE_PICKUPS_VIEW);
	g_type_ensure(TILL_TYPE_PLAIN_ROW);
	g_type_ensure(TILL_TYPE_RAIL_ITEM);
	g_type_ensure(TILL_TYPE_SYNC_CHIP);
	g_type_ensure(TILL_TYPE_STAFF_BUTTON);
	g_type_ensure(TILL_TYPE_SYNC_PAGE);
}

static void
till_desk_page_class_init(TillDeskPageClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_desk_page_attach;
	TILL_VIEW_CLASS(class)->back = till_desk_page_back;
	TILL_VIEW_CLASS(class)->typed = till_desk_page_typed;
	TILL_VIEW_CLASS(class)->scanned = till_desk_page_scanned;
	TILL_VIEW_CLASS(class)->undo = till_desk_page_undo;
	TILL_VIEW_CLASS(class)->begin = till_desk_page_begin;
	ensure_types();
	till_view_class_set_template(widget_class, "desk-page.ui");
	gtk_widget_class_bind_template_child(widget_class, TillDeskPage, rail);
	gtk_widget_class_bind_template_child(widget_class, TillDeskPage, back);
	gtk_widget_class_bind_template_child(widget_class, TillDeskPage, pickups_item);
	gtk_widget_class_bind_template_child(widget_class, TillDeskPage, pickups);
	gtk_widget_class_bind_template_child(widget_class, TillDeskPage, entry);
	gtk_widget_class_bind_template_child(widget_class, TillDeskPage, surfaces);
	gtk_widget_class_bind_template_child(widget_class, TillDeskPage, checkout);
	gtk_widget_class_bind_template_child(widget_class, TillDeskPage, results_card);
	gtk_widget_class_bind_template_child(widget_class, TillDeskPage, results);
	gtk_widget_class_bind_template_child(widget_class, TillDeskPage, selection);
	gtk_widget_class_bind_template_child(widget_class, TillDeskPage, keyboard_revealer);
	gtk_widget_class_bind_template_child(widget_class, TillDeskPage, keyboard);
	gtk_widget_class_bind_template_callback(widget_class, search_changed_cb);
	gtk_widget_class_bind_template_callback(widget_class, search_activate_cb);
	gtk_widget_class_bind_template_callback(widget_class, search_key_cb);
	gtk_widget_class_bind_template_callback(widget_class, result_cb);
	gtk_widget_class_bind_template_callback(widget_class, keyboard_folded_cb);
}

static void
till_desk_page_init(TillDeskPage *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	till_keyboard_set_target(self->keyboard, GTK_EDITABLE(self->entry));
	till_pages_watch(GTK_STACK(self->surfaces));
}
