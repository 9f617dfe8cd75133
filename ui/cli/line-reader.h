/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <stdio.h>

/* Lines of a stream, one at a time and each bounded: what is longer is read over to its end and
 * marked.
 *
 * A line is handed out as soon as its line break is there, so a pipe that stays open works.
 *
 * Threads: the owner's. */

G_BEGIN_DECLS

typedef struct {
	FILE *file; /* borrowed */
	gsize size_max;
	GString *line;     /* owned: without its line break */
	guint64 number;    /* 1, 2, 3… */
	gboolean too_long; /* line holds only its beginning */
	gboolean blank;    /* nothing but white space */
	gboolean failed;   /* reading broke off by an error, not by the end */
} TillLineReader;

TillLineReader till_line_reader(FILE *file, gsize size_max);
/* FALSE at the end. A last line without a line break counts. */
gboolean till_line_reader_next(TillLineReader *reader);
void till_line_reader_clear(TillLineReader *reader);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TillLineReader, till_line_reader_clear)

G_END_DECLS
