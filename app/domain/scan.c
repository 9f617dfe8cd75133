/* SPDX-License-Identifier: Apache-2.0 */
#include "scan.h"

#include <string.h>

#include "gs1.h"
#include "gtin.h"
#include "quantity.h"
#include "receipt-proof.h"
#include "store-credit.h"

/* ISO/IEC 15424: ']', a letter for the symbology, a modifier. */
#define AIM_LENGTH 3

static gboolean
has_aim_id(const char *text, gsize length)
{
	return length >= AIM_LENGTH && text[0] == ']' && g_ascii_isalpha(text[1]) &&
	       g_ascii_isalnum(text[2]);
}

static gboolean
is_acceptable(const char *text, gsize length)
{
	if (length == 0 || length > TILL_SCAN_MAX || !g_utf8_validate_len(text, length, NULL))
		return FALSE;
	for (const char *p = text; p < text + length; p = g_utf8_next_char(p)) {
		if (g_unichar_iscntrl(g_utf8_get_char(p)))
			return FALSE;
	}
	return TRUE;
}

/* Shorter forms of UPC-E carry no check digit, and would swallow every SKU of six digits. */
static gboolean
read_upce(const char *text, char *out14)
{
	char upca[13];

	return strlen(text) == 8 && till_gtin_expand_upce(text, upca) &&
	       till_gtin_normalise(upca, out14) == TILL_GTIN_OK;
}

static gboolean
read_gtin(TillScan *scan)
{
	if (till_gtin_normalise(scan->text, scan->gtin14) != TILL_GTIN_OK)
		return read_upce(scan->text, scan->gtin14);
	/* No second reading leaves the field empty, as it should be. */
	(void)read_upce(scan->text, scan->upce14);
	return TRUE;
}

static gboolean
is_plu(const char *text)
{
	gsize length = strlen(text);

	return (length == 4 || length == 5) && strspn(text, "0123456789") == length;
}

/* What is asked of a code of the GS1 system; the identifiers it may hold are many more. */
static void
fill_gs1(TillScan *scan, const TillGs1 *gs1)
{
	g_autofree char *brackets = till_gs1_brackets(gs1, TILL_SCAN_MAX);
	const char *unit;

	g_strlcpy(scan->text, brackets, sizeof scan->text);
	if (!till_gs1_gtin(gs1, scan->gtin14))
		scan->gtin14[0] = '\0';
	if (!till_gs1_quantity(gs1, &scan->quantity_milli, &unit) ||
	    scan->quantity_milli > TILL_QUANTITY_MAX_MILLI)
		scan->quantity_milli = 0;
	else
		g_strlcpy(scan->unit, unit, sizeof scan->unit);
}

/* From a scanner that sends neither an identifier nor the first separator: an item number with its
 * check digit opens what reads as an element string to its end. */
static gboolean
read_bare_elements(const char *text, TillGs1 *gs1)
{
	char gtin14[TILL_GTIN_TEXT];

	return g_str_has_prefix(text, "01") && till_gs1_read_elements(text, gs1) == TILL_GS1_OK &&
	       till_gs1_gtin(gs1, gtin14);
}

static gboolean
read_gs1(const char *text, gsize length, TillScan *scan)
{
	const TillGs1Flags flags = TILL_GS1_ALPHAS | TILL_GS1_SHORT_GTIN | TILL_GS1_FUTURE;
	char copy[TILL_SCAN_INPUT_MAX + 1];
	TillGs1 gs1;

	if (length > TILL_SCAN_INPUT_MAX)
		return FALSE;
	memcpy(copy, text, length);
	copy[length] = '\0';
	gboolean is_digits = g_str_has_prefix(copy, "]E") && strchr(copy, '|') == NULL;
	if (is_digits ||
	    (till_gs1_read(copy, flags, &gs1) != TILL_GS1_OK && !read_bare_elements(copy, &gs1)))
		return FALSE;
	fill_gs1(scan, &gs1);
	if (scan->text[0] == '\0')
		return FALSE;
	/* Without a separator the text could be a SKU of a shop with long ones, and stays itself.
	 */
	if (g_ascii_isdigit(copy[0]) && strchr(copy, TILL_GS1_SEPARATOR) == NULL &&
	    length <= TILL_SCAN_MAX)
		memcpy(scan->text, copy, length + 1);
	const char *link = copy[0] == ']' ? copy + AIM_LENGTH : copy;
	scan->kind = g_ascii_isalpha(link[0]) ? TILL_SCAN_LINK : TILL_SCAN_GS1;
	return TRUE;
}

/* --- what was sold before --- */

static gboolean
read_receipt_code(const char *text, TillScan *scan)
{
	char code[TILL_RECEIPT_PROOF_TEXT_MAX + 1];

	if (!till_receipt_proof_find(text, code))
		return FALSE;
	g_autoptr(TillReceiptProof) proof = till_receipt_proof_read(code, NULL);
	if (proof == NULL || strlen(proof->receipt) > TILL_SCAN_MAX)
		return FALSE;
	g_strlcpy(scan->text, proof->receipt, sizeof scan->text);
	scan->kind = TILL_SCAN_RECEIPT_CODE;
	return TRUE;
}

/* Store and till are the shop's own words; letters of the incarnation and six digits or more tell a
 * receipt from any of them. */
static gboolean
is_receipt(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "-", 6);
	guint count = g_strv_length(parts);

	if (count != 4 || *parts[0] == '\0' || *parts[1] == '\0' || strlen(parts[2]) != 3)
		return FALSE;
	for (const char *at = parts[2]; *at != '\0'; at++) {
		if (!g_ascii_isalnum(*at) || strchr("ILOUilou", *at) != NULL)
			return FALSE;
	}
	gsize digits = strspn(parts[3], "0123456789");
	return digits >= 6 && digits <= 13 && parts[3][digits] == '\0';
}

static gboolean
is_order(const char *text)
{
	gsize digits;

	if (!g_ascii_isalpha(text[0]) || text[1] != '-')
		return FALSE;
	digits = strspn(text + 2, "0123456789");
	return digits >= 4 && digits <= 10 && text[2 + digits] == '\0';
}

static gboolean
read_sold(TillScan *scan)
{
	char credit[TILL_STORE_CREDIT_TEXT];

	if (till_store_credit_read(scan->text, credit)) {
		memcpy(scan->text, credit, sizeof credit);
		scan->kind = TILL_SCAN_CREDIT;
		return TRUE;
	}
	if (is_receipt(scan->text))
		scan->kind = TILL_SCAN_RECEIPT;
	else if (is_order(scan->text))
		scan->kind = TILL_SCAN_ORDER;
	else
		return FALSE;
	for (char *at = scan->text; *at != '\0'; at++)
		*at = g_ascii_toupper(*at);
	return TRUE;
}

TillScan
till_scan_read(const char *text)
{
	TillScan scan = {.kind = TILL_SCAN_REFUSED};

	if (text == NULL)
		return scan;
	while (g_ascii_isspace(*text))
		text++;
	gsize length = strlen(text);
	while (length > 0 && g_ascii_isspace(text[length - 1]))
		length--;
	if (length <= TILL_SCAN_INPUT_MAX && read_receipt_code(text, &scan))
		return scan;
	if (read_gs1(text, length, &scan))
		return scan;
	if (has_aim_id(text, length)) {
		text += AIM_LENGTH;
		length -= AIM_LENGTH;
	}
	if (!is_acceptable(text, length))
		return scan;
	memcpy(scan.text, text, length);
	if (read_sold(&scan))
		return scan;
	if (read_gtin(&scan))
		scan.kind = TILL_SCAN_GTIN;
	else
		scan.kind = is_plu(scan.text) ? TILL_SCAN_PLU : TILL_SCAN_OTHER;
	return scan;
}

gint64
till_scan_quantity(const char *code, const TillItem *item)
{
	TillScan scan = till_scan_read(code);
	const char *unit = item->weighed ? item->unit : "ea";

	return strcmp(scan.unit, unit) == 0 ? scan.quantity_milli : 0;
}
