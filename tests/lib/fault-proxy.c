/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "till-test.h"

/* A bad network in front of a central: forwards HTTP from one loopback port to another and breaks
 * what it is told to.
 *
 *   fault-proxy --to PORT [--listen PORT] [--seed N] [--swallow-response P] [--cut-request P]
 * [--cut-response P]
 *               [--duplicate P] [--garble P] [--delay-ms N] [--captive]
 *
 * P are per mille of the requests, thrown from the seed in the order requests come. It prints
 * "listening PORT" when ready. SIGUSR1: dark (connections are cut and refused). SIGUSR2: back. Each
 * request gets a connection of its own to the central, whose answer is passed on; a client's
 * connection is kept where the answer has a length, so that a swallowed answer on a reused
 * connection makes libcurl send again by itself. */

#define HEAD_MAX (64 * 1024)
#define BODY_MAX (8 * 1024 * 1024)
#define PIECE 65536

static int option_to, option_listen, option_delay_ms, option_seed = 1;
static int option_swallow, option_cut_request, option_cut_response, option_duplicate, option_garble;
static gboolean option_captive;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static TillTestRandom dice;  /* under the lock */
static GArray *open_sockets; /* of int, clients; under the lock */
static gboolean is_dark;     /* under the lock */

typedef enum {
	FATE_PASS,
	FATE_SWALLOW,
	FATE_CUT_REQUEST,
	FATE_CUT_RESPONSE,
	FATE_DUPLICATE,
	FATE_GARBLE,
} Fate;

static Fate
throw_fate(void)
{
	const struct {
		Fate fate;
		int per_mille;
	} table[] = {
	    {FATE_SWALLOW, option_swallow},
	    {FATE_CUT_REQUEST, option_cut_request},
	    {FATE_CUT_RESPONSE, option_cut_response},
	    {FATE_DUPLICATE, option_duplicate},
	    {FATE_GARBLE, option_garble},
	};
	Fate fate = FATE_PASS;

	pthread_mutex_lock(&lock);
	gint64 number = till_test_random_range(&dice, 0, 999);
	pthread_mutex_unlock(&lock);
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		if (number < table[i].per_mille) {
			fate = table[i].fate;
			break;
		}
		number -= table[i].per_mille;
	}
	return fate;
}

static gboolean
send_all(int target, const void *data, gsize size)
{
	const guint8 *bytes = data;

	while (size > 0) {
		ssize_t sent = send(target, bytes, size, MSG_NOSIGNAL);
		if (sent <= 0)
			return FALSE;
		bytes += sent;
		size -= (gsize)sent;
	}
	return TRUE;
}

static gboolean
receive(int source, GByteArray *into)
{
	guint8 bytes[PIECE];
	ssize_t size = recv(source, bytes, sizeof bytes, 0);

	if (size <= 0)
		return FALSE;
	g_byte_array_append(into, bytes, (guint)size);
	return TRUE;
}

/* The size of the head with its empty line, 0 when it did not come. */
static gsize
receive_head(int source, GByteArray *into)
{
	const guint8 *end;

	while (into->len == 0 || (end = memmem(into->data, into->len, "\r\n\r\n", 4)) == NULL) {
		if (into->len > HEAD_MAX || !receive(source, into))
			return 0;
	}
	return (gsize)(end - into->data) + 4;
}

/* Of a message's head; −1 when it does not say. */
static gint64
content_length(const GByteArray *message, gsize head_size)
{
	g_autofree char *head = g_strndup((const char *)message->data, head_size);
	g_auto(GStrv) lines = g_strsplit(head, "\r\n", 0);

	for (gsize i = 0; lines[i] != NULL; i++) {
		if (g_ascii_strncasecmp(lines[i], "Content-Length:", 15) == 0)
			return (gint64)g_ascii_strtoull(g_strstrip(lines[i] + 15), NULL, 10);
	}
	return -1;
}

/* Takes the header line out, so that our own may stand in its place. Returns the new size of the
 * head. */
static gsize
drop_connection_header(GByteArray *message, gsize head_size)
{
	g_autofree char *head = g_strndup((const char *)message->data, head_size);
	const char *line = strcasestr(head, "\r\nConnection:");

	if (line == NULL)
		return head_size;
	gsize at = (gsize)(line - head) + 2;
	gsize size = (gsize)(strstr(line + 2, "\r\n") - line);
	g_byte_array_remove_range(message, (guint)at, (guint)size);
	return head_size - size;
}

static GByteArray *
receive_request(int client, GByteArray *input)
{
	gsize head_size = receive_head(client, input);

	if (head_size == 0)
		return NULL;
	gint64 length = MAX(content_length(input, head_size), 0);
	if (length > BODY_MAX)
		return NULL;
	while (input->len < head_size + (gsize)length) {
		if (!receive(client, input))
			return NULL;
	}
	guint size = (guint)(head_size + (gsize)length);
	GByteArray *request = g_byte_array_new();
	g_byte_array_append(request, input->data, size);
	g_byte_array_remove_range(input, 0, size);
	head_size = drop_connection_header(request, head_size);
	/* The central closes when it has answered: the end of its answer is then plain to see. */
	static const char close_line[] = "Connection: close\r\n";
	g_autoptr(GByteArray) tail = g_byte_array_new();
	g_byte_array_append(tail, request->data + head_size - 2,
			    request->len - (guint)head_size + 2);
	g_byte_array_set_size(request, (guint)head_size - 2);
	g_byte_array_append(request, (const guint8 *)close_line, sizeof close_line - 1);
	g_byte_array_append(request, tail->data, tail->len);
	return request;
}

static int
dial(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((guint16)option_to),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int central = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	(void)setsockopt(central, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(central, (struct sockaddr *)&address, sizeof address) == 0)
		return central;
	close(central);
	return -1;
}

/* Sends the request, or half of it. −1 when nobody is there. */
static int
ask(const GByteArray *request, gboolean half)
{
	int central = dial();

	if (central >= 0)
		(void)send_all(central, request->data, half ? request->len / 2 : request->len);
	return central;
}

static void
garble(GByteArray *bytes, gsize from)
{
	pthread_mutex_lock(&lock);
	for (guint i = 0; i < 8 && bytes->len > from; i++) {
		gint64 at = till_test_random_range(&dice, (gint64)from, bytes->len - 1);
		bytes->data[at] ^= (guint8)till_test_random_range(&dice, 1, 255);
	}
	pthread_mutex_unlock(&lock);
}

static void
read_to_end(int central, GByteArray *answer)
{
	while (answer->len < BODY_MAX && receive(central, answer)) {
	}
}

/* Passes an answer on as it comes: it may never end (events) or be large (a snapshot). TRUE: the
 * client's connection can be used again. */
static gboolean
pass_on(int central, int client)
{
	g_autoptr(GByteArray) answer = g_byte_array_new();
	gsize head_size = receive_head(central, answer);

	if (head_size == 0)
		return FALSE;
	gint64 length = content_length(answer, head_size);
	if (length >= 0)
		head_size = drop_connection_header(answer, head_size);
	gint64 passed = -(gint64)head_size;
	do {
		passed += answer->len;
		if (!send_all(client, answer->data, answer->len))
			return FALSE;
		g_byte_array_set_size(answer, 0);
	} while (receive(central, answer));
	return length >= 0 && passed == length;
}

static gboolean
break_answer(int central, int client, Fate fate)
{
	g_autoptr(GByteArray) answer = g_byte_array_new();
	gsize head_size = receive_head(central, answer);

	if (head_size == 0)
		return FALSE;
	read_to_end(central, answer);
	if (fate == FATE_SWALLOW)
		return FALSE;
	if (fate == FATE_GARBLE)
		garble(answer, head_size);
	(void)send_all(client, answer->data,
		       fate == FATE_CUT_RESPONSE ? answer->len / 2 : answer->len);
	return FALSE;
}

static gboolean
answer_as_portal(int client)
{
	static const char page[] =
	    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 27\r\n\r\n"
	    "<html>Please sign in</html>";

	(void)send_all(client, page, sizeof page - 1);
	return FALSE;
}

/* A copy of the request arrives too, before or after. */
static void
send_twin(const GByteArray *request)
{
	g_autoptr(GByteArray) answer = g_byte_array_new();
	int central = ask(request, FALSE);

	if (central < 0)
		return;
	if (receive_head(central, answer) > 0 && content_length(answer, answer->len) >= 0)
		read_to_end(central, answer);
	close(central);
}

/* FALSE: the client's connection ends. */
static gboolean
forward(int client, const GByteArray *request)
{
	Fate fate = throw_fate();

	if (option_captive)
		return answer_as_portal(client);
	if (option_delay_ms > 0)
		g_usleep((gulong)option_delay_ms * 1000);
	if (fate == FATE_DUPLICATE)
		send_twin(request);
	int central = ask(request, fate == FATE_CUT_REQUEST);
	if (central < 0)
		return FALSE;
	gboolean keep = FALSE;
	if (fate == FATE_PASS || fate == FATE_DUPLICATE)
		keep = pass_on(central, client);
	else if (fate != FATE_CUT_REQUEST)
		keep = break_answer(central, client, fate);
	close(central);
	return keep;
}

static void
forget_socket(int client)
{
	pthread_mutex_lock(&lock);
	for (guint i = 0; i < open_sockets->len; i++) {
		if (g_array_index(open_sockets, int, i) == client) {
			g_array_remove_index_fast(open_sockets, i);
			break;
		}
	}
	close(client);
	pthread_mutex_unlock(&lock);
}

static void *
run_client(void *data)
{
	int client = GPOINTER_TO_INT(data);
	g_autoptr(GByteArray) input = g_byte_array_new();
	gboolean keep = TRUE;

	while (keep) {
		g_autoptr(GByteArray) request = receive_request(client, input);
		keep = request != NULL && forward(client, request);
	}
	forget_socket(client);
	return NULL;
}

static void
start_client(int client)
{
	pthread_t thread;
	int on = 1;

	(void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	pthread_mutex_lock(&lock);
	gboolean refuse = is_dark;
	if (!refuse)
		g_array_append_val(open_sockets, client);
	pthread_mutex_unlock(&lock);
	if (refuse || pthread_create(&thread, NULL, run_client, GINT_TO_POINTER(client)) != 0) {
		close(client);
		return;
	}
	(void)pthread_detach(thread);
}

/* Waits for the signals that no other thread takes. */
static void *
run_signals(void *data)
{
	const sigset_t *set = data;
	int number;

	while (sigwait(set, &number) == 0) {
		pthread_mutex_lock(&lock);
		is_dark = number == SIGUSR1;
		for (guint i = 0; is_dark && i < open_sockets->len; i++)
			(void)shutdown(g_array_index(open_sockets, int, i), SHUT_RDWR);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static int
listen_on_loopback(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((guint16)option_listen),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	(void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
	    listen(listener, 64) != 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) != 0)
		return -1;
	g_print("listening %d\n", ntohs(address.sin_port));
	return listener;
}

static gboolean
parse_options(int argc, char **argv)
{
	const GOptionEntry entries[] = {
	    {"to", 0, 0, G_OPTION_ARG_INT, &option_to, "The central's port", "PORT"},
	    {"listen", 0, 0, G_OPTION_ARG_INT, &option_listen, "Ours; any when 0", "PORT"},
	    {"seed", 0, 0, G_OPTION_ARG_INT, &option_seed, "Of the faults", "N"},
	    {"swallow-response", 0, 0, G_OPTION_ARG_INT, &option_swallow, "Answers lost",
	     "PERMILLE"},
	    {"cut-request", 0, 0, G_OPTION_ARG_INT, &option_cut_request, "Requests cut",
	     "PERMILLE"},
	    {"cut-response", 0, 0, G_OPTION_ARG_INT, &option_cut_response, "Answers cut",
	     "PERMILLE"},
	    {"duplicate", 0, 0, G_OPTION_ARG_INT, &option_duplicate, "Sent twice", "PERMILLE"},
	    {"garble", 0, 0, G_OPTION_ARG_INT, &option_garble, "Answers damaged", "PERMILLE"},
	    {"delay-ms", 0, 0, G_OPTION_ARG_INT, &option_delay_ms, "Before each request", "N"},
	    {"captive", 0, 0, G_OPTION_ARG_NONE, &option_captive, "Answer all with a page", NULL},
	    G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;

	g_option_context_add_main_entries(context, entries, NULL);
	if (g_option_context_parse(context, &argc, &argv, &error) && option_to > 0)
		return TRUE;
	g_printerr("fault-proxy: %s\n", error != NULL ? error->message : "--to PORT is missing");
	return FALSE;
}

int
main(int argc, char **argv)
{
	static sigset_t set;
	pthread_t signals;
	int client;

	if (!parse_options(argc, argv))
		return 2;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	open_sockets = g_array_new(FALSE, FALSE, sizeof(int));
	till_test_random_init(&dice, (guint64)option_seed);
	int listener = listen_on_loopback();
	if (listener < 0 || pthread_create(&signals, NULL, run_signals, &set) != 0) {
		g_printerr("fault-proxy: port %d cannot be used\n", option_listen);
		return 1;
	}
	while ((client = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		start_client(client);
	return 1;
}
