/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "health.h"

/* The sync thread: says hello, pushes the queue whenever the network allows, pulls the feed,
 * listens for hints.
 *
 * It owns libcurl's multi handle and its own state machine, and touches the store only through
 * jobs. Wake-ups (a new row, network change, an event, the button) only shorten its timer, which is
 * armed whenever something is pending; it never gives up. "Online" means a successful authenticated
 * request.
 *
 * Threads: new, start, free, run from the creator's thread; wake and try_now from any. */

G_BEGIN_DECLS

typedef struct TillStore TillStore;
typedef struct TillEngine TillEngine;

/* Runs on the context given at creation, whenever health changed; value borrowed. */
typedef void (*TillEngineChanged)(const TillHealth *health, gpointer user);

typedef struct {
	TillEngineChanged changed; /* nullable: new sync state */
	/* nullable: the cache has newer rows (search results, prices, staff may have changed) */
	void (*cache_changed)(gpointer user);
	gpointer user;
	GMainContext *context; /* NULL for the default one */
} TillEngineObserver;

/* The store must be enrolled; it outlives the engine. Installs itself as the store's committed
 * hook. */
TillEngine *till_engine_new(TillStore *store, const TillEngineObserver *observer, GError **error);

/* Starts the thread. */
void till_engine_start(TillEngine *engine);

/* A new row is there, or the network moved: try soon (keeps backoff's jitter). */
void till_engine_wake(TillEngine *engine);
/* A person pressed the button: try at once. */
void till_engine_try_now(TillEngine *engine);

/* A copy of the latest health. */
void till_engine_health(TillEngine *engine, TillHealth *out);

/* Foreground, without a thread of its own: until nothing is pending and the feed is up to date
 * (until_empty) or one round was tried. FALSE with TILL_ERROR_NETWORK (reason in words) when the
 * round failed or time ran out. */
gboolean till_engine_run(TillEngine *engine, gboolean until_empty, gint64 timeout_ms,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Ends the thread within a second: an unfinished request is dropped, which is safe. */
void till_engine_free(TillEngine *engine);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillEngine, till_engine_free)

G_END_DECLS
