/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "currency.h"

/* Plain text in columns: what receipts of sales and returns are laid out with.
 *
 * Threads: any (pure); a paper belongs to whoever made it. */

G_BEGIN_DECLS

#define TILL_RECEIPT_PAPER_INDENT "  "

typedef struct {
	GString *out; /* the text so far; the maker's */
	int columns;
	const TillCurrency *currency;
} TillReceiptPaper;

/* Empty; columns are brought between 24 and 80. */
TillReceiptPaper till_receipt_paper(const TillCurrency *currency, int columns);

void till_receipt_paper_rule(const TillReceiptPaper *paper);
/* Wrapped at spaces. */
void till_receipt_paper_text(const TillReceiptPaper *paper, const char *indent, const char *text);
void till_receipt_paper_centred(const TillReceiptPaper *paper, const char *text);
/* Each line of a text on its own, nothing for an empty text. */
void till_receipt_paper_centred_lines(const TillReceiptPaper *paper, const char *text);
/* Words at the left, an amount flush right on the last of their lines. */
void till_receipt_paper_amount(const TillReceiptPaper *paper, const char *indent, const char *words,
			       gint64 amount_minor);

G_END_DECLS
