/* SPDX-License-Identifier: Apache-2.0 */
#include "camera-source.h"

#include <string.h>

#include "error.h"

static void
assert_read(const char *text, TillCameraSourceKind kind, const char *path)
{
	g_auto(TillCameraSource) source = {0};
	g_autoptr(GError) error = NULL;

	g_assert_true(till_camera_source_read(text, &source, &error));
	g_assert_no_error(error);
	g_assert_cmpint(source.kind, ==, kind);
	g_assert_cmpstr(source.path, ==, path);
}

static void
test_each_form_is_read(void)
{
	assert_read("none", TILL_CAMERA_SOURCE_NONE, NULL);
	assert_read("auto", TILL_CAMERA_SOURCE_AUTO, NULL);
	assert_read("v4l2:/dev/video0", TILL_CAMERA_SOURCE_DEVICE, "/dev/video0");
	assert_read("picture:a b:c%.png", TILL_CAMERA_SOURCE_PICTURE, "a b:c%.png");
	assert_read("pictures:frames/%03d.png", TILL_CAMERA_SOURCE_PICTURES, "frames/");
}

static void
test_what_is_no_form_is_refused(void)
{
	static const char *const rubbish[] = {
	    "",
	    "Auto",
	    "auto ",
	    "v4l2:",
	    "v4l2",
	    "picture:",
	    "pictures:",
	    "pictures:a",
	    "pictures:%s",
	    "pictures:%n%d",
	    "pictures:%",
	    "pictures:%d%d",
	    "pictures:%*d",
	    "pictures:%-3d",
	    "pictures:%10d",
	    "usb:1",
	    "pictures:%99999999999d",
	};

	for (guint i = 0; i < G_N_ELEMENTS(rubbish); i++) {
		g_auto(TillCameraSource) source = {0};
		g_autoptr(GError) error = NULL;
		g_assert_false(till_camera_source_read(rubbish[i], &source, &error));
		g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
		g_assert_nonnull(strstr(error->message, "v4l2:/dev/video0"));
		g_assert_null(source.path);
	}
}

static void
test_a_long_path_is_refused(void)
{
	g_autofree char *path = g_strnfill(5000, 'a');
	g_autofree char *text = g_strconcat("picture:", path, NULL);
	g_auto(TillCameraSource) source = {0};
	g_autoptr(GError) error = NULL;

	g_assert_false(till_camera_source_read(text, &source, &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
}

static void
assert_picture(const char *text, guint number, const char *wanted)
{
	g_auto(TillCameraSource) source = {0};

	g_assert_true(till_camera_source_read(text, &source, NULL));
	g_autofree char *picture = till_camera_source_picture(&source, number);
	g_assert_cmpstr(picture, ==, wanted);
}

static void
test_pictures_are_numbered(void)
{
	assert_picture("pictures:f%d.png", 0, "f0.png");
	assert_picture("pictures:f%d.png", 12, "f12.png");
	assert_picture("pictures:f%03d.png", 7, "f007.png");
	assert_picture("pictures:f%3d", 7, "f007");
	assert_picture("pictures:%02dx", 1234, "1234x");
}

static void
assert_explained(const char *text, TillCameraTrouble trouble, const char *wanted)
{
	g_auto(TillCameraSource) source = {0};

	g_assert_true(till_camera_source_read(text, &source, NULL));
	g_autofree char *sentence = till_camera_source_explain(&source, trouble);
	g_assert_cmpstr(sentence, ==, wanted);
}

static void
test_trouble_is_told_in_words(void)
{
	assert_explained("auto", TILL_CAMERA_NONE_FOUND, "No camera was found; plug one in.");
	assert_explained("auto", TILL_CAMERA_UNPLUGGED, "Lost the camera; plug it in again.");
	assert_explained("v4l2:/dev/video2", TILL_CAMERA_BUSY,
			 "Another program uses the camera /dev/video2; close that program.");
	assert_explained("picture:a%s.png", TILL_CAMERA_MISSING,
			 "Cannot find the picture a%s.png; check the name.");
	assert_explained("pictures:f/%d.png", TILL_CAMERA_UNREADABLE,
			 "Cannot read the pictures f/….png; choose a PNG or JPEG file.");
}

static void
test_every_trouble_has_words(void)
{
	static const char *const texts[] = {"auto", "v4l2:/dev/video0", "picture:a.png",
					    "pictures:%d.png"};

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_auto(TillCameraSource) source = {0};
		g_assert_true(till_camera_source_read(texts[i], &source, NULL));
		for (int trouble = TILL_CAMERA_NONE_FOUND; trouble < TILL_CAMERA_READER;
		     trouble++) {
			g_autofree char *sentence =
			    till_camera_source_explain(&source, (TillCameraTrouble)trouble);
			g_assert_true(g_ascii_isupper(sentence[0]));
			g_assert_true(g_str_has_suffix(sentence, "."));
			g_assert_null(strstr(sentence, "%s"));
			g_assert_nonnull(strchr(sentence, ';')); /* what to do */
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/device/camera-source/each-form-is-read", test_each_form_is_read);
	g_test_add_func("/device/camera-source/what-is-no-form-is-refused",
			test_what_is_no_form_is_refused);
	g_test_add_func("/device/camera-source/a-long-path-is-refused",
			test_a_long_path_is_refused);
	g_test_add_func("/device/camera-source/pictures-are-numbered", test_pictures_are_numbered);
	g_test_add_func("/device/camera-source/trouble-is-told-in-words",
			test_trouble_is_told_in_words);
	g_test_add_func("/device/camera-source/every-trouble-has-words",
			test_every_trouble_has_words);
	return g_test_run();
}
