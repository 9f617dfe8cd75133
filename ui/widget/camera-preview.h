/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/* What the camera sees, small, with its state in words, and the codes that it reads.
 *
 * Put it anywhere and connect to "code": the camera runs while the widget is on screen (mapped) and
 * a person has not hidden it, and is off otherwise. Nothing else has to be called.
 *
 * Signal "code" (const char *text): a code was read, in the form in which a keyboard scanner would
 * send it to scan.h: plain text, and in front of a GS1 element string or a UPC-E its AIM
 * identifier. A code that stays in view comes once, and again after it has been gone for two
 * seconds. Sounds and what the code means are the receiver's.
 *
 * Property "source" (text, nullable): which camera, as camera-source.h writes it. NULL: what the
 * command line chose, else "auto". A camera that was named and fails is told in words. Property
 * "present" (boolean, read-only): FALSE when there is nothing to show: the source is "none", or
 * "auto" and no camera has been found. The widget then takes no room and says nothing, for a till
 * without a camera is an ordinary one, but goes on looking for one; so leave it visible, and bind
 * only words about it to "present".
 *
 * Its accessible name is "Camera"; the state is its description. It has a button that hides and
 * shows the picture.
 *
 * Threads: main; it waits for no device while it is on screen. A change of source and the end of
 * the widget wait until the device is let go (camera.h), which takes milliseconds. */

G_BEGIN_DECLS

#define TILL_TYPE_CAMERA_PREVIEW (till_camera_preview_get_type())
G_DECLARE_FINAL_TYPE(TillCameraPreview, till_camera_preview, TILL, CAMERA_PREVIEW, GtkWidget)

/* Before the first widget: what "source" NULL stands for. NULL: "auto". Copied. */
void till_camera_preview_choose(const char *source);

void till_camera_preview_set_source(TillCameraPreview *self, const char *source);
gboolean till_camera_preview_get_present(TillCameraPreview *self);

G_END_DECLS
