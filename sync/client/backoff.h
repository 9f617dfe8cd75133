/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* How long to wait after a failure: full jitter, U(0, min(300 s, 1 s·2^k)) with a floor of 250 ms.
 *
 * k counts failures in a row; only the owner resets it (after a whole batch succeeded). Wake-ups
 * may shorten the wait, never lengthen it.
 *
 * Threads: those of the owner; the functions that take a random number are pure. */

G_BEGIN_DECLS

#define TILL_BACKOFF_FLOOR_MS 250
#define TILL_BACKOFF_CAP_MS 300000             /* 5 min */
#define TILL_BACKOFF_RETRY_AFTER_CAP_MS 900000 /* 15 min */
#define TILL_BACKOFF_NETWORK_BACK_MS 5000      /* 5 s */

typedef struct {
	guint failures;      /* k */
	gint64 due_mono_ms;  /* not before this; 0: at once */
	gint64 hold_mono_ms; /* the central asked for this much: only a person may come sooner */
	guint32 (*random)(void); /* 32 random bits */
} TillBackoff;

void till_backoff_init(TillBackoff *backoff, guint32 (*random)(void));

/* U(0, min(cap, 1 s·2^failures)), at least the floor. */
gint64 till_backoff_delay_ms(guint failures, guint32 random);
/* max(delay, min(Retry-After, 900 s)) and 0–10 % more. */
gint64 till_backoff_with_retry_after_ms(gint64 delay_ms, gint64 retry_after_s, guint32 random);
/* random scaled to [low, high]. */
gint64 till_backoff_between_ms(gint64 low_ms, gint64 high_ms, guint32 random);

/* A try failed: waits, longer each time. retry_after_s: −1 when the central said nothing. */
void till_backoff_failed(TillBackoff *backoff, gint64 now_mono_ms, gint64 retry_after_s);
/* A whole batch went through. */
void till_backoff_succeeded(TillBackoff *backoff);
/* A new row: a fresh throw of the same dice, if that is sooner. */
void till_backoff_nudge(TillBackoff *backoff, gint64 now_mono_ms);
/* The network is back: within five seconds. */
void till_backoff_network_back(TillBackoff *backoff, gint64 now_mono_ms);
/* Another reason to come sooner than due, within what the central asked for. */
void till_backoff_shorten(TillBackoff *backoff, gint64 due_mono_ms);
/* A person asked: at once. */
void till_backoff_clear_wait(TillBackoff *backoff);

gboolean till_backoff_is_due(const TillBackoff *backoff, gint64 now_mono_ms);

G_END_DECLS
