/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "central-fixture.h"
#include "route.h"

#define BASKET "{\"lines\":[{\"code\":\"TEE-NAV-M\"}]}"
#define QUOTE "/v1/quote?store=014"

static int
ask(CentralFixture *fixture, const char *method, const char *target, const char *authorization)
{
	g_autoptr(GBytes) body = g_bytes_new_static(BASKET, strlen(BASKET));
	g_autoptr(TillRequest) request =
	    till_request_new(method, target, strcmp(method, "POST") == 0 ? body : NULL);
	TillResponse response = {.status = 0};
	int status;

	request->authorization = g_strdup(authorization);
	till_route_handle(fixture->central, request, &response);
	status = response.status;
	till_response_clear(&response);
	return status;
}

/* "Bearer " and the new key. Caller frees. */
static char *
make(CentralFixture *fixture, const char *name, const char *channel)
{
	g_autoptr(json_t) answer = central_fixture_verb(
	    fixture, NULL, "{\"verb\":\"channel-key\",\"name\":\"%s\",\"channel\":\"%s\"}", name,
	    channel);

	return g_strconcat("Bearer ", json_string_value(json_object_get(answer, "key")), NULL);
}

static void
withdraw(CentralFixture *fixture, const char *name, const char *fault)
{
	json_decref(central_fixture_verb(
	    fixture, fault, "{\"verb\":\"channel-key\",\"name\":\"%s\",\"revoke\":true}", name));
}

static void
test_life(void)
{
	CentralFixture fixture;
	g_autofree char *web = NULL;
	g_autofree char *again = NULL;

	central_fixture_init(&fixture, TRUE);
	web = make(&fixture, "web", "web");
	g_assert_cmpint(ask(&fixture, "POST", QUOTE, web), ==, 200);
	/* Only its hash is in the books, and that is enough after a restart. */
	g_assert_cmpint(
	    central_fixture_count(&fixture,
				  "SELECT count(*) FROM channel_key WHERE length(key_hash) = 32 "
				  "AND instr(key_hash, 'thk_') = 0"),
	    ==, 1);
	central_fixture_restart(&fixture);
	g_assert_cmpint(ask(&fixture, "POST", QUOTE, web), ==, 200);
	json_decref(central_fixture_verb(
	    &fixture, "Revoke it first",
	    "{\"verb\":\"channel-key\",\"name\":\"web\",\"channel\":\"app\"}"));
	withdraw(&fixture, "web", NULL);
	g_assert_cmpint(ask(&fixture, "POST", QUOTE, web), ==, 401);
	withdraw(&fixture, "web", "There is no key web");
	again = make(&fixture, "web", "web");
	g_assert_cmpstr(again, !=, web);
	g_assert_cmpint(ask(&fixture, "POST", QUOTE, again), ==, 200);
	central_fixture_restart(&fixture);
	g_assert_cmpint(ask(&fixture, "POST", QUOTE, web), ==, 401);
	central_fixture_clear(&fixture);
}

static void
test_rights(void)
{
	static const char *const bad[] = {"Bearer ", "Bearer thk_x", "Basic eDp5", "", "thk_"};
	CentralFixture fixture;
	g_autofree char *app = NULL;
	g_autofree char *office = NULL;
	g_autofree char *lower = NULL;

	central_fixture_init(&fixture, TRUE);
	app = make(&fixture, "app", "app");
	office = make(&fixture, "erp", "office");
	lower = g_strconcat("bearer ", office + strlen("Bearer "), NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_cmpint(ask(&fixture, "POST", QUOTE, bad[i]), ==, 401);
	g_assert_cmpint(ask(&fixture, "POST", QUOTE "&channel=web", app), ==, 403);
	g_assert_cmpint(ask(&fixture, "POST", QUOTE "&channel=app", app), ==, 200);
	g_assert_cmpint(ask(&fixture, "POST", QUOTE "&channel=web", lower), ==, 200);
	g_assert_cmpint(ask(&fixture, "DELETE", "/v1/promotions/knits-15", app), ==, 403);
	g_assert_cmpint(ask(&fixture, "DELETE", "/v1/promotions/knits-15", NULL), ==, 401);
	g_assert_cmpint(ask(&fixture, "DELETE", "/v1/promotions/knits-15", office), ==, 200);
	/* What is a till's stays a till's. */
	g_assert_cmpint(ask(&fixture, "GET", "/v1/feed?scope=chain&cursor=", office), ==, 401);
	json_decref(
	    central_fixture_verb(&fixture, "no channel",
				 "{\"verb\":\"channel-key\",\"name\":\"x\",\"channel\":\"moon\"}"));
	json_decref(central_fixture_verb(
	    &fixture, "no name for a key",
	    "{\"verb\":\"channel-key\",\"name\":\"a b\",\"channel\":\"web\"}"));
	central_fixture_clear(&fixture);
}

/* Who guesses is slowed down; who has a key is not. */
static void
test_guessing(void)
{
	CentralFixture fixture;
	g_autofree char *web = NULL;
	guint wrong = 0;

	central_fixture_init(&fixture, TRUE);
	web = make(&fixture, "web", "web");
	while (ask(&fixture, "POST", QUOTE, "Bearer thk_guess") == 401 && wrong < 1000)
		wrong++;
	g_assert_cmpuint(wrong, >, 0);
	g_assert_cmpuint(wrong, <, 1000);
	g_assert_cmpint(ask(&fixture, "POST", QUOTE, "Bearer thk_guess"), ==, 429);
	g_assert_cmpint(ask(&fixture, "POST", QUOTE, web), ==, 200);
	till_test_clock_advance(&fixture.clock, 2000);
	g_assert_cmpint(ask(&fixture, "POST", QUOTE, "Bearer thk_guess"), ==, 401);
	central_fixture_clear(&fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/channel-key/counts-until-it-is-revoked", test_life);
	g_test_add_func("/central/channel-key/may-do-what-its-channel-may", test_rights);
	g_test_add_func("/central/channel-key/wrong-ones-are-slowed-down", test_guessing);
	return g_test_run();
}
