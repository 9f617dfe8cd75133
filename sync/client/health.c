/* SPDX-License-Identifier: Apache-2.0 */
#include "health.h"

const char *
till_health_state_name(TillHealthState state)
{
	static const char *const names[] = {
	    [TILL_HEALTH_STARTING] = "starting",   [TILL_HEALTH_ONLINE] = "online",
	    [TILL_HEALTH_SENDING] = "sending",     [TILL_HEALTH_OFFLINE] = "offline",
	    [TILL_HEALTH_ATTENTION] = "attention", [TILL_HEALTH_STALE] = "stale",
	};

	return names[state];
}

static char *
waiting_words(const TillHealth *health)
{
	if (health->pending == 0)
		return g_strdup("nothing waiting");
	if (health->sales_pending == 1)
		return g_strdup("1 sale waiting");
	if (health->sales_pending > 1)
		return g_strdup_printf("%" G_GINT64_FORMAT " sales waiting", health->sales_pending);
	if (health->pending == 1)
		return g_strdup("1 entry waiting");
	return g_strdup_printf("%" G_GINT64_FORMAT " entries waiting", health->pending);
}

static char *
duration_words(gint64 seconds)
{
	if (seconds < 90)
		return g_strdup_printf("%" G_GINT64_FORMAT " s", seconds);
	if (seconds < 5400)
		return g_strdup_printf("%" G_GINT64_FORMAT " min", seconds / 60);
	return g_strdup_printf("%" G_GINT64_FORMAT " h", seconds / 3600);
}

static char *
offline_words(const TillHealth *health, gint64 now_mono_ms)
{
	g_autofree char *waiting = waiting_words(health);

	if (health->retry_at_mono_ms == 0)
		return g_strdup_printf("Offline · %s", waiting);
	if (health->retry_at_mono_ms <= now_mono_ms)
		return g_strdup_printf("Offline · %s · trying now", waiting);
	/* Rounded up: "in 0 s" would be no wait at all. */
	gint64 seconds = (health->retry_at_mono_ms - now_mono_ms + 999) / 1000;
	g_autofree char *wait = duration_words(seconds);
	return g_strdup_printf("Offline · %s · retry in %s", waiting, wait);
}

static char *
attention_words(const TillHealth *health)
{
	gint64 open = health->held + health->parked;

	if (health->blocked)
		return g_strdup("Attention · this till may be a copy");
	if (!health->online)
		return g_strdup("Attention · the central refuses this till");
	if (open > 0)
		return g_strdup_printf("Attention · %" G_GINT64_FORMAT " for a person to look at",
				       open);
	return g_strdup("Attention · see the sync page");
}

char *
till_health_words(const TillHealth *health, gint64 now_mono_ms)
{
	g_autofree char *age = NULL;

	switch (health->state) {
	case TILL_HEALTH_STARTING:
		return g_strdup("Connecting…");
	case TILL_HEALTH_ONLINE:
		return g_strdup("Online · all sent");
	case TILL_HEALTH_SENDING:
		return g_strdup_printf("Sending %" G_GINT64_FORMAT, health->pending);
	case TILL_HEALTH_OFFLINE:
		return offline_words(health, now_mono_ms);
	case TILL_HEALTH_ATTENTION:
		return attention_words(health);
	case TILL_HEALTH_STALE:
		if (health->cursor_age_s < 0)
			return g_strdup("Stale · no prices yet");
		age = duration_words(health->cursor_age_s);
		return g_strdup_printf("Stale · no news for %s", age);
	default:
		g_assert_not_reached();
	}
}
