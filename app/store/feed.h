/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

#include "store.h"

/* Writing the cache: what the central's feed and snapshots bring.
 *
 * A cursor is "epoch.seq" per scope ("chain", "store:014"). Rows and cursor commit together;
 * numbers have no gaps, so a page that does not continue the cursor is refused. A snapshot is a
 * ready database file: checked by hash, by schema and by quick_check, then swapped in whole; the
 * old one serves until then.
 *
 * Threads: store. */

G_BEGIN_DECLS

typedef struct {
	char epoch[40]; /* "" : nothing yet */
	gint64 seq;
} TillFeedCursor;

gboolean till_feed_cursor(TillStore *store, const char *scope, TillFeedCursor *out,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
	gint64 seq;
	char *collection; /* unknown ones are skipped */
	char *key;
	json_t *value; /* owned; NULL: delete */
} TillFeedRow;

void till_feed_row_free(gpointer row);

/* rows: array of TillFeedRow in order, seq = cursor + 1, +2, … TILL_ERROR_STATE when they do not
 * continue the cursor or the epoch differs (take a snapshot). next: where the cursor stands after.
 */
gboolean till_feed_apply(TillStore *store, const char *scope, const char *epoch, GPtrArray *rows,
			 gint64 next, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the file at path is what was sent and a sound cache of this release. Reads it whole
 * twice, seconds for a large catalogue. Threads: any. */
gboolean till_feed_check(const char *path, const TillHash *hash,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts a file that till_feed_check accepted, in the home directory, in the place of cache.db:
 * milliseconds, so that no sale waits. The file is taken over on success and removed on failure. */
gboolean till_feed_take(TillStore *store, const char *path,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Both in one: puts the file at path (in the home directory, on the same file system) in the place
 * of cache.db. The file is taken over on success and removed on failure. */
gboolean till_feed_swap(TillStore *store, const char *path, const TillHash *hash,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
