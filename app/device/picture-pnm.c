/* SPDX-License-Identifier: Apache-2.0 */
#include "picture-pnm.h"

#include <string.h>

#include "error.h"

#define NUMBER_MAX 100000

typedef struct {
	const guint8 *bytes;
	gsize size;
	gsize at;
} Head;

gboolean
till_picture_pnm_is(const guint8 *bytes, gsize size)
{
	return size > 2 && bytes[0] == 'P' && (bytes[1] == '5' || bytes[1] == '6') &&
	       (g_ascii_isspace(bytes[2]) || bytes[2] == '#');
}

guint8
till_picture_pnm_grey(const guint8 *rgb)
{
	return (guint8)((77u * rgb[0] + 150u * rgb[1] + 29u * rgb[2] + 128) >> 8);
}

static void
skip_space(Head *head)
{
	gboolean comment = FALSE;

	for (; head->at < head->size; head->at++) {
		guint8 byte = head->bytes[head->at];
		if (byte == '#')
			comment = TRUE;
		else if (byte == '\n' || byte == '\r')
			comment = FALSE;
		else if (!comment && !g_ascii_isspace(byte))
			return;
	}
}

/* The next number of the head; 0 when there is none or it is beyond all bounds. */
static guint
read_number(Head *head)
{
	guint number = 0;

	skip_space(head);
	for (; head->at < head->size && g_ascii_isdigit(head->bytes[head->at]); head->at++) {
		number = 10 * number + (guint)(head->bytes[head->at] - '0');
		if (number > NUMBER_MAX)
			return 0;
	}
	return number;
}

TillImage *
till_picture_pnm_read(const guint8 *bytes, gsize size, const char *what, GError **error)
{
	Head head = {bytes, size, 2};
	gsize channels = bytes[1] == '6' ? 3 : 1;
	guint width = read_number(&head), height = read_number(&head);
	guint brightest = read_number(&head);
	gsize start = head.at + 1; /* one white space ends the head */

	if (width > 0 && height > 0 && !till_image_fits(width, height)) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "%s is larger than %u pixels; make it smaller.", what,
			    TILL_IMAGE_PIXELS_MAX);
		return NULL;
	}
	if (width == 0 || height == 0 || brightest == 0 || brightest > 255 || start > size ||
	    size - start < (gsize)width * height * channels) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "%s is a broken picture (its head and its size do not agree); save it "
			    "again.",
			    what);
		return NULL;
	}
	TillImage *image = till_image_new(width, height);
	for (gsize i = 0; i < (gsize)width * height; i++) {
		const guint8 *pixel = bytes + start + i * channels;
		guint shade = channels == 3 ? till_picture_pnm_grey(pixel) : *pixel;
		image->pixels[i] = (guint8)(MIN(shade, brightest) * 255 / brightest);
	}
	return image;
}
