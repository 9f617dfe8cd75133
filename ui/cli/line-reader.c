/* SPDX-License-Identifier: Apache-2.0 */
#include "line-reader.h"

TillLineReader
till_line_reader(FILE *file, gsize size_max)
{
	return (TillLineReader){.file = file, .size_max = size_max, .line = g_string_new(NULL)};
}

gboolean
till_line_reader_next(TillLineReader *reader)
{
	g_string_truncate(reader->line, 0);
	reader->too_long = FALSE;
	reader->blank = TRUE;
	int c;
	while ((c = getc_unlocked(reader->file)) != EOF && c != '\n') {
		if (reader->line->len < reader->size_max)
			g_string_append_c(reader->line, (char)c);
		else
			reader->too_long = TRUE;
		if (c != ' ' && c != '\t' && c != '\r')
			reader->blank = FALSE;
	}
	reader->failed = c == EOF && ferror(reader->file) != 0;
	if (reader->failed || (c == EOF && reader->line->len == 0))
		return FALSE;
	reader->number++;
	return TRUE;
}

void
till_line_reader_clear(TillLineReader *reader)
{
	if (reader->line != NULL)
		g_string_free(reader->line, TRUE);
	reader->line = NULL;
}
