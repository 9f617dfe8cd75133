/* SPDX-License-Identifier: Apache-2.0 */
#include "tick-row.h"

#include "pair.h"
#include "quantity.h"
#include "tone.h"

struct _TillTickRow {
	GtkWidget parent_instance;
	GtkWidget *button;
	GtkWidget *box; /* the square that is ticked */
	GtkWidget *mark;
	GtkWidget *title;
	GtkWidget *detail;
	GtkWidget *words;
	GtkWidget *steps;
	GtkWidget *less;
	GtkWidget *more;
	guint line;
};

G_DEFINE_FINAL_TYPE(TillTickRow, till_tick_row, GTK_TYPE_WIDGET)

guint
till_tick_row_get_line(TillTickRow *self)
{
	return self->line;
}

static void
show_tick(TillTickRow *self, const TillSessionPickupLine *line)
{
	gboolean all = line->ticked_milli > 0 && line->ticked_milli >= line->milli;
	gboolean some = line->ticked_milli > 0 && !all;

	gtk_image_set_from_icon_name(GTK_IMAGE(self->mark),
				     some ? "till-minus-symbolic" : "till-tick-symbolic");
	gtk_widget_set_opacity(self->mark, line->ticked_milli > 0 ? 1 : 0);
	if (line->ticked_milli > 0)
		gtk_widget_add_css_class(self->box, "ticked");
	else
		gtk_widget_remove_css_class(self->box, "ticked");
	gtk_accessible_update_state(GTK_ACCESSIBLE(self->button), GTK_ACCESSIBLE_STATE_CHECKED,
				    all    ? GTK_ACCESSIBLE_TRISTATE_TRUE
				    : some ? GTK_ACCESSIBLE_TRISTATE_MIXED
					   : GTK_ACCESSIBLE_TRISTATE_FALSE,
				    -1);
}

static void
name_steps(TillTickRow *self, const char *title)
{
	g_autofree char *less = g_strdup_printf("One less of %s", title);
	g_autofree char *more = g_strdup_printf("One more of %s", title);

	gtk_accessible_update_property(GTK_ACCESSIBLE(self->less), GTK_ACCESSIBLE_PROPERTY_LABEL,
				       less, -1);
	gtk_accessible_update_property(GTK_ACCESSIBLE(self->more), GTK_ACCESSIBLE_PROPERTY_LABEL,
				       more, -1);
}

void
till_tick_row_show(TillTickRow *self, const TillSessionPickupLine *line)
{
	g_autofree char *name = g_strdup_printf("%s, %s", line->title, line->words);

	gtk_label_set_text(GTK_LABEL(self->title), line->title);
	gtk_label_set_text(GTK_LABEL(self->detail), line->detail);
	gtk_label_set_text(GTK_LABEL(self->words), line->words);
	till_tone_set(self->words, line->tone);
	show_tick(self, line);
	gtk_widget_set_sensitive(self->button, line->milli > 0);
	if (line->milli > 0)
		gtk_widget_remove_css_class(self->title, "till-soft");
	else
		gtk_widget_add_css_class(self->title, "till-soft");
	gtk_widget_set_visible(self->steps, line->milli > TILL_QUANTITY_ONE);
	gtk_widget_set_sensitive(self->less, line->ticked_milli > 0);
	gtk_widget_set_sensitive(self->more, line->ticked_milli < line->milli);
	gtk_accessible_update_property(GTK_ACCESSIBLE(self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
				       name, -1);
	name_steps(self, line->title);
}

static void
till_tick_row_dispose(GObject *object)
{
	GtkWidget *child;

	while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL)
		gtk_widget_unparent(child);
	G_OBJECT_CLASS(till_tick_row_parent_class)->dispose(object);
}

static void
till_tick_row_class_init(TillTickRowClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = till_tick_row_dispose;
	g_type_ensure(TILL_TYPE_PAIR);
	gtk_widget_class_set_template_from_resource(widget_class,
						    "/org/tillhouse/ui/pickups/tick-row.ui");
	gtk_widget_class_bind_template_child(widget_class, TillTickRow, button);
	gtk_widget_class_bind_template_child(widget_class, TillTickRow, box);
	gtk_widget_class_bind_template_child(widget_class, TillTickRow, mark);
	gtk_widget_class_bind_template_child(widget_class, TillTickRow, title);
	gtk_widget_class_bind_template_child(widget_class, TillTickRow, detail);
	gtk_widget_class_bind_template_child(widget_class, TillTickRow, words);
	gtk_widget_class_bind_template_child(widget_class, TillTickRow, steps);
	gtk_widget_class_bind_template_child(widget_class, TillTickRow, less);
	gtk_widget_class_bind_template_child(widget_class, TillTickRow, more);
	gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
	gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
till_tick_row_init(TillTickRow *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}

GtkWidget *
till_tick_row_new(guint line)
{
	TillTickRow *self = g_object_new(TILL_TYPE_TICK_ROW, NULL);

	self->line = line;
	gtk_actionable_set_action_target(GTK_ACTIONABLE(self->button), "u", line);
	gtk_actionable_set_action_target(GTK_ACTIONABLE(self->less), "(ui)", line, -1);
	gtk_actionable_set_action_target(GTK_ACTIONABLE(self->more), "(ui)", line, 1);
	return GTK_WIDGET(self);
}
