/* SPDX-License-Identifier: Apache-2.0 */
#include "http-server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "http-events.h"
#include "messages.h"
#include "route.h"
#include "server-log.h"
#include "signature.h"
#include "snapshots.h"
#include "text.h"

/* The daemon calls answer_cb several times for one request: when the headers are here, for each
 * piece of the body, at its end, and again after a suspended connection was resumed. Exchange is
 * what is remembered between the calls. */

#define THREADS 2
#define IDLE_S 60
#define CONNECTIONS_MAX 8000
#define TARGET_MAX 2048
/* So much beyond the limit is read and thrown away: closing on a client that is still sending may
 * cost it the answer. */
#define SURPLUS_MAX (256 * 1024)

struct TillHttpServer {
	TillCentral *central; /* borrowed */
	struct MHD_Daemon *daemon;
	TillHttpEvents *events;
	guint16 port;
	pthread_mutex_t lock;
	pthread_cond_t idle;
	guint under_way;   /* suspended requests; guarded by lock */
	gboolean stopping; /* guarded by lock */
};

typedef struct {
	TillHttpServer *server; /* borrowed */
	struct MHD_Connection *connection;
	char *target;           /* as sent */
	const TillRoute *route; /* NULL: response holds the problem */
	TillRequest *request;
	TillResponse response;
	GByteArray *body;
	gsize surplus; /* bytes beyond the limit, thrown away */
	gboolean started;
} Exchange;

static void
free_exchange(Exchange *exchange)
{
	till_request_free(exchange->request);
	till_response_clear(&exchange->response);
	g_clear_pointer(&exchange->body, g_byte_array_unref);
	g_free(exchange->target);
	g_free(exchange);
}

static void
completed_cb(void *user G_GNUC_UNUSED, struct MHD_Connection *connection G_GNUC_UNUSED,
	     void **context, enum MHD_RequestTerminationCode code G_GNUC_UNUSED)
{
	if (*context != NULL)
		free_exchange(*context);
	*context = NULL;
}

/* The target as sent is what was signed; later calls only give its decoded path. */
static void *
uri_cb(void *user, const char *target, struct MHD_Connection *connection)
{
	Exchange *exchange = g_new0(Exchange, 1);

	exchange->server = user;
	exchange->connection = connection;
	exchange->target = g_strndup(target, TARGET_MAX);
	return exchange;
}

/* --- answering --- */

static struct MHD_Response *
open_body(Exchange *exchange)
{
	TillResponse *response = &exchange->response;
	struct stat status;
	gsize size = 0;
	const void *data = NULL;
	int descriptor;

	if (response->kind == TILL_RESPONSE_EVENTS && response->watch != NULL)
		return till_http_events_watch(exchange->server->events, exchange->connection,
					      response->path, response->watch,
					      response->watch_version);
	if (response->kind == TILL_RESPONSE_EVENTS)
		return till_http_events_open(exchange->server->events, exchange->connection,
					     till_request_query(exchange->request, "scope"));
	if (response->kind == TILL_RESPONSE_FILE) {
		descriptor = open(response->path, O_RDONLY | O_CLOEXEC);
		if (descriptor >= 0 && fstat(descriptor, &status) == 0)
			return MHD_create_response_from_fd64((uint64_t)status.st_size, descriptor);
		if (descriptor >= 0)
			close(descriptor);
		/* It was replaced a moment ago: the next request gets the new one. */
		till_response_problem(response, TILL_PROBLEM_BUSY,
				      "The snapshot was just replaced. Ask again.");
	}
	if (response->body != NULL)
		data = g_bytes_get_data(response->body, &size);
	return MHD_create_response_from_buffer(size, (void *)(guintptr)data, MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result
send_answer(Exchange *exchange)
{
	TillResponse *response = &exchange->response;
	struct MHD_Response *answer = open_body(exchange);
	char seconds[24];
	enum MHD_Result result;

	if (answer == NULL)
		return MHD_NO;
	MHD_add_response_header(answer, TILL_WIRE_SERVER_HEADER,
				exchange->server->central->server_id);
	MHD_add_response_header(answer, MHD_HTTP_HEADER_CONTENT_TYPE, response->content_type);
	MHD_add_response_header(answer, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	if (response->retry_after_s > 0) {
		g_snprintf(seconds, sizeof seconds, "%" G_GINT64_FORMAT, response->retry_after_s);
		MHD_add_response_header(answer, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
	}
	for (guint i = 0; response->headers != NULL && i + 1 < response->headers->len; i += 2)
		MHD_add_response_header(answer, g_ptr_array_index(response->headers, i),
					g_ptr_array_index(response->headers, i + 1));
	result = MHD_queue_response(exchange->connection, (unsigned int)response->status, answer);
	MHD_destroy_response(answer);
	return result;
}

static void
answered_cb(gpointer user)
{
	Exchange *exchange = user;
	TillHttpServer *server = exchange->server;

	MHD_resume_connection(exchange->connection);
	/* The exchange may be gone by now; the server waits for this count. */
	pthread_mutex_lock(&server->lock);
	server->under_way--;
	pthread_cond_signal(&server->idle);
	pthread_mutex_unlock(&server->lock);
}

static void
answered_here_cb(gpointer user G_GNUC_UNUSED)
{
}

/* --- asking --- */

static enum MHD_Result
header_cb(void *user, enum MHD_ValueKind kind G_GNUC_UNUSED, const char *name, const char *value)
{
	if (value != NULL)
		till_request_set_header(user, name, value);
	return MHD_YES;
}

static gsize
body_limit(const Exchange *exchange)
{
	return exchange->route != NULL ? exchange->route->body_max : 0;
}

/* A length that the daemon let pass is a number. */
static gboolean
announces_too_much(const Exchange *exchange)
{
	const char *text = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
						       MHD_HTTP_HEADER_CONTENT_LENGTH);
	gint64 length;

	return text != NULL && (!till_text_parse_int(text, 0, G_MAXINT64, &length) ||
				(guint64)length > body_limit(exchange) + SURPLUS_MAX);
}

static enum MHD_Result
send_too_large(Exchange *exchange)
{
	if (exchange->route != NULL)
		till_response_problem(&exchange->response, TILL_PROBLEM_TOO_LARGE,
				      "At most %" G_GSIZE_FORMAT " bytes may be sent here.",
				      exchange->route->body_max);
	return send_answer(exchange);
}

static enum MHD_Result
begin(Exchange *exchange, const char *method)
{
	const char *signature = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
							    TILL_SIGNATURE_HEADER);

	exchange->request = till_request_new(method, exchange->target, NULL);
	exchange->request->signature = g_strdup(signature);
	exchange->request->authorization = g_strdup(MHD_lookup_connection_value(
	    exchange->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION));
	MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, header_cb,
				  exchange->request);
	exchange->body = g_byte_array_new();
	exchange->route = till_route_find(exchange->request, &exchange->response);
	/* Answered before the body, which is then not read; the daemon closes after it. */
	return announces_too_much(exchange) ? send_too_large(exchange) : MHD_YES;
}

/* MHD_NO cuts the connection: in the middle of a body the daemon takes no answer, and a body
 * without a length may never end. */
static enum MHD_Result
take_piece(Exchange *exchange, const char *data, gsize size)
{
	if (exchange->surplus > 0 || exchange->body->len + size > body_limit(exchange))
		exchange->surplus += size;
	else
		g_byte_array_append(exchange->body, (const guint8 *)data, (guint)size);
	return exchange->surplus <= SURPLUS_MAX ? MHD_YES : MHD_NO;
}

/* FALSE: the server is ending and takes no more. */
static gboolean
enter(TillHttpServer *server)
{
	gboolean open;

	pthread_mutex_lock(&server->lock);
	open = !server->stopping;
	if (open)
		server->under_way++;
	pthread_mutex_unlock(&server->lock);
	return open;
}

static enum MHD_Result
start(Exchange *exchange)
{
	TillCentral *central = exchange->server->central;
	const TillRoute *route = exchange->route;

	exchange->started = TRUE;
	if (exchange->surplus > 0)
		return send_too_large(exchange);
	if (route == NULL)
		return send_answer(exchange);
	g_bytes_unref(exchange->request->body);
	exchange->request->body = g_byte_array_free_to_bytes(g_steal_pointer(&exchange->body));
	if (route->place == TILL_ROUTE_HERE) {
		till_route_start(central, route, exchange->request, &exchange->response,
				 answered_here_cb, NULL);
		return send_answer(exchange);
	}
	if (!enter(exchange->server)) {
		till_response_problem(&exchange->response, TILL_PROBLEM_BUSY,
				      "The central is stopping. Ask again soon.");
		return send_answer(exchange);
	}
	MHD_suspend_connection(exchange->connection);
	till_route_start(central, route, exchange->request, &exchange->response, answered_cb,
			 exchange);
	return MHD_YES;
}

static enum MHD_Result
answer_cb(void *user G_GNUC_UNUSED, struct MHD_Connection *connection G_GNUC_UNUSED,
	  const char *path G_GNUC_UNUSED, const char *method, const char *version G_GNUC_UNUSED,
	  const char *data, size_t *size, void **context)
{
	Exchange *exchange = *context;

	if (exchange == NULL)
		return MHD_NO;
	if (exchange->request == NULL)
		return begin(exchange, method);
	if (*size > 0) {
		enum MHD_Result result = take_piece(exchange, data, *size);
		*size = 0;
		return result;
	}
	return exchange->started ? send_answer(exchange) : start(exchange);
}

/* --- the daemon --- */

static void
committed_cb(TillCentral *central G_GNUC_UNUSED, gpointer user)
{
	till_http_events_committed(user);
}

/* The heads as they stand, so that the first event of a stream is right. */
static gboolean
load_heads_run(gpointer owner G_GNUC_UNUSED, gpointer data)
{
	till_http_events_committed(data);
	return TRUE;
}

static gboolean
parse_address(const TillHttpServerOptions *options, struct sockaddr_storage *out,
	      gboolean *out_loopback)
{
	struct sockaddr_in *four = (struct sockaddr_in *)(gpointer)out;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)(gpointer)out;

	memset(out, 0, sizeof *out);
	if (inet_pton(AF_INET, options->host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(options->port);
		*out_loopback = (ntohl(four->sin_addr.s_addr) >> 24) == 127;
		return TRUE;
	}
	if (inet_pton(AF_INET6, options->host, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(options->port);
		*out_loopback = IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
		return TRUE;
	}
	return FALSE;
}

static struct MHD_Daemon *
start_daemon(TillHttpServer *server, const TillHttpServerOptions *options,
	     const struct sockaddr_storage *address)
{
	unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
	struct MHD_OptionItem secure[] = {
	    {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(guintptr)options->cert_pem},
	    {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(guintptr)options->key_pem},
	    {MHD_OPTION_HTTPS_PRIORITIES, 0,
	     (void *)(guintptr) "SECURE192:+SECURE128:-VERS-ALL:"
				"+VERS-TLS1.3:+VERS-TLS1.2"},
	    {MHD_OPTION_END, 0, NULL}};

	if (options->cert_pem != NULL)
		flags |= MHD_USE_TLS;
	else
		secure[0].option = MHD_OPTION_END;
	if (address->ss_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	return MHD_start_daemon(
	    flags, options->port, NULL, NULL, answer_cb, server, MHD_OPTION_SOCK_ADDR, address,
	    MHD_OPTION_THREAD_POOL_SIZE, (unsigned int)THREADS, MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned int)IDLE_S, MHD_OPTION_CONNECTION_LIMIT, (unsigned int)CONNECTIONS_MAX,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(64 * 1024), MHD_OPTION_URI_LOG_CALLBACK,
	    uri_cb, server, MHD_OPTION_NOTIFY_COMPLETED, completed_cb, server, MHD_OPTION_ARRAY,
	    secure, MHD_OPTION_END);
}

static gboolean
check_options(const TillHttpServerOptions *options, struct sockaddr_storage *out_address,
	      GError **error)
{
	gboolean loopback;

	if (!parse_address(options, out_address, &loopback)) {
		g_set_error(
		    error, TILL_ERROR, TILL_ERROR_INVALID,
		    "\"%s\" is not a numeric address. Say for example --listen 127.0.0.1:8443.",
		    options->host);
		return FALSE;
	}
	if (!loopback && options->cert_pem == NULL) {
		g_set_error(
		    error, TILL_ERROR, TILL_ERROR_DENIED,
		    "Plain HTTP is answered on loopback only. Add --tls, or listen on 127.0.0.1.");
		return FALSE;
	}
	return TRUE;
}

TillHttpServer *
till_http_server_new(TillCentral *central, const TillHttpServerOptions *options, GError **error)
{
	struct sockaddr_storage address;
	TillHttpServer *server;
	const union MHD_DaemonInfo *info;

	if (!check_options(options, &address, error))
		return NULL;
	server = g_new0(TillHttpServer, 1);
	server->central = central;
	pthread_mutex_init(&server->lock, NULL);
	pthread_cond_init(&server->idle, NULL);
	server->events = till_http_events_new(central);
	central->committed_user = server->events;
	central->committed = committed_cb;
	if (!till_writer_call(central->writer, load_heads_run, server->events, error)) {
		till_http_server_free(server);
		return NULL;
	}
	server->daemon = start_daemon(server, options, &address);
	if (server->daemon == NULL) {
		g_set_error(
		    error, TILL_ERROR, TILL_ERROR_BUSY,
		    "Cannot listen on %s:%u (%s). Choose another port or stop what uses it.",
		    options->host, options->port, g_strerror(errno));
		till_http_server_free(server);
		return NULL;
	}
	info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
	server->port = info != NULL ? info->port : options->port;
	return server;
}

guint16
till_http_server_port(const TillHttpServer *server)
{
	return server->port;
}

static gboolean
detach_run(gpointer owner, gpointer data G_GNUC_UNUSED)
{
	TillCentral *central = owner;

	central->committed = NULL;
	return TRUE;
}

/* A daemon must not end while a connection is suspended: what is under way is answered first. */
static void
drain(TillHttpServer *server)
{
	pthread_mutex_lock(&server->lock);
	server->stopping = TRUE;
	pthread_mutex_unlock(&server->lock);
	till_snapshots_stop(server->central->snapshots);
	pthread_mutex_lock(&server->lock);
	while (server->under_way > 0)
		pthread_cond_wait(&server->idle, &server->lock);
	pthread_mutex_unlock(&server->lock);
}

void
till_http_server_free(TillHttpServer *server)
{
	MHD_socket listener = MHD_INVALID_SOCKET;

	if (server == NULL)
		return;
	if (server->daemon != NULL)
		listener = MHD_quiesce_daemon(server->daemon);
	drain(server);
	till_http_events_stop(server->events);
	if (!till_writer_call(server->central->writer, detach_run, NULL, NULL))
		till_server_log("stop", "the last group was not stored");
	if (server->daemon != NULL)
		MHD_stop_daemon(server->daemon);
	if (listener != MHD_INVALID_SOCKET)
		close(listener);
	till_http_events_free(server->events);
	pthread_cond_destroy(&server->idle);
	pthread_mutex_destroy(&server->lock);
	g_free(server);
}
