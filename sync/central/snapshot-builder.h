/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "collection.h"

/* Fills a cache database of the terminals' own schema (its SQL is compiled in as data) with rows of
 * the collections. The file is nobody's yet, so it is written without a log and synced by whoever
 * renames it.
 *
 * Threads: one at a time. */

G_BEGIN_DECLS

typedef struct TillSnapshotBuilder TillSnapshotBuilder;

/* One column's value: text for TILL_COLUMN_TEXT, number otherwise. */
typedef struct {
	const char *text; /* borrowed */
	gint64 number;
} TillSnapshotCell;

/* Makes the file at path anew. */
TillSnapshotBuilder *till_snapshot_builder_new(const char *path,
					       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_snapshot_builder_free(TillSnapshotBuilder *builder);

/* cells: one a column, in the collection's order. */
gboolean till_snapshot_builder_put(TillSnapshotBuilder *builder, const TillCollection *collection,
				   const TillSnapshotCell *cells,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from a feed row's value (absent = default). */
gboolean till_snapshot_builder_put_json(TillSnapshotBuilder *builder,
					const TillCollection *collection, const json_t *value,
					GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_snapshot_builder_delete(TillSnapshotBuilder *builder,
				      const TillCollection *collection, const char *key,
				      GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_snapshot_builder_cursor(TillSnapshotBuilder *builder, const char *scope,
				      const char *epoch, gint64 seq,
				      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Orders the search index, commits, checks the whole file. */
gboolean till_snapshot_builder_finish(TillSnapshotBuilder *builder,
				      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillSnapshotBuilder, till_snapshot_builder_free)

G_END_DECLS
