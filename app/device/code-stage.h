/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "code-scanner.h"
#include "image.h"

/* The helping stages: each a short list of steps of image.h that makes codes readable which the
 * picture as it is hides.
 *
 * What each is for: small codes are doubled, large and blurred ones halved; a local threshold and a
 * local contrast answer shadows, glare and faint print; sharpening answers a lens out of focus;
 * turns answer bars at an angle; growing the dark answers light print that eats into it. The order
 * is that of usefulness: the first two or three read most of what can be read.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* Pictures with more pixels are halved before any stage but the first. */
#define TILL_CODE_STAGE_PIXELS_MAX 1048576

guint till_code_stage_count(void);
/* "double threshold". Static. */
const char *till_code_stage_name(guint stage);
/* The picture as this stage shows it. NULL when it cannot be made (too small or too large). */
TillImage *till_code_stage_apply(guint stage, const TillImage *image);
TillCodeLook till_code_stage_look(guint stage);
/* 0 when zbar looks at this stage, else the rows of a band of bar-match.h. */
guint till_code_stage_bars(guint stage);
/* FALSE when the stage turns the picture, so that places do not compare. */
gboolean till_code_stage_keeps_place(guint stage);

/* The stages a camera's frames go through, one a frame, round and round: cheap ones, and the plain
 * picture most often. Returns the stage of frame number. */
guint till_code_stage_of_frame(guint64 number);

G_END_DECLS
