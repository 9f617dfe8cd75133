/* SPDX-License-Identifier: Apache-2.0 */
#include "http.h"

#include <string.h>

#include "error.h"
#include "fake-http.h"
#include "till-test.h"

/* What the scripted server answers to the next request. */
typedef struct {
	FakeHttp *server;
	TillTestClock clock;
	TillHttp *http;
	int status;
	const char *headers;
	gsize body_size;
	FakeFate fate;
	guint served;
	/* the answer */
	gboolean done;
	TillHttpAnswer answer;
	guint bytes;
} Fixture;

static void
serve_cb(const FakeRequest *request, FakeResponse *response, gpointer user)
{
	Fixture *fixture = user;

	(void)request;
	fixture->served++;
	response->status = fixture->status;
	response->fate = fixture->fate;
	g_string_append(response->headers, fixture->headers);
	g_byte_array_set_size(response->body, (guint)fixture->body_size);
	if (fixture->body_size > 0)
		memset(response->body->data, 'x', fixture->body_size);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	fixture->status = 200;
	fixture->headers = "";
	fixture->server = fake_http_new(serve_cb, fixture);
	till_test_clock_init(&fixture->clock, 1795420000000);
	g_autofree char *url =
	    g_strdup_printf("http://127.0.0.1:%d/", fake_http_port(fixture->server));
	fixture->http = till_http_new(url, NULL, TILL_HTTP_PINNED, &fixture->clock.clock, &error);
	g_assert_no_error(error);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
	(void)data;
	till_http_free(fixture->http);
	fake_http_free(fixture->server);
}

static void
done_cb(const TillHttpAnswer *answer, gpointer user)
{
	Fixture *fixture = user;

	g_assert_false(fixture->done);
	fixture->done = TRUE;
	fixture->answer = *answer;
	fixture->bytes = answer->body->len;
}

static TillHttpRequest *
start(Fixture *fixture, gsize answer_max, const char *download_path)
{
	TillHttpOptions options = {.method = "GET",
				   .target = "/x",
				   .answer_max = answer_max,
				   .download_path = download_path,
				   .done = done_cb,
				   .user = fixture};

	fixture->done = FALSE;
	return till_http_start(fixture->http, &options);
}

static void
finish(Fixture *fixture)
{
	while (!fixture->done)
		till_http_poll(fixture->http, 100);
}

static guint
count_served(Fixture *fixture)
{
	fake_http_lock(fixture->server);
	guint served = fixture->served;
	fake_http_unlock(fixture->server);
	return served;
}

static void
test_urls(void)
{
	static const struct {
		const char *url;
		gboolean ok, plain;
	} cases[] = {
	    {"https://central.example:8443", TRUE, FALSE},
	    {"https://central.example/", TRUE, FALSE},
	    {"http://127.0.0.1:8080", TRUE, TRUE},
	    {"http://127.9.9.9", TRUE, TRUE},
	    {"http://[::1]:8080", TRUE, TRUE},
	    {"http://localhost:8080", TRUE, TRUE},
	    {"http://central.example", FALSE, FALSE},
	    {"http://127.0.0.1.example", FALSE, FALSE},
	    {"http://10.0.0.1", FALSE, FALSE},
	    {"http://0.0.0.0", FALSE, FALSE},
	    {"http://localhost.example", FALSE, FALSE},
	    {"http://127.0.0.1@evil.example", FALSE, FALSE},
	    {"http://user@127.0.0.1", FALSE, FALSE},
	    {"https://central.example/path", FALSE, FALSE},
	    {"https://central.example?x", FALSE, FALSE},
	    {"ftp://central.example", FALSE, FALSE},
	    {"file:///etc/passwd", FALSE, FALSE},
	    {"central.example", FALSE, FALSE},
	    {"", FALSE, FALSE},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		gboolean plain = FALSE;
		g_assert_cmpint(till_http_check_url(cases[i].url, &plain, &error), ==, cases[i].ok);
		g_assert_cmpint(error == NULL, ==, cases[i].ok);
		g_assert_cmpint(plain, ==, cases[i].plain);
	}
}

static void
test_https_needs_a_ca(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(till_http_new("https://central.example", "", TILL_HTTP_PINNED,
				    till_clock_system(), &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_DENIED);
}

static void
test_headers_are_read(Fixture *fixture, gconstpointer data)
{
	(void)data;
	fixture->status = 503;
	fixture->headers = "content-TYPE: Application/JSON; charset=utf-8\r\n"
			   "tillhouse-server:  abc \r\nTillhouse-Hash: 77\r\nRetry-After: 17\r\n";
	start(fixture, 100, NULL);
	finish(fixture);
	g_assert_cmpint(fixture->answer.status, ==, 503);
	g_assert_cmpstr(fixture->answer.content_type, ==, "application/json");
	g_assert_cmpstr(fixture->answer.server, ==, "abc");
	g_assert_cmpstr(fixture->answer.hash, ==, "77");
	g_assert_cmpint(fixture->answer.retry_after_s, ==, 17);
}

static void
test_retry_after_forms(Fixture *fixture, gconstpointer data)
{
	static const struct {
		const char *headers;
		gint64 seconds;
	} cases[] = {
	    {"", -1},
	    {"Retry-After: 0\r\n", 0},
	    {"Retry-After: 99999999999\r\n", G_MAXINT32},
	    {"Retry-After: 99999999999999999999\r\n", -1},
	    {"Retry-After: soon\r\n", -1},
	    {"Retry-After: -5\r\n", -1},
	    {"Date: Mon, 23 Nov 2026 10:00:00 GMT\r\nRetry-After: Mon, 23 Nov 2026 10:02:00 "
	     "GMT\r\n",
	     120},
	    {"Date: Mon, 23 Nov 2026 10:00:00 GMT\r\nRetry-After: Mon, 23 Nov 2026 09:00:00 "
	     "GMT\r\n",
	     -1},
	    {"Retry-After: Mon, 23 Nov 2026 10:02:00 GMT\r\n", -1},
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		fixture->headers = cases[i].headers;
		start(fixture, 100, NULL);
		finish(fixture);
		g_assert_cmpint(fixture->answer.retry_after_s, ==, cases[i].seconds);
	}
}

static void
test_answers_are_bounded(Fixture *fixture, gconstpointer data)
{
	(void)data;
	fixture->body_size = 1000000;
	start(fixture, 1000000, NULL);
	finish(fixture);
	g_assert_cmpint(fixture->answer.status, ==, 200);
	g_assert_cmpuint(fixture->bytes, ==, 1000000);
	start(fixture, 999999, NULL);
	finish(fixture);
	g_assert_cmpint(fixture->answer.status, ==, 0);
	g_assert_nonnull(strstr(fixture->answer.trouble, "larger than 999999"));
}

static void
test_downloads_go_to_their_file(Fixture *fixture, gconstpointer data)
{
	g_autofree char *dir = till_test_temp_dir();
	g_autofree char *path = g_build_filename(dir, "part", NULL);
	g_autofree char *bytes = NULL;
	gsize size;

	(void)data;
	fixture->body_size = 3000000;
	start(fixture, 3000000, path);
	finish(fixture);
	g_assert_cmpint(fixture->answer.status, ==, 200);
	g_assert_cmpuint(fixture->bytes, ==, 0);
	g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
	g_assert_cmpuint(size, ==, 3000000);
	start(fixture, 2999999, path);
	finish(fixture);
	g_assert_cmpint(fixture->answer.status, ==, 0);
	/* What is no 200 is an answer to read, not a file. */
	fixture->status = 410;
	fixture->body_size = 10;
	start(fixture, 100, path);
	finish(fixture);
	g_assert_cmpint(fixture->answer.status, ==, 410);
	g_assert_cmpuint(fixture->bytes, ==, 10);
	till_test_remove_dir(dir);
}

static void
test_unwritable_download_is_said(Fixture *fixture, gconstpointer data)
{
	(void)data;
	fixture->body_size = 10;
	start(fixture, 100, "/nonexistent/part");
	finish(fixture);
	g_assert_cmpint(fixture->answer.status, ==, 0);
	g_assert_nonnull(strstr(fixture->answer.trouble, "cannot be written"));
}

static void
test_redirects_are_not_followed(Fixture *fixture, gconstpointer data)
{
	(void)data;
	fixture->status = 302;
	fixture->headers = "Location: /elsewhere\r\n";
	start(fixture, 100, NULL);
	finish(fixture);
	g_assert_cmpint(fixture->answer.status, ==, 302);
	g_assert_cmpuint(count_served(fixture), ==, 1);
}

static void
test_cut_answer_is_no_answer(Fixture *fixture, gconstpointer data)
{
	(void)data;
	fixture->body_size = 1000;
	fixture->fate = FAKE_HALF;
	start(fixture, 2000, NULL);
	finish(fixture);
	g_assert_cmpint(fixture->answer.status, ==, 0);
	g_assert_true(fixture->answer.sent);
	g_assert_nonnull(strstr(fixture->answer.trouble, "broke off"));
}

static void
test_nobody_there(Fixture *fixture, gconstpointer data)
{
	(void)data;
	fake_http_stop(fixture->server);
	start(fixture, 100, NULL);
	finish(fixture);
	g_assert_cmpint(fixture->answer.status, ==, 0);
	g_assert_false(fixture->answer.sent);
	g_assert_nonnull(strstr(fixture->answer.trouble, "does not answer"));
}

/* Time is the caller's: nothing here waits. */
static void
test_silence_is_a_stall(Fixture *fixture, gconstpointer data)
{
	(void)data;
	fixture->fate = FAKE_HANG;
	start(fixture, 100, NULL);
	while (count_served(fixture) == 0)
		till_http_poll(fixture->http, 20);
	till_test_clock_advance(&fixture->clock, 19999);
	till_http_poll(fixture->http, 0);
	g_assert_false(fixture->done);
	till_test_clock_advance(&fixture->clock, 1);
	till_http_poll(fixture->http, 0);
	g_assert_true(fixture->done);
	g_assert_true(fixture->answer.timed_out);
	g_assert_true(fixture->answer.sent);
}

static void
test_cancelled_is_never_done(Fixture *fixture, gconstpointer data)
{
	(void)data;
	fixture->fate = FAKE_HANG;
	TillHttpRequest *request = start(fixture, 100, NULL);
	while (count_served(fixture) == 0)
		till_http_poll(fixture->http, 20);
	till_http_cancel(request);
	till_http_poll(fixture->http, 0);
	g_assert_false(fixture->done);
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
	g_test_add_func("/sync/http/plain-http-is-for-the-loopback", test_urls);
	g_test_add_func("/sync/http/https-needs-a-pinned-ca", test_https_needs_a_ca);
	add("/sync/http/headers-are-read", test_headers_are_read);
	add("/sync/http/retry-after-in-its-forms", test_retry_after_forms);
	add("/sync/http/answers-are-bounded", test_answers_are_bounded);
	add("/sync/http/downloads-go-to-their-file", test_downloads_go_to_their_file);
	add("/sync/http/an-unwritable-download-is-said", test_unwritable_download_is_said);
	add("/sync/http/redirects-are-not-followed", test_redirects_are_not_followed);
	add("/sync/http/a-cut-answer-is-no-answer", test_cut_answer_is_no_answer);
	add("/sync/http/nobody-there-is-said", test_nobody_there);
	add("/sync/http/silence-is-a-stall", test_silence_is_a_stall);
	add("/sync/http/cancelled-is-never-done", test_cancelled_is_never_done);
	return g_test_run();
}
