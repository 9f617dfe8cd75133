/* SPDX-License-Identifier: Apache-2.0 */
#include "engine-private.h"

#include <string.h>

/* The push lane: one batch in flight, the next one read and written meanwhile.
 *
 * When an answer comes the prepared batch goes out first, and only then are the acknowledgements
 * recorded and the batch after it read: the central works while our disk does. A crash in between
 * sends rows twice, which is harmless: the central knows every transaction for ever.
 *
 * A batch that fails is halved; the third failure of the same first row sends it alone; a row that
 * failed alone eight times over half an hour goes without its body (parked), so that it blocks
 * nothing behind it. Only failures on a link that had just answered a hello count, so a dead
 * network parks nothing. */

#define FAILURES_BEFORE_SINGLE 3
#define FAILURES_BEFORE_PARK 8
#define PARK_AFTER_MS 1800000 /* 30 min */
#define GAPS_MAX 3

static void send_batch(TillEngine *engine, TillBatch *batch);

void
till_push_init(TillEngine *engine)
{
	engine->push.resend = g_array_new(FALSE, TRUE, sizeof(TillResend));
	engine->push.limit = TILL_WIRE_BATCH_ENTRIES;
	engine->push.limit_max = TILL_WIRE_BATCH_ENTRIES;
}

void
till_push_drop_prepared(TillEngine *engine)
{
	g_clear_pointer(&engine->push.prepared, till_batch_free);
}

void
till_push_cancel(TillEngine *engine)
{
	till_push_drop_prepared(engine);
	g_clear_pointer(&engine->push.request, till_http_cancel);
	g_clear_pointer(&engine->push.sent, till_batch_free);
}

void
till_push_clear(TillEngine *engine)
{
	till_push_cancel(engine);
	g_array_unref(engine->push.resend);
}

void
till_push_add_resend(TillEngine *engine, guint64 incarnation, gint64 after_seq, gint64 until_seq)
{
	TillResend resend = {incarnation, after_seq, until_seq};

	g_array_append_val(engine->push.resend, resend);
}

/* Moves the plan on past what was acknowledged. */
static void
advance_resend(TillEngine *engine, guint64 incarnation, gint64 last_seq)
{
	GArray *plan = engine->push.resend;

	if (plan->len == 0)
		return;
	TillResend *first = &g_array_index(plan, TillResend, 0);
	if (first->incarnation != incarnation)
		return;
	first->after_seq = MAX(first->after_seq, last_seq);
	if (first->after_seq >= first->until_seq)
		g_array_remove_index(plan, 0);
}

typedef struct {
	guint64 incarnation; /* 0: what is pending first */
	gint64 after_seq;
	guint limit;
	TillBatch *batch; /* out, nullable */
	/* to record first; count 0: nothing */
	TillAck *acks;
	gsize ack_count;
	const TillWirePushAnswer *answer;
	gboolean head_unknown;   /* out: the central is ahead of this ledger */
	gboolean head_wrong;     /* out: its later rows are not ours */
	TillOutboxCounts counts; /* out */
} Step;

/* When the central's head lies beyond the batch (rows sent again), it must still be one of ours. */
static gboolean
check_later_head(TillStore *store, Step *step, GError **error)
{
	const TillAck *last = &step->acks[step->ack_count - 1];
	g_autoptr(GError) problem = NULL;
	TillHash ours;

	if (step->answer->head_seq == last->seq)
		return TRUE;
	if (till_outbox_chain_at(store, last->incarnation, step->answer->head_seq, &ours,
				 &problem)) {
		step->head_wrong = !till_crypto_hash_equal(&ours, &step->answer->head_chain);
		return TRUE;
	}
	step->head_unknown = g_error_matches(problem, TILL_ERROR, TILL_ERROR_NOT_FOUND);
	if (!step->head_unknown)
		g_propagate_error(error, g_steal_pointer(&problem));
	return step->head_unknown;
}

static gboolean
step_job(gpointer owner, gpointer data, GError **error)
{
	TillStore *store = owner;
	Step *step = data;

	if (step->ack_count > 0) {
		if (!check_later_head(store, step, error))
			return FALSE;
		if (!step->head_wrong &&
		    !till_outbox_acknowledge(store, step->acks, step->ack_count,
					     step->answer->receipt_signature, error))
			return FALSE;
	}
	return till_outbox_counts(store, &step->counts, error) &&
	       till_batch_read(store, step->incarnation, step->after_seq, step->limit, &step->batch,
			       error);
}

/* Where the next batch starts when nothing is under way. */
static void
aim_step(TillEngine *engine, Step *step)
{
	step->limit = engine->push.limit;
	if (engine->push.resend->len == 0)
		return;
	const TillResend *resend = &g_array_index(engine->push.resend, TillResend, 0);
	step->incarnation = resend->incarnation;
	step->after_seq = resend->after_seq;
}

static gboolean
is_to_be_parked(const TillEngine *engine, const TillBatch *batch)
{
	const TillPushLane *lane = &engine->push;

	return batch->entries->len == 1 && batch->incarnation == lane->suspect_incarnation &&
	       batch->last_seq == lane->suspect_seq &&
	       lane->single_failures >= FAILURES_BEFORE_PARK &&
	       till_engine_now(engine) - lane->single_since_mono_ms >= PARK_AFTER_MS;
}

gboolean
till_push_start(TillEngine *engine)
{
	Step step = {0};

	aim_step(engine, &step);
	if (!till_engine_call(engine, step_job, &step)) {
		till_link_main_failed(engine, NULL);
		return FALSE;
	}
	engine->counts = step.counts;
	if (step.batch == NULL && step.incarnation != 0) {
		/* The plan names rows we do not have; what is pending comes next. */
		g_array_remove_index(engine->push.resend, 0);
		return till_push_start(engine);
	}
	if (step.batch == NULL)
		return FALSE;
	step.batch->header_only = is_to_be_parked(engine, step.batch);
	till_batch_write(step.batch, engine);
	send_batch(engine, step.batch);
	return TRUE;
}

static void
grow_limit(TillPushLane *lane, gint64 max_entries)
{
	lane->limit_max = (guint)max_entries;
	lane->limit = MIN(lane->limit + MAX(lane->limit / 4, 1u), lane->limit_max);
	lane->suspect_failures = 0;
	lane->single_failures = 0;
	lane->gaps = 0;
}

/* Records what was acknowledged while the next batch is already on the wire, and prepares the one
 * after. */
static gboolean
settle(TillEngine *engine, Step *step)
{
	const TillBatch *flying = engine->push.sent;

	step->limit = engine->push.limit;
	if (flying != NULL) {
		step->incarnation = flying->incarnation;
		step->after_seq = flying->last_seq;
	} else {
		aim_step(engine, step);
	}
	if (!till_engine_call(engine, step_job, step))
		return FALSE;
	engine->counts = step->counts;
	return TRUE;
}

static void
end_push(TillEngine *engine)
{
	till_state_machine_move(&engine->main_state, TILL_MAIN_ASLEEP);
}

/* What to do with the batch that was read while, or because, none is under way. */
static void
take_next(TillEngine *engine, TillBatch *batch)
{
	if (!engine->greeted) {
		till_batch_free(batch);
		if (engine->push.sent == NULL)
			end_push(engine);
		return;
	}
	if (batch != NULL)
		till_batch_write(batch, engine);
	if (engine->push.sent != NULL)
		engine->push.prepared = batch;
	else if (batch != NULL)
		send_batch(engine, batch);
	else
		end_push(engine);
}

/* An accepted answer: its acknowledgements are recorded, the lane goes on. */
static void
go_on(TillEngine *engine, TillAck *acks, gsize count, const TillWirePushAnswer *answer)
{
	Step step = {.acks = acks, .ack_count = count, .answer = answer};
	TillBatch *next = g_steal_pointer(&engine->push.prepared);

	if (next != NULL && engine->greeted && next->entries->len <= engine->push.limit_max)
		send_batch(engine, next);
	else
		till_batch_free(next);
	if (!settle(engine, &step)) {
		till_link_main_failed(engine, NULL);
		return;
	}
	if (step.head_wrong) {
		till_batch_free(step.batch);
		till_link_accuse(engine, "The central acknowledged rows that are not this till's. "
					 "Nothing was lost; tell support.");
		return;
	}
	if (step.head_unknown)
		till_link_forget_session(engine);
	take_next(engine, step.batch);
}

static void
take_answer(TillEngine *engine, const TillBatch *batch, const TillReply *reply)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillWirePushAnswer) answer = till_messages_read_push_answer(reply->json, &error);
	g_autofree TillAck *acks = NULL;

	if (answer != NULL)
		acks = till_batch_acks(batch, answer, engine->identity, &error);
	if (acks == NULL) {
		till_link_accuse(engine, error->message);
		return;
	}
	engine->accused = FALSE;
	till_link_succeeded(engine);
	till_link_learn_time(engine, answer->server_time_ms, reply->rtt_ms);
	till_backoff_succeeded(&engine->main_backoff);
	grow_limit(&engine->push, answer->max_entries);
	advance_resend(engine, batch->incarnation, batch->last_seq);
	if (strcmp(answer->server_incarnation, engine->server_incarnation) != 0) {
		/* Another life of the central: it may lack rows it had acknowledged. */
		till_push_drop_prepared(engine);
		till_link_forget_session(engine);
	}
	go_on(engine, acks, batch->entries->len, answer);
}

static void
halve(TillPushLane *lane, const TillBatch *batch)
{
	lane->limit = MAX(1, MIN(lane->limit, batch->entries->len) / 2);
}

/* The central, or the way to it, does not take this batch although it answers otherwise. */
static void
suspect(TillEngine *engine, const TillBatch *batch)
{
	TillPushLane *lane = &engine->push;

	if (lane->suspect_incarnation != batch->incarnation ||
	    lane->suspect_seq != batch->base_seq + 1) {
		lane->suspect_incarnation = batch->incarnation;
		lane->suspect_seq = batch->base_seq + 1;
		lane->suspect_failures = 0;
		lane->single_failures = 0;
	}
	lane->suspect_failures++;
	if (batch->entries->len == 1) {
		if (lane->single_failures++ == 0)
			lane->single_since_mono_ms = till_engine_now(engine);
	}
	halve(lane, batch);
	if (lane->suspect_failures >= FAILURES_BEFORE_SINGLE)
		lane->limit = 1;
}

static void
take_gap(TillEngine *engine, const TillBatch *batch, const TillReply *reply)
{
	gint64 expected = reply->problem.expected;

	if (expected < 1 || expected > batch->base_seq || ++engine->push.gaps > GAPS_MAX) {
		till_link_forget_session(engine);
		till_link_main_failed(engine, reply);
		return;
	}
	TillResend resend = {batch->incarnation, expected - 1, batch->last_seq};
	g_array_prepend_val(engine->push.resend, resend);
	end_push(engine);
}

static void
take_problem(TillEngine *engine, const TillBatch *batch, const TillReply *reply)
{
	switch (reply->problem.kind) {
	case TILL_PROBLEM_GAP:
		take_gap(engine, batch, reply);
		return;
	case TILL_PROBLEM_ROLLBACK:
	case TILL_PROBLEM_FORK:
	case TILL_PROBLEM_SESSION:
		till_link_forget_session(engine);
		if (++engine->push.gaps > GAPS_MAX)
			till_link_main_failed(engine, reply);
		else
			end_push(engine);
		return;
	case TILL_PROBLEM_TOO_LARGE:
		suspect(engine, batch);
		if (batch->entries->len > 1)
			end_push(engine);
		else
			till_link_main_failed(engine, reply);
		return;
	case TILL_PROBLEM_TOO_MANY:
	case TILL_PROBLEM_BUSY:
		halve(&engine->push, batch);
		break;
	case TILL_PROBLEM_UNAUTHORISED:
	case TILL_PROBLEM_FORBIDDEN:
		till_link_forget_session(engine);
		break;
	case TILL_PROBLEM_INVALID:
	case TILL_PROBLEM_NOT_FOUND:
	case TILL_PROBLEM_METHOD:
	case TILL_PROBLEM_VERSION:
	case TILL_PROBLEM_GONE:
	case TILL_PROBLEM_INTERNAL:
	case TILL_PROBLEM_STATE:
	case TILL_PROBLEM_STOCK:
	case TILL_PROBLEM_PRECONDITION:
	case TILL_PROBLEM_KEY_REUSED:
		suspect(engine, batch);
		break;
	default:
		g_assert_not_reached();
	}
	till_link_main_failed(engine, reply);
}

static void
push_cb(const TillReply *reply, gpointer user)
{
	TillEngine *engine = user;
	TillBatch *batch = g_steal_pointer(&engine->push.sent);

	engine->push.request = NULL;
	if (reply->kind == TILL_REPLY_OK) {
		take_answer(engine, batch, reply);
		till_batch_free(batch);
		return;
	}
	till_push_drop_prepared(engine);
	if (reply->kind == TILL_REPLY_PROBLEM) {
		take_problem(engine, batch, reply);
	} else {
		if (reply->sent)
			suspect(engine, batch);
		till_link_forget_session(engine);
		till_link_main_failed(engine, reply);
	}
	till_batch_free(batch);
}

static void
send_batch(TillEngine *engine, TillBatch *batch)
{
	g_autofree char *target = g_strdup_printf("/v1/t/%s/push", engine->identity->terminal_id);
	TillExchangeAsk ask = {.method = "POST",
			       .target = target,
			       .body = batch->text,
			       .idempotency = batch->idempotency,
			       .done = push_cb,
			       .user = engine};

	till_state_machine_move(&engine->main_state, TILL_MAIN_PUSH);
	engine->push.sent = batch;
	engine->push.request = till_exchange_start(&engine->exchange, &ask);
	till_http_kick(engine->http);
}
