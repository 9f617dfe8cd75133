/* SPDX-License-Identifier: Apache-2.0 */
#include "fake-protocol.h"

#include <string.h>

#include "signature.h"

GPtrArray *
fake_protocol_rows(FakeCentral *central, guint64 incarnation)
{
	char letters[14];
	GPtrArray *rows;

	till_id_incarnation_format(incarnation, letters);
	rows = g_hash_table_lookup(central->rows, letters);
	if (rows == NULL) {
		rows = g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
		g_hash_table_insert(central->rows, g_strdup(letters), rows);
	}
	return rows;
}

static void
chain_after(FakeCentral *central, guint64 incarnation, gint64 seq, TillHash *out)
{
	if (seq == 0)
		till_entry_genesis(incarnation, out);
	else
		*out = ((const TillEntry *)g_ptr_array_index(
			    fake_protocol_rows(central, incarnation), (guint)seq - 1))
			   ->chain;
}

static void
put_json(FakeResponse *response, int status, const char *type, json_t *json)
{
	gsize size;
	g_autofree char *text = till_json_write(json, &size);

	json_decref(json);
	response->status = status;
	g_string_append_printf(response->headers, "Content-Type: %s\r\n", type);
	g_byte_array_append(response->body, (const guint8 *)text, (guint)size);
}

void
fake_protocol_problem(FakeResponse *response, TillProblemKind kind, const char *key, gint64 number)
{
	json_t *json = till_problem_write(kind, "The fake says no.");

	if (key != NULL)
		json_object_set_new(json, key, json_integer(number));
	put_json(response, till_problem_status(kind), TILL_PROBLEM_CONTENT_TYPE, json);
}

void
fake_protocol_text(FakeResponse *response, int status, const char *type, const char *text)
{
	response->status = status;
	g_string_append_printf(response->headers, "Content-Type: %s\r\n", type);
	g_byte_array_append(response->body, (const guint8 *)text, (guint)strlen(text));
}

/* The newest row that both have, by what the hello tells of its chain. */
static gint64
last_common(FakeCentral *central, const TillWireHead *head, gint64 limit)
{
	TillHash ours;

	for (guint i = 0; i < head->samples->len; i++) {
		const TillWireSample *sample = &g_array_index(head->samples, TillWireSample, i);
		if (sample->seq > limit)
			continue;
		chain_after(central, head->incarnation, sample->seq, &ours);
		if (till_crypto_hash_equal(&ours, &sample->chain))
			return sample->seq;
	}
	return 0;
}

static void
judge_head(FakeCentral *central, const TillWireHead *head, TillWireHeadAnswer *out)
{
	gint64 kept = fake_protocol_rows(central, head->incarnation)->len;
	TillHash ours;

	out->incarnation = head->incarnation;
	out->server_seq = kept;
	out->last_common = MIN(kept, head->seq);
	if (head->seq <= kept) {
		chain_after(central, head->incarnation, head->seq, &ours);
		if (till_crypto_hash_equal(&ours, &head->chain)) {
			out->verdict =
			    head->seq < kept ? TILL_WIRE_HEAD_ROLLBACK : TILL_WIRE_HEAD_RESUME;
			return;
		}
	}
	out->last_common = last_common(central, head, kept);
	out->verdict =
	    out->last_common == MIN(kept, head->seq) ? TILL_WIRE_HEAD_RESUME : TILL_WIRE_HEAD_FORK;
}

static void
answer_hello(FakeCentral *central, const json_t *json, FakeResponse *response)
{
	g_autoptr(TillWireHello) hello = till_messages_read_hello(json, NULL);
	g_autoptr(GArray) heads = g_array_new(FALSE, TRUE, sizeof(TillWireHeadAnswer));
	char session[32], life[32];

	g_assert_nonnull(hello);
	for (guint i = 0; i < hello->heads->len; i++) {
		TillWireHeadAnswer answer = {0};
		judge_head(central, g_ptr_array_index(hello->heads, i), &answer);
		g_array_append_val(heads, answer);
	}
	(void)g_snprintf(session, sizeof session, "session-%u", ++central->sessions);
	(void)g_snprintf(life, sizeof life, "life-%u", central->life);
	TillWireHelloAnswer answer = {.session = session,
				      .server_id = central->server_id,
				      .server_incarnation = life,
				      .server_time_ms = central->time_ms,
				      .heads = heads,
				      .notice = (char[]){""},
				      .max_entries = TILL_WIRE_BATCH_ENTRIES};
	put_json(response, 200, "application/json", till_messages_write_hello_answer(&answer));
}

static TillEntry *
copy_entry(const TillEntry *entry)
{
	TillEntry *copy = till_entry_new();

	*copy = *entry;
	if (entry->body != NULL)
		copy->body = g_bytes_ref(entry->body);
	return copy;
}

static TillWireResult *
take_entry(FakeCentral *central, const TillEntry *entry)
{
	GPtrArray *rows = fake_protocol_rows(central, entry->incarnation);
	TillWireResult *result = g_new0(TillWireResult, 1);
	gboolean is_new = entry->seq > (gint64)rows->len;

	result->seq = entry->seq;
	result->feed_seq = entry->seq;
	result->outcome = g_strdup(is_new ? "applied" : "duplicate");
	result->reason = g_strdup("");
	if (is_new)
		g_ptr_array_add(rows, copy_entry(entry));
	if (is_new && entry->body == NULL) {
		g_free(result->outcome);
		g_free(result->reason);
		result->outcome = g_strdup("held");
		result->reason = g_strdup("BODY_PENDING");
	}
	return result;
}

static void
answer_results(FakeCentral *central, guint64 incarnation, GPtrArray *results, FakeFault fault,
	       FakeResponse *response)
{
	char life[32];
	gint64 head = fake_protocol_rows(central, incarnation)->len;
	TillWirePushAnswer answer = {.server_id = central->server_id,
				     .server_incarnation = life,
				     .server_time_ms = central->time_ms,
				     .head_seq = head,
				     .results = results,
				     .max_entries = TILL_WIRE_BATCH_ENTRIES};

	(void)g_snprintf(life, sizeof life, "life-%u", central->life);
	chain_after(central, incarnation, head, &answer.head_chain);
	gint64 signed_seq = fault == FAKE_FAULT_LIE_SIGNATURE ? head + 1 : head;
	answer.receipt_signature = till_signature_receipt_make(
	    central->key, central->terminal_id, incarnation, signed_seq, &answer.head_chain);
	put_json(response, 200, "application/json", till_messages_write_push_answer(&answer));
	g_free(answer.receipt_signature);
}

/* TRUE: response says why the batch is not taken. */
static gboolean
refuse_push(FakeCentral *central, const TillWirePush *push, FakeResponse *response)
{
	GPtrArray *rows = fake_protocol_rows(central, push->incarnation);
	TillHash chain;
	char session[32];

	(void)g_snprintf(session, sizeof session, "session-%u", central->sessions);
	if (strcmp(session, push->session) != 0) {
		fake_protocol_problem(response, TILL_PROBLEM_SESSION, NULL, 0);
		return TRUE;
	}
	if (push->base_seq > (gint64)rows->len) {
		fake_protocol_problem(response, TILL_PROBLEM_GAP, "expected", rows->len + 1);
		return TRUE;
	}
	chain_after(central, push->incarnation, push->base_seq, &chain);
	g_assert_true(till_crypto_hash_equal(&chain, &push->base_chain));
	for (guint i = 0; i < push->entries->len; i++) {
		const TillEntry *entry = g_ptr_array_index(push->entries, i);
		if (entry->body != NULL)
			g_assert_null(till_entry_fault(entry, &chain));
		chain = entry->chain;
	}
	return FALSE;
}

static gboolean
holds_body(const TillWirePush *push, gint64 seq)
{
	for (guint i = 0; i < push->entries->len; i++) {
		const TillEntry *entry = g_ptr_array_index(push->entries, i);
		if (entry->seq == seq && entry->body != NULL)
			return TRUE;
	}
	return FALSE;
}

static void
answer_push(FakeCentral *central, const json_t *json, const FakeFaultRow *fault,
	    FakeResponse *response)
{
	g_autoptr(TillWirePush) push = till_messages_read_push(json, NULL);
	g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func(till_messages_free_result);
	gboolean lie = fault->fault == FAKE_FAULT_LIE_HEAD && fault->times > 0;

	g_assert_nonnull(push);
	central->largest_batch = MAX(central->largest_batch, push->entries->len);
	if (fault->fault == FAKE_FAULT_POISON && fault->times > 0 &&
	    holds_body(push, fault->number)) {
		fake_protocol_problem(response, TILL_PROBLEM_INTERNAL, NULL, 0);
		return;
	}
	if (refuse_push(central, push, response))
		return;
	for (guint i = 0; i < push->entries->len; i++) {
		const TillEntry *entry = g_ptr_array_index(push->entries, i);
		TillWireResult *result;
		if (lie) {
			result = g_new0(TillWireResult, 1);
			result->seq = entry->seq;
			result->outcome = g_strdup("applied");
			result->reason = g_strdup("");
		} else {
			result = take_entry(central, entry);
		}
		g_ptr_array_add(results, result);
	}
	answer_results(central, push->incarnation, results,
		       fault->times > 0 ? fault->fault : FAKE_FAULT_DROP, response);
}

/* The row that has this hash and no body yet. */
static TillEntry *
find_parked(FakeCentral *central, const TillHash *hash)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, central->rows);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const GPtrArray *rows = value;
		for (guint i = 0; i < rows->len; i++) {
			TillEntry *entry = g_ptr_array_index(rows, i);
			if (entry->body == NULL && till_crypto_hash_equal(&entry->body_hash, hash))
				return entry;
		}
	}
	return NULL;
}

static void
answer_body(FakeCentral *central, const FakeRequest *request, FakeResponse *response)
{
	g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func(till_messages_free_result);
	TillHash hash;

	till_crypto_hash(request->body->data, request->body->len, &hash);
	TillEntry *entry = find_parked(central, &hash);
	if (entry == NULL) {
		fake_protocol_problem(response, TILL_PROBLEM_NOT_FOUND, NULL, 0);
		return;
	}
	entry->body = g_bytes_new(request->body->data, request->body->len);
	TillWireResult *result = g_new0(TillWireResult, 1);
	result->seq = entry->seq;
	result->outcome = g_strdup("applied");
	result->reason = g_strdup("");
	g_ptr_array_add(results, result);
	answer_results(central, entry->incarnation, results, FAKE_FAULT_DROP, response);
}

static char *
query_value(const char *target, const char *name)
{
	const char *query = strchr(target, '?');
	g_auto(GStrv) parts = g_strsplit(query != NULL ? query + 1 : "", "&", 0);

	for (gsize i = 0; parts[i] != NULL; i++) {
		if (g_str_has_prefix(parts[i], name) && parts[i][strlen(name)] == '=')
			return g_strdup(parts[i] + strlen(name) + 1);
	}
	return g_strdup("");
}

static void
answer_journal(FakeCentral *central, const FakeRequest *request, FakeResponse *response)
{
	g_autofree char *letters = query_value(request->target, "incarnation");
	g_autofree char *after = query_value(request->target, "after");
	g_autoptr(GPtrArray) page = g_ptr_array_new();
	guint64 incarnation;
	gsize size;

	g_assert_true(till_id_incarnation_parse(letters, &incarnation));
	GPtrArray *rows = fake_protocol_rows(central, incarnation);
	for (guint i = (guint)g_ascii_strtoull(after, NULL, 10); i < rows->len && page->len < 3;
	     i++)
		g_ptr_array_add(page, g_ptr_array_index(rows, i));
	g_autofree char *text = till_messages_write_journal(page, &size);
	fake_protocol_text(response, 200, "application/json", text);
}

GPtrArray *
fake_protocol_feed(FakeCentral *central, const char *scope)
{
	GPtrArray *rows = g_hash_table_lookup(central->feeds, scope);

	if (rows == NULL) {
		rows = g_ptr_array_new_with_free_func(till_messages_free_feed_row);
		g_hash_table_insert(central->feeds, g_strdup(scope), rows);
	}
	return rows;
}

/* Two rows a page, so that several pages are walked. */
static void
answer_feed(FakeCentral *central, const FakeRequest *request, FakeResponse *response)
{
	g_autofree char *scope = query_value(request->target, "scope");
	g_autofree char *cursor = query_value(request->target, "cursor");
	g_autoptr(GPtrArray) rows = g_ptr_array_new();
	GPtrArray *feed = fake_protocol_feed(central, scope);
	char life[32];
	const char *dot = strrchr(cursor, '.');

	g_assert_nonnull(dot);
	(void)g_snprintf(life, sizeof life, "e%u", central->life);
	guint after = (guint)g_ascii_strtoull(dot + 1, NULL, 10);
	if (strncmp(cursor, life, (gsize)(dot - cursor)) != 0 || after > feed->len) {
		fake_protocol_problem(response, TILL_PROBLEM_GONE, NULL, 0);
		return;
	}
	for (guint i = after; i < feed->len && rows->len < 2; i++)
		g_ptr_array_add(rows, g_ptr_array_index(feed, i));
	TillWireFeedPage page = {.scope = scope,
				 .epoch = life,
				 .next = after + rows->len,
				 .head = feed->len,
				 .up_to_date = after + rows->len == feed->len,
				 .rows = rows};
	put_json(response, 200, "application/json", till_messages_write_feed_page(&page));
}

static void
answer_snapshot(FakeCentral *central, FakeResponse *response)
{
	g_autofree char *bytes = NULL;
	gsize size;
	TillHash hash;
	char hex[TILL_HASH_TEXT];

	if (central->snapshot_path == NULL ||
	    !g_file_get_contents(central->snapshot_path, &bytes, &size, NULL)) {
		fake_protocol_problem(response, TILL_PROBLEM_NOT_FOUND, NULL, 0);
		return;
	}
	till_crypto_hash(bytes, size, &hash);
	g_string_append_printf(response->headers,
			       "Content-Type: application/vnd.sqlite3\r\n%s: %s\r\n",
			       TILL_WIRE_HASH_HEADER, till_crypto_hash_format(&hash, hex));
	g_byte_array_append(response->body, (const guint8 *)bytes, (guint)size);
}

static void
answer_enrol(FakeCentral *central, const json_t *json, FakeResponse *response)
{
	g_autoptr(TillWireEnrolRequest) request = till_messages_read_enrol_request(json, NULL);

	g_assert_nonnull(request);
	gboolean same_key = memcmp(&request->key, &central->terminal_key, sizeof request->key) == 0;
	if (strcmp(request->code, "K7QF93XM") != 0 || (central->code_used && !same_key)) {
		fake_protocol_problem(response, TILL_PROBLEM_FORBIDDEN, NULL, 0);
		return;
	}
	central->code_used = TRUE;
	central->terminal_key = request->key;
	TillWireEnrolAnswer answer = {.store_id = central->store_id,
				      .store_code = (char[]){"014"},
				      .store_name = (char[]){"Juniper & Rye"},
				      .terminal_id = central->terminal_id,
				      .till_number = (char[]){"02"},
				      .server_id = central->server_id,
				      .server_key = *till_crypto_key_public(central->key),
				      .server_time_ms = central->time_ms};
	put_json(response, 200, "application/json", till_messages_write_enrol_answer(&answer));
}

static gboolean
is_signed(FakeCentral *central, const FakeRequest *request)
{
	g_autofree char *value = fake_http_header(request, TILL_SIGNATURE_HEADER);
	TillRequestSignature signature;

	return value != NULL && till_signature_parse(value, &signature) &&
	       till_signature_check(&signature, &central->terminal_key, request->method,
				    request->target, request->body->data, request->body->len);
}

void
fake_protocol_route(FakeCentral *central, const FakeRequest *request, const FakeFaultRow *fault,
		    FakeResponse *response)
{
	const char *target = request->target;
	g_autoptr(json_t) json =
	    json_loadb((const char *)request->body->data, request->body->len, 0, NULL);

	if (g_str_has_prefix(target, "/v1/enrol"))
		answer_enrol(central, json, response);
	else if (!is_signed(central, request))
		fake_protocol_problem(response, TILL_PROBLEM_UNAUTHORISED, NULL, 0);
	else if (g_str_has_suffix(target, "/hello"))
		answer_hello(central, json, response);
	else if (g_str_has_suffix(target, "/push"))
		answer_push(central, json, fault, response);
	else if (strstr(target, "/body/") != NULL)
		answer_body(central, request, response);
	else if (strstr(target, "/journal?") != NULL)
		answer_journal(central, request, response);
	else if (g_str_has_prefix(target, "/v1/feed?"))
		answer_feed(central, request, response);
	else if (g_str_has_prefix(target, "/v1/snapshot?"))
		answer_snapshot(central, response);
	else if (g_str_has_prefix(target, "/v1/events?"))
		response->fate = FAKE_STREAM;
	else
		fake_protocol_problem(response, TILL_PROBLEM_NOT_FOUND, NULL, 0);
}
