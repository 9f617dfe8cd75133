/* SPDX-License-Identifier: Apache-2.0 */
#include "health.h"

typedef struct {
	TillHealth health;
	const char *words;
} Case;

#define NOW_MS 100000

static const Case cases[] = {
    {{.state = TILL_HEALTH_STARTING}, "Connecting…"},
    {{.state = TILL_HEALTH_ONLINE, .online = TRUE}, "Online · all sent"},
    {{.state = TILL_HEALTH_SENDING, .online = TRUE, .pending = 4}, "Sending 4"},
    {{.state = TILL_HEALTH_OFFLINE}, "Offline · nothing waiting"},
    {{.state = TILL_HEALTH_OFFLINE, .pending = 1, .sales_pending = 1}, "Offline · 1 sale waiting"},
    {{.state = TILL_HEALTH_OFFLINE,
      .pending = 5,
      .sales_pending = 3,
      .retry_at_mono_ms = NOW_MS + 7001},
     "Offline · 3 sales waiting · retry in 8 s"},
    {{.state = TILL_HEALTH_OFFLINE, .pending = 1, .retry_at_mono_ms = NOW_MS + 1},
     "Offline · 1 entry waiting · retry in 1 s"},
    {{.state = TILL_HEALTH_OFFLINE, .pending = 2, .retry_at_mono_ms = NOW_MS + 300 * 1000},
     "Offline · 2 entries waiting · retry in 5 min"},
    {{.state = TILL_HEALTH_OFFLINE, .pending = 2, .retry_at_mono_ms = NOW_MS},
     "Offline · 2 entries waiting · trying now"},
    {{.state = TILL_HEALTH_ATTENTION, .online = TRUE, .held = 1, .parked = 1},
     "Attention · 2 for a person to look at"},
    {{.state = TILL_HEALTH_ATTENTION, .online = TRUE, .blocked = TRUE, .held = 1},
     "Attention · this till may be a copy"},
    {{.state = TILL_HEALTH_ATTENTION}, "Attention · the central refuses this till"},
    {{.state = TILL_HEALTH_STALE, .online = TRUE, .cursor_age_s = -1}, "Stale · no prices yet"},
    {{.state = TILL_HEALTH_STALE, .online = TRUE, .cursor_age_s = 720},
     "Stale · no news for 12 min"},
    {{.state = TILL_HEALTH_STALE, .online = TRUE, .cursor_age_s = 8 * 3600},
     "Stale · no news for 8 h"},
};

static void
test_words(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *words = till_health_words(&cases[i].health, NOW_MS);
		g_assert_cmpstr(words, ==, cases[i].words);
	}
}

static void
test_names(void)
{
	g_assert_cmpstr(till_health_state_name(TILL_HEALTH_STARTING), ==, "starting");
	g_assert_cmpstr(till_health_state_name(TILL_HEALTH_ONLINE), ==, "online");
	g_assert_cmpstr(till_health_state_name(TILL_HEALTH_SENDING), ==, "sending");
	g_assert_cmpstr(till_health_state_name(TILL_HEALTH_OFFLINE), ==, "offline");
	g_assert_cmpstr(till_health_state_name(TILL_HEALTH_ATTENTION), ==, "attention");
	g_assert_cmpstr(till_health_state_name(TILL_HEALTH_STALE), ==, "stale");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sync/health/words-say-what-waits-and-when", test_words);
	g_test_add_func("/sync/health/states-have-names", test_names);
	return g_test_run();
}
