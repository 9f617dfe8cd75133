/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* What a scanned or typed text may mean, before anything is looked up.
 *
 * A code is tried as: GTIN (digits of 8, 12, 13, 14 with a right check digit, or a UPC-E of 8
 * digits with its check digit), then SKU, then PLU (4 or 5 digits). Eight digits that begin with 0
 * or 1 are often both a GTIN-8 and a UPC-E by their check digits (always when the seventh is 5 to
 * 9): gtin14 then is the GTIN-8, which is how a catalogue file names it, and upce14 the UPC-E, to
 * be looked up next. AIM identifiers ("]C1", "]E0") that scanners may send in front are taken off.
 * Texts with control characters or longer than 128 bytes are refused. Variable-measure codes, GS1
 * element strings and Digital Links are later kinds of the same enum.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_SCAN_MAX 128

typedef enum {
	TILL_SCAN_REFUSED, /* empty, too long, control characters */
	TILL_SCAN_GTIN,    /* gtin14 is set; may still be a SKU of the same digits */
	TILL_SCAN_PLU,     /* 4 or 5 digits */
	TILL_SCAN_OTHER,   /* SKU, internal code */
} TillScanKind;

typedef struct {
	TillScanKind kind;
	char text[TILL_SCAN_MAX + 1]; /* trimmed, AIM id taken off */
	char gtin14[15];              /* "" unless kind is GTIN */
	char upce14[15];              /* the second reading of 8 digits; "" when there is none */
} TillScan;

TillScan till_scan_read(const char *text);

G_END_DECLS
