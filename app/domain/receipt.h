/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "sale.h"

/* The receipt of a sale as lines of plain text, 42 columns (80 mm paper, font A) by default. Made
 * only from the stored sale, so that a reprint is identical but for its COPY mark.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_RECEIPT_COLUMNS 42

typedef struct {
	const char *shop_name;    /* "Juniper & Rye" */
	const char *shop_address; /* may hold line breaks; "" */
	const char *tax_number;   /* "" */
	const char *footer;       /* "" */
	const char *local_time;   /* closed time in the store's zone, formatted by the caller */
	int columns;              /* 24..80 */
	guint copy;               /* 0: the first print; n: COPY n */
} TillReceiptStyle;

/* UTF-8 text ending with a line break; wide characters count two columns. Caller frees. */
char *till_receipt_text(const TillSale *sale, const TillReceiptStyle *style);

G_END_DECLS
