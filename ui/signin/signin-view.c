/* SPDX-License-Identifier: Apache-2.0 */
#include "signin-view.h"

#include "key-button.h"
#include "pair.h"
#include "pin-pad.h"
#include "sync-chip.h"

struct _TillSigninView {
	TillView parent_instance;
	GtkWidget *people; /* GtkFlowBox of tiles */
	TillPinPad *pad;
	GtkWidget *words;
	GtkWidget *prompt;
	char *staff_id; /* who is chosen; nullable */
};

G_DEFINE_FINAL_TYPE(TillSigninView, till_signin_view, TILL_TYPE_VIEW)

static void
choose_person(TillSigninView *self, const TillRegisterPerson *person)
{
	g_autofree char *prompt = g_strdup_printf("PIN of %s", person->name);

	g_free(self->staff_id);
	self->staff_id = g_strdup(person->id);
	gtk_label_set_text(GTK_LABEL(self->prompt), prompt);
	gtk_label_set_text(GTK_LABEL(self->words), "");
	till_pin_pad_clear(self->pad);
	gtk_widget_set_sensitive(GTK_WIDGET(self->pad), TRUE);
	till_pin_pad_begin(self->pad);
}

static void
mark_tile(GtkWidget *tile, gboolean chosen)
{
	if (chosen)
		gtk_widget_add_css_class(tile, "chosen");
	else
		gtk_widget_remove_css_class(tile, "chosen");
	gtk_accessible_update_state(GTK_ACCESSIBLE(tile), GTK_ACCESSIBLE_STATE_PRESSED, chosen, -1);
}

static void
mark_tiles(TillSigninView *self)
{
	for (GtkWidget *cell = gtk_widget_get_first_child(self->people); cell != NULL;
	     cell = gtk_widget_get_next_sibling(cell)) {
		GtkWidget *tile = gtk_flow_box_child_get_child(GTK_FLOW_BOX_CHILD(cell));
		GVariant *id = gtk_actionable_get_action_target_value(GTK_ACTIONABLE(tile));

		mark_tile(tile, g_strcmp0(g_variant_get_string(id, NULL), self->staff_id) == 0);
	}
}

static void
choose_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillSigninView *self = TILL_SIGNIN_VIEW(widget);
	GPtrArray *people = till_session_staff_people(till_view_get_session(TILL_VIEW(self)));

	(void)name;
	for (guint i = 0; people != NULL && i < people->len; i++) {
		const TillRegisterPerson *person = g_ptr_array_index(people, i);

		if (g_str_equal(person->id, g_variant_get_string(parameter, NULL)))
			choose_person(self, person);
	}
	mark_tiles(self);
}

static const char *
name_role(TillRole role)
{
	switch (role) {
	case TILL_ROLE_ASSOCIATE:
		return "Associate";
	case TILL_ROLE_CURBSIDE:
		return "Curbside";
	case TILL_ROLE_MANAGER:
		return "Manager";
	}
	g_assert_not_reached();
}

static GtkWidget *
make_tile_content(const TillRegisterPerson *person)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
	GtkWidget *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
	g_autofree char *initials = till_format_initials(person->name);
	GtkWidget *avatar = gtk_label_new(initials);
	GtkWidget *name = gtk_label_new(person->name);
	GtkWidget *role = gtk_label_new(name_role(person->role));

	gtk_widget_add_css_class(avatar, "till-avatar");
	gtk_widget_set_valign(avatar, GTK_ALIGN_CENTER);
	gtk_widget_add_css_class(name, "till-title");
	gtk_widget_add_css_class(role, "till-detail");
	gtk_label_set_xalign(GTK_LABEL(name), 0);
	gtk_label_set_xalign(GTK_LABEL(role), 0);
	gtk_label_set_wrap(GTK_LABEL(name), TRUE);
	gtk_label_set_natural_wrap_mode(GTK_LABEL(name), GTK_NATURAL_WRAP_NONE);
	gtk_widget_set_valign(texts, GTK_ALIGN_CENTER);
	gtk_box_append(GTK_BOX(texts), name);
	gtk_box_append(GTK_BOX(texts), role);
	gtk_box_append(GTK_BOX(row), avatar);
	gtk_box_append(GTK_BOX(row), texts);
	return row;
}

static void
add_tile(TillSigninView *self, const TillRegisterPerson *person)
{
	GtkWidget *tile = g_object_new(TILL_TYPE_KEY_BUTTON, NULL);
	g_autofree char *name = g_strdup_printf("%s, %s", person->name, name_role(person->role));

	gtk_button_set_child(GTK_BUTTON(tile), make_tile_content(person));
	gtk_widget_add_css_class(tile, "till-tile");
	gtk_widget_set_focus_on_click(tile, FALSE);
	gtk_accessible_update_property(GTK_ACCESSIBLE(tile), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
				       -1);
	gtk_actionable_set_action_name(GTK_ACTIONABLE(tile), "signin.choose");
	gtk_actionable_set_action_target(GTK_ACTIONABLE(tile), "s", person->id);
	/* The tile takes the focus, and the name, not the cell around it. */
	gtk_flow_box_insert(GTK_FLOW_BOX(self->people),
			    g_object_new(GTK_TYPE_FLOW_BOX_CHILD, "child", tile, "focusable", FALSE,
					 "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL),
			    -1);
}

static void
people_cb(TillSigninView *self)
{
	GPtrArray *people = till_session_staff_people(till_view_get_session(TILL_VIEW(self)));
	GtkWidget *child;

	while ((child = gtk_widget_get_first_child(self->people)) != NULL)
		gtk_flow_box_remove(GTK_FLOW_BOX(self->people), child);
	for (guint i = 0; people != NULL && i < people->len; i++)
		add_tile(self, g_ptr_array_index(people, i));
	mark_tiles(self);
	if (people != NULL && people->len == 0)
		gtk_label_set_text(
		    GTK_LABEL(self->words),
		    "Nobody is set up for this store yet. Ask head office to add staff.");
}

static void
submitted_cb(TillSigninView *self)
{
	gsize length;
	const char *pin = till_pin_pad_borrow(self->pad, &length);

	if (self->staff_id == NULL)
		return;
	gtk_label_set_text(GTK_LABEL(self->words), "Checking…");
	gtk_widget_set_sensitive(GTK_WIDGET(self->pad), FALSE);
	till_session_staff_signin(till_view_get_session(TILL_VIEW(self)), self->staff_id, pin,
				  length);
	till_pin_pad_clear(self->pad);
}

static void
answer_cb(TillSigninView *self, guint result, const char *words)
{
	gtk_widget_set_sensitive(GTK_WIDGET(self->pad), TRUE);
	gtk_label_set_text(GTK_LABEL(self->words), result == TILL_SIGNIN_OK ? "" : words);
	till_view_begin(TILL_VIEW(self));
}

static gboolean
till_signin_view_typed(TillView *view, const char *text)
{
	TillSigninView *self = TILL_SIGNIN_VIEW(view);

	if (self->staff_id != NULL)
		till_pin_pad_type(self->pad, text);
	else
		gtk_label_set_text(GTK_LABEL(self->words), "Choose your name first.");
	return TRUE;
}

static void
till_signin_view_begin(TillView *view)
{
	TillSigninView *self = TILL_SIGNIN_VIEW(view);

	till_pin_pad_clear(self->pad);
	if (self->staff_id != NULL)
		till_pin_pad_begin(self->pad);
	else
		gtk_widget_child_focus(self->people, GTK_DIR_TAB_FORWARD);
}

static void
till_signin_view_attach(TillView *view, TillSession *session)
{
	g_signal_connect_object(session, "people-changed", G_CALLBACK(people_cb), view,
				G_CONNECT_SWAPPED);
	g_signal_connect_object(session, "signin-answer", G_CALLBACK(answer_cb), view,
				G_CONNECT_SWAPPED);
	people_cb(TILL_SIGNIN_VIEW(view));
}

static void
till_signin_view_finalize(GObject *object)
{
	g_free(TILL_SIGNIN_VIEW(object)->staff_id);
	G_OBJECT_CLASS(till_signin_view_parent_class)->finalize(object);
}

static void
till_signin_view_class_init(TillSigninViewClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->finalize = till_signin_view_finalize;
	TILL_VIEW_CLASS(class)->attach = till_signin_view_attach;
	TILL_VIEW_CLASS(class)->typed = till_signin_view_typed;
	TILL_VIEW_CLASS(class)->begin = till_signin_view_begin;
	g_type_ensure(TILL_TYPE_PAIR);
	g_type_ensure(TILL_TYPE_PIN_PAD);
	g_type_ensure(TILL_TYPE_SYNC_CHIP);
	till_view_class_set_template(widget_class, "signin/signin-view.ui");
	gtk_widget_class_bind_template_child(widget_class, TillSigninView, people);
	gtk_widget_class_bind_template_child(widget_class, TillSigninView, pad);
	gtk_widget_class_bind_template_child(widget_class, TillSigninView, words);
	gtk_widget_class_bind_template_child(widget_class, TillSigninView, prompt);
	gtk_widget_class_bind_template_callback(widget_class, submitted_cb);
	gtk_widget_class_install_action(widget_class, "signin.choose", "s", choose_action);
}

static void
till_signin_view_init(TillSigninView *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	gtk_widget_set_sensitive(GTK_WIDGET(self->pad), FALSE);
}
