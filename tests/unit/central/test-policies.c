/* SPDX-License-Identifier: Apache-2.0 */
#include "policies.h"

#include <string.h>

#include "central-fixture.h"
#include "error.h"
#include "past.h"

#define ROW "{\"id\":\"R-1\",\"words\":\"Thirty days.\",\"when\":{\"days_to\":30}}"
#define FILE_OF(version, rows)                                                                     \
	"{\"policy\":{\"id\":\"returns\",\"version\":" version ",\"rows\":[" rows "]}}"

/* What somebody wrote is told row by row, not one fault at a time. */
static void
test_every_fault(void)
{
	static const char text[] =
	    "{\"id\":\"other\",\"rows\":["
	    "{\"id\":\"R-1\",\"words\":\"\"},"
	    "{\"id\":\"R-2\",\"words\":\"Good.\"},"
	    "{\"id\":\"R-3\",\"words\":\"Odd.\",\"when\":{\"conditions\":[\"shiny\"]}},"
	    "{\"id\":\"R-2\",\"words\":\"Again.\",\"moon\":1}],\"cash\":{\"max\":1}}";
	g_autoptr(json_t) object = json_loads(text, 0, NULL);
	g_autoptr(GPtrArray) faults = till_policies_faults(object);
	static const char *const wanted[] = {"row 1 (R-1)", "cash",         "row 3 (R-3)",
					     "row 4 (R-2)", "stands twice", "policy.id"};

	for (guint i = 0; i < faults->len; i++)
		g_test_message("%s", (const char *)g_ptr_array_index(faults, i));
	g_assert_cmpuint(faults->len, ==, G_N_ELEMENTS(wanted));
	for (guint i = 0; i < faults->len; i++)
		g_assert_nonnull(strstr(g_ptr_array_index(faults, i), wanted[i]));
}

static void
test_not_a_policy(void)
{
	static const char *const texts[] = {"{}", "{\"id\":\"returns\",\"rows\":[]}", "[]",
					    "{\"id\":\"returns\",\"rows\":7}", "7"};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(json_t) object = json_loads(texts[i], JSON_DECODE_ANY, NULL);
		g_autoptr(GPtrArray) faults = till_policies_faults(object);
		g_assert_cmpuint(faults->len, ==, 1);
	}
}

static void
test_too_long(void)
{
	g_autoptr(json_t) object = json_object();
	json_t *rows = json_array();

	json_object_set_new(object, "id", json_string("returns"));
	json_object_set_new(object, "rows", rows);
	for (guint i = 0; i < 400; i++) {
		char id[16];
		g_autofree char *words = g_strnfill(190, 'w');
		(void)g_snprintf(id, sizeof id, "R-%u", i);
		json_array_append_new(rows, json_pack("{s:s, s:s}", "id", id, "words", words));
	}
	g_autoptr(GPtrArray) faults = till_policies_faults(object);
	g_assert_cmpuint(faults->len, ==, 1);
	g_assert_nonnull(strstr(g_ptr_array_index(faults, 0), "longer"));
}

typedef struct {
	TillReturnPolicy *policy;
	GArray *rows;
	GError *error;
} Asked;

static gboolean
ask_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Asked *asked = data;

	asked->policy = till_policies_find(central->db, &asked->error);
	asked->rows = till_past_rows_new();
	return till_past_about(central->db, TILL_CHANGES_CHAIN,
			       till_collection_find("return_policy"), TILL_POLICIES_RETURNS, 0,
			       asked->rows, NULL);
}

static void
ask(CentralFixture *fixture, Asked *asked)
{
	g_assert_true(till_writer_call(fixture->central->writer, ask_run, asked, NULL));
}

static void
clear_asked(Asked *asked)
{
	g_clear_pointer(&asked->policy, till_return_policy_unref);
	g_clear_pointer(&asked->rows, g_array_unref);
	g_clear_error(&asked->error);
}

#define MORE ROW ",{\"id\":\"R-2\",\"words\":\"More.\"}"

static void
import(CentralFixture *fixture, const char *text, const char *fault)
{
	json_decref(central_fixture_import(fixture, "policies", text, fault));
}

static void
test_versions(void)
{
	CentralFixture fixture;
	Asked asked = {NULL, NULL, NULL};

	central_fixture_init(&fixture, FALSE);
	ask(&fixture, &asked);
	g_assert_null(asked.policy);
	till_test_assert_error(asked.error, TILL_ERROR_NOT_FOUND, "import policies");
	clear_asked(&asked);
	import(&fixture, FILE_OF("3", ROW), NULL);
	import(&fixture, FILE_OF("3", ROW), NULL);
	import(&fixture, FILE_OF("3", MORE), "raise its version to 4");
	import(&fixture, FILE_OF("4", MORE), NULL);
	import(&fixture, FILE_OF("2", ROW), "version");
	import(&fixture, "{\"policies\":[]}", "policy");
	import(&fixture, "{", "JSON");
	ask(&fixture, &asked);
	g_assert_cmpint(asked.policy->version, ==, 4);
	g_assert_cmpuint(asked.policy->rows->len, ==, 2);
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT count(*) FROM feed WHERE "
							"collection = 'return_policy'"),
			==, 2);
	g_assert_cmpuint(asked.rows->len, ==, 2);
	g_assert_cmpint(json_integer_value(json_object_get(
			    g_array_index(asked.rows, TillPastRow, 0).value, "version")),
			==, 3);
	clear_asked(&asked);
	central_fixture_clear(&fixture);
}

/* The demo chain's table is a policy, and ordinary goods come back by it. */
static void
test_demo(void)
{
	CentralFixture fixture;
	Asked asked = {NULL, NULL, NULL};
	TillPromoLine goods = {.sku = "TEE-NAV-M"};
	TillReturnQuestion question = {.goods = &goods,
				       .receipt = TILL_RETURN_BY_RECEIPT,
				       .channel = "store",
				       .amount_minor = 2400};

	central_fixture_init(&fixture, TRUE);
	ask(&fixture, &asked);
	g_assert_nonnull(asked.policy);
	g_assert_true(till_return_policy_judge(asked.policy, &question).allow);
	g_assert_cmpint(till_return_policy_judge(asked.policy, &question).as, ==,
			TILL_RETURN_AS_ORIGINAL);
	question.days = 60;
	g_assert_cmpint(till_return_policy_judge(asked.policy, &question).as, ==,
			TILL_RETURN_AS_CREDIT);
	question.days = 100;
	g_assert_false(till_return_policy_judge(asked.policy, &question).allow);
	question.receipt = TILL_RETURN_BY_NONE;
	question.days = 0;
	g_assert_true(till_return_policy_judge(asked.policy, &question).approval);
	clear_asked(&asked);
	central_fixture_clear(&fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/policies/every-fault-is-told", test_every_fault);
	g_test_add_func("/central/policies/what-is-none", test_not_a_policy);
	g_test_add_func("/central/policies/what-no-feed-carries", test_too_long);
	g_test_add_func("/central/policies/versions-rise-and-are-kept", test_versions);
	g_test_add_func("/central/policies/the-demo-has-one", test_demo);
	return g_test_run();
}
