/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "image.h"

/* Code 128 read from one row of pixels, for what zbar leaves out: FNC4, which lifts the next
 * character (or, twice, all that follow) to the upper half of Latin-1. zbar drops it, and an "ó"
 * comes out as an "s", which no check digit tells.
 *
 * Source: ISO/IEC 15417. The reader is strict and simple: zbar has found the symbol, and a row that
 * cannot be read here changes nothing.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

typedef struct {
	guint8 plain[128]; /* as zbar reads it: FNC4 left out, a later FNC1 as 0x1D */
	guint8 lifted[128];
	gsize size;
	gboolean has_fnc4;
} TillCode128;

/* The first symbol along row y, read from left to right or from right to left. FALSE when there is
 * none with a right check character. */
gboolean till_code128_read_row(const TillImage *image, guint y,
			       TillCode128 *out) G_GNUC_WARN_UNUSED_RESULT;

/* Looks along some rows between top and bottom for the symbol that zbar read as plain. TRUE when it
 * has FNC4 in it; out is then what it says. */
gboolean till_code128_find_lifted(const TillImage *image, guint top, guint bottom,
				  const guint8 *plain, gsize size,
				  TillCode128 *out) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
