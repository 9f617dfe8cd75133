/* SPDX-License-Identifier: Apache-2.0 */
#include "engine-private.h"

#include <string.h>

#include "json.h"

/* The stream of events: hints only. A hint makes the pull lane go now; the data come from there.
 * When the stream ends the pull lane goes too, as a probe: a central that stopped is noticed within
 * one request. */

#define SILENCE_MS 45000 /* 45 s */
#define LINE_MAX_BYTES 4096
#define REOPEN_MIN_MS 250
#define REOPEN_MAX_MS 2000

static void
take_line(TillEngine *engine, const char *line, gsize size)
{
	char scope[64];
	gint64 head;

	engine->live.heard = TRUE;
	if (size < 5 || strncmp(line, "data:", 5) != 0)
		return;
	g_autoptr(json_t) json = till_json_parse(line + 5, size - 5, LINE_MAX_BYTES, "event", NULL);
	if (json == NULL || !till_messages_read_hint(json, scope, &head))
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(engine->pull.scopes); i++) {
		if (strcmp(scope, engine->pull.scopes[i]) == 0 &&
		    head > engine->pull.cursors[i].seq)
			engine->live.hinted = TRUE;
	}
}

static void
data_cb(const char *bytes, gsize size, gpointer user)
{
	TillEngine *engine = user;
	GString *line = engine->live.line;

	for (gsize i = 0; i < size; i++) {
		if (bytes[i] == '\n' || bytes[i] == '\r') {
			take_line(engine, line->str, line->len);
			g_string_truncate(line, 0);
		} else if (line->len < LINE_MAX_BYTES) {
			g_string_append_c(line, bytes[i]);
		}
	}
}

static void
ended_cb(const TillHttpAnswer *answer, gpointer user)
{
	TillEngine *engine = user;
	gint64 now_ms = till_engine_now(engine);
	gboolean ours = strcmp(answer->server, engine->identity->server_id) == 0;

	engine->live.request = NULL;
	till_state_machine_move(&engine->live_state, TILL_LIVE_CLOSED);
	if (!engine->live.heard || !ours) {
		till_backoff_failed(&engine->live_backoff, now_ms, answer->retry_after_s);
		return;
	}
	till_backoff_succeeded(&engine->live_backoff);
	engine->live_backoff.due_mono_ms =
	    now_ms + till_backoff_between_ms(REOPEN_MIN_MS, REOPEN_MAX_MS, engine->random());
	till_pull_soon(engine);
}

void
till_live_start(TillEngine *engine)
{
	g_autofree char *target = g_strdup_printf("/v1/events?scope=%s,%s", engine->pull.scopes[1],
						  engine->pull.scopes[0]);

	engine->live.heard = FALSE;
	g_string_truncate(engine->live.line, 0);
	till_state_machine_move(&engine->live_state, TILL_LIVE_OPEN);
	engine->live.request =
	    till_exchange_listen(&engine->exchange, target, SILENCE_MS, data_cb, ended_cb, engine);
}

void
till_live_heed(TillEngine *engine)
{
	if (!engine->live.hinted)
		return;
	engine->live.hinted = FALSE;
	till_pull_soon(engine);
}
