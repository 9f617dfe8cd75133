/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* A damaged SQLite file read page by page, without SQLite: whatever is broken, every page that is
 * still whole gives its rows. Private to this layer.
 *
 * The pages are those of the file, each in its newest version from the write-ahead log beside it. A
 * frame of the log counts when its checksum follows from the one before it, so a torn frame costs
 * itself only, and when a commit stands at or behind it. Roots and inner pages are not followed:
 * leaves say what they are, so a lost header or inner page loses nothing. Pages that the free list
 * names are told apart, for they may hold rows that were deleted. What cannot be read from the disk
 * is a damaged page.
 *
 * Everything in the files is doubted: sizes, numbers and chains of pages are bounded by the file.
 * Nothing is written.
 *
 * Threads: one at a time. */

G_BEGIN_DECLS

#define TILL_SALVAGE_COLUMNS_MAX 32

typedef enum {
	TILL_SALVAGE_NULL,
	TILL_SALVAGE_INTEGER,
	TILL_SALVAGE_TEXT,
	TILL_SALVAGE_BLOB,
} TillSalvageKind;

typedef struct {
	TillSalvageKind kind;
	gint64 integer;
	const guint8 *data; /* of a text (not terminated) or blob; in the record's payload */
	gsize size;
} TillSalvageValue;

/* Where a row was found, to read it again. */
typedef struct {
	guint32 page;
	guint16 cell;
} TillSalvagePlace;

typedef struct {
	TillSalvagePlace place;
	gboolean has_rowid; /* else a row of an index, or of a table without row ids */
	gboolean is_free;   /* on a page of the free list */
	gint64 rowid;
	guint count;
	TillSalvageValue values[TILL_SALVAGE_COLUMNS_MAX];
	GByteArray *payload; /* owned */
} TillSalvageRecord;

void till_salvage_record_clear(TillSalvageRecord *record);

typedef struct TillSalvageFile TillSalvageFile;

/* path, and path-wal or, when given, the log of another name. TILL_ERROR_NOT_FOUND without a file.
 */
TillSalvageFile *till_salvage_file_open(const char *path, const char *log,
					GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_salvage_file_free(TillSalvageFile *file);

/* Every row of every leaf that can be read, in order of pages. The record is borrowed. */
typedef void (*TillSalvageVisit)(const TillSalvageRecord *record, gpointer user);
void till_salvage_file_each(TillSalvageFile *file, TillSalvageVisit visit, gpointer user);

/* One of them once more. FALSE when it is no longer there. The caller clears the record. */
gboolean till_salvage_file_read(TillSalvageFile *file, TillSalvagePlace place,
				TillSalvageRecord *out) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillSalvageFile, till_salvage_file_free)

G_END_DECLS
