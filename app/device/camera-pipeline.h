/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "camera-source.h"
#include "image.h"

/* A camera that is open: the only file that knows GStreamer.
 *
 * Frames go two ways: grey, at most TILL_CAMERA_PIPELINE_SIDE wide and high, for the reader, and
 * small and in colour for a preview. Neither way ever holds more than one frame: what nobody takes
 * in time makes room for the next, so that what is taken is always the newest.
 *
 * Threads: open, take and close belong to one thread, never the main one (devices take their time).
 * The hooks are called on threads of GStreamer, after open began and never after close returned;
 * they must be short and must not call back. */

G_BEGIN_DECLS

#define TILL_CAMERA_PIPELINE_SIDE 1280
#define TILL_CAMERA_PIPELINE_PREVIEW_SIDE 320
#define TILL_CAMERA_PIPELINE_PREVIEW_RATE 15 /* a second, at most */

typedef struct TillCameraPipeline TillCameraPipeline;

typedef struct {
	/* A frame waits to be taken. */
	void (*frame)(gpointer user);
	/* rgb: rows of width × 3 bytes, stride bytes apart; owned by the callee. */
	void (*preview)(GBytes *rgb, guint width, guint height, guint stride, gpointer user);
	/* No more frames will come. */
	void (*trouble)(TillCameraTrouble trouble, gpointer user);
	gpointer user;
} TillCameraPipelineHooks;

/* Copies what it needs of source, whose kind is not NONE (asserted). NULL with out_trouble set when
 * it cannot be opened; the trouble hook may have told the same before. */
TillCameraPipeline *till_camera_pipeline_open(const TillCameraSource *source,
					      const TillCameraPipelineHooks *hooks,
					      TillCameraTrouble *out_trouble);
void till_camera_pipeline_close(TillCameraPipeline *pipeline);

/* The newest frame, which the caller frees. NULL when there is none since the last one. */
TillImage *till_camera_pipeline_take(TillCameraPipeline *pipeline);

/* What an error of GStreamer means. was_watching: frames had come before it. path: the device or
 * file, if known; it is looked at. For tests. */
TillCameraTrouble till_camera_pipeline_judge(const GError *error, const char *path,
					     gboolean was_watching);

G_END_DECLS
