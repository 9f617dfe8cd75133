/* SPDX-License-Identifier: Apache-2.0 */
#include "local-socket.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "error.h"
#include "json.h"
#include "till-test.h"
#include "worker.h"

/* The asker blocks, so it runs on a worker while the server runs on the test's main context. */
typedef struct {
	char *dir;
	char *path;
	TillWorker *asker;
	TillLocalExchange *held; /* the last exchange, when the handler does not answer at once */
	gboolean is_held;
	guint handled;
} Fixture;

typedef struct {
	const char *path;
	const char *request; /* JSON for ask, or raw bytes for send_raw */
	gsize size;
	int timeout_ms;
	char *answer;  /* owned: canonical JSON, or the raw bytes that came back */
	GError *error; /* owned */
	gboolean is_done;
} Question;

static void
set_up(Fixture *fixture, gconstpointer data)
{
	(void)data;
	*fixture = (Fixture){.dir = till_test_temp_dir()};
	fixture->path = g_build_filename(fixture->dir, "socket", NULL);
	fixture->asker = till_worker_new("asker", NULL, g_main_context_default());
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
	(void)data;
	till_worker_free(fixture->asker);
	till_test_remove_dir(fixture->dir);
	g_free(fixture->dir);
	g_free(fixture->path);
}

static void
echo_cb(TillLocalExchange *exchange, const json_t *request, gpointer user)
{
	Fixture *fixture = user;
	fixture->handled++;
	till_local_socket_reply(exchange, json_pack("{s:O}", "echo", request));
}

static void
hold_cb(TillLocalExchange *exchange, const json_t *request, gpointer user)
{
	(void)request;
	Fixture *fixture = user;
	fixture->held = exchange;
	fixture->is_held = TRUE;
}

static gboolean
run_ask(gpointer owner, gpointer data, GError **error)
{
	(void)owner;
	(void)error;
	Question *question = data;
	g_autoptr(json_t) request = json_loads(question->request, 0, NULL);
	g_autoptr(json_t) answer =
	    till_local_socket_ask(question->path, request, question->timeout_ms, &question->error);
	if (answer != NULL)
		question->answer = json_dumps(answer, JSON_COMPACT | JSON_SORT_KEYS);
	return TRUE;
}

/* Sends bytes as they are and collects what comes back until the server hangs up. No GIO here: its
 * locks are invisible to the thread sanitizer. */
static gboolean
run_send_raw(gpointer owner, gpointer data, GError **error)
{
	(void)owner;
	(void)error;
	Question *question = data;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	g_strlcpy(address.sun_path, question->path, sizeof address.sun_path);
	int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(connect(descriptor, (struct sockaddr *)&address, sizeof address), ==, 0);
	gsize sent = 0;
	ssize_t step = 1;
	while (sent < question->size && step > 0) {
		step =
		    send(descriptor, question->request + sent, question->size - sent, MSG_NOSIGNAL);
		sent += step > 0 ? (gsize)step : 0;
	}
	shutdown(descriptor, SHUT_WR);
	char reply[1000] = "";
	gsize got = 0;
	while (got < sizeof reply - 1 &&
	       (step = recv(descriptor, reply + got, sizeof reply - 1 - got, 0)) > 0)
		got += (gsize)step;
	close(descriptor);
	question->answer = g_strndup(reply, got);
	return TRUE;
}

static void
asked_cb(gpointer data, const GError *error, gpointer user)
{
	(void)error;
	(void)user;
	((Question *)data)->is_done = TRUE;
}

static void
start(Fixture *fixture, Question *question, TillWorkerRun run)
{
	question->path = fixture->path;
	if (question->timeout_ms == 0)
		question->timeout_ms = 20000;
	till_worker_post(fixture->asker, run, question, NULL, NULL, asked_cb, NULL);
}

static void
ask(Fixture *fixture, Question *question)
{
	start(fixture, question, run_ask);
	till_test_wait(&question->is_done);
}

static void
clear_question(Question *question)
{
	g_free(question->answer);
	g_clear_error(&question->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Question, clear_question)

static TillLocalSocket *
serve(Fixture *fixture, TillLocalHandler handler)
{
	g_autoptr(GError) error = NULL;
	TillLocalSocket *server = till_local_socket_new(fixture->path, handler, fixture, &error);
	g_assert_no_error(error);
	return server;
}

static void
test_question_and_answer(Fixture *fixture, gconstpointer data)
{
	(void)data;
	struct stat status;
	TillLocalSocket *server = serve(fixture, echo_cb);
	g_assert_cmpint(stat(fixture->path, &status), ==, 0);
	g_assert_cmpint(status.st_mode & 0777, ==, 0600);
	for (int i = 0; i < 3; i++) {
		g_auto(Question) question = {.request = "{\"verb\":\"Zürich\\nstatus\"}"};
		ask(fixture, &question);
		g_assert_no_error(question.error);
		g_assert_cmpstr(question.answer, ==, "{\"echo\":{\"verb\":\"Zürich\\nstatus\"}}");
	}
	till_local_socket_free(server);
	g_assert_false(g_file_test(fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_large_messages(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autofree char *filler = g_strnfill(1000000, 'x');
	g_autofree char *request = g_strdup_printf("{\"filler\":\"%s\"}", filler);
	g_auto(Question) question = {.request = request};
	g_autoptr(TillLocalSocket) server = serve(fixture, echo_cb);
	ask(fixture, &question);
	g_assert_no_error(question.error);
	g_assert_cmpuint(strlen(question.answer), ==, strlen(request) + strlen("{\"echo\":}"));
}

static void
test_too_long_request(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autofree char *endless = g_strnfill(1200000, '[');
	g_auto(Question) question = {.request = endless, .size = 1200000};
	g_autoptr(TillLocalSocket) server = serve(fixture, echo_cb);
	start(fixture, &question, run_send_raw);
	till_test_wait(&question.is_done);
	g_assert_cmpuint(fixture->handled, ==, 0);
	/* The server may hang up before all was sent; what arrives, if anything, says why. */
	if (question.answer != NULL && question.answer[0] != '\0')
		g_assert_nonnull(strstr(question.answer, "too long"));
}

static void
test_malformed_requests(Fixture *fixture, gconstpointer data)
{
	(void)data;
	static const char *const bad[] = {"\n",     "nonsense\n", "{\"a\":1.5}\n",
					  "{}{}\n", "\xFF\n",     "{\"a\":1,\"a\":1}\n"};
	g_autoptr(TillLocalSocket) server = serve(fixture, echo_cb);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_auto(Question) question = {.request = bad[i], .size = strlen(bad[i])};
		start(fixture, &question, run_send_raw);
		till_test_wait(&question.is_done);
		g_assert_true(g_str_has_prefix(question.answer, "{\"error\":\"The request "));
	}
	g_auto(Question) cut = {.request = "{\"verb\":", .size = 8};
	start(fixture, &cut, run_send_raw);
	till_test_wait(&cut.is_done);
	g_assert_cmpstr(cut.answer, ==, "");
	g_assert_cmpuint(fixture->handled, ==, 0);
}

static void
test_late_answer(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_auto(Question) question = {.request = "{}"};
	g_autoptr(TillLocalSocket) server = serve(fixture, hold_cb);
	start(fixture, &question, run_ask);
	till_test_wait(&fixture->is_held);
	g_assert_false(question.is_done);
	till_local_socket_reply(fixture->held, json_pack("{s:b}", "late", 1));
	till_test_wait(&question.is_done);
	g_assert_cmpstr(question.answer, ==, "{\"late\":true}");
}

static void
test_answer_after_the_server_ended(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_auto(Question) question = {.request = "{}"};
	TillLocalSocket *server = serve(fixture, hold_cb);
	start(fixture, &question, run_ask);
	till_test_wait(&fixture->is_held);
	till_local_socket_free(server);
	till_local_socket_reply(fixture->held, json_pack("{s:b}", "late", 1));
	till_test_wait(&question.is_done);
	g_assert_cmpstr(question.answer, ==, "{\"late\":true}");
}

static void
test_asker_gives_up(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_auto(Question) question = {.request = "{}", .timeout_ms = 30};
	g_autoptr(TillLocalSocket) server = serve(fixture, hold_cb);
	ask(fixture, &question);
	till_test_assert_error(question.error, TILL_ERROR_NETWORK, "did not answer");
	till_test_wait(&fixture->is_held);
	till_local_socket_reply(fixture->held, json_pack("{s:b}", "late", 1));
}

static void
test_nobody_listens(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_auto(Question) absent = {.request = "{}"};
	ask(fixture, &absent);
	till_test_assert_error(absent.error, TILL_ERROR_NOT_FOUND, "No till is running");
}

/* A socket file whose owner died without removing it. */
static void
leave_stale_socket(const char *path)
{
	g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
	g_autoptr(GSocket) socket = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM,
						 G_SOCKET_PROTOCOL_DEFAULT, NULL);
	g_assert_true(g_socket_bind(socket, address, FALSE, NULL));
	g_assert_true(g_socket_listen(socket, NULL));
	g_assert_true(g_socket_close(socket, NULL));
	g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void
test_stale_socket(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_auto(Question) before = {.request = "{}"};
	g_auto(Question) after = {.request = "{}"};
	leave_stale_socket(fixture->path);
	ask(fixture, &before);
	till_test_assert_error(before.error, TILL_ERROR_NOT_FOUND, "No till is running");
	g_autoptr(TillLocalSocket) server = serve(fixture, echo_cb);
	ask(fixture, &after);
	g_assert_cmpstr(after.answer, ==, "{\"echo\":{}}");
}

static void
test_live_socket_is_respected(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	g_auto(Question) question = {.request = "{}"};
	g_autoptr(TillLocalSocket) server = serve(fixture, echo_cb);
	g_assert_null(till_local_socket_new(fixture->path, echo_cb, fixture, &error));
	till_test_assert_error(error, TILL_ERROR_BUSY, "in use");
	ask(fixture, &question);
	g_assert_cmpstr(question.answer, ==, "{\"echo\":{}}");
}

static void
test_other_file_is_respected(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	g_assert_true(g_file_set_contents(fixture->path, "precious", -1, NULL));
	g_assert_null(till_local_socket_new(fixture->path, echo_cb, fixture, &error));
	till_test_assert_error(error, TILL_ERROR_BUSY, "in use");
	g_assert_true(g_file_test(fixture->path, G_FILE_TEST_IS_REGULAR));
}

static void
test_long_path(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	g_autofree char *name = g_strnfill(120, 'n');
	g_autofree char *path = g_build_filename(fixture->dir, name, NULL);
	g_autoptr(json_t) request = json_object();
	g_assert_null(till_local_socket_new(path, echo_cb, fixture, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "too long for a socket");
	g_assert_null(till_local_socket_ask(path, request, 100, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "too long for a socket");
}

static void
add(const char *path, void (*test)(Fixture *, gconstpointer))
{
	g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add("/base/local-socket/answers-a-question", test_question_and_answer);
	add("/base/local-socket/carries-a-large-message", test_large_messages);
	add("/base/local-socket/a-request-without-end-is-refused", test_too_long_request);
	add("/base/local-socket/malformed-requests-never-reach-the-handler",
	    test_malformed_requests);
	add("/base/local-socket/may-answer-later", test_late_answer);
	add("/base/local-socket/may-answer-after-the-server-ended",
	    test_answer_after_the_server_ended);
	add("/base/local-socket/the-asker-gives-up-in-time", test_asker_gives_up);
	add("/base/local-socket/nobody-listening-is-told", test_nobody_listens);
	add("/base/local-socket/a-stale-socket-is-replaced", test_stale_socket);
	add("/base/local-socket/a-live-socket-is-respected", test_live_socket_is_respected);
	add("/base/local-socket/another-file-is-respected", test_other_file_is_respected);
	add("/base/local-socket/a-path-too-long-is-told", test_long_path);
	return g_test_run();
}
