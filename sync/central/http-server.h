/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"

/* The only door: HTTP/1.1 over TCP (with TLS when asked), routes behind it, server-sent events.
 *
 * A few threads wait on epoll; a request that needs the books is suspended until its group is on
 * disk, so no thread ever waits for the disk. Every answer carries the server's id. Events are
 * hints: a connection is woken at each commit and every 20 s, and closed after 30±5 min.
 *
 * Threads: new and free from the creator's. */

G_BEGIN_DECLS

typedef struct TillHttpServer TillHttpServer;

typedef struct {
	const char *host;     /* numeric address to listen on */
	guint16 port;         /* 0: any free one */
	const char *cert_pem; /* NULL: plain HTTP, which is for loopback only (TILL_ERROR_DENIED) */
	const char *key_pem;
} TillHttpServerOptions;

/* Starts to answer. Takes central's committed hook. */
TillHttpServer *till_http_server_new(TillCentral *central, const TillHttpServerOptions *options,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint16 till_http_server_port(const TillHttpServer *server);
/* Lets what is under way finish, closes the rest. The snapshots and the writer must still run. */
void till_http_server_free(TillHttpServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillHttpServer, till_http_server_free)

G_END_DECLS
