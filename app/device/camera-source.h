/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Which camera, in one text, and in words what can be wrong with it.
 *
 *   none               no camera
 *   auto               the first one that the machine has
 *   v4l2:/dev/video0   a device of Video4Linux
 *   picture:FILE       one still picture, over and over
 *   pictures:PATTERN   numbered pictures in turn, over and over: "frames/%03d.png" from 0 or 1 on
 *
 * Pictures go the way of a camera's frames; they are for tests, tours and finding faults.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

typedef enum {
	TILL_CAMERA_SOURCE_NONE,
	TILL_CAMERA_SOURCE_AUTO,
	TILL_CAMERA_SOURCE_DEVICE,
	TILL_CAMERA_SOURCE_PICTURE,
	TILL_CAMERA_SOURCE_PICTURES,
} TillCameraSourceKind;

typedef struct {
	TillCameraSourceKind kind;
	char *path;   /* owned: device, file, or what stands before the number; NULL: none, auto */
	char *after;  /* owned: what stands after the number; NULL but for pictures */
	guint digits; /* of the number, at least, filled with zeros */
} TillCameraSource;

typedef enum {
	TILL_CAMERA_FINE,
	TILL_CAMERA_NONE_FOUND, /* auto, and the machine has none */
	TILL_CAMERA_MISSING,    /* the device or file is not there */
	TILL_CAMERA_DENIED,     /* this program may not open it */
	TILL_CAMERA_BUSY,       /* another program has it */
	TILL_CAMERA_UNPLUGGED,  /* it went away while it was watched */
	TILL_CAMERA_SILENT,     /* it is open and sends no frames */
	TILL_CAMERA_UNREADABLE, /* what it sends is no picture */
	TILL_CAMERA_PLUGIN,     /* a part of GStreamer is not installed */
	TILL_CAMERA_READER,     /* tillhouse-scand is missing or keeps dying */
} TillCameraTrouble;

/* TILL_ERROR_INVALID with the forms that there are. out is untouched then. */
gboolean till_camera_source_read(const char *text, TillCameraSource *out,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_camera_source_clear(TillCameraSource *source);

/* The file of pictures that has this number. Caller frees. */
char *till_camera_source_picture(const TillCameraSource *source, guint number);

/* One sentence that says what happened and what to do. trouble: any but FINE and READER, whose
 * sentence is the reader's own (asserted). Caller frees. */
char *till_camera_source_explain(const TillCameraSource *source, TillCameraTrouble trouble);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TillCameraSource, till_camera_source_clear)

G_END_DECLS
