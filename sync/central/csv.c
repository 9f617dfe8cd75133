/* SPDX-License-Identifier: Apache-2.0 */
#include "csv.h"

#include <string.h>

#include "error.h"

struct TillCsv {
	const char *at; /* borrowed */
	const char *end;
	char delimiter;
	guint line; /* of at */
	guint record_line;
	GString *cells;  /* all cells of the record, each with its NUL */
	GArray *offsets; /* of gsize into cells */
};

/* The more frequent of the two in the first line, outside quotes; comma when equal. */
static char
sniff_delimiter(const char *text, const char *end)
{
	gboolean quoted = FALSE;
	int commas = 0;
	int semicolons = 0;

	for (const char *p = text; p < end && (quoted || *p != '\n'); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (!quoted && *p == ',')
			commas++;
		else if (!quoted && *p == ';')
			semicolons++;
	}
	return semicolons > commas ? ';' : ',';
}

TillCsv *
till_csv_new(const char *text, gsize size, GError **error)
{
	TillCsv *csv;
	const char *bad;

	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		size -= 3;
	}
	if (!g_utf8_validate_len(text, size, &bad)) {
		guint line = 1;
		for (const char *p = text; p < bad; p++)
			line += *p == '\n';
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "line %u: the file is not UTF-8 text. Save it as UTF-8.", line);
		return NULL;
	}
	csv = g_new0(TillCsv, 1);
	csv->at = text;
	csv->end = text + size;
	csv->delimiter = sniff_delimiter(csv->at, csv->end);
	csv->line = 1;
	csv->cells = g_string_new(NULL);
	csv->offsets = g_array_new(FALSE, FALSE, sizeof(gsize));
	return csv;
}

void
till_csv_free(TillCsv *csv)
{
	if (csv == NULL)
		return;
	g_string_free(csv->cells, TRUE);
	g_array_unref(csv->offsets);
	g_free(csv);
}

static gboolean
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static gboolean
is_at_cell_end(const TillCsv *csv)
{
	return csv->at >= csv->end || *csv->at == csv->delimiter || *csv->at == '\n' ||
	       (*csv->at == '\r' && (csv->at + 1 >= csv->end || csv->at[1] == '\n'));
}

static gboolean
refuse(const TillCsv *csv, const char *words, GError **error)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "line %u: %s", csv->record_line, words);
	return FALSE;
}

/* at stands behind the opening quote. */
static gboolean
read_quoted(TillCsv *csv, GError **error)
{
	while (csv->at < csv->end) {
		char c = *csv->at++;
		if (c == '"') {
			if (csv->at >= csv->end || *csv->at != '"')
				return TRUE;
			csv->at++;
		}
		if (c == '\n')
			csv->line++;
		g_string_append_c(csv->cells, c);
	}
	return refuse(csv, "a quote is opened and never closed.", error);
}

static gboolean
read_cell(TillCsv *csv, GError **error)
{
	gsize start = csv->cells->len;

	if (csv->offsets->len >= TILL_CSV_COLUMNS_MAX)
		return refuse(csv, "there are more than 200 columns.", error);
	g_array_append_val(csv->offsets, start);
	while (csv->at < csv->end && is_blank(*csv->at) && !is_at_cell_end(csv))
		csv->at++;
	if (csv->at < csv->end && *csv->at == '"') {
		csv->at++;
		if (!read_quoted(csv, error))
			return FALSE;
		while (csv->at < csv->end && is_blank(*csv->at))
			csv->at++;
		if (!is_at_cell_end(csv))
			return refuse(csv, "there is text behind a closing quote.", error);
	} else {
		while (!is_at_cell_end(csv))
			g_string_append_c(csv->cells, *csv->at++);
		while (csv->cells->len > start && is_blank(csv->cells->str[csv->cells->len - 1]))
			g_string_truncate(csv->cells, csv->cells->len - 1);
	}
	if (csv->cells->len - start > TILL_CSV_CELL_MAX)
		return refuse(csv, "a cell is longer than 64 KiB.", error);
	/* A NUL inside would hide what follows it. */
	if (memchr(csv->cells->str + start, '\0', csv->cells->len - start) != NULL)
		return refuse(csv, "there is a NUL character.", error);
	g_string_append_c(csv->cells, '\0');
	return TRUE;
}

static void
skip_line_end(TillCsv *csv)
{
	if (csv->at < csv->end && *csv->at == '\r')
		csv->at++;
	if (csv->at < csv->end && *csv->at == '\n') {
		csv->at++;
		csv->line++;
	}
}

static void
skip_blank_lines(TillCsv *csv)
{
	while (csv->at < csv->end) {
		const char *p = csv->at;
		while (p < csv->end && (is_blank(*p) || *p == '\r'))
			p++;
		if (p < csv->end && *p != '\n')
			return;
		csv->at = p;
		skip_line_end(csv);
	}
}

gboolean
till_csv_next(TillCsv *csv, GError **error)
{
	gboolean more = TRUE;

	skip_blank_lines(csv);
	if (csv->at >= csv->end)
		return FALSE;
	csv->record_line = csv->line;
	g_string_truncate(csv->cells, 0);
	g_array_set_size(csv->offsets, 0);
	while (more) {
		if (!read_cell(csv, error))
			return FALSE;
		more = csv->at < csv->end && *csv->at == csv->delimiter;
		if (more)
			csv->at++;
	}
	skip_line_end(csv);
	return TRUE;
}

guint
till_csv_count(const TillCsv *csv)
{
	return csv->offsets->len;
}

const char *
till_csv_cell(const TillCsv *csv, guint index)
{
	if (index >= csv->offsets->len)
		return "";
	return csv->cells->str + g_array_index(csv->offsets, gsize, index);
}

guint
till_csv_line(const TillCsv *csv)
{
	return csv->record_line;
}
