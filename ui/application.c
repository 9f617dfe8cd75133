/* SPDX-License-Identifier: Apache-2.0 */
#include "application.h"

#include "appearance.h"
#include <till-assets.h>

struct _TillApplication {
	GtkApplication parent_instance;
	TillApplicationOpen open;
	gpointer user;
	TillSound *sound; /* borrowed */
	gboolean fullscreen;
	TillWindow *window; /* borrowed from GTK */
};

G_DEFINE_FINAL_TYPE(TillApplication, till_application, GTK_TYPE_APPLICATION)

static const struct {
	const char *action;
	const char *keys[3];
} keys[] = {
    {"win.surface::checkout", {"F1"}}, {"win.surface::pickups", {"F2"}},
    {"win.surface::help", {"F9"}},     {"win.cash", {"F10"}},
    {"win.back", {"Escape"}},          {"win.undo", {"<Control>z"}},
    {"win.lock", {"<Control>l"}},      {"win.discount", {"<Control>d"}},
    {"win.why", {"<Control>w"}},       {"win.customer", {"<Control>u"}},
    {"win.coupon", {"<Control>k"}},    {"win.exempt", {"<Control>e"}},
};

void
till_application_load_assets(GdkDisplay *display)
{
	/* Explicitly: a static library may drop the constructor that would do it. */
	g_resources_register(till_assets_get_resource());
	gtk_icon_theme_add_resource_path(gtk_icon_theme_get_for_display(display),
					 "/org/tillhouse/icons");
	till_appearance_install(display);
}

static gboolean
open_cb(gpointer user)
{
	TillApplication *self = user;

	self->open(self, self->user);
	return G_SOURCE_REMOVE;
}

/* The first frame is on its way: now there is time for the disk. */
static gboolean
first_frame_cb(GtkWidget *widget, GdkFrameClock *clock, gpointer user)
{
	(void)widget;
	(void)clock;
	g_idle_add(open_cb, user);
	return G_SOURCE_REMOVE;
}

static void
open_action(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	(void)action;
	(void)parameter;
	open_cb(user);
}

/* GTK 4.8 offers screen readers an "activate" action on entries that then does nothing, since the
 * class names no signal for it: Enter would be the only way to take up a typed code. */
static void
let_entries_be_activated(void)
{
	GtkWidgetClass *entries = g_type_class_ref(GTK_TYPE_ENTRY);

	gtk_widget_class_set_activate_signal_from_name(entries, "activate");
	g_type_class_unref(entries);
}

static void
till_application_startup(GApplication *application)
{
	static const GActionEntry entries[] = {{.name = "open", .activate = open_action}};
	GtkApplication *gtk = GTK_APPLICATION(application);

	G_APPLICATION_CLASS(till_application_parent_class)->startup(application);
	let_entries_be_activated();
	till_application_load_assets(gdk_display_get_default());
	g_action_map_add_action_entries(G_ACTION_MAP(application), entries, G_N_ELEMENTS(entries),
					application);
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
		gtk_application_set_accels_for_action(gtk, keys[i].action,
						      (const char *const *)keys[i].keys);
}

/* A till has the screen to itself. Kiosks may run without a window manager, so the size is asked
 * for plainly as well. */
static void
fill_screen(TillApplication *self)
{
	GdkDisplay *display = gtk_widget_get_display(GTK_WIDGET(self->window));
	g_autoptr(GdkMonitor) monitor = g_list_model_get_item(gdk_display_get_monitors(display), 0);
	GdkRectangle area;

	if (monitor != NULL) {
		gdk_monitor_get_geometry(monitor, &area);
		gtk_window_set_default_size(GTK_WINDOW(self->window), area.width, area.height);
	}
	gtk_window_maximize(GTK_WINDOW(self->window));
	if (self->fullscreen)
		gtk_window_fullscreen(GTK_WINDOW(self->window));
}

static void
till_application_activate(GApplication *application)
{
	TillApplication *self = TILL_APPLICATION(application);

	if (self->window != NULL) {
		gtk_window_present(GTK_WINDOW(self->window));
		return;
	}
	self->window = till_window_new(GTK_APPLICATION(application), self->sound);
	g_object_add_weak_pointer(G_OBJECT(self->window), (gpointer *)&self->window);
	gtk_widget_add_tick_callback(GTK_WIDGET(self->window), first_frame_cb, self, NULL);
	fill_screen(self);
	gtk_window_present(GTK_WINDOW(self->window));
}

static void
till_application_class_init(TillApplicationClass *class)
{
	G_APPLICATION_CLASS(class)->startup = till_application_startup;
	G_APPLICATION_CLASS(class)->activate = till_application_activate;
}

static void
till_application_init(TillApplication *self)
{
	(void)self;
}

TillApplication *
till_application_new(TillApplicationOpen open, gpointer user, TillSound *sound, gboolean fullscreen)
{
	TillApplication *self =
	    g_object_new(TILL_TYPE_APPLICATION, "application-id", "org.tillhouse.Tillhouse",
			 "flags", G_APPLICATION_NON_UNIQUE, NULL);

	self->open = open;
	self->user = user;
	self->sound = sound;
	self->fullscreen = fullscreen;
	return self;
}

TillWindow *
till_application_get_window(TillApplication *self)
{
	return self->window;
}
