/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "problem.h"
#include "registry.h"

/* A request and its answer without sockets: what routes and handlers work on.
 *
 * Threads: one at a time; a request moves from the HTTP thread to the writer and back. */

G_BEGIN_DECLS

#define TILL_REQUEST_HEADERS 48
#define TILL_REQUEST_HEADER_MAX 1024 /* bytes of a value */

typedef struct {
	char *method;
	char *path;          /* without the query */
	char *target;        /* path and query as sent: what was signed */
	GHashTable *query;   /* name → value, decoded; owned */
	GHashTable *headers; /* name in small letters → value; owned */
	char *signature;     /* header value; NULL when absent */
	char *authorization; /* the same */
	GBytes *body;        /* owned; never NULL */
	/* Filled on the way in: */
	char *arguments[2];    /* values of the pattern's {names}, in order */
	TillTerminal terminal; /* who signed; only for routes of terminals */
	TillChannelKey key;    /* who came with a key; its name is "" otherwise */
	gpointer message;      /* what the route's prepare read from the body; owned */
	GDestroyNotify message_free;
	gboolean careful; /* the handler wants to run once more, slower, guarding each step */
} TillRequest;

typedef enum {
	TILL_RESPONSE_BYTES,
	TILL_RESPONSE_FILE,   /* the file at path, whole */
	TILL_RESPONSE_EVENTS, /* server-sent events for the terminal's scopes */
} TillResponseKind;

typedef struct {
	TillResponseKind kind;
	int status;               /* 0: not answered yet */
	const char *content_type; /* static */
	GBytes *body;             /* owned; BYTES */
	char *path;               /* owned; FILE; the scope of what is watched: EVENTS */
	char *watch;              /* owned; EVENTS: a fulfilment alone, not the terminal's scopes */
	gint64 watch_version;     /* of it, as it was told already */
	GPtrArray *headers;       /* of char*: name, value, name, value… */
	gint64 retry_after_s;     /* 0: none */
} TillResponse;

TillRequest *till_request_new(const char *method, const char *target, GBytes *body);
void till_request_free(TillRequest *request);
/* A query parameter; "" when absent. Borrowed. */
const char *till_request_query(const TillRequest *request, const char *name);

/* Notes a header as it came: the first of its name, the first TILL_REQUEST_HEADERS of all, and none
 * whose value is longer than TILL_REQUEST_HEADER_MAX or no text. */
void till_request_set_header(TillRequest *request, const char *name, const char *value);
/* In any letters; NULL when absent. Borrowed. */
const char *till_request_header(const TillRequest *request, const char *name);

void till_response_clear(TillResponse *response);
/* 200 with JSON; takes the reference over. */
void till_response_json(TillResponse *response, json_t *value);
void till_response_problem(TillResponse *response, TillProblemKind kind, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/* The same with one more integer member ("expected", "last_common"). */
void till_response_problem_at(TillResponse *response, TillProblemKind kind, const char *detail,
			      const char *member, gint64 value);
/* The same with one more member of any kind; takes value over. */
void till_response_problem_with(TillResponse *response, TillProblemKind kind, const char *detail,
				const char *member, json_t *value);
/* The problem that fits an operating failure: INVALID stays the asker's, disk trouble is BUSY, and
 * so on. */
void till_response_error(TillResponse *response, const GError *error);
void till_response_header(TillResponse *response, const char *name, const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillRequest, till_request_free)

G_END_DECLS
