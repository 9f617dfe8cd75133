/* SPDX-License-Identifier: Apache-2.0 */
#include "idempotency.h"

#include <string.h>

#include "server-log.h"

#define KEY_MAX 255
#define DAY_MS G_GINT64_CONSTANT(86400000)
/* Old answers are dropped as new ones come, a few at a time. */
#define DROP_ROWS 20

static gboolean
is_printable(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (*p < 0x21 || *p > 0x7e)
			return FALSE;
	}
	return *text != '\0' && strlen(text) <= KEY_MAX;
}

gboolean
till_idempotency_check(const TillRequest *request, gboolean required, TillResponse *response)
{
	const char *key = till_request_header(request, TILL_IDEMPOTENCY_HEADER);

	if (key == NULL && !required)
		return TRUE;
	if (key == NULL)
		till_response_problem(response, TILL_PROBLEM_INVALID,
				      "Send " TILL_IDEMPOTENCY_HEADER
				      " with a text of your own, and the same again when you ask "
				      "again, so that nothing is ordered twice.");
	else if (!is_printable(key))
		till_response_problem(response, TILL_PROBLEM_INVALID,
				      TILL_IDEMPOTENCY_HEADER
				      " is 1 to %d printable letters without spaces.",
				      KEY_MAX);
	return response->status == 0;
}

static const char *
get_asker(const TillRequest *request)
{
	return request->key.name[0] != '\0' ? request->key.name : request->terminal.terminal_id;
}

/* Parts are told apart by the NUL between them. */
static void
hash_request(const TillRequest *request, TillHash *out)
{
	GByteArray *bytes = g_byte_array_new();
	gsize size;
	const guint8 *body = g_bytes_get_data(request->body, &size);

	g_byte_array_append(bytes, (const guint8 *)request->method,
			    (guint)strlen(request->method) + 1);
	g_byte_array_append(bytes, (const guint8 *)request->target,
			    (guint)strlen(request->target) + 1);
	if (size > 0)
		g_byte_array_append(bytes, body, (guint)size);
	till_crypto_hash(bytes->data, bytes->len, out);
	g_byte_array_unref(bytes);
}

static void
fill_response(TillDbQuery *query, TillResponse *response)
{
	/* The content types of answers are few, and responses hold static texts. */
	static const char *const types[] = {"application/json", "text/html; charset=utf-8"};
	g_auto(GStrv) headers = g_strsplit(till_db_text(query, 4), "\n", -1);
	gsize size;
	gconstpointer data = till_db_blob(query, 3, &size);

	till_response_clear(response);
	response->status = (int)till_db_int(query, 1);
	response->content_type = types[0];
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
		if (strcmp(types[i], till_db_text(query, 2)) == 0)
			response->content_type = types[i];
	}
	response->body = g_bytes_new(data, size);
	for (gsize i = 0; headers[i] != NULL && headers[i + 1] != NULL; i += 2)
		till_response_header(response, headers[i], headers[i + 1]);
	till_response_header(response, "Idempotency-Replayed", "true");
}

gboolean
till_idempotency_replay(TillCentral *central, const TillRequest *request, TillResponse *response)
{
	const char *key = till_request_header(request, TILL_IDEMPOTENCY_HEADER);
	TillDbQuery *query;
	g_autoptr(GError) error = NULL;
	TillHash hash;
	TillHash known;

	if (key == NULL)
		return FALSE;
	query = till_db_query(central->db, "SELECT request, status, content_type, body, headers "
					   "FROM idempotency WHERE who = ?1 AND name = ?2");
	till_db_bind_text(query, 1, get_asker(request));
	till_db_bind_text(query, 2, key);
	if (!till_db_step(query, &error)) {
		if (error != NULL)
			till_response_error(response, error);
		return error != NULL;
	}
	hash_request(request, &hash);
	till_db_copy_blob(query, 0, known.bytes, sizeof known.bytes);
	if (till_crypto_hash_equal(&hash, &known))
		fill_response(query, response);
	else
		till_response_problem(response, TILL_PROBLEM_KEY_REUSED,
				      "This " TILL_IDEMPOTENCY_HEADER
				      " came before with another request. Make a new one.");
	till_db_reset(query);
	return TRUE;
}

static char *
join_headers(const TillResponse *response)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; response->headers != NULL && i < response->headers->len; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "",
				       (const char *)g_ptr_array_index(response->headers, i));
	return g_string_free(text, FALSE);
}

static gboolean
drop_old(TillCentral *central, GError **error)
{
	TillDbQuery *query = till_db_query(
	    central->db, "DELETE FROM idempotency WHERE (who, name) IN (SELECT who, name FROM "
			 "idempotency WHERE at_ms < ?1 ORDER BY at_ms LIMIT ?2)");

	till_db_bind_int(query, 1, till_central_now_ms(central) - TILL_IDEMPOTENCY_DAYS * DAY_MS);
	till_db_bind_int(query, 2, DROP_ROWS);
	return till_db_run(query, error);
}

static gboolean
write_answer(TillCentral *central, const TillRequest *request, const TillResponse *response,
	     GError **error)
{
	TillDbQuery *query = till_db_query(
	    central->db, "INSERT INTO idempotency (who, name, request, status, content_type, body, "
			 "headers, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
	g_autofree char *headers = join_headers(response);
	TillHash hash;
	gsize size;
	gconstpointer data = g_bytes_get_data(response->body, &size);

	hash_request(request, &hash);
	till_db_bind_text(query, 1, get_asker(request));
	till_db_bind_text(query, 2, till_request_header(request, TILL_IDEMPOTENCY_HEADER));
	till_db_bind_blob(query, 3, hash.bytes, sizeof hash.bytes);
	till_db_bind_int(query, 4, response->status);
	till_db_bind_text(query, 5, response->content_type);
	till_db_bind_blob(query, 6, data != NULL ? data : "", size);
	till_db_bind_text(query, 7, headers);
	till_db_bind_int(query, 8, till_central_now_ms(central));
	return till_db_run(query, error);
}

gboolean
till_idempotency_keep(TillCentral *central, const TillRequest *request,
		      const TillResponse *response)
{
	g_autoptr(GError) error = NULL;

	if (till_request_header(request, TILL_IDEMPOTENCY_HEADER) == NULL ||
	    response->status < 200 || response->status >= 300 || response->body == NULL)
		return TRUE;
	if (write_answer(central, request, response, &error) && drop_old(central, &error))
		return TRUE;
	till_server_log("answer-not-kept", "path=%s reason=\"%s\"", request->path, error->message);
	return FALSE;
}
