/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

#include "http.h"
#include "identity.h"
#include "problem.h"

/* A signed request and a judged answer: what stands between the engine and plain HTTP.
 *
 * An answer counts as the central's only when it carries the central's id and reads as what was
 * asked for, or as one of its problems. All else (no answer, a captive portal's page, a proxy's
 * 502, another central) is "offline", with the reason in words.
 *
 * Threads: the one that drives the TillHttp. */

G_BEGIN_DECLS

#define TILL_EXCHANGE_ANSWER_MAX 8388608 /* 8 MiB */
#define TILL_EXCHANGE_DOWNLOAD_MAX (G_GUINT64_CONSTANT(4294967296))

typedef enum {
	TILL_REPLY_OK,      /* json holds the answer; for a download the file is whole */
	TILL_REPLY_PROBLEM, /* our central, and it says why not */
	TILL_REPLY_OFFLINE, /* not our central, or nobody */
} TillReplyKind;

typedef struct {
	TillReplyKind kind;
	json_t *json;         /* owned; NULL for downloads and when not OK */
	TillProblem problem;  /* owned parts; PROBLEM only */
	char reason[200];     /* PROBLEM, OFFLINE: in words */
	gint64 retry_after_s; /* −1: none */
	gint64 rtt_ms;
	gboolean timed_out;
	gboolean sent; /* OFFLINE: the central may have acted on the request */
	char hash[65]; /* of a download */
} TillReply;

/* reply is borrowed. */
typedef void (*TillReplyDone)(const TillReply *reply, gpointer user);

typedef struct {
	TillHttp *http;               /* borrowed */
	const TillIdentity *identity; /* borrowed */
	const TillSigningKey *key;    /* borrowed */
	const TillClock *clock;       /* borrowed */
	gint64 offset_ms;             /* server time − our wall clock, as far as known */
} TillExchange;

typedef struct {
	const char *method;
	const char *target;
	GBytes *body;              /* nullable */
	const char *content_type;  /* of body; NULL: JSON */
	const char *idempotency;   /* nullable: Idempotency-Key */
	const char *download_path; /* nullable */
	TillReplyDone done;
	gpointer user;
	GDestroyNotify user_free; /* nullable */
} TillExchangeAsk;

/* The request is borrowed, valid until done ran; it may be cancelled by till_http_cancel with the
 * exchange's own memory let go by itself. */
TillHttpRequest *till_exchange_start(const TillExchange *exchange, const TillExchangeAsk *ask);

/* Opens the stream of events: bytes go to data, its end to done (never OK). */
TillHttpRequest *till_exchange_listen(const TillExchange *exchange, const char *target,
				      gint64 heartbeat_ms, TillHttpData data, TillHttpDone done,
				      gpointer user);

/* What an answer is worth. is_download: a 200 has no JSON body but a hash. Cleared by
 * till_exchange_clear. */
void till_exchange_judge(const TillHttpAnswer *answer, const char *server_id, gboolean is_download,
			 TillReply *out);
void till_exchange_clear(TillReply *reply);

G_END_DECLS
