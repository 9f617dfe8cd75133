/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api.h"
#include "error.h"
#include "json.h"
#include "policies.h"
#include "server-log.h"

/* The return policy as a resource: what every channel may tell its shoppers, for head office to
 * change. */

gboolean
till_policy_api_get(TillCentral *central, TillRequest *request G_GNUC_UNUSED,
		    TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = till_policies_text(central->db, &error);
	json_t *policy = text != NULL ? till_json_parse(text, strlen(text), TILL_RETURN_POLICY_MAX,
							"policy", &error)
				      : NULL;

	if (policy != NULL)
		till_response_json(response, policy);
	else
		till_response_error(response, error);
	return TRUE;
}

static void
free_json(gpointer data)
{
	json_decref(data);
}

gboolean
till_policy_api_read(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
		     TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);

	request->message = till_json_parse(text != NULL ? text : "", size, TILL_RETURN_POLICY_MAX,
					   "policy", &error);
	request->message_free = free_json;
	if (error != NULL)
		till_response_error(response, error);
	return error == NULL;
}

gboolean
till_policy_api_put(TillCentral *central, TillRequest *request, TillResponse *response)
{
	TillChanges changes;
	g_autoptr(GError) error = NULL;
	gint64 version = 0;
	json_t *answer;

	if (!till_changes_open(central->db, TILL_CHANGES_CHAIN, &changes, &error) ||
	    !till_policies_put(&changes, request->message, &version, &error) ||
	    !till_changes_close(&changes, &error)) {
		if (g_error_matches(error, TILL_ERROR, TILL_ERROR_STATE))
			till_response_problem(response, TILL_PROBLEM_VERSION, "%s.",
					      error->message);
		else
			till_response_error(response, error);
		return FALSE;
	}
	till_server_log("policy", "put id=%s version=%" G_GINT64_FORMAT " key=%s",
			TILL_POLICIES_RETURNS, version, request->key.name);
	answer = json_object();
	json_object_set_new(answer, "id", json_string(TILL_POLICIES_RETURNS));
	json_object_set_new(answer, "version", json_integer(version));
	till_response_json(response, answer);
	return TRUE;
}
