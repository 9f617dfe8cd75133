/* SPDX-License-Identifier: Apache-2.0 */
#include "problem.h"

#include <string.h>

#include "json.h"

#define TYPE_PREFIX "urn:tillhouse:problem:"
#define DETAIL_MAX 2048

static const struct {
	const char *name;
	const char *title;
	int status;
} kinds[] = {
    [TILL_PROBLEM_INVALID] = {"invalid", "The request makes no sense", 400},
    [TILL_PROBLEM_UNAUTHORISED] = {"unauthorised", "The signature is not accepted", 401},
    [TILL_PROBLEM_FORBIDDEN] = {"forbidden", "Not allowed", 403},
    [TILL_PROBLEM_NOT_FOUND] = {"not-found", "There is no such thing", 404},
    [TILL_PROBLEM_METHOD] = {"method", "This address does not take that method", 405},
    [TILL_PROBLEM_GAP] = {"gap", "The batch does not continue the journal", 409},
    [TILL_PROBLEM_ROLLBACK] = {"rollback", "The central has more rows than the terminal", 409},
    [TILL_PROBLEM_FORK] = {"fork", "The journals differ", 409},
    [TILL_PROBLEM_SESSION] = {"session", "Another session is newer", 409},
    [TILL_PROBLEM_VERSION] = {"version", "The version does not fit", 409},
    [TILL_PROBLEM_STATE] = {"state", "It is too late for that", 409},
    [TILL_PROBLEM_STOCK] = {"stock", "There is not enough in stock", 409},
    [TILL_PROBLEM_GONE] = {"gone", "The cursor is too old", 410},
    [TILL_PROBLEM_PRECONDITION] = {"precondition", "It was changed in the meantime", 412},
    [TILL_PROBLEM_TOO_LARGE] = {"too-large", "The request is too large", 413},
    [TILL_PROBLEM_KEY_REUSED] = {"key-reused", "The key came before with another request", 422},
    [TILL_PROBLEM_TOO_MANY] = {"too-many", "Too many requests", 429},
    [TILL_PROBLEM_INTERNAL] = {"internal", "The central failed", 500},
    [TILL_PROBLEM_BUSY] = {"busy", "The central is busy", 503},
};

json_t *
till_problem_write(TillProblemKind kind, const char *detail)
{
	g_autofree char *type = g_strconcat(TYPE_PREFIX, kinds[kind].name, NULL);
	json_t *json = json_object();

	json_object_set_new(json, "type", json_string(type));
	json_object_set_new(json, "title", json_string(kinds[kind].title));
	json_object_set_new(json, "status", json_integer(kinds[kind].status));
	if (detail != NULL) {
		g_autofree char *valid = g_utf8_make_valid(detail, -1);
		json_object_set_new(json, "detail", json_string(valid));
	}
	return json;
}

int
till_problem_status(TillProblemKind kind)
{
	return kinds[kind].status;
}

static gboolean
find_kind(const char *type, TillProblemKind *out_kind)
{
	if (!g_str_has_prefix(type, TYPE_PREFIX))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (strcmp(type + strlen(TYPE_PREFIX), kinds[i].name) == 0) {
			*out_kind = (TillProblemKind)i;
			return TRUE;
		}
	}
	return FALSE;
}

gboolean
till_problem_read(const json_t *json, TillProblem *out)
{
	TillProblem result = {0};

	if (!json_is_object(json))
		return FALSE;
	TillJsonReader reader = till_json_reader(json, "problem");
	if (!find_kind(till_json_string(&reader, "type", 64), &result.kind))
		return FALSE;
	const char *detail = till_json_string_or(&reader, "detail", DETAIL_MAX, "");
	result.expected = till_json_int_or(&reader, "expected", 0, G_MAXINT64, 0);
	result.last_common = till_json_int_or(&reader, "last_common", 0, G_MAXINT64, 0);
	if (!till_json_reader_finish(&reader, NULL))
		return FALSE;
	result.detail = g_strdup(detail);
	*out = result;
	return TRUE;
}

void
till_problem_clear(TillProblem *problem)
{
	g_clear_pointer(&problem->detail, g_free);
}
