/* SPDX-License-Identifier: Apache-2.0 */
#include <gio/gio.h>
#include <string.h>

#include "central-fixture.h"
#include "json.h"
#include "route.h"
#include "signature.h"

static int
ask(CentralFixture *fixture, const char *method, const char *target, const char *signature)
{
	TillRequest *request = till_request_new(method, target, NULL);
	TillResponse response = {.status = 0};
	int status;

	request->signature = g_strdup(signature);
	till_route_handle(fixture->central, request, &response);
	status = response.status;
	till_response_clear(&response);
	till_request_free(request);
	return status;
}

static void
test_addresses(void)
{
	CentralFixture fixture;

	central_fixture_init(&fixture, FALSE);
	g_assert_cmpint(ask(&fixture, "GET", "/v1/health", NULL), ==, 200);
	g_assert_cmpint(ask(&fixture, "GET", "/v1/health?x=1", NULL), ==, 200);
	g_assert_cmpint(ask(&fixture, "GET", "/v1/health/", NULL), ==, 404);
	g_assert_cmpint(ask(&fixture, "GET", "/", NULL), ==, 404);
	g_assert_cmpint(ask(&fixture, "GET", "/v1/t//push", NULL), ==, 404);
	g_assert_cmpint(ask(&fixture, "POST", "/v1/health", NULL), ==, 405);
	g_assert_cmpint(ask(&fixture, "POST", "/v1/t/x/push", NULL), ==, 401);
	central_fixture_clear(&fixture);
}

static void
test_headers(void)
{
	TillRequest *request = till_request_new("GET", "/", NULL);
	g_autofree char *longest = g_strnfill(TILL_REQUEST_HEADER_MAX, 'a');
	g_autofree char *longer = g_strnfill(TILL_REQUEST_HEADER_MAX + 1, 'a');

	g_assert_null(till_request_header(request, "If-Match"));
	till_request_set_header(request, "if-MATCH", "\"3\"");
	till_request_set_header(request, "If-Match", "\"4\"");
	g_assert_cmpstr(till_request_header(request, "IF-match"), ==, "\"3\"");
	till_request_set_header(request, "A", longest);
	till_request_set_header(request, "B", longer);
	till_request_set_header(request, "C", "\xff");
	g_assert_nonnull(till_request_header(request, "a"));
	g_assert_null(till_request_header(request, "b"));
	g_assert_null(till_request_header(request, "c"));
	for (guint i = 0; i < TILL_REQUEST_HEADERS; i++) {
		char name[16];
		g_snprintf(name, sizeof name, "x-%u", i);
		till_request_set_header(request, name, "1");
	}
	g_assert_nonnull(till_request_header(request, "x-45"));
	g_assert_null(till_request_header(request, "x-46"));
	till_request_free(request);
}

/* What browsers ask for on behalf of shoppers: no program builds on how these pages are made. */
static gboolean
is_page(const TillRoute *route)
{
	return g_str_has_prefix(route->pattern, "/p/{token}") ||
	       strcmp(route->pattern, "/P/{token}") == 0 ||
	       g_str_has_prefix(route->pattern, "/web/");
}

/* Every route for programs stands in the description, and the description knows no other. */
static void
test_description(void)
{
	CentralFixture fixture;
	TillRequest *request = till_request_new("GET", "/v1/openapi.json", NULL);
	TillResponse response = {.status = 0};
	g_autoptr(json_t) description = NULL;
	const TillRoute *routes;
	gsize count;
	gsize expected = 0;
	gsize described = 0;
	const char *path;
	json_t *item;

	central_fixture_init(&fixture, FALSE);
	till_route_handle(fixture.central, request, &response);
	description = json_loadb(g_bytes_get_data(response.body, NULL),
				 g_bytes_get_size(response.body), 0, NULL);
	routes = till_route_table(&count);
	for (gsize i = 0; i < count; i++) {
		g_autofree char *method = g_ascii_strdown(routes[i].method, -1);
		const json_t *paths =
		    json_object_get(json_object_get(description, "paths"), routes[i].pattern);
		if (is_page(&routes[i]))
			continue;
		expected++;
		if (json_object_get(paths, method) == NULL)
			g_error("%s %s is not described", routes[i].method, routes[i].pattern);
	}
	json_object_foreach(json_object_get(description, "paths"), path, item) described +=
	    json_object_size(item);
	g_assert_cmpuint(described, ==, expected);
	till_response_clear(&response);
	till_request_free(request);
	central_fixture_clear(&fixture);
}

static char *
sign(TestTerminal *terminal, const char *target, gint64 offset_ms)
{
	return till_signature_make(terminal->key, terminal->terminal_id, "GET", target, "", 0,
				   till_central_now_ms(terminal->fixture->central) + offset_ms);
}

static void
check_window(TestTerminal *terminal, gint64 offset_ms, int status)
{
	const char *target = "/v1/feed?scope=chain&cursor=x.0";
	g_autofree char *header = sign(terminal, target, offset_ms);

	g_assert_cmpint(ask(terminal->fixture, "GET", target, header), ==, status);
	/* The same again is a replay, whatever it was. */
	g_assert_cmpint(ask(terminal->fixture, "GET", target, header), ==, 401);
	/* Another target under the same signature. */
	g_assert_cmpint(ask(terminal->fixture, "GET", "/v1/feed?scope=chain&cursor=x.1", header),
			==, 401);
}

static void
test_signatures(void)
{
	CentralFixture fixture;
	TestTerminal terminal;
	TestTerminal other;
	g_autofree char *target = NULL;

	central_fixture_init(&fixture, TRUE);
	test_terminal_init(&terminal, &fixture);
	test_terminal_init(&other, &fixture);
	check_window(&terminal, 0, 410);
	check_window(&terminal, TILL_SIGNATURE_WINDOW_MS - 1, 410);
	check_window(&terminal, TILL_SIGNATURE_WINDOW_MS + 1, 401);
	check_window(&terminal, -TILL_SIGNATURE_WINDOW_MS - 1, 401);
	/* Rightly signed, for somebody else's journal. */
	target = g_strdup_printf("/v1/t/%s/journal?incarnation=0000000000001&after=0",
				 other.terminal_id);
	json_decref(test_terminal_ask(&terminal, 403, "GET", target, NULL, 0));
	test_terminal_clear(&other);
	test_terminal_clear(&terminal);
	central_fixture_clear(&fixture);
}

static void
test_rate(void)
{
	CentralFixture fixture;
	TestTerminal terminal;
	int status = 0;

	central_fixture_init(&fixture, TRUE);
	test_terminal_init(&terminal, &fixture);
	json_decref(test_terminal_hello(&terminal));
	for (int i = 0; i < 300 && status != 429; i++) {
		g_autofree char *header = sign(&terminal, "/v1/feed?scope=chain&cursor=x.0", 0);
		status = ask(&fixture, "GET", "/v1/feed?scope=chain&cursor=x.0", header);
	}
	g_assert_cmpint(status, ==, 429);
	/* A queue still drains. */
	json_decref(
	    test_terminal_push_one(&terminal, 200, test_terminal_sale(&terminal, "MUG-SPK", 1)));
	till_test_clock_advance(&fixture.clock, 1000);
	{
		g_autofree char *header = sign(&terminal, "/v1/feed?scope=chain&cursor=x.0", 0);
		g_assert_cmpint(ask(&fixture, "GET", "/v1/feed?scope=chain&cursor=x.0", header), ==,
				410);
	}
	test_terminal_clear(&terminal);
	central_fixture_clear(&fixture);
}

static void
test_code(void)
{
	CentralFixture fixture;
	TestTerminal terminal;
	g_autoptr(json_t) code = NULL;
	g_autofree char *body = NULL;
	g_autofree char *key = NULL;
	g_autofree char *secret = NULL;

	central_fixture_init(&fixture, TRUE);
	json_decref(central_fixture_verb(&fixture, "no store",
					 "{\"verb\":\"enrol-code\",\"store\":\"none\"}"));
	test_terminal_init(&terminal, &fixture);
	code = central_fixture_verb(&fixture, NULL, "{\"verb\":\"enrol-code\",\"store\":\"014\"}");
	secret = g_strdup(json_string_value(json_object_get(code, "code")));
	memmove(secret + 4, secret + 5, strlen(secret + 5) + 1);
	key =
	    till_crypto_encode(till_crypto_key_public(terminal.key)->bytes, TILL_PUBLIC_KEY_BYTES);
	body = g_strdup_printf(
	    "{\"code\":\"%s\",\"key\":\"%s\",\"fingerprint\":\"f\",\"device\":\"\"}", secret, key);
	till_test_clock_advance(&fixture.clock, 10 * 60 * 1000);
	json_decref(test_terminal_ask(&terminal, 403, "POST", "/v1/enrol", body, strlen(body)));
	test_terminal_clear(&terminal);
	central_fixture_clear(&fixture);
}

/* Every store is told whose signature stands on a receipt. */
static void
test_keys_are_told(void)
{
	CentralFixture fixture;
	TestTerminal terminal, other;

	central_fixture_init(&fixture, TRUE);
	test_terminal_init(&terminal, &fixture);
	test_terminal_init_at(&other, &fixture, "002");
	g_assert_cmpint(central_fixture_count(
			    &fixture, "SELECT count(*) FROM terminal_key k JOIN terminal t ON "
				      "t.terminal_id = k.terminal AND lower(hex(t.public_key)) = "
				      "k.key AND t.till_number = k.till AND k.to_ms = 0"),
			==, 2);
	g_assert_cmpint(central_fixture_count(&fixture,
					      "SELECT count(*) FROM feed WHERE scope = 'chain' AND "
					      "collection = 'terminal_key'"),
			==, 2);
	test_terminal_clear(&terminal);
	test_terminal_clear(&other);
	central_fixture_clear(&fixture);
}

/* The same machine enrols once more: its key signs for the new till only. */
static void
test_key_enrols_again(void)
{
	CentralFixture fixture;
	TestTerminal terminal;
	g_autofree char *first = NULL;

	central_fixture_init(&fixture, TRUE);
	test_terminal_init(&terminal, &fixture);
	first = g_strdup(terminal.terminal_id);
	till_test_clock_advance(&fixture.clock, 5000);
	test_terminal_enrol(&terminal, "002");
	g_assert_cmpstr(first, !=, terminal.terminal_id);
	g_assert_cmpint(
	    central_fixture_count(&fixture, "SELECT count(*) FROM terminal_key WHERE to_ms > 0"),
	    ==, 1);
	g_assert_cmpint(central_fixture_count(
			    &fixture, "SELECT count(*) FROM terminal_key a JOIN terminal_key b ON "
				      "a.to_ms = b.from_ms AND a.key = b.key WHERE b.to_ms = 0 AND "
				      "b.store = '002'"),
			==, 1);
	test_terminal_clear(&terminal);
	central_fixture_clear(&fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/route/headers", test_headers);
	g_test_add_func("/central/route/addresses-and-methods-are-told-apart", test_addresses);
	g_test_add_func("/central/route/each-route-is-described-and-no-other", test_description);
	g_test_add_func("/central/auth/a-signature-fits-one-request-once-in-its-time",
			test_signatures);
	g_test_add_func("/central/auth/many-requests-wait-but-pushes-do-not", test_rate);
	g_test_add_func("/central/enrol/a-code-is-ten-minutes-old-at-most", test_code);
	g_test_add_func("/central/enrol/keys-of-receipts-are-told", test_keys_are_told);
	g_test_add_func("/central/enrol/a-key-signs-for-one-till", test_key_enrols_again);
	return g_test_run();
}
