/* SPDX-License-Identifier: Apache-2.0 */
#include "auth.h"

#include <stdlib.h>
#include <string.h>

#include "channel-key.h"
#include "server-log.h"
#include "signature.h"

#define BEARER "Bearer "
#define KEY_MAX 128
#define WRONG_KEYS "wrong keys"

static gboolean
refuse(TillRequest *request, TillResponse *response, TillProblemKind kind, const char *words)
{
	till_server_log("refused", "path=%s reason=\"%s\"", request->path, words);
	till_response_problem(response, kind, "%s", words);
	return FALSE;
}

static gboolean
check_window(TillCentral *central, const TillRequestSignature *signature)
{
	gint64 now_ms = till_central_now_ms(central);

	return signature->time_ms > now_ms - TILL_SIGNATURE_WINDOW_MS &&
	       signature->time_ms < now_ms + TILL_SIGNATURE_WINDOW_MS;
}

/* The signature is checked before the nonce is noted, so that a stranger cannot burn nonces. */
static gboolean
check_signature(TillCentral *central, TillAuthRole role, TillRequest *request,
		TillResponse *response)
{
	TillRequestSignature signature;
	gsize size;
	const void *body = g_bytes_get_data(request->body, &size);

	if (request->signature == NULL || !till_signature_parse(request->signature, &signature))
		return refuse(request, response, TILL_PROBLEM_UNAUTHORISED,
			      "The request carries no readable " TILL_SIGNATURE_HEADER
			      " header. Enrol this till.");
	if (!till_registry_find(central->registry, signature.terminal, &request->terminal))
		return refuse(request, response, TILL_PROBLEM_UNAUTHORISED,
			      "This central does not know the terminal. Enrol it again.");
	if (!till_signature_check(&signature, &request->terminal.key, request->method,
				  request->target, body, size))
		return refuse(request, response, TILL_PROBLEM_UNAUTHORISED,
			      "The signature does not fit the request. Enrol this till again.");
	if (request->terminal.revoked)
		return refuse(request, response, TILL_PROBLEM_FORBIDDEN,
			      "This terminal was withdrawn. Ask head office.");
	if (role != TILL_AUTH_TERMINAL_HELLO && !check_window(central, &signature))
		return refuse(request, response, TILL_PROBLEM_UNAUTHORISED,
			      "The request's time is more than ten minutes off. Say hello to learn "
			      "the time.");
	if (!till_registry_use_nonce(central->registry, signature.terminal, signature.nonce,
				     till_central_now_ms(central)))
		return refuse(request, response, TILL_PROBLEM_UNAUTHORISED,
			      "This request was seen before. Sign it anew.");
	return TRUE;
}

/* Wrong keys have an allowance of their own, so that guessing them slows nobody else down. */
static gboolean
refuse_key(TillCentral *central, TillRequest *request, TillResponse *response)
{
	if (till_registry_allow(central->registry, WRONG_KEYS, till_clock_mono_ms(central->clock)))
		return refuse(request, response, TILL_PROBLEM_UNAUTHORISED,
			      "The key is not one of this central, or was revoked. Ask head office "
			      "for a new one.");
	till_response_problem(response, TILL_PROBLEM_TOO_MANY,
			      "Too many wrong keys. Wait a second.");
	return FALSE;
}

static gboolean
check_key(TillCentral *central, TillAuthRole role, TillRequest *request, TillResponse *response)
{
	const char *text = request->authorization + strlen(BEARER);
	TillHash hash;

	if (g_ascii_strncasecmp(request->authorization, BEARER, strlen(BEARER)) != 0 ||
	    strlen(text) > KEY_MAX)
		return refuse_key(central, request, response);
	till_crypto_hash(text, strlen(text), &hash);
	if (!till_registry_find_key(central->registry, &hash, &request->key))
		return refuse_key(central, request, response);
	if (role == TILL_AUTH_OFFICE && strcmp(request->key.channel, TILL_CHANNEL_OFFICE) != 0)
		return refuse(request, response, TILL_PROBLEM_FORBIDDEN,
			      "Only a key of the channel office may do this.");
	return TRUE;
}

/* Which allowance the asker uses up; NULL: refused. */
static const char *
identify(TillCentral *central, TillAuthRole role, TillRequest *request, TillResponse *response)
{
	gboolean takes_keys = role == TILL_AUTH_CHANNEL || role == TILL_AUTH_OFFICE;

	if (role == TILL_AUTH_NONE)
		return "strangers";
	if (takes_keys && request->authorization != NULL)
		return check_key(central, role, request, response) ? request->key.name : NULL;
	if (role == TILL_AUTH_OFFICE) {
		refuse(request, response, TILL_PROBLEM_UNAUTHORISED,
		       "Send Authorization: Bearer and a key of the channel office.");
		return NULL;
	}
	return check_signature(central, role, request, response) ? request->terminal.terminal_id
								 : NULL;
}

gboolean
till_auth_check(TillCentral *central, TillAuthRole role, gboolean metered, TillRequest *request,
		TillResponse *response)
{
	const char *bucket = identify(central, role, request, response);

	if (bucket == NULL)
		return FALSE;
	if (metered &&
	    !till_registry_allow(central->registry, bucket, till_clock_mono_ms(central->clock))) {
		till_response_problem(response, TILL_PROBLEM_TOO_MANY,
				      "Too many requests. Wait a second.");
		return FALSE;
	}
	return TRUE;
}
