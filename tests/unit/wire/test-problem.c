/* SPDX-License-Identifier: Apache-2.0 */
#include "problem.h"

#include "json.h"
#include "till-test.h"

static void
test_every_kind_round_trips(void)
{
	for (guint i = 0; i <= TILL_PROBLEM_BUSY; i++) {
		TillProblemKind kind = (TillProblemKind)i;
		TillProblem problem;
		g_autoptr(json_t) json = till_problem_write(kind, "Do this.");
		g_assert_cmpint(json_integer_value(json_object_get(json, "status")), ==,
				till_problem_status(kind));
		g_assert_cmpint(till_problem_status(kind), >=, 400);
		g_assert_true(till_problem_read(json, &problem));
		g_assert_cmpint(problem.kind, ==, kind);
		g_assert_cmpstr(problem.detail, ==, "Do this.");
		till_problem_clear(&problem);
	}
}

static void
test_extras_are_read(void)
{
	TillProblem problem;
	g_autoptr(json_t) json = till_problem_write(TILL_PROBLEM_GAP, NULL);

	json_object_set_new(json, "expected", json_integer(41));
	json_object_set_new(json, "last_common", json_integer(7));
	g_assert_true(till_problem_read(json, &problem));
	g_assert_cmpint(problem.expected, ==, 41);
	g_assert_cmpint(problem.last_common, ==, 7);
	g_assert_cmpstr(problem.detail, ==, "");
	till_problem_clear(&problem);
}

static void
test_detail_is_made_sound(void)
{
	g_autoptr(json_t) json = till_problem_write(TILL_PROBLEM_INVALID, "bad \xff byte");

	g_assert_nonnull(json_string_value(json_object_get(json, "detail")));
}

static void
test_others_are_not_ours(void)
{
	static const char *const texts[] = {
	    "{}",
	    "[]",
	    "{\"type\":\"about:blank\",\"status\":404}",
	    "{\"type\":\"urn:tillhouse:problem:\",\"status\":404}",
	    "{\"type\":\"urn:tillhouse:problem:gaps\"}",
	    "{\"type\":7}",
	    "{\"type\":\"urn:tillhouse:problem:gap\",\"expected\":-1}",
	    "{\"type\":\"urn:tillhouse:problem:gap\",\"expected\":\"1\"}",
	    "{\"type\":\"urn:tillhouse:problem:gap\",\"detail\":[]}",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		TillProblem problem = {.expected = 99};
		json_t *json = json_loads(texts[i], 0, NULL);
		g_assert_nonnull(json);
		g_assert_false(till_problem_read(json, &problem));
		g_assert_cmpint(problem.expected, ==, 99);
		json_decref(json);
	}
	g_assert_false(till_problem_read(NULL, &(TillProblem){0}));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/wire/problem/every-kind-round-trips", test_every_kind_round_trips);
	g_test_add_func("/wire/problem/extras-are-read", test_extras_are_read);
	g_test_add_func("/wire/problem/detail-is-made-sound", test_detail_is_made_sound);
	g_test_add_func("/wire/problem/what-others-say-is-not-ours", test_others_are_not_ours);
	return g_test_run();
}
