/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "request.h"

/* Who is asking: the signature of a request, its time window, its nonce, its allowance.
 *
 * Threads: any. */

G_BEGIN_DECLS

typedef enum {
	TILL_AUTH_NONE,          /* anybody: health, the CA, enrolment */
	TILL_AUTH_TERMINAL,      /* an enrolled terminal, signed, within the time window */
	TILL_AUTH_TERMINAL_HELLO /* the same without a window: hello teaches the time */
} TillAuthRole;

/* Fills request->terminal. FALSE: response holds the problem. metered: counts against the
 * terminal's allowance (a push does not: draining a long queue is what it is for, and one is in
 * flight at a time). */
gboolean till_auth_check(TillCentral *central, TillAuthRole role, gboolean metered,
			 TillRequest *request, TillResponse *response) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
