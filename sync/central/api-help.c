/* SPDX-License-Identifier: Apache-2.0 */
#include "api-help.h"

#include <string.h>

#include "channel-key.h"
#include "error.h"
#include "price-context.h"

void
till_api_fail(TillResponse *response, const GError *error)
{
	if (g_error_matches(error, TILL_ERROR, TILL_ERROR_STATE))
		till_response_problem(response, TILL_PROBLEM_STATE, "%s", error->message);
	else
		till_response_error(response, error);
}

void
till_api_created(TillResponse *response, const char *folder, const char *id, json_t *value)
{
	g_autofree char *address = g_strconcat(folder, id, NULL);

	till_response_json(response, value);
	response->status = 201;
	till_response_header(response, "Location", address);
}

void
till_api_tag(TillResponse *response, gint64 version)
{
	g_autofree char *tag = g_strdup_printf("\"%" G_GINT64_FORMAT "\"", version);

	till_response_header(response, "ETag", tag);
}

gboolean
till_api_check_version(const TillRequest *request, gint64 version, TillResponse *response)
{
	const char *header = till_request_header(request, "If-Match");
	g_autofree char *tag = g_strdup_printf("\"%" G_GINT64_FORMAT "\"", version);
	g_auto(GStrv) tags = header != NULL ? g_strsplit(header, ",", 16) : NULL;
	g_autofree char *words = NULL;

	if (tags == NULL)
		return TRUE;
	for (char **found = tags; *found != NULL; found++) {
		g_strstrip(*found);
		if (strcmp(*found, tag) == 0 || strcmp(*found, "*") == 0)
			return TRUE;
	}
	words = g_strdup_printf(
	    "It is at version %" G_GINT64_FORMAT " now. Read it again, and change that.", version);
	till_response_problem_at(response, TILL_PROBLEM_PRECONDITION, words, "version", version);
	return FALSE;
}

const char *
till_api_channel(const TillRequest *request)
{
	if (request->key.name[0] == '\0')
		return TILL_CHANNEL_STORE;
	if (strcmp(request->key.channel, TILL_CHANNEL_OFFICE) == 0)
		return "support";
	return request->key.channel;
}

char *
till_api_who(const TillRequest *request)
{
	if (request->key.name[0] != '\0')
		return g_strdup(request->key.name);
	return g_strdup_printf("Till %s of %s", request->terminal.till_number,
			       request->terminal.store_code);
}

gboolean
till_api_has_store(TillCentral *central, const char *code, gboolean *out, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "SELECT count(*) FROM store WHERE code = ?1");
	gint64 count;

	till_db_bind_text(query, 1, code);
	if (!till_db_fetch_int(query, 0, &count, error))
		return FALSE;
	*out = count > 0;
	return TRUE;
}
