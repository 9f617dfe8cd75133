/* SPDX-License-Identifier: Apache-2.0 */
#include "policies.h"

#include <string.h>

#include "error.h"
#include "json.h"

/* --- faults --- */

/* Notes what is wrong with a policy, unless it is said already: what lies outside the rows is
 * wrong once, however many rows there are. */
static void
note_fault(GPtrArray *faults, const json_t *object, gsize row)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillReturnPolicy) policy = till_return_policy_read(object, &error);
	const char *id, *at;

	if (policy != NULL)
		return;
	id = json_string_value(
	    json_object_get(json_array_get(json_object_get(object, "rows"), 0), "id"));
	/* The reader names the only row it was given by its place there. */
	at = strstr(error->message, "rows[0]");
	g_autofree char *words =
	    at == NULL ? g_strdup(error->message)
		       : g_strdup_printf("row %" G_GSIZE_FORMAT " (%.40s)%s", row + 1,
					 id != NULL ? id : "without an id", at + strlen("rows[0]"));
	if (!g_ptr_array_find_with_equal_func(faults, words, g_str_equal, NULL))
		g_ptr_array_add(faults, g_steal_pointer(&words));
}

static void
note_repeats(GPtrArray *faults, const json_t *rows)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (gsize i = 0; i < json_array_size(rows); i++) {
		const char *id = json_string_value(json_object_get(json_array_get(rows, i), "id"));
		if (id != NULL && !g_hash_table_add(seen, (gpointer)(guintptr)id))
			g_ptr_array_add(faults, g_strdup_printf("row %" G_GSIZE_FORMAT
								" (%.40s): its id stands twice",
								i + 1, id));
	}
}

static void
note_size(GPtrArray *faults, const json_t *object)
{
	gsize size = 0;
	g_autofree char *text = till_json_write(object, &size);

	if (size > TILL_POLICIES_BODY_MAX)
		g_ptr_array_add(faults, g_strdup_printf("the policy is longer than %d bytes",
							TILL_POLICIES_BODY_MAX));
}

GPtrArray *
till_policies_faults(const json_t *object)
{
	GPtrArray *faults = g_ptr_array_new_with_free_func(g_free);
	const json_t *rows = json_object_get(object, "rows");
	const char *id = json_string_value(json_object_get(object, "id"));
	gsize count = json_array_size(rows);

	if (count == 0 || count > TILL_RETURN_ROWS_MAX) {
		note_fault(faults, object, 0);
		return faults;
	}
	for (gsize i = 0; i < count; i++) {
		g_autoptr(json_t) single = json_copy((json_t *)(guintptr)object);
		json_object_set_new(single, "rows", json_pack("[O]", json_array_get(rows, i)));
		note_fault(faults, single, i);
	}
	note_repeats(faults, rows);
	if (id != NULL && *id != '\0' && strcmp(id, TILL_POLICIES_RETURNS) != 0)
		g_ptr_array_add(faults,
				g_strdup_printf("policy.id is \"%.40s\"; the only policy there "
						"is has the id \"" TILL_POLICIES_RETURNS "\"",
						id));
	note_size(faults, object);
	return faults;
}

/* --- the books --- */

char *
till_policies_text(TillDb *db, GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT body FROM return_policy WHERE scope = 'chain' AND id = ?1");
	g_autoptr(GError) local = NULL;
	char *text = NULL;

	till_db_bind_text(query, 1, TILL_POLICIES_RETURNS);
	if (till_db_step(query, &local)) {
		text = g_strdup(till_db_text(query, 0));
		till_db_reset(query);
	}
	if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	else if (text == NULL)
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "There is no return policy yet. Import one: tillhouse-central import "
			    "policies FILE.");
	return text;
}

TillReturnPolicy *
till_policies_find(TillDb *db, GError **error)
{
	g_autofree char *text = till_policies_text(db, error);

	return text != NULL ? till_return_policy_parse(text, strlen(text), error) : NULL;
}

/* Whether two say the same but for the version. */
static gboolean
is_same_content(const char *stored, const json_t *object)
{
	g_autoptr(json_t) known =
	    till_json_parse(stored, strlen(stored), TILL_RETURN_POLICY_MAX, "policy", NULL);
	g_autoptr(json_t) copy = json_copy((json_t *)(guintptr)object);

	json_object_del(known, "version");
	json_object_del(copy, "version");
	return known != NULL && json_equal(known, copy) != 0;
}

static gboolean
check_version(TillDb *db, const TillReturnPolicy *policy, const json_t *object, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autofree char *text = till_policies_text(db, &local);
	g_autoptr(TillReturnPolicy) known = NULL;

	if (g_error_matches(local, TILL_ERROR, TILL_ERROR_NOT_FOUND))
		return TRUE;
	if (local == NULL)
		known = till_return_policy_parse(text, strlen(text), &local);
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (policy->version > known->version ||
	    (policy->version == known->version && is_same_content(text, object)))
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
		    "The books have version %" G_GINT64_FORMAT
		    " of the policy, and this one differs; raise its version to "
		    "%" G_GINT64_FORMAT,
		    known->version, known->version + 1);
	return FALSE;
}

gboolean
till_policies_put(TillChanges *changes, const json_t *object, gint64 *out_version, GError **error)
{
	g_autoptr(GPtrArray) faults = till_policies_faults(object);
	g_autoptr(TillReturnPolicy) policy = NULL;
	g_autoptr(json_t) whole = NULL;
	g_autoptr(json_t) row = json_object();
	g_autofree char *body = NULL;

	if (faults->len > 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "%s",
			    (const char *)g_ptr_array_index(faults, 0));
		return FALSE;
	}
	policy = till_return_policy_read(object, error);
	if (policy == NULL || !check_version(changes->db, policy, object, error))
		return FALSE;
	whole = json_copy((json_t *)(guintptr)object);
	json_object_set_new(whole, "version", json_integer(policy->version));
	body = till_json_write(whole, NULL);
	json_object_set_new(row, "id", json_string(policy->id));
	json_object_set_new(row, "version", json_integer(policy->version));
	json_object_set_new(row, "body", json_string(body));
	if (out_version != NULL)
		*out_version = policy->version;
	return till_changes_put(changes, till_collection_find("return_policy"), row, error);
}
