/* SPDX-License-Identifier: Apache-2.0 */
#include "code128.h"

#include <string.h>

#include "draw-code.h"
#include "till-test.h"

static void
assert_read(const TillImage *image, const char *plain, const char *lifted, gboolean fnc4)
{
	TillCode128 read;

	g_assert_true(till_code128_read_row(image, image->height / 2, &read));
	g_assert_cmpmem(read.plain, (int)read.size, plain, (int)strlen(plain));
	g_assert_cmpmem(read.lifted, (int)read.size, lifted, (int)strlen(lifted));
	g_assert_cmpint(read.has_fnc4, ==, fnc4);
}

static void
test_letters_are_read_both_ways(void)
{
	g_autoptr(TillImage) image = draw_code_128("TEE-nvy M 14", FALSE, 2, 20);
	g_autoptr(TillImage) over = till_image_turn(image, 180);

	assert_read(image, "TEE-nvy M 14", "TEE-nvy M 14", FALSE);
	assert_read(over, "TEE-nvy M 14", "TEE-nvy M 14", FALSE);
}

static void
test_fnc4_lifts_the_next_character(void)
{
	g_autoptr(TillImage) image = draw_code_128("Caf\xE9 n\xF3", FALSE, 2, 20);

	assert_read(image, "Cafi ns", "Caf\xE9 n\xF3", TRUE);
}

static void
test_only_the_symbol_asked_for_is_lifted(void)
{
	g_autoptr(TillImage) image = draw_code_128("Caf\xE9", FALSE, 2, 20);
	g_autoptr(TillImage) plain = draw_code_128("Cafi", FALSE, 2, 20);
	TillCode128 read;

	g_assert_true(till_code128_find_lifted(image, 14, 30, (const guint8 *)"Cafi", 4, &read));
	g_assert_cmpmem(read.lifted, (int)read.size, "Caf\xE9", 4);
	g_assert_false(till_code128_find_lifted(image, 14, 30, (const guint8 *)"Cafe", 4, &read));
	g_assert_false(till_code128_find_lifted(plain, 14, 30, (const guint8 *)"Cafi", 4, &read));
}

static void
test_no_row_of_anything_else_is_read(void)
{
	g_autoptr(TillImage) ean = draw_code_ean("4006381333931", 2, 20);
	g_autoptr(TillImage) flat = draw_code_plain(200, 3, 90);
	g_autoptr(TillImage) noise = till_image_new(4000, 1);
	TillCode128 read;
	TillTestRandom random;

	g_assert_false(till_code128_read_row(ean, 20, &read));
	g_assert_false(till_code128_read_row(flat, 1, &read));
	for (guint seed = 0; seed < 200; seed++) {
		till_test_random_init(&random, seed);
		till_test_random_bytes(&random, noise->pixels, noise->width);
		g_assert_false(till_code128_read_row(noise, 0, &read));
	}
}

static void
test_damaged_rows_are_read_right_or_not(void)
{
	g_autoptr(TillImage) image = draw_code_128("TILL-14-0001", FALSE, 2, 1);
	guint row = image->height / 2, refused = 0;
	TillTestRandom random;
	TillCode128 read;

	till_test_random_init(&random, 3);
	for (guint round = 0; round < 500; round++) {
		g_autoptr(TillImage) hurt = till_image_copy(image);
		gint64 x = till_test_random_range(&random, 24, (gint64)image->width - 25);
		hurt->pixels[row * hurt->width + (guint)x] ^= 0xFF;
		if (!till_code128_read_row(hurt, row, &read))
			refused++;
		else
			g_assert_cmpmem(read.plain, (int)read.size, "TILL-14-0001", 12);
	}
	g_assert_cmpuint(refused, <, 500);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/device/code128/letters-are-read-both-ways",
			test_letters_are_read_both_ways);
	g_test_add_func("/device/code128/fnc4-lifts-the-next-character",
			test_fnc4_lifts_the_next_character);
	g_test_add_func("/device/code128/only-the-symbol-asked-for-is-lifted",
			test_only_the_symbol_asked_for_is_lifted);
	g_test_add_func("/device/code128/no-row-of-anything-else-is-read",
			test_no_row_of_anything_else_is_read);
	g_test_add_func("/device/code128/damaged-rows-are-read-right-or-not",
			test_damaged_rows_are_read_right_or_not);
	return g_test_run();
}
