/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <string.h>

#include "api.h"
#include "error.h"
#include "inbox.h"
#include "messages.h"
#include "server-log.h"
#include "signature.h"

/* A push as it was read and proved on the HTTP thread. Its sales are read there too, one after the
 * other, while the writer enters those that are ready: two processors share one till's batch. */
typedef struct {
	TillWirePush *push;                           /* owned */
	TillInboxSeal seals[TILL_WIRE_BATCH_ENTRIES]; /* of each entry */
	pthread_mutex_t lock;
	pthread_cond_t more;
	guint read;                               /* sales [0, read) are settled; guarded by lock */
	TillSale *sales[TILL_WIRE_BATCH_ENTRIES]; /* owned; NULL where there is none to enter */
} Batch;

/* The writer is woken once for so many sales. */
#define READ_STRIDE 8

/* Where the central stands in the incarnation that is pushed. */
typedef struct {
	gint64 seq;
	TillHash chain;
	gint64 chain_seq; /* of the chain's feed, once the batch is judged */
} Head;

static void
free_batch(gpointer data)
{
	Batch *batch = data;

	for (guint i = 0; i < batch->read; i++)
		g_clear_pointer(&batch->sales[i], till_sale_free);
	pthread_cond_destroy(&batch->more);
	pthread_mutex_destroy(&batch->lock);
	till_messages_free_push(batch->push);
	g_free(batch);
}

/* Every header must follow from the one before; a body that is not the hashed one is noted, not
 * refused, so that its neighbours get through. */
static gboolean
check_chain(Batch *batch, TillResponse *response)
{
	TillHash previous = batch->push->base_chain;
	TillHash hash;

	for (guint i = 0; i < batch->push->entries->len; i++) {
		const TillEntry *entry = g_ptr_array_index(batch->push->entries, i);
		till_entry_chain(&previous, entry->seq, &entry->txn, entry->type, entry->version,
				 &entry->body_hash, &hash);
		if (!till_crypto_hash_equal(&hash, &entry->chain)) {
			till_response_problem(
			    response, TILL_PROBLEM_INVALID,
			    "push.entries[%u] does not follow from the entry before it.", i);
			return FALSE;
		}
		previous = hash;
		if (entry->body == NULL)
			continue;
		till_crypto_hash(g_bytes_get_data(entry->body, NULL), g_bytes_get_size(entry->body),
				 &hash);
		if (!till_crypto_hash_equal(&hash, &entry->body_hash))
			batch->seals[i] = TILL_INBOX_DAMAGED;
	}
	return TRUE;
}

/* A signature vouches for its entry and all before it, so one check is enough for an honest batch.
 */
static void
check_signatures(Batch *batch, const TillPublicKey *key)
{
	for (guint i = batch->push->entries->len; i > 0; i--) {
		const TillEntry *entry = g_ptr_array_index(batch->push->entries, i - 1);
		if (till_crypto_verify(key, entry->chain.bytes, sizeof entry->chain.bytes,
				       &entry->signature))
			return;
		batch->seals[i - 1] = TILL_INBOX_FORGED;
	}
}

gboolean
till_push_api_read(TillCentral *central G_GNUC_UNUSED, TillRequest *request, TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);
	TillWirePush *push = till_messages_parse_push(text, size, &error);
	Batch *batch;

	if (push == NULL) {
		till_response_error(response, error);
		return FALSE;
	}
	batch = g_new0(Batch, 1);
	batch->push = push;
	pthread_mutex_init(&batch->lock, NULL);
	pthread_cond_init(&batch->more, NULL);
	request->message = batch;
	request->message_free = free_batch;
	if (!check_chain(batch, response))
		return FALSE;
	check_signatures(batch, &request->terminal.key);
	return TRUE;
}

static void
tell_read(Batch *batch, guint read)
{
	pthread_mutex_lock(&batch->lock);
	batch->read = read;
	pthread_cond_signal(&batch->more);
	pthread_mutex_unlock(&batch->lock);
}

void
till_push_api_meanwhile(TillCentral *central, TillRequest *request)
{
	Batch *batch = request->message;
	guint count = batch->push->entries->len;

	for (guint i = 0; i < count; i++) {
		if (batch->seals[i] == TILL_INBOX_GOOD)
			batch->sales[i] =
			    till_inbox_read(central, g_ptr_array_index(batch->push->entries, i));
		if ((i + 1) % READ_STRIDE == 0 || i + 1 == count)
			tell_read(batch, i + 1);
	}
}

static const TillSale *
wait_for_sale(Batch *batch, guint index)
{
	pthread_mutex_lock(&batch->lock);
	while (batch->read <= index)
		pthread_cond_wait(&batch->more, &batch->lock);
	pthread_mutex_unlock(&batch->lock);
	return batch->sales[index];
}

/* Notes what the till says of its queue, provided its session is the newest. FALSE without error:
 * it is not. */
static gboolean
enter_session(TillCentral *central, const TillTerminal *terminal, const TillWirePush *push,
	      GError **error)
{
	TillDbQuery *query = till_db_query(
	    central->db, "UPDATE terminal SET seen_ms = ?3, pending = ?4, oldest_s = ?5, "
			 "held = ?6, parked = ?7 WHERE number = ?1 AND session = ?2");

	till_db_bind_int(query, 1, terminal->number);
	till_db_bind_text(query, 2, push->session);
	till_db_bind_int(query, 3, till_central_now_ms(central));
	till_db_bind_int(query, 4, push->pending);
	till_db_bind_int(query, 5, push->oldest_s);
	till_db_bind_int(query, 6, push->held);
	till_db_bind_int(query, 7, push->parked);
	return till_db_run(query, error) && till_db_changes(central->db) > 0;
}

/* FALSE without error: no hello has introduced the incarnation. */
static gboolean
read_head(TillCentral *central, const TillTerminal *terminal, guint64 incarnation, Head *out,
	  GError **error)
{
	TillDbQuery *query = till_db_query(central->db, "SELECT seq, chain FROM incarnation "
							"WHERE terminal = ?1 AND incarnation = ?2");

	till_db_bind_int(query, 1, terminal->number);
	till_db_bind_int(query, 2, (gint64)incarnation);
	if (!till_db_step(query, error))
		return FALSE;
	out->seq = till_db_int(query, 0);
	till_db_copy_blob(query, 1, out->chain.bytes, sizeof out->chain.bytes);
	till_db_reset(query);
	return TRUE;
}

static gboolean
read_chain_seq(TillCentral *central, Head *head, GError **error)
{
	gint64 floor_unused;

	return till_changes_heads(central->db, TILL_CHANGES_CHAIN, &head->chain_seq, &floor_unused,
				  error);
}

static gboolean
write_head(TillCentral *central, const TillTerminal *terminal, guint64 incarnation,
	   const Head *head, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "UPDATE incarnation SET seq = ?3, chain = ?4 "
				       "WHERE terminal = ?1 AND incarnation = ?2");

	till_db_bind_int(query, 1, terminal->number);
	till_db_bind_int(query, 2, (gint64)incarnation);
	till_db_bind_int(query, 3, head->seq);
	till_db_bind_blob(query, 4, head->chain.bytes, sizeof head->chain.bytes);
	return till_db_run(query, error);
}

/* Our chain value at seq, 0 being the genesis. FALSE with or without error: there is no such row.
 */
static gboolean
read_chain(TillCentral *central, const TillTerminal *terminal, guint64 incarnation, gint64 seq,
	   TillHash *out, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "SELECT chain FROM envelope WHERE terminal = ?1 "
				       "AND incarnation = ?2 AND seq = ?3");

	if (seq == 0) {
		till_entry_genesis(incarnation, out);
		return TRUE;
	}
	till_db_bind_int(query, 1, terminal->number);
	till_db_bind_int(query, 2, (gint64)incarnation);
	till_db_bind_int(query, 3, seq);
	if (!till_db_step(query, error))
		return FALSE;
	till_db_copy_blob(query, 0, out->bytes, sizeof out->bytes);
	till_db_reset(query);
	return TRUE;
}

static gboolean
refuse_fork(TillResponse *response, gint64 last_common)
{
	till_response_problem_at(response, TILL_PROBLEM_FORK,
				 "The central holds other entries under these numbers. Say hello.",
				 "last_common", last_common);
	return FALSE;
}

/* May this batch be joined to what is here? FALSE: response says why not. */
static gboolean
check_place(TillCentral *central, const TillTerminal *terminal, const TillWirePush *push,
	    Head *out_head, TillResponse *response, GError **error)
{
	TillHash ours;

	if (!enter_session(central, terminal, push, error) ||
	    !read_head(central, terminal, push->incarnation, out_head, error)) {
		if (*error == NULL)
			till_response_problem(response, TILL_PROBLEM_SESSION,
					      "Another session of this till is newer. Say hello.");
		return FALSE;
	}
	if (push->base_seq > out_head->seq) {
		till_response_problem_at(response, TILL_PROBLEM_GAP,
					 "Entries before these have not arrived.", "expected",
					 out_head->seq + 1);
		return FALSE;
	}
	if (!read_chain(central, terminal, push->incarnation, push->base_seq, &ours, error))
		return FALSE;
	return till_crypto_hash_equal(&ours, &push->base_chain) || refuse_fork(response, 0);
}

/* One entry: known under its number, or new. NULL: response or error says why. */
static TillWireResult *
take_entry(TillInbox *inbox, Batch *batch, guint index, Head *head, TillResponse *response,
	   GError **error)
{
	const TillEntry *entry = g_ptr_array_index(batch->push->entries, index);
	TillWireResult *result;
	TillHash ours;

	if (entry->seq <= head->seq) {
		if (!read_chain(inbox->central, inbox->terminal, entry->incarnation, entry->seq,
				&ours, error))
			return NULL;
		if (!till_crypto_hash_equal(&ours, &entry->chain)) {
			refuse_fork(response, entry->seq - 1);
			return NULL;
		}
		return till_inbox_repeat(inbox, &entry->txn, entry->seq, error);
	}
	result =
	    till_inbox_take(inbox, entry, batch->seals[index], wait_for_sale(batch, index), error);
	if (result == NULL)
		return NULL;
	head->seq = entry->seq;
	head->chain = entry->chain;
	if (strcmp(result->outcome, "held") == 0)
		till_server_log("held", "till=%s seq=%" G_GINT64_FORMAT " reason=%s",
				inbox->terminal->till_number, entry->seq, result->reason);
	return result;
}

static gboolean
take_entries(TillInbox *inbox, Batch *batch, Head *head, GPtrArray *results, TillResponse *response,
	     GError **error)
{
	for (guint i = 0; i < batch->push->entries->len; i++) {
		TillWireResult *result = take_entry(inbox, batch, i, head, response, error);
		if (result == NULL)
			return FALSE;
		g_ptr_array_add(results, result);
	}
	return TRUE;
}

static void
answer_push(TillCentral *central, const TillTerminal *terminal, guint64 incarnation,
	    const Head *head, GPtrArray *results, TillResponse *response)
{
	g_autofree char *receipt = till_signature_receipt_make(
	    central->key, terminal->terminal_id, incarnation, head->seq, &head->chain);
	TillWirePushAnswer answer = {.server_id = central->server_id,
				     .server_incarnation = central->server_incarnation,
				     .server_time_ms = till_central_now_ms(central),
				     .head_seq = head->seq,
				     .head_chain = head->chain,
				     .results = results,
				     .receipt_signature = receipt,
				     .max_entries = TILL_WIRE_BATCH_ENTRIES,
				     .chain_seq = head->chain_seq};

	till_response_json(response, till_messages_write_push_answer(&answer));
}

gboolean
till_push_api_push(TillCentral *central, TillRequest *request, TillResponse *response)
{
	Batch *batch = request->message;
	const TillTerminal *terminal = &request->terminal;
	g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func(till_messages_free_result);
	g_autoptr(GError) error = NULL;
	TillInbox inbox = {.books = NULL};
	Head head;
	gboolean good;

	good = check_place(central, terminal, batch->push, &head, response, &error) &&
	       till_inbox_open(&inbox, central, terminal, request->careful, &error) &&
	       take_entries(&inbox, batch, &head, results, response, &error) &&
	       till_inbox_close(&inbox, &error) && read_chain_seq(central, &head, &error) &&
	       write_head(central, terminal, batch->push->incarnation, &head, &error);
	till_inbox_abandon(&inbox);
	if (!request->careful && g_error_matches(error, TILL_ERROR, TILL_ERROR_STATE)) {
		request->careful = TRUE;
		return FALSE;
	}
	if (error != NULL || (!good && response->status == 0)) {
		till_server_log("push-failed", "till=%s reason=\"%s\"", terminal->till_number,
				error != NULL ? error->message : "inconsistent books");
		till_response_problem(response, TILL_PROBLEM_BUSY,
				      "The central could not store this; send it again.");
		return FALSE;
	}
	if (good)
		answer_push(central, terminal, batch->push->incarnation, &head, results, response);
	return good;
}

gboolean
till_push_api_body(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const TillTerminal *terminal = &request->terminal;
	g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func(till_messages_free_result);
	g_autoptr(TillEntry) header = NULL;
	g_autoptr(GError) error = NULL;
	TillInbox inbox = {.books = NULL};
	TillWireResult *result = NULL;
	TillHash named;
	TillHash hash;
	Head head;

	till_crypto_hash(g_bytes_get_data(request->body, NULL), g_bytes_get_size(request->body),
			 &hash);
	if (!till_crypto_hash_parse(request->arguments[1], &named) ||
	    !till_crypto_hash_equal(&named, &hash)) {
		till_response_problem(
		    response, TILL_PROBLEM_INVALID,
		    "The address must name the BLAKE2b-256 hash of the bytes sent.");
		return FALSE;
	}
	if (till_inbox_open(&inbox, central, terminal, TRUE, &error))
		result = till_inbox_take_body(&inbox, &hash, request->body, &header, &error);
	if (result != NULL)
		g_ptr_array_add(results, result);
	if (result == NULL || !till_inbox_close(&inbox, &error) ||
	    !read_head(central, terminal, header->incarnation, &head, &error) ||
	    !read_chain_seq(central, &head, &error)) {
		till_inbox_abandon(&inbox);
		till_response_error(response, error);
		return FALSE;
	}
	answer_push(central, terminal, header->incarnation, &head, results, response);
	return TRUE;
}
