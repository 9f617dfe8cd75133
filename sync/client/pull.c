/* SPDX-License-Identifier: Apache-2.0 */
#include "engine-private.h"

#include <string.h>

/* The pull lane: pages of each scope's feed after our cursor, applied one by one, until both say
 * "up to date". */

#define NOTE_EVERY_MS 300000           /* 5 min */
#define POLL_MS 20000                  /* 20 s */
#define POLL_SPREAD_MS 5000            /* 5 s */
#define POLL_WITH_LIVE_MS 60000        /* 1 min */
#define POLL_WITH_LIVE_SPREAD_MS 15000 /* 15 s */

static void fetch_page(TillEngine *engine);

void
till_pull_init(TillEngine *engine)
{
	TillPullLane *lane = &engine->pull;

	lane->scopes[0] = g_strconcat("store:", engine->identity->store_code, NULL);
	lane->scopes[1] = g_strdup("chain");
	lane->download_path =
	    g_build_filename(till_store_home(engine->store), "snapshot.part", NULL);
}

void
till_pull_clear(TillEngine *engine)
{
	g_free(engine->pull.scopes[0]);
	g_free(engine->pull.scopes[1]);
	g_free(engine->pull.download_path);
}

gint64
till_pull_due(const TillEngine *engine)
{
	const TillPullLane *lane = &engine->pull;

	if (engine->pull_state.state != TILL_PULL_REST || !engine->greeted ||
	    engine->main_backoff.failures > 0)
		return G_MAXINT64;
	gint64 due = lane->wants_snapshot ? lane->snapshot_due_mono_ms : lane->due_mono_ms;
	return MAX(due, engine->pull_backoff.due_mono_ms);
}

void
till_pull_soon(TillEngine *engine)
{
	engine->pull.due_mono_ms = 0;
}

void
till_pull_rest(TillEngine *engine)
{
	gboolean has_live = engine->live_state.state == TILL_LIVE_OPEN && engine->live.heard;
	gint64 middle = has_live ? POLL_WITH_LIVE_MS : POLL_MS;
	gint64 spread = has_live ? POLL_WITH_LIVE_SPREAD_MS : POLL_SPREAD_MS;

	till_state_machine_move(&engine->pull_state, TILL_PULL_REST);
	engine->pull.due_mono_ms =
	    till_engine_now(engine) +
	    till_backoff_between_ms(middle - spread, middle + spread, engine->random());
}

void
till_pull_failed(TillEngine *engine, const TillReply *reply)
{
	TillPullLane *lane = &engine->pull;

	if (reply != NULL) {
		till_link_note_failure(engine, reply);
		if (reply->kind == TILL_REPLY_PROBLEM)
			g_strlcpy(lane->trouble, reply->reason, sizeof lane->trouble);
	} else {
		g_strlcpy(lane->trouble, engine->last_failure, sizeof lane->trouble);
	}
	till_backoff_failed(&engine->pull_backoff, till_engine_now(engine),
			    reply != NULL ? reply->retry_after_s : -1);
	till_state_machine_move(&engine->pull_state, TILL_PULL_REST);
}

static void
fail_with_words(TillEngine *engine, const char *words)
{
	till_link_note(engine, words);
	till_pull_failed(engine, NULL);
}

static gboolean
note_job(gpointer owner, gpointer data, GError **error)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, *(gint64 *)data);

	return till_outbox_note_set(owner, TILL_NOTE_UP_TO_DATE, text, error);
}

/* Every scope has been followed to its end. */
static void
finish_round(TillEngine *engine)
{
	TillPullLane *lane = &engine->pull;
	gint64 now_ms = till_clock_wall_ms(engine->clock);
	/* The note is for the next start: minutes are exact enough, and each one costs a disk sync.
	 */
	gboolean note = now_ms - lane->noted_up_to_date_ms > NOTE_EVERY_MS;

	lane->up_to_date_mono_ms = till_engine_now(engine);
	lane->up_to_date_wall_ms = now_ms;
	lane->trouble[0] = '\0';
	lane->alarm = FALSE;
	lane->gone_epoch[0] = '\0';
	till_backoff_succeeded(&engine->pull_backoff);
	till_pull_rest(engine);
	if (note && till_engine_call(engine, note_job, &now_ms))
		lane->noted_up_to_date_ms = now_ms;
}

typedef struct {
	const char *scope;
	const TillWireFeedPage *page;
	GPtrArray *rows;    /* of TillFeedRow, owned */
	gboolean is_broken; /* out: it does not continue our cursor */
} Apply;

static gboolean
apply_job(gpointer owner, gpointer data, GError **error)
{
	Apply *apply = data;
	g_autoptr(GError) problem = NULL;

	if (till_feed_apply(owner, apply->scope, apply->page->epoch, apply->rows, apply->page->next,
			    &problem))
		return TRUE;
	apply->is_broken = g_error_matches(problem, TILL_ERROR, TILL_ERROR_STATE);
	if (!apply->is_broken)
		g_propagate_error(error, g_steal_pointer(&problem));
	return apply->is_broken;
}

static GPtrArray *
take_rows(TillWireFeedPage *page)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(till_feed_row_free);

	for (guint i = 0; i < page->rows->len; i++) {
		TillWireFeedRow *from = g_ptr_array_index(page->rows, i);
		TillFeedRow *row = g_new0(TillFeedRow, 1);
		row->seq = from->seq;
		row->collection = g_steal_pointer(&from->collection);
		row->key = g_steal_pointer(&from->key);
		row->value = g_steal_pointer(&from->value);
		g_ptr_array_add(rows, row);
	}
	return rows;
}

static void
go_on(TillEngine *engine, const TillWireFeedPage *page)
{
	TillPullLane *lane = &engine->pull;

	if (page->up_to_date && ++lane->scope == G_N_ELEMENTS(lane->scopes)) {
		finish_round(engine);
		return;
	}
	fetch_page(engine);
}

static void
take_page(TillEngine *engine, TillWireFeedPage *page)
{
	TillPullLane *lane = &engine->pull;
	TillFeedCursor *cursor = &lane->cursors[lane->scope];

	if (strcmp(page->scope, lane->scopes[lane->scope]) != 0 || page->next < cursor->seq ||
	    (page->rows->len == 0 && page->next != cursor->seq)) {
		fail_with_words(engine, "The central answered with another part of the feed than "
					"was asked for.");
		return;
	}
	if (page->rows->len == 0 && !page->up_to_date) {
		fail_with_words(engine, "The central says there is more in the feed but sends "
					"nothing.");
		return;
	}
	g_autoptr(GPtrArray) rows = take_rows(page);
	Apply apply = {.scope = page->scope, .page = page, .rows = rows};
	if (rows->len > 0) {
		if (!till_engine_call(engine, apply_job, &apply)) {
			till_pull_failed(engine, NULL);
			return;
		}
		if (apply.is_broken) {
			till_snapshot_want(engine, cursor->epoch, FALSE);
			till_pull_rest(engine);
			return;
		}
		till_report_cache_changed(engine);
	}
	cursor->seq = page->next;
	go_on(engine, page);
}

static void
page_cb(const TillReply *reply, gpointer user)
{
	TillEngine *engine = user;
	g_autoptr(GError) error = NULL;

	if (reply->kind == TILL_REPLY_PROBLEM && reply->problem.kind == TILL_PROBLEM_GONE) {
		till_link_succeeded(engine);
		till_snapshot_want(engine, engine->pull.cursors[engine->pull.scope].epoch, FALSE);
		till_pull_rest(engine);
		return;
	}
	if (reply->kind != TILL_REPLY_OK) {
		till_pull_failed(engine, reply);
		return;
	}
	g_autoptr(TillWireFeedPage) page = till_messages_read_feed_page(reply->json, &error);
	if (page == NULL) {
		fail_with_words(engine, error->message);
		return;
	}
	till_link_succeeded(engine);
	take_page(engine, page);
}

typedef struct {
	const char *scope;
	TillFeedCursor *cursor;
} Look;

static gboolean
cursor_job(gpointer owner, gpointer data, GError **error)
{
	Look *look = data;

	return till_feed_cursor(owner, look->scope, look->cursor, error);
}

static void
fetch_page(TillEngine *engine)
{
	TillPullLane *lane = &engine->pull;
	TillFeedCursor *cursor = &lane->cursors[lane->scope];
	Look look = {lane->scopes[lane->scope], cursor};

	if (!till_engine_call(engine, cursor_job, &look)) {
		till_pull_failed(engine, NULL);
		return;
	}
	if (cursor->epoch[0] == '\0') {
		till_snapshot_want(engine, "", TRUE);
		till_snapshot_start(engine);
		return;
	}
	g_autofree char *target =
	    g_strdup_printf("/v1/feed?scope=%s&cursor=%s.%" G_GINT64_FORMAT,
			    lane->scopes[lane->scope], cursor->epoch, cursor->seq);
	TillExchangeAsk ask = {.method = "GET", .target = target, .done = page_cb, .user = engine};
	till_state_machine_move(&engine->pull_state, TILL_PULL_FEED);
	(void)till_exchange_start(&engine->exchange, &ask);
}

void
till_pull_start(TillEngine *engine)
{
	if (engine->pull.wants_snapshot) {
		till_snapshot_start(engine);
		return;
	}
	engine->pull.scope = 0;
	fetch_page(engine);
}
