/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The truth about the connection, in a form a screen can show: a value copied from the sync thread.
 *
 * Threads: the value any; a callback that hands it out runs on the main context. */

G_BEGIN_DECLS

typedef enum {
	TILL_HEALTH_STARTING,  /* nothing tried yet */
	TILL_HEALTH_ONLINE,    /* all sent */
	TILL_HEALTH_SENDING,   /* online, n waiting and moving */
	TILL_HEALTH_OFFLINE,   /* no authenticated answer; n waiting */
	TILL_HEALTH_ATTENTION, /* online, but held or parked entries need a person, or the central
				  refuses us */
	TILL_HEALTH_STALE,     /* no change heard for long although requests work */
} TillHealthState;

typedef struct {
	TillHealthState state;
	gboolean online;  /* the last request was answered by our central, authenticated */
	char reason[200]; /* why not online, or what needs attention, in words; "" */
	gint64 pending;
	gint64 sales_pending;
	gint64 oldest_pending_s;
	gint64 held;
	gint64 parked;
	gint64 last_success_ms;  /* wall; 0: never */
	gint64 retry_at_mono_ms; /* when the next try is due; 0: none waiting */
	gint64 cursor_age_s;     /* since the feed was last known up to date; −1: never */
	char cursor[64];         /* store scope "epoch.seq" */
	gint64 clock_skew_ms;    /* server time − ours; 0 when unknown */
	gboolean blocked;        /* the central takes us for a clone */
	gboolean snapshot_loading;
} TillHealth;

const char *till_health_state_name(TillHealthState state); /* "online", "sending", … */

/* The chip's words: "Online · all sent", "Offline · 3 sales waiting · retry in 8 s". now:
 * monotonic. Caller frees. */
char *till_health_words(const TillHealth *health, gint64 now_mono_ms);

G_END_DECLS
