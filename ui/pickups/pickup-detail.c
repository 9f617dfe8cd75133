/* SPDX-License-Identifier: Apache-2.0 */
#include "pickup-detail.h"

#include "flow.h"
#include "pair.h"
#include "session-pickups.h"
#include "tick-row.h"
#include "tone.h"

struct _TillPickupDetail {
	TillView parent_instance;
	GtkWidget *pages; /* GtkStack: nothing, order */
	GtkWidget *head;  /* TillPair of words and camera */
	GtkWidget *camera_slot;
	GtkWidget *empty_title;
	GtkWidget *name;
	GtkWidget *summary;
	GtkWidget *code;
	GtkWidget *check;
	GtkWidget *place;
	GtkWidget *tick_all;
	GtkWidget *scroller;
	GtkWidget *lines; /* GtkBox of TillTickRow */
	GtkWidget *stays_box;
	GtkWidget *stays_title;
	GtkWidget *stays;
	GtkWidget *problem;
	GtkWidget *second;
	GtkWidget *primary;
	GtkWidget *bar;
};

G_DEFINE_FINAL_TYPE(TillPickupDetail, till_pickup_detail, TILL_TYPE_VIEW)

static TillSession *
get_session(gpointer self)
{
	return till_view_get_session(TILL_VIEW(self));
}

void
till_pickup_detail_take_camera(TillPickupDetail *self, GtkWidget *camera)
{
	GtkWidget *old = gtk_widget_get_first_child(self->camera_slot);

	if (old != NULL)
		gtk_box_remove(GTK_BOX(self->camera_slot), old);
	if (camera != NULL)
		gtk_box_append(GTK_BOX(self->camera_slot), camera);
	gtk_widget_set_visible(self->camera_slot, camera != NULL);
}

static void
show_words(GtkWidget *label, const char *words)
{
	gtk_label_set_text(GTK_LABEL(label), words);
	gtk_widget_set_visible(label, *words != '\0');
}

static void
show_chip(GtkWidget *chip, const char *words, const char *tone)
{
	show_words(chip, words);
	till_tone_set(chip, tone);
}

static gboolean
has_rows_of(TillPickupDetail *self, const GPtrArray *lines)
{
	GtkWidget *row = gtk_widget_get_first_child(self->lines);

	for (guint i = 0; i < lines->len; i++, row = gtk_widget_get_next_sibling(row)) {
		const TillSessionPickupLine *line = g_ptr_array_index(lines, i);

		if (row == NULL || till_tick_row_get_line(TILL_TICK_ROW(row)) != line->line)
			return FALSE;
	}
	return row == NULL;
}

/* Rows that stay keep the focus; only another order gets other rows. */
static void
show_lines(TillPickupDetail *self, const GPtrArray *lines)
{
	GtkWidget *row;

	if (!has_rows_of(self, lines)) {
		while ((row = gtk_widget_get_first_child(self->lines)) != NULL)
			gtk_box_remove(GTK_BOX(self->lines), row);
		for (guint i = 0; i < lines->len; i++) {
			const TillSessionPickupLine *line = g_ptr_array_index(lines, i);

			gtk_box_append(GTK_BOX(self->lines), till_tick_row_new(line->line));
		}
	}
	row = gtk_widget_get_first_child(self->lines);
	for (guint i = 0; i < lines->len; i++, row = gtk_widget_get_next_sibling(row))
		till_tick_row_show(TILL_TICK_ROW(row), g_ptr_array_index(lines, i));
}

static gboolean
may_tick_all(const TillSessionPickup *pickup)
{
	if (pickup->mode != TILL_PICKUP_HAND_OVER)
		return FALSE;
	for (guint i = 0; i < pickup->lines->len; i++) {
		const TillSessionPickupLine *line = g_ptr_array_index(pickup->lines, i);

		if (line->ticked_milli + line->refused_milli < line->milli)
			return TRUE;
	}
	return FALSE;
}

static void
show_bar(TillPickupDetail *self, const TillSessionPickup *pickup)
{
	gtk_button_set_label(GTK_BUTTON(self->primary), pickup->primary);
	gtk_widget_set_visible(self->primary, *pickup->primary != '\0');
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "pickup.go", pickup->can_go);
	gtk_button_set_label(GTK_BUTTON(self->second), pickup->second);
	gtk_widget_set_visible(self->second, *pickup->second != '\0');
	gtk_widget_set_visible(self->problem, pickup->mode != TILL_PICKUP_OVER);
	gtk_widget_set_visible(self->bar, pickup->mode != TILL_PICKUP_OVER);
}

static void
pickup_changed_cb(TillPickupDetail *self)
{
	const TillSessionPickup *pickup = till_session_pickup(get_session(self));

	gtk_stack_set_visible_child_name(GTK_STACK(self->pages), pickup ? "order" : "nothing");
	gtk_widget_set_visible(self->head, TRUE);
	show_words(self->name, pickup ? pickup->name : "");
	show_words(self->summary, pickup ? pickup->summary : "");
	show_chip(self->code, pickup ? pickup->code : "", pickup ? pickup->code_tone : NULL);
	show_chip(self->check, pickup ? pickup->check : "", pickup ? pickup->check_tone : NULL);
	gtk_widget_set_visible(self->empty_title, pickup == NULL);
	if (pickup == NULL)
		return;
	gtk_label_set_markup(GTK_LABEL(self->place), pickup->place);
	gtk_widget_set_visible(self->tick_all, may_tick_all(pickup));
	show_lines(self, pickup->lines);
	gtk_widget_set_visible(self->stays_box, *pickup->stays_title != '\0');
	gtk_label_set_text(GTK_LABEL(self->stays_title), pickup->stays_title);
	show_words(self->stays, pickup->stays);
	show_bar(self, pickup);
}

/* ---- actions ---- */

static void
tick_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	till_session_pickup_tick(get_session(widget), g_variant_get_uint32(parameter));
}

static void
step_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	guint line;
	int pieces;

	(void)name;
	g_variant_get(parameter, "(ui)", &line, &pieces);
	till_session_pickup_step(get_session(widget), line, pieces);
}

static void
tick_all_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	till_session_pickup_tick_all(get_session(widget));
	gtk_widget_grab_focus(TILL_PICKUP_DETAIL(widget)->primary);
}

static void
switch_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	till_session_pickup_switch(get_session(widget));
}

static void
problem_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	gtk_widget_activate_action(widget, "win.sheet", "s", "problem");
}

/* What the one large button does depends on where the order stands. */
static void
go_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillSession *session = get_session(widget);
	const TillSessionPickup *pickup = till_session_pickup(session);

	(void)name;
	(void)parameter;
	if (pickup == NULL || !pickup->can_go)
		return;
	if (pickup->mode == TILL_PICKUP_TO_PICK)
		till_session_pickup_switch(session);
	else if (pickup->mode == TILL_PICKUP_PICKING)
		gtk_widget_activate_action(widget, "win.sheet", "s", "place");
	else if (pickup->mode == TILL_PICKUP_SEND)
		gtk_widget_activate_action(widget, "win.sheet", "s", "send");
	else if (till_session_pickup_needs_check(session))
		gtk_widget_activate_action(widget, "win.sheet", "s", "check");
	else
		till_session_pickup_hand_over(session, NULL, FALSE);
}

/* ---- view ---- */

static void
till_pickup_detail_attach(TillView *view, TillSession *session)
{
	g_signal_connect_object(session, "pickup-changed", G_CALLBACK(pickup_changed_cb), view,
				G_CONNECT_SWAPPED);
	pickup_changed_cb(TILL_PICKUP_DETAIL(view));
}

static void
till_pickup_detail_begin(TillView *view)
{
	TillPickupDetail *self = TILL_PICKUP_DETAIL(view);

	if (!gtk_widget_child_focus(self->lines, GTK_DIR_TAB_FORWARD))
		gtk_widget_grab_focus(self->primary);
}

static void
bind_children(GtkWidgetClass *widget_class)
{
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, pages);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, head);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, camera_slot);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, empty_title);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, name);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, summary);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, code);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, check);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, place);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, tick_all);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, scroller);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, lines);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, stays_box);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, stays_title);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, stays);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, problem);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, second);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, primary);
	gtk_widget_class_bind_template_child(widget_class, TillPickupDetail, bar);
}

static void
till_pickup_detail_class_init(TillPickupDetailClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_pickup_detail_attach;
	TILL_VIEW_CLASS(class)->begin = till_pickup_detail_begin;
	g_type_ensure(TILL_TYPE_FLOW);
	g_type_ensure(TILL_TYPE_PAIR);
	till_view_class_set_template(widget_class, "pickups/pickup-detail.ui");
	bind_children(widget_class);
	gtk_widget_class_install_action(widget_class, "pickup.tick", "u", tick_action);
	gtk_widget_class_install_action(widget_class, "pickup.step", "(ui)", step_action);
	gtk_widget_class_install_action(widget_class, "pickup.tick-all", NULL, tick_all_action);
	gtk_widget_class_install_action(widget_class, "pickup.switch", NULL, switch_action);
	gtk_widget_class_install_action(widget_class, "pickup.problem", NULL, problem_action);
	gtk_widget_class_install_action(widget_class, "pickup.go", NULL, go_action);
}

static void
till_pickup_detail_init(TillPickupDetail *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	till_pickup_detail_take_camera(self, NULL);
}
