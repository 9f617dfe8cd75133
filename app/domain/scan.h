/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "item.h"

/* What a scanned or typed text may mean, before anything is looked up.
 *
 * A code is tried as: GS1 element string or Digital Link (gs1.h), GTIN (digits of 8, 12, 13, 14
 * with a right check digit, or a UPC-E of 8 digits with its check digit), then SKU, then PLU (4 or
 * 5 digits). Eight digits that begin with 0 or 1 are often both a GTIN-8 and a UPC-E by their check
 * digits (always when the seventh is 5 to 9): gtin14 then is the GTIN-8, which is how a catalogue
 * file names it, and upce14 the UPC-E, to be looked up next. AIM identifiers ("]C1", "]E0") that
 * scanners may send in front are taken off. Other texts with control characters or longer than 128
 * bytes are refused.
 *
 * An element string is known by its AIM identifier, a separator in front, its brackets, or, from
 * scanners that send neither, by an item number in front. Links may be of older and newer editions
 * of the standard; a link that is not GS1's is a text like any other. Codes are kept in their
 * bracketed form, so that the books hold what was scanned in printable letters.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_SCAN_MAX 128 /* bytes of what a code means, as it is kept */
#define TILL_SCAN_INPUT_MAX                                                                        \
	1024 /* bytes of what is scanned: links are long, a receipt's code longer */

typedef enum {
	TILL_SCAN_REFUSED, /* empty, too long, control characters */
	TILL_SCAN_GTIN,    /* gtin14 is set; may still be a SKU of the same digits */
	TILL_SCAN_PLU,     /* 4 or 5 digits */
	TILL_SCAN_OTHER,   /* SKU, internal code */
	TILL_SCAN_GS1,     /* element string; gtin14 is set when it names an item */
	TILL_SCAN_LINK,    /* GS1 Digital Link; the same */
	/* The code on a receipt (receipt-proof.h), whose own text may be longer than is kept here:
	 * whoever looks it up asks with what was scanned. text is its receipt number, unchecked. */
	TILL_SCAN_RECEIPT_CODE,
	TILL_SCAN_RECEIPT, /* a receipt number in capitals: "014-02-K7Q-000123" */
	TILL_SCAN_ORDER,   /* an order number, "W-1001": a letter and four to ten digits */
	TILL_SCAN_CREDIT,  /* a store credit (store-credit.h), in its usual form */
} TillScanKind;

typedef struct {
	TillScanKind kind;
	/* Trimmed, AIM id taken off; of GS1 and LINK "(01)…(3103)…", as many elements as fit. */
	char text[TILL_SCAN_MAX + 1];
	char gtin14[15]; /* "" when there is none */
	char upce14[15]; /* the second reading of 8 digits; "" when there is none */
	/* What a GS1 code says how much it is, in thousandths of unit ("kg", "l", "m", "ea"); 0:
	 * nothing. */
	gint64 quantity_milli;
	char unit[3];
} TillScan;

TillScan till_scan_read(const char *text);

/* How much of item a code says it is: a weight for what is sold by weight in that unit, a count for
 * pieces. 0: it does not say, or in another unit. */
gint64 till_scan_quantity(const char *code, const TillItem *item);

G_END_DECLS
