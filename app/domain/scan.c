/* SPDX-License-Identifier: Apache-2.0 */
#include "scan.h"

#include <string.h>

#include "gtin.h"

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
	if (has_aim_id(text, length)) {
		text += AIM_LENGTH;
		length -= AIM_LENGTH;
	}
	if (!is_acceptable(text, length))
		return scan;
	memcpy(scan.text, text, length);
	if (read_gtin(&scan))
		scan.kind = TILL_SCAN_GTIN;
	else
		scan.kind = is_plu(scan.text) ? TILL_SCAN_PLU : TILL_SCAN_OTHER;
	return scan;
}
