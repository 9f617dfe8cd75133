/* SPDX-License-Identifier: Apache-2.0 */
#include "engine-private.h"

#include <string.h>

/* What the engine knows, as the value a screen shows; handed over by one source on the observer's
 * context, so that a hundred changes a second become as many calls as that context has time for. */

#define STALE_AFTER_S 300

typedef struct {
	GSource source;
	TillEngine *engine; /* borrowed: destroys the source before it goes */
} Outlet;

static gboolean
dispatch_cb(GSource *source, GSourceFunc callback, gpointer user)
{
	TillEngine *engine = ((Outlet *)source)->engine;
	const TillEngineObserver *observer = &engine->observer;
	TillHealth health;

	(void)callback;
	(void)user;
	pthread_mutex_lock(&engine->lock);
	g_source_set_ready_time(source, -1);
	health = engine->health;
	gboolean tell_health = engine->health_changed;
	gboolean tell_cache = engine->cache_changed;
	engine->health_changed = FALSE;
	engine->cache_changed = FALSE;
	pthread_mutex_unlock(&engine->lock);
	/* The observer may free the engine: nothing of it is touched after the last call. */
	void (*cache_changed)(gpointer) = tell_cache ? observer->cache_changed : NULL;
	TillEngineChanged changed = tell_health ? observer->changed : NULL;
	gpointer observer_user = observer->user;
	if (cache_changed != NULL)
		cache_changed(observer_user);
	if (changed != NULL && !g_source_is_destroyed(source))
		changed(&health, observer_user);
	return G_SOURCE_CONTINUE;
}

GSource *
till_report_outlet_new(TillEngine *engine, GMainContext *context)
{
	static GSourceFuncs outlet_funcs = {.dispatch = dispatch_cb};
	GSource *source = g_source_new(&outlet_funcs, sizeof(Outlet));

	((Outlet *)source)->engine = engine;
	g_source_set_static_name(source, "till-engine");
	g_source_attach(source, context);
	return source;
}

/* For a person: why not all is well, the worst first. */
static const char *
reason_for(const TillEngine *engine)
{
	if (engine->refusal[0] != '\0')
		return engine->refusal;
	if (engine->tried && !engine->online)
		return engine->offline_reason;
	if (engine->blocked && engine->notice[0] != '\0')
		return engine->notice;
	if (engine->blocked)
		return "The central takes this till for a copy of another. Sales go on; refunds "
		       "wait until it is enrolled again.";
	if (engine->counts.parked > 0)
		return "An entry could not be sent and was set aside. It is offered again by "
		       "itself; tell support.";
	if (engine->counts.held > 0)
		return "The central keeps entries back for a person to look at.";
	if (engine->pull.trouble[0] != '\0')
		return engine->pull.trouble;
	return engine->notice;
}

static gint64
cursor_age_s(const TillEngine *engine)
{
	if (engine->pull.up_to_date_mono_ms != 0)
		return (till_engine_now(engine) - engine->pull.up_to_date_mono_ms) / 1000;
	if (engine->pull.up_to_date_wall_ms != 0)
		return MAX(0, till_clock_wall_ms(engine->clock) - engine->pull.up_to_date_wall_ms) /
		       1000;
	return -1;
}

static TillHealthState
state_for(const TillEngine *engine, const TillHealth *health)
{
	if (engine->refusal[0] != '\0')
		return TILL_HEALTH_ATTENTION;
	if (!engine->tried)
		return TILL_HEALTH_STARTING;
	if (!engine->online)
		return TILL_HEALTH_OFFLINE;
	if (engine->blocked || health->held > 0 || health->parked > 0 || engine->pull.alarm)
		return TILL_HEALTH_ATTENTION;
	if (health->pending > 0)
		return TILL_HEALTH_SENDING;
	if (engine->pull.trouble[0] != '\0' || health->cursor_age_s > STALE_AFTER_S)
		return TILL_HEALTH_STALE;
	return TILL_HEALTH_ONLINE;
}

static gint64
retry_at(const TillEngine *engine)
{
	if (engine->main_backoff.failures > 0 && engine->main_state.state == TILL_MAIN_ASLEEP)
		return engine->main_backoff.due_mono_ms;
	if (engine->pull_backoff.failures > 0 && engine->pull_state.state == TILL_PULL_REST)
		return engine->pull_backoff.due_mono_ms;
	return 0;
}

static void
compute(const TillEngine *engine, TillHealth *out)
{
	gint64 wall_ms = till_clock_wall_ms(engine->clock);
	const TillFeedCursor *cursor = &engine->pull.cursors[0];

	memset(out, 0, sizeof *out);
	out->online = engine->tried && engine->online && engine->refusal[0] == '\0';
	g_strlcpy(out->reason, reason_for(engine), sizeof out->reason);
	out->pending = engine->counts.pending;
	out->sales_pending = engine->counts.sales_pending;
	out->held = engine->counts.held;
	out->parked = engine->counts.parked;
	if (engine->counts.oldest_pending_wall_ms != 0)
		out->oldest_pending_s =
		    MAX(0, wall_ms - engine->counts.oldest_pending_wall_ms) / 1000;
	out->last_success_ms = engine->last_success_wall_ms;
	out->retry_at_mono_ms = retry_at(engine);
	out->cursor_age_s = cursor_age_s(engine);
	if (cursor->epoch[0] != '\0')
		(void)g_snprintf(out->cursor, sizeof out->cursor, "%s.%" G_GINT64_FORMAT,
				 cursor->epoch, cursor->seq);
	out->clock_skew_ms = engine->uncertainty_ms >= 0 ? engine->exchange.offset_ms : 0;
	out->blocked = engine->blocked;
	out->snapshot_loading = engine->pull_state.state == TILL_PULL_SNAPSHOT;
	out->state = state_for(engine, out);
}

void
till_report_publish(TillEngine *engine)
{
	TillHealth health;

	compute(engine, &health);
	pthread_mutex_lock(&engine->lock);
	if (memcmp(&engine->health, &health, sizeof health) != 0) {
		engine->health = health;
		engine->health_changed = TRUE;
		if (engine->outlet != NULL)
			g_source_set_ready_time(engine->outlet, 0);
	}
	pthread_mutex_unlock(&engine->lock);
}

void
till_report_cache_changed(TillEngine *engine)
{
	pthread_mutex_lock(&engine->lock);
	engine->cache_changed = TRUE;
	if (engine->outlet != NULL)
		g_source_set_ready_time(engine->outlet, 0);
	pthread_mutex_unlock(&engine->lock);
}
