/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Grey pictures, and the small pure functions that help a reader of codes to see.
 *
 * A picture is packed: no gap between rows, 0 is black and 255 white. Sizes are bounded, so that no
 * sum overflows and no picture from outside takes the machine's memory. Every function leaves its
 * picture alone and returns a new one, which the caller frees; those that enlarge return NULL when
 * the result would be over the bounds. Integers only: equal pixels give equal results on every
 * machine. At the rim the nearest pixel counts for those that are not there.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_IMAGE_SIDE_MAX 8192
#define TILL_IMAGE_PIXELS_MAX 16777216

typedef struct {
	guint width; /* pixels */
	guint height;
	guint8 *pixels; /* owned: width × height */
} TillImage;

/* TRUE when a picture may have this size: within the bounds and not empty. */
gboolean till_image_fits(guint64 width, guint64 height);

/* Black; the size must fit (asserted). */
TillImage *till_image_new(guint width, guint height);
/* Copies rows that start stride bytes apart. TILL_ERROR_INVALID when size bytes cannot hold them,
 * TILL_ERROR_LIMIT when the picture does not fit. */
TillImage *till_image_from_frame(guint width, guint height, guint stride, const guint8 *bytes,
				 gsize size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
TillImage *till_image_copy(const TillImage *image);
void till_image_free(TillImage *image);

/* The pixel at (x, y), or the nearest one inside. */
guint till_image_at(const TillImage *image, gint64 x, gint64 y);

/* ---- Size ---- */

/* Each pixel the mean of 2×2; an odd last row or column is left out. NULL below 2×2. */
TillImage *till_image_halve(const TillImage *image);
/* To numerator/denominator of the size, by linear interpolation; each 1 to 8. NULL when nothing
 * would be left. */
TillImage *till_image_scale(const TillImage *image, guint numerator, guint denominator);
/* To twice the size, by cubic interpolation, which keeps edges steep. */
TillImage *till_image_double(const TillImage *image);
/* Turned clockwise about its middle, the corners filled with white. degrees: a multiple of 5
 * between -180 and 180 (asserted). */
TillImage *till_image_turn(const TillImage *image, int degrees);

/* ---- Light ---- */

/* The mean of the (2 × radius + 1)² pixels around each. radius: 1 to 64. */
TillImage *till_image_smooth(const TillImage *image, guint radius);
/* The middle one of the 3×3 pixels around each: takes specks away, keeps edges. */
TillImage *till_image_median(const TillImage *image);
/* The darkest of the 3×3 pixels around each: thin dark strokes grow by a pixel on each side. */
TillImage *till_image_grow_dark(const TillImage *image);
/* Adds percent of each pixel's difference from the mean around it. */
TillImage *till_image_sharpen(const TillImage *image, guint radius, guint percent);
/* Black and white: white where a pixel is lighter than the mean around it less bias. */
TillImage *till_image_threshold(const TillImage *image, guint radius, guint bias);
/* The same contrast everywhere: 64 grey levels of one standard deviation around each pixel, 128 the
 * mean there. Where the picture is flat (deviation below 4 levels) noise is not blown up. */
TillImage *till_image_normalise(const TillImage *image, guint radius);
/* Makes dark shades lighter (spreads what is light) or light ones darker, by a square curve. */
TillImage *till_image_lighten(const TillImage *image);
TillImage *till_image_darken(const TillImage *image);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillImage, till_image_free)

G_END_DECLS
