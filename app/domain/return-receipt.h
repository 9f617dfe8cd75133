/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "receipt.h"
#include "return.h"

/* The papers of a return: its receipt, a slip for the credit that it issued, and the receipt of a
 * sale that may be given away, which names no price. Made only from what is stored, like the
 * receipt of a sale (receipt.h).
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* What came back and what for, what was taken instead, and where the money went. Caller frees. */
char *till_return_receipt_text(const TillReturn *entry, const TillReceiptStyle *style);
/* The slip of the credit: its code and amount; "" when none was issued. Caller frees. */
char *till_return_receipt_slip(const TillReturn *entry, const TillReceiptStyle *style);
/* Goods without prices, payments or names of people. Caller frees. */
char *till_return_receipt_gift(const TillSold *sold, const TillReceiptStyle *style);

G_END_DECLS
