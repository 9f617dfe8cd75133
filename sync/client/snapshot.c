/* SPDX-License-Identifier: Apache-2.0 */
#include "engine-private.h"

#include <glib/gstdio.h>
#include <string.h>

/* A whole new cache: downloaded beside the old one, which serves until the store swaps them. */

#define JITTER_MS 600000 /* 10 min */

void
till_snapshot_want(TillEngine *engine, const char *epoch, gboolean at_once)
{
	TillPullLane *lane = &engine->pull;
	gint64 now_ms = till_engine_now(engine);

	lane->wants_snapshot = TRUE;
	/* A fleet whose cursors all became too old must not come at the same moment. One till run
	 * by hand may. */
	if (at_once || !engine->use_live)
		lane->snapshot_due_mono_ms = now_ms;
	else
		lane->snapshot_due_mono_ms =
		    now_ms + till_backoff_between_ms(0, JITTER_MS, engine->random());
	if (epoch[0] != '\0' && strcmp(epoch, lane->gone_epoch) == 0) {
		lane->alarm = TRUE;
		g_strlcpy(lane->trouble,
			  "The central keeps asking for a whole new catalogue. Prices may be old; "
			  "tell support.",
			  sizeof lane->trouble);
		till_backoff_failed(&engine->pull_backoff, now_ms, -1);
	}
	g_strlcpy(lane->gone_epoch, epoch, sizeof lane->gone_epoch);
}

/* The download is looked through (its hash, every page) on a thread of its own: seconds for a large
 * catalogue, in which neither the store nor a sale on its way to the central may wait. */
static gboolean
check_job(gpointer owner, gpointer data, GError **error)
{
	TillEngine *engine = owner;
	g_autoptr(GError) problem = NULL;

	(void)data;
	(void)error;
	gboolean ok =
	    till_feed_check(engine->pull.download_path, &engine->pull.download_hash, &problem);
	pthread_mutex_lock(&engine->lock);
	g_strlcpy(engine->check_fault, ok ? "" : problem->message, sizeof engine->check_fault);
	pthread_mutex_unlock(&engine->lock);
	till_engine_wake_for(engine, TILL_WAKE_CHECKED);
	return TRUE;
}

static gboolean
take_job(gpointer owner, gpointer data, GError **error)
{
	return till_feed_take(owner, data, error);
}

static void
fail_with_words(TillEngine *engine, const char *words)
{
	(void)g_unlink(engine->pull.download_path);
	till_link_note(engine, words);
	till_pull_failed(engine, NULL);
}

void
till_snapshot_checked(TillEngine *engine)
{
	TillPullLane *lane = &engine->pull;
	char fault[sizeof engine->check_fault];

	pthread_mutex_lock(&engine->lock);
	memcpy(fault, engine->check_fault, sizeof fault);
	pthread_mutex_unlock(&engine->lock);
	if (fault[0] != '\0') {
		fail_with_words(engine, fault);
		return;
	}
	if (!till_engine_call(engine, take_job, lane->download_path)) {
		till_pull_failed(engine, NULL);
		return;
	}
	lane->wants_snapshot = FALSE;
	till_report_cache_changed(engine);
	till_pull_rest(engine);
	till_pull_soon(engine);
}

static void
snapshot_cb(const TillReply *reply, gpointer user)
{
	TillEngine *engine = user;
	TillPullLane *lane = &engine->pull;

	if (reply->kind != TILL_REPLY_OK) {
		(void)g_unlink(lane->download_path);
		till_pull_failed(engine, reply);
		return;
	}
	till_link_succeeded(engine);
	if (!till_crypto_hash_parse(reply->hash, &lane->download_hash)) {
		fail_with_words(engine, "The central sent a catalogue without saying its hash.");
		return;
	}
	if (engine->checker == NULL)
		engine->checker = till_worker_new("till-check", engine, NULL);
	till_worker_post(engine->checker, check_job, NULL, NULL, NULL, NULL, NULL);
}

void
till_snapshot_start(TillEngine *engine)
{
	g_autofree char *target = g_strconcat("/v1/snapshot?scope=", engine->pull.scopes[0], NULL);
	TillExchangeAsk ask = {.method = "GET",
			       .target = target,
			       .download_path = engine->pull.download_path,
			       .done = snapshot_cb,
			       .user = engine};

	till_state_machine_move(&engine->pull_state, TILL_PULL_SNAPSHOT);
	(void)till_exchange_start(&engine->exchange, &ask);
}
