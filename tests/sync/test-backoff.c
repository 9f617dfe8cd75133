/* SPDX-License-Identifier: Apache-2.0 */
#include "backoff.h"

#include "till-test.h"

static guint32 next_random;

static guint32
random_cb(void)
{
	return next_random;
}

static void
test_delay_stays_in_its_range(void)
{
	TillTestRandom random;

	till_test_random_init(&random, 1);
	for (guint round = 0; round < 100000; round++) {
		guint failures = (guint)till_test_random_range(&random, 0, 40);
		gint64 delay_ms =
		    till_backoff_delay_ms(failures, (guint32)till_test_random_next(&random));
		gint64 ceiling_ms = failures < 9 ? (gint64)1000 << failures : TILL_BACKOFF_CAP_MS;
		g_assert_cmpint(delay_ms, >=, TILL_BACKOFF_FLOOR_MS);
		g_assert_cmpint(delay_ms, <=, MIN(ceiling_ms, TILL_BACKOFF_CAP_MS));
	}
}

/* Full jitter: the whole range is used, evenly. */
static void
test_delay_uses_its_whole_range(void)
{
	TillTestRandom random;
	guint quarters[4] = {0};

	till_test_random_init(&random, 2);
	for (guint round = 0; round < 40000; round++) {
		gint64 delay_ms =
		    till_backoff_delay_ms(12, (guint32)till_test_random_next(&random));
		quarters[MIN(delay_ms / (TILL_BACKOFF_CAP_MS / 4), 3)]++;
	}
	for (gsize i = 0; i < 4; i++) {
		g_assert_cmpuint(quarters[i], >, 9500);
		g_assert_cmpuint(quarters[i], <, 10500);
	}
	g_assert_cmpint(till_backoff_delay_ms(12, 0), ==, TILL_BACKOFF_FLOOR_MS);
	g_assert_cmpint(till_backoff_delay_ms(12, G_MAXUINT32), ==, TILL_BACKOFF_CAP_MS);
	g_assert_cmpint(till_backoff_delay_ms(G_MAXUINT, G_MAXUINT32), ==, TILL_BACKOFF_CAP_MS);
}

static void
test_retry_after_is_honoured_within_bounds(void)
{
	TillTestRandom random;

	till_test_random_init(&random, 3);
	for (guint round = 0; round < 20000; round++) {
		gint64 delay_ms = till_test_random_range(&random, 250, TILL_BACKOFF_CAP_MS);
		gint64 asked_s = till_test_random_range(&random, 0, 5000);
		gint64 wait_ms = till_backoff_with_retry_after_ms(
		    delay_ms, asked_s, (guint32)till_test_random_next(&random));
		gint64 least_ms =
		    MAX(delay_ms, MIN(asked_s * 1000, TILL_BACKOFF_RETRY_AFTER_CAP_MS));
		g_assert_cmpint(wait_ms, >=, least_ms);
		g_assert_cmpint(wait_ms, <=, least_ms + least_ms / 10);
	}
	g_assert_cmpint(till_backoff_with_retry_after_ms(250, G_MAXINT64, 0), ==,
			TILL_BACKOFF_RETRY_AFTER_CAP_MS);
}

static void
test_failures_double_the_wait(void)
{
	TillBackoff backoff;

	next_random = G_MAXUINT32;
	till_backoff_init(&backoff, random_cb);
	g_assert_true(till_backoff_is_due(&backoff, 0));
	for (guint i = 0; i < 12; i++) {
		till_backoff_failed(&backoff, 1000, -1);
		g_assert_cmpint(backoff.due_mono_ms, ==,
				1000 + MIN((gint64)1000 << i, TILL_BACKOFF_CAP_MS));
	}
	till_backoff_succeeded(&backoff);
	g_assert_true(till_backoff_is_due(&backoff, 0));
	g_assert_cmpuint(backoff.failures, ==, 0);
}

static void
test_wake_ups_only_shorten(void)
{
	TillTestRandom random;
	TillBackoff backoff;

	till_test_random_init(&random, 4);
	till_backoff_init(&backoff, random_cb);
	for (guint round = 0; round < 20000; round++) {
		next_random = (guint32)till_test_random_next(&random);
		if (round % 10 == 0)
			till_backoff_failed(&backoff, 1000, -1);
		gint64 due_ms = backoff.due_mono_ms;
		next_random = (guint32)till_test_random_next(&random);
		if (round % 2 == 0)
			till_backoff_nudge(&backoff, 1000);
		else
			till_backoff_network_back(&backoff, 1000);
		g_assert_cmpint(backoff.due_mono_ms, <=, due_ms);
	}
}

static void
test_network_back_within_five_seconds(void)
{
	TillBackoff backoff;

	next_random = G_MAXUINT32;
	till_backoff_init(&backoff, random_cb);
	for (guint i = 0; i < 10; i++)
		till_backoff_failed(&backoff, 0, -1);
	till_backoff_network_back(&backoff, 100);
	g_assert_cmpint(backoff.due_mono_ms, ==, 100 + TILL_BACKOFF_NETWORK_BACK_MS);
}

static void
test_only_a_person_comes_before_retry_after(void)
{
	TillBackoff backoff;

	next_random = 0;
	till_backoff_init(&backoff, random_cb);
	till_backoff_failed(&backoff, 0, 60);
	till_backoff_nudge(&backoff, 0);
	till_backoff_network_back(&backoff, 0);
	g_assert_cmpint(backoff.due_mono_ms, ==, 60000);
	till_backoff_clear_wait(&backoff);
	g_assert_true(till_backoff_is_due(&backoff, 0));
	g_assert_cmpuint(backoff.failures, ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sync/backoff/delay-stays-in-its-range", test_delay_stays_in_its_range);
	g_test_add_func("/sync/backoff/delay-uses-its-whole-range",
			test_delay_uses_its_whole_range);
	g_test_add_func("/sync/backoff/retry-after-is-honoured-within-bounds",
			test_retry_after_is_honoured_within_bounds);
	g_test_add_func("/sync/backoff/failures-double-the-wait", test_failures_double_the_wait);
	g_test_add_func("/sync/backoff/wake-ups-only-shorten", test_wake_ups_only_shorten);
	g_test_add_func("/sync/backoff/network-back-means-five-seconds-at-most",
			test_network_back_within_five_seconds);
	g_test_add_func("/sync/backoff/only-a-person-comes-before-retry-after",
			test_only_a_person_comes_before_retry_after);
	return g_test_run();
}
