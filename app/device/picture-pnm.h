/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "image.h"

/* Netpbm's plainest picture files, PGM (P5) and PPM (P6) with one byte a shade: what scripts write.
 * A head of words ("P5 640 480 255", comments from # to the end of the line), one white space, then
 * the rows.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* TRUE when the bytes begin like one. */
gboolean till_picture_pnm_is(const guint8 *bytes, gsize size);

/* TILL_ERROR_INVALID when it is broken, TILL_ERROR_LIMIT when it is too large. what names it in the
 * sentence. */
TillImage *till_picture_pnm_read(const guint8 *bytes, gsize size, const char *what,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The one weighting of colours: rounded half up; 77, 150, 29 of 256 are those of BT.601. */
guint8 till_picture_pnm_grey(const guint8 *rgb);

G_END_DECLS
