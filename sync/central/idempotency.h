/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "request.h"

/* Requests that may come twice and are done once: the header Idempotency-Key, 1 to 255 printable
 * letters, names one request of one asker.
 *
 * The same key with the same method, address and body gets the first answer again, with the header
 * "Idempotency-Replayed: true"; with another request it is refused (422, key-reused). Answers that
 * something was done are kept, in the transaction that did it, for thirty days at least; what was
 * refused or failed changed nothing and may be tried again with the same key.
 *
 * Threads: check any; the rest the writer's. */

G_BEGIN_DECLS

#define TILL_IDEMPOTENCY_HEADER "Idempotency-Key"
#define TILL_IDEMPOTENCY_DAYS 30

/* Whether the header is as it may be. required: its absence is refused too. FALSE: response holds
 * the problem. */
gboolean till_idempotency_check(const TillRequest *request, gboolean required,
				TillResponse *response) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE: response holds the answer that was given before, or that the key names another request, or
 * that the books failed. FALSE: the request is to be done. */
gboolean till_idempotency_replay(TillCentral *central, const TillRequest *request,
				 TillResponse *response) G_GNUC_WARN_UNUSED_RESULT;

/* Keeps the answer, if it is one of something done. FALSE: it could not be kept; undo. */
gboolean till_idempotency_keep(TillCentral *central, const TillRequest *request,
			       const TillResponse *response) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
