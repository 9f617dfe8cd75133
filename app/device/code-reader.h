/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "code-scanner.h"
#include "image.h"

/* Reads codes from grey pictures: grey frame in, codes out.
 *
 * A still picture is looked at through one helping stage after the other until what was seen is
 * settled (code-vote.h says when a look is believed). A camera's frames come one after the other,
 * so each is looked at through one stage only and the stages take turns; a linear code counts when
 * two frames of the last half second agree.
 *
 * Threads: one reader, one thread, which it keeps busy for tens of milliseconds a frame: a worker
 * (worker.h), never the main thread. Programs that face people use code-reader-process.h, which has
 * the same calls. */

G_BEGIN_DECLS

typedef struct TillCodeReader TillCodeReader;

typedef enum {
	TILL_CODE_STAGES_RAW, /* the picture as it is, and again on every second line */
	TILL_CODE_STAGES_ALL,
} TillCodeStages;

/* databar: also read GS1 DataBar. */
TillCodeReader *till_code_reader_new(gboolean databar);
void till_code_reader_free(TillCodeReader *reader);

/* Array of TillCode, owned by the caller; empty when nothing is read. */
GPtrArray *till_code_reader_read_still(TillCodeReader *reader, const TillImage *image,
				       TillCodeStages stages);

/* The next frame of a camera; at_ms is its time, which never goes back. The same code may come with
 * every frame it is seen in. Array of TillCode, owned by the caller. */
GPtrArray *till_code_reader_read_frame(TillCodeReader *reader, const TillImage *frame,
				       gint64 at_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillCodeReader, till_code_reader_free)

G_END_DECLS
