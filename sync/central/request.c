/* SPDX-License-Identifier: Apache-2.0 */
#include "request.h"

#include <string.h>

#include "error.h"
#include "json.h"

/* Bounds what one request line can make us keep. */
#define QUERY_MAX 16

static GHashTable *
parse_query(const char *text)
{
	GHashTable *query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_auto(GStrv) parts = g_strsplit(text, "&", QUERY_MAX);

	for (char **part = parts; *part != NULL; part++) {
		char *equals = strchr(*part, '=');
		g_autofree char *value = NULL;
		if (equals == NULL)
			continue;
		value = g_uri_unescape_string(equals + 1, NULL);
		if (value != NULL && g_utf8_validate(value, -1, NULL))
			g_hash_table_replace(query, g_strndup(*part, (gsize)(equals - *part)),
					     g_steal_pointer(&value));
	}
	return query;
}

TillRequest *
till_request_new(const char *method, const char *target, GBytes *body)
{
	TillRequest *request = g_new0(TillRequest, 1);
	const char *mark = strchr(target, '?');

	request->method = g_strdup(method);
	request->target = g_strdup(target);
	request->path = mark != NULL ? g_strndup(target, (gsize)(mark - target)) : g_strdup(target);
	request->query = parse_query(mark != NULL ? mark + 1 : "");
	request->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	request->body = body != NULL ? g_bytes_ref(body) : g_bytes_new_static("", 0);
	return request;
}

void
till_request_free(TillRequest *request)
{
	if (request == NULL)
		return;
	if (request->message != NULL && request->message_free != NULL)
		request->message_free(request->message);
	for (gsize i = 0; i < G_N_ELEMENTS(request->arguments); i++)
		g_free(request->arguments[i]);
	g_bytes_unref(request->body);
	g_free(request->signature);
	g_free(request->authorization);
	g_hash_table_unref(request->query);
	g_hash_table_unref(request->headers);
	g_free(request->target);
	g_free(request->path);
	g_free(request->method);
	g_free(request);
}

const char *
till_request_query(const TillRequest *request, const char *name)
{
	const char *value = g_hash_table_lookup(request->query, name);

	return value != NULL ? value : "";
}

void
till_request_set_header(TillRequest *request, const char *name, const char *value)
{
	g_autofree char *key = g_ascii_strdown(name, -1);

	if (g_hash_table_size(request->headers) >= TILL_REQUEST_HEADERS ||
	    strlen(value) > TILL_REQUEST_HEADER_MAX || !g_utf8_validate(value, -1, NULL) ||
	    g_hash_table_contains(request->headers, key))
		return;
	g_hash_table_insert(request->headers, g_steal_pointer(&key), g_strdup(value));
}

const char *
till_request_header(const TillRequest *request, const char *name)
{
	g_autofree char *key = g_ascii_strdown(name, -1);

	return g_hash_table_lookup(request->headers, key);
}

void
till_response_clear(TillResponse *response)
{
	g_clear_pointer(&response->body, g_bytes_unref);
	g_clear_pointer(&response->path, g_free);
	g_clear_pointer(&response->watch, g_free);
	g_clear_pointer(&response->headers, g_ptr_array_unref);
	memset(response, 0, sizeof *response);
}

static void
set_json(TillResponse *response, int status, const char *content_type, json_t *value)
{
	gsize size;
	char *text = till_json_write(value, &size);

	json_decref(value);
	till_response_clear(response);
	response->status = status;
	response->content_type = content_type;
	response->body = g_bytes_new_take(text, size);
}

void
till_response_json(TillResponse *response, json_t *value)
{
	set_json(response, 200, "application/json", value);
}

void
till_response_problem(TillResponse *response, TillProblemKind kind, const char *format, ...)
{
	g_autofree char *detail = NULL;
	va_list arguments;

	va_start(arguments, format);
	detail = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	set_json(response, till_problem_status(kind), TILL_PROBLEM_CONTENT_TYPE,
		 till_problem_write(kind, detail));
	if (kind == TILL_PROBLEM_BUSY || kind == TILL_PROBLEM_TOO_MANY)
		response->retry_after_s = 1;
}

void
till_response_problem_with(TillResponse *response, TillProblemKind kind, const char *detail,
			   const char *member, json_t *value)
{
	json_t *problem = till_problem_write(kind, detail);

	json_object_set_new(problem, member, value);
	set_json(response, till_problem_status(kind), TILL_PROBLEM_CONTENT_TYPE, problem);
}

void
till_response_problem_at(TillResponse *response, TillProblemKind kind, const char *detail,
			 const char *member, gint64 value)
{
	till_response_problem_with(response, kind, detail, member, json_integer(value));
}

void
till_response_error(TillResponse *response, const GError *error)
{
	TillProblemKind kind = TILL_PROBLEM_BUSY;

	if (error->domain == TILL_ERROR && error->code == TILL_ERROR_INVALID)
		kind = TILL_PROBLEM_INVALID;
	else if (error->domain == TILL_ERROR && error->code == TILL_ERROR_LIMIT)
		kind = TILL_PROBLEM_TOO_LARGE;
	else if (error->domain == TILL_ERROR && error->code == TILL_ERROR_NOT_FOUND)
		kind = TILL_PROBLEM_NOT_FOUND;
	else if (error->domain == TILL_ERROR && error->code == TILL_ERROR_DENIED)
		kind = TILL_PROBLEM_FORBIDDEN;
	till_response_problem(response, kind, "%s", error->message);
}

void
till_response_header(TillResponse *response, const char *name, const char *value)
{
	if (response->headers == NULL)
		response->headers = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(response->headers, g_strdup(name));
	g_ptr_array_add(response->headers, g_strdup(value));
}
