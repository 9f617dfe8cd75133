/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* A write-ahead log that may be torn: its newest committed version of each page. Private to this
 * layer.
 *
 * A frame's checksum goes on from the one written in the frame before, so each frame is judged by
 * itself: one that is torn takes no others with it. Frames of another salt belong to an earlier
 * round of the log, and frames behind the last commit to a transaction that was never answered:
 * neither counts. Without a sound header the salt is that of the first frame.
 *
 * Threads: one at a time. */

G_BEGIN_DECLS

typedef struct TillSalvageLog TillSalvageLog;

/* Never fails: a log that is not there, or not a log, has no pages. */
TillSalvageLog *till_salvage_log_open(const char *path);
void till_salvage_log_free(TillSalvageLog *log);

/* Whether commits that were answered stand behind a broken frame, where SQLite does not look: it
 * would end at the broken one and write over them. */
gboolean till_salvage_log_is_torn(const char *path);

/* 0: the log does not say. */
gsize till_salvage_log_page_size(const TillSalvageLog *log);
/* The highest page number it holds; 0: none. */
guint32 till_salvage_log_last_page(const TillSalvageLog *log);

/* The newest version of a page. FALSE when the log has none. */
gboolean till_salvage_log_read(const TillSalvageLog *log, guint32 number, guint8 *page);

G_END_DECLS
