/* SPDX-License-Identifier: Apache-2.0 */
#include "engine-private.h"

#include "journal.h"
#include "json.h"

/* Saying who is speaking and where the journal stands. The answer says for each incarnation whether
 * to go on, or that the journals went apart, which mend.c then puts right before anything is
 * pushed. */

#define DENSE_SAMPLES 32
#define PROGRAM "tillhouse " TILL_VERSION

typedef struct {
	TillWireHello *hello;
	const TillEngine *engine;
} Collect;

static gboolean
add_sample(TillStore *store, TillWireHead *head, gint64 seq, GError **error)
{
	g_autoptr(GError) problem = NULL;
	TillWireSample sample = {.seq = seq};

	if (till_outbox_chain_at(store, head->incarnation, seq, &sample.chain, &problem)) {
		g_array_append_val(head->samples, sample);
		return TRUE;
	}
	if (g_error_matches(problem, TILL_ERROR, TILL_ERROR_NOT_FOUND))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&problem));
	return FALSE;
}

/* The newest rows one by one, so that a short fork is found exactly; older ones at doubling
 * distance. */
static gboolean
add_samples(TillStore *store, TillWireHead *head, GError **error)
{
	gint64 seq = head->seq - 1;
	gint64 step = 1;

	head->samples = g_array_new(FALSE, FALSE, sizeof(TillWireSample));
	for (guint i = 0; i < TILL_WIRE_SAMPLES_MAX && seq >= 1; i++) {
		if (!add_sample(store, head, seq, error))
			return FALSE;
		if (i >= DENSE_SAMPLES)
			step *= 2;
		if (step > seq)
			break;
		seq -= step;
	}
	return TRUE;
}

static TillWireHead *
collect_head(TillStore *store, const TillOutboxHead *from, GError **error)
{
	TillWireHead *head = g_new0(TillWireHead, 1);

	head->incarnation = from->incarnation;
	head->parent_incarnation = from->parent_incarnation;
	head->parent_seq = from->parent_seq;
	head->parent_chain = from->parent_chain;
	head->seq = from->seq;
	head->chain = from->chain;
	if (!add_samples(store, head, error)) {
		till_messages_free_head(head);
		return NULL;
	}
	return head;
}

/* Everything before the oldest pending row has a signed acknowledgement. When that row is of an
 * older incarnation nothing is claimed for this one. */
static gboolean
collect_known(TillStore *store, const TillOutboxHead *current, gint64 *out_seq, GError **error)
{
	g_autoptr(GPtrArray) first = till_outbox_batch(store, 0, 0, 1, 1, error);

	if (first == NULL)
		return FALSE;
	*out_seq = current->seq;
	if (first->len > 0) {
		const TillEntry *entry = g_ptr_array_index(first, 0);
		*out_seq = entry->incarnation == current->incarnation ? entry->seq - 1 : 0;
	}
	return TRUE;
}

static gboolean
collect_job(gpointer owner, gpointer data, GError **error)
{
	TillStore *store = owner;
	Collect *collect = data;
	g_autoptr(TillWireHello) hello = g_new0(TillWireHello, 1);
	g_autoptr(GArray) heads = till_outbox_heads(store, error);

	if (heads == NULL)
		return FALSE;
	hello->heads = g_ptr_array_new_with_free_func(till_messages_free_head);
	guint first = heads->len > TILL_WIRE_HEADS_MAX ? heads->len - TILL_WIRE_HEADS_MAX : 0;
	for (guint i = first; i < heads->len; i++) {
		TillWireHead *head =
		    collect_head(store, &g_array_index(heads, TillOutboxHead, i), error);
		if (head == NULL)
			return FALSE;
		g_ptr_array_add(hello->heads, head);
	}
	if (heads->len > 0 &&
	    !collect_known(store, &g_array_index(heads, TillOutboxHead, heads->len - 1),
			   &hello->known_server_seq, error))
		return FALSE;
	hello->fingerprint = g_strdup(collect->engine->fingerprint);
	hello->boot = g_strdup(till_clock_boot_id());
	hello->program = g_strdup(PROGRAM);
	hello->server_incarnation = g_strdup(collect->engine->server_incarnation);
	collect->hello = g_steal_pointer(&hello);
	return TRUE;
}

/* Our own newest row of an incarnation, as we just told it; 0 when we have none. */
static gint64
told_seq(const TillWireHello *hello, guint64 incarnation)
{
	for (guint i = 0; i < hello->heads->len; i++) {
		const TillWireHead *head = g_ptr_array_index(hello->heads, i);
		if (head->incarnation == incarnation)
			return head->seq;
	}
	return 0;
}

typedef struct {
	TillEngine *engine;
	TillWireHello *hello;
} Asked;

static void
free_asked(gpointer data)
{
	Asked *asked = data;

	till_messages_free_hello(asked->hello);
	g_free(asked);
}

static gboolean
note_incarnation_job(gpointer owner, gpointer data, GError **error)
{
	return till_outbox_note_set(owner, TILL_NOTE_SERVER_INCARNATION, data, error);
}

static void
take_session(TillEngine *engine, const TillWireHelloAnswer *answer)
{
	g_free(engine->session);
	engine->session = g_strdup(answer->session);
	if (g_strcmp0(engine->server_incarnation, answer->server_incarnation) != 0) {
		g_free(engine->server_incarnation);
		engine->server_incarnation = g_strdup(answer->server_incarnation);
		(void)till_engine_call(engine, note_incarnation_job, engine->server_incarnation);
	}
	engine->blocked = answer->blocked;
	g_autofree char *notice = till_text_clean(answer->notice, 180);
	g_strlcpy(engine->notice, notice, sizeof engine->notice);
	engine->push.limit_max = (guint)answer->max_entries;
	engine->push.limit = MIN(engine->push.limit, engine->push.limit_max);
}

/* What to send again, and what to mend first. An acknowledgement is no permission to forget: a
 * central that was restored from a backup gets the rows it lost from us. */
static void
sort_heads(TillEngine *engine, const TillWireHello *hello, const TillWireHelloAnswer *answer)
{
	till_push_drop_prepared(engine);
	g_array_set_size(engine->push.resend, 0);
	g_array_set_size(engine->mends, 0);
	for (guint i = 0; i < answer->heads->len; i++) {
		TillWireHeadAnswer head = g_array_index(answer->heads, TillWireHeadAnswer, i);
		gint64 ours = told_seq(hello, head.incarnation);
		if (head.verdict != TILL_WIRE_HEAD_RESUME)
			g_array_append_val(engine->mends, head);
		else if (head.server_seq < ours)
			till_push_add_resend(engine, head.incarnation, head.server_seq, ours);
	}
}

void
till_hello_finish(TillEngine *engine)
{
	engine->greeted = TRUE;
	engine->mends_in_row = 0;
	till_state_machine_move(&engine->main_state, TILL_MAIN_ASLEEP);
	/* With rows to send the count of failures stays until a whole batch went through. */
	if (engine->counts.pending == 0 && engine->push.resend->len == 0)
		till_backoff_succeeded(&engine->main_backoff);
	else
		till_backoff_clear_wait(&engine->main_backoff);
	till_pull_soon(engine);
}

static void
hello_cb(const TillReply *reply, gpointer user)
{
	const Asked *asked = user;
	TillEngine *engine = asked->engine;
	g_autoptr(GError) error = NULL;

	if (reply->kind != TILL_REPLY_OK) {
		till_link_main_failed(engine, reply);
		return;
	}
	g_autoptr(TillWireHelloAnswer) answer =
	    till_messages_read_hello_answer(reply->json, &error);
	if (answer == NULL) {
		till_link_accuse(engine, error->message);
		return;
	}
	till_link_succeeded(engine);
	till_link_learn_time(engine, answer->server_time_ms, reply->rtt_ms);
	take_session(engine, answer);
	sort_heads(engine, asked->hello, answer);
	if (engine->mends->len > 0) {
		till_state_machine_move(&engine->main_state, TILL_MAIN_MEND);
		till_mend_next(engine);
		return;
	}
	till_hello_finish(engine);
}

void
till_hello_start(TillEngine *engine)
{
	Collect collect = {.engine = engine};
	gsize size;

	till_state_machine_move(&engine->main_state, TILL_MAIN_HELLO);
	if (!till_engine_call(engine, collect_job, &collect)) {
		till_link_main_failed(engine, NULL);
		return;
	}
	Asked *asked = g_new0(Asked, 1);
	asked->engine = engine;
	asked->hello = collect.hello;
	g_autoptr(json_t) json = till_messages_write_hello(asked->hello);
	char *text = till_json_write(json, &size);
	g_autoptr(GBytes) body = g_bytes_new_take(text, size);
	g_autofree char *target = g_strdup_printf("/v1/t/%s/hello", engine->identity->terminal_id);
	TillExchangeAsk ask = {.method = "POST",
			       .target = target,
			       .body = body,
			       .done = hello_cb,
			       .user = asked,
			       .user_free = free_asked};
	(void)till_exchange_start(&engine->exchange, &ask);
}
