/* SPDX-License-Identifier: Apache-2.0 */
#include "bar-match.h"

#include <string.h>

#include "bar-match-private.h"
#include "draw-code.h"
#include "till-test.h"

static void
assert_reads(const TillImage *image, guint rows, const char *wanted)
{
	g_autoptr(GPtrArray) sights = till_bar_match_look(image, rows);

	g_assert_cmpuint(sights->len, ==, wanted != NULL ? 1 : 0);
	if (wanted != NULL) {
		const TillCodeSight *sight = g_ptr_array_index(sights, 0);
		g_assert_cmpstr(sight->code->text, ==, wanted);
		g_assert_true(sight->matched);
		g_assert_cmpuint(sight->lines, >=, 2 * rows);
		g_assert_cmpuint(sight->place.left, <, sight->place.right);
	}
}

static void
test_sharp_bars_are_read(void)
{
	static const char *const codes[] = {"4006381333931", "9780201379624", "5901234123457",
					    "1234567890128", "2112345678900", "8710398500014"};

	for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
		for (guint module = 1; module <= 4; module++) {
			g_autoptr(TillImage) image = draw_code_ean(codes[i], module, 60);
			assert_reads(image, 6, codes[i]);
			assert_reads(image, 10, codes[i]);
			g_autoptr(TillImage) over = till_image_turn(image, 180);
			assert_reads(over, 6, codes[i]);
		}
	}
}

static void
test_a_leading_zero_is_a_upc(void)
{
	g_autoptr(TillImage) image = draw_code_ean("0036000291452", 2, 60);
	g_autoptr(GPtrArray) sights = till_bar_match_look(image, 6);

	g_assert_cmpuint(sights->len, ==, 1);
	const TillCodeSight *sight = g_ptr_array_index(sights, 0);
	g_assert_cmpint(sight->code->kind, ==, TILL_CODE_UPCA);
	g_assert_cmpstr(sight->code->text, ==, "036000291452");
}

/* Bars of 2 pixels under a blur of 5 (twice 3) run into each other: zbar reads nothing there. */
static void
test_blurred_bars_are_read(void)
{
	g_autoptr(TillImage) image = draw_code_ean("4006381333931", 2, 60);
	g_autoptr(TillImage) once = till_image_smooth(image, 1);
	g_autoptr(TillImage) blurred = till_image_smooth(once, 1);
	g_autoptr(TillCodeScanner) scanner = till_code_scanner_new(FALSE);
	g_autoptr(GPtrArray) sights =
	    till_code_scanner_look(scanner, blurred, TILL_CODE_LOOK_PLAIN);

	g_assert_cmpuint(sights->len, ==, 0);
	assert_reads(blurred, 6, "4006381333931");
}

static void
test_shade_and_noise_do_not_matter(void)
{
	g_autoptr(TillImage) image = draw_code_ean("9780201379624", 2, 90);
	TillTestRandom random;

	till_test_random_init(&random, 7);
	for (guint y = 0; y < image->height; y++) {
		for (guint x = 0; x < image->width; x++) {
			guint8 *pixel = &image->pixels[y * image->width + x];
			/* From bright on the left to dark on the right, a fifth of the contrast. */
			guint light = 60 + *pixel / 5 + (image->width - x) / 4;
			*pixel = (guint8)(light + (guint)till_test_random_range(&random, 0, 12));
		}
	}
	assert_reads(image, 6, "9780201379624");
}

static void
test_a_wrong_check_digit_is_never_read(void)
{
	/* The bars of a number whose check digit is wrong: no number fits them. */
	g_autoptr(TillImage) image = draw_code_ean("4006381333932", 2, 60);

	assert_reads(image, 6, NULL);
}

static void
test_nothing_is_read_from_what_is_no_code(void)
{
	g_autoptr(TillImage) flat = draw_code_plain(300, 100, 128);
	g_autoptr(TillImage) tiny = draw_code_plain(1, 1, 128);
	g_autoptr(TillImage) other = draw_code_128("TEE-NVY-M", FALSE, 2, 60);
	g_autoptr(TillImage) short_one = draw_code_ean("96385074", 2, 60);
	TillTestRandom random;

	assert_reads(flat, 6, NULL);
	assert_reads(tiny, 2, NULL);
	assert_reads(other, 6, NULL);
	assert_reads(short_one, 6, NULL);
	/* Columns of noise, which look like bars: every band reads the same. */
	for (guint seed = 0; seed < 40; seed++) {
		till_test_random_init(&random, seed);
		till_test_random_bytes(&random, flat->pixels, flat->width);
		for (guint y = 1; y < flat->height; y++)
			memcpy(flat->pixels + y * flat->width, flat->pixels, flat->width);
		assert_reads(flat, 10, NULL);
	}
}

static void
test_misfit_is_what_a_shape_leaves(void)
{
	TillBarWindow shape, other, line = {.count = 12}, flipped = {.count = 12};

	till_bar_match_blur("010", 1, &shape);
	till_bar_match_blur("100", 1, &other);
	g_assert_cmpuint(shape.count, ==, 12);
	for (guint i = 0; i < 12; i++) {
		line.at[i] = 500 + shape.at[i] * 3;
		flipped.at[i] = 500 - shape.at[i];
	}
	till_bar_match_measure(&line);
	till_bar_match_measure(&flipped);
	g_assert_cmpint(line.energy, >, 0);
	g_assert_cmpint(till_bar_match_misfit(&line, &shape), ==, 0);
	g_assert_cmpint(till_bar_match_misfit(&line, &other), >, 0);
	/* Black for white explains nothing. */
	g_assert_cmpint(till_bar_match_misfit(&flipped, &shape), ==, flipped.energy);
}

static void
test_a_bent_symbol_is_laid_through_its_middle(void)
{
	TillBarPlace straight = {25600, 44600, 63600, 0};
	TillBarPlace bent = {25600, 46000, 63600, 0};
	gint32 half = TILL_BAR_MODULES * 128;

	g_assert_cmpint(till_bar_match_module(&straight, 0), ==, 25600);
	g_assert_cmpint(till_bar_match_module(&straight, half), ==, 44600);
	g_assert_cmpint(till_bar_match_module(&straight, 2 * half), ==, 63600);
	g_assert_cmpint(till_bar_match_module(&bent, 0), ==, 25600);
	g_assert_cmpint(till_bar_match_module(&bent, half), ==, 46000);
	g_assert_cmpint(till_bar_match_module(&bent, 2 * half), ==, 63600);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/device/bar-match/sharp-bars-are-read", test_sharp_bars_are_read);
	g_test_add_func("/device/bar-match/a-leading-zero-is-a-upc", test_a_leading_zero_is_a_upc);
	g_test_add_func("/device/bar-match/blurred-bars-are-read", test_blurred_bars_are_read);
	g_test_add_func("/device/bar-match/shade-and-noise-do-not-matter",
			test_shade_and_noise_do_not_matter);
	g_test_add_func("/device/bar-match/a-wrong-check-digit-is-never-read",
			test_a_wrong_check_digit_is_never_read);
	g_test_add_func("/device/bar-match/nothing-is-read-from-what-is-no-code",
			test_nothing_is_read_from_what_is_no_code);
	g_test_add_func("/device/bar-match/misfit-is-what-a-shape-leaves",
			test_misfit_is_what_a_shape_leaves);
	g_test_add_func("/device/bar-match/a-bent-symbol-is-laid-through-its-middle",
			test_a_bent_symbol_is_laid_through_its_middle);
	return g_test_run();
}
