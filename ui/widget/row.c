/* SPDX-License-Identifier: Apache-2.0 */
#include "row.h"

typedef struct {
	TillRowItem *item; /* owned reference */
	gulong handler;    /* of item's notify */
} TillRowPrivate;

enum {
	PROP_0,
	PROP_ITEM,
	PROP_COUNT,
};

static GParamSpec *properties[PROP_COUNT];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(TillRow, till_row, GTK_TYPE_WIDGET)

static void
update_name(TillRow *self)
{
	TillRowItem *item = till_row_get_item(self);
	GtkWidget *parent = gtk_widget_get_parent(GTK_WIDGET(self));
	g_autofree char *words = NULL;

	if (item == NULL || parent == NULL)
		return;
	words = till_row_item_dup_words(item);
	gtk_accessible_update_property(GTK_ACCESSIBLE(parent), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
				       -1);
	if (TILL_ROW_GET_CLASS(self)->changed != NULL)
		TILL_ROW_GET_CLASS(self)->changed(self, item);
}

static void
set_item(TillRow *self, TillRowItem *item)
{
	TillRowPrivate *private = till_row_get_instance_private(self);

	if (private->item == item)
		return;
	g_clear_signal_handler(&private->handler, private->item);
	g_set_object(&private->item, item);
	if (item != NULL)
	private->handler = g_signal_connect_swapped(item, "notify", G_CALLBACK(update_name), self);
	update_name(self);
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_ITEM]);
}

static void
till_row_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
	(void)id;
	(void)spec;
	set_item(TILL_ROW(object), g_value_get_object(value));
}

static void
till_row_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
	(void)id;
	(void)spec;
	g_value_set_object(value, till_row_get_item(TILL_ROW(object)));
}

static void
till_row_dispose(GObject *object)
{
	GtkWidget *child;

	set_item(TILL_ROW(object), NULL);
	while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL)
		gtk_widget_unparent(child);
	G_OBJECT_CLASS(till_row_parent_class)->dispose(object);
}

static void
till_row_class_init(TillRowClass *class)
{
	GObjectClass *object_class = G_OBJECT_CLASS(class);

	object_class->set_property = till_row_set_property;
	object_class->get_property = till_row_get_property;
	object_class->dispose = till_row_dispose;
	properties[PROP_ITEM] = g_param_spec_object("item", NULL, NULL, TILL_TYPE_ROW_ITEM,
						    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
							G_PARAM_EXPLICIT_NOTIFY);
	g_object_class_install_properties(object_class, PROP_COUNT, properties);
	gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
	gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
till_row_init(TillRow *self)
{
	/* The factory sets the item before the row has a parent to name. */
	g_signal_connect(self, "notify::parent", G_CALLBACK(update_name), NULL);
}

TillRowItem *
till_row_get_item(TillRow *self)
{
	TillRowPrivate *private = till_row_get_instance_private(self);

	return private->item;
}

struct _TillPlainRow {
	TillRow parent_instance;
};

G_DEFINE_FINAL_TYPE(TillPlainRow, till_plain_row, TILL_TYPE_ROW)

static void
till_plain_row_class_init(TillPlainRowClass *class)
{
	gtk_widget_class_set_template_from_resource(GTK_WIDGET_CLASS(class),
						    "/org/tillhouse/ui/widget/plain-row.ui");
}

static void
till_plain_row_init(TillPlainRow *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
