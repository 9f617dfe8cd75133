/* SPDX-License-Identifier: Apache-2.0 */
#include "engine-private.h"

#include <string.h>

#include "signature.h"

/* A batch on its way: read from the outbox, written as a message, its answer checked. */

static gboolean
read_base(TillStore *store, TillBatch *batch, GError **error)
{
	if (batch->base_seq > 0)
		return till_outbox_chain_at(store, batch->incarnation, batch->base_seq,
					    &batch->base_chain, error);
	till_entry_genesis(batch->incarnation, &batch->base_chain);
	return TRUE;
}

gboolean
till_batch_read(TillStore *store, guint64 incarnation, gint64 after_seq, guint limit,
		TillBatch **out_batch, GError **error)
{
	g_autoptr(GPtrArray) entries =
	    till_outbox_batch(store, incarnation, after_seq, limit, TILL_WIRE_BATCH_BYTES, error);

	if (entries == NULL)
		return FALSE;
	if (entries->len == 0) {
		*out_batch = NULL;
		return TRUE;
	}
	const TillEntry *first = g_ptr_array_index(entries, 0);
	const TillEntry *last = g_ptr_array_index(entries, entries->len - 1);
	TillBatch *batch = g_new0(TillBatch, 1);
	batch->incarnation = first->incarnation;
	batch->base_seq = first->seq - 1;
	batch->last_seq = last->seq;
	batch->last_chain = last->chain;
	batch->entries = g_steal_pointer(&entries);
	if (!read_base(store, batch, error)) {
		till_batch_free(batch);
		return FALSE;
	}
	*out_batch = batch;
	return TRUE;
}

void
till_batch_write(TillBatch *batch, TillEngine *engine)
{
	char letters[14];
	char hex[TILL_HASH_TEXT];
	gsize size;
	const TillOutboxCounts *counts = &engine->counts;
	gint64 oldest_ms = counts->oldest_pending_wall_ms;
	gint64 age_ms = oldest_ms != 0 ? till_clock_wall_ms(engine->clock) - oldest_ms : 0;
	TillWirePush push = {
	    .incarnation = batch->incarnation,
	    .session = engine->session,
	    .base_seq = batch->base_seq,
	    .base_chain = batch->base_chain,
	    .entries = batch->entries,
	    .pending = counts->pending,
	    .oldest_s = MAX(age_ms, 0) / 1000,
	    .held = counts->held,
	    .parked = counts->parked,
	};

	if (batch->header_only) {
		TillEntry *entry = g_ptr_array_index(batch->entries, 0);
		g_clear_pointer(&entry->body, g_bytes_unref);
	}
	g_clear_pointer(&batch->text, g_bytes_unref);
	g_free(batch->session);
	batch->session = g_strdup(engine->session);
	char *text = till_messages_write_push(&push, &size);
	batch->text = g_bytes_new_take(text, size);
	(void)g_snprintf(batch->idempotency, sizeof batch->idempotency,
			 "\"%s-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "-%.8s\"",
			 till_id_incarnation_format(batch->incarnation, letters),
			 batch->base_seq + 1, batch->last_seq,
			 till_crypto_hash_format(&batch->last_chain, hex));
}

void
till_batch_free(TillBatch *batch)
{
	if (batch == NULL)
		return;
	g_ptr_array_unref(batch->entries);
	g_clear_pointer(&batch->text, g_bytes_unref);
	g_free(batch->session);
	g_free(batch);
}

static gboolean
refuse(GError **error, const char *words)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_DENIED,
		    "The central's acknowledgement is not believed: %s. The sales stay here and "
		    "are sent again.",
		    words);
	return FALSE;
}

static gboolean
check_head(const TillBatch *batch, const TillWirePushAnswer *answer, const TillIdentity *identity,
	   GError **error)
{
	if (strcmp(answer->server_id, identity->server_id) != 0)
		return refuse(error, "it names another central");
	if (answer->head_seq < batch->last_seq)
		return refuse(error, "it covers less than was sent");
	if (answer->head_seq == batch->last_seq &&
	    !till_crypto_hash_equal(&answer->head_chain, &batch->last_chain))
		return refuse(error, "its chain is not the journal's");
	if (!till_signature_receipt_check(answer->receipt_signature, &identity->server_key,
					  identity->terminal_id, batch->incarnation,
					  answer->head_seq, &answer->head_chain))
		return refuse(error, "its signature is wrong");
	if (answer->results->len != batch->entries->len)
		return refuse(error, "it does not answer each entry");
	return TRUE;
}

static gboolean
read_outcome(const TillWireResult *result, TillOutcome *out)
{
	static const struct {
		const char *word;
		TillOutcome outcome;
	} words[] = {
	    {"applied", TILL_OUTCOME_APPLIED},
	    {"applied_exceptions", TILL_OUTCOME_APPLIED_EXCEPTIONS},
	    {"held", TILL_OUTCOME_HELD},
	    {"duplicate", TILL_OUTCOME_DUPLICATE},
	};

	if (strcmp(result->reason, "BODY_PENDING") == 0) {
		*out = TILL_OUTCOME_PARKED;
		return TRUE;
	}
	/* A duplicate that still has a reason is one that the central keeps back. */
	if (strcmp(result->outcome, "duplicate") == 0 && result->reason[0] != '\0') {
		*out = TILL_OUTCOME_HELD;
		return TRUE;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(result->outcome, words[i].word) == 0) {
			*out = words[i].outcome;
			return TRUE;
		}
	}
	return FALSE;
}

TillAck *
till_batch_acks(const TillBatch *batch, const TillWirePushAnswer *answer,
		const TillIdentity *identity, GError **error)
{
	if (!check_head(batch, answer, identity, error))
		return NULL;
	g_autofree TillAck *acks = g_new0(TillAck, batch->entries->len);
	for (guint i = 0; i < batch->entries->len; i++) {
		const TillEntry *entry = g_ptr_array_index(batch->entries, i);
		const TillWireResult *result = g_ptr_array_index(answer->results, i);
		if (result->seq != entry->seq || !read_outcome(result, &acks[i].outcome)) {
			(void)refuse(error, "an entry's outcome makes no sense");
			return NULL;
		}
		acks[i].txn = entry->txn;
		acks[i].incarnation = entry->incarnation;
		acks[i].seq = entry->seq;
		acks[i].feed_seq = result->feed_seq;
		acks[i].reason = result->reason;
		/* What waits for a person or its body has used no offer yet. */
		if (acks[i].outcome != TILL_OUTCOME_HELD && acks[i].outcome != TILL_OUTCOME_PARKED)
			acks[i].chain_seq = answer->chain_seq;
	}
	return g_steal_pointer(&acks);
}
