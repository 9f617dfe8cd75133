/* SPDX-License-Identifier: Apache-2.0 */
#include "local-socket.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"
#include "json.h"

/* Server: one TillLocalExchange per connection, listed by its server until it ends or the server is
 * freed. An exchange outlives the server when the handler still owes it an answer; its server
 * pointer is then NULL and the answer is still sent. */

#define MESSAGE_MAX_BYTES (1 << 20)
#define READ_CHUNK 4096
#define EXCHANGES_MAX 16
#define BACKLOG 16
#define PEER_TIMEOUT_S 10

struct TillLocalSocket {
	char *path; /* owned */
	TillLocalHandler handler;
	gpointer user;             /* borrowed: outlives the server */
	GSocketService *service;   /* owned */
	GCancellable *cancellable; /* owned: ends the reads under way */
	GPtrArray *exchanges;      /* of borrowed TillLocalExchange */
};

struct TillLocalExchange {
	TillLocalSocket *server;       /* borrowed, NULL once that is freed */
	GSocketConnection *connection; /* owned */
	GString *text;                 /* owned: the question so far, then the answer */
	gsize had;                     /* bytes of text before the read under way */
};

static void
end_exchange(TillLocalExchange *exchange)
{
	if (exchange->server != NULL)
		g_ptr_array_remove_fast(exchange->server->exchanges, exchange);
	g_object_unref(exchange->connection); /* the last reference closes it */
	g_string_free(exchange->text, TRUE);
	g_free(exchange);
}

static void
sent_cb(GObject *source, GAsyncResult *result, gpointer user)
{
	/* A peer that went away before its answer came needs none. */
	(void)g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, NULL, NULL);
	end_exchange(user);
}

void
till_local_socket_reply(TillLocalExchange *exchange, json_t *answer)
{
	g_assert(exchange != NULL && answer != NULL);
	gsize size;
	g_autofree char *text = till_json_write(answer, &size);
	json_decref(answer);
	g_assert(size < MESSAGE_MAX_BYTES);
	g_string_assign(exchange->text, text);
	g_string_append_c(exchange->text, '\n');
	GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(exchange->connection));
	g_output_stream_write_all_async(out, exchange->text->str, exchange->text->len,
					G_PRIORITY_DEFAULT, NULL, sent_cb, exchange);
}

static void
hand_over(TillLocalExchange *exchange, gsize length)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) request =
	    till_json_parse(exchange->text->str, length, MESSAGE_MAX_BYTES, "request", &error);
	if (request == NULL)
		till_local_socket_reply(exchange, json_pack("{s:s}", "error", error->message));
	else
		exchange->server->handler(exchange, request, exchange->server->user);
}

static void read_more(TillLocalExchange *exchange);

static void
read_cb(GObject *source, GAsyncResult *result, gpointer user)
{
	TillLocalExchange *exchange = user;
	gssize got = g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);
	if (got <= 0 || exchange->server == NULL) {
		end_exchange(exchange);
		return;
	}
	GString *text = exchange->text;
	g_string_set_size(text, exchange->had + (gsize)got);
	const char *end = memchr(text->str + exchange->had, '\n', (gsize)got);
	if (end != NULL)
		hand_over(exchange, (gsize)(end - text->str));
	else if (text->len > MESSAGE_MAX_BYTES)
		till_local_socket_reply(exchange,
					json_pack("{s:s}", "error", "The request is too long."));
	else
		read_more(exchange);
}

static void
read_more(TillLocalExchange *exchange)
{
	GString *text = exchange->text;
	exchange->had = text->len;
	g_string_set_size(text, exchange->had + READ_CHUNK);
	GInputStream *in = g_io_stream_get_input_stream(G_IO_STREAM(exchange->connection));
	g_input_stream_read_async(in, text->str + exchange->had, READ_CHUNK, G_PRIORITY_DEFAULT,
				  exchange->server->cancellable, read_cb, exchange);
}

static gboolean
incoming_cb(GSocketService *service, GSocketConnection *connection, GObject *source, gpointer user)
{
	(void)service;
	(void)source;
	TillLocalSocket *server = user;
	if (server->exchanges->len >= EXCHANGES_MAX)
		return TRUE; /* dropped: the peer sees a closed connection and may try again */
	g_socket_set_timeout(g_socket_connection_get_socket(connection), PEER_TIMEOUT_S);
	TillLocalExchange *exchange = g_new0(TillLocalExchange, 1);
	exchange->server = server;
	exchange->connection = g_object_ref(connection);
	exchange->text = g_string_new(NULL);
	g_ptr_array_add(server->exchanges, exchange);
	read_more(exchange);
	return TRUE;
}

static gboolean
check_path(const char *path, GError **error)
{
	gsize room = sizeof((struct sockaddr_un *)NULL)->sun_path - 1;
	if (strlen(path) <= room)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "The path %s is too long for a socket: at most %" G_GSIZE_FORMAT
		    " bytes. Choose a home directory with a shorter name.",
		    path, room);
	return FALSE;
}

/* A socket that the crash of an earlier run left behind: nobody listens any more. */
static gboolean
is_stale(const char *path, GSocketAddress *address)
{
	struct stat status;
	if (lstat(path, &status) != 0 || !S_ISSOCK(status.st_mode))
		return FALSE;
	g_autoptr(GError) error = NULL;
	g_autoptr(GSocket) probe = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM,
						G_SOCKET_PROTOCOL_DEFAULT, NULL);
	if (probe == NULL)
		return FALSE;
	g_socket_set_blocking(probe, FALSE);
	return !g_socket_connect(probe, address, NULL, &error) &&
	       g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static gboolean
fail_make(GError **error, const char *path, const char *words)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_DISK, "Could not make the socket %s: %s.", path,
		    words);
	return FALSE;
}

static gboolean
bind_socket(GSocket *socket, const char *path, GSocketAddress *address, GError **error)
{
	g_autoptr(GError) cause = NULL;
	if (g_socket_bind(socket, address, FALSE, &cause))
		return TRUE;
	if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) &&
	    is_stale(path, address) && unlink(path) == 0) {
		g_clear_error(&cause);
		if (g_socket_bind(socket, address, FALSE, &cause))
			return TRUE;
	}
	if (!g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
		return fail_make(error, path, cause->message);
	g_set_error(error, TILL_ERROR, TILL_ERROR_BUSY,
		    "%s is in use. Close the program that holds it, or remove the file.", path);
	return FALSE;
}

/* Between bind and listen nobody can connect yet, so the mode is right before it matters. */
static gboolean
protect_and_listen(GSocket *socket, const char *path, GError **error)
{
	g_autoptr(GError) cause = NULL;
	if (chmod(path, 0600) != 0) {
		fail_make(error, path, g_strerror(errno));
	} else {
		g_socket_set_listen_backlog(socket, BACKLOG);
		if (g_socket_listen(socket, &cause))
			return TRUE;
		fail_make(error, path, cause->message);
	}
	(void)unlink(path);
	return FALSE;
}

static GSocket *
new_socket(const char *path, GError **error)
{
	g_autoptr(GError) cause = NULL;
	GSocket *socket = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM,
				       G_SOCKET_PROTOCOL_DEFAULT, &cause);
	if (socket == NULL)
		fail_make(error, path, cause->message);
	return socket;
}

static GSocket *
new_listening(const char *path, GError **error)
{
	if (!check_path(path, error))
		return NULL;
	g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
	g_autoptr(GSocket) socket = new_socket(path, error);
	if (socket == NULL || !bind_socket(socket, path, address, error) ||
	    !protect_and_listen(socket, path, error))
		return NULL;
	return g_steal_pointer(&socket);
}

TillLocalSocket *
till_local_socket_new(const char *path, TillLocalHandler handler, gpointer user, GError **error)
{
	g_assert(path != NULL && handler != NULL);
	g_autoptr(GSocket) socket = new_listening(path, error);
	if (socket == NULL)
		return NULL;
	g_autoptr(GError) cause = NULL;
	g_autoptr(GSocketService) service = g_socket_service_new();
	if (!g_socket_listener_add_socket(G_SOCKET_LISTENER(service), socket, NULL, &cause)) {
		fail_make(error, path, cause->message);
		(void)unlink(path);
		return NULL;
	}
	TillLocalSocket *server = g_new0(TillLocalSocket, 1);
	server->path = g_strdup(path);
	server->handler = handler;
	server->user = user;
	server->service = g_steal_pointer(&service);
	server->cancellable = g_cancellable_new();
	server->exchanges = g_ptr_array_new();
	g_signal_connect(server->service, "incoming", G_CALLBACK(incoming_cb), server);
	g_socket_service_start(server->service);
	return server;
}

void
till_local_socket_free(TillLocalSocket *socket)
{
	if (socket == NULL)
		return;
	g_signal_handlers_disconnect_by_data(socket->service, socket);
	g_socket_service_stop(socket->service);
	g_socket_listener_close(G_SOCKET_LISTENER(socket->service));
	(void)unlink(socket->path);
	for (guint i = 0; i < socket->exchanges->len; i++)
		((TillLocalExchange *)g_ptr_array_index(socket->exchanges, i))->server = NULL;
	g_cancellable_cancel(socket->cancellable);
	g_clear_object(&socket->cancellable);
	g_clear_object(&socket->service);
	g_ptr_array_unref(socket->exchanges);
	g_free(socket->path);
	g_free(socket);
}

/* --- The asking side: plain non-blocking calls against one deadline, on whichever thread asks. GIO
 * stays on the server's. --- */

typedef struct {
	int descriptor;
	gint64 deadline_ms;
} Ask;

static gboolean
fail_ask(GError **error, const char *words)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_NETWORK,
		    "The running till did not answer: %s. Try again, or restart it.", words);
	return FALSE;
}

static gboolean
wait_for(const Ask *ask, short events, GError **error)
{
	struct pollfd place = {.fd = ask->descriptor, .events = events};
	int result;
	do {
		gint64 left_ms = ask->deadline_ms - till_clock_mono_ms(till_clock_system());
		result = poll(&place, 1, (int)CLAMP(left_ms, 0, G_MAXINT));
	} while (result < 0 && errno == EINTR);
	if (result > 0)
		return TRUE;
	return fail_ask(error, result < 0 ? g_strerror(errno) : "it took too long");
}

static gboolean
connect_to(const Ask *ask, const char *path, GError **error)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (!check_path(path, error))
		return FALSE;
	g_strlcpy(address.sun_path, path, sizeof address.sun_path);
	if (connect(ask->descriptor, (struct sockaddr *)&address, sizeof address) == 0)
		return TRUE;
	int number = errno;
	if (number != ENOENT && number != ECONNREFUSED)
		return fail_ask(error, number == EAGAIN ? "it is busy" : g_strerror(number));
	g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
		    "No till is running at %s. Start it, or check the home directory.", path);
	return FALSE;
}

static gboolean
send_text(const Ask *ask, const GString *text, GError **error)
{
	gsize sent = 0;
	while (sent < text->len) {
		if (!wait_for(ask, POLLOUT, error))
			return FALSE;
		ssize_t step =
		    send(ask->descriptor, text->str + sent, text->len - sent, MSG_NOSIGNAL);
		if (step < 0 && errno != EAGAIN && errno != EINTR)
			return fail_ask(error, g_strerror(errno));
		sent += step > 0 ? (gsize)step : 0;
	}
	return TRUE;
}

/* One line, without its end. */
static gboolean
receive_line(const Ask *ask, GString *text, GError **error)
{
	g_string_truncate(text, 0);
	while (text->len <= MESSAGE_MAX_BYTES) {
		char chunk[READ_CHUNK];
		if (!wait_for(ask, POLLIN, error))
			return FALSE;
		ssize_t got = recv(ask->descriptor, chunk, sizeof chunk, 0);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got <= 0)
			return fail_ask(error, got < 0 ? g_strerror(errno) : "it hung up");
		const char *end = memchr(chunk, '\n', (gsize)got);
		g_string_append_len(text, chunk, end != NULL ? end - chunk : got);
		if (end != NULL)
			return TRUE;
	}
	return fail_ask(error, "its answer is too long");
}

static json_t *
parse_answer(const GString *text, GError **error)
{
	g_autoptr(GError) cause = NULL;
	json_t *answer = till_json_parse(text->str, text->len, MESSAGE_MAX_BYTES, "answer", &cause);
	if (answer == NULL)
		fail_ask(error, cause->message);
	return answer;
}

json_t *
till_local_socket_ask(const char *path, const json_t *request, int timeout_ms, GError **error)
{
	g_assert(path != NULL && request != NULL);
	Ask ask = {.deadline_ms = till_clock_mono_ms(till_clock_system()) + timeout_ms};
	ask.descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (ask.descriptor < 0) {
		fail_ask(error, g_strerror(errno));
		return NULL;
	}
	g_autofree char *line = till_json_write(request, NULL);
	g_autoptr(GString) text = g_string_new(line);
	g_string_append_c(text, '\n');
	gboolean ok = connect_to(&ask, path, error) && send_text(&ask, text, error) &&
		      receive_line(&ask, text, error);
	(void)close(ask.descriptor);
	return ok ? parse_answer(text, error) : NULL;
}
