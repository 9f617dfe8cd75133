/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

/* Fills pages: everything from outside is escaped unless a template says otherwise in so many
 * braces.
 *
 *   {{name}}            the value, escaped for text and for attributes in double quotes
 *   {{{name}}}          the value as it is: markup that this program made
 *   {{#name}}…{{/name}} once for each element of an array (whose names come first inside), once for
 *                       anything else that is not false, null, 0, "" or empty
 *   {{^name}}…{{/name}} the opposite
 *   {{.}}               the element itself; {{a.b}} a name inside a
 *
 * Names are looked for in the innermost element first, then outwards. A name that is nowhere is
 * empty. Templates are part of the program: a malformed one is a programmer's error.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* Caller frees. */
char *till_page_template_fill(const char *template, const json_t *values);

G_END_DECLS
