/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "request.h"

/* Who is asking: the signature of a request, its time window, its nonce, its allowance; or a key.
 *
 * Threads: any. */

G_BEGIN_DECLS

typedef enum {
	TILL_AUTH_NONE,           /* anybody: health, the CA, enrolment */
	TILL_AUTH_TERMINAL,       /* an enrolled terminal, signed, within the time window */
	TILL_AUTH_TERMINAL_HELLO, /* the same without a window: hello teaches the time */
	TILL_AUTH_CHANNEL,        /* a terminal as above, or whoever has a key (channel-key.h) */
	TILL_AUTH_OFFICE          /* whoever has a key of the channel "office" */
} TillAuthRole;

/* Fills request->terminal or request->key. FALSE: response holds the problem. metered: counts
 * against the terminal's allowance (a push does not: draining a long queue is what it is for, and
 * one is in flight at a time). */
gboolean till_auth_check(TillCentral *central, TillAuthRole role, gboolean metered,
			 TillRequest *request, TillResponse *response) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
