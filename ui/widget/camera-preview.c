/* SPDX-License-Identifier: Apache-2.0 */
#include "camera-preview.h"

#include "camera.h"

#define FLASH_MS 1500

struct _TillCameraPreview {
	GtkWidget parent_instance;
	GtkWidget *body;
	GtkWidget *frame;
	GtkWidget *picture;
	GtkWidget *line;
	GtkWidget *words;
	GtkWidget *toggle;

	char *source;       /* nullable: what was chosen for all */
	TillCamera *camera; /* NULL until it is first needed, and for "none" */
	char *state;        /* in words */
	gboolean is_hidden; /* by a person */
	gboolean is_present;
	guint flash;
};

enum {
	PROPERTY_SOURCE = 1,
	PROPERTY_PRESENT,
	PROPERTY_COUNT,
};

enum {
	SIGNAL_CODE,
	SIGNAL_COUNT,
};

static GParamSpec *properties[PROPERTY_COUNT];
static guint signals[SIGNAL_COUNT];
static char *chosen; /* owned; NULL: "auto" */

G_DEFINE_FINAL_TYPE(TillCameraPreview, till_camera_preview, GTK_TYPE_WIDGET)

void
till_camera_preview_choose(const char *source)
{
	g_free(chosen);
	chosen = g_strdup(source);
}

static const char *
get_source(TillCameraPreview *self)
{
	if (self->source != NULL)
		return self->source;
	return chosen != NULL ? chosen : "auto";
}

/* ---- What stands there ---- */

static void
show_words(TillCameraPreview *self, const char *words)
{
	gtk_label_set_text(GTK_LABEL(self->words), words);
	gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
				       words, -1);
}

static void
end_flash(TillCameraPreview *self)
{
	g_clear_handle_id(&self->flash, g_source_remove);
	gtk_widget_remove_css_class(self->line, "read");
}

static void
set_state(TillCameraPreview *self, const char *words)
{
	end_flash(self);
	g_free(self->state);
	self->state = g_strdup(words);
	show_words(self, words);
}

static void
set_present(TillCameraPreview *self, gboolean is_present)
{
	if (self->is_present == is_present)
		return;
	self->is_present = is_present;
	gtk_widget_set_visible(self->body, is_present);
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROPERTY_PRESENT]);
}

static void
show_toggle(TillCameraPreview *self)
{
	gtk_button_set_label(GTK_BUTTON(self->toggle), self->is_hidden ? "Show" : "Hide");
	gtk_accessible_update_property(GTK_ACCESSIBLE(self->toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
				       self->is_hidden ? "Show the camera" : "Hide the camera", -1);
	gtk_widget_set_visible(self->frame, !self->is_hidden);
}

/* ---- What the camera tells ---- */

static gboolean
flash_cb(gpointer user)
{
	TillCameraPreview *self = user;

	self->flash = 0;
	end_flash(self);
	show_words(self, self->state);
	return G_SOURCE_REMOVE;
}

static void
code_cb(const TillCode *code, gint64 ms, gpointer user)
{
	g_autoptr(TillCameraPreview) self = g_object_ref(user);
	g_autofree char *text = till_code_to_scan(code);

	(void)ms;
	end_flash(self);
	show_words(self, text != NULL ? "Code read." : "This code holds no text.");
	gtk_widget_add_css_class(self->line, "read");
	self->flash = g_timeout_add(FLASH_MS, flash_cb, self);
	if (text != NULL)
		g_signal_emit(self, signals[SIGNAL_CODE], 0, text);
}

static void
preview_cb(GBytes *rgb, guint width, guint height, guint stride, gpointer user)
{
	TillCameraPreview *self = user;
	g_autoptr(GdkTexture) texture =
	    gdk_memory_texture_new((int)width, (int)height, GDK_MEMORY_R8G8B8, rgb, stride);

	gtk_picture_set_paintable(GTK_PICTURE(self->picture), GDK_PAINTABLE(texture));
}

static void
state_cb(TillCameraState state, TillCameraTrouble trouble, const char *sentence, gpointer user)
{
	TillCameraPreview *self = user;

	switch (state) {
	case TILL_CAMERA_STARTING:
		set_state(self, "The camera starts…");
		return;
	case TILL_CAMERA_WATCHING:
		set_state(self, "Hold a code up to the camera.");
		break;
	case TILL_CAMERA_FAILED:
		set_state(self, sentence);
		/* No picture is better than one that stands still. The reader's trouble is not
		 * the picture's. */
		if (trouble != TILL_CAMERA_READER)
			gtk_picture_set_paintable(GTK_PICTURE(self->picture), NULL);
		break;
	}
	set_present(self, trouble != TILL_CAMERA_NONE_FOUND);
}

/* ---- On and off ---- */

static void
make_camera(TillCameraPreview *self)
{
	const TillCameraConfig config = {.source = get_source(self)};
	const TillCameraCallbacks callbacks = {code_cb, preview_cb, state_cb, self};
	g_autoptr(GError) error = NULL;

	self->camera = till_camera_new(&config, &callbacks, &error);
	if (self->camera == NULL)
		set_state(self, error->message);
}

static void
update(TillCameraPreview *self)
{
	gboolean is_on = gtk_widget_get_mapped(GTK_WIDGET(self)) && !self->is_hidden;

	if (is_on && self->camera == NULL && !g_str_equal(get_source(self), "none"))
		make_camera(self);
	if (self->camera == NULL)
		return;
	if (is_on) {
		till_camera_start(self->camera);
		return;
	}
	till_camera_stop(self->camera);
	gtk_picture_set_paintable(GTK_PICTURE(self->picture), NULL);
	set_state(self, "The camera is off.");
}

static void
toggle_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillCameraPreview *self = TILL_CAMERA_PREVIEW(widget);

	(void)name;
	(void)parameter;
	self->is_hidden = !self->is_hidden;
	show_toggle(self);
	update(self);
}

void
till_camera_preview_set_source(TillCameraPreview *self, const char *source)
{
	char *copy = g_strdup(source);

	g_free(self->source);
	self->source = copy;
	g_clear_pointer(&self->camera, till_camera_free);
	gtk_picture_set_paintable(GTK_PICTURE(self->picture), NULL);
	/* Whether the machine has a camera at all is known only when it has been looked for. */
	set_present(self, !g_str_equal(get_source(self), "none") &&
			      !g_str_equal(get_source(self), "auto"));
	update(self);
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROPERTY_SOURCE]);
}

gboolean
till_camera_preview_get_present(TillCameraPreview *self)
{
	return self->is_present;
}

static void
till_camera_preview_map(GtkWidget *widget)
{
	GTK_WIDGET_CLASS(till_camera_preview_parent_class)->map(widget);
	update(TILL_CAMERA_PREVIEW(widget));
}

static void
till_camera_preview_unmap(GtkWidget *widget)
{
	GTK_WIDGET_CLASS(till_camera_preview_parent_class)->unmap(widget);
	update(TILL_CAMERA_PREVIEW(widget));
}

/* ---- The class ---- */

static void
till_camera_preview_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
	if (id == PROPERTY_SOURCE)
		till_camera_preview_set_source(TILL_CAMERA_PREVIEW(object),
					       g_value_get_string(value));
	else
		G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
till_camera_preview_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
	TillCameraPreview *self = TILL_CAMERA_PREVIEW(object);

	if (id == PROPERTY_SOURCE)
		g_value_set_string(value, self->source);
	else if (id == PROPERTY_PRESENT)
		g_value_set_boolean(value, self->is_present);
	else
		G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
till_camera_preview_dispose(GObject *object)
{
	TillCameraPreview *self = TILL_CAMERA_PREVIEW(object);
	GtkWidget *child;

	g_clear_handle_id(&self->flash, g_source_remove);
	g_clear_pointer(&self->camera, till_camera_free);
	while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL)
		gtk_widget_unparent(child);
	G_OBJECT_CLASS(till_camera_preview_parent_class)->dispose(object);
}

static void
till_camera_preview_finalize(GObject *object)
{
	TillCameraPreview *self = TILL_CAMERA_PREVIEW(object);

	g_free(self->source);
	g_free(self->state);
	G_OBJECT_CLASS(till_camera_preview_parent_class)->finalize(object);
}

static void
install_properties(GObjectClass *class)
{
	properties[PROPERTY_SOURCE] = g_param_spec_string(
	    "source", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
	properties[PROPERTY_PRESENT] = g_param_spec_boolean(
	    "present", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
	g_object_class_install_properties(class, PROPERTY_COUNT, properties);
}

static void
till_camera_preview_class_init(TillCameraPreviewClass *class)
{
	GObjectClass *object_class = G_OBJECT_CLASS(class);
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	object_class->set_property = till_camera_preview_set_property;
	object_class->get_property = till_camera_preview_get_property;
	object_class->dispose = till_camera_preview_dispose;
	object_class->finalize = till_camera_preview_finalize;
	widget_class->map = till_camera_preview_map;
	widget_class->unmap = till_camera_preview_unmap;
	install_properties(object_class);
	signals[SIGNAL_CODE] = g_signal_new("code", TILL_TYPE_CAMERA_PREVIEW, G_SIGNAL_RUN_LAST, 0,
					    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
	gtk_widget_class_set_template_from_resource(widget_class,
						    "/org/tillhouse/ui/widget/camera-preview.ui");
	gtk_widget_class_bind_template_child(widget_class, TillCameraPreview, body);
	gtk_widget_class_bind_template_child(widget_class, TillCameraPreview, frame);
	gtk_widget_class_bind_template_child(widget_class, TillCameraPreview, picture);
	gtk_widget_class_bind_template_child(widget_class, TillCameraPreview, line);
	gtk_widget_class_bind_template_child(widget_class, TillCameraPreview, words);
	gtk_widget_class_bind_template_child(widget_class, TillCameraPreview, toggle);
	gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
	gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
	gtk_widget_class_install_action(widget_class, "camera.toggle", NULL, toggle_action);
}

static void
till_camera_preview_init(TillCameraPreview *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
				       "Camera", -1);
	gtk_widget_set_visible(self->body, FALSE);
	till_camera_preview_set_source(self, NULL);
	set_state(self, "The camera is off.");
	show_toggle(self);
}
