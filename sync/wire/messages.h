/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "entry.h"
#include "json.h"

/* Every message between terminal and central, protocol 1: one struct a message, one reader, one
 * writer.
 *
 *   GET  /v1/ca                         the central's CA (PEM) and ids, unsigned; checked against
 * the enrolment code POST /v1/enrol                      one-time code + public key → identity POST
 * /v1/t/{terminal}/hello         who is speaking, where its journal stands → session, heads, time
 *   POST /v1/t/{terminal}/push          a batch of entries → an outcome each
 *   PUT  /v1/t/{terminal}/body/{hash}   the body of an entry whose header was taken before
 *   GET  /v1/t/{terminal}/journal?incarnation=I&after=N   the terminal's own rows, after a restored
 * backup GET  /v1/feed?scope=S&cursor=E.N    changes after a cursor (200 rows of at most 1 MiB),
 * 410 when too old GET  /v1/snapshot?scope=S           a ready cache database, hash and cursors in
 * headers GET  /v1/events?scope=S             server-sent events, hints only POST /v1/quote prices
 * a basket (same engine as the till)
 *
 * What the lines above leave open:
 *   - Every answer, errors too, carries TILL_WIRE_SERVER_HEADER with the server's id: that and a
 * body that reads as the expected message is how the terminal knows its central from a captive
 * portal.
 *   - push also carries "Idempotency-Key: <incarnation>-<first>-<last>-<first 8 hex of the last
 * chain>".
 *   - PUT body takes the raw bytes and answers like push, with one result.
 *   - journal answers at most TILL_WIRE_BATCH_ENTRIES rows after N, none when there are no more.
 *   - scopes are "chain" and "store:<code>". A snapshot is asked for by the store's scope and holds
 * both; its hash stands in TILL_WIRE_HASH_HEADER (hex), its cursors in TILL_WIRE_CURSOR_HEADER
 * ("chain=E.N,store:014=E.N") and inside the file.
 *   - events takes both scopes with a comma; each event is "event: head" and "data:
 * {"head":N,"scope":S}", a comment line at least every 20 s keeps the stream alive.
 *
 * Every request but ca and enrol is signed (signature.h). Errors are problem+json (problem.h).
 * Unknown keys are ignored, missing required ones are an error that names them. Limits: body 1 MiB,
 * inflated 8 MiB, depth 16, 100 entries or 256 KiB of bodies a batch.
 *
 * Hashes are lower-case hex, keys and signatures base64url, ids UUID text, incarnations 13 letters.
 *
 * Threads: any (pure). read functions: NULL with TILL_ERROR_INVALID naming the field. write
 * functions: caller owns the value. */

G_BEGIN_DECLS

#define TILL_WIRE_PROTOCOL 1
#define TILL_WIRE_BODY_MAX 1048576 /* 1 MiB */
#define TILL_WIRE_BATCH_ENTRIES 100
#define TILL_WIRE_BATCH_BYTES 262144 /* 256 KiB */
#define TILL_WIRE_FEED_ROWS 200
#define TILL_WIRE_HEADS_MAX 64   /* incarnations of one home in a hello */
#define TILL_WIRE_SAMPLES_MAX 64 /* of one head */

#define TILL_WIRE_SERVER_HEADER "Tillhouse-Server"
#define TILL_WIRE_HASH_HEADER "Tillhouse-Hash"
#define TILL_WIRE_CURSOR_HEADER "Tillhouse-Cursor"
#define TILL_WIRE_HEARTBEAT_MS 20000 /* 20 s */

typedef struct {
	char *ca_pem; /* "" when the central listens on plain loopback */
	char *server_id;
	TillPublicKey server_key;
	gint64 server_time_ms;
} TillWireCa;

typedef struct {
	char *code; /* the eight letters of the one-time code, without the CA part */
	TillPublicKey key;
	char *fingerprint;
	char *device; /* words: host name */
} TillWireEnrolRequest;

typedef struct {
	char *store_id, *store_code, *store_name;
	char *terminal_id, *till_number;
	char *server_id;
	TillPublicKey server_key;
	gint64 server_time_ms;
} TillWireEnrolAnswer;

typedef struct {
	guint64 incarnation;
	guint64 parent_incarnation; /* 0: none */
	gint64 parent_seq;
	TillHash parent_chain;
	gint64 seq;
	TillHash chain;
	GArray *samples; /* of TillWireSample, newest first, at most 64: lets the server find the
			    last common row */
} TillWireHead;

typedef struct {
	gint64 seq;
	TillHash chain;
} TillWireSample;

typedef struct {
	char *fingerprint;
	char *boot;
	char *program;            /* "tillhouse 0.1.0" */
	GPtrArray *heads;         /* of TillWireHead (owned), oldest first; last is current */
	gint64 known_server_seq;  /* highest seq of the current incarnation with a signed ack; 0 */
	char *server_incarnation; /* the one those acks came from; "" */
} TillWireHello;

typedef enum {
	TILL_WIRE_HEAD_RESUME,   /* go on at server_seq + 1 */
	TILL_WIRE_HEAD_ROLLBACK, /* server has more than the terminal: restored backup */
	TILL_WIRE_HEAD_FORK, /* chains differ after last_common: a clone, or restored then sold */
} TillWireHeadVerdict;

typedef struct {
	guint64 incarnation;
	TillWireHeadVerdict verdict;
	gint64 server_seq;
	gint64 last_common;
} TillWireHeadAnswer;

typedef struct {
	char *session;
	char *server_id;
	char *server_incarnation;
	gint64 server_time_ms;
	GArray *heads;    /* of TillWireHeadAnswer, in the order asked */
	gboolean blocked; /* this machine looks like a clone: sales go on, refunds and overrides
			     wait for re-enrolment */
	char *notice;     /* words for the person at the till; "" */
	gint64 max_entries;
} TillWireHelloAnswer;

typedef struct {
	guint64 incarnation;
	char *session;
	gint64 base_seq; /* the row before the first entry; 0 = genesis */
	TillHash base_chain;
	GPtrArray *entries; /* of TillEntry, consecutive, owned by the message when it was read. An
			       entry with body NULL is header-only (parked) */
	gint64 pending, oldest_s, held, parked;
} TillWirePush;

typedef struct {
	gint64 seq;
	char *outcome; /* applied | applied_exceptions | held | duplicate */
	gint64 feed_seq;
	char *reason; /* held: WAITS_FOR …, ID_CONFLICT, BODY_PENDING, UNREADABLE, NEEDS_UPGRADE,
			 BAD_SIGNATURE; "" */
	GPtrArray *exceptions; /* of char*: codes */
} TillWireResult;

typedef struct {
	char *server_id, *server_incarnation;
	gint64 server_time_ms;
	gint64 head_seq;
	TillHash head_chain;
	GPtrArray *results;      /* of TillWireResult */
	char *receipt_signature; /* Ed25519 by the server over terminal id ‖ incarnation ‖ head seq
				    ‖ head chain */
	gint64 backup_watermark;
	gint64 max_entries;
	gint64
	    chain_seq; /* head of the chain's feed: what these used of offers shows up to there */
} TillWirePushAnswer;

typedef struct {
	gint64 seq;
	char *collection;
	char *key;
	json_t *value; /* owned; NULL: delete */
} TillWireFeedRow;

typedef struct {
	char *scope;
	char *epoch;
	gint64 next;  /* cursor after these rows */
	gint64 head;  /* newest number of the scope */
	gint64 floor; /* oldest cursor still served */
	gboolean up_to_date;
	GPtrArray *rows; /* of TillWireFeedRow */
} TillWireFeedPage;

json_t *till_messages_write_ca(const TillWireCa *message);
TillWireCa *till_messages_read_ca(const json_t *json, GError **error);
void till_messages_free_ca(TillWireCa *message);

json_t *till_messages_write_enrol_request(const TillWireEnrolRequest *message);
TillWireEnrolRequest *till_messages_read_enrol_request(const json_t *json, GError **error);
void till_messages_free_enrol_request(TillWireEnrolRequest *message);

json_t *till_messages_write_enrol_answer(const TillWireEnrolAnswer *message);
TillWireEnrolAnswer *till_messages_read_enrol_answer(const json_t *json, GError **error);
void till_messages_free_enrol_answer(TillWireEnrolAnswer *message);

json_t *till_messages_write_hello(const TillWireHello *message);
TillWireHello *till_messages_read_hello(const json_t *json, GError **error);
void till_messages_free_hello(TillWireHello *message);
/* One head with its samples. A GDestroyNotify. */
void till_messages_free_head(gpointer head);

json_t *till_messages_write_hello_answer(const TillWireHelloAnswer *message);
TillWireHelloAnswer *till_messages_read_hello_answer(const json_t *json, GError **error);
void till_messages_free_hello_answer(TillWireHelloAnswer *message);

/* Bodies travel as a string member holding the exact bytes. The writer of push works on text
 * directly, since a batch of 100 sales is on the hot path. Caller frees. */
char *till_messages_write_push(const TillWirePush *message, gsize *out_size);
TillWirePush *till_messages_read_push(const json_t *json, GError **error);
/* From the request's bytes, at most TILL_WIRE_BODY_MAX: ten times as fast when they are as the
 * writer wrote them, and the same result for any others. */
TillWirePush *till_messages_parse_push(const char *text, gsize size, GError **error);
void till_messages_free_push(TillWirePush *message);

json_t *till_messages_write_push_answer(const TillWirePushAnswer *message);
TillWirePushAnswer *till_messages_read_push_answer(const json_t *json, GError **error);
void till_messages_free_push_answer(TillWirePushAnswer *message);
void till_messages_free_result(gpointer result);

/* One entry alone, as inside push. Hash and chain are carried, not computed: the reader of a
 * message checks them (till_entry_fault). A body that is no UTF-8 text travels as "body_base64", so
 * that even damaged bytes reach the central unchanged. */
json_t *till_messages_write_entry(const TillEntry *entry);
TillEntry *till_messages_read_entry(const json_t *json, GError **error);

/* GET journal's answer, {"entries":[…]}. entries: array of TillEntry. */
char *till_messages_write_journal(GPtrArray *entries, gsize *out_size);
GPtrArray *till_messages_read_journal(const json_t *json, GError **error);

/* The data of an event. out_scope: at least 64 bytes. */
json_t *till_messages_write_hint(const char *scope, gint64 head);
gboolean till_messages_read_hint(const json_t *json, char *out_scope,
				 gint64 *out_head) G_GNUC_WARN_UNUSED_RESULT;

json_t *till_messages_write_feed_page(const TillWireFeedPage *message);
TillWireFeedPage *till_messages_read_feed_page(const json_t *json, GError **error);
void till_messages_free_feed_page(TillWireFeedPage *message);
void till_messages_free_feed_row(gpointer row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillWireCa, till_messages_free_ca)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillWireEnrolRequest, till_messages_free_enrol_request)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillWireEnrolAnswer, till_messages_free_enrol_answer)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillWireHello, till_messages_free_hello)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillWireHelloAnswer, till_messages_free_hello_answer)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillWirePush, till_messages_free_push)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillWirePushAnswer, till_messages_free_push_answer)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillWireFeedPage, till_messages_free_feed_page)

G_END_DECLS
