/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "code.h"
#include "image.h"

/* What a program and its code reading process say to each other over a socket, one exchange after
 * the other.
 *
 * A question is a head of 24 bytes (numbers with the high byte first) and a body:
 *
 *   0  'T' 'S'
 *   2  kind: 1 a frame, 2 a picture file
 *   3  stages: 0 raw, 1 all (of a picture file)
 *   4  size of the body
 *   8  width, 12 height (of a frame)
 *   16 time in milliseconds (of a frame)
 *
 * The body of a frame is its packed grey pixels; of a picture, its path. An answer is one line of
 * JSON: {"codes":[…],"ms":12} or {"error":"a sentence"}. Both ends bound and check every byte: the
 * one reads pictures from outside, and the other must outlive whatever they do to it.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_SCAN_PROTOCOL_HEAD 24
#define TILL_SCAN_PROTOCOL_PATH_MAX 4096
#define TILL_SCAN_PROTOCOL_ANSWER_MAX 262144
#define TILL_SCAN_PROTOCOL_CODES_MAX 64

typedef enum {
	TILL_SCAN_PROTOCOL_FRAME = 1,
	TILL_SCAN_PROTOCOL_PICTURE = 2,
} TillScanProtocolKind;

typedef struct {
	TillScanProtocolKind kind;
	gboolean all_stages;
	guint32 body_size;
	guint32 width;
	guint32 height;
	gint64 at_ms;
} TillScanProtocolHead;

void till_scan_protocol_write_head(const TillScanProtocolHead *head, guint8 *out24);
/* TILL_ERROR_INVALID when the 24 bytes are no head, TILL_ERROR_LIMIT when they ask for too much. */
gboolean till_scan_protocol_read_head(const guint8 *bytes24, TillScanProtocolHead *out,
				      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One line with its line feed; of more codes than an answer holds, the first. Caller frees. */
char *till_scan_protocol_write_codes(const GPtrArray *codes, gint64 ms);
char *till_scan_protocol_write_error(const char *sentence);

/* Array of TillCode, owned by the caller. NULL with the error of an error answer as
 * TILL_ERROR_INVALID, and with TILL_ERROR_CORRUPT when the line is no answer. out_ms: nullable. */
GPtrArray *till_scan_protocol_read_answer(const char *line, gsize size, gint64 *out_ms,
					  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
