/* SPDX-License-Identifier: Apache-2.0 */
#include "rail-item.h"

#define BADGE_MAX 99

struct _TillRailItem {
	GtkToggleButton parent_instance;
	GtkWidget *icon;
	GtkWidget *label;
	GtkWidget *badge_label;
	char *surface, *title, *symbol, *key, *waiting;
	guint badge;
};

enum {
	PROP_0,
	PROP_SURFACE,
	PROP_TITLE,
	PROP_SYMBOL,
	PROP_KEY,
	PROP_WAITING,
	PROP_BADGE,
	PROP_COUNT,
};

static GParamSpec *properties[PROP_COUNT];

G_DEFINE_FINAL_TYPE(TillRailItem, till_rail_item, GTK_TYPE_TOGGLE_BUTTON)

static void
update(TillRailItem *self)
{
	g_autofree char *count = self->badge > BADGE_MAX ? g_strdup_printf("%u+", BADGE_MAX)
							 : g_strdup_printf("%u", self->badge);
	g_autofree char *name = self->badge > 0
				    ? g_strdup_printf("%s, %s %s", self->title, count,
						      self->waiting ? self->waiting : "waiting")
				    : g_strdup(self->title);

	gtk_label_set_text(GTK_LABEL(self->badge_label), count);
	gtk_widget_set_visible(self->badge_label, self->badge > 0);
	gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
				       GTK_ACCESSIBLE_PROPERTY_KEY_SHORTCUTS, self->key, -1);
}

void
till_rail_item_set_badge(TillRailItem *self, guint badge)
{
	if (self->badge == badge)
		return;
	self->badge = badge;
	update(self);
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_BADGE]);
}

static char **
find_text(TillRailItem *self, guint id)
{
	char **texts[] = {
	    [PROP_SURFACE] = &self->surface, [PROP_TITLE] = &self->title,
	    [PROP_SYMBOL] = &self->symbol,   [PROP_KEY] = &self->key,
	    [PROP_WAITING] = &self->waiting,
	};

	return texts[id];
}

static void
till_rail_item_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
	TillRailItem *self = TILL_RAIL_ITEM(object);

	(void)spec;
	if (id == PROP_BADGE) {
		till_rail_item_set_badge(self, g_value_get_uint(value));
		return;
	}
	g_free(*find_text(self, id));
	*find_text(self, id) = g_value_dup_string(value);
}

static void
till_rail_item_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
	TillRailItem *self = TILL_RAIL_ITEM(object);

	(void)spec;
	if (id == PROP_BADGE)
		g_value_set_uint(value, self->badge);
	else
		g_value_set_string(value, *find_text(self, id));
}

static void
till_rail_item_constructed(GObject *object)
{
	TillRailItem *self = TILL_RAIL_ITEM(object);

	G_OBJECT_CLASS(till_rail_item_parent_class)->constructed(object);
	gtk_image_set_from_icon_name(GTK_IMAGE(self->icon), self->symbol);
	gtk_label_set_text(GTK_LABEL(self->label), self->title);
	gtk_actionable_set_action_name(GTK_ACTIONABLE(self), "win.surface");
	gtk_actionable_set_action_target(GTK_ACTIONABLE(self), "s", self->surface);
	update(self);
}

static void
till_rail_item_finalize(GObject *object)
{
	TillRailItem *self = TILL_RAIL_ITEM(object);

	for (guint id = PROP_SURFACE; id < PROP_BADGE; id++)
		g_free(*find_text(self, id));
	G_OBJECT_CLASS(till_rail_item_parent_class)->finalize(object);
}

static void
till_rail_item_class_init(TillRailItemClass *class)
{
	static const char *const names[] = {
	    [PROP_SURFACE] = "surface", [PROP_TITLE] = "title",     [PROP_SYMBOL] = "symbol",
	    [PROP_KEY] = "key",         [PROP_WAITING] = "waiting",
	};
	GObjectClass *object_class = G_OBJECT_CLASS(class);
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	object_class->set_property = till_rail_item_set_property;
	object_class->get_property = till_rail_item_get_property;
	object_class->constructed = till_rail_item_constructed;
	object_class->finalize = till_rail_item_finalize;
	for (guint id = PROP_SURFACE; id < PROP_BADGE; id++)
		properties[id] = g_param_spec_string(names[id], NULL, NULL, NULL,
						     G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
							 G_PARAM_STATIC_STRINGS);
	properties[PROP_BADGE] =
	    g_param_spec_uint("badge", NULL, NULL, 0, G_MAXUINT, 0,
			      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
	g_object_class_install_properties(object_class, PROP_COUNT, properties);
	gtk_widget_class_set_template_from_resource(widget_class,
						    "/org/tillhouse/ui/widget/rail-item.ui");
	gtk_widget_class_bind_template_child(widget_class, TillRailItem, icon);
	gtk_widget_class_bind_template_child(widget_class, TillRailItem, label);
	gtk_widget_class_bind_template_child(widget_class, TillRailItem, badge_label);
}

static void
till_rail_item_init(TillRailItem *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
