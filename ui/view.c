/* SPDX-License-Identifier: Apache-2.0 */
#include "view.h"

typedef struct {
	TillSession *session; /* owned reference */
} TillViewPrivate;

enum {
	PROP_0,
	PROP_SESSION,
	PROP_COUNT,
};

static GParamSpec *properties[PROP_COUNT];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(TillView, till_view, GTK_TYPE_WIDGET)

static void
set_session(TillView *self, TillSession *session)
{
	TillViewPrivate *private = till_view_get_instance_private(self);

	if (session == NULL || !g_set_object(&private->session, session))
		return;
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_SESSION]);
	if (TILL_VIEW_GET_CLASS(self)->attach != NULL)
		TILL_VIEW_GET_CLASS(self)->attach(self, session);
}

static void
till_view_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
	if (id == PROP_SESSION)
		set_session(TILL_VIEW(object), g_value_get_object(value));
	else
		G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
till_view_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
	if (id == PROP_SESSION)
		g_value_set_object(value, till_view_get_session(TILL_VIEW(object)));
	else
		G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
till_view_dispose(GObject *object)
{
	TillViewPrivate *private = till_view_get_instance_private(TILL_VIEW(object));
	GtkWidget *child;

	while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL)
		gtk_widget_unparent(child);
	g_clear_object(&private->session);
	G_OBJECT_CLASS(till_view_parent_class)->dispose(object);
}

static void
till_view_class_init(TillViewClass *class)
{
	GObjectClass *object_class = G_OBJECT_CLASS(class);

	object_class->set_property = till_view_set_property;
	object_class->get_property = till_view_get_property;
	object_class->dispose = till_view_dispose;
	properties[PROP_SESSION] = g_param_spec_object("session", NULL, NULL, TILL_TYPE_SESSION,
						       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
							   G_PARAM_EXPLICIT_NOTIFY);
	g_object_class_install_properties(object_class, PROP_COUNT, properties);
	gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
	gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
till_view_init(TillView *self)
{
	(void)self;
}

TillSession *
till_view_get_session(TillView *self)
{
	TillViewPrivate *private = till_view_get_instance_private(self);

	return private->session;
}

const char *
till_view_search_hint(TillView *self)
{
	return TILL_VIEW_GET_CLASS(self)->search_hint;
}

gboolean
till_view_search(TillView *self, const char *text)
{
	return TILL_VIEW_GET_CLASS(self)->search != NULL &&
	       TILL_VIEW_GET_CLASS(self)->search(self, text);
}

gboolean
till_view_enter(TillView *self, const char *text)
{
	return TILL_VIEW_GET_CLASS(self)->enter != NULL &&
	       TILL_VIEW_GET_CLASS(self)->enter(self, text);
}

gboolean
till_view_typed(TillView *self, const char *text)
{
	return TILL_VIEW_GET_CLASS(self)->typed != NULL &&
	       TILL_VIEW_GET_CLASS(self)->typed(self, text);
}

gboolean
till_view_scanned(TillView *self, const char *code)
{
	return TILL_VIEW_GET_CLASS(self)->scanned != NULL &&
	       TILL_VIEW_GET_CLASS(self)->scanned(self, code);
}

gboolean
till_view_undo(TillView *self)
{
	return TILL_VIEW_GET_CLASS(self)->undo != NULL && TILL_VIEW_GET_CLASS(self)->undo(self);
}

gboolean
till_view_back(TillView *self)
{
	return TILL_VIEW_GET_CLASS(self)->back != NULL && TILL_VIEW_GET_CLASS(self)->back(self);
}

void
till_view_begin(TillView *self)
{
	if (TILL_VIEW_GET_CLASS(self)->begin != NULL)
		TILL_VIEW_GET_CLASS(self)->begin(self);
	else
		gtk_widget_child_focus(GTK_WIDGET(self), GTK_DIR_TAB_FORWARD);
}

void
till_view_class_set_template(GtkWidgetClass *class, const char *file)
{
	g_autofree char *path = g_strdup_printf("/org/tillhouse/ui/%s", file);

	gtk_widget_class_set_template_from_resource(class, path);
}
