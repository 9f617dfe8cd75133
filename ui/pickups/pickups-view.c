/* SPDX-License-Identifier: Apache-2.0 */
#include "pickups-view.h"

#include "board-row.h"
#include "camera-preview.h"
#include "code-card.h"
#include "flow.h"
#include "pair.h"
#include "pickup-detail.h"
#include "session-pickups.h"

struct _TillPickupsView {
	TillView parent_instance;
	GtkWidget *list_side;
	GtkWidget *camera_slot;
	GtkWidget *list;
	GtkSingleSelection *selection;
	GtkWidget *nothing;
	GtkWidget *trouble;
	GtkWidget *undo_bar;
	GtkWidget *undo_words;
	GtkWidget *detail;
	GtkWidget *code_card;
	GtkWidget *camera; /* owned reference: it moves between two places */
	gboolean single;
	gboolean selecting; /* the selection follows the order in hand */
	guint ticker;       /* only while somebody can see the waits */
};

G_DEFINE_FINAL_TYPE(TillPickupsView, till_pickups_view, TILL_TYPE_VIEW)

static TillSession *
get_session(gpointer self)
{
	return till_view_get_session(TILL_VIEW(self));
}

/* ---- one or two columns ---- */

gboolean
till_pickups_view_in_detail(TillPickupsView *self)
{
	return self->single && till_session_pickup(get_session(self)) != NULL;
}

static void
show_sides(TillPickupsView *self)
{
	gboolean open = till_session_pickup(get_session(self)) != NULL;

	gtk_widget_set_visible(self->list_side, !self->single || !open);
	gtk_widget_set_visible(self->detail, !self->single || open);
}

/* The camera stands beside the order's name, or over the list where only that is shown. */
static void
place_camera(TillPickupsView *self)
{
	gboolean over_list = self->single && till_session_pickup(get_session(self)) == NULL;
	GtkWidget *there = gtk_widget_get_parent(self->camera);

	if (there != NULL && (there == self->camera_slot) == over_list)
		return;
	if (there == self->camera_slot)
		gtk_box_remove(GTK_BOX(self->camera_slot), self->camera);
	till_pickup_detail_take_camera(TILL_PICKUP_DETAIL(self->detail),
				       over_list ? NULL : self->camera);
	if (over_list)
		gtk_box_append(GTK_BOX(self->camera_slot), self->camera);
	gtk_widget_set_visible(self->camera_slot, over_list);
}

void
till_pickups_view_set_single(TillPickupsView *self, gboolean single)
{
	if (self->single == single)
		return;
	self->single = single;
	show_sides(self);
	place_camera(self);
}

/* ---- the board ---- */

/* Marks the order in hand, wherever it moved to. */
static void
follow_selection(TillPickupsView *self)
{
	const TillSessionPickup *pickup = till_session_pickup(get_session(self));
	GListModel *rows = G_LIST_MODEL(self->selection);
	guint found = GTK_INVALID_LIST_POSITION;

	for (guint i = 0; pickup != NULL && i < g_list_model_get_n_items(rows); i++) {
		g_autoptr(TillRowItem) row = g_list_model_get_item(rows, i);

		if (g_strcmp0(till_row_item_get(row, TILL_ROW_KEY), pickup->id) == 0)
			found = i;
	}
	gtk_single_selection_set_selected(self->selection, found);
}

static void
board_cb(TillPickupsView *self)
{
	TillSession *session = get_session(self);
	guint count = g_list_model_get_n_items(G_LIST_MODEL(self->selection));
	const char *trouble = till_session_pickups_trouble(session);

	gtk_widget_set_visible(self->nothing, count == 0);
	gtk_widget_set_visible(self->trouble, trouble != NULL);
	gtk_label_set_text(GTK_LABEL(self->trouble), trouble ? trouble : "");
	follow_selection(self);
}

static void
undo_cb(TillPickupsView *self)
{
	const char *words = till_session_pickups_undo_words(get_session(self));

	gtk_widget_set_visible(self->undo_bar, words != NULL);
	gtk_label_set_text(GTK_LABEL(self->undo_words), words ? words : "");
}

static void
pickup_cb(TillPickupsView *self)
{
	show_sides(self);
	place_camera(self);
	follow_selection(self);
}

static void
activate_cb(TillPickupsView *self, guint position)
{
	g_autoptr(TillRowItem) row = g_list_model_get_item(G_LIST_MODEL(self->selection), position);

	if (row == NULL || *till_row_item_get(row, TILL_ROW_KEY) == '\0')
		return;
	till_session_pickup_open(get_session(self), till_row_item_get(row, TILL_ROW_KEY));
}

static void
undo_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	till_session_pickups_undo(get_session(widget));
}

/* ---- view ---- */

static void
code_cb(TillPickupsView *self, const char *code)
{
	till_session_pickups_scan(get_session(self), code);
}

static gboolean
till_pickups_view_scanned(TillView *view, const char *code)
{
	till_session_pickups_scan(get_session(view), code);
	return TRUE;
}

static gboolean
till_pickups_view_search(TillView *view, const char *text)
{
	till_session_pickups_filter(get_session(view), text);
	return TRUE;
}

static gboolean
till_pickups_view_enter(TillView *view, const char *text)
{
	till_session_pickups_enter(get_session(view), text);
	return TRUE;
}

static gboolean
till_pickups_view_back(TillView *view)
{
	TillPickupsView *self = TILL_PICKUPS_VIEW(view);

	if (till_view_back(TILL_VIEW(self->code_card)))
		return TRUE;
	if (till_session_pickup(get_session(self)) == NULL)
		return FALSE;
	till_session_pickup_close(get_session(self));
	return TRUE;
}

static gboolean
till_pickups_view_undo(TillView *view)
{
	till_session_pickups_undo(get_session(view));
	return TRUE;
}

static gboolean
tick_cb(gpointer user)
{
	till_session_pickups_tick(get_session(user));
	return G_SOURCE_CONTINUE;
}

static void
map_cb(TillPickupsView *self)
{
	if (get_session(self) == NULL)
		return;
	till_session_pickups_tick(get_session(self));
	if (self->ticker == 0)
		self->ticker = g_timeout_add_seconds(1, tick_cb, self);
}

static void
unmap_cb(TillPickupsView *self)
{
	g_clear_handle_id(&self->ticker, g_source_remove);
}

static void
till_pickups_view_attach(TillView *view, TillSession *session)
{
	TillPickupsView *self = TILL_PICKUPS_VIEW(view);

	gtk_single_selection_set_model(self->selection, till_session_pickups_rows(session));
	g_signal_connect_object(session, "pickups-changed", G_CALLBACK(board_cb), view,
				G_CONNECT_SWAPPED);
	g_signal_connect_object(session, "pickup-changed", G_CALLBACK(pickup_cb), view,
				G_CONNECT_SWAPPED);
	g_signal_connect_object(session, "pickup-undo", G_CALLBACK(undo_cb), view,
				G_CONNECT_SWAPPED);
	board_cb(self);
	pickup_cb(self);
	undo_cb(self);
}

static void
till_pickups_view_dispose(GObject *object)
{
	TillPickupsView *self = TILL_PICKUPS_VIEW(object);

	g_clear_handle_id(&self->ticker, g_source_remove);
	g_clear_object(&self->camera);
	G_OBJECT_CLASS(till_pickups_view_parent_class)->dispose(object);
}

static void
till_pickups_view_class_init(TillPickupsViewClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = till_pickups_view_dispose;
	TILL_VIEW_CLASS(class)->attach = till_pickups_view_attach;
	TILL_VIEW_CLASS(class)->scanned = till_pickups_view_scanned;
	TILL_VIEW_CLASS(class)->search = till_pickups_view_search;
	TILL_VIEW_CLASS(class)->enter = till_pickups_view_enter;
	TILL_VIEW_CLASS(class)->back = till_pickups_view_back;
	TILL_VIEW_CLASS(class)->undo = till_pickups_view_undo;
	TILL_VIEW_CLASS(class)->search_hint = "Scan a pickup code, or type a name or order number";
	g_type_ensure(TILL_TYPE_BOARD_ROW);
	g_type_ensure(TILL_TYPE_CODE_CARD);
	g_type_ensure(TILL_TYPE_FLOW);
	g_type_ensure(TILL_TYPE_PAIR);
	g_type_ensure(TILL_TYPE_PICKUP_DETAIL);
	till_view_class_set_template(widget_class, "pickups/pickups-view.ui");
	gtk_widget_class_bind_template_child(widget_class, TillPickupsView, list_side);
	gtk_widget_class_bind_template_child(widget_class, TillPickupsView, camera_slot);
	gtk_widget_class_bind_template_child(widget_class, TillPickupsView, list);
	gtk_widget_class_bind_template_child(widget_class, TillPickupsView, selection);
	gtk_widget_class_bind_template_child(widget_class, TillPickupsView, nothing);
	gtk_widget_class_bind_template_child(widget_class, TillPickupsView, trouble);
	gtk_widget_class_bind_template_child(widget_class, TillPickupsView, undo_bar);
	gtk_widget_class_bind_template_child(widget_class, TillPickupsView, undo_words);
	gtk_widget_class_bind_template_child(widget_class, TillPickupsView, detail);
	gtk_widget_class_bind_template_child(widget_class, TillPickupsView, code_card);
	gtk_widget_class_bind_template_callback(widget_class, activate_cb);
	gtk_widget_class_bind_template_callback(widget_class, map_cb);
	gtk_widget_class_bind_template_callback(widget_class, unmap_cb);
	gtk_widget_class_install_action(widget_class, "pickups.undo", NULL, undo_action);
}

static void
till_pickups_view_init(TillPickupsView *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	self->camera = g_object_ref_sink(g_object_new(TILL_TYPE_CAMERA_PREVIEW, NULL));
	g_signal_connect_swapped(self->camera, "code", G_CALLBACK(code_cb), self);
}
