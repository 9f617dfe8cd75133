/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "camera.h"

/* One watch of a camera, from a start to its stop: opens the device, has its frames read, opens it
 * again when it fails. camera.h says what it does; this is its working half, which blocks.
 *
 * Threads: run on a worker, stop and counts on any; new before and free after all of these. The
 * hooks run on the worker and (preview) on a thread of GStreamer, so they only hand over. */

G_BEGIN_DECLS

typedef struct TillCameraWatch TillCameraWatch;

/* Of config, reader and retry_ms count. source is borrowed and outlives the watch. */
TillCameraWatch *till_camera_watch_new(const TillCameraSource *source,
				       const TillCameraConfig *config,
				       const TillCameraCallbacks *hooks);
void till_camera_watch_free(TillCameraWatch *watch);

/* Until it is stopped; at once when it is already. Once only. */
void till_camera_watch_run(TillCameraWatch *watch);
/* Ends the run soon, also while a frame is being read. Never waits. */
void till_camera_watch_stop(TillCameraWatch *watch);

void till_camera_watch_counts(TillCameraWatch *watch, TillCameraCounts *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillCameraWatch, till_camera_watch_free)

G_END_DECLS
