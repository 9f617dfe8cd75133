/* SPDX-License-Identifier: Apache-2.0 */
#include "central-fixture.h"

#include <stdarg.h>
#include <string.h>

#include "file.h"
#include "id.h"
#include "json.h"
#include "route.h"
#include "sale.h"
#include "signature.h"
#include "verbs.h"

#define START_MS G_GINT64_CONSTANT(1795000000000)

void
central_fixture_init(CentralFixture *fixture, gboolean demo)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *state = NULL;

	till_crypto_init();
	memset(fixture, 0, sizeof *fixture);
	fixture->root = till_test_temp_dir();
	fixture->data = g_build_filename(fixture->root, "data", NULL);
	state = g_build_filename(fixture->root, "state", NULL);
	g_setenv("TILLHOUSE_STATE_DIR", state, TRUE);
	till_test_clock_init(&fixture->clock, START_MS);
	fixture->central = till_central_open(fixture->data, &fixture->clock.clock, &error);
	g_assert_no_error(error);
	if (demo)
		json_decref(central_fixture_verb(fixture, NULL, "{\"verb\":\"demo\"}"));
}

void
central_fixture_clear(CentralFixture *fixture)
{
	till_central_close(fixture->central);
	till_test_remove_dir(fixture->root);
	g_free(fixture->data);
	g_free(fixture->root);
}

void
central_fixture_restart(CentralFixture *fixture)
{
	g_autoptr(GError) error = NULL;

	till_central_close(fixture->central);
	fixture->central = till_central_open(fixture->data, &fixture->clock.clock, &error);
	g_assert_no_error(error);
}

static void
check_answer(const json_t *answer, const char *fault)
{
	g_autofree char *text = till_json_write(answer, NULL);

	if (fault == NULL && !json_is_true(json_object_get(answer, "ok")))
		g_error("%s", text);
	if (fault != NULL &&
	    (json_is_true(json_object_get(answer, "ok")) || strstr(text, fault) == NULL))
		g_error("\"%s\" was not said: %s", fault, text);
}

json_t *
central_fixture_verb(CentralFixture *fixture, const char *fault, const char *format, ...)
{
	g_autofree char *text = NULL;
	g_autoptr(json_t) question = NULL;
	json_t *answer;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	question = json_loads(text, 0, NULL);
	g_assert_nonnull(question);
	answer = till_verbs_run(fixture->central, question);
	check_answer(answer, fault);
	return answer;
}

json_t *
central_fixture_import(CentralFixture *fixture, const char *kind, const char *text,
		       const char *fault)
{
	g_autofree char *path = g_build_filename(fixture->root, "import.csv", NULL);
	g_autoptr(GError) error = NULL;
	gboolean written = till_file_write(path, text, strlen(text), 0600, &error);

	g_assert_no_error(error);
	g_assert_true(written);
	return central_fixture_verb(
	    fixture, fault, "{\"verb\":\"import\",\"kind\":\"%s\",\"file\":\"%s\"}", kind, path);
}

typedef struct {
	const char *sql;
	gint64 value;
} Question;

static gboolean
question_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Question *question = data;

	/* Each test's texts live as long as the program, as the statement cache wants. */
	return till_db_fetch_int(till_db_query(central->db, g_intern_string(question->sql)), -1,
				 &question->value, NULL);
}

gint64
central_fixture_count(CentralFixture *fixture, const char *sql)
{
	Question question = {.sql = sql};
	g_autoptr(GError) error = NULL;
	gboolean asked =
	    till_writer_call(fixture->central->writer, question_run, &question, &error);

	g_assert_no_error(error);
	g_assert_true(asked);
	return question.value;
}

/* --- the terminal --- */

static json_t *
ask(CentralFixture *fixture, int status, TillRequest *request)
{
	TillResponse response = {.status = 0};
	json_t *value = NULL;
	const char *text = "";
	gsize size = 0;

	till_route_handle(fixture->central, request, &response);
	if (response.body != NULL)
		text = g_bytes_get_data(response.body, &size);
	if (response.status != status)
		g_error("%s %s: %d, wanted %d: %.*s", request->method, request->target,
			response.status, status, (int)size, text);
	if (response.body != NULL)
		value = json_loadb(text, size, 0, NULL);
	till_response_clear(&response);
	till_request_free(request);
	return value;
}

void
test_terminal_enrol(TestTerminal *terminal, const char *store)
{
	g_autoptr(json_t) code = central_fixture_verb(
	    terminal->fixture, NULL, "{\"verb\":\"enrol-code\",\"store\":\"%s\"}", store);
	g_autofree char *secret = g_strdup(json_string_value(json_object_get(code, "code")));
	TillWireEnrolRequest message = {.key = *till_crypto_key_public(terminal->key),
					.fingerprint = (char *)(guintptr)terminal->fingerprint,
					.device = (char *)(guintptr) "test"};
	g_autoptr(json_t) body = NULL;
	g_autoptr(json_t) answer = NULL;
	g_autoptr(GBytes) bytes = NULL;
	gsize size;
	char *text;

	/* "K7QF-93XM" travels as its eight letters. */
	memmove(secret + 4, secret + 5, strlen(secret + 5) + 1);
	message.code = secret;
	body = till_messages_write_enrol_request(&message);
	text = till_json_write(body, &size);
	bytes = g_bytes_new_take(text, size);
	answer = ask(terminal->fixture, 200, till_request_new("POST", "/v1/enrol", bytes));
	g_free(terminal->terminal_id);
	terminal->terminal_id = g_strdup(json_string_value(json_object_get(answer, "terminal_id")));
	json_decref(ask(terminal->fixture, 403, till_request_new("POST", "/v1/enrol", bytes)));
}

void
test_terminal_init(TestTerminal *terminal, CentralFixture *fixture)
{
	test_terminal_init_at(terminal, fixture, "014");
}

void
test_terminal_init_at(TestTerminal *terminal, CentralFixture *fixture, const char *store)
{
	memset(terminal, 0, sizeof *terminal);
	terminal->fixture = fixture;
	terminal->key = till_crypto_key_new();
	terminal->fingerprint = "first machine";
	terminal->incarnation = till_id_incarnation();
	till_entry_genesis(terminal->incarnation, &terminal->chain);
	terminal->chains = g_array_new(FALSE, FALSE, sizeof(TillHash));
	g_array_append_val(terminal->chains, terminal->chain);
	test_terminal_enrol(terminal, store);
}

void
test_terminal_clear(TestTerminal *terminal)
{
	till_crypto_key_free(terminal->key);
	g_array_unref(terminal->chains);
	g_free(terminal->terminal_id);
	g_free(terminal->session);
}

json_t *
test_terminal_ask(TestTerminal *terminal, int status, const char *method, const char *target,
		  const void *body, gsize size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(body != NULL ? body : "", size);
	TillRequest *request = till_request_new(method, target, bytes);

	request->signature =
	    till_signature_make(terminal->key, terminal->terminal_id, method, target, body, size,
				till_central_now_ms(terminal->fixture->central));
	return ask(terminal->fixture, status, request);
}

json_t *
test_terminal_hello(TestTerminal *terminal)
{
	TillWireHead *head = g_new0(TillWireHead, 1);
	g_autoptr(GPtrArray) heads = g_ptr_array_new_with_free_func(till_messages_free_head);
	TillWireHello hello = {.fingerprint = (char *)(guintptr)terminal->fingerprint,
			       .boot = (char *)(guintptr) "",
			       .program = (char *)(guintptr) "test",
			       .heads = heads,
			       .server_incarnation = (char *)(guintptr) ""};
	g_autofree char *target = g_strdup_printf("/v1/t/%s/hello", terminal->terminal_id);
	g_autoptr(json_t) body = NULL;
	g_autofree char *text = NULL;
	json_t *answer;
	gsize size;

	head->incarnation = terminal->incarnation;
	head->seq = terminal->seq;
	head->chain = terminal->chain;
	head->samples = g_array_new(FALSE, FALSE, sizeof(TillWireSample));
	g_ptr_array_add(heads, head);
	body = till_messages_write_hello(&hello);
	text = till_json_write(body, &size);
	answer = test_terminal_ask(terminal, 200, "POST", target, text, size);
	g_free(terminal->session);
	terminal->session = g_strdup(json_string_value(json_object_get(answer, "session")));
	return answer;
}

TillEntry *
test_terminal_entry(TestTerminal *terminal, const char *type, int version, const char *body)
{
	TillEntry *entry = till_entry_new();

	entry->incarnation = terminal->incarnation;
	entry->seq = ++terminal->seq;
	entry->txn =
	    till_uuid_next(&terminal->ids, till_central_now_ms(terminal->fixture->central));
	g_strlcpy(entry->type, type, sizeof entry->type);
	entry->version = version;
	entry->body = g_bytes_new(body, strlen(body));
	g_strlcpy(entry->business_date, "2026-11-23", sizeof entry->business_date);
	till_entry_seal(entry, &terminal->chain);
	till_crypto_sign(terminal->key, entry->chain.bytes, sizeof entry->chain.bytes,
			 &entry->signature);
	terminal->chain = entry->chain;
	g_array_append_val(terminal->chains, terminal->chain);
	return entry;
}

TillEntry *
test_terminal_sale(TestTerminal *terminal, const char *sku, gint64 pieces)
{
	return test_terminal_sale_at(terminal, sku, pieces, 2);
}

TillEntry *
test_terminal_sale_at(TestTerminal *terminal, const char *sku, gint64 pieces, gint64 closed_ms)
{
	gint64 total = pieces * 100;
	g_autofree char *receipt =
	    till_sale_receipt_number("014", "01", terminal->incarnation, terminal->seq + 1);
	g_autofree char *line = g_strdup_printf(
	    "{\"line\":1,\"sku\":\"%s\",\"name\":\"Thing\",\"variant\":\"\",\"code\":\"%s\","
	    "\"unit\":\"ea\","
	    "\"weighed\":false,\"tax_class\":\"zero\",\"price_list\":\"base\",\"quantity_milli\":"
	    "%" G_GINT64_FORMAT ",\"unit_minor\":100,\"list_minor\":%" G_GINT64_FORMAT
	    ",\"discount_minor\":0,\"tax_minor\":0,\"total_minor\":%" G_GINT64_FORMAT
	    ",\"taxes\":[]}",
	    sku, sku, pieces * 1000, total, total);
	g_autofree char *body = g_strdup_printf(
	    "{\"receipt\":\"%s\",\"store\":\"014\",\"till\":\"01\",\"staff\":{\"id\":\"s\","
	    "\"name\":\"S\"},"
	    "\"currency\":\"USD\",\"opened_ms\":1,\"closed_ms\":%" G_GINT64_FORMAT
	    ",\"lines\":[%s],\"taxes\":[],"
	    "\"list_minor\":%" G_GINT64_FORMAT
	    ",\"discount_minor\":0,\"tax_minor\":0,\"total_minor\":%" G_GINT64_FORMAT
	    ",\"tenders\":[{\"kind\":\"cash\",\"tendered_minor\":%" G_GINT64_FORMAT
	    ",\"amount_minor\":%" G_GINT64_FORMAT "}],\"change_minor\":0}",
	    receipt, closed_ms, line, total, total, total, total);

	return test_terminal_entry(terminal, TILL_SALE_TYPE, TILL_SALE_VERSION, body);
}

json_t *
test_terminal_push(TestTerminal *terminal, int status, GPtrArray *entries)
{
	const TillEntry *first = g_ptr_array_index(entries, 0);
	TillWirePush push = {.incarnation = first->incarnation,
			     .session = terminal->session,
			     .base_seq = first->seq - 1,
			     .entries = entries};
	g_autofree char *target = g_strdup_printf("/v1/t/%s/push", terminal->terminal_id);
	g_autofree char *text = NULL;
	json_t *answer;
	gsize size;

	push.base_chain = g_array_index(terminal->chains, TillHash, push.base_seq);
	text = till_messages_write_push(&push, &size);
	answer = test_terminal_ask(terminal, status, "POST", target, text, size);
	g_ptr_array_unref(entries);
	return answer;
}

json_t *
test_terminal_push_one(TestTerminal *terminal, int status, TillEntry *entry)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);

	g_ptr_array_add(entries, entry);
	return test_terminal_push(terminal, status, entries);
}

const char *
test_result_text(const json_t *answer, gsize index, const char *name)
{
	const json_t *result = json_array_get(json_object_get(answer, "results"), index);
	const char *text = json_string_value(json_object_get(result, name));

	g_assert_nonnull(text);
	return text;
}
