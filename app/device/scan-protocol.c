/* SPDX-License-Identifier: Apache-2.0 */
#include "scan-protocol.h"

#include <string.h>

#include "error.h"
#include "json.h"

#define MS_MAX 86400000
#define SENTENCE_MAX 8192

static void
put_number(guint8 *out, guint64 number, guint bytes)
{
	for (guint i = 0; i < bytes; i++)
		out[i] = (guint8)(number >> (8 * (bytes - 1 - i)));
}

static guint64
get_number(const guint8 *bytes, guint count)
{
	guint64 number = 0;

	for (guint i = 0; i < count; i++)
		number = number << 8 | bytes[i];
	return number;
}

void
till_scan_protocol_write_head(const TillScanProtocolHead *head, guint8 *out24)
{
	out24[0] = 'T';
	out24[1] = 'S';
	out24[2] = (guint8)head->kind;
	out24[3] = head->all_stages ? 1 : 0;
	put_number(out24 + 4, head->body_size, 4);
	put_number(out24 + 8, head->width, 4);
	put_number(out24 + 12, head->height, 4);
	put_number(out24 + 16, (guint64)head->at_ms, 8);
}

static gboolean
has_sound_size(const TillScanProtocolHead *head)
{
	if (head->kind == TILL_SCAN_PROTOCOL_PICTURE)
		return head->body_size > 0 && head->body_size <= TILL_SCAN_PROTOCOL_PATH_MAX;
	return till_image_fits(head->width, head->height) &&
	       head->body_size == (guint64)head->width * head->height;
}

gboolean
till_scan_protocol_read_head(const guint8 *bytes24, TillScanProtocolHead *out, GError **error)
{
	if (bytes24[0] != 'T' || bytes24[1] != 'S' ||
	    (bytes24[2] != TILL_SCAN_PROTOCOL_FRAME && bytes24[2] != TILL_SCAN_PROTOCOL_PICTURE) ||
	    bytes24[3] > 1) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID,
				    "This is no question to a code reader; start it by a till.");
		return FALSE;
	}
	TillScanProtocolHead head = {
	    .kind = bytes24[2],
	    .all_stages = bytes24[3] == 1,
	    .body_size = (guint32)get_number(bytes24 + 4, 4),
	    .width = (guint32)get_number(bytes24 + 8, 4),
	    .height = (guint32)get_number(bytes24 + 12, 4),
	    .at_ms = (gint64)get_number(bytes24 + 16, 8),
	};
	if (!has_sound_size(&head)) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_LIMIT,
				    "This question is larger than a picture may be.");
		return FALSE;
	}
	*out = head;
	return TRUE;
}

/* Of an answer that would be too long, the codes are left out from the end. */
char *
till_scan_protocol_write_codes(const GPtrArray *codes, gint64 ms)
{
	g_autoptr(GString) list = g_string_new(NULL);

	for (guint i = 0; i < MIN(codes->len, TILL_SCAN_PROTOCOL_CODES_MAX); i++) {
		g_autoptr(json_t) value = till_code_to_json(g_ptr_array_index(codes, i));
		g_autofree char *text = till_json_write(value, NULL);
		if (list->len + strlen(text) > TILL_SCAN_PROTOCOL_ANSWER_MAX - 64)
			break;
		g_string_append_printf(list, "%s%s", i > 0 ? "," : "", text);
	}
	return g_strdup_printf("{\"codes\":[%s],\"ms\":%" G_GINT64_FORMAT "}\n", list->str,
			       CLAMP(ms, 0, MS_MAX));
}

char *
till_scan_protocol_write_error(const char *sentence)
{
	g_autoptr(json_t) value = json_object();
	g_autofree char *sound = g_utf8_make_valid(sentence, -1);

	json_object_set_new(value, "error", json_string(sound));
	g_autofree char *text = till_json_write(value, NULL);
	return g_strconcat(text, "\n", NULL);
}

static GPtrArray *
read_codes(const json_t *list, GError **error)
{
	g_autoptr(GPtrArray) codes = g_ptr_array_new_with_free_func((GDestroyNotify)till_code_free);

	for (gsize i = 0; i < json_array_size(list); i++) {
		TillCode *code = till_code_from_json(json_array_get(list, i), error);
		if (code == NULL)
			return NULL;
		g_ptr_array_add(codes, code);
	}
	return g_steal_pointer(&codes);
}

static GPtrArray *
read_object(const json_t *value, gint64 *out_ms, GError **error)
{
	TillJsonReader reader = till_json_reader(value, "answer");
	json_t *list = till_json_array(&reader, "codes", TILL_SCAN_PROTOCOL_CODES_MAX);
	gint64 ms = till_json_int(&reader, "ms", 0, MS_MAX);

	if (list == NULL)
		till_json_fault(&reader, "codes", "is missing");
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	if (out_ms != NULL)
		*out_ms = ms;
	return read_codes(list, error);
}

GPtrArray *
till_scan_protocol_read_answer(const char *line, gsize size, gint64 *out_ms, GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(json_t) value =
	    till_json_parse(line, size, TILL_SCAN_PROTOCOL_ANSWER_MAX, "answer", &failure);
	const char *sentence = json_string_value(json_object_get(value, "error"));

	if (sentence != NULL && *sentence != '\0' && strlen(sentence) <= SENTENCE_MAX) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID, sentence);
		return NULL;
	}
	GPtrArray *codes = value != NULL ? read_object(value, out_ms, &failure) : NULL;
	if (codes == NULL)
		g_set_error(error, TILL_ERROR, TILL_ERROR_CORRUPT,
			    "The code reader answered nonsense (%s); it is started again with the "
			    "next picture.",
			    failure->message);
	return codes;
}
