/* SPDX-License-Identifier: Apache-2.0 */
#include "auth.h"

#include <stdlib.h>
#include <string.h>

#include "server-log.h"
#include "signature.h"

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
	if (role == TILL_AUTH_TERMINAL && !check_window(central, &signature))
		return refuse(request, response, TILL_PROBLEM_UNAUTHORISED,
			      "The request's time is more than ten minutes off. Say hello to learn "
			      "the time.");
	if (!till_registry_use_nonce(central->registry, signature.terminal, signature.nonce,
				     till_central_now_ms(central)))
		return refuse(request, response, TILL_PROBLEM_UNAUTHORISED,
			      "This request was seen before. Sign it anew.");
	return TRUE;
}

gboolean
till_auth_check(TillCentral *central, TillAuthRole role, gboolean metered, TillRequest *request,
		TillResponse *response)
{
	const char *bucket = "strangers";

	if (role != TILL_AUTH_NONE) {
		if (!check_signature(central, role, request, response))
			return FALSE;
		bucket = request->terminal.terminal_id;
	}
	if (metered &&
	    !till_registry_allow(central->registry, bucket, till_clock_mono_ms(central->clock))) {
		till_response_problem(response, TILL_PROBLEM_TOO_MANY,
				      "Too many requests. Wait a second.");
		return FALSE;
	}
	return TRUE;
}
