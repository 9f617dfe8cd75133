/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The application identifiers of GS1 as a table: which there are, what their data must look like,
 * and how they stand in a Digital Link. Written from the GS1 General Specifications, "Application
 * Identifiers", and the GS1 Digital Link standard, "URI syntax".
 *
 * The data of an identifier is described part by part, parts divided by spaces:
 *   ?     the part may be missing, with all that follow
 *   set   N digits, X character set 82, Y character set 39, Z file-safe base 64
 *   size  "14" or "1-20" characters
 *   checks, a letter each:
 *     c check digit          k begins with a company prefix   D date, day may be 00
 *     d date                 h date and hour                  t hour and minute
 *     m minute [and second]  u ISO 4217 number                i ISO 3166 number
 *     I the same or 999      n not zero                       z zero
 *     w winding              p piece of total                 e percent-encoded
 *     y 0 or 1               H a hyphen                       s does not begin with 0
 *     b IBAN                 g check pair of a GMN            l latitude
 *     L longitude            x importer index                 f medium 01-10, 80-99
 *     a two capital letters  Y date with four digits of year
 *
 * Threads: any (constant). */

G_BEGIN_DECLS

typedef struct {
	const char *from; /* "3100" */
	const char *to;   /* "3105"; the same as from for a single one */
	const char *parts;
	/* A primary key of a Digital Link: its path qualifiers in order, alternatives parted by
	 * '|', "" for none. NULL: not a key. */
	const char *qualifiers;
	gboolean no_attribute; /* may not stand in the query of a Digital Link */
} TillGs1Row;

/* The row whose identifier text begins with, at most length bytes of it; NULL: none known. */
const TillGs1Row *till_gs1_table_find(const char *text, gsize length);
/* The row of exactly this identifier. */
const TillGs1Row *till_gs1_table_exact(const char *ai);
/* How many characters the data has when it ends without a separator; 0: it needs one. */
gsize till_gs1_table_fixed(const char *ai, const TillGs1Row *row);

/* The rows, for tests. */
const TillGs1Row *till_gs1_table_rows(gsize *out_count);

G_END_DECLS
