/* SPDX-License-Identifier: Apache-2.0 */
#include "engine-private.h"

/* The truth about the link, and what a success or a failure means for the lanes. */

#define NOTE_SUCCESS_EVERY_MS 60000 /* 1 min */
#define NOTE_OFFSET_CHANGE_MS 200

void
till_link_note(TillEngine *engine, const char *words)
{
	g_strlcpy(engine->last_failure, words, sizeof engine->last_failure);
	engine->failure_count++;
}

static gboolean
note_int_job(gpointer owner, gpointer data, GError **error)
{
	const struct {
		const char *name;
		gint64 value;
	} *note = data;
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, note->value);

	return till_outbox_note_set(owner, note->name, text, error);
}

static gboolean
set_note(TillEngine *engine, const char *name, gint64 value)
{
	struct {
		const char *name;
		gint64 value;
	} note = {name, value};

	return till_engine_call(engine, note_int_job, &note);
}

void
till_link_succeeded(TillEngine *engine)
{
	gboolean was_offline = engine->tried && !engine->online;

	engine->tried = TRUE;
	engine->online = TRUE;
	engine->unauthorised_in_row = 0;
	engine->offline_reason[0] = '\0';
	if (!engine->accused)
		engine->refusal[0] = '\0';
	engine->last_success_wall_ms = till_clock_wall_ms(engine->clock);
	if (was_offline)
		till_pull_soon(engine);
	/* For the next start only: a minute is exact enough, and each note costs a disk sync. */
	if (ABS(engine->last_success_wall_ms - engine->noted_success_wall_ms) >
		NOTE_SUCCESS_EVERY_MS &&
	    set_note(engine, TILL_NOTE_LAST_SUCCESS, engine->last_success_wall_ms))
		engine->noted_success_wall_ms = engine->last_success_wall_ms;
}

static void
set_offline(TillEngine *engine, const char *words)
{
	engine->tried = TRUE;
	engine->online = FALSE;
	g_strlcpy(engine->offline_reason, words, sizeof engine->offline_reason);
}

void
till_link_note_failure(TillEngine *engine, const TillReply *reply)
{
	till_link_note(engine, reply->reason);
	if (reply->kind == TILL_REPLY_OFFLINE) {
		set_offline(engine, reply->reason);
		return;
	}
	switch (reply->problem.kind) {
	case TILL_PROBLEM_UNAUTHORISED:
		set_offline(engine, reply->reason);
		/* Once may be a request that arrived twice on the way: its second copy is refused.
		 */
		if (++engine->unauthorised_in_row > 1)
			g_strlcpy(engine->refusal, reply->reason, sizeof engine->refusal);
		return;
	case TILL_PROBLEM_FORBIDDEN:
		set_offline(engine, reply->reason);
		g_strlcpy(engine->refusal, reply->reason, sizeof engine->refusal);
		return;
	case TILL_PROBLEM_TOO_MANY:
	case TILL_PROBLEM_INTERNAL:
	case TILL_PROBLEM_BUSY:
		set_offline(engine, reply->reason);
		return;
	case TILL_PROBLEM_INVALID:
	case TILL_PROBLEM_NOT_FOUND:
	case TILL_PROBLEM_METHOD:
	case TILL_PROBLEM_GAP:
	case TILL_PROBLEM_ROLLBACK:
	case TILL_PROBLEM_FORK:
	case TILL_PROBLEM_SESSION:
	case TILL_PROBLEM_VERSION:
	case TILL_PROBLEM_GONE:
	case TILL_PROBLEM_TOO_LARGE:
	case TILL_PROBLEM_STATE:
	case TILL_PROBLEM_STOCK:
	case TILL_PROBLEM_PRECONDITION:
	case TILL_PROBLEM_KEY_REUSED:
		engine->tried = TRUE;
		engine->online = TRUE;
		return;
	default:
		g_assert_not_reached();
	}
}

static void
sleep_main(TillEngine *engine, gint64 retry_after_s)
{
	till_push_cancel(engine);
	till_backoff_failed(&engine->main_backoff, till_engine_now(engine), retry_after_s);
	till_state_machine_move(&engine->main_state, TILL_MAIN_ASLEEP);
}

void
till_link_accuse(TillEngine *engine, const char *words)
{
	till_link_note(engine, words);
	engine->tried = TRUE;
	engine->accused = TRUE;
	g_strlcpy(engine->refusal, words, sizeof engine->refusal);
	till_link_forget_session(engine);
	sleep_main(engine, -1);
}

void
till_link_main_failed(TillEngine *engine, const TillReply *reply)
{
	if (reply != NULL)
		till_link_note_failure(engine, reply);
	else
		set_offline(engine, engine->last_failure);
	sleep_main(engine, reply != NULL ? reply->retry_after_s : -1);
}

void
till_link_forget_session(TillEngine *engine)
{
	engine->greeted = FALSE;
	till_push_drop_prepared(engine);
}

void
till_link_learn_time(TillEngine *engine, gint64 server_time_ms, gint64 rtt_ms)
{
	gint64 half_ms = MAX(rtt_ms, 0) / 2;
	gint64 offset_ms = server_time_ms + half_ms - till_clock_wall_ms(engine->clock);

	/* A quick answer tells the time better than a slow one; a changed clock shows in both. */
	if (engine->uncertainty_ms >= 0 && half_ms > engine->uncertainty_ms &&
	    ABS(offset_ms - engine->exchange.offset_ms) <= half_ms)
		return;
	engine->exchange.offset_ms = offset_ms;
	engine->uncertainty_ms = half_ms;
	if (engine->offset_noted &&
	    ABS(offset_ms - engine->noted_offset_ms) < NOTE_OFFSET_CHANGE_MS)
		return;
	if (set_note(engine, TILL_NOTE_OFFSET, offset_ms) &&
	    set_note(engine, TILL_NOTE_UNCERTAINTY, half_ms)) {
		engine->noted_offset_ms = offset_ms;
		engine->offset_noted = TRUE;
	}
}
