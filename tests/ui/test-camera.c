/* SPDX-License-Identifier: Apache-2.0 */
/* The camera's picture on a screen, with pictures in the camera's place. */
#include <string.h>
#include <till-assets.h>

#include "camera-preview.h"
#include "draw-code.h"
#include "till-test.h"

#define WAIT_S 60

typedef struct {
	GtkWidget *window;
	GtkWidget *preview;
	GPtrArray *codes; /* of owned text */
	char *dir;
	char *picture; /* a source */
} Fixture;

static void
code_cb(TillCameraPreview *preview, const char *text, gpointer user)
{
	Fixture *fixture = user;

	(void)preview;
	g_ptr_array_add(fixture->codes, g_strdup(text));
}

static void
set_up(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(6);

	fixture->dir = till_test_temp_dir();
	g_autofree char *path = g_build_filename(fixture->dir, "qr.png", NULL);
	draw_code_save(qr, path);
	fixture->picture = g_strconcat("picture:", path, NULL);
	fixture->codes = g_ptr_array_new_with_free_func(g_free);
	fixture->window = gtk_window_new();
	fixture->preview = g_object_new(TILL_TYPE_CAMERA_PREVIEW, NULL);
	g_signal_connect(fixture->preview, "code", G_CALLBACK(code_cb), fixture);
	gtk_window_set_child(GTK_WINDOW(fixture->window), fixture->preview);
}

static void
tear_down(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	gtk_window_destroy(GTK_WINDOW(fixture->window));
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	till_camera_preview_choose(NULL);
	g_ptr_array_unref(fixture->codes);
	till_test_remove_dir(fixture->dir);
	g_free(fixture->dir);
	g_free(fixture->picture);
}

static void
show(Fixture *fixture, const char *source)
{
	till_camera_preview_set_source(TILL_CAMERA_PREVIEW(fixture->preview), source);
	gtk_window_present(GTK_WINDOW(fixture->window));
}

/* ---- Looking ---- */

static GtkWidget *
find(GtkWidget *root, GType type)
{
	if (G_TYPE_CHECK_INSTANCE_TYPE(root, type))
		return root;
	for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
	     child = gtk_widget_get_next_sibling(child)) {
		GtkWidget *found = find(child, type);

		if (found != NULL)
			return found;
	}
	return NULL;
}

static const char *
get_words(const Fixture *fixture)
{
	return gtk_label_get_text(GTK_LABEL(find(fixture->preview, GTK_TYPE_LABEL)));
}

static GdkPaintable *
get_picture(const Fixture *fixture)
{
	return gtk_picture_get_paintable(GTK_PICTURE(find(fixture->preview, GTK_TYPE_PICTURE)));
}

static gboolean
is_present(const Fixture *fixture)
{
	gboolean present;

	g_object_get(fixture->preview, "present", &present, NULL);
	g_assert_true(present ==
		      till_camera_preview_get_present(TILL_CAMERA_PREVIEW(fixture->preview)));
	return present;
}

static gboolean
tick_cb(gpointer user)
{
	(void)user;
	return G_SOURCE_CONTINUE;
}

typedef gboolean (*Condition)(const Fixture *fixture, const char *wanted);

static void
wait_for(Fixture *fixture, Condition condition, const char *wanted)
{
	gint64 deadline_us = g_get_monotonic_time() + WAIT_S * G_USEC_PER_SEC;
	guint tick = g_timeout_add(50, tick_cb, NULL);

	while (!condition(fixture, wanted)) {
		if (g_get_monotonic_time() > deadline_us)
			g_error("nothing came: \"%s\", %u codes", get_words(fixture),
				fixture->codes->len);
		g_main_context_iteration(NULL, TRUE);
	}
	g_source_remove(tick);
}

static gboolean
has_read(const Fixture *fixture, const char *wanted)
{
	return fixture->codes->len > 0 &&
	       g_str_equal(g_ptr_array_index(fixture->codes, fixture->codes->len - 1), wanted);
}

static gboolean
says(const Fixture *fixture, const char *wanted)
{
	return strstr(get_words(fixture), wanted) != NULL;
}

static gboolean
shows_picture(const Fixture *fixture, const char *wanted)
{
	(void)wanted;
	return get_picture(fixture) != NULL;
}

/* ---- Tests ---- */

static void
test_a_code_is_emitted(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	show(fixture, fixture->picture);
	g_assert_true(is_present(fixture));
	wait_for(fixture, has_read, DRAW_CODE_QR_TEXT);
	wait_for(fixture, shows_picture, NULL);
	g_assert_cmpint(gtk_widget_get_width(fixture->preview), >=, 240);
	/* The words of the code give way to those of the state. */
	wait_for(fixture, says, "Hold a code up to the camera.");
	g_assert_cmpuint(fixture->codes->len, ==, 1);
}

static void
test_it_is_off_when_nobody_looks(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	show(fixture, fixture->picture);
	wait_for(fixture, shows_picture, NULL);
	gtk_widget_set_visible(fixture->preview, FALSE);
	g_assert_null(get_picture(fixture));
	g_assert_cmpstr(get_words(fixture), ==, "The camera is off.");
	gtk_widget_set_visible(fixture->preview, TRUE);
	wait_for(fixture, shows_picture, NULL);
}

static void
test_a_person_hides_it(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	GtkWidget *button = find(fixture->preview, GTK_TYPE_BUTTON);

	show(fixture, fixture->picture);
	wait_for(fixture, shows_picture, NULL);
	g_signal_emit_by_name(button, "clicked");
	g_assert_null(get_picture(fixture));
	g_assert_cmpstr(get_words(fixture), ==, "The camera is off.");
	g_assert_cmpstr(gtk_button_get_label(GTK_BUTTON(button)), ==, "Show");
	g_signal_emit_by_name(button, "clicked");
	wait_for(fixture, shows_picture, NULL);
	g_assert_cmpstr(gtk_button_get_label(GTK_BUTTON(button)), ==, "Hide");
}

static void
test_a_named_camera_that_fails_says_so(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	show(fixture, "v4l2:/dev/video-that-is-not");
	wait_for(fixture, says, "Cannot find the camera /dev/video-that-is-not");
	g_assert_true(is_present(fixture));
	show(fixture, "webcam");
	wait_for(fixture, says, "There is no camera \"webcam\"");
}

static gboolean
is_settled(const Fixture *fixture, const char *wanted)
{
	(void)wanted;
	return !says(fixture, "The camera is off.") && !says(fixture, "The camera starts…");
}

static void
test_without_a_camera_it_is_silent(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	show(fixture, "none");
	g_assert_false(is_present(fixture));
	g_assert_cmpint(gtk_widget_get_width(find(fixture->preview, GTK_TYPE_BUTTON)), ==, 0);
	/* Whether this machine has one or not: only one that was found takes room. */
	show(fixture, NULL);
	g_assert_false(is_present(fixture));
	wait_for(fixture, is_settled, NULL);
	g_assert_true(is_present(fixture) != says(fixture, "No camera was found"));
}

static void
test_the_chosen_camera_counts(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	till_camera_preview_choose(fixture->picture);
	show(fixture, NULL);
	wait_for(fixture, has_read, DRAW_CODE_QR_TEXT);
}

static void
test_it_has_a_name(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	show(fixture, fixture->picture);
	gtk_test_accessible_assert_property(GTK_ACCESSIBLE(fixture->preview),
					    GTK_ACCESSIBLE_PROPERTY_LABEL, "Camera");
	gtk_test_accessible_assert_property(GTK_ACCESSIBLE(find(fixture->preview, GTK_TYPE_BUTTON)),
					    GTK_ACCESSIBLE_PROPERTY_LABEL, "Hide the camera");
	wait_for(fixture, says, "Hold a code up to the camera.");
	gtk_test_accessible_assert_property(GTK_ACCESSIBLE(fixture->preview),
					    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
					    "Hold a code up to the camera.");
}

static void
add(const char *path, void (*test)(Fixture *, gconstpointer))
{
	g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
	gtk_test_init(&argc, &argv, NULL);
	g_resources_register(till_assets_get_resource());
	add("/ui/camera/a-code-is-emitted", test_a_code_is_emitted);
	add("/ui/camera/it-is-off-when-nobody-looks", test_it_is_off_when_nobody_looks);
	add("/ui/camera/a-person-hides-it", test_a_person_hides_it);
	add("/ui/camera/a-named-camera-that-fails-says-so", test_a_named_camera_that_fails_says_so);
	add("/ui/camera/without-a-camera-it-is-silent", test_without_a_camera_it_is_silent);
	add("/ui/camera/the-chosen-camera-counts", test_the_chosen_camera_counts);
	add("/ui/camera/it-has-a-name", test_it_has_a_name);
	return g_test_run();
}
