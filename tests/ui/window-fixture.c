/* SPDX-License-Identifier: Apache-2.0 */
#include "window-fixture.h"

#include "application.h"
#include "camera-preview.h"

void
window_init(int *argc, char ***argv)
{
	gtk_test_init(argc, argv, NULL);
	till_application_load_assets(gdk_display_get_default());
	/* What this machine's camera sees is nobody's business here. */
	till_camera_preview_choose("none");
	g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, NULL);
}

void
window_settle(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		continue;
}

static void
loaded_cb(TillSession *session, const GError *error, gpointer user)
{
	(void)session;
	g_assert_no_error(error);
	*(gboolean *)user = TRUE;
}

void
window_set_up(WindowFixture *fixture, gconstpointer data)
{
	TillSessionHooks hooks = {0};
	gboolean loaded = FALSE;

	(void)data;
	fake_register_reset();
	till_test_clock_init(&fixture->clock, 1795444320000);
	fixture->reg = fake_register_new();
	fixture->session = till_session_new(fixture->reg, &fixture->clock.clock, "en_US", &hooks);
	fixture->desk = fake_pickup_desk_new(1795444320000);
	till_session_set_desk(fixture->session, fixture->desk);
	till_session_load(fixture->session, loaded_cb, &loaded);
	till_test_wait(&loaded);
	fixture->window = till_window_new(NULL, NULL);
	till_window_set_session(fixture->window, fixture->session);
	gtk_window_present(GTK_WINDOW(fixture->window));
	window_settle();
}

void
window_tear_down(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	gtk_window_destroy(GTK_WINDOW(fixture->window));
	g_clear_object(&fixture->session);
	till_register_free(fixture->reg);
	till_pickup_desk_free(fixture->desk);
	window_settle();
}

void
window_act(WindowFixture *fixture, const char *action, const char *target)
{
	GtkWidget *widget = GTK_WIDGET(fixture->window);

	if (target != NULL)
		gtk_widget_activate_action(widget, action, "s", target);
	else
		gtk_widget_activate_action(widget, action, NULL);
	window_settle();
}

typedef gboolean (*Match)(GtkWidget *widget, gconstpointer wanted);

static GtkWidget *
find(GtkWidget *root, Match match, gconstpointer wanted)
{
	if (match(root, wanted))
		return root;
	for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
	     child = gtk_widget_get_next_sibling(child)) {
		GtkWidget *found = find(child, match, wanted);

		if (found != NULL)
			return found;
	}
	return NULL;
}

static gboolean
is_type(GtkWidget *widget, gconstpointer wanted)
{
	return gtk_widget_get_mapped(widget) &&
	       G_TYPE_CHECK_INSTANCE_TYPE(widget, *(const GType *)wanted);
}

GtkWidget *
window_find_type(WindowFixture *fixture, GType type)
{
	return find(GTK_WIDGET(fixture->window), is_type, &type);
}

static gboolean
does_action(GtkWidget *widget, gconstpointer wanted)
{
	return GTK_IS_BUTTON(widget) && gtk_widget_get_mapped(widget) &&
	       g_strcmp0(gtk_actionable_get_action_name(GTK_ACTIONABLE(widget)), wanted) == 0;
}

GtkWidget *
window_find_action(WindowFixture *fixture, const char *action)
{
	return find(GTK_WIDGET(fixture->window), does_action, action);
}

static gboolean
is_labelled(GtkWidget *widget, gconstpointer wanted)
{
	return GTK_IS_BUTTON(widget) && gtk_widget_get_mapped(widget) &&
	       g_strcmp0(gtk_button_get_label(GTK_BUTTON(widget)), wanted) == 0;
}

static gboolean
says(GtkWidget *widget, gconstpointer wanted)
{
	return GTK_IS_LABEL(widget) && gtk_widget_get_mapped(widget) &&
	       g_strcmp0(gtk_label_get_text(GTK_LABEL(widget)), wanted) == 0;
}

gboolean
window_says(WindowFixture *fixture, const char *words)
{
	return find(GTK_WIDGET(fixture->window), says, words) != NULL;
}

void
window_resize(WindowFixture *fixture, int width, int height)
{
	gtk_window_set_default_size(GTK_WINDOW(fixture->window), width, height);
	window_settle();
}

void
window_press_labelled(WindowFixture *fixture, const char *label)
{
	GtkWidget *button = find(GTK_WIDGET(fixture->window), is_labelled, label);

	if (button == NULL)
		g_error("no button on screen is labelled %s", label);
	g_signal_emit_by_name(button, "clicked");
	window_settle();
}

void
window_press(WindowFixture *fixture, const char *action)
{
	GtkWidget *button = window_find_action(fixture, action);

	if (button == NULL)
		g_error("no button on screen does %s", action);
	g_signal_emit_by_name(button, "clicked");
	window_settle();
}

void
window_sign_in(WindowFixture *fixture)
{
	till_session_staff_signin(fixture->session, "s1", "1234", 4);
	window_settle();
	g_assert_true(till_session_staff_signed_in(fixture->session));
}

void
window_scan(WindowFixture *fixture, const char *code)
{
	till_window_scan(fixture->window, code);
	window_settle();
}

guint
window_count_lines(WindowFixture *fixture)
{
	return g_list_model_get_n_items(till_session_get_lines(fixture->session));
}

void
window_assert_text(WindowFixture *fixture, const char *property, const char *expected)
{
	g_assert_cmpstr(till_session_get_text(fixture->session, property), ==, expected);
}
