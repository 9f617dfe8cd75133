/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* When a store is open, and so when something that takes so many minutes of work is ready.
 *
 * Text: "mon-fri 09:00-20:00, sat 10:00-18:00". Days in English, three letters, one or a span that
 * does not pass Sunday; times of the store's own clock, to at most 24:00; a day may have several
 * spans of time. A day that is not named is closed. "" is always open.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_OPENING_SPANS_MAX 42

typedef struct {
	guint day; /* 1 Monday … 7 Sunday */
	guint from_minute, to_minute;
} TillOpeningSpan;

typedef struct {
	TillOpeningSpan spans[TILL_OPENING_SPANS_MAX]; /* by day and time */
	guint count;                                   /* 0: always open */
} TillOpeningHours;

/* FALSE with TILL_ERROR_INVALID and a sentence: a word that is no day, a time that is none, spans
 * that overlap. */
gboolean till_opening_hours_parse(const char *text, TillOpeningHours *out,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The moment at which so many minutes of opening time have passed since now_ms, by the clock of
 * zone. With 0 minutes: now, or the next opening. Looks a year ahead at most; then it is now plus
 * the minutes. minutes: 0 to a million. */
gint64 till_opening_hours_after(const TillOpeningHours *hours, GTimeZone *zone, gint64 now_ms,
				gint64 minutes);

G_END_DECLS
