/* SPDX-License-Identifier: Apache-2.0 */
#include "image.h"

/* What is worked out from the mean around each pixel.
 *
 * Sums over a square come from running sums of columns: each step down adds one row and takes one
 * off, each step right adds one column and takes one off, so the cost does not grow with the radius
 * and the memory is two rows. */

#define RADIUS_MAX 64
#define SPREAD_MIN 4 /* grey levels: below this a place is flat */

typedef struct {
	guint64 sum;
	guint64 squares;
	guint count;
} Around;

typedef void (*Visit)(gsize at, guint shade, const Around *around, guint8 *out, guint parameter);

typedef struct {
	const TillImage *image; /* borrowed */
	guint radius;
	guint32 *sums;    /* a column each: at most 129 × 255 */
	guint32 *squares; /* at most 129 × 255² */
	guint rows;       /* how many rows are in them */
} Columns;

static void
add_row(Columns *columns, guint y, int sign)
{
	const guint8 *row = columns->image->pixels + (gsize)y * columns->image->width;

	for (guint x = 0; x < columns->image->width; x++) {
		guint32 shade = row[x];
		columns->sums[x] += sign > 0 ? shade : -shade;
		columns->squares[x] += sign > 0 ? shade * shade : -(shade * shade);
	}
	columns->rows += sign > 0 ? 1 : -1;
}

static void
visit_row(const Columns *columns, guint y, Visit visit, guint parameter, TillImage *out)
{
	const TillImage *image = columns->image;
	guint width = image->width, radius = columns->radius;
	const guint8 *row = image->pixels + (gsize)y * width;
	guint64 sum = 0, squares = 0;
	guint count = 0;

	for (guint x = 0; x < MIN(radius, width); x++) {
		sum += columns->sums[x];
		squares += columns->squares[x];
		count++;
	}
	for (guint x = 0; x < width; x++) {
		if (x + radius < width) {
			sum += columns->sums[x + radius];
			squares += columns->squares[x + radius];
			count++;
		}
		if (x > radius) {
			sum -= columns->sums[x - radius - 1];
			squares -= columns->squares[x - radius - 1];
			count--;
		}
		Around around = {sum, squares, count * columns->rows};
		visit((gsize)y * width + x, row[x], &around, out->pixels, parameter);
	}
}

static TillImage *
visit_all(const TillImage *image, guint radius, Visit visit, guint parameter)
{
	g_autofree guint32 *sums = g_new0(guint32, image->width);
	g_autofree guint32 *squares = g_new0(guint32, image->width);
	Columns columns = {image, radius, sums, squares, 0};
	TillImage *out = till_image_new(image->width, image->height);

	g_assert(radius >= 1 && radius <= RADIUS_MAX);
	for (guint y = 0; y < MIN(radius, image->height); y++)
		add_row(&columns, y, 1);
	for (guint y = 0; y < image->height; y++) {
		if (y + radius < image->height)
			add_row(&columns, y + radius, 1);
		if (y > radius)
			add_row(&columns, y - radius - 1, -1);
		visit_row(&columns, y, visit, parameter, out);
	}
	return out;
}

/* Rounded half up. */
static guint
mean_of(const Around *around)
{
	return (guint)((around->sum + around->count / 2) / around->count);
}

static void
take_mean(gsize at, G_GNUC_UNUSED guint shade, const Around *around, guint8 *out,
	  G_GNUC_UNUSED guint parameter)
{
	out[at] = (guint8)mean_of(around);
}

TillImage *
till_image_smooth(const TillImage *image, guint radius)
{
	return visit_all(image, radius, take_mean, 0);
}

static void
take_sharper(gsize at, guint shade, const Around *around, guint8 *out, guint percent)
{
	/* Rounded toward zero. */
	int sharper = (int)shade + ((int)shade - (int)mean_of(around)) * (int)percent / 100;

	out[at] = (guint8)CLAMP(sharper, 0, 255);
}

TillImage *
till_image_sharpen(const TillImage *image, guint radius, guint percent)
{
	return visit_all(image, radius, take_sharper, percent);
}

static void
take_side(gsize at, guint shade, const Around *around, guint8 *out, guint bias)
{
	out[at] = shade + bias > mean_of(around) ? 255 : 0;
}

TillImage *
till_image_threshold(const TillImage *image, guint radius, guint bias)
{
	return visit_all(image, radius, take_side, bias);
}

/* Of a variance, so at most 255² / 4: rounded down. */
static guint
square_root(guint64 value)
{
	guint root = 0;

	for (guint bit = 128; bit > 0; bit /= 2) {
		if ((guint64)(root + bit) * (root + bit) <= value)
			root += bit;
	}
	return root;
}

static void
take_deviation(gsize at, guint shade, const Around *around, guint8 *out, guint levels)
{
	guint64 mean = around->sum / around->count;
	guint64 mean_square = around->squares / around->count;
	/* Both are rounded down, so that the difference may be below zero by a little. */
	guint64 variance = mean_square > mean * mean ? mean_square - mean * mean : 0;
	int spread = (int)MAX(square_root(variance), SPREAD_MIN);
	int value = 128 + ((int)shade - (int)mean) * (int)levels / spread;

	out[at] = (guint8)CLAMP(value, 0, 255);
}

TillImage *
till_image_normalise(const TillImage *image, guint radius)
{
	return visit_all(image, radius, take_deviation, 64);
}
