/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Codes that a scale or a packer printed with the weight or the price of one piece inside them.
 *
 * Which digits mean what is each country's or retailer's own affair, so a store says it by patterns
 * (setting variable_codes), separated by commas, the first that fits counts:
 *
 *   weight:21.....{NNDDD}.     "weight:" or "price:", then one character for each digit of the
 * code, price:02.....{NNNDD}.      its check digit included: price:2.....v{NNDD}.         0-9 this
 * very digit .         a digit of the item; the last one is the check digit {NN..DD}  the value: N
 * before and D behind the decimal point v         the verifier digit of the four or five digits of
 * the value
 *
 * A pattern has 8, 12 or 13 digits. One of 12 is the UPC-A that an EAN-13 with a leading 0 is too,
 * and fits both. Weights are in the item's unit with at most three decimals, prices in the store's
 * currency. The check digit must be right, and the verifier digit where there is one.
 *
 * Source: GS1 General Specifications, 2.1.14 (structure) and 7.9 (check and verifier digits).
 *
 * Threads: any (pure); a list is constant once parsed, reference-counted. */

G_BEGIN_DECLS

#define TILL_VARIABLE_TEXT 14 /* 13 digits and NUL */
#define TILL_VARIABLE_CODES_MAX 20

typedef enum {
	TILL_VARIABLE_NONE, /* an ordinary code */
	TILL_VARIABLE_WEIGHT,
	TILL_VARIABLE_PRICE,
} TillVariableKind;

typedef struct {
	TillVariableKind kind;
	gint64 value;                  /* the digits as one number */
	guint decimals;                /* how many of them are behind the point */
	char base[TILL_VARIABLE_TEXT]; /* with 0 for value and verifier, as an item's barcode */
	char item[TILL_VARIABLE_TEXT]; /* the item's digits alone, as its SKU or PLU */
} TillVariableCode;

typedef struct TillVariableCodes TillVariableCodes;

/* NULL (TILL_ERROR_INVALID) with a sentence that quotes the pattern. "" is a list of none. */
TillVariableCodes *till_variable_code_parse(const char *text, GError **error);
TillVariableCodes *till_variable_code_ref(TillVariableCodes *codes);
void till_variable_code_unref(TillVariableCodes *codes);

/* Reads a code of digits alone. FALSE, with out zeroed, when no pattern fits, a digit does not
 * check, or codes is NULL. */
gboolean till_variable_code_read(const TillVariableCodes *codes, const char *code,
				 TillVariableCode *out);

/* The verifier digit over four or five digits, '0'..'9'. */
char till_variable_code_verifier(const char *digits, gsize length);

/* Thousandths of the unit; FALSE unless it is a weight above zero. */
gboolean till_variable_code_weight(const TillVariableCode *code,
				   gint64 *out_milli) G_GNUC_WARN_UNUSED_RESULT;
/* Minor units of a currency with so many decimals; FALSE unless it is a price above zero that the
 * currency can express. */
gboolean till_variable_code_price(const TillVariableCode *code, int exponent,
				  gint64 *out_minor) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillVariableCodes, till_variable_code_unref)

G_END_DECLS
