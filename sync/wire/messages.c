/* SPDX-License-Identifier: Apache-2.0 */
#include "messages.h"

#include "fields.h"

#define WORDS_MAX 500
#define NAME_MAX_BYTES 200
#define PEM_MAX 65536 /* 64 KiB */

static const TillField ca_fields[] = {
    TILL_FIELD_TEXT(TillWireCa, ca_pem, 0, PEM_MAX),
    TILL_FIELD_OF(TillWireCa, server_id, TILL_FIELD_UUID),
    TILL_FIELD_OF(TillWireCa, server_key, TILL_FIELD_KEY),
    TILL_FIELD_NUMBER(TillWireCa, server_time_ms, 0, G_MAXINT64),
};

static const TillField enrol_request_fields[] = {
    TILL_FIELD_TEXT(TillWireEnrolRequest, code, 8, 8),
    TILL_FIELD_OF(TillWireEnrolRequest, key, TILL_FIELD_KEY),
    TILL_FIELD_TEXT(TillWireEnrolRequest, fingerprint, 1, 128),
    TILL_FIELD_TEXT(TillWireEnrolRequest, device, 0, NAME_MAX_BYTES),
};

static const TillField enrol_answer_fields[] = {
    TILL_FIELD_OF(TillWireEnrolAnswer, store_id, TILL_FIELD_UUID),
    TILL_FIELD_TEXT(TillWireEnrolAnswer, store_code, 1, 16),
    TILL_FIELD_TEXT(TillWireEnrolAnswer, store_name, 0, NAME_MAX_BYTES),
    TILL_FIELD_OF(TillWireEnrolAnswer, terminal_id, TILL_FIELD_UUID),
    TILL_FIELD_TEXT(TillWireEnrolAnswer, till_number, 1, 8),
    TILL_FIELD_OF(TillWireEnrolAnswer, server_id, TILL_FIELD_UUID),
    TILL_FIELD_OF(TillWireEnrolAnswer, server_key, TILL_FIELD_KEY),
    TILL_FIELD_NUMBER(TillWireEnrolAnswer, server_time_ms, 0, G_MAXINT64),
};

static const TillField sample_fields[] = {
    TILL_FIELD_NUMBER(TillWireSample, seq, 1, G_MAXINT64),
    TILL_FIELD_OF(TillWireSample, chain, TILL_FIELD_HASH),
};

static const TillField head_fields[] = {
    TILL_FIELD_OF(TillWireHead, incarnation, TILL_FIELD_INCARNATION),
    TILL_FIELD_OF(TillWireHead, parent_incarnation, TILL_FIELD_PARENT),
    TILL_FIELD_NUMBER(TillWireHead, parent_seq, 0, G_MAXINT64),
    TILL_FIELD_OF(TillWireHead, parent_chain, TILL_FIELD_HASH),
    TILL_FIELD_NUMBER(TillWireHead, seq, 0, G_MAXINT64),
    TILL_FIELD_OF(TillWireHead, chain, TILL_FIELD_HASH),
};

static const TillField hello_fields[] = {
    TILL_FIELD_TEXT(TillWireHello, fingerprint, 1, 128),
    TILL_FIELD_TEXT(TillWireHello, boot, 0, 64),
    TILL_FIELD_TEXT(TillWireHello, program, 0, 64),
    TILL_FIELD_NUMBER(TillWireHello, known_server_seq, 0, G_MAXINT64),
    TILL_FIELD_TEXT(TillWireHello, server_incarnation, 0, 64),
};

static const TillField hello_answer_fields[] = {
    TILL_FIELD_TEXT(TillWireHelloAnswer, session, 1, 64),
    TILL_FIELD_OF(TillWireHelloAnswer, server_id, TILL_FIELD_UUID),
    TILL_FIELD_TEXT(TillWireHelloAnswer, server_incarnation, 1, 64),
    TILL_FIELD_NUMBER(TillWireHelloAnswer, server_time_ms, 0, G_MAXINT64),
    TILL_FIELD_OF(TillWireHelloAnswer, blocked, TILL_FIELD_BOOL),
    TILL_FIELD_TEXT(TillWireHelloAnswer, notice, 0, WORDS_MAX),
    TILL_FIELD_NUMBER(TillWireHelloAnswer, max_entries, 1, TILL_WIRE_BATCH_ENTRIES),
};

static const TillField head_answer_fields[] = {
    TILL_FIELD_OF(TillWireHeadAnswer, incarnation, TILL_FIELD_INCARNATION),
    TILL_FIELD_NUMBER(TillWireHeadAnswer, server_seq, 0, G_MAXINT64),
    TILL_FIELD_NUMBER(TillWireHeadAnswer, last_common, 0, G_MAXINT64),
};

static const char *const verdict_names[] = {
    [TILL_WIRE_HEAD_RESUME] = "resume",
    [TILL_WIRE_HEAD_ROLLBACK] = "rollback",
    [TILL_WIRE_HEAD_FORK] = "fork",
};

#define FIELDS(table) table, G_N_ELEMENTS(table)

json_t *
till_messages_write_ca(const TillWireCa *message)
{
	json_t *json = json_object();

	till_fields_write(json, FIELDS(ca_fields), message);
	return json;
}

TillWireCa *
till_messages_read_ca(const json_t *json, GError **error)
{
	g_autoptr(TillWireCa) message = g_new0(TillWireCa, 1);
	TillJsonReader reader = till_json_reader(json, "ca");

	till_fields_read(&reader, FIELDS(ca_fields), message);
	return till_json_reader_finish(&reader, error) ? g_steal_pointer(&message) : NULL;
}

void
till_messages_free_ca(TillWireCa *message)
{
	till_fields_clear(FIELDS(ca_fields), message);
	g_free(message);
}

json_t *
till_messages_write_enrol_request(const TillWireEnrolRequest *message)
{
	json_t *json = json_object();

	till_fields_write(json, FIELDS(enrol_request_fields), message);
	return json;
}

TillWireEnrolRequest *
till_messages_read_enrol_request(const json_t *json, GError **error)
{
	g_autoptr(TillWireEnrolRequest) message = g_new0(TillWireEnrolRequest, 1);
	TillJsonReader reader = till_json_reader(json, "enrol");

	till_fields_read(&reader, FIELDS(enrol_request_fields), message);
	return till_json_reader_finish(&reader, error) ? g_steal_pointer(&message) : NULL;
}

void
till_messages_free_enrol_request(TillWireEnrolRequest *message)
{
	till_fields_clear(FIELDS(enrol_request_fields), message);
	g_free(message);
}

json_t *
till_messages_write_enrol_answer(const TillWireEnrolAnswer *message)
{
	json_t *json = json_object();

	till_fields_write(json, FIELDS(enrol_answer_fields), message);
	return json;
}

TillWireEnrolAnswer *
till_messages_read_enrol_answer(const json_t *json, GError **error)
{
	g_autoptr(TillWireEnrolAnswer) message = g_new0(TillWireEnrolAnswer, 1);
	TillJsonReader reader = till_json_reader(json, "enrol answer");

	till_fields_read(&reader, FIELDS(enrol_answer_fields), message);
	return till_json_reader_finish(&reader, error) ? g_steal_pointer(&message) : NULL;
}

void
till_messages_free_enrol_answer(TillWireEnrolAnswer *message)
{
	till_fields_clear(FIELDS(enrol_answer_fields), message);
	g_free(message);
}

static json_t *
write_head(const TillWireHead *head)
{
	json_t *json = json_object();
	json_t *samples = json_array();

	till_fields_write(json, FIELDS(head_fields), head);
	for (guint i = 0; head->samples != NULL && i < head->samples->len; i++) {
		json_t *sample = json_object();
		till_fields_write(sample, FIELDS(sample_fields),
				  &g_array_index(head->samples, TillWireSample, i));
		json_array_append_new(samples, sample);
	}
	json_object_set_new(json, "samples", samples);
	return json;
}

static TillWireHead *
read_head(TillJsonReader *reader)
{
	TillWireHead *head = g_new0(TillWireHead, 1);
	gint64 above = G_MAXINT64;

	till_fields_read(reader, FIELDS(head_fields), head);
	const json_t *samples = till_json_array(reader, "samples", TILL_WIRE_SAMPLES_MAX);
	head->samples = g_array_new(FALSE, TRUE, sizeof(TillWireSample));
	for (gsize i = 0; i < json_array_size(samples); i++) {
		TillWireSample sample = {0};
		TillJsonReader item = till_json_reader_item(reader, "samples", i);
		till_fields_read(&item, FIELDS(sample_fields), &sample);
		if (sample.seq > head->seq || sample.seq >= above)
			till_json_fault(&item, "seq", "is out of order");
		till_json_inherit(reader, &item);
		above = sample.seq;
		g_array_append_val(head->samples, sample);
	}
	return head;
}

void
till_messages_free_head(gpointer head)
{
	TillWireHead *wire_head = head;

	if (wire_head == NULL)
		return;
	till_fields_clear(FIELDS(head_fields), wire_head);
	g_clear_pointer(&wire_head->samples, g_array_unref);
	g_free(wire_head);
}

json_t *
till_messages_write_hello(const TillWireHello *message)
{
	json_t *json = json_object();
	json_t *heads = json_array();

	till_fields_write(json, FIELDS(hello_fields), message);
	json_object_set_new(json, "proto", json_integer(TILL_WIRE_PROTOCOL));
	for (guint i = 0; i < message->heads->len; i++)
		json_array_append_new(heads, write_head(g_ptr_array_index(message->heads, i)));
	json_object_set_new(json, "heads", heads);
	return json;
}

TillWireHello *
till_messages_read_hello(const json_t *json, GError **error)
{
	g_autoptr(TillWireHello) message = g_new0(TillWireHello, 1);
	TillJsonReader reader = till_json_reader(json, "hello");

	till_json_int(&reader, "proto", TILL_WIRE_PROTOCOL, TILL_WIRE_PROTOCOL);
	till_fields_read(&reader, FIELDS(hello_fields), message);
	message->heads = g_ptr_array_new_with_free_func(till_messages_free_head);
	const json_t *heads = till_json_array(&reader, "heads", TILL_WIRE_HEADS_MAX);
	for (gsize i = 0; i < json_array_size(heads); i++) {
		TillJsonReader item = till_json_reader_item(&reader, "heads", i);
		g_ptr_array_add(message->heads, read_head(&item));
		till_json_inherit(&reader, &item);
	}
	if (message->heads->len == 0)
		till_json_fault(&reader, "heads", "is empty");
	return till_json_reader_finish(&reader, error) ? g_steal_pointer(&message) : NULL;
}

void
till_messages_free_hello(TillWireHello *message)
{
	till_fields_clear(FIELDS(hello_fields), message);
	g_clear_pointer(&message->heads, g_ptr_array_unref);
	g_free(message);
}

static json_t *
write_head_answer(const TillWireHeadAnswer *answer)
{
	json_t *json = json_object();

	till_fields_write(json, FIELDS(head_answer_fields), answer);
	json_object_set_new(json, "verdict", json_string(verdict_names[answer->verdict]));
	return json;
}

static void
read_head_answer(TillJsonReader *reader, TillWireHeadAnswer *answer)
{
	const char *verdict = till_json_string(reader, "verdict", 16);
	gboolean known = FALSE;

	till_fields_read(reader, FIELDS(head_answer_fields), answer);
	for (gsize i = 0; i < G_N_ELEMENTS(verdict_names); i++) {
		if (g_str_equal(verdict, verdict_names[i])) {
			answer->verdict = (TillWireHeadVerdict)i;
			known = TRUE;
		}
	}
	if (!known)
		till_json_fault(reader, "verdict", "is not a known verdict");
}

json_t *
till_messages_write_hello_answer(const TillWireHelloAnswer *message)
{
	json_t *json = json_object();
	json_t *heads = json_array();

	till_fields_write(json, FIELDS(hello_answer_fields), message);
	for (guint i = 0; i < message->heads->len; i++)
		json_array_append_new(heads, write_head_answer(&g_array_index(
						 message->heads, TillWireHeadAnswer, i)));
	json_object_set_new(json, "heads", heads);
	return json;
}

TillWireHelloAnswer *
till_messages_read_hello_answer(const json_t *json, GError **error)
{
	g_autoptr(TillWireHelloAnswer) message = g_new0(TillWireHelloAnswer, 1);
	TillJsonReader reader = till_json_reader(json, "hello answer");

	till_fields_read(&reader, FIELDS(hello_answer_fields), message);
	message->heads = g_array_new(FALSE, TRUE, sizeof(TillWireHeadAnswer));
	const json_t *heads = till_json_array(&reader, "heads", TILL_WIRE_HEADS_MAX);
	for (gsize i = 0; i < json_array_size(heads); i++) {
		TillWireHeadAnswer answer = {0};
		TillJsonReader item = till_json_reader_item(&reader, "heads", i);
		read_head_answer(&item, &answer);
		till_json_inherit(&reader, &item);
		g_array_append_val(message->heads, answer);
	}
	return till_json_reader_finish(&reader, error) ? g_steal_pointer(&message) : NULL;
}

void
till_messages_free_hello_answer(TillWireHelloAnswer *message)
{
	till_fields_clear(FIELDS(hello_answer_fields), message);
	g_clear_pointer(&message->heads, g_array_unref);
	g_free(message);
}
