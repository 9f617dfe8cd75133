/* SPDX-License-Identifier: Apache-2.0 */
#include "image.h"

#include <string.h>

#include "draw-code.h"
#include "error.h"
#include "till-test.h"

/* A picture from rows of hex digits: 'f' is white. */
static TillImage *
make(const char *const *rows)
{
	guint width = (guint)strlen(rows[0]), height = 0;

	while (rows[height] != NULL)
		height++;
	TillImage *image = till_image_new(width, height);

	for (guint y = 0; y < height; y++) {
		for (guint x = 0; x < width; x++)
			image->pixels[y * width + x] =
			    (guint8)(g_ascii_xdigit_value(rows[y][x]) * 17);
	}
	return image;
}

static TillImage *
make_random(guint width, guint height, guint64 seed)
{
	TillTestRandom random;
	TillImage *image = till_image_new(width, height);

	till_test_random_init(&random, seed);
	till_test_random_bytes(&random, image->pixels, (gsize)width * height);
	return image;
}

static void
assert_equal(const TillImage *got, const TillImage *wanted)
{
	g_assert_cmpuint(got->width, ==, wanted->width);
	g_assert_cmpuint(got->height, ==, wanted->height);
	g_assert_cmpmem(got->pixels, (int)(got->width * got->height), wanted->pixels,
			(int)(wanted->width * wanted->height));
}

static void
test_sizes_are_bounded(void)
{
	g_assert_true(till_image_fits(1, 1));
	g_assert_true(till_image_fits(4096, 4096));
	g_assert_true(till_image_fits(8192, 2048));
	g_assert_false(till_image_fits(0, 5));
	g_assert_false(till_image_fits(5, 0));
	g_assert_false(till_image_fits(8193, 1));
	g_assert_false(till_image_fits(4096, 4097));
	g_assert_false(till_image_fits(G_MAXUINT64, G_MAXUINT64));

	g_autoptr(TillImage) dot = draw_code_plain(1, 1, 7);
	g_assert_null(till_image_halve(dot));
	g_assert_null(till_image_scale(dot, 1, 2));
	g_autoptr(TillImage) wide = draw_code_plain(8192, 2, 7);
	g_assert_null(till_image_double(wide));
	g_assert_null(till_image_scale(wide, 3, 2));
}

static void
test_a_frame_is_copied_by_its_stride(void)
{
	static const guint8 bytes[] = {1, 2, 3, 99, 4, 5, 6};
	g_autoptr(GError) error = NULL;
	g_autoptr(TillImage) image = till_image_from_frame(3, 2, 4, bytes, sizeof bytes, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(till_image_at(image, 2, 0), ==, 3);
	g_assert_cmpuint(till_image_at(image, 0, 1), ==, 4);
	g_assert_cmpuint(till_image_at(image, 50, 50), ==, 6);
	g_assert_cmpuint(till_image_at(image, -1, -1), ==, 1);

	g_assert_null(till_image_from_frame(3, 2, 4, bytes, sizeof bytes - 1, &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_null(till_image_from_frame(3, 2, 2, bytes, sizeof bytes, &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_null(till_image_from_frame(8193, 1, 8193, bytes, sizeof bytes, &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_LIMIT);
}

static void
test_halving_takes_the_mean(void)
{
	static const char *const rows[] = {"0f0", "0f0", "fff", NULL};
	g_autoptr(TillImage) image = make(rows);
	g_autoptr(TillImage) half = till_image_halve(image);

	g_assert_cmpuint(half->width, ==, 1);
	g_assert_cmpuint(half->height, ==, 1);
	g_assert_cmpuint(half->pixels[0], ==, 128);
}

static void
test_scaling_keeps_flat_pictures_and_order(void)
{
	static const guint ratios[][2] = {{3, 4}, {2, 3}, {3, 2}, {1, 1}, {8, 1}, {1, 8}};
	g_autoptr(TillImage) flat = draw_code_plain(24, 16, 77);
	g_autoptr(TillImage) random = make_random(24, 16, 1);

	for (guint i = 0; i < G_N_ELEMENTS(ratios); i++) {
		g_autoptr(TillImage) scaled = till_image_scale(flat, ratios[i][0], ratios[i][1]);
		g_autoptr(TillImage) wanted = draw_code_plain(24 * ratios[i][0] / ratios[i][1],
							      16 * ratios[i][0] / ratios[i][1], 77);
		assert_equal(scaled, wanted);
	}
	g_autoptr(TillImage) same = till_image_scale(random, 1, 1);
	assert_equal(same, random);
}

static void
test_doubling_is_symmetric_and_sharp(void)
{
	static const char *const rows[] = {"00ff", "00ff", "00ff", NULL};
	g_autoptr(TillImage) image = make(rows);
	g_autoptr(TillImage) twice = till_image_double(image);
	static const guint8 wanted[] = {0, 0, 0, 52, 203, 255, 255, 255};

	g_assert_cmpuint(twice->width, ==, 8);
	g_assert_cmpuint(twice->height, ==, 6);
	for (guint y = 0; y < 6; y++) {
		for (guint x = 0; x < 8; x++)
			g_assert_cmpint(ABS((int)till_image_at(twice, x, y) - (int)wanted[x]), <=,
					1);
	}
}

static void
test_quarter_turns_are_exact(void)
{
	static const char *const rows[] = {"123", "456", NULL};
	static const char *const right[] = {"41", "52", "63", NULL};
	static const char *const over[] = {"654", "321", NULL};
	g_autoptr(TillImage) image = make(rows);
	g_autoptr(TillImage) quarter = till_image_turn(image, 90);
	g_autoptr(TillImage) half = till_image_turn(image, 180);
	g_autoptr(TillImage) none = till_image_turn(image, 0);
	g_autoptr(TillImage) wanted_quarter = make(right);
	g_autoptr(TillImage) wanted_half = make(over);

	assert_equal(quarter, wanted_quarter);
	assert_equal(half, wanted_half);
	assert_equal(none, image);
	g_autoptr(TillImage) back = till_image_turn(quarter, -90);
	assert_equal(back, image);
}

static void
test_a_slant_turn_keeps_the_middle_and_whitens_corners(void)
{
	g_autoptr(TillImage) image = draw_code_plain(101, 51, 10);
	g_autoptr(TillImage) turned = till_image_turn(image, 45);

	g_assert_cmpuint(turned->width, ==, 108);
	g_assert_cmpuint(turned->height, ==, 108);
	g_assert_cmpuint(till_image_at(turned, 54, 54), ==, 10);
	g_assert_cmpuint(till_image_at(turned, 0, 0), ==, 255);
	g_assert_cmpuint(till_image_at(turned, 107, 107), ==, 255);
}

/* Slow and plain: every pixel around, one by one. */
static void
sum_around(const TillImage *image, guint x, guint y, int radius, guint64 *sum, guint64 *squares,
	   guint *count)
{
	*sum = *squares = *count = 0;
	for (int j = (int)y - radius; j <= (int)y + radius; j++) {
		for (int i = (int)x - radius; i <= (int)x + radius; i++) {
			if (i < 0 || j < 0 || i >= (int)image->width || j >= (int)image->height)
				continue;
			guint shade = till_image_at(image, i, j);
			*sum += shade;
			*squares += (guint64)shade * shade;
			(*count)++;
		}
	}
}

static void
check_around(const TillImage *image, guint radius)
{
	g_autoptr(TillImage) smooth = till_image_smooth(image, radius);
	g_autoptr(TillImage) side = till_image_threshold(image, radius, 5);
	g_autoptr(TillImage) even = till_image_normalise(image, radius);
	g_autoptr(TillImage) sharp = till_image_sharpen(image, radius, 150);
	guint64 sum, squares;
	guint count;

	for (guint y = 0; y < image->height; y++) {
		for (guint x = 0; x < image->width; x++) {
			sum_around(image, x, y, (int)radius, &sum, &squares, &count);
			int mean = (int)((sum + count / 2) / count);
			int shade = (int)till_image_at(image, x, y), low = (int)(sum / count);
			int spread = 0;
			while ((guint64)((spread + 1) * (spread + 1)) + (guint64)(low * low) <=
			       squares / count)
				spread++;
			g_assert_cmpint(till_image_at(smooth, x, y), ==, mean);
			g_assert_cmpuint(till_image_at(side, x, y), ==, shade + 5 > mean ? 255 : 0);
			g_assert_cmpint(till_image_at(sharp, x, y), ==,
					CLAMP(shade + (shade - mean) * 150 / 100, 0, 255));
			g_assert_cmpint(till_image_at(even, x, y), ==,
					CLAMP(128 + (shade - low) * 64 / MAX(spread, 4), 0, 255));
		}
	}
}

static void
test_local_means_equal_the_plain_sums(void)
{
	static const guint sizes[][2] = {{1, 1}, {1, 9}, {9, 1}, {7, 5}, {31, 20}};

	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(TillImage) image = make_random(sizes[i][0], sizes[i][1], i);
		check_around(image, 1);
		check_around(image, 3);
		check_around(image, 24);
	}
}

static void
test_a_flat_picture_stays_flat(void)
{
	g_autoptr(TillImage) image = draw_code_plain(40, 30, 90);
	g_autoptr(TillImage) even = till_image_normalise(image, 12);
	g_autoptr(TillImage) side = till_image_threshold(image, 12, 3);
	g_autoptr(TillImage) middle = draw_code_plain(40, 30, 128);
	g_autoptr(TillImage) white = draw_code_plain(40, 30, 255);

	assert_equal(even, middle);
	assert_equal(side, white);
}

static void
test_a_speck_goes_and_a_stroke_grows(void)
{
	static const char *const rows[] = {"fffff", "fffff", "ff0ff", "fffff", "fffff", NULL};
	static const char *const grown[] = {"fffff", "f000f", "f000f", "f000f", "fffff", NULL};
	g_autoptr(TillImage) image = make(rows);
	g_autoptr(TillImage) calm = till_image_median(image);
	g_autoptr(TillImage) thick = till_image_grow_dark(image);
	g_autoptr(TillImage) white = draw_code_plain(5, 5, 255);
	g_autoptr(TillImage) wanted = make(grown);

	assert_equal(calm, white);
	assert_equal(thick, wanted);
}

static void
test_curves_keep_the_ends_and_the_order(void)
{
	g_autoptr(TillImage) ramp = till_image_new(256, 1);

	for (guint i = 0; i < 256; i++)
		ramp->pixels[i] = (guint8)i;
	g_autoptr(TillImage) light = till_image_lighten(ramp);
	g_autoptr(TillImage) dark = till_image_darken(ramp);
	for (guint i = 0; i < 256; i++) {
		g_assert_cmpuint(light->pixels[i], >=, i);
		g_assert_cmpuint(dark->pixels[i], <=, i);
		g_assert_cmpuint(light->pixels[i], >=, light->pixels[i > 0 ? i - 1 : 0]);
		g_assert_cmpuint(dark->pixels[i], >=, dark->pixels[i > 0 ? i - 1 : 0]);
	}
	g_assert_cmpuint(light->pixels[0], ==, 0);
	g_assert_cmpuint(dark->pixels[255], ==, 255);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/device/image/sizes-are-bounded", test_sizes_are_bounded);
	g_test_add_func("/device/image/a-frame-is-copied-by-its-stride",
			test_a_frame_is_copied_by_its_stride);
	g_test_add_func("/device/image/halving-takes-the-mean", test_halving_takes_the_mean);
	g_test_add_func("/device/image/scaling-keeps-flat-pictures-and-order",
			test_scaling_keeps_flat_pictures_and_order);
	g_test_add_func("/device/image/doubling-is-symmetric-and-sharp",
			test_doubling_is_symmetric_and_sharp);
	g_test_add_func("/device/image/quarter-turns-are-exact", test_quarter_turns_are_exact);
	g_test_add_func("/device/image/a-slant-turn-keeps-the-middle-and-whitens-corners",
			test_a_slant_turn_keeps_the_middle_and_whitens_corners);
	g_test_add_func("/device/image/local-means-equal-the-plain-sums",
			test_local_means_equal_the_plain_sums);
	g_test_add_func("/device/image/a-flat-picture-stays-flat", test_a_flat_picture_stays_flat);
	g_test_add_func("/device/image/a-speck-goes-and-a-stroke-grows",
			test_a_speck_goes_and_a_stroke_grows);
	g_test_add_func("/device/image/curves-keep-the-ends-and-the-order",
			test_curves_keep_the_ends_and_the_order);
	return g_test_run();
}
