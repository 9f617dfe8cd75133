/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "json.h"
#include "problem.h"

/* A problem that is ours is written as the same kind. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	TillProblem problem, again;
	g_autoptr(json_t) json = till_json_parse((const char *)data, size, 65536, "problem", NULL);

	if (json == NULL || !till_problem_read(json, &problem))
		return 0;
	g_assert_cmpint(till_problem_status(problem.kind), >=, 400);
	g_autoptr(json_t) written = till_problem_write(problem.kind, problem.detail);
	g_assert_true(till_problem_read(written, &again));
	g_assert_cmpint(again.kind, ==, problem.kind);
	g_assert_cmpstr(again.detail, ==, problem.detail);
	till_problem_clear(&problem);
	till_problem_clear(&again);
	return 0;
}
