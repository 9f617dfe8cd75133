/* SPDX-License-Identifier: Apache-2.0 */
#include "appearance.h"

#include <string.h>

#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define PORTAL_SETTINGS "org.freedesktop.portal.Settings"

typedef struct {
	GdkDisplay *display;      /* borrowed: owns this */
	GtkCssProvider *palette;  /* owned */
	const char *palette_name; /* what is loaded now */
	gboolean portal_dark;
	gboolean portal_contrast;
} Appearance;

static gboolean
names(const char *theme, const char *part)
{
	g_autofree char *lower = g_ascii_strdown(theme ? theme : "", -1);

	return strstr(lower, part) != NULL;
}

const char *
till_appearance_palette(const char *theme, gboolean dark, gboolean contrast)
{
	contrast = contrast || names(theme, "contrast") || names(theme, "-hc");
	dark = dark || names(theme, "dark") || names(theme, "inverse");
	if (contrast)
		return dark ? "contrast-dark" : "contrast";
	return dark ? "dark" : "light";
}

static void
update_palette(Appearance *self)
{
	GtkSettings *settings = gtk_settings_get_for_display(self->display);
	g_autofree char *theme = NULL;
	g_autofree char *path = NULL;
	gboolean dark = FALSE;
	const char *name;

	g_object_get(settings, "gtk-theme-name", &theme, "gtk-application-prefer-dark-theme", &dark,
		     NULL);
	name = till_appearance_palette(theme, dark || self->portal_dark, self->portal_contrast);
	if (name == self->palette_name)
		return;
	self->palette_name = name;
	path = g_strdup_printf("/org/tillhouse/style/%s.css", name);
	gtk_css_provider_load_from_resource(self->palette, path);
	/* GTK's own parts (scroll bars, text cursors) go along. */
	if (self->portal_dark != dark && self->portal_dark)
		g_object_set(settings, "gtk-application-prefer-dark-theme", TRUE, NULL);
}

static void
take_setting(Appearance *self, const char *namespace, const char *key, GVariant *value)
{
	g_autoptr(GVariant) inner = g_variant_ref(value);

	while (g_variant_is_of_type(inner, G_VARIANT_TYPE_VARIANT)) {
		GVariant *deeper = g_variant_get_variant(inner);

		g_variant_unref(inner);
		inner = deeper;
	}
	if (strcmp(namespace, "org.freedesktop.appearance") == 0 &&
	    strcmp(key, "color-scheme") == 0 && g_variant_is_of_type(inner, G_VARIANT_TYPE_UINT32))
		self->portal_dark = g_variant_get_uint32(inner) == 1;
	else if (strcmp(namespace, "org.gnome.desktop.a11y.interface") == 0 &&
		 strcmp(key, "high-contrast") == 0 &&
		 g_variant_is_of_type(inner, G_VARIANT_TYPE_BOOLEAN))
		self->portal_contrast = g_variant_get_boolean(inner);
	else
		return;
	update_palette(self);
}

static void
setting_changed_cb(GDBusConnection *bus, const char *sender, const char *path,
		   const char *interface, const char *signal, GVariant *parameters, gpointer user)
{
	const char *namespace, *key;
	g_autoptr(GVariant) value = NULL;

	(void)bus;
	(void)sender;
	(void)path;
	(void)interface;
	(void)signal;
	if (!g_variant_is_of_type(parameters, G_VARIANT_TYPE("(ssv)")))
		return;
	g_variant_get(parameters, "(&s&s@v)", &namespace, &key, &value);
	take_setting(user, namespace, key, value);
}

static void
all_read_cb(GObject *source, GAsyncResult *result, gpointer user)
{
	g_autoptr(GVariant) answer =
	    g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, NULL);
	g_autoptr(GVariantIter) spaces = NULL;
	const char *namespace;
	GVariantIter *keys;

	if (answer == NULL)
		return; /* no portal: GTK's settings are all there is */
	g_variant_get(answer, "(a{sa{sv}})", &spaces);
	while (g_variant_iter_loop(spaces, "{&sa{sv}}", &namespace, &keys)) {
		const char *key;
		GVariant *value;

		while (g_variant_iter_loop(keys, "{&sv}", &key, &value))
			take_setting(user, namespace, key, value);
	}
}

static void
bus_cb(GObject *source, GAsyncResult *result, gpointer user)
{
	static const char *const wanted[] = {"org.freedesktop.appearance",
					     "org.gnome.desktop.a11y.interface", NULL};
	GDBusConnection *bus = g_bus_get_finish(result, NULL);

	(void)source;
	if (bus == NULL)
		return;
	g_dbus_connection_signal_subscribe(bus, PORTAL, PORTAL_SETTINGS, "SettingChanged",
					   PORTAL_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
					   setting_changed_cb, user, NULL);
	g_dbus_connection_call(bus, PORTAL, PORTAL_PATH, PORTAL_SETTINGS, "ReadAll",
			       g_variant_new("(^as)", wanted), G_VARIANT_TYPE("(a{sa{sv}})"),
			       G_DBUS_CALL_FLAGS_NONE, -1, NULL, all_read_cb, user);
	/* The connection is kept for the program's life by the subscription's owner. */
	g_object_set_data_full(G_OBJECT(((Appearance *)user)->display), "till-bus", bus,
			       g_object_unref);
}

void
till_appearance_install(GdkDisplay *display)
{
	Appearance *self = g_new0(Appearance, 1);
	GtkSettings *settings = gtk_settings_get_for_display(display);
	g_autoptr(GtkCssProvider) style = gtk_css_provider_new();

	/* A receipt that the focus comes to is read, not marked. */
	g_object_set(settings, "gtk-label-select-on-focus", FALSE, NULL);
	self->display = display;
	self->palette = gtk_css_provider_new();
	g_object_set_data(G_OBJECT(display), "till-appearance",
			  self); /* lives as long as the program */
	update_palette(self);
	gtk_css_provider_load_from_resource(style, "/org/tillhouse/style/style.css");
	gtk_style_context_add_provider_for_display(display, GTK_STYLE_PROVIDER(self->palette),
						   GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
	gtk_style_context_add_provider_for_display(display, GTK_STYLE_PROVIDER(style),
						   GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
	g_signal_connect_swapped(settings, "notify::gtk-theme-name", G_CALLBACK(update_palette),
				 self);
	g_signal_connect_swapped(settings, "notify::gtk-application-prefer-dark-theme",
				 G_CALLBACK(update_palette), self);
	g_bus_get(G_BUS_TYPE_SESSION, NULL, bus_cb, self);
}
