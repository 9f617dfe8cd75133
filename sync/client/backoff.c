/* SPDX-License-Identifier: Apache-2.0 */
#include "backoff.h"

#define FIRST_MS 1000
#define DOUBLINGS_MAX 9 /* 1 s·2^9 is beyond the cap */

void
till_backoff_init(TillBackoff *backoff, guint32 (*random)(void))
{
	*backoff = (TillBackoff){.random = random};
}

gint64
till_backoff_between_ms(gint64 low_ms, gint64 high_ms, guint32 random)
{
	return low_ms + (gint64)(((guint64)(high_ms - low_ms + 1) * random) >> 32);
}

gint64
till_backoff_delay_ms(guint failures, guint32 random)
{
	gint64 ceiling = MIN((gint64)FIRST_MS << MIN(failures, DOUBLINGS_MAX), TILL_BACKOFF_CAP_MS);

	return MAX(till_backoff_between_ms(0, ceiling, random), TILL_BACKOFF_FLOOR_MS);
}

gint64
till_backoff_with_retry_after_ms(gint64 delay_ms, gint64 retry_after_s, guint32 random)
{
	gint64 asked_ms = retry_after_s >= TILL_BACKOFF_RETRY_AFTER_CAP_MS / 1000
			      ? TILL_BACKOFF_RETRY_AFTER_CAP_MS
			      : retry_after_s * 1000;
	gint64 wait_ms = MAX(delay_ms, asked_ms);

	return wait_ms + till_backoff_between_ms(0, wait_ms / 10, random);
}

void
till_backoff_failed(TillBackoff *backoff, gint64 now_mono_ms, gint64 retry_after_s)
{
	gint64 wait_ms = till_backoff_delay_ms(backoff->failures, backoff->random());

	backoff->hold_mono_ms = 0;
	if (retry_after_s >= 0) {
		wait_ms =
		    till_backoff_with_retry_after_ms(wait_ms, retry_after_s, backoff->random());
		backoff->hold_mono_ms = now_mono_ms + wait_ms;
	}
	backoff->failures = MIN(backoff->failures + 1, (guint)G_MAXINT);
	backoff->due_mono_ms = now_mono_ms + wait_ms;
}

void
till_backoff_succeeded(TillBackoff *backoff)
{
	backoff->failures = 0;
	backoff->due_mono_ms = 0;
	backoff->hold_mono_ms = 0;
}

void
till_backoff_shorten(TillBackoff *backoff, gint64 due_mono_ms)
{
	gint64 due = MAX(due_mono_ms, backoff->hold_mono_ms);

	if (due < backoff->due_mono_ms)
		backoff->due_mono_ms = due;
}

void
till_backoff_nudge(TillBackoff *backoff, gint64 now_mono_ms)
{
	if (backoff->failures == 0)
		return;
	gint64 delay_ms = till_backoff_delay_ms(backoff->failures - 1, backoff->random());
	till_backoff_shorten(backoff, now_mono_ms + delay_ms);
}

void
till_backoff_network_back(TillBackoff *backoff, gint64 now_mono_ms)
{
	gint64 delay_ms =
	    till_backoff_between_ms(0, TILL_BACKOFF_NETWORK_BACK_MS, backoff->random());

	till_backoff_shorten(backoff, now_mono_ms + delay_ms);
}

void
till_backoff_clear_wait(TillBackoff *backoff)
{
	backoff->due_mono_ms = 0;
	backoff->hold_mono_ms = 0;
}

gboolean
till_backoff_is_due(const TillBackoff *backoff, gint64 now_mono_ms)
{
	return now_mono_ms >= backoff->due_mono_ms;
}
