/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* A QR code as SVG: black on white whatever surrounds it, quiet zone of four modules, error
 * correction M, and whatever of the text fits the alphanumeric mode in it. All modules are one path
 * with crisp edges, runs of a row as one rectangle, so that no seams show at any size.
 *
 * Only pages and mails of the central show codes to phones; a till reads them. So the drawing
 * belongs here, and nothing below knows of it.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* title: read out by screen readers in place of the picture. Caller frees. TILL_ERROR_LIMIT when
 * the text is too long for any code. */
char *till_code_svg_make(const char *text, const char *title, GError **error);

G_END_DECLS
