/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api.h"
#include "exceptions.h"
#include "json.h"
#include "messages.h"
#include "server-log.h"
#include "signature.h"
#include "text.h"
#include "verdict.h"

/* Nonces of hellos are remembered longer than any till stays in a cupboard. */
#define NONCE_KEEP_MS (G_GINT64_CONSTANT(400) * 86400000)

/* One hello on its way through the books. */
typedef struct {
	TillCentral *central;
	const TillTerminal *terminal;
	const TillWireHello *hello;
	gint64 now_ms;
	TillVerdictSigns signs;
	gboolean blocked;
	gboolean server_rolled_back;
} Visit;

/* The row of an incarnation while its head is judged. */
typedef struct {
	TillDb *db;
	gint64 terminal;
	guint64 incarnation;
} ChainSource;

gboolean
till_hello_api_read(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
		    TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);
	g_autoptr(json_t) json = till_json_parse(text, size, TILL_WIRE_BODY_MAX, "hello", &error);

	if (json != NULL)
		request->message = till_messages_read_hello(json, &error);
	if (request->message == NULL) {
		till_response_error(response, error);
		return FALSE;
	}
	request->message_free = (GDestroyNotify)till_messages_free_hello;
	return TRUE;
}

/* FALSE without error: the hello was seen before. */
static gboolean
keep_nonce(Visit *visit, const char *header, GError **error)
{
	TillRequestSignature signature;
	TillDbQuery *query =
	    till_db_query(visit->central->db, "INSERT INTO hello_nonce (terminal, nonce, seen_ms) "
					      "VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");

	if (!till_signature_parse(header, &signature))
		return FALSE;
	till_db_bind_int(query, 1, visit->terminal->number);
	till_db_bind_text(query, 2, signature.nonce);
	till_db_bind_int(query, 3, visit->now_ms);
	if (!till_db_run(query, error) || till_db_changes(visit->central->db) == 0)
		return FALSE;
	query = till_db_query(visit->central->db,
			      "DELETE FROM hello_nonce WHERE terminal = ?1 AND seen_ms < ?2");
	till_db_bind_int(query, 1, visit->terminal->number);
	till_db_bind_int(query, 2, visit->now_ms - NONCE_KEEP_MS);
	return till_db_run(query, error);
}

static gboolean
find_chain(gpointer user, gint64 seq, TillHash *out_chain)
{
	ChainSource *source = user;
	TillDbQuery *query =
	    till_db_query(source->db, "SELECT chain FROM envelope WHERE terminal = ?1 "
				      "AND incarnation = ?2 AND seq = ?3");

	till_db_bind_int(query, 1, source->terminal);
	till_db_bind_int(query, 2, (gint64)source->incarnation);
	till_db_bind_int(query, 3, seq);
	if (!till_db_step(query, NULL))
		return FALSE;
	till_db_copy_blob(query, 0, out_chain->bytes, sizeof out_chain->bytes);
	till_db_reset(query);
	return TRUE;
}

/* Introduces an incarnation that the central has not heard of. */
static gboolean
keep_incarnation(Visit *visit, const TillWireHead *head, GError **error)
{
	TillDbQuery *query = till_db_query(
	    visit->central->db, "INSERT INTO incarnation (terminal, incarnation, parent, "
				"parent_seq, parent_chain, seq, chain, fingerprint, first_ms) "
				"VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8) "
				"ON CONFLICT DO NOTHING");
	TillHash genesis;

	till_entry_genesis(head->incarnation, &genesis);
	till_db_bind_int(query, 1, visit->terminal->number);
	till_db_bind_int(query, 2, (gint64)head->incarnation);
	till_db_bind_int(query, 3, (gint64)head->parent_incarnation);
	till_db_bind_int(query, 4, head->parent_seq);
	till_db_bind_blob(query, 5, head->parent_chain.bytes, sizeof head->parent_chain.bytes);
	till_db_bind_blob(query, 6, genesis.bytes, sizeof genesis.bytes);
	till_db_bind_text(query, 7, visit->hello->fingerprint);
	till_db_bind_int(query, 8, visit->now_ms);
	return till_db_run(query, error);
}

static gboolean
judge_head(Visit *visit, const TillWireHead *head, TillWireHeadAnswer *out, GError **error)
{
	ChainSource source = {visit->central->db, visit->terminal->number, head->incarnation};
	TillDbQuery *query;
	gint64 server_seq;

	if (!keep_incarnation(visit, head, error))
		return FALSE;
	query =
	    till_db_query(visit->central->db,
			  "SELECT seq FROM incarnation WHERE terminal = ?1 AND incarnation = ?2");
	till_db_bind_int(query, 1, visit->terminal->number);
	till_db_bind_int(query, 2, (gint64)head->incarnation);
	if (!till_db_fetch_int(query, 0, &server_seq, error))
		return FALSE;
	*out = till_verdict_head(head, server_seq, find_chain, &source);
	visit->signs.any_rollback |= out->verdict == TILL_WIRE_HEAD_ROLLBACK;
	visit->signs.any_fork |= out->verdict == TILL_WIRE_HEAD_FORK;
	return TRUE;
}

static gboolean
judge_heads(Visit *visit, GArray *answers, GError **error)
{
	const TillWireHello *hello = visit->hello;

	for (guint i = 0; i < hello->heads->len; i++) {
		TillWireHeadAnswer answer;
		if (!judge_head(visit, g_ptr_array_index(hello->heads, i), &answer, error))
			return FALSE;
		g_array_append_val(answers, answer);
	}
	if (answers->len > 0) {
		const TillWireHeadAnswer *current =
		    &g_array_index(answers, TillWireHeadAnswer, answers->len - 1);
		visit->server_rolled_back =
		    hello->known_server_seq > current->server_seq &&
		    *hello->server_incarnation != '\0' &&
		    strcmp(hello->server_incarnation, visit->central->server_incarnation) != 0;
	}
	return TRUE;
}

static gboolean
read_fingerprints(Visit *visit, GError **error)
{
	TillDbQuery *query = till_db_query(
	    visit->central->db, "SELECT t.fingerprint, t.blocked, EXISTS (SELECT 1 FROM "
				"terminal_fingerprint f WHERE f.terminal = t.number AND "
				"f.fingerprint = ?2) FROM terminal t WHERE t.number = ?1");
	g_autoptr(GError) local = NULL;

	till_db_bind_int(query, 1, visit->terminal->number);
	till_db_bind_text(query, 2, visit->hello->fingerprint);
	if (till_db_step(query, &local)) {
		const char *last = till_db_text(query, 0);
		visit->signs.first_hello = *last == '\0';
		visit->signs.fingerprint_is_last = strcmp(last, visit->hello->fingerprint) == 0;
		visit->blocked = till_db_int(query, 1) != 0;
		visit->signs.fingerprint_is_known = till_db_int(query, 2) != 0;
		till_db_reset(query);
	}
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	query = till_db_query(
	    visit->central->db,
	    "INSERT INTO terminal_fingerprint (terminal, fingerprint, first_ms, last_ms) "
	    "VALUES (?1, ?2, ?3, ?3) ON CONFLICT DO UPDATE SET last_ms = ?3");
	till_db_bind_int(query, 1, visit->terminal->number);
	till_db_bind_text(query, 2, visit->hello->fingerprint);
	till_db_bind_int(query, 3, visit->now_ms);
	return till_db_run(query, error);
}

static gboolean
raise_exception(Visit *visit, const char *code, TillExceptionSeverity severity, const char *words,
		GError **error)
{
	g_autofree char *subject = g_strdup_printf("%.36s", visit->terminal->terminal_id);
	TillException exception = {.code = code,
				   .subject = subject,
				   .severity = severity,
				   .words = words,
				   .txn = "",
				   .raised_ms = visit->now_ms};

	till_server_log("exception", "code=%s store=%s till=%s", code, visit->terminal->store_code,
			visit->terminal->till_number);
	return till_exceptions_raise_for(visit->central->db, visit->terminal->store_code,
					 &exception, error);
}

/* Turns what was found into exceptions and the notice for the till. */
static gboolean
judge_machine(Visit *visit, char **out_notice, GError **error)
{
	TillVerdictMachine machine = till_verdict_machine(&visit->signs);
	const char *till = visit->terminal->till_number;
	g_autofree char *words = NULL;

	if (visit->server_rolled_back &&
	    !raise_exception(
		visit, "SERVER_ROLLBACK", TILL_EXCEPTION_WARNING,
		"The central was restored from a backup; the tills refill it. Check its "
		"books when all have said hello.",
		error))
		return FALSE;
	if (machine == TILL_VERDICT_RESTORED) {
		words =
		    g_strdup_printf("Till %s was restored from a backup. Its lost sales come back "
				    "from the central; check its cash.",
				    till);
		*out_notice = g_strdup(words);
		return raise_exception(visit, "RESTORED_BACKUP", TILL_EXCEPTION_WARNING, words,
				       error);
	}
	if (machine == TILL_VERDICT_CLONE) {
		visit->blocked = TRUE;
		words = g_strdup_printf(
		    "Two copies of till %s are at work. Enrol both machines anew.", till);
		if (!raise_exception(visit, "CLONE_SUSPECTED", TILL_EXCEPTION_CRITICAL, words,
				     error))
			return FALSE;
	}
	*out_notice = visit->blocked
			  ? g_strdup_printf("Two copies of till %s are at work. Sales go on; "
					    "enrol this machine anew.",
					    till)
			  : g_strdup("");
	return TRUE;
}

static gboolean
open_session(Visit *visit, const char *session, GError **error)
{
	g_autofree char *program = till_text_clean(visit->hello->program, 60);
	TillDbQuery *query = till_db_query(
	    visit->central->db, "UPDATE terminal SET session = ?2, fingerprint = ?3, "
				"program = ?4, seen_ms = ?5, blocked = ?6 WHERE number = ?1");

	till_db_bind_int(query, 1, visit->terminal->number);
	till_db_bind_text(query, 2, session);
	till_db_bind_text(query, 3, visit->hello->fingerprint);
	till_db_bind_text(query, 4, program);
	till_db_bind_int(query, 5, visit->now_ms);
	till_db_bind_int(query, 6, visit->blocked);
	return till_db_run(query, error);
}

static gboolean
answer_hello(Visit *visit, TillResponse *response, GError **error)
{
	TillUuid id = till_uuid_random();
	char session[TILL_UUID_TEXT];
	g_autoptr(GArray) heads = g_array_new(FALSE, FALSE, sizeof(TillWireHeadAnswer));
	g_autofree char *notice = NULL;
	TillWireHelloAnswer answer = {.session = till_uuid_format(&id, session),
				      .server_id = visit->central->server_id,
				      .server_incarnation = visit->central->server_incarnation,
				      .server_time_ms = visit->now_ms,
				      .heads = heads,
				      .max_entries = TILL_WIRE_BATCH_ENTRIES};

	if (!read_fingerprints(visit, error) || !judge_heads(visit, heads, error) ||
	    !judge_machine(visit, &notice, error) || !open_session(visit, session, error))
		return FALSE;
	answer.blocked = visit->blocked;
	answer.notice = notice;
	till_server_log("hello", "store=%s till=%s blocked=%d", visit->terminal->store_code,
			visit->terminal->till_number, visit->blocked);
	till_response_json(response, till_messages_write_hello_answer(&answer));
	return TRUE;
}

gboolean
till_hello_api_hello(TillCentral *central, TillRequest *request, TillResponse *response)
{
	Visit visit = {.central = central,
		       .terminal = &request->terminal,
		       .hello = request->message,
		       .now_ms = till_central_now_ms(central)};
	g_autoptr(GError) error = NULL;

	if (!keep_nonce(&visit, request->signature, &error)) {
		if (error != NULL)
			till_response_error(response, error);
		else
			till_response_problem(response, TILL_PROBLEM_UNAUTHORISED,
					      "This hello was seen before. Sign it anew.");
		return FALSE;
	}
	if (!answer_hello(&visit, response, &error)) {
		till_response_error(response, error);
		return FALSE;
	}
	return TRUE;
}
