/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include <string.h>

#include "error.h"
#include "json-scan.h"

/* The look over the raw text before the parser sees it: depth and reals. The parser's own limit on
 * depth is far higher, and it would take "1.0" for a number that is not an integer of minor units.
 */
typedef struct {
	const char *text;
	gsize size;
	gsize at;
	guint depth;
	guint line;
} Scan;

static void
skip_string(Scan *scan)
{
	for (scan->at++; scan->at < scan->size && scan->text[scan->at] != '"'; scan->at++) {
		if (scan->text[scan->at] == '\\')
			scan->at++;
	}
}

/* Stops on the last character of the number. FALSE when it has a point or an exponent. */
static gboolean
skip_number(Scan *scan)
{
	gsize end = scan->at + 1;
	while (end < scan->size && g_ascii_isdigit(scan->text[end]))
		end++;
	scan->at = end - 1;
	return end >= scan->size || strchr(".eE", scan->text[end]) == NULL ||
	       scan->text[end] == '\0';
}

static gboolean
scan_text(Scan *scan, const char *what, GError **error)
{
	for (; scan->at < scan->size; scan->at++) {
		char c = scan->text[scan->at];
		if (c == '\n') {
			scan->line++;
		} else if (c == '"') {
			skip_string(scan);
		} else if (c == '{' || c == '[') {
			if (++scan->depth > TILL_JSON_DEPTH_MAX) {
				g_set_error(
				    error, TILL_ERROR, TILL_ERROR_LIMIT,
				    "The %s is nested deeper than %d at line %u. Make it flatter.",
				    what, TILL_JSON_DEPTH_MAX, scan->line);
				return FALSE;
			}
		} else if (c == '}' || c == ']') {
			scan->depth -= scan->depth > 0 ? 1 : 0;
		} else if ((c == '-' || g_ascii_isdigit(c)) && !skip_number(scan)) {
			g_set_error(
			    error, TILL_ERROR, TILL_ERROR_INVALID,
			    "The %s has a number with a point or an exponent at line %u. Write a "
			    "whole number of the smallest unit.",
			    what, scan->line);
			return FALSE;
		}
	}
	return TRUE;
}

json_t *
till_json_parse(const char *text, gsize size, gsize size_max, const char *what, GError **error)
{
	if (size > size_max) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "The %s is larger than %" G_GSIZE_FORMAT
			    " bytes. Make it smaller or split it.",
			    what, size_max);
		return NULL;
	}
	json_t *plain = till_json_scan_text(text, size);
	if (plain != NULL)
		return plain;
	Scan scan = {.text = text, .size = size, .line = 1};
	if (!scan_text(&scan, what, error))
		return NULL;
	json_error_t fault;
	json_t *value = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);
	if (value == NULL) {
		g_autofree char *words = g_utf8_make_valid(fault.text, -1);
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "The %s is not sound JSON at line %d, column %d: %s.", what, fault.line,
			    fault.column, words);
	}
	return value;
}

char *
till_json_write(const json_t *value, gsize *out_size)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	g_assert(text != NULL);
	if (out_size != NULL)
		*out_size = strlen(text);
	return text;
}

/* The first fault stands: later ones are mostly its consequences. */
static void note_fault(TillJsonReader *reader, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
note_fault(TillJsonReader *reader, const char *format, ...)
{
	if (reader->fault[0] != '\0')
		return;
	va_list arguments;
	va_start(arguments, format);
	(void)g_vsnprintf(reader->fault, sizeof reader->fault, format, arguments);
	va_end(arguments);
}

static const char *
dot_of(const TillJsonReader *reader)
{
	return reader->path[0] != '\0' ? "." : "";
}

static void
note_field(TillJsonReader *reader, const char *name, const char *words)
{
	note_fault(reader, "%s%s%s %s", reader->path, dot_of(reader), name, words);
}

/* The field's value; NULL when absent, null, or after a fault. */
static json_t *
get_field(const TillJsonReader *reader, const char *name)
{
	if (reader->fault[0] != '\0')
		return NULL;
	json_t *value = json_object_get(reader->object, name);
	return json_is_null(value) ? NULL : value;
}

static json_t *
require_field(TillJsonReader *reader, const char *name)
{
	json_t *value = get_field(reader, name);
	if (value == NULL)
		note_field(reader, name, "is missing");
	return value;
}

void
till_json_put_text(json_t *object, const char *name, const char *text)
{
	json_object_set_new(object, name, json_string(text != NULL ? text : ""));
}

void
till_json_put_int(json_t *object, const char *name, gint64 value)
{
	json_object_set_new(object, name, json_integer(value));
}

void
till_json_put_bool(json_t *object, const char *name, gboolean value)
{
	json_object_set_new(object, name, json_boolean(value));
}

TillJsonReader
till_json_reader(const json_t *object, const char *path)
{
	TillJsonReader reader = {.object = object};
	g_strlcpy(reader.path, path, sizeof reader.path);
	if (!json_is_object(object))
		note_fault(&reader, "%s is not an object", path);
	return reader;
}

TillJsonReader
till_json_reader_item(TillJsonReader *parent, const char *name, gsize index)
{
	char path[sizeof parent->path];
	(void)g_snprintf(path, sizeof path, "%s%s%s[%" G_GSIZE_FORMAT "]", parent->path,
			 dot_of(parent), name, index);
	TillJsonReader reader =
	    till_json_reader(json_array_get(get_field(parent, name), index), path);
	if (parent->fault[0] != '\0')
		memcpy(reader.fault, parent->fault, sizeof reader.fault);
	return reader;
}

static const char *
take_string(TillJsonReader *reader, const json_t *value, const char *name, gsize max_bytes)
{
	if (!json_is_string(value)) {
		note_field(reader, name, "is not a text");
		return "";
	}
	if (json_string_length(value) > max_bytes) {
		note_fault(reader, "%s%s%s is longer than %" G_GSIZE_FORMAT " bytes", reader->path,
			   dot_of(reader), name, max_bytes);
		return "";
	}
	return json_string_value(value);
}

const char *
till_json_string(TillJsonReader *reader, const char *name, gsize max_bytes)
{
	const json_t *value = require_field(reader, name);
	return value != NULL ? take_string(reader, value, name, max_bytes) : "";
}

const char *
till_json_string_or(TillJsonReader *reader, const char *name, gsize max_bytes, const char *fallback)
{
	if (reader->fault[0] != '\0')
		return "";
	const json_t *value = get_field(reader, name);
	return value != NULL ? take_string(reader, value, name, max_bytes) : fallback;
}

static gint64
take_int(TillJsonReader *reader, const json_t *value, const char *name, gint64 min, gint64 max)
{
	if (!json_is_integer(value)) {
		note_field(reader, name, "is not a whole number");
		return 0;
	}
	gint64 number = json_integer_value(value);
	if (number < min || number > max) {
		note_fault(reader,
			   "%s%s%s is not between %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT,
			   reader->path, dot_of(reader), name, min, max);
		return 0;
	}
	return number;
}

gint64
till_json_int(TillJsonReader *reader, const char *name, gint64 min, gint64 max)
{
	const json_t *value = require_field(reader, name);
	return value != NULL ? take_int(reader, value, name, min, max) : 0;
}

gint64
till_json_int_or(TillJsonReader *reader, const char *name, gint64 min, gint64 max, gint64 fallback)
{
	if (reader->fault[0] != '\0')
		return 0;
	const json_t *value = get_field(reader, name);
	return value != NULL ? take_int(reader, value, name, min, max) : fallback;
}

gboolean
till_json_bool_or(TillJsonReader *reader, const char *name, gboolean fallback)
{
	if (reader->fault[0] != '\0')
		return FALSE;
	const json_t *value = get_field(reader, name);
	if (value == NULL)
		return fallback;
	if (!json_is_boolean(value)) {
		note_field(reader, name, "is not true or false");
		return FALSE;
	}
	return json_is_true(value);
}

json_t *
till_json_array(TillJsonReader *reader, const char *name, gsize max)
{
	json_t *value = get_field(reader, name);
	if (value == NULL)
		return NULL;
	if (!json_is_array(value)) {
		note_field(reader, name, "is not a list");
		return NULL;
	}
	if (json_array_size(value) > max) {
		note_fault(reader, "%s%s%s has more than %" G_GSIZE_FORMAT " elements",
			   reader->path, dot_of(reader), name, max);
		return NULL;
	}
	return value;
}

json_t *
till_json_object(TillJsonReader *reader, const char *name)
{
	json_t *value = get_field(reader, name);
	if (value != NULL && !json_is_object(value)) {
		note_field(reader, name, "is not an object");
		return NULL;
	}
	return value;
}

void
till_json_fault(TillJsonReader *reader, const char *name, const char *words)
{
	note_field(reader, name, words);
}

void
till_json_inherit(TillJsonReader *parent, const TillJsonReader *child)
{
	if (parent->fault[0] == '\0')
		memcpy(parent->fault, child->fault, sizeof parent->fault);
}

gboolean
till_json_reader_finish(TillJsonReader *reader, GError **error)
{
	if (reader->fault[0] == '\0')
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "%s", reader->fault);
	return FALSE;
}
