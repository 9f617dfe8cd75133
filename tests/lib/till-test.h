/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "clock.h"

/* What every test program of the house may use: shared data, temporary directories, a clock that
 * only moves when told, seeded random numbers, and waiting for an event without sleeping.
 *
 * Faults of the surroundings (no temporary directory, an unreadable data file) end the test
 * program: nothing here returns an error.
 *
 * Threads: the test's own; a TillTestClock may be read from any. */

G_BEGIN_DECLS

/* The path of a file of the shared test data, NULL when the data is not on this machine (the test
 * then calls g_test_skip and returns). relative: "vectors/gs1/check-digits.json". Never freed. */
const char *till_test_shared_data(const char *relative);

/* A file of this tree, from its root: "tests/data/basket.json". Caller frees. */
char *till_test_source_path(const char *relative);

/* A new empty directory. Caller frees the text, after till_test_remove_dir. */
char *till_test_temp_dir(void);
/* The numbered SQL files of a folder of the sources, joined in order, as a fresh database runs
 * them. Caller frees. */
char *till_test_schema(const char *folder, int *out_version);

/* Removes a directory and all it holds; follows no links. */
void till_test_remove_dir(const char *path);

/* Any JSON file, without the house's bounds (data from outside may hold reals). Caller owns it. */
json_t *till_test_load_json(const char *path);

/* A clock under the test's thumb. Hand &test_clock.clock to what is tested. */
typedef struct {
	TillClock clock;
	gint64 wall_ms;
	gint64 mono_ms;
} TillTestClock;

/* Wall time as given, monotonic time 0. The struct must stay where it is. */
void till_test_clock_init(TillTestClock *clock, gint64 wall_ms);
/* Both hands forward. */
void till_test_clock_advance(TillTestClock *clock, gint64 ms);
/* Wall time only, also backwards: somebody set the clock. */
void till_test_clock_set_wall(TillTestClock *clock, gint64 wall_ms);

/* Random numbers that are the same for the same seed on every machine (SplitMix64). */
typedef struct {
	guint64 state;
} TillTestRandom;

void till_test_random_init(TillTestRandom *random, guint64 seed);
guint64 till_test_random_next(TillTestRandom *random);
/* min to max, both included. */
gint64 till_test_random_range(TillTestRandom *random, gint64 min, gint64 max);
void till_test_random_bytes(TillTestRandom *random, void *out, gsize size);

/* Runs the default main context until *flag is set by a callback. Fails the test after 30 seconds.
 */
void till_test_wait(const gboolean *flag);

/* Fails unless error is of the house's domain with this code and its sentence holds words; clears
 * it. */
#define till_test_assert_error(error, code, words)                                                 \
	till_test_check_error(G_STRLOC, &(error), (code), (words))
void till_test_check_error(const char *where, GError **error, int code, const char *words);

G_END_DECLS
