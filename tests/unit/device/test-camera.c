/* SPDX-License-Identifier: Apache-2.0 */
/* The whole way of a frame: GStreamer, the reading process, the gate, and back on this thread. */
#include "camera.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "draw-code.h"
#include "error.h"
#include "till-test.h"

#define WAIT_S 60

typedef struct {
	char *dir;
	char *picture;
	char *program; /* the real reader, or a script in its place */
	TillCamera *camera;

	GPtrArray *codes; /* of owned text */
	guint previews;
	guint width; /* of the last preview */
	guint height;
	GString *states; /* a letter each: s, w, f */
	char *sentence;  /* the last one */
	TillCameraTrouble trouble;
	gint64 ms;
} Fixture;

static void
set_up(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	fixture->dir = till_test_temp_dir();
	fixture->picture = g_build_filename(fixture->dir, "picture.png", NULL);
	fixture->program =
	    g_build_filename(g_getenv("TILL_BUILD_ROOT"), "app", "device", "tillhouse-scand", NULL);
	fixture->codes = g_ptr_array_new_with_free_func(g_free);
	fixture->states = g_string_new(NULL);
}

static void
tear_down(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	till_camera_free(fixture->camera);
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	till_test_remove_dir(fixture->dir);
	g_ptr_array_unref(fixture->codes);
	g_string_free(fixture->states, TRUE);
	g_free(fixture->sentence);
	g_free(fixture->program);
	g_free(fixture->picture);
	g_free(fixture->dir);
}

/* ---- What the camera tells ---- */

static void
code_cb(const TillCode *code, gint64 ms, gpointer user)
{
	Fixture *fixture = user;

	g_ptr_array_add(fixture->codes, g_strdup(code->text));
	fixture->ms = ms;
}

static void
preview_cb(GBytes *rgb, guint width, guint height, guint stride, gpointer user)
{
	Fixture *fixture = user;

	g_assert_cmpuint(stride, >=, width * 3);
	g_assert_cmpuint(g_bytes_get_size(rgb), ==, (gsize)stride * height);
	fixture->width = width;
	fixture->height = height;
	fixture->previews++;
}

static void
state_cb(TillCameraState state, TillCameraTrouble trouble, const char *sentence, gpointer user)
{
	Fixture *fixture = user;

	g_assert_true((sentence != NULL) == (state == TILL_CAMERA_FAILED));
	g_assert_true((trouble != TILL_CAMERA_FINE) == (state == TILL_CAMERA_FAILED));
	g_string_append_c(fixture->states, "swf"[state]);
	fixture->trouble = trouble;
	g_free(fixture->sentence);
	fixture->sentence = g_strdup(sentence);
}

static void
watch(Fixture *fixture, const char *source)
{
	TillCameraConfig config = {source, fixture->program, 100, NULL};
	TillCameraCallbacks callbacks = {code_cb, preview_cb, state_cb, fixture};
	g_autoptr(GError) error = NULL;

	fixture->camera = till_camera_new(&config, &callbacks, &error);
	g_assert_no_error(error);
	till_camera_start(fixture->camera);
}

static void
watch_picture(Fixture *fixture, const TillImage *image)
{
	g_autofree char *source = g_strconcat("picture:", fixture->picture, NULL);

	draw_code_save(image, fixture->picture);
	watch(fixture, source);
}

/* ---- Waiting ---- */

static gboolean
tick_cb(gpointer user)
{
	(void)user;
	return G_SOURCE_CONTINUE;
}

typedef gboolean (*Condition)(const Fixture *fixture, guint wanted);

static void
wait_for(Fixture *fixture, Condition condition, guint wanted)
{
	gint64 deadline_us = g_get_monotonic_time() + WAIT_S * G_USEC_PER_SEC;
	guint tick = g_timeout_add(50, tick_cb, NULL);

	while (!condition(fixture, wanted)) {
		if (g_get_monotonic_time() > deadline_us)
			g_error("nothing came: states %s, %u codes, %u previews, %s",
				fixture->states->str, fixture->codes->len, fixture->previews,
				fixture->sentence);
		g_main_context_iteration(NULL, TRUE);
	}
	g_source_remove(tick);
}

static gboolean
has_codes(const Fixture *fixture, guint wanted)
{
	return fixture->codes->len >= wanted;
}

static gboolean
has_previews(const Fixture *fixture, guint wanted)
{
	return fixture->previews >= wanted;
}

static gboolean
is_in_state(const Fixture *fixture, guint wanted)
{
	return fixture->states->len > 0 &&
	       fixture->states->str[fixture->states->len - 1] == "swf"[wanted];
}

static gboolean
has_read(const Fixture *fixture, guint wanted)
{
	TillCameraCounts counts;

	till_camera_counts(fixture->camera, &counts);
	return counts.read >= wanted;
}

static gboolean
has_lost(const Fixture *fixture, guint wanted)
{
	TillCameraCounts counts;

	till_camera_counts(fixture->camera, &counts);
	return counts.lost >= wanted;
}

static void
assert_read(Fixture *fixture, const char *wanted)
{
	wait_for(fixture, has_codes, 1);
	g_assert_cmpstr(g_ptr_array_index(fixture->codes, 0), ==, wanted);
	g_assert_cmpint(fixture->ms, >, 0);
}

/* ---- Tests ---- */

static void
test_a_code_in_view_is_told_once(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(6);

	watch_picture(fixture, qr);
	assert_read(fixture, DRAW_CODE_QR_TEXT);
	wait_for(fixture, has_read, 20);
	wait_for(fixture, has_previews, 3);
	g_assert_cmpuint(fixture->codes->len, ==, 1);
	g_assert_cmpstr(fixture->states->str, ==, "sw");
	g_assert_cmpuint(fixture->width, ==, qr->width);
}

static void
test_bars_are_read(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) ean = draw_code_ean("4006381333931", 4, 120);

	watch_picture(fixture, ean);
	assert_read(fixture, "4006381333931");
}

static void
test_large_frames_are_made_smaller(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(20);
	g_autoptr(TillImage) large = draw_code_plain(2601, 1951, 200);

	for (guint y = 0; y < qr->height; y++)
		memcpy(large->pixels + (gsize)(y + 500) * large->width + 700,
		       qr->pixels + (gsize)y * qr->width, qr->width);
	watch_picture(fixture, large);
	assert_read(fixture, DRAW_CODE_QR_TEXT);
	wait_for(fixture, has_previews, 1);
	g_assert_cmpuint(fixture->width, <=, 320);
	g_assert_cmpuint(fixture->width, >=, 300);
	g_assert_cmpuint(fixture->height, <=, 320);
}

static void
test_pictures_come_in_turn(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autofree char *source = g_strdup_printf("pictures:%s/%%02d.png", fixture->dir);
	g_autoptr(TillImage) blank = draw_code_plain(320, 240, 255);
	g_autoptr(TillImage) qr = draw_code_qr(6);

	for (guint i = 1; i <= 6; i++) {
		g_autofree char *path = g_strdup_printf("%s/%02u.png", fixture->dir, i);
		draw_code_save(i == 4 ? qr : blank, path);
	}
	watch(fixture, source);
	assert_read(fixture, DRAW_CODE_QR_TEXT);
}

/* A picture of a phone's page at night, held askew and out of focus. */
static void
test_a_phone_is_read(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(5);
	g_autoptr(TillImage) page = draw_code_plain(480, 854, 245);

	for (guint y = 0; y < qr->height; y++)
		memcpy(page->pixels + (gsize)(y + 300) * page->width + 130,
		       qr->pixels + (gsize)y * qr->width, qr->width);
	g_autoptr(TillImage) turned = till_image_turn(page, 20);
	g_autoptr(TillImage) blurred = till_image_smooth(turned, 1);
	for (gsize i = 0; i < (gsize)blurred->width * blurred->height; i++)
		blurred->pixels[i] = (guint8)(10 + blurred->pixels[i] / 4);
	watch_picture(fixture, blurred);
	assert_read(fixture, DRAW_CODE_QR_TEXT);
}

static void
test_shared_pictures_are_read(Fixture *fixture, gconstpointer data)
{
	g_auto(GStrv) parts = g_strsplit(data, "=", 2);
	const char *path = till_test_shared_data(parts[0]);

	if (path == NULL) {
		g_test_skip("the shared data is not on this machine");
		return;
	}
	g_autofree char *source = g_strconcat("picture:", path, NULL);
	watch(fixture, source);
	assert_read(fixture, parts[1]);
}

static void
test_a_missing_file_fails_until_it_comes(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autofree char *source = g_strconcat("picture:", fixture->picture, NULL);
	g_autofree char *other = g_build_filename(fixture->dir, "other.png", NULL);
	g_autoptr(TillImage) qr = draw_code_qr(6);

	watch(fixture, source);
	wait_for(fixture, is_in_state, TILL_CAMERA_FAILED);
	g_assert_cmpint(fixture->trouble, ==, TILL_CAMERA_MISSING);
	g_assert_nonnull(strstr(fixture->sentence, fixture->picture));
	/* Whole at once: half a picture would be a broken one. */
	draw_code_save(qr, other);
	g_assert_cmpint(g_rename(other, fixture->picture), ==, 0);
	assert_read(fixture, DRAW_CODE_QR_TEXT);
	/* The attempts between were not told. */
	g_assert_cmpstr(fixture->states->str, ==, "sfw");
}

static void
test_what_is_no_picture_kills_nothing(Fixture *fixture, gconstpointer data)
{
	g_autofree char *source = g_strconcat("picture:", fixture->picture, NULL);

	g_assert_true(g_file_set_contents(fixture->picture, data, -1, NULL));
	watch(fixture, source);
	wait_for(fixture, is_in_state, TILL_CAMERA_FAILED);
	g_assert_nonnull(strstr(fixture->sentence, "PNG or JPEG"));
}

static void
test_no_device_says_so(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autofree char *source = g_strdup_printf("v4l2:%s/video0", fixture->dir);

	watch(fixture, source);
	wait_for(fixture, is_in_state, TILL_CAMERA_FAILED);
	g_assert_cmpint(fixture->trouble, ==, TILL_CAMERA_MISSING);
	g_assert_nonnull(strstr(fixture->sentence, "plug it in"));
}

static void
test_a_node_that_is_no_camera_says_so(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	watch(fixture, "v4l2:/dev/null");
	wait_for(fixture, is_in_state, TILL_CAMERA_FAILED);
	g_assert_nonnull(strstr(fixture->sentence, "/dev/null"));
}

static void
test_none_tells_nothing(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	watch(fixture, "none");
	till_camera_stop(fixture->camera);
	g_assert_cmpstr(fixture->states->str, ==, "");
}

static void
test_rubbish_is_no_source(G_GNUC_UNUSED Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	TillCameraConfig config = {"webcam", NULL, 0, NULL};
	TillCameraCallbacks callbacks = {0};
	g_autoptr(GError) error = NULL;

	g_assert_null(till_camera_new(&config, &callbacks, &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
}

/* A reader that writes down its process id and is real otherwise. */
static void
note_readers(Fixture *fixture)
{
	g_autofree char *script = g_build_filename(fixture->dir, "scand", NULL);
	g_autofree char *text = g_strdup_printf("#!/bin/sh\necho $$ >\"%s/pid\"\nexec \"%s\"\n",
						fixture->dir, fixture->program);

	g_assert_true(g_file_set_contents(script, text, -1, NULL));
	g_assert_cmpint(g_chmod(script, 0700), ==, 0);
	g_free(fixture->program);
	fixture->program = g_steal_pointer(&script);
}

static void
kill_reader(Fixture *fixture)
{
	g_autofree char *path = g_build_filename(fixture->dir, "pid", NULL);
	g_autofree char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	pid_t reader = (pid_t)g_ascii_strtoll(text, NULL, 10);
	g_assert_cmpint(reader, >, 1);
	g_assert_cmpint(kill(reader, SIGKILL), ==, 0);
}

static void
test_a_killed_reader_costs_a_frame(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(6);
	TillCameraCounts counts;

	note_readers(fixture);
	watch_picture(fixture, qr);
	assert_read(fixture, DRAW_CODE_QR_TEXT);
	kill_reader(fixture);
	wait_for(fixture, has_lost, 1);
	till_camera_counts(fixture->camera, &counts);
	wait_for(fixture, has_read, (guint)counts.read + 5);
	till_camera_counts(fixture->camera, &counts);
	g_assert_cmpuint(counts.lost, ==, 1);
	g_assert_cmpstr(fixture->states->str, ==, "sw");
}

static void
test_a_reader_that_keeps_dying_is_told(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(6);
	TillCameraCounts counts;

	g_free(fixture->program);
	fixture->program = g_strdup("/bin/false");
	watch_picture(fixture, qr);
	wait_for(fixture, is_in_state, TILL_CAMERA_FAILED);
	g_assert_cmpint(fixture->trouble, ==, TILL_CAMERA_READER);
	/* It rests between its lives: frames come and are let go. */
	till_camera_counts(fixture->camera, &counts);
	g_assert_cmpuint(counts.lost, ==, 3);
	g_assert_cmpuint(counts.arrived, >, counts.read);
	wait_for(fixture, has_previews, 2);
}

static void
test_a_missing_reader_is_named(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(6);

	g_free(fixture->program);
	fixture->program = g_build_filename(fixture->dir, "none", NULL);
	watch_picture(fixture, qr);
	wait_for(fixture, is_in_state, TILL_CAMERA_FAILED);
	g_assert_nonnull(strstr(fixture->sentence, fixture->program));
}

static void
test_stop_is_at_once_and_silent(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(6);
	g_autofree char *script = g_build_filename(fixture->dir, "scand", NULL);

	/* A reader that never answers: the frame that is with it is given up. */
	g_assert_true(g_file_set_contents(script, "#!/bin/sh\nexec sleep 600\n", -1, NULL));
	g_assert_cmpint(g_chmod(script, 0700), ==, 0);
	g_free(fixture->program);
	fixture->program = g_steal_pointer(&script);
	watch_picture(fixture, qr);
	wait_for(fixture, is_in_state, TILL_CAMERA_WATCHING);
	till_camera_stop(fixture->camera);
	guint previews = fixture->previews;
	gint64 begin_us = g_get_monotonic_time();
	g_clear_pointer(&fixture->camera, till_camera_free);
	/* Less than the two seconds that a frame may take. */
	g_assert_cmpint(g_get_monotonic_time() - begin_us, <, 1900000);
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	g_assert_cmpuint(fixture->previews, ==, previews);
	g_assert_cmpstr(fixture->states->str, ==, "sw");
}

static void
test_it_starts_again(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(6);

	watch_picture(fixture, qr);
	wait_for(fixture, has_codes, 1);
	for (guint i = 0; i < 10; i++) {
		till_camera_stop(fixture->camera);
		till_camera_start(fixture->camera);
	}
	/* A person who starts it again wants the code that is in view. */
	wait_for(fixture, has_codes, 2);
	g_assert_cmpuint(fixture->codes->len, ==, 2);
}

static void
add(const char *path, gconstpointer data, void (*test)(Fixture *, gconstpointer))
{
	g_test_add(path, Fixture, data, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add("/device/camera/a-code-in-view-is-told-once", NULL, test_a_code_in_view_is_told_once);
	add("/device/camera/bars-are-read", NULL, test_bars_are_read);
	add("/device/camera/large-frames-are-made-smaller", NULL,
	    test_large_frames_are_made_smaller);
	add("/device/camera/pictures-come-in-turn", NULL, test_pictures_come_in_turn);
	add("/device/camera/a-phone-is-read", NULL, test_a_phone_is_read);
	add("/device/camera/a-photograph-of-bars-is-read",
	    "images/zxing-ean13-1/12.png=5201815331227", test_shared_pictures_are_read);
	add("/device/camera/a-photograph-of-upc-a-is-read",
	    "images/zxing-upca-2/02.png=890444000335", test_shared_pictures_are_read);
	add("/device/camera/a-photograph-of-a-qr-code-is-read",
	    "images/zxing-qrcode-1/1.png=MEBKM:URL:http\\://en.wikipedia.org/wiki/Main_Page;;",
	    test_shared_pictures_are_read);
	add("/device/camera/a-missing-file-fails-until-it-comes", NULL,
	    test_a_missing_file_fails_until_it_comes);
	add("/device/camera/rubbish-kills-nothing", "rubbish",
	    test_what_is_no_picture_kills_nothing);
	add("/device/camera/a-broken-picture-kills-nothing",
	    "\x89PNG\r\n\x1a\nIHDR and then nothing that makes sense",
	    test_what_is_no_picture_kills_nothing);
	add("/device/camera/no-device-says-so", NULL, test_no_device_says_so);
	add("/device/camera/a-node-that-is-no-camera-says-so", NULL,
	    test_a_node_that_is_no_camera_says_so);
	add("/device/camera/none-tells-nothing", NULL, test_none_tells_nothing);
	add("/device/camera/rubbish-is-no-source", NULL, test_rubbish_is_no_source);
	add("/device/camera/a-killed-reader-costs-a-frame", NULL,
	    test_a_killed_reader_costs_a_frame);
	add("/device/camera/a-reader-that-keeps-dying-is-told", NULL,
	    test_a_reader_that_keeps_dying_is_told);
	add("/device/camera/a-missing-reader-is-named", NULL, test_a_missing_reader_is_named);
	add("/device/camera/stop-is-at-once-and-silent", NULL, test_stop_is_at_once_and_silent);
	add("/device/camera/it-starts-again", NULL, test_it_starts_again);
	return g_test_run();
}
