/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "code.h"
#include "image.h"

/* A code reader in a process of its own, for pixels come from strangers: what a picture does to the
 * parser of its file or to zbar costs that picture, and never the caller.
 *
 * The process is started with the first question. When it dies, answers nonsense, or takes longer
 * than its time it is ended, the question fails with a sentence that says so, and the next question
 * starts another. Nothing else of the caller is in it: it has one socket, writes no file, and ends
 * when the caller does.
 *
 * Threads: one owner's, and each call blocks: a worker (worker.h), never the main thread. Only
 * interrupt may come from any thread, and does not block. */

G_BEGIN_DECLS

typedef struct TillCodeReaderProcess TillCodeReaderProcess;

typedef struct {
	const char *program; /* tillhouse-scand; copied. NULL: where it is installed or built */
	gint64 frame_ms;     /* time for a frame; 0: 2,000 */
	gint64 still_ms;     /* time for a picture file; 0: 60,000 */
} TillCodeReaderProcessConfig;

/* Starts nothing yet. */
TillCodeReaderProcess *till_code_reader_process_new(const TillCodeReaderProcessConfig *config);
/* Ends the process. */
void till_code_reader_process_free(TillCodeReaderProcess *process);

/* The next frame of a camera (code-reader.h says what at_ms is and when a code counts). Array of
 * TillCode, owned by the caller. NULL with TILL_ERROR_NOT_FOUND when the program is not there,
 * TILL_ERROR_STATE when it died, TILL_ERROR_BUSY when it took too long, TILL_ERROR_CORRUPT when it
 * answered nonsense: this frame is lost, the next may be asked for. */
GPtrArray *till_code_reader_process_read_frame(TillCodeReaderProcess *process,
					       const TillImage *frame, gint64 at_ms,
					       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A picture file, through all stages or the raw one. The same errors, and TILL_ERROR_INVALID with
 * the reader's sentence when the file is no picture. out_ms (nullable): how long the reader took
 * over it. */
GPtrArray *till_code_reader_process_read_picture(TillCodeReaderProcess *process, const char *path,
						 gboolean all_stages, gint64 *out_ms,
						 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Ends the question that is under way, and refuses each that comes after: TILL_ERROR_STATE. For an
 * owner that is about to free it. */
void till_code_reader_process_interrupt(TillCodeReaderProcess *process);

/* How often a process was started. */
guint till_code_reader_process_starts(const TillCodeReaderProcess *process);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillCodeReaderProcess, till_code_reader_process_free)

G_END_DECLS
