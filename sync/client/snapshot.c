/* SPDX-License-Identifier: Apache-2.0 */
#include "engine-private.h"

#include <glib/gstdio.h>
#include <string.h>

/* A whole new cache: downloaded beside the old one, which serves until the store swaps them. */

#define JITTER_MS (10 * 60 * 1000)

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

typedef struct {
	const char *path;
	TillHash hash;
} Swap;

static gboolean
swap_job(gpointer owner, gpointer data, GError **error)
{
	Swap *swap = data;

	return till_feed_swap(owner, swap->path, &swap->hash, error);
}

static void
snapshot_cb(const TillReply *reply, gpointer user)
{
	TillEngine *engine = user;
	TillPullLane *lane = &engine->pull;
	Swap swap = {.path = lane->download_path};

	if (reply->kind != TILL_REPLY_OK) {
		(void)g_unlink(lane->download_path);
		till_pull_failed(engine, reply);
		return;
	}
	till_link_succeeded(engine);
	if (!till_crypto_hash_parse(reply->hash, &swap.hash)) {
		(void)g_unlink(lane->download_path);
		till_link_note(engine, "The central sent a catalogue without saying its hash.");
		till_pull_failed(engine, NULL);
		return;
	}
	if (!till_engine_call(engine, swap_job, &swap)) {
		till_pull_failed(engine, NULL);
		return;
	}
	lane->wants_snapshot = FALSE;
	till_report_cache_changed(engine);
	till_pull_rest(engine);
	till_pull_soon(engine);
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
