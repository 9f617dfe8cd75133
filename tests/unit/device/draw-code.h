/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "image.h"

/* Draws codes for tests, with a white margin: what is drawn is known, so what is read can be
 * compared.
 *
 * Threads: any (pure). */

/* EAN-13 (13 digits) or EAN-8 (8 digits); module: pixels of the narrowest bar. */
TillImage *draw_code_ean(const char *digits, guint module, guint height);
/* Code 128 of printable ASCII; fnc1: begins as GS1 does. A byte of 0x80 and above is written with
 * FNC4 in front. */
TillImage *draw_code_128(const char *text, gboolean fnc1, guint module, guint height);
/* A QR code of version 1 that says DRAW_CODE_QR_TEXT. */
#define DRAW_CODE_QR_TEXT "TILL-14-PICKUP"
TillImage *draw_code_qr(guint module);

/* One grey level everywhere. */
TillImage *draw_code_plain(guint width, guint height, guint8 shade);
/* White becomes black. */
void draw_code_invert(TillImage *image);
/* The lower picture under the upper one, on white. */
TillImage *draw_code_stack(const TillImage *upper, const TillImage *lower);
/* Writes a PNG. */
void draw_code_save(const TillImage *image, const char *path);
