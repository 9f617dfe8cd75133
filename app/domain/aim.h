/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The three characters that a scanner may send in front of a code to say what kind of symbol it
 * read (ISO/IEC 15424): ']', a letter for the symbology, a modifier. Listed are the symbols that
 * carry codes of the GS1 system, as the General Specifications name them.
 *
 * Threads: any (constant). */

G_BEGIN_DECLS

#define TILL_AIM_LENGTH 3

typedef enum {
	TILL_AIM_ELEMENTS, /* a GS1 element string; the leading FNC1 is this identifier */
	TILL_AIM_DIGITS,   /* EAN and UPC, with a composite part or not */
	TILL_AIM_TEXT,     /* anything, a link perhaps */
} TillAimContent;

typedef struct {
	char id[TILL_AIM_LENGTH + 1]; /* "]Q3" */
	TillAimContent content;
	gsize digits; /* of TILL_AIM_DIGITS */
} TillAim;

/* The identifier that text begins with; NULL: none, or of a symbol that is not listed. */
const TillAim *till_aim_find(const char *text);

G_END_DECLS
