/* SPDX-License-Identifier: Apache-2.0 */
#include "picture.h"

#include <string.h>

#include "error.h"
#include "till-test.h"

static const char pgm[] = "P5\n3 2\n255\n\x01\x02\x03\x04\x05\x06";
static const char ppm[] = "P6\n1 1\n255\n\xff\x00\x00";

static TillImage *
read_text(const char *bytes, gsize size, GError **error)
{
	return till_picture_read((const guint8 *)bytes, size, "test.pgm", error);
}

static void
test_grey_stays_grey(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillImage) image = read_text(pgm, sizeof pgm - 1, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(image->width, ==, 3);
	g_assert_cmpuint(image->height, ==, 2);
	for (guint i = 0; i < 6; i++)
		g_assert_cmpuint(image->pixels[i], ==, i + 1);
}

static void
test_colours_become_grey(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillImage) image = read_text(ppm, sizeof ppm - 1, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(image->pixels[0], ==, (77 * 255 + 128) / 256);
}

static void
assert_refused(const char *bytes, gsize size, TillErrorCode code)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(read_text(bytes, size, &error));
	g_assert_error(error, TILL_ERROR, (int)code);
	g_assert_nonnull(strstr(error->message, "test.pgm"));
}

static void
test_what_is_no_picture_is_refused(void)
{
	static const char svg[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
	static const char large[] = "P5\n9000 9000\n255\n\x01\x02";
	static const char png[] = "\x89PNG\r\n\x1a\nrubbish";

	assert_refused("", 0, TILL_ERROR_INVALID);
	assert_refused("P5", 2, TILL_ERROR_INVALID);
	assert_refused(svg, sizeof svg - 1, TILL_ERROR_INVALID);
	assert_refused(png, sizeof png - 1, TILL_ERROR_INVALID);
	assert_refused(large, sizeof large - 1, TILL_ERROR_LIMIT);
	for (gsize size = 0; size < sizeof pgm - 1; size++)
		assert_refused(pgm, size, TILL_ERROR_INVALID);
}

static void
test_files_are_read(void)
{
	g_autofree char *dir = till_test_temp_dir();
	g_autofree char *path = g_build_filename(dir, "a.pgm", NULL);
	g_autofree char *missing = g_build_filename(dir, "b.pgm", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(path, pgm, sizeof pgm - 1, NULL));
	g_autoptr(TillImage) image = till_picture_load(path, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(image->width, ==, 3);
	g_assert_null(till_picture_load(missing, &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
	till_test_remove_dir(dir);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/device/picture/grey-stays-grey", test_grey_stays_grey);
	g_test_add_func("/device/picture/colours-become-grey", test_colours_become_grey);
	g_test_add_func("/device/picture/what-is-no-picture-is-refused",
			test_what_is_no_picture_is_refused);
	g_test_add_func("/device/picture/files-are-read", test_files_are_read);
	return g_test_run();
}
