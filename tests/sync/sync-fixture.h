/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine-private.h"
#include "fake-central.h"
#include "till-test.h"

/* A till in a temporary home against the fake central, driven turn by turn by the test with a clock
 * that only moves when told: hours of backoff pass in milliseconds.
 *
 * Threads: the test's. */

G_BEGIN_DECLS

typedef struct {
	FakeCentral *central;
	char *dir;
	char *home;
	TillClock clock;
	gint64 wall_ms; /* atomic */
	gint64 mono_ms; /* atomic */
	TillStore *store;
	TillEngine *engine; /* nullable until sync_fixture_engine */
	gboolean live;
	guint changed; /* how often the observer heard */
	guint cache_changed;
} SyncFixture;

void sync_fixture_set_up(SyncFixture *fixture, gconstpointer data);
void sync_fixture_tear_down(SyncFixture *fixture, gconstpointer data);

/* Opens the engine (again). live: with the stream of events. */
void sync_fixture_engine(SyncFixture *fixture, gboolean live);
void sync_fixture_close(SyncFixture *fixture);
void sync_fixture_open(SyncFixture *fixture);

/* Appends n small entries of a type. */
void sync_fixture_append(SyncFixture *fixture, const char *type, guint n);
guint64 sync_fixture_incarnation(SyncFixture *fixture);
void sync_fixture_counts(SyncFixture *fixture, TillOutboxCounts *out);
/* How many rows the journal of this home holds, re-enveloped ones once. */
guint sync_fixture_facts(SyncFixture *fixture);

void sync_fixture_advance(SyncFixture *fixture, gint64 ms);
/* One turn; TRUE while requests are under way. */
gboolean sync_fixture_turn(SyncFixture *fixture);
/* Turns until nothing is under way, without moving the clock. */
void sync_fixture_settle(SyncFixture *fixture);

typedef gboolean (*SyncCondition)(SyncFixture *fixture);
/* Turns, moving the clock on whenever nothing is under way, until the condition holds. Fails the
 * test when it does not within limit_ms of the till's time. Returns how much passed. */
gint64 sync_fixture_until(SyncFixture *fixture, SyncCondition condition, gint64 limit_ms);

gboolean sync_fixture_all_sent(SyncFixture *fixture);
gboolean sync_fixture_is_offline(SyncFixture *fixture);
gboolean sync_fixture_is_online(SyncFixture *fixture);
gboolean sync_fixture_is_up_to_date(SyncFixture *fixture);

void sync_fixture_health(SyncFixture *fixture, TillHealth *out);

/* Registers a test on a fixture. */
void sync_fixture_add(const char *path, void (*test)(SyncFixture *, gconstpointer));

G_END_DECLS
