/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "salvage-file.h"

/* SQLite's record format, read with doubt: a header of varints that say type and size of each
 * value, then the values. Private to this layer.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* More than any row of a ledger may take: a parked sale is 16 MiB at most. */
#define TILL_SALVAGE_PAYLOAD_MAX (17 * 1024 * 1024)

/* Reads a varint and moves on behind it. FALSE when it would pass the end. */
gboolean till_salvage_record_varint(const guint8 **at, const guint8 *end, guint64 *out);

/* Fills count and values from the payload. FALSE when it is no record, or one with a floating point
 * value or too many columns, which no row of ours has. */
gboolean till_salvage_record_split(TillSalvageRecord *record);

/* A letter a column: i integer, t text (valid UTF-8 without NUL), b blob, B blob of 32 bytes, U of
 * 16, S of 64, n integer or null, r the null that stands for the row id. TRUE when the record
 * has just these columns. */
gboolean till_salvage_record_fits(const TillSalvageRecord *record, const char *shape);

/* A text column. Caller frees. */
char *till_salvage_record_text(const TillSalvageRecord *record, guint column);

G_END_DECLS
