/* SPDX-License-Identifier: Apache-2.0 */
#include "code-svg.h"

#include <qrencode.h>

#include "error.h"

#define QUIET 4

/* The dark runs of one row. */
static void
append_row(GString *path, const QRcode *code, int row)
{
	const unsigned char *modules = code->data + row * code->width;

	for (int column = 0; column < code->width;) {
		int start = column;
		while (column < code->width && (modules[column] & 1) != 0)
			column++;
		if (column > start)
			g_string_append_printf(path, "M%d %dh%dv1h-%dz", start + QUIET, row + QUIET,
					       column - start, column - start);
		else
			column++;
	}
}

char *
till_code_svg_make(const char *text, const char *title, GError **error)
{
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	g_autofree char *safe = g_markup_escape_text(title, -1);
	GString *svg;
	int size;

	if (code == NULL) {
		g_set_error_literal(
		    error, TILL_ERROR, TILL_ERROR_LIMIT,
		    "The text is too long for a QR code. Use a shorter public URL.");
		return NULL;
	}
	size = code->width + 2 * QUIET;
	svg = g_string_new(NULL);
	g_string_append_printf(svg,
			       "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
			       "role=\"img\" shape-rendering=\"crispEdges\"><title>%s</title><path "
			       "fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"",
			       size, size, safe, size, size);
	for (int row = 0; row < code->width; row++)
		append_row(svg, code, row);
	g_string_append(svg, "\"/></svg>");
	QRcode_free(code);
	return g_string_free(svg, FALSE);
}
