/* SPDX-License-Identifier: Apache-2.0 */
#include "error.h"
#include "import-private.h"
#include "json.h"
#include "policies.h"

static gboolean
put_policy(TillImport *import, const json_t *object, GError **error)
{
	TillChanges *changes = till_import_scope(import, TILL_CHANGES_CHAIN, error);
	g_autoptr(GPtrArray) faults = till_policies_faults(object);
	g_autoptr(GError) local = NULL;

	if (changes == NULL)
		return FALSE;
	import->report->rows = (gint64)json_array_size(json_object_get(object, "rows"));
	for (guint i = 0; i < faults->len; i++)
		till_import_fault(import->report, 0, "%s",
				  (const char *)g_ptr_array_index(faults, i));
	if (faults->len > 0 || till_policies_put(changes, object, NULL, &local))
		return TRUE;
	if (g_error_matches(local, TILL_ERROR, TILL_ERROR_STATE)) {
		till_import_fault(import->report, 0, "%s", local->message);
		return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

gboolean
till_import_policies(TillImport *import, const char *text, gsize size, GError **error)
{
	g_autoptr(GError) broken = NULL;
	g_autoptr(json_t) file =
	    till_json_parse(text, size, TILL_RETURN_POLICY_MAX, "file of a policy", &broken);
	const json_t *policy = json_object_get(file, "policy");

	if (broken != NULL)
		till_import_fault(import->report, 0, "%s", broken->message);
	else if (!json_is_object(policy))
		till_import_fault(import->report, 0, "policy is missing or not an object");
	else
		return put_policy(import, policy, error);
	return TRUE;
}
