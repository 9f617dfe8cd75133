/* SPDX-License-Identifier: Apache-2.0 */
#include "wire-messages.h"

#include "till-test.h"

#define ROUND_TRIP(name, type)                                                                     \
	static json_t *round_trip_##name(const json_t *json, GError **error)                       \
	{                                                                                          \
		g_autoptr(type) message = till_messages_read_##name(json, error);                  \
		return message != NULL ? till_messages_write_##name(message) : NULL;               \
	}

ROUND_TRIP(ca, TillWireCa)
ROUND_TRIP(enrol_request, TillWireEnrolRequest)
ROUND_TRIP(enrol_answer, TillWireEnrolAnswer)
ROUND_TRIP(hello, TillWireHello)
ROUND_TRIP(hello_answer, TillWireHelloAnswer)
ROUND_TRIP(entry, TillEntry)
ROUND_TRIP(push_answer, TillWirePushAnswer)
ROUND_TRIP(feed_page, TillWireFeedPage)

static json_t *
load_text(char *text, gsize size)
{
	json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);

	g_free(text);
	g_assert_nonnull(json);
	return json;
}

static json_t *
round_trip_push(const json_t *json, GError **error)
{
	g_autoptr(TillWirePush) message = till_messages_read_push(json, error);
	gsize size;

	if (message == NULL)
		return NULL;
	char *text = till_messages_write_push(message, &size);
	return load_text(text, size);
}

static json_t *
round_trip_journal(const json_t *json, GError **error)
{
	g_autoptr(GPtrArray) entries = till_messages_read_journal(json, error);
	gsize size;

	if (entries == NULL)
		return NULL;
	char *text = till_messages_write_journal(entries, &size);
	return load_text(text, size);
}

const WireMessage wire_messages[] = {
    {"ca", round_trip_ca, "server_id,server_key,server_time_ms"},
    {"enrol-request", round_trip_enrol_request, "code,key,fingerprint"},
    {"enrol-answer", round_trip_enrol_answer,
     "store_id,store_code,terminal_id,till_number,server_id,server_key,server_time_ms"},
    {"hello", round_trip_hello,
     "proto,fingerprint,known_server_seq,heads,heads[0].incarnation,heads[0].seq,heads[0].chain,"
     "heads[0].samples[1].seq,heads[0].samples[1].chain,heads[1].parent_seq,heads[1].parent_chain"},
    {"hello-answer", round_trip_hello_answer,
     "session,server_id,server_incarnation,server_time_ms,max_entries,heads[0].verdict,"
     "heads[1].incarnation,heads[1].server_seq,heads[2].last_common"},
    {"entry", round_trip_entry,
     "seq,txn,type,version,body_hash,chain,signature,incarnation,clock,clock.wall_ms,clock.mono_ms,"
     "orig.incarnation,orig.seq"},
    {"push", round_trip_push,
     "proto,incarnation,session,base,base.seq,base.chain,queue,queue.pending,queue.oldest_s,"
     "queue.held,queue.parked,entries,entries[0].seq,entries[1].txn,entries[2].signature,"
     "entries[0].clock"},
    {"journal", round_trip_journal, "entries,entries[1].chain"},
    {"push-answer", round_trip_push_answer,
     "server_id,server_incarnation,server_time_ms,head_seq,head_chain,backup_watermark,max_entries,"
     "chain_seq,"
     "results[0].seq,results[1].outcome,results[2].feed_seq"},
    {"feed", round_trip_feed_page,
     "scope,epoch,next,head,floor,rows,rows[0].seq,rows[1].collection,rows[2].key,rows[0].value"},
    {NULL, NULL, NULL},
};

json_t *
wire_messages_golden(const char *name)
{
	g_autofree char *relative = g_strdup_printf("tests/data/wire/%s.json", name);
	g_autofree char *path = till_test_source_path(relative);

	return till_test_load_json(path);
}
