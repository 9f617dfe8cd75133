/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange.h"

#include <string.h>

#include "json.h"
#include "messages.h"
#include "signature.h"

typedef struct {
	const TillIdentity *identity; /* borrowed */
	gboolean is_download;
	TillReplyDone done;
	gpointer user;
	GDestroyNotify user_free;
} Call;

static void
free_call(gpointer data)
{
	Call *call = data;

	if (call->user_free != NULL)
		call->user_free(call->user);
	g_free(call);
}

static void
set_offline(TillReply *reply, const char *words)
{
	reply->kind = TILL_REPLY_OFFLINE;
	g_strlcpy(reply->reason, words, sizeof reply->reason);
}

static void
judge_stranger(const TillHttpAnswer *answer, TillReply *reply)
{
	if (answer->status >= 500) {
		reply->kind = TILL_REPLY_OFFLINE;
		(void)g_snprintf(reply->reason, sizeof reply->reason,
				 "Something on the way to the central answers with status %ld.",
				 answer->status);
	} else if (answer->server[0] != '\0')
		set_offline(reply, "Another central answers at this address. Check the address, or "
				   "enrol this till again.");
	else if (strcmp(answer->content_type, "text/html") == 0)
		set_offline(reply, "A web page answers in the central's place (a sign-in page of "
				   "the network?). Sign in to the network.");
	else
		set_offline(reply, "Something that is not the central answers at its address.");
}

static void
judge_problem(const TillHttpAnswer *answer, const json_t *json, TillReply *reply)
{
	if (json != NULL && strcmp(answer->content_type, TILL_PROBLEM_CONTENT_TYPE) == 0 &&
	    till_problem_read(json, &reply->problem)) {
		reply->kind = TILL_REPLY_PROBLEM;
		(void)g_snprintf(reply->reason, sizeof reply->reason, "The central says: %s",
				 reply->problem.detail);
		return;
	}
	reply->kind = TILL_REPLY_OFFLINE;
	(void)g_snprintf(reply->reason, sizeof reply->reason,
			 "The central answered with status %ld and no explanation.",
			 answer->status);
}

void
till_exchange_judge(const TillHttpAnswer *answer, const char *server_id, gboolean is_download,
		    TillReply *out)
{
	*out = (TillReply){.retry_after_s = answer->retry_after_s,
			   .rtt_ms = answer->rtt_ms,
			   .timed_out = answer->timed_out,
			   .sent = answer->sent};
	if (answer->status == 0) {
		set_offline(out, answer->trouble);
		return;
	}
	if (strcmp(answer->server, server_id) != 0) {
		judge_stranger(answer, out);
		return;
	}
	if (answer->status == 200 && is_download) {
		out->kind = TILL_REPLY_OK;
		g_strlcpy(out->hash, answer->hash, sizeof out->hash);
		return;
	}
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) json =
	    till_json_parse((const char *)answer->body->data, answer->body->len,
			    TILL_EXCHANGE_ANSWER_MAX, "central's answer", &error);
	if (answer->status != 200) {
		judge_problem(answer, json, out);
		return;
	}
	if (json == NULL) {
		set_offline(out, error->message);
		return;
	}
	out->kind = TILL_REPLY_OK;
	out->json = g_steal_pointer(&json);
}

void
till_exchange_clear(TillReply *reply)
{
	g_clear_pointer(&reply->json, json_decref);
	till_problem_clear(&reply->problem);
}

static char *
signature_line(const TillExchange *exchange, const char *method, const char *target, GBytes *body)
{
	gsize size = 0;
	const void *bytes = body != NULL ? g_bytes_get_data(body, &size) : NULL;
	gint64 time_ms = till_clock_wall_ms(exchange->clock) + exchange->offset_ms;
	g_autofree char *value = till_signature_make(exchange->key, exchange->identity->terminal_id,
						     method, target, bytes, size, MAX(time_ms, 0));

	return g_strconcat(TILL_SIGNATURE_HEADER ": ", value, NULL);
}

static void
answered_cb(const TillHttpAnswer *answer, gpointer user)
{
	const Call *call = user;
	TillReply reply;

	till_exchange_judge(answer, call->identity->server_id, call->is_download, &reply);
	call->done(&reply, call->user);
	till_exchange_clear(&reply);
}

TillHttpRequest *
till_exchange_start(const TillExchange *exchange, const TillExchangeAsk *ask)
{
	Call *call = g_new0(Call, 1);
	g_autofree char *signature = signature_line(exchange, ask->method, ask->target, ask->body);
	g_autofree char *idempotency = g_strconcat(
	    "Idempotency-Key: ", ask->idempotency != NULL ? ask->idempotency : "", NULL);
	const char *headers[] = {signature, ask->idempotency != NULL ? idempotency : NULL, NULL};
	const char *body_type = ask->content_type != NULL ? ask->content_type : "application/json";

	call->identity = exchange->identity;
	call->is_download = ask->download_path != NULL;
	call->done = ask->done;
	call->user = ask->user;
	call->user_free = ask->user_free;
	TillHttpOptions options = {
	    .method = ask->method,
	    .target = ask->target,
	    .body = ask->body,
	    .content_type = ask->body != NULL ? body_type : NULL,
	    .headers = headers,
	    .answer_max =
		ask->download_path != NULL ? TILL_EXCHANGE_DOWNLOAD_MAX : TILL_EXCHANGE_ANSWER_MAX,
	    .download_path = ask->download_path,
	    .done = answered_cb,
	    .user = call,
	    .user_free = free_call,
	};
	return till_http_start(exchange->http, &options);
}

TillHttpRequest *
till_exchange_listen(const TillExchange *exchange, const char *target, gint64 heartbeat_ms,
		     TillHttpData data, TillHttpDone done, gpointer user)
{
	g_autofree char *signature = signature_line(exchange, "GET", target, NULL);
	const char *headers[] = {signature, "Accept: text/event-stream", NULL};
	TillHttpOptions options = {
	    .method = "GET",
	    .target = target,
	    .headers = headers,
	    .answer_max = TILL_WIRE_BODY_MAX,
	    .data = data,
	    .heartbeat_ms = heartbeat_ms,
	    .done = done,
	    .user = user,
	};

	return till_http_start(exchange->http, &options);
}
