/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "request.h"

/* What the handlers of resources have in common.
 *
 * Threads: as each says. */

G_BEGIN_DECLS

/* What an operating failure is to whoever asked: as till_response_error, with TILL_ERROR_STATE the
 * problem "state" (409). Any thread. */
void till_api_fail(TillResponse *response, const GError *error);

/* 201 with JSON and its address; takes the reference over. Any thread. */
void till_api_created(TillResponse *response, const char *folder, const char *id, json_t *value);

/* The header ETag: "version" of what is answered. Any thread. */
void till_api_tag(TillResponse *response, gint64 version);
/* If-Match, when it is there, against a version: "3", several with commas, or *. FALSE: response
 * holds the problem (412 with the member version). Any thread. */
gboolean till_api_check_version(const TillRequest *request, gint64 version,
				TillResponse *response) G_GNUC_WARN_UNUSED_RESULT;

/* For which channel the asker speaks: the key's own; "support" for head office, "store" for a till.
 * Static or the request's. Any thread. */
const char *till_api_channel(const TillRequest *request);
/* Who did something, for a timeline: the key's name, or "Till 02 of 014". Caller frees. */
char *till_api_who(const TillRequest *request);

/* Whether there is a store. The writer's. */
gboolean till_api_has_store(TillCentral *central, const char *code, gboolean *out,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
