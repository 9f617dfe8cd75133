/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "camera-source.h"
#include "code.h"

/* A camera that is watched for codes.
 *
 * Between start and stop the camera is open, its newest frame is read, and what is read is told;
 * otherwise it is off and costs nothing, so start it when somebody looks and stop it when nobody
 * does. Frames that come while one is being read are let go. A code counts by the rules of
 * code-reader.h; one that stays in view is told once, and again after it has been gone for
 * TILL_CAMERA_GONE_MS.
 *
 * Nothing stops for good: a camera that is missing, taken or unplugged is tried again every few
 * seconds; pictures are read by another process (code-reader-process.h), whose death costs a frame
 * and which is started again, after a wait that doubles while it keeps dying.
 *
 * State: a start tells STARTING, then WATCHING with the first frame or FAILED with a sentence.
 * FAILED stands through the attempts that follow until one of them gives a frame. A source of
 * "none" tells nothing at all.
 *
 * Threads: new, start, stop and free on the thread of the context, where also the callbacks run;
 * none is called after stop returned. start and stop never wait. free waits until the device is let
 * go, which takes milliseconds; stop first and free later, or free when nothing is drawn any more.
 */

G_BEGIN_DECLS

#define TILL_CAMERA_GONE_MS 2000

typedef struct TillCamera TillCamera;

typedef enum {
	TILL_CAMERA_STARTING,
	TILL_CAMERA_WATCHING,
	TILL_CAMERA_FAILED,
} TillCameraState;

/* Each nullable. What they are handed is borrowed for the call. */
typedef struct {
	/* ms: from the frame's arrival to now. */
	void (*code)(const TillCode *code, gint64 ms, gpointer user);
	/* rgb: rows of width × 3 bytes, stride bytes apart (a whole number of them). */
	void (*preview)(GBytes *rgb, guint width, guint height, guint stride, gpointer user);
	/* sentence: says what to do, of FAILED; else NULL. */
	void (*state)(TillCameraState state, TillCameraTrouble trouble, const char *sentence,
		      gpointer user);
	gpointer user;
} TillCameraCallbacks;

typedef struct {
	const char *source;    /* camera-source.h; copied */
	const char *reader;    /* tillhouse-scand; copied. NULL: where it is installed or built */
	gint64 retry_ms;       /* between attempts; 0: 3,000 */
	GMainContext *context; /* NULL: the default one */
} TillCameraConfig;

/* Opens nothing yet. NULL with TILL_ERROR_INVALID when there is no such source. */
TillCamera *till_camera_new(const TillCameraConfig *config, const TillCameraCallbacks *callbacks,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_camera_free(TillCamera *camera);

/* Does nothing when it is started. */
void till_camera_start(TillCamera *camera);
void till_camera_stop(TillCamera *camera);

typedef struct {
	guint64 arrived; /* frames that came from the camera */
	guint64 read;    /* frames that were looked at */
	guint64 lost;    /* frames that the reader did not survive */
} TillCameraCounts;

/* Since the last start; nothing while stopped. */
void till_camera_counts(TillCamera *camera, TillCameraCounts *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillCamera, till_camera_free)

G_END_DECLS
