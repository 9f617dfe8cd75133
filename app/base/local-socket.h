/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <jansson.h>

/* A question and an answer over a Unix socket: how tillctl asks a till that is running.
 *
 * One JSON object a line each way, 1 MiB at most, one exchange a connection. The socket file is
 * mode 0600 in the home directory; a stale one is replaced. The server runs on the main context it
 * was made on; its handler answers later by till_local_socket_reply, so it never blocks the screen.
 *
 * Threads: server main only; ask any, it blocks. */

G_BEGIN_DECLS

typedef struct TillLocalSocket TillLocalSocket;
typedef struct TillLocalExchange TillLocalExchange;

/* request is borrowed. Malformed and too long requests are answered {"error":"…"} without asking
 * the handler. Must lead to exactly one till_local_socket_reply, now or later. */
typedef void (*TillLocalHandler)(TillLocalExchange *exchange, const json_t *request, gpointer user);

/* NULL with TILL_ERROR_BUSY when another program answers at path or another kind of file lies
 * there, TILL_ERROR_INVALID when path is too long for a socket, TILL_ERROR_DISK otherwise. */
TillLocalSocket *till_local_socket_new(const char *path, TillLocalHandler handler, gpointer user,
				       GError **error);
/* Removes the socket file. Exchanges that still owe an answer may be replied to afterwards. */
void till_local_socket_free(TillLocalSocket *socket);

/* Sends answer (reference taken over) and ends the exchange. */
void till_local_socket_reply(TillLocalExchange *exchange, json_t *answer);

/* Asks the server at path. NULL with TILL_ERROR_NOT_FOUND when nobody listens, TILL_ERROR_NETWORK
 * on time-out or a broken answer. The caller owns the answer. */
json_t *till_local_socket_ask(const char *path, const json_t *request, int timeout_ms,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillLocalSocket, till_local_socket_free)

G_END_DECLS
