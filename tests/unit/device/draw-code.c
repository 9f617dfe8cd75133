/* SPDX-License-Identifier: Apache-2.0 */
#include "draw-code.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#define MARGIN 12 /* modules */

/* Widths of bar, space, bar … of each Code 128 value; the last is the stop. */
static const char *const code128[] = {
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312",  "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122",  "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122",  "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123",  "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331",  "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311",  "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411",  "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412",  "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",  "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211",  "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113",  "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
};
#define START_B 104
#define FNC1 102
#define FNC4_B 100
#define STOP 106

/* Left odd (L) digits; right ones are their complement, even (G) ones the right ones mirrored. */
static const char *const odd[] = {"0001101", "0011001", "0010011", "0111101", "0100011",
				  "0110001", "0101111", "0111011", "0110111", "0001011"};
static const char *const parity[] = {"LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG",
				     "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"};

static const char *const qr[] = {
    "#######.#...#.#######", "#.....#..##...#.....#", "#.###.#..##.#.#.###.#",
    "#.###.#.#..#..#.###.#", "#.###.#.#.###.#.###.#", "#.....#.##..#.#.....#",
    "#######.#.#.#.#######", "........#............", "#...#.####..######..#",
    "#.###..##...#.#..##..", "###..##..##.#.#.#.#.#", "#.##.#...#.##....##.#",
    "..######...#..##..###", "........#####.####..#", "#######.#..#.#..#..#.",
    "#.....#..##..#.##.###", "#.###.#.###.#..##.#.#", "#.###.#...#.#...##.##",
    "#.###.#.....#........", "#.....#..#.##..#.##.#", "#######.#.##.###..###",
};

TillImage *
draw_code_plain(guint width, guint height, guint8 shade)
{
	TillImage *image = till_image_new(width, height);

	memset(image->pixels, shade, (gsize)width * height);
	return image;
}

static void
fill(TillImage *image, guint left, guint top, guint width, guint height)
{
	for (guint y = top; y < top + height; y++)
		memset(image->pixels + (gsize)y * image->width + left, 0, width);
}

static TillImage *
draw_modules(const char *modules, guint module, guint height)
{
	gsize count = strlen(modules);
	TillImage *image =
	    draw_code_plain((guint)(count + 2 * MARGIN) * module, height + 2 * MARGIN, 255);

	for (guint i = 0; i < count; i++) {
		if (modules[i] == '1')
			fill(image, (i + MARGIN) * module, MARGIN, module, height);
	}
	return image;
}

static void
add_digit(GString *modules, char digit, char set)
{
	const char *pattern = odd[digit - '0'];

	for (guint i = 0; i < 7; i++) {
		char here = pattern[set == 'G' ? 6 - i : i];
		g_string_append_c(modules, set == 'L' ? here : here == '1' ? '0' : '1');
	}
}

TillImage *
draw_code_ean(const char *digits, guint module, guint height)
{
	gsize count = strlen(digits);
	const char *sets = count == 13 ? parity[digits[0] - '0'] : "LLLL";
	const char *left = count == 13 ? digits + 1 : digits;
	gsize half = count / 2;
	g_autoptr(GString) modules = g_string_new("101");

	for (gsize i = 0; i < half; i++)
		add_digit(modules, left[i], sets[i]);
	g_string_append(modules, "01010");
	for (gsize i = half; i < 2 * half; i++)
		add_digit(modules, left[i], 'R');
	g_string_append(modules, "101");
	return draw_modules(modules->str, module, height);
}

static void
add_value(GString *modules, guint value)
{
	for (const char *width = code128[value]; *width != '\0'; width++) {
		gboolean bar = (width - code128[value]) % 2 == 0;
		for (char i = '0'; i < *width; i++)
			g_string_append_c(modules, bar ? '1' : '0');
	}
}

TillImage *
draw_code_128(const char *text, gboolean fnc1, guint module, guint height)
{
	g_autoptr(GString) modules = g_string_new(NULL);
	guint values[128], count = 0, sum = START_B;

	if (fnc1)
		values[count++] = FNC1;
	for (const char *at = text; *at != '\0'; at++) {
		if ((guint8)*at >= 0x80)
			values[count++] = FNC4_B;
		values[count++] = ((guint8)*at & 0x7F) - 32u;
	}
	add_value(modules, START_B);
	for (guint i = 0; i < count; i++) {
		sum += (i + 1) * values[i];
		add_value(modules, values[i]);
	}
	add_value(modules, sum % 103);
	add_value(modules, STOP);
	return draw_modules(modules->str, module, height);
}

TillImage *
draw_code_qr(guint module)
{
	guint side = G_N_ELEMENTS(qr);
	TillImage *image = draw_code_plain((side + 8) * module, (side + 8) * module, 255);

	for (guint y = 0; y < side; y++) {
		for (guint x = 0; x < side; x++) {
			if (qr[y][x] == '#')
				fill(image, (x + 4) * module, (y + 4) * module, module, module);
		}
	}
	return image;
}

void
draw_code_invert(TillImage *image)
{
	for (gsize i = 0; i < (gsize)image->width * image->height; i++)
		image->pixels[i] = (guint8)(255 - image->pixels[i]);
}

TillImage *
draw_code_stack(const TillImage *upper, const TillImage *lower)
{
	TillImage *both =
	    draw_code_plain(MAX(upper->width, lower->width), upper->height + lower->height, 255);

	for (guint y = 0; y < both->height; y++) {
		const TillImage *from = y < upper->height ? upper : lower;
		guint row = y < upper->height ? y : y - upper->height;
		memcpy(both->pixels + (gsize)y * both->width,
		       from->pixels + (gsize)row * from->width, from->width);
	}
	return both;
}

void
draw_code_save(const TillImage *image, const char *path)
{
	g_autoptr(GError) error = NULL;
	gsize pixels = (gsize)image->width * image->height;
	g_autofree guint8 *rgb = g_malloc(pixels * 3);

	for (gsize i = 0; i < pixels * 3; i++)
		rgb[i] = image->pixels[i / 3];
	g_autoptr(GdkPixbuf) picture =
	    gdk_pixbuf_new_from_data(rgb, GDK_COLORSPACE_RGB, FALSE, 8, (int)image->width,
				     (int)image->height, (int)image->width * 3, NULL, NULL);
	gdk_pixbuf_save(picture, path, "png", &error, NULL);
	g_assert_no_error(error);
}
