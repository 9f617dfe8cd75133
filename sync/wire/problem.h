/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

/* Errors over HTTP as RFC 9457 problem+json:
 * {"type":"urn:tillhouse:problem:gap","title":…,"status":409,"detail":…, …}.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_PROBLEM_CONTENT_TYPE "application/problem+json"

typedef enum {
	TILL_PROBLEM_INVALID,      /* 400 the body or a parameter; detail names the field */
	TILL_PROBLEM_UNAUTHORISED, /* 401 no, bad or replayed signature, unknown terminal */
	TILL_PROBLEM_FORBIDDEN,    /* 403 terminal revoked, code used or expired */
	TILL_PROBLEM_NOT_FOUND,    /* 404 */
	TILL_PROBLEM_METHOD,       /* 405 */
	TILL_PROBLEM_GAP,          /* 409 push does not continue: expected (seq) */
	TILL_PROBLEM_ROLLBACK,     /* 409 server has more rows: say hello */
	TILL_PROBLEM_FORK,         /* 409 chains differ: last_common; say hello */
	TILL_PROBLEM_SESSION,      /* 409 another session is newer: say hello */
	TILL_PROBLEM_VERSION,      /* 409 what is to be changed has another version */
	TILL_PROBLEM_STATE,        /* 409 what it is about has moved on */
	TILL_PROBLEM_STOCK,        /* 409 not so much can be promised; skus names what */
	TILL_PROBLEM_GONE,         /* 410 cursor too old or other epoch: take a snapshot */
	TILL_PROBLEM_PRECONDITION, /* 412 If-Match names another version than version */
	TILL_PROBLEM_TOO_LARGE,    /* 413 */
	TILL_PROBLEM_KEY_REUSED,   /* 422 the Idempotency-Key came before with another request */
	TILL_PROBLEM_TOO_MANY,     /* 429 */
	TILL_PROBLEM_INTERNAL,     /* 500 */
	TILL_PROBLEM_BUSY,         /* 503 with Retry-After in seconds */
} TillProblemKind;

typedef struct {
	TillProblemKind kind;
	char *detail;
	gint64 expected;    /* GAP */
	gint64 last_common; /* FORK */
} TillProblem;

json_t *till_problem_write(TillProblemKind kind, const char *detail);
int till_problem_status(TillProblemKind kind);
/* TRUE when the JSON is one of ours; a captive portal's page is not. */
gboolean till_problem_read(const json_t *json, TillProblem *out) G_GNUC_WARN_UNUSED_RESULT;
void till_problem_clear(TillProblem *problem);

G_END_DECLS
