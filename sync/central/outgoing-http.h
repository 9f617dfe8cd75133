/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The central's only way out: POSTs to receivers of webhooks, many at a time on one thread.
 *
 * Only https, and http to this machine (webhook-url.h); each address is judged again after its name
 * was resolved, so no name leads into the network that the central stands in. No redirects, no
 * proxy, no cookies; TLS 1.2 at least with certificates checked. Of an answer only its status and
 * Retry-After are kept: the body is read and dropped, and at 64 KiB the connection with it.
 *
 * Threads: one at a time, the deliverer's; wake any. */

G_BEGIN_DECLS

typedef struct TillOutgoingHttp TillOutgoingHttp;

typedef struct {
	gboolean private_too; /* receivers in private networks are allowed */
	gint64 patience_ms;   /* for a whole answer */
	const char *ca_file;  /* nullable: trusted besides none else; NULL: the system's */
} TillOutgoingHttpOptions;

typedef struct {
	int status;           /* 0: no answer came */
	gint64 retry_after_s; /* 0: not asked for */
	const char *reason;   /* in words, "" for 2xx; borrowed for the call */
} TillOutgoingHttpResult;

typedef void (*TillOutgoingHttpDone)(gpointer tag, const TillOutgoingHttpResult *result,
				     gpointer user);

TillOutgoingHttp *till_outgoing_http_new(const TillOutgoingHttpOptions *options);
/* Drops what is under way without a word. */
void till_outgoing_http_free(TillOutgoingHttp *http);

/* Begins. headers: NULL-terminated "Name: value". tag: handed to done. */
void till_outgoing_http_post(TillOutgoingHttp *http, const char *url, const char *const *headers,
			     GBytes *body, gpointer tag);
guint till_outgoing_http_under_way(const TillOutgoingHttp *http);

/* Moves bytes for at most wait_ms, or until something is finished or wake was called. */
void till_outgoing_http_run(TillOutgoingHttp *http, gint64 wait_ms, TillOutgoingHttpDone done,
			    gpointer user);
void till_outgoing_http_wake(TillOutgoingHttp *http);

G_END_DECLS
