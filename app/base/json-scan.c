/* SPDX-License-Identifier: Apache-2.0 */
#include "json-scan.h"

#include <string.h>

#include "json.h"

/* More digits might not fit 64 bits. */
#define DIGITS_MAX 18

typedef struct {
	const char *at;
	const char *end;
	GString *scratch; /* a string with its escapes undone */
	guint depth;
} Scan;

static json_t *read_value(Scan *scan);

static void
skip_blank(Scan *scan)
{
	while (scan->at < scan->end &&
	       (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
		scan->at++;
}

static gboolean
take(Scan *scan, char wanted)
{
	skip_blank(scan);
	if (scan->at >= scan->end || *scan->at != wanted)
		return FALSE;
	scan->at++;
	return TRUE;
}

/* The byte a short escape stands for; 0 when it is none ("\u…" and nonsense). */
static char
unescape(char letter)
{
	switch (letter) {
	case '"':
	case '\\':
	case '/':
		return letter;
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return 0;
	}
}

/* From the first backslash on: copies runs between escapes. at stands on the backslash, start where
 * the string began; ends behind the closing quote. */
static gboolean
read_escaped(Scan *scan, const char *start)
{
	g_string_truncate(scan->scratch, 0);
	g_string_append_len(scan->scratch, start, scan->at - start);
	while (scan->at < scan->end && *scan->at != '"') {
		const char *run;
		if (*scan->at == '\\') {
			char byte = scan->at + 1 < scan->end ? unescape(scan->at[1]) : 0;
			if (byte == 0)
				return FALSE;
			g_string_append_c(scan->scratch, byte);
			scan->at += 2;
			continue;
		}
		run = scan->at;
		while (scan->at < scan->end && *scan->at != '"' && *scan->at != '\\' &&
		       (guchar)*scan->at >= 0x20)
			scan->at++;
		if (scan->at == run)
			return FALSE;
		g_string_append_len(scan->scratch, run, scan->at - run);
	}
	if (scan->at >= scan->end)
		return FALSE;
	scan->at++;
	return TRUE;
}

/* at stands behind the opening quote. The bytes lie in the text itself, or in scratch until the
 * next string. */
static gboolean
read_string(Scan *scan, const char **out_text, gsize *out_size)
{
	const char *start = scan->at;

	while (scan->at < scan->end && *scan->at != '"' && *scan->at != '\\' &&
	       (guchar)*scan->at >= 0x20)
		scan->at++;
	if (scan->at >= scan->end || (guchar)*scan->at < 0x20)
		return FALSE;
	if (*scan->at == '"') {
		*out_text = start;
		*out_size = (gsize)(scan->at - start);
		scan->at++;
		return TRUE;
	}
	if (!read_escaped(scan, start))
		return FALSE;
	*out_text = scan->scratch->str;
	*out_size = scan->scratch->len;
	return TRUE;
}

static json_t *
read_number(Scan *scan)
{
	gboolean negative = *scan->at == '-';
	const char *start = scan->at + (negative ? 1 : 0);
	const char *p = start;
	gint64 value = 0;

	while (p < scan->end && g_ascii_isdigit(*p) && p - start < DIGITS_MAX)
		value = value * 10 + (*p++ - '0');
	/* A leading zero, a point, an exponent, more digits, no digit, or -0: not ours to judge. */
	if (p == start || (*start == '0' && (p - start > 1 || negative)))
		return NULL;
	if (p < scan->end && (g_ascii_isdigit(*p) || *p == '.' || *p == 'e' || *p == 'E'))
		return NULL;
	scan->at = p;
	return json_integer(negative ? -value : value);
}

static json_t *
read_word(Scan *scan)
{
	gsize left = (gsize)(scan->end - scan->at);

	if (left >= 4 && memcmp(scan->at, "true", 4) == 0) {
		scan->at += 4;
		return json_true();
	}
	if (left >= 5 && memcmp(scan->at, "false", 5) == 0) {
		scan->at += 5;
		return json_false();
	}
	if (left >= 4 && memcmp(scan->at, "null", 4) == 0) {
		scan->at += 4;
		return json_null();
	}
	return NULL;
}

/* One "key": value. A key that is there already does not make the object larger. */
static gboolean
read_member(Scan *scan, json_t *object)
{
	const char *text;
	gsize size;
	gsize before = json_object_size(object);
	g_autofree char *copy = NULL;
	json_t *value;

	if (!take(scan, '"') || !read_string(scan, &text, &size))
		return FALSE;
	/* The value's strings will want scratch too. */
	if (text == scan->scratch->str)
		text = copy = g_strndup(text, size);
	if (!take(scan, ':'))
		return FALSE;
	value = read_value(scan);
	return value != NULL && json_object_setn_new_nocheck(object, text, size, value) == 0 &&
	       json_object_size(object) > before;
}

static json_t *
read_object(Scan *scan)
{
	g_autoptr(json_t) object = json_object();

	if (take(scan, '}'))
		return g_steal_pointer(&object);
	do {
		if (!read_member(scan, object))
			return NULL;
	} while (take(scan, ','));
	return take(scan, '}') ? g_steal_pointer(&object) : NULL;
}

static json_t *
read_array(Scan *scan)
{
	g_autoptr(json_t) array = json_array();

	if (take(scan, ']'))
		return g_steal_pointer(&array);
	do {
		json_t *value = read_value(scan);
		if (value == NULL || json_array_append_new(array, value) != 0)
			return NULL;
	} while (take(scan, ','));
	return take(scan, ']') ? g_steal_pointer(&array) : NULL;
}

static json_t *
read_nested(Scan *scan, char opening)
{
	json_t *value;

	if (++scan->depth > TILL_JSON_DEPTH_MAX)
		return NULL;
	value = opening == '{' ? read_object(scan) : read_array(scan);
	scan->depth--;
	return value;
}

static json_t *
read_value(Scan *scan)
{
	const char *text;
	gsize size;

	skip_blank(scan);
	if (scan->at >= scan->end)
		return NULL;
	switch (*scan->at) {
	case '{':
	case '[':
		return read_nested(scan, *scan->at++);
	case '"':
		scan->at++;
		return read_string(scan, &text, &size) ? json_stringn_nocheck(text, size) : NULL;
	case 't':
	case 'f':
	case 'n':
		return read_word(scan);
	default:
		return *scan->at == '-' || g_ascii_isdigit(*scan->at) ? read_number(scan) : NULL;
	}
}

json_t *
till_json_scan_text(const char *text, gsize size)
{
	Scan scan = {.at = text, .end = text + size};
	g_autoptr(json_t) value = NULL;

	skip_blank(&scan);
	if (scan.at >= scan.end || (*scan.at != '{' && *scan.at != '['))
		return NULL;
	if (!g_utf8_validate_len(text, size, NULL))
		return NULL;
	scan.scratch = g_string_new(NULL);
	value = read_value(&scan);
	skip_blank(&scan);
	g_string_free(scan.scratch, TRUE);
	return scan.at == scan.end ? g_steal_pointer(&value) : NULL;
}
