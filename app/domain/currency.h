/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Currencies by ISO 4217: code, number, and how many decimal places the minor unit has.
 *
 * The table is compiled in, sorted by code, and holds current and historical codes, so that an old
 * receipt can still be read. Note that ISO says HUF and MGA have 2 places although shops show
 * fewer.
 *
 * Threads: any (constant). */

G_BEGIN_DECLS

typedef struct {
	char code[4];        /* "USD" */
	guint16 numeric;     /* 840; 0 where none was given */
	guint8 exponent;     /* 0..4 decimal places */
	gboolean historical; /* withdrawn from the standard */
} TillCurrency;

/* NULL when the code is unknown. Static. */
const TillCurrency *till_currency_find(const char *code);

/* All rows, for tests and pickers. */
const TillCurrency *till_currency_table(gsize *out_count);

G_END_DECLS
