/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

#include "error.h"
#include "journal.h"
#include "store.h"
#include "till-test.h"

/* A terminal's home in a temporary directory, with a clock under the test's thumb and a witness
 * directory of its own.
 *
 * Threads: the test's; bodies run on the store thread. */

G_BEGIN_DECLS

typedef struct {
	char *root; /* temporary directory of everything */
	char *home;
	char *state; /* where witnesses lie */
	TillTestClock clock;
	TillStore *store; /* NULL while closed */
	guint committed;  /* how often the store told of a commit; atomic */
} TillFixture;

/* The wall time a fixture begins at: 2026-11-23 10:00 UTC. */
#define TILL_FIXTURE_NOW_MS G_GINT64_CONSTANT(1795428000000)

/* A new home, open and enrolled as till 02 of store 014. */
TillFixture *till_fixture_new(void);
/* A new directory; nothing opened. */
TillFixture *till_fixture_new_empty(void);
void till_fixture_free(TillFixture *fixture);

void till_fixture_open(TillFixture *fixture);
void till_fixture_close(TillFixture *fixture);
/* Tries to open what must be refused. */
GError *till_fixture_open_refused(TillFixture *fixture);

/* Runs body on the store thread and waits. */
typedef void (*TillFixtureBody)(TillStore *store, TillFixture *fixture);
void till_fixture_do(TillFixture *fixture, TillFixtureBody body);

/* On the store thread: enrols; appends a small sale of one SKU and returns its entry. */
void till_fixture_enrol(TillStore *store, TillFixture *fixture);
TillEntry *till_fixture_sell(TillStore *store, const char *sku, gint64 quantity_milli,
			     GError **error);
/* The same count times, each of which must work. */
void till_fixture_sell_many(TillStore *store, guint count);

/* Runs SQL on a closed database file, as a hand with a tool would. FALSE when it was refused. */
gboolean till_fixture_edit(TillFixture *fixture, const char *file, const char *sql);
/* The first column of the first row, "" when there is none. Caller frees. */
char *till_fixture_ask(const char *path, const char *sql);

/* cp -a of the home, or of one file, with new inodes. */
void till_fixture_copy(const char *from, const char *to);

/* The cache's schema up to a version (0: the newest), user_version included. Caller frees. */
char *till_fixture_cache_schema(guint version);

/* One row of a feed; value is JSON text, NULL for a delete. */
void till_fixture_add_row(GPtrArray *rows, gint64 seq, const char *collection, const char *key,
			  const char *value);
GPtrArray *till_fixture_rows(void);

/* Applies rows given as collection, key, value triples ending with NULL to a scope, from its cursor
 * on. */
void till_fixture_feed(TillStore *store, const char *scope, const char *const *triples);

G_END_DECLS
