/* SPDX-License-Identifier: Apache-2.0 */
#include "image.h"

#include <string.h>

#include "error.h"

#define TURN_STEP 5

/* Sines of 0°, 5° … 90° in 1/65536. */
static const gint64 sines[] = {0,     5712,  11380, 16962, 22415, 27697, 32768, 37590, 42126, 46341,
			       50203, 53684, 56756, 59396, 61584, 63303, 64540, 65287, 65536};

gboolean
till_image_fits(guint64 width, guint64 height)
{
	return width > 0 && height > 0 && width <= TILL_IMAGE_SIDE_MAX &&
	       height <= TILL_IMAGE_SIDE_MAX && width * height <= TILL_IMAGE_PIXELS_MAX;
}

TillImage *
till_image_new(guint width, guint height)
{
	TillImage *image = g_new(TillImage, 1);

	g_assert(till_image_fits(width, height));
	image->width = width;
	image->height = height;
	image->pixels = g_malloc0_n(height, width);
	return image;
}

TillImage *
till_image_from_frame(guint width, guint height, guint stride, const guint8 *bytes, gsize size,
		      GError **error)
{
	if (!till_image_fits(width, height)) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "The picture is %u by %u pixels; %u by %u and %u in all are the most.",
			    width, height, TILL_IMAGE_SIDE_MAX, TILL_IMAGE_SIDE_MAX,
			    TILL_IMAGE_PIXELS_MAX);
		return NULL;
	}
	if (stride < width || size < (gsize)stride * (height - 1) + width) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID,
				    "The frame has fewer bytes than its size needs; restart the "
				    "camera.");
		return NULL;
	}
	TillImage *image = till_image_new(width, height);
	for (guint y = 0; y < height; y++)
		memcpy(image->pixels + (gsize)y * width, bytes + (gsize)y * stride, width);
	return image;
}

TillImage *
till_image_copy(const TillImage *image)
{
	TillImage *copy = till_image_new(image->width, image->height);

	memcpy(copy->pixels, image->pixels, (gsize)image->width * image->height);
	return copy;
}

void
till_image_free(TillImage *image)
{
	if (image == NULL)
		return;
	g_free(image->pixels);
	g_free(image);
}

guint
till_image_at(const TillImage *image, gint64 x, gint64 y)
{
	gint64 column = CLAMP(x, 0, (gint64)image->width - 1);
	gint64 row = CLAMP(y, 0, (gint64)image->height - 1);

	return image->pixels[row * image->width + column];
}

TillImage *
till_image_halve(const TillImage *image)
{
	guint width = image->width / 2, height = image->height / 2;

	if (!till_image_fits(width, height))
		return NULL;
	TillImage *half = till_image_new(width, height);
	for (guint y = 0; y < height; y++) {
		const guint8 *upper = image->pixels + (gsize)2 * y * image->width;
		const guint8 *lower = upper + image->width;
		guint8 *to = half->pixels + (gsize)y * width;
		for (guint x = 0; x < width; x++) /* rounded half up */
			to[x] = (guint8)((upper[2 * x] + upper[2 * x + 1] + lower[2 * x] +
					  lower[2 * x + 1] + 2) /
					 4);
	}
	return half;
}

/* The shade at a place given in 1/256 pixel, rounded half up. */
static guint8
shade_between(const TillImage *image, gint64 x, gint64 y)
{
	gint64 column = x >> 8, row = y >> 8;
	guint right = (guint)(x & 255), down = (guint)(y & 255);
	guint upper = till_image_at(image, column, row) * (256 - right) +
		      till_image_at(image, column + 1, row) * right;
	guint lower = till_image_at(image, column, row + 1) * (256 - right) +
		      till_image_at(image, column + 1, row + 1) * right;

	return (guint8)((upper * (256 - down) + lower * down + 32768) >> 16);
}

/* Where the middle of pixel at of the result lies in the source, in 1/256 pixel. */
static gint64
source_place(guint at, guint numerator, guint denominator)
{
	return ((gint64)(2 * at + 1) * denominator * 128) / numerator - 128;
}

TillImage *
till_image_scale(const TillImage *image, guint numerator, guint denominator)
{
	g_assert(numerator >= 1 && numerator <= 8 && denominator >= 1 && denominator <= 8);
	guint64 width = (guint64)image->width * numerator / denominator;
	guint64 height = (guint64)image->height * numerator / denominator;

	if (!till_image_fits(width, height))
		return NULL;
	TillImage *scaled = till_image_new((guint)width, (guint)height);
	guint8 *to = scaled->pixels;
	for (guint y = 0; y < height; y++) {
		gint64 from = source_place(y, numerator, denominator);
		for (guint x = 0; x < width; x++)
			*to++ = shade_between(image, source_place(x, numerator, denominator), from);
	}
	return scaled;
}

/* A Catmull-Rom curve a quarter past the second of four shades (doubling needs a quarter and, by
 * symmetry, three quarters): weights -9, 111, 29, -3 of 128, rounded half up. */
static guint8
shade_at_quarter(guint before, guint near, guint far, guint beyond)
{
	int sum = 111 * (int)near + 29 * (int)far - 9 * (int)before - 3 * (int)beyond + 64;

	return (guint8)CLAMP(sum >> 7, 0, 255);
}

static TillImage *
double_width(const TillImage *image)
{
	TillImage *wide = till_image_new(2 * image->width, image->height);
	guint8 *to = wide->pixels;

	for (gint64 y = 0; y < image->height; y++) {
		for (gint64 x = 0; x < image->width; x++) {
			guint left = till_image_at(image, x - 1, y),
			      here = till_image_at(image, x, y);
			guint right = till_image_at(image, x + 1, y);
			*to++ = shade_at_quarter(right, here, left, till_image_at(image, x - 2, y));
			*to++ = shade_at_quarter(left, here, right, till_image_at(image, x + 2, y));
		}
	}
	return wide;
}

static TillImage *
double_height(const TillImage *image)
{
	TillImage *tall = till_image_new(image->width, 2 * image->height);
	guint8 *to = tall->pixels;

	for (gint64 y = 0; y < tall->height; y++) {
		gint64 row = y / 2, step = y % 2 == 0 ? -1 : 1;
		for (gint64 x = 0; x < image->width; x++)
			*to++ = shade_at_quarter(till_image_at(image, x, row - step),
						 till_image_at(image, x, row),
						 till_image_at(image, x, row + step),
						 till_image_at(image, x, row + 2 * step));
	}
	return tall;
}

TillImage *
till_image_double(const TillImage *image)
{
	if (!till_image_fits((guint64)image->width * 2, (guint64)image->height * 2))
		return NULL;
	g_autoptr(TillImage) wide = double_width(image);
	return double_height(wide);
}

static gint64
sine(int degrees)
{
	int angle = (degrees % 360 + 360) % 360;
	gint64 sign = angle < 180 ? 1 : -1;
	int half = angle % 180;

	return sign * sines[(half <= 90 ? half : 180 - half) / TURN_STEP];
}

TillImage *
till_image_turn(const TillImage *image, int degrees)
{
	g_assert(degrees % TURN_STEP == 0 && ABS(degrees) <= 180);
	gint64 across = sine(degrees + 90), along = sine(degrees);
	gint64 old_width = image->width, old_height = image->height;
	/* Rounded up: nothing is cut off. */
	gint64 width = (old_width * ABS(across) + old_height * ABS(along) + 65535) >> 16;
	gint64 height = (old_width * ABS(along) + old_height * ABS(across) + 65535) >> 16;

	if (!till_image_fits((guint64)width, (guint64)height))
		return NULL;
	TillImage *turned = till_image_new((guint)width, (guint)height);
	guint8 *to = turned->pixels;
	for (gint64 y = 0; y < height; y++) {
		gint64 v = 2 * y - height + 1; /* in half pixels from the middle */
		for (gint64 x = 0; x < width; x++, to++) {
			gint64 u = 2 * x - width + 1;
			gint64 from_x = ((across * u + along * v) >> 9) + (old_width - 1) * 128;
			gint64 from_y = ((across * v - along * u) >> 9) + (old_height - 1) * 128;
			gboolean inside = from_x > -256 && from_y > -256 &&
					  from_x < old_width * 256 && from_y < old_height * 256;
			*to = inside ? shade_between(image, from_x, from_y) : 255;
		}
	}
	return turned;
}

/* Of the nine pixels in three rows and columns. */
typedef guint8 (*OfNine)(const guint8 *upper, const guint8 *here, const guint8 *lower,
			 const gsize *columns);

static guint8
darkest_of_nine(const guint8 *upper, const guint8 *here, const guint8 *lower, const gsize *columns)
{
	guint8 darkest = 255;

	for (guint i = 0; i < 3; i++) {
		guint8 two = MIN(upper[columns[i]], lower[columns[i]]);
		darkest = MIN(darkest, MIN(two, here[columns[i]]));
	}
	return darkest;
}

static guint8
middle_of_nine(const guint8 *upper, const guint8 *here, const guint8 *lower, const gsize *columns)
{
	guint8 shades[9];
	guint count = 0;

	for (guint i = 0; i < 3; i++) {
		const guint8 three[] = {upper[columns[i]], here[columns[i]], lower[columns[i]]};
		for (guint j = 0; j < 3; j++) {
			guint at = count++;
			for (; at > 0 && shades[at - 1] > three[j]; at--)
				shades[at] = shades[at - 1];
			shades[at] = three[j];
		}
	}
	return shades[4];
}

static TillImage *
map_nines(const TillImage *image, OfNine of_nine)
{
	TillImage *mapped = till_image_new(image->width, image->height);
	gsize width = image->width, last = image->height - 1;

	for (gsize y = 0; y <= last; y++) {
		const guint8 *here = image->pixels + y * width;
		const guint8 *upper = y > 0 ? here - width : here;
		const guint8 *lower = y < last ? here + width : here;
		for (gsize x = 0; x < width; x++) {
			const gsize columns[] = {x > 0 ? x - 1 : 0, x, MIN(x + 1, width - 1)};
			mapped->pixels[y * width + x] = of_nine(upper, here, lower, columns);
		}
	}
	return mapped;
}

TillImage *
till_image_median(const TillImage *image)
{
	return map_nines(image, middle_of_nine);
}

TillImage *
till_image_grow_dark(const TillImage *image)
{
	return map_nines(image, darkest_of_nine);
}

static TillImage *
shade_by_table(const TillImage *image, const guint8 *table)
{
	TillImage *shaded = till_image_new(image->width, image->height);
	gsize count = (gsize)image->width * image->height;

	for (gsize i = 0; i < count; i++)
		shaded->pixels[i] = table[image->pixels[i]];
	return shaded;
}

TillImage *
till_image_lighten(const TillImage *image)
{
	guint8 table[256];

	for (guint i = 0; i < 256; i++) /* rounded down */
		table[i] = (guint8)(255 - (255 - i) * (255 - i) / 255);
	return shade_by_table(image, table);
}

TillImage *
till_image_darken(const TillImage *image)
{
	guint8 table[256];

	for (guint i = 0; i < 256; i++) /* rounded down */
		table[i] = (guint8)(i * i / 255);
	return shade_by_table(image, table);
}
