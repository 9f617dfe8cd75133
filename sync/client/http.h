/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "clock.h"

/* HTTP/1.1 to one central, several requests at a time, on the caller's thread: the only file that
 * includes curl.h.
 *
 * A request is started, then till_http_poll drives all of them and calls each one's done exactly
 * once: answer in hand, or status 0 and the reason in words. https checks the certificate against
 * the pinned CA alone, never the system's; plain http is refused except to the loopback. Limits:
 * connect 5 s; stall below 100 bytes/s for 20 s; 30 s and 1 s per 10 KiB moved in total (streams:
 * until nothing came for heartbeat_ms). libcurl may send a request twice on its own when a kept
 * connection dies, so every request must bear repetition.
 *
 * Threads: all from the thread that drives it, except till_http_wake, which is for any. */

G_BEGIN_DECLS

typedef struct TillHttp TillHttp;
typedef struct TillHttpRequest TillHttpRequest;

typedef enum {
	TILL_HTTP_PINNED,        /* the usual: the given CA signs the central's certificate */
	TILL_HTTP_FIRST_CONTACT, /* enrolment only: no check, since the CA itself is being fetched
				  */
} TillHttpTrust;

typedef struct {
	long status;           /* 0: no whole answer */
	GByteArray *body;      /* never NULL; empty for downloads and streams that went well */
	char content_type[96]; /* lower case, without parameters; "" */
	char server[64];       /* Tillhouse-Server; "" */
	char hash[65];         /* Tillhouse-Hash; "" */
	gint64 retry_after_s;  /* −1: none. Dates are measured against the answer's own Date */
	gint64 rtt_ms;         /* from start to here */
	char trouble[200];     /* status 0: why, in words */
	gboolean timed_out;
	gboolean sent; /* status 0: the request had gone out, the central may have acted on it */
} TillHttpAnswer;

/* answer is borrowed. May start and cancel requests. */
typedef void (*TillHttpDone)(const TillHttpAnswer *answer, gpointer user);
/* Bytes of a stream as they come. Must not call into this module. */
typedef void (*TillHttpData)(const char *bytes, gsize size, gpointer user);

typedef struct {
	const char *method;
	const char *target;         /* path and query, sent as it stands */
	GBytes *body;               /* nullable */
	const char *content_type;   /* of body */
	const char *const *headers; /* nullable: "Name: value", ended by NULL */
	gsize answer_max;           /* bytes after inflating */
	const char *download_path;  /* nullable: a 200's body goes into this new file, mode 0600 */
	TillHttpData data;          /* nullable: a 200's body goes here, without end */
	gint64 heartbeat_ms;        /* of a stream: silence that ends it */
	TillHttpDone done;
	gpointer user;
	GDestroyNotify user_free; /* nullable: frees user when the request ends, however it does */
} TillHttpOptions;

/* base_url: "https://host:port", or "http://" of the loopback. ca_pem: the pinned CA, NULL or ""
 * for plain http. NULL with TILL_ERROR_INVALID or TILL_ERROR_DENIED in words. clock is borrowed. */
TillHttp *till_http_new(const char *base_url, const char *ca_pem, TillHttpTrust trust,
			const TillClock *clock, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Drops what is under way without calling done. */
void till_http_free(TillHttp *http);

/* TRUE for "http://…" of the loopback: there is no TLS and no CA. FALSE with error when neither
 * that nor https. */
gboolean till_http_check_url(const char *url, gboolean *out_plain,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Starts a request; options are copied. The result is borrowed, valid until done ran or it is
 * cancelled. */
TillHttpRequest *till_http_start(TillHttp *http, const TillHttpOptions *options);
/* Drops it; done is not called. Not from a data callback. */
void till_http_cancel(TillHttpRequest *request);

/* Sends and receives for at most timeout_ms, less when something finished or till_http_wake was
 * called. */
void till_http_poll(TillHttp *http, gint64 timeout_ms);
void till_http_wake(TillHttp *http);
/* Gets a request just started on its way without waiting for anything: for work to be done
 * meanwhile. */
void till_http_kick(TillHttp *http);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillHttp, till_http_free)

G_END_DECLS
