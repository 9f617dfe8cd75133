/* SPDX-License-Identifier: Apache-2.0 */
#include "wedge-state.h"

#include <string.h>

/* Sends text with a fixed gap, beginning at *time; gathers what was replayed. */
static void
send_text(TillWedgeState *state, const char *text, gint64 gap_ms, gint64 *time_ms,
	  GString *replayed)
{
	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		TillWedgeVerdict verdict = till_wedge_state_key(state, TILL_WEDGE_KEY_CHAR,
								g_utf8_get_char(text), *time_ms);

		g_assert_true(verdict & TILL_WEDGE_SWALLOW);
		g_assert_false(verdict & TILL_WEDGE_SCAN);
		if (verdict & TILL_WEDGE_REPLAY)
			g_string_append(replayed, state->out);
		*time_ms += gap_ms;
	}
}

static TillWedgeVerdict
send_suffix(TillWedgeState *state, gint64 time_ms)
{
	return till_wedge_state_key(state, TILL_WEDGE_KEY_SUFFIX, 0, time_ms);
}

static void
assert_scan(const char *code, gint64 gap_ms)
{
	g_autoptr(GString) replayed = g_string_new(NULL);
	TillWedgeState state;
	gint64 time_ms = 1000;
	TillWedgeVerdict verdict;

	till_wedge_state_init(&state);
	send_text(&state, code, gap_ms, &time_ms, replayed);
	verdict = send_suffix(&state, time_ms);
	g_assert_cmpint(verdict, ==, TILL_WEDGE_SCAN | TILL_WEDGE_SWALLOW);
	g_assert_cmpstr(state.out, ==, code);
	g_assert_cmpstr(replayed->str, ==, "");
}

static void
test_burst_is_scan(void)
{
	assert_scan("4006381333931", 6);
	assert_scan("4006381333931", 30);
	assert_scan("4012-NVY-M", 12);
	assert_scan("]C1Größe", 6);
	assert_scan("7781", 6);
}

static void
assert_typing(const char *text, gint64 gap_ms, gint64 last_gap_ms)
{
	g_autoptr(GString) replayed = g_string_new(NULL);
	TillWedgeState state;
	gint64 time_ms = 1000;
	TillWedgeVerdict verdict;

	till_wedge_state_init(&state);
	send_text(&state, text, gap_ms, &time_ms, replayed);
	verdict = send_suffix(&state, time_ms - gap_ms + last_gap_ms);
	g_assert_false(verdict & TILL_WEDGE_SCAN);
	g_assert_false(verdict & TILL_WEDGE_SWALLOW);
	if (verdict & TILL_WEDGE_REPLAY)
		g_string_append(replayed, state.out);
	g_assert_cmpstr(replayed->str, ==, text);
}

static void
test_typing_is_given_back(void)
{
	assert_typing("organic tee", 120, 120); /* an ordinary typist */
	assert_typing("organic tee", 45, 45);   /* a fast one */
	assert_typing("4006381333931", 6, 60);  /* a burst, then a person presses Return */
	assert_typing("abc", 6, 6);             /* too short to be a code */
	assert_typing("organic tee", 35, 35);   /* exactly at the limit */
}

static void
test_idle_gives_back(void)
{
	TillWedgeState state;

	till_wedge_state_init(&state);
	g_assert_cmpint(till_wedge_state_idle(&state), ==, TILL_WEDGE_PASS);
	g_assert_cmpint(till_wedge_state_key(&state, TILL_WEDGE_KEY_CHAR, 'x', 10), ==,
			TILL_WEDGE_SWALLOW);
	g_assert_cmpint(till_wedge_state_idle(&state), ==, TILL_WEDGE_REPLAY);
	g_assert_cmpstr(state.out, ==, "x");
	g_assert_cmpint(till_wedge_state_idle(&state), ==, TILL_WEDGE_PASS);
}

static void
test_pause_starts_anew(void)
{
	g_autoptr(GString) replayed = g_string_new(NULL);
	TillWedgeState state;
	gint64 time_ms = 0;

	till_wedge_state_init(&state);
	send_text(&state, "so", 5, &time_ms, replayed);
	time_ms += 200;
	send_text(&state, "4006381333931", 5, &time_ms, replayed);
	g_assert_cmpstr(replayed->str, ==, "so");
	g_assert_cmpint(send_suffix(&state, time_ms), ==, TILL_WEDGE_SCAN | TILL_WEDGE_SWALLOW);
	g_assert_cmpstr(state.out, ==, "4006381333931");
}

static void
test_other_key_gives_back_first(void)
{
	g_autoptr(GString) replayed = g_string_new(NULL);
	TillWedgeState state;
	gint64 time_ms = 0;

	till_wedge_state_init(&state);
	send_text(&state, "ab", 5, &time_ms, replayed);
	g_assert_cmpint(till_wedge_state_key(&state, TILL_WEDGE_KEY_MODIFIER, 0, time_ms), ==,
			TILL_WEDGE_PASS);
	g_assert_cmpint(till_wedge_state_key(&state, TILL_WEDGE_KEY_OTHER, 0, time_ms), ==,
			TILL_WEDGE_REPLAY);
	g_assert_cmpstr(state.out, ==, "ab");
}

static void
test_second_suffix_is_swallowed(void)
{
	g_autoptr(GString) replayed = g_string_new(NULL);
	TillWedgeState state;
	gint64 time_ms = 0;

	till_wedge_state_init(&state);
	send_text(&state, "4006381333931", 5, &time_ms, replayed);
	g_assert_true(send_suffix(&state, time_ms) & TILL_WEDGE_SCAN);
	g_assert_cmpint(send_suffix(&state, time_ms + 5), ==, TILL_WEDGE_SWALLOW);
	g_assert_cmpint(send_suffix(&state, time_ms + 300), ==, TILL_WEDGE_PASS);
}

static void
test_scans_follow_each_other(void)
{
	TillWedgeState state;
	gint64 time_ms = 0;

	till_wedge_state_init(&state);
	for (guint i = 0; i < 20; i++) {
		g_autoptr(GString) replayed = g_string_new(NULL);

		send_text(&state, "4006381333931", 6, &time_ms, replayed);
		g_assert_cmpint(send_suffix(&state, time_ms), ==,
				TILL_WEDGE_SCAN | TILL_WEDGE_SWALLOW);
		g_assert_cmpstr(state.out, ==, "4006381333931");
		g_assert_cmpuint(replayed->len, ==, 0);
		time_ms += 50;
	}
}

static void
test_endless_burst_is_no_code(void)
{
	g_autoptr(GString) replayed = g_string_new(NULL);
	g_autoptr(GString) sent = g_string_new(NULL);
	TillWedgeState state;
	gint64 time_ms = 0;
	TillWedgeVerdict verdict;

	till_wedge_state_init(&state);
	for (guint i = 0; i < TILL_WEDGE_BYTES_MAX + 200; i++)
		g_string_append_c(sent, (char)('a' + i % 26));
	send_text(&state, sent->str, 1, &time_ms, replayed);
	g_assert_cmpuint(replayed->len, >, TILL_WEDGE_BYTES_MAX - 100);
	verdict = till_wedge_state_idle(&state);
	g_assert_true(verdict & TILL_WEDGE_REPLAY);
	g_string_append(replayed, state.out);
	g_assert_cmpstr(replayed->str, ==, sent->str);
}

static void
test_nothing_stays_in_memory(void)
{
	static const char zeros[sizeof(((TillWedgeState *)NULL)->held)];
	g_autoptr(GString) replayed = g_string_new(NULL);
	TillWedgeState state;
	gint64 time_ms = 0;

	till_wedge_state_init(&state);
	send_text(&state, "1234", 100, &time_ms, replayed);
	till_wedge_state_idle(&state);
	till_wedge_state_wipe(&state);
	g_assert_cmpmem(state.held, sizeof state.held, zeros, sizeof zeros);
	g_assert_cmpmem(state.out, sizeof state.out, zeros, sizeof zeros);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ui/wedge-state/fast-burst-with-suffix-is-a-scan", test_burst_is_scan);
	g_test_add_func("/ui/wedge-state/typing-is-given-back-whole", test_typing_is_given_back);
	g_test_add_func("/ui/wedge-state/idle-gives-back", test_idle_gives_back);
	g_test_add_func("/ui/wedge-state/pause-starts-a-new-burst", test_pause_starts_anew);
	g_test_add_func("/ui/wedge-state/other-key-gives-back-first",
			test_other_key_gives_back_first);
	g_test_add_func("/ui/wedge-state/second-suffix-belongs-to-the-scan",
			test_second_suffix_is_swallowed);
	g_test_add_func("/ui/wedge-state/twenty-scans-follow-each-other",
			test_scans_follow_each_other);
	g_test_add_func("/ui/wedge-state/endless-burst-is-no-code", test_endless_burst_is_no_code);
	g_test_add_func("/ui/wedge-state/nothing-stays-in-memory", test_nothing_stays_in_memory);
	return g_test_run();
}
