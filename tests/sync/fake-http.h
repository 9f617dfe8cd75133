/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* A small HTTP/1.1 server on the loopback for tests: blocking sockets, one thread a connection, one
 * request at a time handed to the handler.
 *
 * Threads: new, stop, start, free from the test's; the handler runs on connection threads under the
 * server's lock, which fake_http_lock takes for the test. */

G_BEGIN_DECLS

typedef struct FakeHttp FakeHttp;

typedef struct {
	char method[8];
	char target[512];
	char *head; /* all header lines */
	GByteArray *body;
} FakeRequest;

typedef enum {
	FAKE_ANSWER, /* send the response below */
	FAKE_CLOSE,  /* close without a word */
	FAKE_HALF,   /* send half of the response, then close */
	FAKE_HANG,   /* say nothing, keep the connection */
	FAKE_STREAM, /* send the head of an endless answer, keep it for fake_http_broadcast */
} FakeFate;

typedef struct {
	FakeFate fate;
	int status;
	GString *headers; /* "Name: value\r\n"… */
	GByteArray *body;
} FakeResponse;

typedef void (*FakeHandler)(const FakeRequest *request, FakeResponse *response, gpointer user);

FakeHttp *fake_http_new(FakeHandler handler, gpointer user);
/* Refuses connections and cuts those there are, until started again on the same port. */
void fake_http_stop(FakeHttp *http);
void fake_http_start(FakeHttp *http);
void fake_http_free(FakeHttp *http);
int fake_http_port(FakeHttp *http);

/* To every open stream. */
void fake_http_broadcast(FakeHttp *http, const char *text);
guint fake_http_streams(FakeHttp *http);

void fake_http_lock(FakeHttp *http);
void fake_http_unlock(FakeHttp *http);

/* The value of a header, NULL when absent. Caller frees. */
char *fake_http_header(const FakeRequest *request, const char *name);

G_END_DECLS
