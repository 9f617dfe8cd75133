/* SPDX-License-Identifier: Apache-2.0 */
#include "engine-private.h"

/* Bodies of parked entries, offered one at a time for ever: the central has their headers and
 * waits. */

#define FIRST_WAIT_MS 60000 /* 1 min */
#define WAIT_MAX_MS 3600000 /* 60 min */
#define DOUBLINGS_MAX 6
#define LIST_MAX 100

typedef struct {
	TillEngine *engine;
	TillBatch *batch; /* of the one entry */
} Offer;

static void
free_offer(gpointer data)
{
	Offer *offer = data;

	till_batch_free(offer->batch);
	g_free(offer);
}

static void
put_off(TillEngine *engine)
{
	TillPushLane *lane = &engine->push;
	guint doublings = MIN(lane->offer_failures, DOUBLINGS_MAX);
	gint64 wait_ms = MIN((gint64)FIRST_WAIT_MS << doublings, WAIT_MAX_MS);

	lane->offer_failures++;
	lane->offer_due_mono_ms = till_engine_now(engine) +
				  till_backoff_between_ms(wait_ms / 2, wait_ms, engine->random());
}

typedef struct {
	TillAck *acks;
	const char *signature;
	TillOutboxCounts counts; /* out */
} Settle;

static gboolean
settle_job(gpointer owner, gpointer data, GError **error)
{
	Settle *settle = data;

	return till_outbox_acknowledge(owner, settle->acks, 1, settle->signature, error) &&
	       till_outbox_counts(owner, &settle->counts, error);
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
		put_off(engine);
		till_link_accuse(engine, error->message);
		return;
	}
	Settle settle = {.acks = acks, .signature = answer->receipt_signature};
	if (!till_engine_call(engine, settle_job, &settle)) {
		put_off(engine);
		till_link_main_failed(engine, NULL);
		return;
	}
	till_link_succeeded(engine);
	engine->counts = settle.counts;
	if (acks[0].outcome == TILL_OUTCOME_PARKED)
		put_off(engine);
	else
		engine->push.offer_failures = 0;
	till_state_machine_move(&engine->main_state, TILL_MAIN_ASLEEP);
}

static void
offer_cb(const TillReply *reply, gpointer user)
{
	const Offer *offer = user;
	TillEngine *engine = offer->engine;

	if (reply->kind == TILL_REPLY_OK) {
		take_answer(engine, offer->batch, reply);
		return;
	}
	put_off(engine);
	if (reply->kind == TILL_REPLY_OFFLINE) {
		till_link_main_failed(engine, reply);
		return;
	}
	/* The central answers but does not take this body: no reason to stop anything else. */
	till_state_machine_move(&engine->main_state, TILL_MAIN_ASLEEP);
}

typedef struct {
	gint64 after_seq;
	TillBatch *batch; /* out, nullable */
} Pick;

static gboolean
pick_job(gpointer owner, gpointer data, GError **error)
{
	Pick *pick = data;
	g_autoptr(GPtrArray) parked = till_outbox_parked(owner, LIST_MAX, error);
	const TillEntry *chosen = NULL;

	if (parked == NULL)
		return FALSE;
	for (guint i = 0; i < parked->len && chosen == NULL; i++) {
		const TillEntry *entry = g_ptr_array_index(parked, i);
		if (entry->seq > pick->after_seq)
			chosen = entry;
	}
	if (chosen == NULL && parked->len > 0)
		chosen = g_ptr_array_index(parked, 0);
	if (chosen == NULL)
		return TRUE;
	return till_batch_read(owner, chosen->incarnation, chosen->seq - 1, 1, &pick->batch, error);
}

gboolean
till_offer_is_due(TillEngine *engine)
{
	return engine->counts.parked > 0 &&
	       till_engine_now(engine) >= engine->push.offer_due_mono_ms;
}

gboolean
till_offer_start(TillEngine *engine)
{
	Pick pick = {.after_seq = engine->push.offered_seq};
	char hex[TILL_HASH_TEXT];

	if (!till_engine_call(engine, pick_job, &pick)) {
		put_off(engine);
		return FALSE;
	}
	if (pick.batch == NULL) {
		put_off(engine);
		return FALSE;
	}
	Offer *offer = g_new0(Offer, 1);
	offer->engine = engine;
	offer->batch = pick.batch;
	const TillEntry *entry = g_ptr_array_index(pick.batch->entries, 0);
	g_autofree char *target = g_strdup_printf("/v1/t/%s/body/%s", engine->identity->terminal_id,
						  till_crypto_hash_format(&entry->body_hash, hex));
	TillExchangeAsk ask = {.method = "PUT",
			       .target = target,
			       .body = entry->body,
			       .content_type = "application/octet-stream",
			       .done = offer_cb,
			       .user = offer,
			       .user_free = free_offer};
	engine->push.offered_seq = entry->seq;
	till_state_machine_move(&engine->main_state, TILL_MAIN_OFFER);
	(void)till_exchange_start(&engine->exchange, &ask);
	return TRUE;
}
