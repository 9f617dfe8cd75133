/* SPDX-License-Identifier: Apache-2.0 */
#include "messages-entry.h"

#include <string.h>

#include "fields.h"

#define REASON_MAX 200
#define EXCEPTIONS_MAX 32
#define CODE_MAX 64

static const TillField push_fields[] = {
    TILL_FIELD_OF(TillWirePush, incarnation, TILL_FIELD_INCARNATION),
    TILL_FIELD_TEXT(TillWirePush, session, 1, 64),
};

static const TillField base_fields[] = {
    {"seq", TILL_FIELD_INT, offsetof(TillWirePush, base_seq), 0, TILL_MESSAGES_BASE_MAX},
    {"chain", TILL_FIELD_HASH, offsetof(TillWirePush, base_chain), 0, 0},
};

static const TillField queue_fields[] = {
    TILL_FIELD_NUMBER(TillWirePush, pending, 0, G_MAXINT64),
    TILL_FIELD_NUMBER(TillWirePush, oldest_s, 0, G_MAXINT64),
    TILL_FIELD_NUMBER(TillWirePush, held, 0, G_MAXINT64),
    TILL_FIELD_NUMBER(TillWirePush, parked, 0, G_MAXINT64),
};

static const TillField answer_fields[] = {
    TILL_FIELD_OF(TillWirePushAnswer, server_id, TILL_FIELD_UUID),
    TILL_FIELD_TEXT(TillWirePushAnswer, server_incarnation, 1, 64),
    TILL_FIELD_NUMBER(TillWirePushAnswer, server_time_ms, 0, G_MAXINT64),
    TILL_FIELD_NUMBER(TillWirePushAnswer, head_seq, 0, G_MAXINT64),
    TILL_FIELD_OF(TillWirePushAnswer, head_chain, TILL_FIELD_HASH),
    TILL_FIELD_TEXT(TillWirePushAnswer, receipt_signature, 0, 86),
    TILL_FIELD_NUMBER(TillWirePushAnswer, backup_watermark, 0, G_MAXINT64),
    TILL_FIELD_NUMBER(TillWirePushAnswer, max_entries, 1, TILL_WIRE_BATCH_ENTRIES),
    TILL_FIELD_NUMBER(TillWirePushAnswer, chain_seq, 0, G_MAXINT64),
};

static const TillField result_fields[] = {
    TILL_FIELD_NUMBER(TillWireResult, seq, 1, G_MAXINT64),
    TILL_FIELD_TEXT(TillWireResult, outcome, 1, 32),
    TILL_FIELD_NUMBER(TillWireResult, feed_seq, 0, G_MAXINT64),
    TILL_FIELD_TEXT(TillWireResult, reason, 0, REASON_MAX),
};

#define FIELDS(table) table, G_N_ELEMENTS(table)

char *
till_messages_write_push(const TillWirePush *message, gsize *out_size)
{
	char hex[TILL_HASH_TEXT];
	char letters[14];
	GString *text = g_string_sized_new(TILL_WIRE_BATCH_BYTES);

	g_string_append_printf(text, "{\"base\":{\"chain\":\"%s\"",
			       till_crypto_hash_format(&message->base_chain, hex));
	till_messages_append_int(text, ",\"seq\":", message->base_seq);
	g_string_append(text, "},\"entries\":[");
	till_messages_append_entries(text, message->entries);
	g_string_append_printf(text, "],\"incarnation\":\"%s\"",
			       till_id_incarnation_format(message->incarnation, letters));
	till_messages_append_int(text, ",\"proto\":", TILL_WIRE_PROTOCOL);
	till_messages_append_int(text, ",\"queue\":{\"held\":", message->held);
	till_messages_append_int(text, ",\"oldest_s\":", message->oldest_s);
	till_messages_append_int(text, ",\"parked\":", message->parked);
	till_messages_append_int(text, ",\"pending\":", message->pending);
	g_string_append(text, "},\"session\":");
	till_messages_append_string(text, message->session, strlen(message->session));
	g_string_append_c(text, '}');
	*out_size = text->len;
	return g_string_free(text, FALSE);
}

static void
read_inner(TillJsonReader *reader, const char *name, const TillField *fields, gsize count,
	   TillWirePush *message)
{
	TillJsonReader inner = till_fields_inner(reader, name);

	till_fields_read(&inner, fields, count, message);
	till_json_inherit(reader, &inner);
}

/* What is wrong with the entries as a batch: they are of one incarnation and follow base one by
 * one. NULL: nothing. */
static const char *
find_batch_fault(const TillWirePush *message)
{
	gint64 expected = message->base_seq;
	gsize bytes = 0;

	if (message->entries->len == 0)
		return "is empty";
	for (guint i = 0; i < message->entries->len; i++) {
		const TillEntry *entry = g_ptr_array_index(message->entries, i);
		if (entry->incarnation != message->incarnation)
			return "are not all of the push's incarnation";
		if (entry->seq != ++expected)
			return "are not numbered one by one from base";
		bytes += entry->body != NULL ? g_bytes_get_size(entry->body) : 0;
	}
	if (bytes > TILL_WIRE_BATCH_BYTES && message->entries->len > 1)
		return "hold more than 256 KiB of bodies";
	return NULL;
}

TillWirePush *
till_messages_read_push(const json_t *json, GError **error)
{
	g_autoptr(TillWirePush) message = g_new0(TillWirePush, 1);
	TillJsonReader reader = till_json_reader(json, "push");

	till_json_int(&reader, "proto", TILL_WIRE_PROTOCOL, TILL_WIRE_PROTOCOL);
	till_fields_read(&reader, FIELDS(push_fields), message);
	read_inner(&reader, "base", FIELDS(base_fields), message);
	read_inner(&reader, "queue", FIELDS(queue_fields), message);
	message->entries = till_messages_read_entries(&reader);
	const char *fault = reader.fault[0] == '\0' ? find_batch_fault(message) : NULL;
	if (fault != NULL)
		till_json_fault(&reader, "entries", fault);
	return till_json_reader_finish(&reader, error) ? g_steal_pointer(&message) : NULL;
}

TillWirePush *
till_messages_parse_push(const char *text, gsize size, GError **error)
{
	g_autoptr(TillWirePush) push =
	    size <= TILL_WIRE_BODY_MAX ? till_messages_take_push_text(text, size) : NULL;

	if (push != NULL && find_batch_fault(push) == NULL)
		return g_steal_pointer(&push);
	g_autoptr(json_t) json = till_json_parse(text, size, TILL_WIRE_BODY_MAX, "push", error);
	return json != NULL ? till_messages_read_push(json, error) : NULL;
}

void
till_messages_free_push(TillWirePush *message)
{
	till_fields_clear(FIELDS(push_fields), message);
	g_clear_pointer(&message->entries, g_ptr_array_unref);
	g_free(message);
}

static json_t *
write_result(const TillWireResult *result)
{
	json_t *json = json_object();
	json_t *codes = json_array();

	till_fields_write(json, FIELDS(result_fields), result);
	for (guint i = 0; result->exceptions != NULL && i < result->exceptions->len; i++)
		json_array_append_new(codes, json_string(g_ptr_array_index(result->exceptions, i)));
	json_object_set_new(json, "exceptions", codes);
	return json;
}

static TillWireResult *
read_result(TillJsonReader *reader)
{
	TillWireResult *result = g_new0(TillWireResult, 1);

	till_fields_read(reader, FIELDS(result_fields), result);
	result->exceptions = g_ptr_array_new_with_free_func(g_free);
	const json_t *codes = till_json_array(reader, "exceptions", EXCEPTIONS_MAX);
	for (gsize i = 0; i < json_array_size(codes); i++) {
		const json_t *code = json_array_get(codes, i);
		if (!json_is_string(code) || json_string_length(code) > CODE_MAX) {
			till_json_fault(reader, "exceptions", "holds something that is no code");
			break;
		}
		g_ptr_array_add(result->exceptions, g_strdup(json_string_value(code)));
	}
	return result;
}

void
till_messages_free_result(gpointer result)
{
	TillWireResult *wire_result = result;

	if (wire_result == NULL)
		return;
	till_fields_clear(FIELDS(result_fields), wire_result);
	g_clear_pointer(&wire_result->exceptions, g_ptr_array_unref);
	g_free(wire_result);
}

json_t *
till_messages_write_push_answer(const TillWirePushAnswer *message)
{
	json_t *json = json_object();
	json_t *results = json_array();

	till_fields_write(json, FIELDS(answer_fields), message);
	for (guint i = 0; i < message->results->len; i++)
		json_array_append_new(results,
				      write_result(g_ptr_array_index(message->results, i)));
	json_object_set_new(json, "results", results);
	return json;
}

TillWirePushAnswer *
till_messages_read_push_answer(const json_t *json, GError **error)
{
	g_autoptr(TillWirePushAnswer) message = g_new0(TillWirePushAnswer, 1);
	TillJsonReader reader = till_json_reader(json, "push answer");

	till_fields_read(&reader, FIELDS(answer_fields), message);
	message->results = g_ptr_array_new_with_free_func(till_messages_free_result);
	const json_t *results = till_json_array(&reader, "results", TILL_WIRE_BATCH_ENTRIES);
	for (gsize i = 0; i < json_array_size(results) && reader.fault[0] == '\0'; i++) {
		TillJsonReader item = till_json_reader_item(&reader, "results", i);
		g_ptr_array_add(message->results, read_result(&item));
		till_json_inherit(&reader, &item);
	}
	return till_json_reader_finish(&reader, error) ? g_steal_pointer(&message) : NULL;
}

void
till_messages_free_push_answer(TillWirePushAnswer *message)
{
	till_fields_clear(FIELDS(answer_fields), message);
	g_clear_pointer(&message->results, g_ptr_array_unref);
	g_free(message);
}
