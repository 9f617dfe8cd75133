/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "api.h"
#include "policies.h"

/* The bodies of returns to quote and of policies to put: each is taken or answered by 400; and what
 * has no fault is a policy. */

static void
check_read(gboolean (*read)(TillCentral *, TillRequest *, TillResponse *), const uint8_t *data,
	   size_t size)
{
	g_autoptr(GBytes) body = g_bytes_new(data, size);
	g_autoptr(TillRequest) request = till_request_new("POST", "/v1/returns/quote", body);
	TillResponse response = {.status = 0};
	gboolean taken = read(NULL, request, &response);

	g_assert_cmpint(taken, ==, response.status == 0);
	g_assert_true(taken ? request->message != NULL : response.status == 400);
	till_response_clear(&response);
}

static void
check_policy(const uint8_t *data, size_t size)
{
	g_autoptr(json_t) object =
	    till_json_parse((const char *)data, size, TILL_RETURN_POLICY_MAX, "policy", NULL);

	if (object == NULL)
		return;
	g_autoptr(GPtrArray) faults = till_policies_faults(object);
	g_autoptr(TillReturnPolicy) policy = till_return_policy_read(object, NULL);
	g_assert_true(policy != NULL || faults->len > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_read(till_returns_api_read, data, size);
	check_read(till_policy_api_read, data, size);
	check_policy(data, size);
	return 0;
}
