/* SPDX-License-Identifier: Apache-2.0 */
#include "engine-private.h"

/* What follows a hello that found the journals apart.
 *
 * ROLLBACK: this ledger lost rows that the central has (a restored backup). A new incarnation
 * first, so that no sale made meanwhile takes a number that was used; then the lost rows come back
 * from the central. FORK: both went on separately (a clone, or restored and then sold). A new
 * incarnation; our rows after the last common one get new envelopes in it, with the same
 * transaction ids, so nothing is counted twice. Afterwards hello again, which must find nothing
 * left; three rounds in a row that do not are a failure. */

#define ROUNDS_MAX 3

typedef struct {
	guint64 incarnation;
	gint64 last_common; /* −1: only the incarnation */
	const char *words;
	gint64 seq;        /* out: our newest row of incarnation, 0 when we have none */
	gint64 rows_added; /* out */
	gboolean left;     /* out: a new incarnation was begun */
} Mend;

/* Of the current incarnation. */
static gboolean
current_seq(TillStore *store, gint64 *out_seq, GError **error)
{
	g_autoptr(GArray) heads = till_outbox_heads(store, error);

	if (heads == NULL)
		return FALSE;
	*out_seq = heads->len > 0 ? g_array_index(heads, TillOutboxHead, heads->len - 1).seq : 0;
	return TRUE;
}

static gboolean
leave_incarnation(TillStore *store, Mend *mend, GError **error)
{
	g_autoptr(GArray) heads = till_outbox_heads(store, error);
	guint64 fresh;

	if (heads == NULL)
		return FALSE;
	for (guint i = 0; i < heads->len; i++) {
		const TillOutboxHead *head = &g_array_index(heads, TillOutboxHead, i);
		if (head->incarnation != mend->incarnation)
			continue;
		mend->seq = head->seq;
		mend->left = head->current;
		if (head->current &&
		    !till_outbox_new_incarnation(store, mend->words, &fresh, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
leave_job(gpointer owner, gpointer data, GError **error)
{
	TillStore *store = owner;
	Mend *mend = data;
	gint64 before = 0;
	gint64 after = 0;

	if (!leave_incarnation(store, mend, error))
		return FALSE;
	if (mend->last_common < 0)
		return TRUE;
	if (!current_seq(store, &before, error) ||
	    !till_outbox_reenvelope(store, mend->incarnation, mend->last_common, error) ||
	    !current_seq(store, &after, error))
		return FALSE;
	mend->rows_added = after - before;
	return TRUE;
}

static gboolean
restore_job(gpointer owner, gpointer data, GError **error)
{
	return till_outbox_restore(owner, data, error);
}

typedef struct {
	TillEngine *engine;
	guint64 incarnation;
	gint64 until_seq;
} Fetch;

static void fetch_rows(TillEngine *engine, guint64 incarnation, gint64 after_seq, gint64 until_seq);

static void
finish_one(TillEngine *engine)
{
	g_array_remove_index(engine->mends, 0);
	till_mend_next(engine);
}

static void
rows_cb(const TillReply *reply, gpointer user)
{
	const Fetch *fetch = user;
	TillEngine *engine = fetch->engine;
	g_autoptr(GError) error = NULL;

	if (reply->kind != TILL_REPLY_OK) {
		till_link_main_failed(engine, reply);
		return;
	}
	g_autoptr(GPtrArray) entries = till_messages_read_journal(reply->json, &error);
	if (entries == NULL) {
		till_link_accuse(engine, error->message);
		return;
	}
	if (entries->len == 0) {
		finish_one(engine);
		return;
	}
	if (!till_engine_call(engine, restore_job, entries)) {
		till_link_main_failed(engine, NULL);
		return;
	}
	const TillEntry *last = g_ptr_array_index(entries, entries->len - 1);
	if (last->seq >= fetch->until_seq)
		finish_one(engine);
	else
		fetch_rows(engine, fetch->incarnation, last->seq, fetch->until_seq);
}

static void
fetch_rows(TillEngine *engine, guint64 incarnation, gint64 after_seq, gint64 until_seq)
{
	char letters[14];
	Fetch *fetch = g_new0(Fetch, 1);
	g_autofree char *target =
	    g_strdup_printf("/v1/t/%s/journal?incarnation=%s&after=%" G_GINT64_FORMAT,
			    engine->identity->terminal_id,
			    till_id_incarnation_format(incarnation, letters), after_seq);
	TillExchangeAsk ask = {
	    .method = "GET", .target = target, .done = rows_cb, .user = fetch, .user_free = g_free};

	fetch->engine = engine;
	fetch->incarnation = incarnation;
	fetch->until_seq = until_seq;
	(void)till_exchange_start(&engine->exchange, &ask);
}

static void
mend_head(TillEngine *engine, const TillWireHeadAnswer *head)
{
	gboolean is_fork = head->verdict == TILL_WIRE_HEAD_FORK;
	Mend mend = {.incarnation = head->incarnation,
		     .last_common = is_fork ? head->last_common : -1,
		     .words = is_fork ? "journals went apart" : "restored backup"};

	if (!till_engine_call(engine, leave_job, &mend)) {
		till_link_main_failed(engine, NULL);
		return;
	}
	/* The central names a fork as long as both branches exist: only what changed here needs
	 * another hello. */
	engine->mend_changed |= !is_fork || mend.left || mend.rows_added > 0;
	if (is_fork)
		finish_one(engine);
	else
		fetch_rows(engine, head->incarnation, mend.seq, head->server_seq);
}

void
till_mend_next(TillEngine *engine)
{
	if (engine->mends->len > 0) {
		TillWireHeadAnswer head = g_array_index(engine->mends, TillWireHeadAnswer, 0);
		mend_head(engine, &head);
		return;
	}
	engine->counts_stale = TRUE;
	if (!engine->mend_changed) {
		till_hello_finish(engine);
		return;
	}
	engine->mend_changed = FALSE;
	if (++engine->mends_in_row >= ROUNDS_MAX) {
		engine->mends_in_row = 0;
		till_link_accuse(engine, "The central finds this till's journal apart from its "
					 "own again and again. Tell support.");
		return;
	}
	till_state_machine_move(&engine->main_state, TILL_MAIN_ASLEEP);
	till_backoff_clear_wait(&engine->main_backoff);
}
