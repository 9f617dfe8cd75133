/* SPDX-License-Identifier: Apache-2.0 */
#include "fake-http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX (64 * 1024)
#define BODY_MAX (4 * 1024 * 1024)

struct FakeHttp {
	FakeHandler handler;
	gpointer user;
	int port;
	int listener; /* −1: stopped */
	pthread_t acceptor;
	pthread_mutex_t lock; /* all below, and the handler */
	pthread_cond_t ended;
	GArray *connections; /* of int, open descriptors */
	GArray *streams;     /* of int, among them */
	guint threads;
};

typedef struct {
	FakeHttp *http;
	int socket;
	guint8 *input; /* plain memory: the library's small blocks go from thread to thread unseen
			  by a sanitizer */
	gsize input_size;
} Connection;

static gboolean
fill(Connection *connection)
{
	guint8 bytes[65536];
	ssize_t size = recv(connection->socket, bytes, sizeof bytes, 0);

	if (size <= 0)
		return FALSE;
	connection->input = g_realloc(connection->input, connection->input_size + (gsize)size);
	memcpy(connection->input + connection->input_size, bytes, (gsize)size);
	connection->input_size += (gsize)size;
	return connection->input_size <= HEAD_MAX + BODY_MAX;
}

static void
send_all(int target, const void *data, gsize size)
{
	const guint8 *bytes = data;

	while (size > 0) {
		ssize_t sent = send(target, bytes, size, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
		bytes += sent;
		size -= (gsize)sent;
	}
}

char *
fake_http_header(const FakeRequest *request, const char *name)
{
	g_auto(GStrv) lines = g_strsplit(request->head, "\r\n", 0);
	gsize length = strlen(name);

	for (gsize i = 0; lines[i] != NULL; i++) {
		if (g_ascii_strncasecmp(lines[i], name, length) == 0 && lines[i][length] == ':')
			return g_strdup(g_strstrip(lines[i] + length + 1));
	}
	return NULL;
}

static gboolean
read_head(Connection *connection, FakeRequest *request, gsize *out_size)
{
	const guint8 *end = NULL;

	while (end == NULL) {
		if (!fill(connection))
			return FALSE;
		end = memmem(connection->input, connection->input_size, "\r\n\r\n", 4);
	}
	*out_size = (gsize)(end - connection->input) + 4;
	request->head = g_strndup((const char *)connection->input, *out_size);
	g_auto(GStrv) words = g_strsplit(request->head, " ", 3);
	if (g_strv_length(words) != 3)
		return FALSE;
	g_strlcpy(request->method, words[0], sizeof request->method);
	g_strlcpy(request->target, words[1], sizeof request->target);
	return TRUE;
}

static gboolean
read_request(Connection *connection, FakeRequest *request)
{
	gsize head_size;

	if (!read_head(connection, request, &head_size))
		return FALSE;
	g_autofree char *length = fake_http_header(request, "Content-Length");
	gsize body_size = length != NULL ? g_ascii_strtoull(length, NULL, 10) : 0;
	gsize whole = head_size + body_size;
	while (connection->input_size < whole) {
		if (!fill(connection))
			return FALSE;
	}
	request->body = g_byte_array_new();
	g_byte_array_append(request->body, connection->input + head_size, (guint)body_size);
	connection->input_size -= whole;
	memmove(connection->input, connection->input + whole, connection->input_size);
	return TRUE;
}

static void
clear_request(FakeRequest *request)
{
	g_free(request->head);
	g_clear_pointer(&request->body, g_byte_array_unref);
}

static void
send_response(Connection *connection, const FakeResponse *response)
{
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_append_printf(text, "HTTP/1.1 %d X\r\n%s", response->status,
			       response->headers->str);
	if (response->fate != FAKE_STREAM)
		g_string_append_printf(text, "Content-Length: %u\r\n", response->body->len);
	g_string_append(text, "\r\n");
	g_string_append_len(text, (const char *)response->body->data, response->body->len);
	send_all(connection->socket, text->str,
		 response->fate == FAKE_HALF ? text->len / 2 : text->len);
}

/* Waits until the other side, or fake_http_stop, closes. */
static void
hold(Connection *connection)
{
	while (fill(connection))
		connection->input_size = 0;
}

static void
drop_descriptor(GArray *array, int descriptor)
{
	for (guint i = 0; i < array->len; i++) {
		if (g_array_index(array, int, i) == descriptor)
			g_array_remove_index_fast(array, i--);
	}
}

/* FALSE: the connection ends. */
static gboolean
serve(Connection *connection)
{
	FakeHttp *http = connection->http;
	FakeRequest request = {0};

	if (!read_request(connection, &request)) {
		clear_request(&request);
		return FALSE;
	}
	g_autoptr(GString) headers = g_string_new(NULL);
	g_autoptr(GByteArray) body = g_byte_array_new();
	FakeResponse response = {FAKE_ANSWER, 200, headers, body};
	pthread_mutex_lock(&http->lock);
	http->handler(&request, &response, http->user);
	clear_request(&request);
	if (response.fate == FAKE_ANSWER || response.fate == FAKE_HALF ||
	    response.fate == FAKE_STREAM)
		send_response(connection, &response);
	if (response.fate == FAKE_STREAM)
		g_array_append_val(http->streams, connection->socket);
	pthread_mutex_unlock(&http->lock);
	if (response.fate == FAKE_HANG || response.fate == FAKE_STREAM)
		hold(connection);
	return response.fate == FAKE_ANSWER;
}

static void *
run_connection(void *data)
{
	Connection *connection = data;
	FakeHttp *http = connection->http;

	while (serve(connection)) {
	}
	pthread_mutex_lock(&http->lock);
	drop_descriptor(http->connections, connection->socket);
	drop_descriptor(http->streams, connection->socket);
	close(connection->socket);
	g_free(connection->input);
	g_free(connection);
	http->threads--;
	pthread_cond_broadcast(&http->ended);
	pthread_mutex_unlock(&http->lock);
	return NULL;
}

static void
start_connection(FakeHttp *http, int socket)
{
	Connection *connection = g_new0(Connection, 1);
	pthread_t thread;
	int on = 1;

	(void)setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	connection->http = http;
	connection->socket = socket;
	pthread_mutex_lock(&http->lock);
	g_array_append_val(http->connections, socket);
	http->threads++;
	pthread_mutex_unlock(&http->lock);
	g_assert(pthread_create(&thread, NULL, run_connection, connection) == 0);
	(void)pthread_detach(thread);
}

static void *
run_acceptor(void *data)
{
	FakeHttp *http = data;
	int socket;

	while ((socket = accept(http->listener, NULL, NULL)) >= 0)
		start_connection(http, socket);
	return NULL;
}

void
fake_http_start(FakeHttp *http)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((guint16)http->port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int on = 1;

	http->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)setsockopt(http->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	g_assert(bind(http->listener, (struct sockaddr *)&address, sizeof address) == 0);
	g_assert(listen(http->listener, 16) == 0);
	g_assert(getsockname(http->listener, (struct sockaddr *)&address, &size) == 0);
	http->port = ntohs(address.sin_port);
	g_assert(pthread_create(&http->acceptor, NULL, run_acceptor, http) == 0);
}

FakeHttp *
fake_http_new(FakeHandler handler, gpointer user)
{
	FakeHttp *http = g_new0(FakeHttp, 1);

	http->handler = handler;
	http->user = user;
	http->connections = g_array_new(FALSE, FALSE, sizeof(int));
	http->streams = g_array_new(FALSE, FALSE, sizeof(int));
	pthread_mutex_init(&http->lock, NULL);
	pthread_cond_init(&http->ended, NULL);
	fake_http_start(http);
	return http;
}

void
fake_http_stop(FakeHttp *http)
{
	if (http->listener < 0)
		return;
	(void)shutdown(http->listener, SHUT_RDWR);
	pthread_join(http->acceptor, NULL);
	close(http->listener);
	http->listener = -1;
	pthread_mutex_lock(&http->lock);
	for (guint i = 0; i < http->connections->len; i++)
		(void)shutdown(g_array_index(http->connections, int, i), SHUT_RDWR);
	while (http->threads > 0)
		pthread_cond_wait(&http->ended, &http->lock);
	pthread_mutex_unlock(&http->lock);
}

void
fake_http_free(FakeHttp *http)
{
	fake_http_stop(http);
	g_array_unref(http->connections);
	g_array_unref(http->streams);
	pthread_mutex_destroy(&http->lock);
	pthread_cond_destroy(&http->ended);
	g_free(http);
}

int
fake_http_port(FakeHttp *http)
{
	return http->port;
}

void
fake_http_broadcast(FakeHttp *http, const char *text)
{
	pthread_mutex_lock(&http->lock);
	for (guint i = 0; i < http->streams->len; i++)
		send_all(g_array_index(http->streams, int, i), text, strlen(text));
	pthread_mutex_unlock(&http->lock);
}

guint
fake_http_streams(FakeHttp *http)
{
	pthread_mutex_lock(&http->lock);
	guint count = http->streams->len;
	pthread_mutex_unlock(&http->lock);
	return count;
}

void
fake_http_lock(FakeHttp *http)
{
	pthread_mutex_lock(&http->lock);
}

void
fake_http_unlock(FakeHttp *http)
{
	pthread_mutex_unlock(&http->lock);
}
