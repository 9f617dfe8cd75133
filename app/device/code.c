/* SPDX-License-Identifier: Apache-2.0 */
#include "code.h"

#include <string.h>

#include "error.h"
#include "gtin.h"
#include "json.h"

static const char *const names[] = {
    [TILL_CODE_EAN13] = "EAN-13",     [TILL_CODE_UPCA] = "UPC-A",
    [TILL_CODE_EAN8] = "EAN-8",       [TILL_CODE_UPCE] = "UPC-E",
    [TILL_CODE_CODE128] = "CODE-128", [TILL_CODE_QR] = "QR-Code",
    [TILL_CODE_DATABAR] = "DataBar",  [TILL_CODE_DATABAR_EXPANDED] = "DataBar-Exp",
};
G_STATIC_ASSERT(G_N_ELEMENTS(names) == TILL_CODE_KINDS);

TillCode *
till_code_new(TillCodeKind kind, const guint8 *bytes, gsize size, gboolean gs1)
{
	TillCode *code = g_new0(TillCode, 1);

	g_assert(size > 0 && size <= TILL_CODE_BYTES_MAX);
	code->kind = kind;
	code->bytes = g_memdup2(bytes, size);
	code->size = size;
	code->text = till_code_text(kind, bytes, size);
	code->gs1 = gs1;
	return code;
}

void
till_code_free(TillCode *code)
{
	if (code == NULL)
		return;
	g_free(code->bytes);
	g_free(code->text);
	g_free(code);
}

gboolean
till_code_equal(const TillCode *a, const TillCode *b)
{
	return a->kind == b->kind && a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

const char *
till_code_kind_name(TillCodeKind kind)
{
	return names[kind];
}

gboolean
till_code_kind_from_name(const char *name, TillCodeKind *out)
{
	for (guint i = 0; i < TILL_CODE_KINDS; i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (TillCodeKind)i;
			return TRUE;
		}
	}
	return FALSE;
}

gboolean
till_code_kind_is_linear(TillCodeKind kind)
{
	return kind != TILL_CODE_QR;
}

gboolean
till_code_kind_is_retail(TillCodeKind kind)
{
	return kind == TILL_CODE_EAN13 || kind == TILL_CODE_UPCA || kind == TILL_CODE_EAN8 ||
	       kind == TILL_CODE_UPCE;
}

gboolean
till_code_gtin14(const TillCode *code, char *out14)
{
	char upca[TILL_GTIN_TEXT];

	if (!till_code_kind_is_retail(code->kind) || code->text == NULL)
		return FALSE;
	if (code->kind != TILL_CODE_UPCE)
		return till_gtin_normalise(code->text, out14) == TILL_GTIN_OK;
	return till_gtin_expand_upce(code->text, upca) &&
	       till_gtin_normalise(upca, out14) == TILL_GTIN_OK;
}

/* ---- Text ---- */

static gboolean
is_kana(guint8 byte)
{
	return byte >= 0xA1 && byte <= 0xDF;
}

/* A first byte of a two-byte character: ordinary Japanese ends at EF, beyond are private ones. */
static gboolean
is_lead(guint8 byte)
{
	return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xEF);
}

/* Shift_JIS by its shape, and more likely that than Latin-1. */
static gboolean
looks_japanese(const guint8 *bytes, gsize size)
{
	guint kana_run = 0, pair_run = 0;
	gboolean sign = FALSE;

	for (gsize i = 0; i < size; i++) {
		guint8 byte = bytes[i];
		if (is_lead(byte)) {
			if (i + 1 == size || bytes[i + 1] < 0x40 || bytes[i + 1] == 0x7F ||
			    bytes[i + 1] > 0xFC)
				return FALSE;
			sign = sign || byte <= 0x9F || ++pair_run >= 2;
			kana_run = 0;
			i++;
		} else if (is_kana(byte)) {
			sign = sign || ++kana_run >= 3;
			pair_run = 0;
		} else if (byte >= 0x80) {
			return FALSE;
		} else {
			kana_run = pair_run = 0;
		}
	}
	return sign;
}

static gboolean
looks_latin(const guint8 *bytes, gsize size)
{
	for (gsize i = 0; i < size; i++) {
		if (bytes[i] >= 0x80 && bytes[i] <= 0x9F)
			return FALSE;
	}
	return TRUE;
}

static char *
convert(const guint8 *bytes, gsize size, const char *charset)
{
	return g_convert((const char *)bytes, (gssize)size, "UTF-8", charset, NULL, NULL, NULL);
}

char *
till_code_text(TillCodeKind kind, const guint8 *bytes, gsize size)
{
	static const guint8 mark[] = {0xEF, 0xBB, 0xBF};
	g_autofree char *japanese = NULL;

	if (memchr(bytes, 0, size) != NULL)
		return NULL;
	if (g_utf8_validate_len((const char *)bytes, size, NULL)) {
		gsize skip = size > sizeof mark && memcmp(bytes, mark, sizeof mark) == 0 ? 3 : 0;
		return g_strndup((const char *)bytes + skip, size - skip);
	}
	if (kind == TILL_CODE_QR && looks_japanese(bytes, size))
		japanese = convert(bytes, size, "CP932");
	if (japanese != NULL)
		return g_steal_pointer(&japanese);
	return looks_latin(bytes, size) ? convert(bytes, size, "ISO-8859-1") : NULL;
}

/* ---- JSON ---- */

static char *
to_hex(const guint8 *bytes, gsize size)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = g_malloc(2 * size + 1);

	for (gsize i = 0; i < size; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	hex[2 * size] = '\0';
	return hex;
}

/* In front of a GS1 element string. */
static const char *
aim_id(TillCodeKind kind)
{
	if (kind == TILL_CODE_QR)
		return "]Q3";
	return kind == TILL_CODE_CODE128 ? "]C1" : "]e0";
}

char *
till_code_to_scan(const TillCode *code)
{
	char gtin14[TILL_GTIN_TEXT];

	if (code->text == NULL)
		return NULL;
	if (code->gs1)
		return g_strconcat(aim_id(code->kind), code->text, NULL);
	if (code->kind == TILL_CODE_UPCE && till_code_gtin14(code, gtin14))
		return g_strconcat("]E0", gtin14 + 1, NULL); /* which has 13 digits */
	return g_strdup(code->text);
}

json_t *
till_code_to_json(const TillCode *code)
{
	json_t *value = json_object();
	char gtin14[TILL_GTIN_TEXT];
	g_autofree char *hex = to_hex(code->bytes, code->size);

	json_object_set_new(value, "symbology", json_string(names[code->kind]));
	if (code->text != NULL)
		json_object_set_new(value, "text", json_string(code->text));
	/* Bytes say more than text where the text is not simply them. */
	if (code->text == NULL || strlen(code->text) != code->size ||
	    memcmp(code->text, code->bytes, code->size) != 0)
		json_object_set_new(value, "bytes_hex", json_string(hex));
	if (till_code_gtin14(code, gtin14))
		json_object_set_new(value, "gtin14", json_string(gtin14));
	if (code->gs1)
		json_object_set_new(value, "gs1", json_true());
	return value;
}

/* FALSE unless hex is 1 to TILL_CODE_BYTES_MAX bytes. */
static gboolean
from_hex(const char *hex, GByteArray *out)
{
	gsize length = strlen(hex);

	if (length == 0 || length % 2 != 0 || length / 2 > TILL_CODE_BYTES_MAX)
		return FALSE;
	for (gsize i = 0; i < length; i += 2) {
		int high = g_ascii_xdigit_value(hex[i]), low = g_ascii_xdigit_value(hex[i + 1]);
		guint8 byte = (guint8)(high * 16 + low);
		if (high < 0 || low < 0)
			return FALSE;
		g_byte_array_append(out, &byte, 1);
	}
	return TRUE;
}

TillCode *
till_code_from_json(const json_t *value, GError **error)
{
	TillJsonReader reader = till_json_reader(value, "code");
	const char *name = till_json_string(&reader, "symbology", 16);
	const char *text = till_json_string_or(&reader, "text", TILL_CODE_BYTES_MAX * 3, "");
	const char *hex =
	    till_json_string_or(&reader, "bytes_hex", (gsize)TILL_CODE_BYTES_MAX * 2, "");
	gboolean gs1 = till_json_bool_or(&reader, "gs1", FALSE);
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	TillCodeKind kind = TILL_CODE_QR;

	if (!till_code_kind_from_name(name, &kind))
		till_json_fault(&reader, "symbology", "is not a known kind of code");
	if (*hex != '\0' && !from_hex(hex, bytes))
		till_json_fault(&reader, "bytes_hex", "is not hexadecimal");
	if (*hex == '\0')
		g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
	if (bytes->len == 0 || bytes->len > TILL_CODE_BYTES_MAX)
		till_json_fault(&reader, "text", "is empty or too long");
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return till_code_new(kind, bytes->data, bytes->len, gs1);
}
