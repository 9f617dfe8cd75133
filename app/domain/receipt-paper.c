/* SPDX-License-Identifier: Apache-2.0 */
#include "receipt-paper.h"

#include <string.h>

#include "money.h"
#include "text.h"

/* Everything is counted in printed columns, not in bytes or characters: an East Asian wide
 * character takes two, a combining mark none. Every text is cleaned first; a name that carries an
 * escape sequence must not reach a printer. */

#define CLEAN_MAX 400

#define COLUMNS_MIN 24
#define COLUMNS_MAX 80

TillReceiptPaper
till_receipt_paper(const TillCurrency *currency, int columns)
{
	return (TillReceiptPaper){.out = g_string_new(NULL),
				  .columns = CLAMP(columns, COLUMNS_MIN, COLUMNS_MAX),
				  .currency = currency};
}

static int
measure_char(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

static int
measure(const char *text)
{
	int width = 0;

	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
		width += measure_char(g_utf8_get_char(p));
	return width;
}

/* How many bytes of text go on a line of width columns: up to the last space that fits, else (a
 * word longer than the line) as many characters as fit, never a mark without its letter. */
static gsize
find_break(const char *text, int width)
{
	const char *last_space = NULL;
	const char *p = text;
	int used = 0;

	while (*p != '\0') {
		int step = measure_char(g_utf8_get_char(p));
		if (used + step > width)
			break;
		if (*p == ' ')
			last_space = p;
		used += step;
		p = g_utf8_next_char(p);
	}
	if (*p == '\0' || *p == ' ')
		return (gsize)(p - text);
	if (last_space != NULL && last_space > text)
		return (gsize)(last_space - text);
	return p > text ? (gsize)(p - text) : (gsize)(g_utf8_next_char(text) - text);
}

/* Pieces of a text that each fit in width columns; at least one, maybe empty. */
static GPtrArray *
wrap(const char *text, int width)
{
	GPtrArray *pieces = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *clean = till_text_clean(text != NULL ? text : "", CLEAN_MAX);
	const char *rest = g_strstrip(clean);

	do {
		gsize size = find_break(rest, width);
		g_ptr_array_add(pieces, g_strchomp(g_strndup(rest, size)));
		rest += size;
		while (*rest == ' ')
			rest++;
	} while (*rest != '\0');
	return pieces;
}

static void
pad(const TillReceiptPaper *paper, int columns)
{
	for (int i = 0; i < columns; i++)
		g_string_append_c(paper->out, ' ');
}

void
till_receipt_paper_rule(const TillReceiptPaper *paper)
{
	for (int i = 0; i < paper->columns; i++)
		g_string_append_c(paper->out, '-');
	g_string_append_c(paper->out, '\n');
}

void
till_receipt_paper_text(const TillReceiptPaper *paper, const char *indent, const char *text)
{
	g_autoptr(GPtrArray) pieces = wrap(text, paper->columns - (int)strlen(indent));

	for (guint i = 0; i < pieces->len; i++)
		g_string_append_printf(paper->out, "%s%s\n", indent,
				       (const char *)g_ptr_array_index(pieces, i));
}

void
till_receipt_paper_centred(const TillReceiptPaper *paper, const char *text)
{
	g_autoptr(GPtrArray) pieces = wrap(text, paper->columns);

	for (guint i = 0; i < pieces->len; i++) {
		const char *piece = g_ptr_array_index(pieces, i);
		if (*piece != '\0')
			pad(paper, (paper->columns - measure(piece)) / 2);
		g_string_append_printf(paper->out, "%s\n", piece);
	}
}

/* Each line of a text on its own, nothing for an empty text. */
void
till_receipt_paper_centred_lines(const TillReceiptPaper *paper, const char *text)
{
	g_auto(GStrv) lines = NULL;

	if (text == NULL || *text == '\0')
		return;
	lines = g_strsplit(text, "\n", 20);
	for (gsize i = 0; lines[i] != NULL; i++)
		till_receipt_paper_centred(paper, lines[i]);
}

/* Words at the left, an amount flush right on the last of their lines. */
void
till_receipt_paper_amount(const TillReceiptPaper *paper, const char *indent, const char *words,
			  gint64 amount_minor)
{
	g_autofree char *amount = till_money_format(amount_minor, paper->currency);
	int room = paper->columns - measure(amount) - (int)strlen(indent);
	g_autoptr(GPtrArray) pieces = wrap(words, MAX(room - 1, 1));

	for (guint i = 0; i < pieces->len; i++) {
		const char *piece = g_ptr_array_index(pieces, i);
		g_string_append_printf(paper->out, "%s%s", indent, piece);
		if (i + 1 == pieces->len) {
			pad(paper, room - measure(piece));
			g_string_append(paper->out, amount);
		}
		g_string_append_c(paper->out, '\n');
	}
}
