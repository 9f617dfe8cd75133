/* SPDX-License-Identifier: Apache-2.0 */
#include "picture.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#include "error.h"
#include "file.h"
#include "picture-pnm.h"

/* Formats that a till meets; gdk-pixbuf's other loaders are never asked. */
static const struct {
	const char *loader;
	const char *magic;
	gsize length;
} formats[] = {
    {"png", "\x89PNG\r\n\x1a\n", 8},
    {"jpeg", "\xff\xd8\xff", 3},
};

/* Called when the loader knows the size, before it takes memory for the pixels. */
static void
size_prepared_cb(GdkPixbufLoader *loader, int width, int height, gpointer user)
{
	gboolean *too_large = user;

	if (width > 0 && height > 0 && till_image_fits((guint64)width, (guint64)height))
		return;
	*too_large = TRUE;
	/* A size of nothing makes the loader stop. */
	gdk_pixbuf_loader_set_size(loader, 0, 0);
}

/* A file that ends too early shows what there is of it, and white below. */
static void
area_prepared_cb(GdkPixbufLoader *loader, G_GNUC_UNUSED gpointer user)
{
	gdk_pixbuf_fill(gdk_pixbuf_loader_get_pixbuf(loader), 0xFFFFFFFF);
}

static const char *
find_loader(const guint8 *bytes, gsize size)
{
	for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
		if (size > formats[i].length &&
		    memcmp(bytes, formats[i].magic, formats[i].length) == 0)
			return formats[i].loader;
	}
	return NULL;
}

static guint8
grey_of(const guint8 *pixel, int channels)
{
	guint grey = till_picture_pnm_grey(pixel);

	if (channels == 4)
		grey = (grey * pixel[3] + 255u * (255u - pixel[3]) + 127) / 255;
	return (guint8)grey;
}

static TillImage *
to_grey(const GdkPixbuf *pixbuf)
{
	int channels = gdk_pixbuf_get_n_channels(pixbuf);
	const guint8 *pixels = gdk_pixbuf_read_pixels(pixbuf);
	gsize stride = (gsize)gdk_pixbuf_get_rowstride(pixbuf);
	TillImage *image = till_image_new((guint)gdk_pixbuf_get_width(pixbuf),
					  (guint)gdk_pixbuf_get_height(pixbuf));

	for (gsize y = 0; y < image->height; y++) {
		for (gsize x = 0; x < image->width; x++)
			image->pixels[y * image->width + x] =
			    grey_of(pixels + y * stride + x * (gsize)channels, channels);
	}
	return image;
}

static TillImage *
unpack(GdkPixbufLoader *loader, const guint8 *bytes, gsize size, const char *what, GError **error)
{
	gboolean too_large = FALSE;
	g_autoptr(GError) failure = NULL;

	g_signal_connect(loader, "size-prepared", G_CALLBACK(size_prepared_cb), &too_large);
	g_signal_connect(loader, "area-prepared", G_CALLBACK(area_prepared_cb), NULL);
	gboolean written = gdk_pixbuf_loader_write(loader, bytes, size, &failure);
	/* Closing is owed even after a failure; the first failure is the one to tell. */
	gboolean closed = gdk_pixbuf_loader_close(loader, written ? &failure : NULL);
	if (too_large) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "%s is larger than %u pixels; make it smaller.", what,
			    TILL_IMAGE_PIXELS_MAX);
		return NULL;
	}
	const GdkPixbuf *pixbuf = gdk_pixbuf_loader_get_pixbuf(loader);
	if (!written || !closed || pixbuf == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "%s is a broken picture (%s); save it again.", what,
			    failure != NULL ? failure->message : "it ends too early");
		return NULL;
	}
	return to_grey(pixbuf);
}

TillImage *
till_picture_read(const guint8 *bytes, gsize size, const char *what, GError **error)
{
	g_autoptr(GError) failure = NULL;

	if (till_picture_pnm_is(bytes, size))
		return till_picture_pnm_read(bytes, size, what, error);
	const char *format = find_loader(bytes, size);
	if (format == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "%s is no PNG, JPEG, PGM or PPM picture; save it as one.", what);
		return NULL;
	}
	g_autoptr(GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type(format, &failure);
	if (loader == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
			    "%s cannot be unpacked here (%s); install gdk-pixbuf's loaders.", what,
			    failure->message);
		return NULL;
	}
	return unpack(loader, bytes, size, what, error);
}

TillImage *
till_picture_load(const char *path, GError **error)
{
	gsize size;
	g_autofree char *bytes = till_file_read(path, TILL_PICTURE_BYTES_MAX, &size, error);

	if (bytes == NULL)
		return NULL;
	return till_picture_read((const guint8 *)bytes, size, path, error);
}
