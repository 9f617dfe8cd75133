/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Time, passed in: no module below reads a clock by itself, so tests own time.
 *
 * Wall time orders nothing (seq does); monotonic time measures. Both in milliseconds.
 *
 * Threads: any, if the functions behind it are (the system clock is). */

G_BEGIN_DECLS

typedef struct TillClock TillClock;
struct TillClock {
	gint64 (*wall_ms)(gpointer user); /* since 1970-01-01 UTC */
	gint64 (*mono_ms)(gpointer user); /* since an arbitrary start, never goes back */
	gpointer user;                    /* borrowed: outlives the clock's users */
};

/* The machine's clocks. Static, never freed. */
const TillClock *till_clock_system(void);

gint64 till_clock_wall_ms(const TillClock *clock);
gint64 till_clock_mono_ms(const TillClock *clock);

/* The kernel's boot id as 32 hex digits ("0…0" where there is none). Static. */
const char *till_clock_boot_id(void);

/* "2026-11-23T14:32:05.123Z". Caller frees. */
char *till_clock_format_utc(gint64 wall_ms);

G_END_DECLS
