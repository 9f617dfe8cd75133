/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api.h"
#include "changes.h"
#include "json.h"
#include "messages.h"

/* A page stays below the body limit whatever its rows hold. */
#define PAGE_BYTES (768 * 1024)

/* A terminal reads the chain's scope and its own store's. */
static gboolean
may_read(const TillTerminal *terminal, const char *scope)
{
	char own[TILL_CHANGES_SCOPE_MAX];

	return strcmp(scope, TILL_CHANGES_CHAIN) == 0 ||
	       strcmp(scope, till_changes_scope(terminal->store_code, own)) == 0;
}

static gboolean
refuse_scope(TillResponse *response, const char *scope)
{
	till_response_problem(response, TILL_PROBLEM_FORBIDDEN,
			      "This till reads \"chain\" and its own store, not \"%.60s\".", scope);
	return FALSE;
}

static TillWireFeedRow *
read_row(TillDbQuery *query)
{
	TillWireFeedRow *row = g_new0(TillWireFeedRow, 1);

	row->seq = till_db_int(query, 0);
	row->collection = g_strdup(till_db_text(query, 1));
	row->key = g_strdup(till_db_text(query, 2));
	if (!till_db_is_null(query, 3))
		row->value = json_loads(till_db_text(query, 3), JSON_REJECT_DUPLICATES, NULL);
	return row;
}

static gboolean
read_page(TillDb *db, TillWireFeedPage *page, gint64 after, GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT seq, collection, key, value FROM feed "
			      "WHERE scope = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
	g_autoptr(GError) local = NULL;
	gsize bytes = 0;

	till_db_bind_text(query, 1, page->scope);
	till_db_bind_int(query, 2, after);
	till_db_bind_int(query, 3, TILL_WIRE_FEED_ROWS);
	page->next = after;
	while (bytes < PAGE_BYTES && till_db_step(query, &local)) {
		bytes += strlen(till_db_text(query, 2)) + strlen(till_db_text(query, 3)) + 64;
		g_ptr_array_add(page->rows, read_row(query));
		page->next = till_db_int(query, 0);
	}
	till_db_reset(query);
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	page->up_to_date = page->next >= page->head;
	return TRUE;
}

gboolean
till_feed_api_page(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const char *scope = till_request_query(request, "scope");
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(till_messages_free_feed_row);
	g_autoptr(GError) error = NULL;
	TillWireFeedPage page = {
	    .scope = (char *)(guintptr)scope, .epoch = central->epoch, .rows = rows};
	gint64 after = 0;

	if (!may_read(&request->terminal, scope))
		return refuse_scope(response, scope);
	if (!till_changes_heads(central->db, scope, &page.head, &page.floor, &error)) {
		till_response_error(response, error);
		return FALSE;
	}
	if (!till_central_read_cursor(central, till_request_query(request, "cursor"), &after) ||
	    after < page.floor || after > page.head) {
		till_response_problem(response, TILL_PROBLEM_GONE,
				      "This cursor can no longer be continued. Take a snapshot.");
		return FALSE;
	}
	if (!read_page(central->db, &page, after, &error)) {
		till_response_error(response, error);
		return FALSE;
	}
	till_response_json(response, till_messages_write_feed_page(&page));
	return TRUE;
}

gboolean
till_feed_api_snapshot(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
		       TillResponse *response)
{
	const char *scope = till_request_query(request, "scope");

	if (!may_read(&request->terminal, scope) || strcmp(scope, TILL_CHANGES_CHAIN) == 0)
		return refuse_scope(response, scope);
	request->arguments[0] = g_strdup(request->terminal.store_code);
	return TRUE;
}

gboolean
till_feed_api_events(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
		     TillResponse *response)
{
	g_auto(GStrv) scopes = g_strsplit(till_request_query(request, "scope"), ",", 4);

	for (char **scope = scopes; *scope != NULL; scope++) {
		if (!may_read(&request->terminal, *scope))
			return refuse_scope(response, *scope);
	}
	response->status = 200;
	response->kind = TILL_RESPONSE_EVENTS;
	response->content_type = "text/event-stream";
	return TRUE;
}
