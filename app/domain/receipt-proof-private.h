/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What writing and reading of a receipt's code have in common; receipt-proof.h has the layout.
 *
 * Threads: any (constants). */

#define TILL_RECEIPT_PROOF_VERSION 1

enum {
	TILL_RECEIPT_PROOF_FLAG_PRICES = 1 << 0,
	TILL_RECEIPT_PROOF_FLAG_LINES = 1 << 1,
	TILL_RECEIPT_PROOF_FLAG_GIFT = 1 << 2,
};

/* A quantity: pieces or thousandths, shifted by two bits that tell which. */
enum {
	TILL_RECEIPT_PROOF_IN_MILLI = 1 << 0,
	TILL_RECEIPT_PROOF_WEIGHED = 1 << 1,
};

#define TILL_RECEIPT_PROOF_LETTERS 3
#define TILL_RECEIPT_PROOF_PURPOSE "tillhouse receipt" /* with its NUL */
#define TILL_RECEIPT_PROOF_ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
