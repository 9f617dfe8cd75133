/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "image.h"

/* Picture files (PNG, JPEG, PGM, PPM) as grey pictures.
 *
 * The file's size and, before anything is unpacked, the picture's are checked against bounds. What
 * is transparent is white. gdk-pixbuf does the unpacking, which GTK brings along; nothing else
 * below the screens uses it. The bytes are a stranger's: programs that face people read pictures in
 * a process of its own (code-reader-process.h).
 *
 * Threads: any; blocks for the disk. */

G_BEGIN_DECLS

#define TILL_PICTURE_BYTES_MAX 67108864

/* TILL_ERROR_NOT_FOUND or TILL_ERROR_DISK when it cannot be read, TILL_ERROR_INVALID when it is no
 * picture or broken, TILL_ERROR_LIMIT when it is too large. */
TillImage *till_picture_load(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for bytes in memory; what names them in the sentence. */
TillImage *till_picture_read(const guint8 *bytes, gsize size, const char *what,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
